//! From a job to what lies in the shared memory.

use std::panic::{AssertUnwindSafe, catch_unwind};

use scrim_wire::moving::{MovingJob, MovingMade};
use scrim_wire::worker::{Job, JobKind, Made, Rejection};

use crate::av::{quiet_and_bounded, settle_the_clock};
use crate::budget::Budget;
use crate::clip::frames;
use crate::medium::Moving;
use crate::sheet::sheet;
use crate::sound::sound;
use crate::still::still;
use crate::waveform::waveform;

/// What must be done before the walls are raised. Reads no medium.
pub fn settle() {
    settle_the_clock();
}

/// Does one job. Bad media is data: every way it can be bad is a [`Rejection`].
pub fn work(job: &Job, medium: &[u8]) -> Result<(Made, Vec<u8>), Rejection> {
    let JobKind::Moving(kind) = job.kind else {
        return Err(Rejection::Unsupported);
    };
    catch_unwind(AssertUnwindSafe(|| {
        moving(kind, medium, Budget::of_deadline(job.deadline_ms))
    }))
    .unwrap_or(Err(Rejection::Malformed))
}

fn moving(kind: MovingJob, medium: &[u8], budget: Budget) -> Result<(Made, Vec<u8>), Rejection> {
    if medium.is_empty() {
        return Err(Rejection::Empty);
    }
    quiet_and_bounded();
    let mut moving = Moving::open(medium, budget)?;
    let (made, bytes) = match kind {
        MovingJob::Sheet { stills, cover } => sheet(&mut moving, stills, cover, budget)?,
        MovingJob::Still { at_ms, make } => still(&mut moving, at_ms, make, budget)?,
        MovingJob::Waveform => waveform(&mut moving, budget)?,
        MovingJob::Frames { clip, make } => frames(&mut moving, clip, make, budget)?,
        MovingJob::Sound { clip, look } => sound(&mut moving, clip, look, budget)?,
    };
    let facts = moving.facts;
    Ok((Made::Moving(MovingMade { facts, made }), bytes))
}
