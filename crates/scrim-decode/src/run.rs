//! One worker's life: take the inherited descriptors, raise the walls, one job, one answer.

use std::os::fd::OwnedFd;

use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::{self, LinkError, LinkReader, LinkWriter};
use scrim_wire::shared::map_read;
use scrim_wire::worker::{
    Answer, DecodedInfo, EXIT_NOT_INHERITED, EXIT_WRONG_BUILD, Job, JobKind, LINK_FD,
    MEDIA_BYTES_MAX, MEDIA_FD, OUTPUT_FD, Posture, Rejection,
};

use crate::decode::decode;
use crate::sandbox;

/// What a worker inherits, behind its walls.
#[derive(Debug)]
pub struct Inherited {
    /// Jobs come from here.
    pub reader: LinkReader,
    /// Answers go here.
    pub writer: LinkWriter,
    /// The medium's bytes, read-only.
    pub media: OwnedFd,
    /// Room for the picture.
    pub output: OwnedFd,
    /// Which walls stand.
    pub posture: Posture,
}

/// Takes the inherited descriptors and raises the walls. First call of `main`.
pub fn confine() -> Result<Inherited, LinkError> {
    let link = link::inherited(LINK_FD)?;
    let media = link::inherited_file(MEDIA_FD)?;
    let output = link::inherited_file(OUTPUT_FD)?;
    let posture = sandbox::enter();
    let (reader, writer) = link::split(link);
    Ok(Inherited {
        reader,
        writer,
        media,
        output,
        posture,
    })
}

/// Does the one job and answers. The exit status of the process.
#[must_use]
pub fn run() -> u8 {
    // A panic's text may name content; the parent learns what it needs from the answer or the exit status.
    std::panic::set_hook(Box::new(|_| {}));
    let Ok(mut worker) = confine() else {
        return EXIT_NOT_INHERITED;
    };
    let Ok((job, _)) = worker.reader.recv::<Job>() else {
        return 1;
    };
    if job.build != BUILD_ID {
        return EXIT_WRONG_BUILD;
    }
    let answer = Answer {
        build: BUILD_ID.to_owned(),
        posture: worker.posture,
        result: result_of(&job, &worker),
    };
    u8::from(worker.writer.send(&answer, &[]).is_err())
}

fn result_of(job: &Job, worker: &Inherited) -> Result<DecodedInfo, Rejection> {
    if !worker.posture.holds() {
        return Err(Rejection::NoSandbox);
    }
    if job.kind == JobKind::Probe {
        return Err(Rejection::Empty);
    }
    if job.media_len > MEDIA_BYTES_MAX {
        return Err(Rejection::TooLarge);
    }
    let len = usize::try_from(job.media_len).map_err(|_| Rejection::TooLarge)?;
    let media = map_read(&worker.media, len).map_err(|_| Rejection::BadAnswer)?;
    let (info, picture) = decode(&media, job.kind, job.limits)?;
    if picture.bytes.len() as u64 > job.output_len {
        return Err(Rejection::TooLarge);
    }
    write_all(&worker.output, &picture.bytes)?;
    Ok(info)
}

fn write_all(output: &OwnedFd, bytes: &[u8]) -> Result<(), Rejection> {
    let mut written = 0;
    while written < bytes.len() {
        match rustix::io::pwrite(output, &bytes[written..], written as u64) {
            Ok(0) => return Err(Rejection::NoResources),
            Ok(count) => written += count,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Err(Rejection::NoResources),
        }
    }
    Ok(())
}
