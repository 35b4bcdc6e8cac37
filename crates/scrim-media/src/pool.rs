//! The pool: one confined process for each job, and nothing believed that it says.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::LinkError;
use scrim_wire::shared::SharedPicture;
use scrim_wire::worker::{
    Answer, COVER_SIDE_MAX, DecodedInfo, FIT_PIXELS_MAX, FIT_SIDE_MAX, FRAMES_MAX, Job, JobKind,
    JobLimits, Made, Rejection, SOFT_SIGMA_PER_MYRIAD_MAX, SOFT_SIGMA_PER_MYRIAD_MIN, Waived,
};

use crate::answer::{Failed, accepted, said};
use crate::limits::{CONCURRENCY, CONCURRENCY_MAX, DEADLINE};
use crate::medium::{Medium, rejection};
use crate::picture::{Covered, Picture, Sizes, Unrevealed};
use crate::quarantine::Quarantine;
use crate::slots::Slots;
use crate::spares::Spares;
use crate::started::Started;

/// How a pool works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolSettings {
    /// The `scrim-decode` program of this build.
    pub worker: PathBuf,
    /// The `scrim-decode-av` program of this build.
    pub moving_worker: PathBuf,
    /// Workers at the same time, 1 to 16.
    pub concurrency: usize,
    /// Spares that wait for a job, one for each thread that calls; at most 16.
    pub spares: usize,
    /// A worker is killed this long after it was given its job.
    pub deadline: Duration,
    /// Walls that workers may lack.
    pub waived: Waived,
}

impl PoolSettings {
    /// Two workers at a time, five seconds each, behind every wall; `scrim-decode-av` lies beside `worker`.
    #[must_use]
    pub fn new(worker: PathBuf) -> Self {
        Self {
            moving_worker: worker.with_file_name("scrim-decode-av"),
            worker,
            concurrency: CONCURRENCY,
            spares: CONCURRENCY,
            deadline: DEADLINE,
            waived: Waived::default(),
        }
    }
}

/// Makes pictures of media through confined workers. Every call blocks: call it from threads made for that. Each call
/// starts the worker of the same thread's next one, so threads that stay wait for no start. A bad medium ends its own job only, and is not opened again after it has made two workers fail. Dropping a pool
/// ends its spares.
#[derive(Debug)]
pub struct Pool {
    pub(crate) settings: PoolSettings,
    slots: Slots,
    pub(crate) spares: Spares,
    pub(crate) moving_spares: Spares,
    quarantine: Quarantine,
}

impl Pool {
    /// Starts nothing yet: each job has its own process.
    #[must_use]
    pub fn new(settings: PoolSettings) -> Self {
        let concurrency = settings.concurrency.clamp(1, CONCURRENCY_MAX);
        let most = settings.spares.min(CONCURRENCY_MAX);
        let spares = |program: &PathBuf| Spares::new(program.clone(), most);
        Self {
            slots: Slots::new(concurrency),
            spares: spares(&settings.worker),
            moving_spares: spares(&settings.moving_worker),
            settings,
            quarantine: Quarantine::default(),
        }
    }

    /// Starts the spare of this thread if it has none, so that its first picture waits for no start. Without it the first
    /// job brings one. Where it cannot be started, the first job says why.
    pub fn warm(&self) {
        self.spares.fill();
    }

    /// The covered preview of a medium, 512 pixels on the long side.
    pub fn cover(
        &self,
        medium: &Medium,
        step: CoverStep,
        style: CoverStyle,
    ) -> Result<Covered<Picture>, Rejection> {
        self.cover_frame(medium, 0, step, style)
    }

    /// The same of another frame of a picture that moves, by its number from 0; [`Picture::frames`] says how many there are
    /// at least. [`Rejection::NoSuchFrame`] behind the last.
    pub fn cover_frame(
        &self,
        medium: &Medium,
        frame: u32,
        step: CoverStep,
        style: CoverStyle,
    ) -> Result<Covered<Picture>, Rejection> {
        let kind = JobKind::Cover {
            sigma_per_mille: step.sigma_per_mille(),
            grey: style.grey,
            sketch: style.sketch,
        };
        let asked = (COVER_SIDE_MAX, COVER_SIDE_MAX);
        self.picture(medium, frame, kind, asked).map(Covered::new)
    }

    /// The clear picture of a medium, shrunk (never enlarged) to fit `max_width` × `max_height` pixels, decoded ahead of
    /// a reveal. [`Rejection::TooLarge`] if the box is empty or over 16,384 pixels a side or 64 megapixels.
    pub fn fit(
        &self,
        medium: &Medium,
        max_width: u32,
        max_height: u32,
    ) -> Result<Unrevealed, Rejection> {
        self.fit_frame(medium, 0, max_width, max_height)
    }

    /// The same of another frame of a picture that moves, as [`Self::cover_frame`] takes it.
    pub fn fit_frame(
        &self,
        medium: &Medium,
        frame: u32,
        max_width: u32,
        max_height: u32,
    ) -> Result<Unrevealed, Rejection> {
        let kind = JobKind::Fit {
            max_width,
            max_height,
        };
        self.boxed(medium, frame, kind, (max_width, max_height))
    }

    /// The same, softened by a Gaussian of `sigma_per_myriad` ten-thousandths of the long side: less than any cover, so
    /// it takes a reveal as well. [`Rejection::BadAnswer`] for a σ that is a cover's or none.
    pub fn soft(
        &self,
        medium: &Medium,
        bounds: (u32, u32),
        sigma_per_myriad: u16,
    ) -> Result<Unrevealed, Rejection> {
        self.soft_frame(medium, 0, bounds, sigma_per_myriad)
    }

    /// The same of another frame of a picture that moves, as [`Self::cover_frame`] takes it.
    pub fn soft_frame(
        &self,
        medium: &Medium,
        frame: u32,
        (max_width, max_height): (u32, u32),
        sigma_per_myriad: u16,
    ) -> Result<Unrevealed, Rejection> {
        let softens = SOFT_SIGMA_PER_MYRIAD_MIN..=SOFT_SIGMA_PER_MYRIAD_MAX;
        if !softens.contains(&sigma_per_myriad) {
            return Err(Rejection::BadAnswer);
        }
        let kind = JobKind::Soft {
            max_width,
            max_height,
            sigma_per_myriad,
        };
        self.boxed(medium, frame, kind, (max_width, max_height))
    }

    fn boxed(
        &self,
        medium: &Medium,
        frame: u32,
        kind: JobKind,
        asked: (u32, u32),
    ) -> Result<Unrevealed, Rejection> {
        let pixels = u64::from(asked.0) * u64::from(asked.1);
        let side = asked.0.max(asked.1);
        if pixels == 0 || pixels > FIT_PIXELS_MAX || side > FIT_SIDE_MAX {
            return Err(Rejection::TooLarge);
        }
        self.picture(medium, frame, kind, asked)
            .map(Unrevealed::new)
    }

    fn picture(
        &self,
        medium: &Medium,
        frame: u32,
        kind: JobKind,
        asked: (u32, u32),
    ) -> Result<Picture, Rejection> {
        let room = pixel_bytes(asked.0, asked.1).ok_or(Rejection::TooLarge)?;
        self.guarded(medium, || {
            let (answer, mut shared) = self.run_by(&self.spares, medium, (kind, frame), room)?;
            self.check_walls(medium, answer.posture)?;
            let Made::Picture(info) = said(answer.result)? else {
                return Err(Rejection::BadAnswer.into());
            };
            let len = checked_len(&info, asked, room)?;
            shared.freeze().map_err(|error| rejection(&error))?;
            let source_size = (info.source_width, info.source_height);
            let sizes = Sizes {
                size: (info.width, info.height),
                source_size,
                frames: info.frames,
            };
            Ok(Picture::new(shared, sizes, len))
        })
    }

    /// Does `work` with a medium unless it is in quarantine, and remembers if the medium made it fail. Holds a place
    /// meanwhile, so that a medium that waits for one sees what became of the others.
    pub(crate) fn guarded<T>(
        &self,
        medium: &Medium,
        work: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<T, Rejection> {
        let _slot = self.slots.take();
        self.quarantine.check(medium)?;
        work().map_err(|failed| {
            if failed.is_of_the_medium() {
                self.check_walls_of_the_dead(medium);
            }
            if failed.is_of_the_medium() && self.quarantine.count(medium).is_err() {
                tracing::warn!("a failure could not be remembered");
            }
            failed.why
        })
    }

    /// Does `work` that never looks into a medium, also for one in quarantine: whatever becomes of it says nothing of the
    /// medium. Holds a place meanwhile.
    pub(crate) fn unguarded<T>(
        &self,
        work: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<T, Rejection> {
        let _slot = self.slots.take();
        work().map_err(|failed| failed.why)
    }

    /// One worker from its job to its exit; call it with a place taken. The answer is whole, of this build, the only
    /// one, and from a process that has exited with success; its numbers are still unchecked.
    pub(crate) fn run(
        &self,
        medium: &Medium,
        kind: JobKind,
        room: usize,
    ) -> Result<(Answer, SharedPicture), Failed> {
        let spares = match kind {
            JobKind::Moving(_) => &self.moving_spares,
            _ => &self.spares,
        };
        self.run_by(spares, medium, (kind, 0), room)
    }

    pub(crate) fn run_by(
        &self,
        spares: &Spares,
        medium: &Medium,
        (kind, frame): (JobKind, u32),
        room: usize,
    ) -> Result<(Answer, SharedPicture), Failed> {
        let deadline = Instant::now() + self.settings.deadline;
        let shared = SharedPicture::create(room).map_err(|error| rejection(&error))?;
        let output = shared.writer().map_err(|error| rejection(&error))?;
        let media = medium.for_worker()?;
        let fds = [media.as_fd(), output.as_fd()];
        let job = Job {
            build: BUILD_ID.to_owned(),
            kind,
            media_len: medium.len() as u64,
            output_len: room as u64,
            deadline_ms: u32::try_from(self.settings.deadline.as_millis()).unwrap_or(u32::MAX),
            limits: JobLimits::default(),
            frame,
            waived: self.settings.waived,
        };
        if let Some(spare) = spares.take() {
            match one(spares, spare, &job, fds, deadline) {
                // It died as a spare, in the moment between the look at it and its job. That says nothing of the medium.
                Err(failed) if !failed.was_read && failed.why != Rejection::DeadlineExceeded => {
                    tracing::warn!(
                        "a spare worker died before it had read its job; another is used"
                    );
                }
                done => return done.map(|answer| (answer, shared)),
            }
        }
        let fresh = spares.fresh().map_err(Failed::unread)?;
        let answer = one(spares, fresh, &job, fds, deadline)?;
        Ok((answer, shared))
    }
}

/// Gives a worker its job, and starts the next spare while it works.
fn one(
    spares: &Spares,
    mut worker: Started,
    job: &Job,
    fds: [BorrowedFd<'_>; 2],
    deadline: Instant,
) -> Result<Answer, Failed> {
    let sent = worker.writer.send(job, &fds);
    let was_sent = sent.is_ok();
    let answer = match sent {
        Ok(()) => {
            if job.kind != JobKind::Probe {
                spares.fill();
            }
            worker.reader.recv_before::<Answer>(deadline)
        }
        // Its exit tells why.
        Err(LinkError::Closed) => Err(LinkError::Closed),
        Err(_) => return Err(Failed::unread(Rejection::NoResources)),
    };
    accepted(answer, &mut worker).map_err(|why| Failed {
        why,
        was_read: was_sent && worker.had_read_all(),
    })
}
/// Bytes of the pixels, if every number of a worker's answer can be true: a picture of at most `asked`
/// pixels in width and height, in `room` bytes.
pub fn checked_len(info: &DecodedInfo, asked: (u32, u32), room: usize) -> Result<usize, Rejection> {
    let limits = JobLimits::default();
    let source_pixels = u64::from(info.source_width) * u64::from(info.source_height);
    let source_side = info.source_width.max(info.source_height);
    let source_fits = source_pixels > 0
        && source_pixels <= limits.source_pixels_max
        && source_side <= limits.source_side_max;
    let counted = (1..=FRAMES_MAX).contains(&info.frames);
    let made_fits = info.width <= asked.0 && info.height <= asked.1;
    match pixel_bytes(info.width, info.height) {
        Some(len) if len > 0 && len <= room && made_fits && source_fits && counted => Ok(len),
        _ => Err(Rejection::BadAnswer),
    }
}

pub(crate) fn pixel_bytes(width: u32, height: u32) -> Option<usize> {
    (width as usize)
        .checked_mul(height as usize)?
        .checked_mul(4)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use scrim_wire::worker::Format;

    const INFO: DecodedInfo = DecodedInfo {
        width: 10,
        height: 5,
        source_width: 100,
        source_height: 50,
        format: Format::Png,
        frames: 1,
    };

    #[test]
    fn numbers_that_cannot_be_true_are_refused() {
        assert_eq!(checked_len(&INFO, (10, 10), 400), Ok(200));
        for (info, asked, room) in [
            (DecodedInfo { width: 0, ..INFO }, (10, 10), 400),
            (DecodedInfo { height: 0, ..INFO }, (10, 10), 400),
            (DecodedInfo { width: 11, ..INFO }, (10, 10), 400),
            (
                DecodedInfo {
                    height: u32::MAX,
                    ..INFO
                },
                (10, 10),
                400,
            ),
            (
                DecodedInfo {
                    width: u32::MAX,
                    height: u32::MAX,
                    ..INFO
                },
                (u32::MAX, u32::MAX),
                400,
            ),
            (DecodedInfo { frames: 0, ..INFO }, (10, 10), 400),
            (
                DecodedInfo {
                    frames: FRAMES_MAX + 1,
                    ..INFO
                },
                (10, 10),
                400,
            ),
            (INFO, (10, 10), 199),
            (
                DecodedInfo {
                    source_width: 0,
                    ..INFO
                },
                (10, 10),
                400,
            ),
            (
                DecodedInfo {
                    source_width: 65_536,
                    ..INFO
                },
                (10, 10),
                400,
            ),
            (
                DecodedInfo {
                    source_width: 65_535,
                    source_height: 65_535,
                    ..INFO
                },
                (10, 10),
                400,
            ),
        ] {
            assert_eq!(checked_len(&info, asked, room), Err(Rejection::BadAnswer));
        }
    }

    #[test]
    fn a_missing_worker_is_named_with_advice() {
        let pool = Pool::new(PoolSettings::new("/nowhere/scrim-decode".into()));
        let medium = Medium::copy(&[1]).unwrap();
        let got = pool
            .cover(&medium, CoverStep::Normal, CoverStyle::default())
            .unwrap_err();
        assert_eq!(got, Rejection::NoWorker);
        assert!(got.sentence().contains("cargo build -p scrim-decode"));
        assert_eq!(pool.posture().unwrap_err(), Rejection::NoWorker);
    }

    #[test]
    fn boxes_are_checked_before_anything_starts() {
        let pool = Pool::new(PoolSettings::new("/nowhere/scrim-decode".into()));
        let medium = Medium::copy(&[1]).unwrap();
        for (width, height) in [(0, 5), (5, 0), (16_385, 1), (16_384, 16_384)] {
            assert_eq!(
                pool.fit(&medium, width, height).unwrap_err(),
                Rejection::TooLarge
            );
        }
    }

    #[test]
    fn a_pool_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Pool>();
        shared::<Medium>();
        shared::<Covered<Picture>>();
    }
}
