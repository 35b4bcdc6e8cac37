//! Softened pictures: between cover and clear, for a reveal whose strength the moderator chooses.
//!
//! Like a cover: shrunk to a level on which the Gaussian is [`LEVEL_SIGMA`] pixels wide, blurred there, enlarged. The
//! level is as large as the strength allows, never larger than the clear picture in its box.

use fast_image_resize::FilterType;
use image::metadata::Orientation;
use scrim_wire::worker::{Rejection, SOFT_SIGMA_PER_MYRIAD_MAX, SOFT_SIGMA_PER_MYRIAD_MIN};

use crate::cover::blur;
use crate::fit::FitBox;
use crate::pixels::{Pixels, with_long_side};

/// σ on the level, in pixels: wide enough that the beat of a fine pattern with the level does not get through.
const LEVEL_SIGMA: f32 = 3.2;
/// How much a blurred level is enlarged, so that no blocks show.
const ENLARGED: u32 = 2;

/// The picture in its box (see [`crate::fit::fit`]), blurred by σ in ten-thousandths of its long side; opaque and
/// upright. [`Rejection::BadAnswer`] for a σ that is a cover's or none.
pub fn soft(
    picture: &Pixels,
    source: (u32, u32),
    orientation: Orientation,
    within: FitBox,
    sigma_per_myriad: u16,
) -> Result<Pixels, Rejection> {
    if !(SOFT_SIGMA_PER_MYRIAD_MIN..=SOFT_SIGMA_PER_MYRIAD_MAX).contains(&sigma_per_myriad) {
        return Err(Rejection::BadAnswer);
    }
    let (width, height) = within
        .before_turning(orientation)
        .size_of(source.0, source.1);
    let share = f32::from(sigma_per_myriad) / 10_000.0;
    let long = width.max(height);
    let level_side = ((LEVEL_SIGMA / share) as u32).clamp(1, long);
    let (level_width, level_height) = with_long_side(width, height, level_side);
    let level = picture
        .resized(level_width, level_height, FilterType::Box)?
        .upright(orientation)?;
    let blurred = blur(&level, share * level_side as f32)?;
    let side = (level_side * ENLARGED).min(long);
    if side == level_side {
        return Ok(blurred.into_opaque());
    }
    let (width, height) = with_long_side(blurred.width, blurred.height, side);
    let enlarged = blurred.resized(width, height, FilterType::CatmullRom)?;
    Ok(enlarged.into_opaque())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::pixels::Layout;

    /// Squares of `side` pixels, black and white.
    fn checkered(width: u32, height: u32, side: u32) -> Pixels {
        let at = |n: u32| {
            if ((n % width) / side + (n / width) / side).is_multiple_of(2) {
                0
            } else {
                255
            }
        };
        let bytes = (0..width * height).map(at).collect();
        Pixels::new(width, height, Layout::Grey, bytes).unwrap()
    }

    /// Of the middle: repeated edges make corners plain.
    fn contrast(picture: &Pixels) -> u8 {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let rows = height / 4..height * 3 / 4;
        let middle: Vec<u8> = rows
            .flat_map(|y| (width / 4..width * 3 / 4).map(move |x| (y * width + x) * 4))
            .map(|at| picture.bytes[at])
            .collect();
        middle.iter().max().unwrap() - middle.iter().min().unwrap()
    }

    #[test]
    fn a_weaker_strength_keeps_more_of_the_picture() {
        // A square wave of period 2 s after a Gaussian: the first harmonic keeps exp(-2 (π σ / 2 s)²) of its height.
        let picture = checkered(640, 480, 5);
        let within = FitBox::new(640, 480).unwrap();
        let kept = [99, 50, 25, 10].map(|sigma| {
            let made = soft(
                &picture,
                (640, 480),
                Orientation::NoTransforms,
                within,
                sigma,
            );
            contrast(&made.unwrap())
        });
        assert!(kept.is_sorted(), "{kept:?}");
        assert!(kept[0] < 24, "{kept:?}");
        assert!(kept[3] > 200, "{kept:?}");
    }

    #[test]
    fn shape_and_turning_are_those_of_the_clear_picture() {
        let picture = checkered(400, 200, 4);
        let within = FitBox::new(300, 300).unwrap();
        let made = soft(&picture, (400, 200), Orientation::Rotate90, within, 50).unwrap();
        assert_eq!((made.width, made.height), (150, 300));
    }

    #[test]
    fn covers_and_clear_pictures_are_no_soft_ones() {
        let picture = checkered(16, 16, 4);
        let within = FitBox::new(16, 16).unwrap();
        for sigma in [0, 9, 100, 1_000] {
            let made = soft(&picture, (16, 16), Orientation::NoTransforms, within, sigma);
            assert_eq!(made.unwrap_err(), Rejection::BadAnswer);
        }
    }
}
