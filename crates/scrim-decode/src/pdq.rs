//! The perceptual hash of [`Pixels`], made by `scrim-pdq`.

pub use scrim_pdq::Hashed;

use crate::pixels::Pixels;

/// The hash of a picture in full size, as it is stored.
#[must_use]
pub fn pdq(pixels: &Pixels) -> Hashed {
    scrim_pdq::pdq(pixels.width, pixels.height, pixels.layout, &pixels.bytes)
}
