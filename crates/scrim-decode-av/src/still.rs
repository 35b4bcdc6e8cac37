//! What is on the screen at one time.

use scrim_decode::cover::cover_of_side;
use scrim_decode::fit::{FitBox, fit};
use scrim_decode::limits::COVER_LEVEL_SIDE;
use scrim_decode::pixels::{Pixels, with_long_side};
use scrim_decode::sketch::sketch;
use scrim_decode::soft::soft;
use scrim_wire::moving::{CoverLook, MovingOutput, StillKind};
use scrim_wire::worker::{COVER_SIDE_MAX, Rejection};

use crate::av::{Frame, Pace, Stream};
use crate::budget::Budget;
use crate::medium::{Moving, orientation, shape};
use crate::reel::Reel;

/// One still, with its numbers.
pub(crate) fn still(
    moving: &mut Moving<'_>,
    at_ms: u32,
    make: StillKind,
    budget: Budget,
) -> Result<(MovingOutput, Vec<u8>), Rejection> {
    let mut reel = Reel::open(moving, pace(make))?;
    let shown = reel.shown_at(moving, at_ms, budget)?;
    let picture = made(&shown.frame, reel.stream(), make, COVER_SIDE_MAX)?;
    let output = MovingOutput::Still {
        width: picture.width,
        height: picture.height,
        at_ms: shown.at_ms,
        next_ms: shown.next_ms,
    };
    Ok((output, picture.bytes))
}

/// How exactly frames are decoded for what is made of them.
pub(crate) fn pace(make: StillKind) -> Pace {
    match make {
        StillKind::Cover(_) => Pace::Rough,
        StillKind::Fit { .. } | StillKind::Soft { .. } => Pace::Exact,
    }
}

/// The picture that is made of a frame, upright and opaque; a cover has `cover_side` pixels on the long side.
pub(crate) fn made(
    frame: &Frame,
    stream: &Stream,
    make: StillKind,
    cover_side: u32,
) -> Result<Pixels, Rejection> {
    let source = shape(stream, frame.size()?)?;
    let orientation = orientation(stream);
    match make {
        StillKind::Cover(look) => covered(frame, stream, look, cover_side),
        StillKind::Fit {
            max_width,
            max_height,
        } => {
            let within = FitBox::new(max_width, max_height)?;
            let (width, height) = within
                .before_turning(orientation)
                .size_of(source.0, source.1);
            fit(frame.scaled(width, height)?, source, orientation, within)
        }
        StillKind::Soft {
            max_width,
            max_height,
            sigma_per_myriad,
        } => {
            let within = FitBox::new(max_width, max_height)?;
            let (width, height) = within
                .before_turning(orientation)
                .size_of(source.0, source.1);
            let picture = frame.scaled(width, height)?;
            soft(&picture, source, orientation, within, sigma_per_myriad)
        }
    }
}

/// A cover, made like a picture's: from 64 pixels on the long side.
pub(crate) fn covered(
    frame: &Frame,
    stream: &Stream,
    look: CoverLook,
    side: u32,
) -> Result<Pixels, Rejection> {
    let source = shape(stream, frame.size()?)?;
    let (width, height) = with_long_side(source.0, source.1, COVER_LEVEL_SIDE);
    let level = frame.scaled(width, height)?;
    let (sigma, grey) = (look.sigma_per_mille, look.grey);
    let covered = cover_of_side(&level, source, orientation(stream), sigma, grey, side)?;
    if look.sketch {
        sketch(&covered)
    } else {
        Ok(covered)
    }
}
