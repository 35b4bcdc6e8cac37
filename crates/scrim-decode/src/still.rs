//! PNG, WebP, GIF (first frame), BMP and TIFF (first picture) through the `image` crate, within limits read from the header first.

use std::error::Error;
use std::io::{self, Cursor};

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::LimitErrorKind;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, Limits};
use scrim_wire::worker::{Format, Rejection};

use crate::colours::Profile;
use crate::limits::{DECODER_BYTES_A_PIXEL, DECODER_BYTES_ANY, DECODER_BYTES_MAX};
use crate::pixels::{Layout, Pixels};
use crate::source::{Decoded, SourceLimits, header_within};

pub(crate) fn decode(
    bytes: &[u8],
    format: Format,
    limits: SourceLimits,
) -> Result<Decoded, Rejection> {
    if format == Format::WebP && is_cut_off(bytes) {
        return Err(Rejection::Truncated);
    }
    let reader = Cursor::new(bytes);
    match format {
        Format::Png => {
            let decoder = PngDecoder::with_limits(reader, decoder_limits(limits));
            read(decoder.map_err(|e| rejection(&e))?, limits)
        }
        Format::WebP => read(WebPDecoder::new(reader).map_err(|e| rejection(&e))?, limits),
        Format::Gif => read(GifDecoder::new(reader).map_err(|e| rejection(&e))?, limits),
        Format::Bmp => read(BmpDecoder::new(reader).map_err(|e| rejection(&e))?, limits),
        Format::Tiff => read(TiffDecoder::new(reader).map_err(|e| rejection(&e))?, limits),
        Format::Jpeg | Format::Avif => Err(Rejection::Unsupported),
    }
}

/// Whether a RIFF file is shorter than its own header says.
fn is_cut_off(bytes: &[u8]) -> bool {
    match bytes.get(4..8) {
        Some(&[a, b, c, d]) => {
            let claimed = u64::from(u32::from_le_bytes([a, b, c, d]));
            (bytes.len() as u64) < claimed + 8
        }
        _ => true,
    }
}

/// Before a picture's size is known.
pub(crate) fn decoder_limits(limits: SourceLimits) -> Limits {
    let mut decoder_limits = Limits::default();
    decoder_limits.max_image_width = Some(limits.side_max);
    decoder_limits.max_image_height = Some(limits.side_max);
    decoder_limits.max_alloc = Some(DECODER_BYTES_MAX);
    decoder_limits
}

/// For a picture of this size: a small one that asks for much memory, for a frame beyond its canvas or a strip without
/// end, is refused at once.
pub(crate) fn limits_of_size(limits: SourceLimits, (width, height): (u32, u32)) -> Limits {
    let pixels = u64::from(width) * u64::from(height);
    let for_size = DECODER_BYTES_ANY + pixels.saturating_mul(DECODER_BYTES_A_PIXEL);
    let mut decoder_limits = decoder_limits(limits);
    decoder_limits.max_alloc = Some(for_size.min(DECODER_BYTES_MAX));
    decoder_limits
}

fn read(mut decoder: impl ImageDecoder, limits: SourceLimits) -> Result<Decoded, Rejection> {
    let (width, height) = decoder.dimensions();
    let source = header_within(width as usize, height as usize, limits)?;
    let mut decoder_limits = limits_of_size(limits, (width, height));
    decoder_limits
        .reserve(decoder.total_bytes())
        .map_err(|error| rejection(&error))?;
    decoder
        .set_limits(decoder_limits)
        .map_err(|error| rejection(&error))?;
    let orientation = decoder.orientation().map_err(|error| rejection(&error))?;
    // A profile that cannot be had is none.
    let profile = decoder.icc_profile().ok().flatten();
    let layout = match decoder.color_type() {
        ColorType::L8 => Some(Layout::Grey),
        ColorType::La8 => Some(Layout::GreyAlpha),
        ColorType::Rgb8 => Some(Layout::Rgb),
        ColorType::Rgba8 => Some(Layout::Rgba),
        _ => None,
    };
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| rejection(&error))?;
    let (layout, bytes) = match layout {
        Some(layout) => (layout, picture.into_bytes()),
        // 16 bits a channel: more than a screen shows.
        None => (Layout::Rgba, picture.into_rgba8().into_raw()),
    };
    Ok(Decoded {
        pixels: Pixels::new(width, height, layout, bytes)?,
        source,
        orientation,
        profile: profile.and_then(|profile| Profile::read(&profile)),
    })
}

pub(crate) fn rejection(error: &ImageError) -> Rejection {
    match error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::DimensionError => Rejection::TooLarge,
            _ => Rejection::MemoryExceeded,
        },
        ImageError::Unsupported(_) => Rejection::Unsupported,
        other if ends_early(other) => Rejection::Truncated,
        _ => Rejection::Malformed,
    }
}

/// Whether an end of the bytes lies anywhere under `error`.
fn ends_early(error: &ImageError) -> bool {
    if let ImageError::IoError(error) = error {
        return error.kind() == io::ErrorKind::UnexpectedEof;
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        let end = error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        // The decoders wrap some ends of file in their own types, known by text only.
        if end
            || error
                .to_string()
                .to_ascii_lowercase()
                .contains("unexpected end")
        {
            return true;
        }
        cause = error.source();
    }
    false
}
