//! What is made of a worker's answer, or of there being none.

use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::time::Instant;

use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::LinkError;
use scrim_wire::worker::{Answer, Rejection};

use crate::limits::{EXIT_GRACE, LINK_END_WAIT};
use crate::started::{Started, reason};

/// A job that gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) why: Rejection,
    /// Whether the worker had read its job. If not, the medium was never opened and had no part in it.
    pub(crate) was_read: bool,
}

impl From<Rejection> for Failed {
    fn from(why: Rejection) -> Self {
        Self {
            why,
            was_read: true,
        }
    }
}

impl Failed {
    /// Before the worker had read its job.
    pub(crate) fn unread(why: Rejection) -> Self {
        Self {
            why,
            was_read: false,
        }
    }

    /// Whether the medium made its worker fail: by a crash, a lie, or too much memory or time.
    pub(crate) fn is_of_the_medium(self) -> bool {
        self.was_read && is_a_mediums_doing(self.why)
    }
}

/// Whether a medium may have done this to its worker; anything else would happen to another medium as well.
pub(crate) fn is_a_mediums_doing(why: Rejection) -> bool {
    matches!(
        why,
        Rejection::WorkerDied
            | Rejection::BadAnswer
            | Rejection::MemoryExceeded
            | Rejection::DeadlineExceeded
    )
}

/// What a worker said of a medium, if it is one of the reasons that are a worker's to give.
pub(crate) fn said<T>(result: Result<T, Rejection>) -> Result<T, Rejection> {
    result.map_err(|why| match why.is_of_a_worker() {
        true => why,
        false => Rejection::BadAnswer,
    })
}

/// The answer, if it is whole, of this build, the only one, and from a process that has exited with success.
pub(crate) fn accepted(
    answer: Result<(Answer, Vec<OwnedFd>), LinkError>,
    worker: &mut Started,
) -> Result<Answer, Rejection> {
    // Counted from the answer, however near the deadline that was.
    let grace = Instant::now() + EXIT_GRACE;
    match answer {
        Ok((answer, fds)) => {
            let status = worker.exited(grace).map_err(after_answer)?;
            if !status.success() {
                return Err(reason(status));
            }
            // The process is gone, so what is on the link is all there will ever be: it must be nothing.
            let more = worker
                .reader
                .recv_before::<Answer>(Instant::now() + LINK_END_WAIT);
            if !matches!(more, Err(LinkError::Closed)) || !fds.is_empty() {
                return Err(Rejection::BadAnswer);
            }
            if answer.build == BUILD_ID {
                Ok(answer)
            } else {
                Err(Rejection::WrongBuild)
            }
        }
        Err(LinkError::Deadline) => Err(Rejection::DeadlineExceeded),
        Err(LinkError::Closed | LinkError::BrokenOff) => Err(without_answer(worker.exited(grace))),
        Err(_) => Err(Rejection::BadAnswer),
    }
}

/// A worker that has answered and stays is not to be believed.
fn after_answer(why: Rejection) -> Rejection {
    match why {
        Rejection::DeadlineExceeded => Rejection::BadAnswer,
        other => other,
    }
}

/// A link that was closed by a process that stays, or that exits with success but never answered, is a bad answer.
fn without_answer(exit: Result<ExitStatus, Rejection>) -> Rejection {
    match exit {
        Ok(status) if status.success() => Rejection::BadAnswer,
        Ok(status) => reason(status),
        Err(why) => after_answer(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_medium_did_counts_against_it() {
        for (why, counts) in [
            (Rejection::WorkerDied, true),
            (Rejection::BadAnswer, true),
            (Rejection::MemoryExceeded, true),
            (Rejection::DeadlineExceeded, true),
            (Rejection::NoWorker, false),
            (Rejection::NoResources, false),
            (Rejection::WrongBuild, false),
            (Rejection::NoSandbox, false),
            (Rejection::Malformed, false),
        ] {
            assert_eq!(Failed::from(why).is_of_the_medium(), counts, "{why:?}");
            assert!(!Failed::unread(why).is_of_the_medium(), "{why:?}");
        }
    }

    #[test]
    fn a_worker_cannot_claim_what_only_the_parent_can_know() {
        for why in [
            Rejection::Quarantined,
            Rejection::NoWorker,
            Rejection::DeadlineExceeded,
        ] {
            assert_eq!(said::<()>(Err(why)), Err(Rejection::BadAnswer));
        }
        assert_eq!(
            said::<()>(Err(Rejection::Truncated)),
            Err(Rejection::Truncated)
        );
    }
}
