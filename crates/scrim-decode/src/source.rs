//! What a decoder is asked for, what its source may measure, and what it leaves.

use fast_image_resize::FilterType;
use image::metadata::Orientation;
use scrim_wire::worker::{JobLimits, Rejection, SOURCE_PIXELS_MAX, SOURCE_SIDE_MAX};

use crate::colours::Profile;
use crate::fit::FitBox;
use crate::limits::COVER_LEVEL_SIDE;
use crate::pixels::{Pixels, with_long_side};

/// What a source picture may measure. A job can make the limits of this build stricter, never looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceLimits {
    /// Most pixels.
    pub(crate) pixels_max: u64,
    /// Longest side, in pixels.
    pub(crate) side_max: u32,
}

impl From<JobLimits> for SourceLimits {
    fn from(asked: JobLimits) -> Self {
        Self {
            pixels_max: asked.source_pixels_max.min(SOURCE_PIXELS_MAX),
            side_max: asked.source_side_max.min(SOURCE_SIDE_MAX),
        }
    }
}

/// What a decoder should leave at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Cover,
    Fit(FitBox),
    /// Every pixel.
    Whole,
}

impl Want {
    /// Least size of the decoded picture, before turning.
    pub(crate) fn size_needed(self, source: (u32, u32), orientation: Orientation) -> (u32, u32) {
        match self {
            Self::Cover => with_long_side(source.0, source.1, COVER_LEVEL_SIDE),
            Self::Fit(within) => within
                .before_turning(orientation)
                .size_of(source.0, source.1),
            Self::Whole => source,
        }
    }
}

/// A decoded picture, before turning and perhaps already reduced.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) pixels: Pixels,
    /// Full size before turning.
    pub(crate) source: (u32, u32),
    pub(crate) orientation: Orientation,
    /// What its colours mean, if the file says it and it is of use.
    pub(crate) profile: Option<Profile>,
}

impl Decoded {
    /// In sRGB, and opaque, if there is a profile; shrunk before to what `want` needs, so that only that is converted.
    pub(crate) fn in_srgb(mut self, want: Want) -> Result<Self, Rejection> {
        let Some(profile) = self.profile.take() else {
            return Ok(self);
        };
        let (width, height) = want.size_needed(self.source, self.orientation);
        if width < self.pixels.width || height < self.pixels.height {
            let filter = match want {
                Want::Cover => FilterType::Box,
                Want::Fit(_) | Want::Whole => FilterType::Hamming,
            };
            self.pixels = self.pixels.resized(width, height, filter)?;
        }
        self.pixels = self.pixels.into_opaque();
        if let Some(converted) = profile.of_rgbx(&self.pixels.bytes) {
            self.pixels.bytes = converted;
        }
        Ok(self)
    }
}

/// Checks the size that a header claims.
pub(crate) fn header_within(
    width: usize,
    height: usize,
    limits: SourceLimits,
) -> Result<(u32, u32), Rejection> {
    if width == 0 || height == 0 {
        return Err(Rejection::Malformed);
    }
    let side = |length: usize| u32::try_from(length).map_err(|_| Rejection::TooLarge);
    let (width, height) = (side(width)?, side(height)?);
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > limits.side_max || pixels > limits.pixels_max {
        return Err(Rejection::TooLarge);
    }
    Ok((width, height))
}
