//! From the bytes of one medium to the picture that a job asks for.
//!
//! The format is told by the first bytes, never by a name. Size limits are checked on the header, before any pixel is
//! decoded. Bad media is data, not an exception: every way it can be bad is a [`Rejection`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use scrim_wire::worker::{DecodedInfo, Format, JobKind, JobLimits, MEDIA_BYTES_MAX, Rejection};

use crate::cover::{cover, orientation_swaps};
use crate::fit::{FitBox, fit};
use crate::pixels::Pixels;
use crate::sketch::sketch;
use crate::soft::soft;
use crate::source::{Decoded, SourceLimits, Want};
use crate::{avif, frames, jpeg, still};

/// Does one job over the first frame. See [`decode_frame`].
pub fn decode(
    bytes: &[u8],
    kind: JobKind,
    limits: JobLimits,
) -> Result<(DecodedInfo, Pixels), Rejection> {
    decode_frame(bytes, kind, 0, limits)
}

/// Does one job. The picture is opaque RGBA and upright. A panic of a decoder is [`Rejection::Malformed`].
pub fn decode_frame(
    bytes: &[u8],
    kind: JobKind,
    frame: u32,
    limits: JobLimits,
) -> Result<(DecodedInfo, Pixels), Rejection> {
    let work = || decode_unguarded(bytes, kind, frame, limits);
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Rejection::Malformed))
}

fn decode_unguarded(
    bytes: &[u8],
    kind: JobKind,
    frame: u32,
    limits: JobLimits,
) -> Result<(DecodedInfo, Pixels), Rejection> {
    check_len(bytes)?;
    let want = match kind {
        JobKind::Cover { .. } => Want::Cover,
        JobKind::Fit {
            max_width,
            max_height,
        }
        | JobKind::Soft {
            max_width,
            max_height,
            ..
        } => Want::Fit(FitBox::new(max_width, max_height)?),
        JobKind::Probe | JobKind::Hashes { .. } | JobKind::Moving(_) => {
            return Err(Rejection::Unsupported);
        }
    };
    let format = format_of(bytes)?;
    let Decoded {
        pixels,
        source,
        orientation,
        ..
    } = match frame {
        0 => decoded(bytes, format, limits, want)?,
        number => frames::decode(bytes, format, number, SourceLimits::from(limits))?,
    }
    .in_srgb(want)?;
    let made = match (kind, want) {
        (
            JobKind::Cover {
                sigma_per_mille,
                grey,
                sketch: drawn,
            },
            _,
        ) => {
            let covered = cover(&pixels, source, orientation, sigma_per_mille, grey)?;
            if drawn { sketch(&covered)? } else { covered }
        }
        (
            JobKind::Soft {
                sigma_per_myriad, ..
            },
            Want::Fit(within),
        ) => soft(&pixels, source, orientation, within, sigma_per_myriad)?,
        (_, Want::Fit(within)) => fit(pixels, source, orientation, within)?,
        (_, Want::Cover | Want::Whole) => return Err(Rejection::Unsupported),
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
        frames: frames::known(bytes, format),
    };
    Ok((info, made))
}

/// Errors: [`Rejection::Empty`], [`Rejection::TooLarge`] (over 100 MB).
pub(crate) fn check_len(bytes: &[u8]) -> Result<(), Rejection> {
    if bytes.is_empty() {
        return Err(Rejection::Empty);
    }
    if bytes.len() as u64 > MEDIA_BYTES_MAX {
        return Err(Rejection::TooLarge);
    }
    Ok(())
}

/// Every pixel of a picture, not turned. A panic of a decoder is [`Rejection::Malformed`].
pub(crate) fn whole(bytes: &[u8], limits: JobLimits) -> Result<Pixels, Rejection> {
    catch_unwind(AssertUnwindSafe(|| {
        let format = format_of(bytes)?;
        decoded(bytes, format, limits, Want::Whole).map(|decoded| decoded.pixels)
    }))
    .unwrap_or(Err(Rejection::Malformed))
}

fn decoded(
    bytes: &[u8],
    format: Format,
    limits: JobLimits,
    want: Want,
) -> Result<Decoded, Rejection> {
    let limits = SourceLimits::from(limits);
    match format {
        Format::Jpeg => jpeg::decode(bytes, limits, want),
        Format::Avif => avif::decode(bytes, limits),
        Format::Png | Format::WebP | Format::Gif | Format::Bmp | Format::Tiff => {
            still::decode(bytes, format, limits)
        }
    }
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
    } else if TIFF_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        Ok(Format::Tiff)
    } else if avif::is_avif(bytes) {
        Ok(Format::Avif)
    } else if is_bmp(bytes) {
        Ok(Format::Bmp)
    } else {
        Err(Rejection::Unsupported)
    }
}

/// Both orders of bytes; the second pair is TIFF with places of eight bytes.
const TIFF_MARKS: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];

/// Two letters are not enough of a mark: behind the file's header stands the length of a header that BMP knows.
fn is_bmp(bytes: &[u8]) -> bool {
    let length = bytes.get(14..18).and_then(|length| length.first_chunk());
    bytes.starts_with(b"BM")
        && length.is_some_and(|&length| {
            matches!(
                u32::from_le_bytes(length),
                12 | 40 | 52 | 56 | 64 | 108 | 124
            )
        })
}
