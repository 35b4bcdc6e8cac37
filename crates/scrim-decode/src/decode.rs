//! From the bytes of one medium to the picture that a job asks for.
//!
//! The format is told by the first bytes, never by a name. Size limits are checked on the header, before any pixel is
//! decoded. Bad media is data, not an exception: every way it can be bad is a [`Rejection`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::metadata::Orientation;
use scrim_wire::worker::{
    DecodedInfo, Format, JobKind, JobLimits, MEDIA_BYTES_MAX, Rejection, SOURCE_PIXELS_MAX,
    SOURCE_SIDE_MAX,
};

use crate::cover::{cover, orientation_swaps};
use crate::fit::{FitBox, fit};
use crate::limits::COVER_LEVEL_SIDE;
use crate::pixels::{Pixels, with_long_side};
use crate::{jpeg, still};

/// What a source picture may measure. A job can make the limits of this build stricter, never looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLimits {
    /// Most pixels.
    pub pixels_max: u64,
    /// Longest side, in pixels.
    pub side_max: u32,
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
}

impl Want {
    /// Least size of the decoded picture, before turning.
    pub(crate) fn size_needed(self, source: (u32, u32), orientation: Orientation) -> (u32, u32) {
        match self {
            Self::Cover => with_long_side(source.0, source.1, COVER_LEVEL_SIDE),
            Self::Fit(within) => within
                .before_turning(orientation)
                .size_of(source.0, source.1),
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
}

/// Does one job. The picture is opaque RGBA and upright. A panic of a decoder is [`Rejection::Malformed`].
pub fn decode(
    bytes: &[u8],
    kind: JobKind,
    limits: JobLimits,
) -> Result<(DecodedInfo, Pixels), Rejection> {
    catch_unwind(AssertUnwindSafe(|| decode_unguarded(bytes, kind, limits)))
        .unwrap_or(Err(Rejection::Malformed))
}

fn decode_unguarded(
    bytes: &[u8],
    kind: JobKind,
    limits: JobLimits,
) -> Result<(DecodedInfo, Pixels), Rejection> {
    if bytes.is_empty() {
        return Err(Rejection::Empty);
    }
    if bytes.len() as u64 > MEDIA_BYTES_MAX {
        return Err(Rejection::TooLarge);
    }
    let want = match kind {
        JobKind::Cover { .. } => Want::Cover,
        JobKind::Fit {
            max_width,
            max_height,
        } => Want::Fit(FitBox::new(max_width, max_height)?),
        JobKind::Probe => return Err(Rejection::Unsupported),
    };
    let format = format_of(bytes)?;
    let limits = SourceLimits::from(limits);
    let decoded = match format {
        Format::Jpeg => jpeg::decode(bytes, limits, want)?,
        Format::Png | Format::WebP | Format::Gif => still::decode(bytes, format, limits)?,
    };
    let Decoded {
        pixels,
        source,
        orientation,
    } = decoded;
    let made = match (kind, want) {
        (
            JobKind::Cover {
                sigma_per_mille,
                grey,
            },
            _,
        ) => cover(&pixels, source, orientation, sigma_per_mille, grey)?,
        (_, Want::Fit(within)) => fit(pixels, source, orientation, within)?,
        (_, Want::Cover) => return Err(Rejection::Unsupported),
    };
    let (source_width, source_height) = if orientation_swaps(orientation) {
        (source.1, source.0)
    } else {
        source
    };
    let info = DecodedInfo {
        width: made.width,
        height: made.height,
        source_width,
        source_height,
        format,
    };
    Ok((info, made))
}

/// The format by its first bytes; [`Rejection::Unsupported`] for anything else.
pub fn format_of(bytes: &[u8]) -> Result<Format, Rejection> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Ok(Format::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(Format::Png)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Ok(Format::Gif)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) {
        Ok(Format::WebP)
    } else {
        Err(Rejection::Unsupported)
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
