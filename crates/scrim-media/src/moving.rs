//! Stills and waveforms of media that last.

use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::moving::{
    CoverLook, DURATION_MS_MAX, MovingFacts, MovingJob, MovingOutput, SHEET_CELL_SIDE,
    SHEET_STILLS_MAX, SHEET_STILLS_MIN, SheetGrid, StillKind, WAVEFORM_PEAKS,
};
use scrim_wire::shared::SharedPicture;
use scrim_wire::worker::{
    COVER_SIDE_MAX, FIT_PIXELS_MAX, FIT_SIDE_MAX, JobKind, Made, Rejection,
    SOFT_SIGMA_PER_MYRIAD_MAX, SOFT_SIGMA_PER_MYRIAD_MIN,
};

use crate::answer::{Failed, said};
use crate::medium::{Medium, rejection};
use crate::picture::{Covered, Picture, Sizes, Unrevealed};
use crate::pool::{Pool, pixel_bytes};

/// Covered stills spread over a medium's time, in one picture: see [`SheetGrid`] and [`scrim_wire::moving::sheet_times`].
#[derive(Debug)]
pub struct Sheet {
    /// The medium.
    pub facts: MovingFacts,
    /// All stills.
    pub picture: Covered<Picture>,
    /// Width and height of one still, in pixels.
    pub cell: (u32, u32),
}

/// What is on the screen at one time.
#[derive(Debug)]
pub struct Still<P> {
    /// The medium.
    pub facts: MovingFacts,
    /// The frame.
    pub picture: P,
    /// When this frame begins, in milliseconds.
    pub at_ms: u32,
    /// When the next one begins; none after the last, or if it is not known.
    pub next_ms: Option<u32>,
}

/// How loud a medium is over its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waveform {
    /// The medium.
    pub facts: MovingFacts,
    /// [`WAVEFORM_PEAKS`] peaks of equal shares of the time; 255 is full scale.
    pub peaks: Vec<u8>,
}

impl Pool {
    /// The contact sheet of a video: `stills` covered frames, [`SHEET_STILLS_MIN`] to [`SHEET_STILLS_MAX`].
    pub fn sheet(
        &self,
        medium: &Medium,
        stills: u8,
        step: CoverStep,
        style: CoverStyle,
    ) -> Result<Sheet, Rejection> {
        if !(SHEET_STILLS_MIN..=SHEET_STILLS_MAX).contains(&stills) {
            return Err(Rejection::TooLarge);
        }
        let grid = SheetGrid::of(stills);
        let side = SHEET_CELL_SIDE;
        let room = pixel_bytes(grid.columns * side, grid.rows * side).ok_or(Rejection::TooLarge)?;
        let cover = look(step, style);
        let job = MovingJob::Sheet { stills, cover };
        self.moving(medium, job, room, |shared, facts, output| {
            let MovingOutput::Sheet {
                cell_width,
                cell_height,
            } = output
            else {
                return Err(Rejection::BadAnswer);
            };
            let cell = (cell_width, cell_height);
            if cell_width > side || cell_height > side {
                return Err(Rejection::BadAnswer);
            }
            let size = (grid.columns * cell_width, grid.rows * cell_height);
            Ok(Sheet {
                picture: Covered::new(picture(shared, size, &facts, room)?),
                facts,
                cell,
            })
        })
    }

    /// The covered frame of a video at a time, 512 pixels on the long side.
    pub fn cover_at(
        &self,
        medium: &Medium,
        at_ms: u32,
        step: CoverStep,
        style: CoverStyle,
    ) -> Result<Still<Covered<Picture>>, Rejection> {
        let make = StillKind::Cover(look(step, style));
        let box_size = (COVER_SIDE_MAX, COVER_SIDE_MAX);
        let still = self.still(medium, at_ms, make, box_size)?;
        Ok(still.with(Covered::new))
    }

    /// The clear frame of a video at a time, fitted like [`Pool::fit`], decoded ahead of a reveal.
    pub fn fit_at(
        &self,
        medium: &Medium,
        at_ms: u32,
        (max_width, max_height): (u32, u32),
    ) -> Result<Still<Unrevealed>, Rejection> {
        let make = box_kind((max_width, max_height), None)?;
        let still = self.still(medium, at_ms, make, (max_width, max_height))?;
        Ok(still.with(Unrevealed::new))
    }

    /// The softened frame of a video at a time, like [`Pool::soft`].
    pub fn soft_at(
        &self,
        medium: &Medium,
        at_ms: u32,
        (max_width, max_height): (u32, u32),
        sigma_per_myriad: u16,
    ) -> Result<Still<Unrevealed>, Rejection> {
        let make = box_kind((max_width, max_height), Some(sigma_per_myriad))?;
        let still = self.still(medium, at_ms, make, (max_width, max_height))?;
        Ok(still.with(Unrevealed::new))
    }

    /// How loud a medium with sound is over its time.
    pub fn waveform(&self, medium: &Medium) -> Result<Waveform, Rejection> {
        let job = MovingJob::Waveform;
        self.moving(medium, job, WAVEFORM_PEAKS, |shared, facts, output| {
            if output != MovingOutput::Waveform || facts.sound.is_none() {
                return Err(Rejection::BadAnswer);
            }
            let bytes = shared.bytes().map_err(|error| rejection(&error))?;
            let peaks = bytes.get(..WAVEFORM_PEAKS).ok_or(Rejection::BadAnswer)?;
            Ok(Waveform {
                facts,
                peaks: peaks.to_vec(),
            })
        })
    }

    fn still(
        &self,
        medium: &Medium,
        at_ms: u32,
        make: StillKind,
        asked: (u32, u32),
    ) -> Result<Still<Picture>, Rejection> {
        let pixels = u64::from(asked.0) * u64::from(asked.1);
        if pixels == 0 || pixels > FIT_PIXELS_MAX || asked.0.max(asked.1) > FIT_SIDE_MAX {
            return Err(Rejection::TooLarge);
        }
        let room = pixel_bytes(asked.0, asked.1).ok_or(Rejection::TooLarge)?;
        let job = MovingJob::Still { at_ms, make };
        self.moving(medium, job, room, |shared, facts, output| {
            let MovingOutput::Still {
                width,
                height,
                at_ms,
                next_ms,
            } = output
            else {
                return Err(Rejection::BadAnswer);
            };
            let is_later = next_ms.is_none_or(|next| next > at_ms && next <= DURATION_MS_MAX);
            if width > asked.0 || height > asked.1 || at_ms > DURATION_MS_MAX || !is_later {
                return Err(Rejection::BadAnswer);
            }
            Ok(Still {
                picture: picture(shared, (width, height), &facts, room)?,
                facts,
                at_ms,
                next_ms,
            })
        })
    }

    /// One job for `scrim-decode-av`; `checked` sees frozen bytes and facts that can be.
    pub(crate) fn moving<T>(
        &self,
        medium: &Medium,
        job: MovingJob,
        room: usize,
        checked: impl FnOnce(SharedPicture, MovingFacts, MovingOutput) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        self.guarded(medium, || {
            let (answer, mut shared) = self.run(medium, JobKind::Moving(job), room)?;
            self.check_walls(medium, answer.posture)?;
            let (facts, output) = checked_moving(said(answer.result)?)?;
            shared.freeze().map_err(|error| rejection(&error))?;
            checked(shared, facts, output).map_err(Failed::from)
        })
    }
}

impl<P> Still<P> {
    fn with<Q>(self, wrap: impl FnOnce(P) -> Q) -> Still<Q> {
        Still {
            facts: self.facts,
            picture: wrap(self.picture),
            at_ms: self.at_ms,
            next_ms: self.next_ms,
        }
    }
}

/// What a worker says of a medium that lasts, if it can be true.
pub fn checked_moving(made: Made) -> Result<(MovingFacts, MovingOutput), Rejection> {
    match made {
        Made::Moving(moving) if moving.facts.can_be() => Ok((moving.facts, moving.made)),
        _ => Err(Rejection::BadAnswer),
    }
}

/// What is made for a box: clear, or softened by a σ that is one.
pub(crate) fn box_kind(
    (max_width, max_height): (u32, u32),
    soft_sigma_per_myriad: Option<u16>,
) -> Result<StillKind, Rejection> {
    let softens = SOFT_SIGMA_PER_MYRIAD_MIN..=SOFT_SIGMA_PER_MYRIAD_MAX;
    match soft_sigma_per_myriad {
        None => Ok(StillKind::Fit {
            max_width,
            max_height,
        }),
        Some(sigma_per_myriad) if softens.contains(&sigma_per_myriad) => Ok(StillKind::Soft {
            max_width,
            max_height,
            sigma_per_myriad,
        }),
        Some(_) => Err(Rejection::BadAnswer),
    }
}

pub(crate) fn look(step: CoverStep, style: CoverStyle) -> CoverLook {
    CoverLook {
        sigma_per_mille: step.sigma_per_mille(),
        grey: style.grey,
        sketch: style.sketch,
    }
}

/// `shared` is frozen.
fn picture(
    shared: SharedPicture,
    size: (u32, u32),
    facts: &MovingFacts,
    room: usize,
) -> Result<Picture, Rejection> {
    pictures(shared, (size, 1), facts, room)
}

/// So many of one size, one after the other; `shared` is frozen.
pub(crate) fn pictures(
    shared: SharedPicture,
    (size, count): ((u32, u32), usize),
    facts: &MovingFacts,
    room: usize,
) -> Result<Picture, Rejection> {
    let source = facts.picture.ok_or(Rejection::BadAnswer)?;
    let len = pixel_bytes(size.0, size.1)
        .and_then(|len| len.checked_mul(count))
        .filter(|&len| len > 0 && len <= room)
        .ok_or(Rejection::BadAnswer)?;
    let sizes = Sizes {
        size,
        source_size: (source.width, source.height),
        frames: 1,
    };
    Ok(Picture::new(shared, sizes, len))
}
