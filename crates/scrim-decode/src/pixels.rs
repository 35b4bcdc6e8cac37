//! Pixels in memory, in the layout that their decoder gave, and the few operations on them.

pub use fast_image_resize::FilterType;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, RgbaImage};
pub use scrim_pdq::Layout;
use scrim_pdq::over_backdrop;
use scrim_wire::worker::Rejection;

fn pixel_type(layout: Layout) -> PixelType {
    match layout {
        Layout::Grey => PixelType::U8,
        Layout::GreyAlpha => PixelType::U8x2,
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba | Layout::Rgbx => PixelType::U8x4,
    }
}

/// A picture: rows from the top, no padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// Layout of `bytes`.
    pub layout: Layout,
    /// `width * height * layout.bytes()` bytes.
    pub bytes: Vec<u8>,
}

impl Pixels {
    /// Checks that the numbers fit together; [`Rejection::Malformed`] if not.
    pub fn new(width: u32, height: u32, layout: Layout, bytes: Vec<u8>) -> Result<Self, Rejection> {
        let len = byte_len(width, height, layout).ok_or(Rejection::TooLarge)?;
        if len == 0 || bytes.len() != len {
            return Err(Rejection::Malformed);
        }
        Ok(Self {
            width,
            height,
            layout,
            bytes,
        })
    }

    /// Resized to `width` × `height` with `filter`; transparent pixels lend no colour to their neighbours.
    pub fn resized(&self, width: u32, height: u32, filter: FilterType) -> Result<Self, Rejection> {
        let pixel_type = pixel_type(self.layout);
        let source = ImageRef::new(self.width, self.height, &self.bytes, pixel_type)
            .map_err(|_| Rejection::Malformed)?;
        let mut target = Image::new(width, height, pixel_type);
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(filter))
            .use_alpha(matches!(self.layout, Layout::GreyAlpha | Layout::Rgba));
        Resizer::new()
            .resize(&source, &mut target, &options)
            .map_err(|_| Rejection::Malformed)?;
        Self::new(width, height, self.layout, target.into_vec())
    }

    /// Opaque RGBA: transparency over a mid grey.
    #[must_use]
    pub fn into_opaque(self) -> Self {
        let bytes = match self.layout {
            Layout::Rgbx => self.bytes,
            Layout::Grey => each(&self.bytes, |&[grey]| [grey, grey, grey, 255]),
            Layout::GreyAlpha => each(&self.bytes, |&[grey, alpha]| {
                let grey = over_backdrop(grey, alpha);
                [grey, grey, grey, 255]
            }),
            Layout::Rgb => each(&self.bytes, |&[red, green, blue]| [red, green, blue, 255]),
            Layout::Rgba => flattened(self.bytes),
        };
        Self {
            layout: Layout::Rgbx,
            bytes,
            ..self
        }
    }

    /// Turned upright. Made opaque on the way.
    pub fn upright(self, orientation: Orientation) -> Result<Self, Rejection> {
        let opaque = self.into_opaque();
        if orientation == Orientation::NoTransforms {
            return Ok(opaque);
        }
        let picture = RgbaImage::from_raw(opaque.width, opaque.height, opaque.bytes)
            .ok_or(Rejection::Malformed)?;
        let mut picture = DynamicImage::ImageRgba8(picture);
        picture.apply_orientation(orientation);
        let (width, height) = (picture.width(), picture.height());
        Self::new(width, height, Layout::Rgbx, picture.into_bytes())
    }
}

/// Bytes of a picture; `None` if no address space could hold it.
#[must_use]
pub fn byte_len(width: u32, height: u32, layout: Layout) -> Option<usize> {
    (width as usize)
        .checked_mul(height as usize)?
        .checked_mul(layout.bytes())
}

/// `width` × `height` scaled so that the long side becomes `side`, at least 1 × 1. May enlarge.
#[must_use]
pub fn with_long_side(width: u32, height: u32, side: u32) -> (u32, u32) {
    let long = u64::from(width.max(height)).max(1);
    let scaled = |length: u32| {
        let exact = (u64::from(length) * u64::from(side) + long / 2) / long;
        u32::try_from(exact).unwrap_or(side).clamp(1, side)
    };
    (scaled(width), scaled(height))
}

/// Another layout, pixel by pixel.
fn each<const FROM: usize>(bytes: &[u8], made: impl Fn(&[u8; FROM]) -> [u8; 4]) -> Vec<u8> {
    let pixels = bytes.as_chunks().0.iter();
    pixels.map(made).collect::<Vec<_>>().into_flattened()
}

fn flattened(mut rgba: Vec<u8>) -> Vec<u8> {
    for pixel in rgba.chunks_exact_mut(4) {
        let alpha = pixel[3];
        if alpha != 255 {
            for channel in &mut pixel[..3] {
                *channel = over_backdrop(*channel, alpha);
            }
            pixel[3] = 255;
        }
    }
    rgba
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn numbers_must_fit_together() {
        assert!(Pixels::new(2, 1, Layout::Rgb, vec![0; 6]).is_ok());
        for (width, height, len) in [(2, 1, 5), (0, 1, 0), (1, 0, 0), (u32::MAX, u32::MAX, 6)] {
            assert!(Pixels::new(width, height, Layout::Rgb, vec![0; len]).is_err());
        }
    }

    #[test]
    fn transparency_lies_over_mid_grey() {
        let clear = Pixels::new(2, 1, Layout::Rgba, vec![255, 0, 9, 0, 255, 0, 9, 255]).unwrap();
        let expected = vec![128, 128, 128, 255, 255, 0, 9, 255];
        assert_eq!(clear.into_opaque().bytes, expected);
        let clear = Pixels::new(2, 1, Layout::GreyAlpha, vec![255, 0, 7, 255]).unwrap();
        let expected = vec![128, 128, 128, 255, 7, 7, 7, 255];
        assert_eq!(clear.into_opaque().bytes, expected);
    }

    #[test]
    fn turning_swaps_the_sides() {
        let wide = Pixels::new(2, 1, Layout::Grey, vec![1, 2]).unwrap();
        let turned = wide.upright(Orientation::Rotate90).unwrap();
        assert_eq!((turned.width, turned.height), (1, 2));
        assert_eq!(turned.bytes, vec![1, 1, 1, 255, 2, 2, 2, 255]);
    }

    #[test]
    fn the_long_side_is_kept_exactly() {
        assert_eq!(with_long_side(4000, 3000, 64), (64, 48));
        assert_eq!(with_long_side(1, 65_535, 512), (1, 512));
        assert_eq!(with_long_side(10, 5, 512), (512, 256));
    }
}
