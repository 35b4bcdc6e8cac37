//! Covers: what is shown before a moderator chooses to see more.
//!
//! The picture is shrunk to 64 pixels on its long side, blurred there with the Gaussian of the protection settings (σ
//! is a share of the long side), and enlarged smoothly to 512 pixels so that no blocks show. The result stays within a
//! few grey levels of an exact Gaussian of the full picture, and nothing sharper than 64 pixels ever reaches a screen.
//!
//! Grey is luma by ITU-R BT.709 on the encoded (gamma) values, as displays and video do; no claim of colour accuracy.

use fast_image_resize::FilterType;
use image::metadata::Orientation;
use scrim_wire::worker::{
    COVER_SIDE_MAX, COVER_SIGMA_PER_MILLE_MAX, COVER_SIGMA_PER_MILLE_MIN, Rejection,
};

use crate::limits::COVER_LEVEL_SIDE;
use crate::pixels::{Layout, Pixels, with_long_side};

/// The cover of a picture, upright, opaque, 512 pixels on the long side; see [`cover_of_side`].
pub fn cover(
    picture: &Pixels,
    shape: (u32, u32),
    orientation: Orientation,
    sigma_per_mille: u16,
    grey: bool,
) -> Result<Pixels, Rejection> {
    let side = COVER_SIDE_MAX;
    cover_of_side(picture, shape, orientation, sigma_per_mille, grey, side)
}

/// The cover of a picture, upright, opaque, `side` pixels on the long side.
///
/// `shape`: width and height of the full picture before turning; `picture` may be a reduction of it that is some pixels
/// off its shape. `sigma_per_mille`: Gaussian σ in thousandths of the long side. Outside 10 to 200 it is no cover and
/// [`Rejection::BadAnswer`].
pub fn cover_of_side(
    picture: &Pixels,
    shape: (u32, u32),
    orientation: Orientation,
    sigma_per_mille: u16,
    grey: bool,
    side: u32,
) -> Result<Pixels, Rejection> {
    if !(COVER_SIGMA_PER_MILLE_MIN..=COVER_SIGMA_PER_MILLE_MAX).contains(&sigma_per_mille) {
        return Err(Rejection::BadAnswer);
    }
    let (width, height) = with_long_side(shape.0, shape.1, COVER_LEVEL_SIDE);
    // Area average when shrinking; smooth when a very small picture is brought up to the level.
    let filter = if picture.width.max(picture.height) >= COVER_LEVEL_SIDE {
        FilterType::Box
    } else {
        FilterType::Bilinear
    };
    let level = picture
        .resized(width, height, filter)?
        .upright(orientation)?;
    let level = if grey { to_grey(&level)? } else { level };
    let sigma = f32::from(sigma_per_mille) / 1000.0 * COVER_LEVEL_SIDE as f32;
    let blurred = blur(&level, sigma)?;
    let upright = if orientation_swaps(orientation) {
        (shape.1, shape.0)
    } else {
        shape
    };
    let (width, height) = with_long_side(upright.0, upright.1, side);
    let enlarged = blurred.resized(width, height, FilterType::CatmullRom)?;
    Ok(enlarged.into_opaque())
}

/// Whether turning upright swaps width and height.
#[must_use]
pub fn orientation_swaps(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn to_grey(level: &Pixels) -> Result<Pixels, Rejection> {
    let bytes = level
        .bytes
        .chunks_exact(4)
        .map(|pixel| {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
            to_byte(0.2126 * red + 0.7152 * green + 0.0722 * blue)
        })
        .collect();
    Pixels::new(level.width, level.height, Layout::Grey, bytes)
}

/// Separable Gaussian, σ in pixels of `level`, edges repeated.
pub(crate) fn blur(level: &Pixels, sigma: f32) -> Result<Pixels, Rejection> {
    let kernel = kernel(sigma);
    let (width, height) = (level.width as usize, level.height as usize);
    let channels = level.layout.bytes();
    let source: Vec<f32> = level.bytes.iter().map(|&byte| f32::from(byte)).collect();
    let row = width * channels;
    let rows = (0..height).flat_map(|y| (0..channels).map(move |channel| y * row + channel));
    let across = convolve(&source, &kernel, rows, width, channels);
    let both = convolve(&across, &kernel, 0..row, height, row);
    let bytes = both.iter().map(|&value| to_byte(value)).collect();
    Pixels::new(level.width, level.height, level.layout, bytes)
}

/// Convolves lines of `length` samples that lie `step` values apart; `starts` names each line's first value.
fn convolve(
    source: &[f32],
    kernel: &[f32],
    starts: impl Iterator<Item = usize>,
    length: usize,
    step: usize,
) -> Vec<f32> {
    let radius = kernel.len() / 2;
    let mut target = vec![0.0; source.len()];
    for start in starts {
        for at in 0..length {
            let sum = kernel.iter().enumerate().map(|(tap, weight)| {
                let sample = (at + tap).saturating_sub(radius).min(length - 1);
                weight * source[start + sample * step]
            });
            target[start + at * step] = sum.sum();
        }
    }
    target
}

/// Weights of a Gaussian out to 3 σ, sum 1.
fn kernel(sigma: f32) -> Vec<f32> {
    let radius = (3.0 * sigma).ceil().max(1.0) as i32;
    let weights: Vec<f32> = (-radius..=radius)
        .map(|at| (-((at * at) as f32) / (2.0 * sigma * sigma)).exp())
        .collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
#[path = "cover_tests.rs"]
mod tests;
