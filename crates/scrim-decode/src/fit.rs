//! The clear picture, shrunk to fit a box. Made for a reveal only; the parent hands it over after the reveal is durable.

use fast_image_resize::FilterType;
use image::metadata::Orientation;
use scrim_wire::worker::{FIT_PIXELS_MAX, FIT_SIDE_MAX, Rejection};

use crate::cover::orientation_swaps;
use crate::pixels::Pixels;

/// A box in pixels of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitBox {
    width: u32,
    height: u32,
}

impl FitBox {
    /// A box that a picture may be fitted to; [`Rejection::TooLarge`] if empty or over the limits.
    pub fn new(width: u32, height: u32) -> Result<Self, Rejection> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || pixels > FIT_PIXELS_MAX || width.max(height) > FIT_SIDE_MAX {
            return Err(Rejection::TooLarge);
        }
        Ok(Self { width, height })
    }

    /// The same box for a picture that is not turned upright yet.
    #[must_use]
    pub fn before_turning(self, orientation: Orientation) -> Self {
        if orientation_swaps(orientation) {
            Self {
                width: self.height,
                height: self.width,
            }
        } else {
            self
        }
    }

    /// Size of a `width` × `height` picture in this box: same shape, never enlarged, at least 1 × 1.
    #[must_use]
    pub fn size_of(self, width: u32, height: u32) -> (u32, u32) {
        if width <= self.width && height <= self.height {
            return (width, height);
        }
        let (w, h) = (u64::from(width), u64::from(height));
        let (bw, bh) = (u64::from(self.width), u64::from(self.height));
        let (fit_w, fit_h) = if w * bh >= h * bw {
            (bw, (h * bw + w / 2) / w)
        } else {
            ((w * bh + h / 2) / h, bh)
        };
        let bounded = |value: u64, max: u32| u32::try_from(value).unwrap_or(max).clamp(1, max);
        (bounded(fit_w, self.width), bounded(fit_h, self.height))
    }
}

/// The picture at the size that `source` (its full size before turning) has in the box; opaque and upright.
pub fn fit(
    picture: Pixels,
    source: (u32, u32),
    orientation: Orientation,
    within: FitBox,
) -> Result<Pixels, Rejection> {
    let (width, height) = within
        .before_turning(orientation)
        .size_of(source.0, source.1);
    if (width, height) == (picture.width, picture.height) {
        return picture.upright(orientation);
    }
    picture
        .resized(width, height, FilterType::Hamming)?
        .upright(orientation)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn pictures_keep_their_shape_and_are_never_enlarged() {
        let screen = FitBox::new(1920, 1080).unwrap();
        for (source, expected) in [
            ((4000, 3000), (1440, 1080)),
            ((4000, 1000), (1920, 480)),
            ((100, 50), (100, 50)),
            ((65_535, 1), (1920, 1)),
            ((1, 65_535), (1, 1080)),
        ] {
            assert_eq!(screen.size_of(source.0, source.1), expected);
        }
        let turned = screen.before_turning(Orientation::Rotate90);
        assert_eq!(turned.size_of(4000, 3000), (1080, 810));
    }

    #[test]
    fn boxes_have_limits() {
        for (width, height) in [(0, 9), (9, 0), (16_385, 1), (16_384, 16_384)] {
            assert_eq!(FitBox::new(width, height), Err(Rejection::TooLarge));
        }
    }
}
