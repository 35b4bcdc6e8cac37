//! A contact sheet: covered stills spread over the whole time, in one picture.

use image::RgbaImage;
use image::imageops::replace;
use scrim_decode::pixels::{FilterType, Pixels, with_long_side};
use scrim_wire::moving::{
    CoverLook, MovingOutput, SHEET_CELL_SIDE, SHEET_STILLS_MAX, SHEET_STILLS_MIN, SheetGrid,
    sheet_times,
};
use scrim_wire::worker::Rejection;

use crate::av::Pace;
use crate::budget::Budget;
use crate::limits::EMPTY_CELL_GREY;
use crate::medium::Moving;
use crate::reel::Reel;
use crate::still::covered;

/// The contact sheet of a medium. A still that cannot be decoded leaves its place plain; if none can, there is a reason.
pub(crate) fn sheet(
    moving: &mut Moving<'_>,
    stills: u8,
    look: CoverLook,
    budget: Budget,
) -> Result<(MovingOutput, Vec<u8>), Rejection> {
    if !(SHEET_STILLS_MIN..=SHEET_STILLS_MAX).contains(&stills) {
        return Err(Rejection::BadAnswer);
    }
    let picture = moving.facts.picture.ok_or(Rejection::Unsupported)?;
    let (cell_width, cell_height) = with_long_side(picture.width, picture.height, SHEET_CELL_SIDE);
    let grid = SheetGrid::of(stills);
    let plain = image::Rgba([EMPTY_CELL_GREY, EMPTY_CELL_GREY, EMPTY_CELL_GREY, 255]);
    let mut sheet =
        RgbaImage::from_pixel(grid.columns * cell_width, grid.rows * cell_height, plain);
    let mut reel = Reel::open(moving, Pace::Rough)?;
    let mut outcome = Err(Rejection::Malformed);
    for (number, at_ms) in (0..).zip(sheet_times(moving.facts.duration_ms, stills)) {
        let part = budget.part(u32::from(stills).saturating_sub(number));
        let made = reel
            .shown_at(moving, at_ms, part)
            .and_then(|shown| covered(&shown.frame, reel.stream(), look, SHEET_CELL_SIDE))
            .and_then(|cover| cell(cover, cell_width, cell_height));
        match made {
            Ok(cell) => {
                let left = number % grid.columns * cell_width;
                let top = number / grid.columns * cell_height;
                replace(&mut sheet, &cell, left.into(), top.into());
                outcome = Ok(());
            }
            Err(Rejection::MemoryExceeded) => return Err(Rejection::MemoryExceeded),
            Err(why) if outcome.is_err() => outcome = Err(why),
            Err(_) => {}
        }
    }
    outcome?;
    let output = MovingOutput::Sheet {
        cell_width,
        cell_height,
    };
    Ok((output, sheet.into_raw()))
}

/// A cover in the size of all; a frame of another shape than the file says is stretched.
fn cell(cover: Pixels, width: u32, height: u32) -> Result<RgbaImage, Rejection> {
    let cell = if (cover.width, cover.height) == (width, height) {
        cover
    } else {
        cover.resized(width, height, FilterType::Bilinear)?
    };
    RgbaImage::from_raw(width, height, cell.bytes).ok_or(Rejection::Malformed)
}
