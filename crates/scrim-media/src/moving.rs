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
            let cell = checked_cell(output)?;
            let size = (grid.columns * cell.0, grid.rows * cell.1);
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
            let ((width, height), at_ms, next_ms) = checked_still(output, asked)?;
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

/// Width and height of one still on a contact sheet, if they can be true.
fn checked_cell(output: MovingOutput) -> Result<(u32, u32), Rejection> {
    let sides = 1..=SHEET_CELL_SIDE;
    match output {
        MovingOutput::Sheet {
            cell_width,
            cell_height,
        } if sides.contains(&cell_width) && sides.contains(&cell_height) => {
            Ok((cell_width, cell_height))
        }
        _ => Err(Rejection::BadAnswer),
    }
}

/// Width and height of a still, when it begins and when the next one does.
type StillNumbers = ((u32, u32), u32, Option<u32>);

/// The numbers of a still of at most `asked` pixels in width and height, if they can be true.
fn checked_still(output: MovingOutput, asked: (u32, u32)) -> Result<StillNumbers, Rejection> {
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
    let fits = (1..=asked.0).contains(&width) && (1..=asked.1).contains(&height);
    if fits && is_later && at_ms <= DURATION_MS_MAX {
        Ok(((width, height), at_ms, next_ms))
    } else {
        Err(Rejection::BadAnswer)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn still(width: u32, height: u32, at_ms: u32, next_ms: Option<u32>) -> MovingOutput {
        MovingOutput::Still {
            width,
            height,
            at_ms,
            next_ms,
        }
    }

    #[test]
    fn numbers_of_a_still_that_cannot_be_true_are_refused() {
        let asked = (64, 48);
        assert_eq!(
            checked_still(still(64, 48, 40, Some(80)), asked),
            Ok(((64, 48), 40, Some(80)))
        );
        assert!(checked_still(still(1, 1, DURATION_MS_MAX, None), asked).is_ok());
        for output in [
            still(65, 48, 0, None),
            still(64, 49, 0, None),
            still(0, 48, 0, None),
            still(64, 0, 0, None),
            still(u32::MAX, u32::MAX, 0, None),
            still(64, 48, DURATION_MS_MAX + 1, None),
            still(64, 48, 40, Some(40)),
            still(64, 48, 40, Some(DURATION_MS_MAX + 1)),
            MovingOutput::Waveform,
            MovingOutput::Sheet {
                cell_width: 64,
                cell_height: 48,
            },
        ] {
            assert_eq!(
                checked_still(output, asked),
                Err(Rejection::BadAnswer),
                "{output:?}"
            );
        }
    }

    #[test]
    fn numbers_of_a_sheet_that_cannot_be_true_are_refused() {
        let sheet = |cell_width, cell_height| MovingOutput::Sheet {
            cell_width,
            cell_height,
        };
        assert_eq!(checked_cell(sheet(256, 1)), Ok((256, 1)));
        for output in [
            sheet(257, 1),
            sheet(1, 257),
            sheet(0, 1),
            sheet(1, 0),
            sheet(u32::MAX, u32::MAX),
            MovingOutput::Waveform,
            still(256, 1, 0, None),
        ] {
            assert_eq!(
                checked_cell(output),
                Err(Rejection::BadAnswer),
                "{output:?}"
            );
        }
    }
}
