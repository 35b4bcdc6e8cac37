//! One running worker process: started with its link and an empty environment, ended at its deadline, always waited for.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open};
use scrim_wire::link::{LinkError, LinkReader, LinkWriter, split, wait_readable};
use scrim_wire::worker::{Answer, EXIT_MALFORMED, EXIT_MEMORY, EXIT_WRONG_BUILD, Rejection};

use crate::limits::LINK_END_WAIT;

/// A worker process and the parent's end of its link. Dropping it kills and reaps the process.
#[derive(Debug)]
pub(crate) struct Started {
    child: Child,
    pidfd: OwnedFd,
    pub(crate) reader: LinkReader,
    pub(crate) writer: LinkWriter,
}

impl Started {
    pub(crate) fn new(worker: &Path) -> Result<Self, Rejection> {
        let (ours, theirs) = UnixStream::pair().map_err(|_| Rejection::NoResources)?;
        let mut command = Command::new(worker);
        // Nothing here may need code of ours between fork and exec: without it the standard library starts the process
        // by `posix_spawn`, which copies none of this process's page tables (ADR 0028).
        command
            .env_clear()
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| {
            tracing::warn!(kind = ?error.kind(), "the decoding worker could not be started");
            match error
                .raw_os_error()
                .map(rustix::io::Errno::from_raw_os_error)
            {
                Some(rustix::io::Errno::AGAIN | rustix::io::Errno::NOMEM) => Rejection::NoResources,
                _ => Rejection::NoWorker,
            }
        })?;
        let Ok(pidfd) = pidfd_open(Pid::from_child(&child), PidfdFlags::empty()) else {
            end(&mut child);
            return Err(Rejection::NoResources);
        };
        let (reader, writer) = split(ours);
        Ok(Self {
            child,
            pidfd,
            reader,
            writer,
        })
    }

    /// Whether the process is still there. One that cannot be asked for is not.
    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends the process, and says whether it had read all that was sent to it.
    pub(crate) fn had_read_all(&mut self) -> bool {
        end(&mut self.child);
        // The end of the link tells it, behind whatever the worker may have said before. What that was is no matter.
        drop(
            self.reader
                .recv_before::<Answer>(Instant::now() + LINK_END_WAIT),
        );
        !self.reader.ended_unread()
    }

    /// Waits for the exit. Past `deadline` the worker is killed and the error is [`Rejection::DeadlineExceeded`].
    pub(crate) fn exited(&mut self, deadline: Instant) -> Result<ExitStatus, Rejection> {
        match wait_readable(self.pidfd.as_fd(), deadline) {
            Ok(()) => self.child.wait().map_err(|_| Rejection::WorkerDied),
            Err(LinkError::Deadline) => {
                end(&mut self.child);
                Err(Rejection::DeadlineExceeded)
            }
            Err(_) => {
                end(&mut self.child);
                Err(Rejection::NoResources)
            }
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Kills and reaps. A process that has exited already is only reaped; after that both calls change nothing.
fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}

/// What an exit without a usable answer means.
pub(crate) fn reason(status: ExitStatus) -> Rejection {
    if status.signal() == Some(Signal::XCPU.as_raw()) {
        return Rejection::DeadlineExceeded;
    }
    match status.code().and_then(|code| u8::try_from(code).ok()) {
        Some(EXIT_MEMORY) => Rejection::MemoryExceeded,
        Some(EXIT_MALFORMED) => Rejection::Malformed,
        Some(EXIT_WRONG_BUILD) => Rejection::WrongBuild,
        _ => Rejection::WorkerDied,
    }
}
