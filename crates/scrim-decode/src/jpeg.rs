//! JPEG, decoded at the largest reduction that still leaves what the job needs: a usual file for a cover by
//! [`crate::eighth`], everything else through libjpeg-turbo.
//!
//! At 1/8 only the mean of each 8 × 8 block is ever computed, so a cover of a large picture never holds the clear one.
//! A file that ends early or has damaged data is refused, not half shown.

use scrim_wire::worker::Rejection;
use turbojpeg::{Colorspace, DecompressHeader, Decompressor, Error, Image, PixelFormat};

use crate::colours::Profile;
use crate::eighth;
use crate::limits::{DECODER_BYTES_MAX, JPEG_SCANS_MAX};
use crate::pixels::{Layout, Pixels, byte_len};
use crate::segments;
use crate::source::{Decoded, SourceLimits, Want, header_within};

pub(crate) fn decode(bytes: &[u8], limits: SourceLimits, want: Want) -> Result<Decoded, Rejection> {
    let mut decoder = Decompressor::new().map_err(|_| Rejection::MemoryExceeded)?;
    decoder
        .set_scan_limit(JPEG_SCANS_MAX)
        .map_err(|error| rejection(&error))?;
    let header = decoder.read_header(bytes).map_err(|e| rejection(&e))?;
    let source = header_within(header.width, header.height, limits)?;
    let orientation = segments::orientation(bytes);
    let needed = want.size_needed(source, orientation);
    let is_usual = matches!(header.colorspace, Colorspace::YCbCr | Colorspace::Gray);
    if want == Want::Cover
        && is_usual
        && let Some(pixels) = eighth::decode(bytes, source, needed)
    {
        return Ok(Decoded {
            pixels,
            source,
            orientation,
            profile: segments::profile(bytes).and_then(|bytes| Profile::read(&bytes)),
        });
    }
    // A reduction may keep the size of a small picture and still change its pixels.
    if want != Want::Whole
        && let Some(factor) = largest_reduction(&header, needed)
    {
        decoder
            .set_scaling_factor(factor)
            .map_err(|error| rejection(&error))?;
    }
    let size = header.scaled(decoder.scaling_factor());
    let (format, layout) = match header.colorspace {
        Colorspace::CMYK | Colorspace::YCCK => (PixelFormat::CMYK, Layout::Rgbx),
        _ if matches!(want, Want::Cover | Want::Whole) => (PixelFormat::RGB, Layout::Rgb),
        _ => (PixelFormat::RGBA, Layout::Rgbx),
    };
    let (width, height) = (size.width as u32, size.height as u32);
    let len = byte_len(width, height, layout).ok_or(Rejection::TooLarge)?;
    if len as u64 > DECODER_BYTES_MAX {
        return Err(Rejection::MemoryExceeded);
    }
    let mut image = Image {
        pixels: vec![0_u8; len],
        width: size.width,
        pitch: size.width * layout.bytes(),
        height: size.height,
        format,
    };
    decoder
        .decompress(bytes, image.as_deref_mut())
        .map_err(|error| rejection(&error))?;
    let mut profile = match want {
        Want::Whole => None,
        Want::Cover | Want::Fit(_) => {
            segments::profile(bytes).and_then(|bytes| Profile::read(&bytes))
        }
    };
    if format == PixelFormat::CMYK {
        let inverted = segments::has_adobe_mark(bytes);
        image.pixels = of_inks(image.pixels, inverted, profile.take());
    }
    Ok(Decoded {
        pixels: Pixels::new(width, height, layout, image.pixels)?,
        source,
        orientation,
        profile,
    })
}

/// The smallest scale of an eighth, a quarter or a half that is not below `needed` on either side; none for lossless files.
/// libjpeg-turbo has the other eighths too, but no fast code for them: a half is decoded sooner than three eighths.
fn largest_reduction(
    header: &DecompressHeader,
    needed: (u32, u32),
) -> Option<turbojpeg::ScalingFactor> {
    if header.is_lossless {
        return None;
    }
    let supported = Decompressor::supported_scaling_factors();
    [8, 4, 2]
        .map(|parts| turbojpeg::ScalingFactor::new(1, parts))
        .into_iter()
        .find(|factor| {
            supported.contains(factor)
                && factor.scale(header.width) >= needed.0 as usize
                && factor.scale(header.height) >= needed.1 as usize
        })
}

/// Opaque RGBA. Without a profile what each ink leaves of the light, times what black leaves, is the colour. `inverted`:
/// 255 for no ink, as Adobe writes them.
fn of_inks(mut inks: Vec<u8>, inverted: bool, profile: Option<Profile>) -> Vec<u8> {
    if inverted == profile.is_some() {
        inks.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    if let Some(profile) = profile {
        if let Some(converted) = profile.of_inks(&inks) {
            return converted;
        }
        inks.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    for pixel in inks.chunks_exact_mut(4) {
        let black = u16::from(pixel[3]);
        for channel in &mut pixel[..3] {
            let light = (u16::from(*channel) * black + 127) / 255;
            *channel = u8::try_from(light).unwrap_or(u8::MAX);
        }
        pixel[3] = 255;
    }
    inks
}

/// libjpeg-turbo tells its errors by text only; an unknown text is a malformed file.
fn rejection(error: &Error) -> Rejection {
    let text = match error {
        Error::TurboJpegError(text) => text.to_ascii_lowercase(),
        Error::Null => return Rejection::MemoryExceeded,
        Error::BadSubsamp(_) | Error::BadColorspace(_) => return Rejection::Unsupported,
        // The decoder's size of a file that ends before its frame header is -1.
        Error::IntegerOverflow("width" | "height") => return Rejection::Truncated,
        Error::IntegerOverflow(_) => return Rejection::TooLarge,
        _ => return Rejection::Malformed,
    };
    let says = |word: &str| text.contains(word);
    if says("premature end") || says("contains no image") {
        Rejection::Truncated
    } else if says("insufficient memory") || says("memory allocation") {
        Rejection::MemoryExceeded
    } else if says("maximum supported image dimension") {
        Rejection::TooLarge
    } else if says("unsupported") || says("not supported") || says("not implemented") {
        Rejection::Unsupported
    } else {
        Rejection::Malformed
    }
}
