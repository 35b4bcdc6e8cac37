//! One worker's life: take the link, raise the walls, wait, one job, one answer.

use std::os::fd::{AsRawFd, OwnedFd};

use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::{self, LinkError, LinkReader, LinkWriter};
use scrim_wire::shared::map_read;
use scrim_wire::worker::{
    Answer, EXIT_NOT_INHERITED, EXIT_WRONG_BUILD, Job, JobKind, LINK_FD, MEDIA_BYTES_MAX, MEDIA_FD,
    Made, OUTPUT_FD, Posture, Rejection,
};

use crate::av1;
use crate::decode::decode_frame;
use crate::hashes::hashes;
use crate::sandbox;

/// A worker behind its walls, without a job yet: a spare.
#[derive(Debug)]
pub struct Walled {
    /// The job comes from here.
    pub reader: LinkReader,
    /// The answer goes here.
    pub writer: LinkWriter,
    /// Which walls stand.
    pub posture: Posture,
}

/// The one job, and what came with it.
#[derive(Debug)]
pub struct Given {
    /// What the parent wants.
    pub job: Job,
    /// The medium's bytes, read-only; its number is [`MEDIA_FD`].
    pub media: OwnedFd,
    /// Room for the picture; its number is [`OUTPUT_FD`].
    pub output: OwnedFd,
}

/// Takes the inherited link and raises the walls. First call of `main`.
pub fn confine() -> Result<Walled, LinkError> {
    let link = link::inherited(LINK_FD)?;
    let posture = sandbox::enter();
    let (reader, writer) = link::split(link);
    Ok(Walled {
        reader,
        writer,
        posture,
    })
}

impl Walled {
    /// Waits, asleep, for the job. An error ends the worker: the link was closed, or what came is no job with two
    /// descriptors at the numbers that the walls know.
    pub fn wait(&mut self) -> Result<Given, LinkError> {
        let (job, fds) = self.reader.recv::<Job>()?;
        let [media, output] = <[OwnedFd; 2]>::try_from(fds).map_err(|_| LinkError::Descriptors)?;
        if media.as_raw_fd() != MEDIA_FD || output.as_raw_fd() != OUTPUT_FD {
            return Err(LinkError::Descriptors);
        }
        Ok(Given { job, media, output })
    }
}

/// What a worker makes of its job and the medium: the answer, and the bytes for the shared memory.
pub type Work = fn(&Job, &[u8]) -> Result<(Made, Vec<u8>), Rejection>;

/// The whole life of `scrim-decode`: does the one job and answers. The exit status of the process.
#[must_use]
pub fn run() -> u8 {
    run_with(still)
}

/// The same for any worker, who does `work` behind the walls.
#[must_use]
pub fn run_with(work: Work) -> u8 {
    // A panic's text may name content; the parent learns what it needs from the answer or the exit status.
    std::panic::set_hook(Box::new(|_| {
        if av1::is_inside() {
            av1::end();
        }
    }));
    let Ok(mut worker) = confine() else {
        return EXIT_NOT_INHERITED;
    };
    let Ok(given) = worker.wait() else {
        return 1;
    };
    if given.job.build != BUILD_ID {
        return EXIT_WRONG_BUILD;
    }
    let answer = answer(&given, worker.posture, work);
    u8::from(worker.writer.send(&answer, &[]).is_err())
}

/// Does the job, if the walls hold.
#[must_use]
pub fn answer(given: &Given, posture: Posture, work: Work) -> Answer {
    Answer {
        build: BUILD_ID.to_owned(),
        posture,
        result: result_of(given, posture, work),
    }
}

fn result_of(
    Given { job, media, output }: &Given,
    posture: Posture,
    work: Work,
) -> Result<Made, Rejection> {
    if !posture.holds_but_for(job.waived) {
        return Err(Rejection::NoSandbox);
    }
    if job.kind == JobKind::Probe {
        return Err(Rejection::Empty);
    }
    if job.media_len > MEDIA_BYTES_MAX {
        return Err(Rejection::TooLarge);
    }
    let len = usize::try_from(job.media_len).map_err(|_| Rejection::TooLarge)?;
    let media = map_read(media, len).map_err(|_| Rejection::BadAnswer)?;
    let (made, bytes) = work(job, &media)?;
    if bytes.len() as u64 > job.output_len {
        return Err(Rejection::TooLarge);
    }
    write_all(output, &bytes)?;
    Ok(made)
}

/// What `scrim-decode` makes: pictures and hashes of stills.
pub fn still(job: &Job, media: &[u8]) -> Result<(Made, Vec<u8>), Rejection> {
    if let JobKind::Hashes { of_pixels } = job.kind {
        return hashes(media, of_pixels, job.limits)
            .map(|hashes| (Made::Hashes(hashes), Vec::new()));
    }
    let (info, picture) = decode_frame(media, job.kind, job.frame, job.limits)?;
    Ok((Made::Picture(info), picture.bytes))
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
