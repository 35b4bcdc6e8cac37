//! Pictures that move: how many frames a file is known to have, and one of them.
//!
//! Frames are counted by walking over the parts of a file, without decoding; where the walk ends early, what was seen counts.
//! A frame behind the first is decoded with all before it, because they lie on each other, within the job's deadline.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, ImageDecoder, ImageError};
use scrim_wire::worker::{FRAMES_MAX, Format, Rejection};

use crate::colours::Profile;
use crate::limits::DECODER_BYTES_MAX;
use crate::pixels::{Layout, Pixels, byte_len};
use crate::source::{Decoded, SourceLimits, header_within};
use crate::still::{decoder_limits, limits_of_size, rejection};

/// At least so many frames; 1 to [`FRAMES_MAX`].
pub(crate) fn known(bytes: &[u8], format: Format) -> u32 {
    let counted = match format {
        Format::Gif => of_gif(bytes).take(FRAMES_MAX as usize).count(),
        Format::WebP => of_webp(bytes).take(FRAMES_MAX as usize).count(),
        Format::Png => {
            let of_animation = of_png(bytes).filter(|kind| *kind == FRAME_OF_PNG);
            of_animation.take(FRAMES_MAX as usize).count() + usize::from(stands_apart(bytes))
        }
        Format::Jpeg | Format::Bmp | Format::Tiff | Format::Avif => 1,
    };
    u32::try_from(counted)
        .unwrap_or(FRAMES_MAX)
        .clamp(1, FRAMES_MAX)
}

/// Frame `number`, at least 1. [`Rejection::NoSuchFrame`] behind the last.
pub(crate) fn decode(
    bytes: &[u8],
    format: Format,
    number: u32,
    limits: SourceLimits,
) -> Result<Decoded, Rejection> {
    if number >= known(bytes, format) {
        return Err(Rejection::NoSuchFrame);
    }
    let reader = Cursor::new(bytes);
    match format {
        Format::Gif => frame(GifDecoder::new(reader), number, limits, Ok),
        Format::WebP => frame(WebPDecoder::new(reader), number, limits, Ok),
        Format::Png => {
            let decoder = PngDecoder::with_limits(reader, decoder_limits(limits));
            // The animation begins behind a picture that is no part of it.
            let number = number - u32::from(stands_apart(bytes));
            frame(decoder, number, limits, PngDecoder::apng)
        }
        Format::Jpeg | Format::Bmp | Format::Tiff | Format::Avif => Err(Rejection::NoSuchFrame),
    }
}

fn frame<'a, D: ImageDecoder, A: AnimationDecoder<'a>>(
    decoder: Result<D, ImageError>,
    number: u32,
    limits: SourceLimits,
    moving: impl FnOnce(D) -> Result<A, ImageError>,
) -> Result<Decoded, Rejection> {
    let mut decoder = decoder.map_err(|error| rejection(&error))?;
    let (width, height) = decoder.dimensions();
    let source = header_within(width as usize, height as usize, limits)?;
    let len = byte_len(width, height, Layout::Rgba).ok_or(Rejection::TooLarge)?;
    if len as u64 > DECODER_BYTES_MAX {
        return Err(Rejection::MemoryExceeded);
    }
    decoder
        .set_limits(limits_of_size(limits, (width, height)))
        .map_err(|error| rejection(&error))?;
    let orientation = decoder.orientation().map_err(|error| rejection(&error))?;
    let profile = decoder.icc_profile().ok().flatten();
    let frames = moving(decoder)
        .map_err(|error| rejection(&error))?
        .into_frames();
    for (at, frame) in (0..=number).zip(frames) {
        let frame = frame.map_err(|error| rejection(&error))?;
        if at == number {
            let bytes = frame.into_buffer().into_raw();
            return Ok(Decoded {
                pixels: Pixels::new(width, height, Layout::Rgba, bytes)?,
                source,
                orientation,
                profile: profile.and_then(|profile| Profile::read(&profile)),
            });
        }
    }
    Err(Rejection::NoSuchFrame)
}

const FRAME_OF_PNG: [u8; 4] = *b"fcTL";

/// Whether the picture that readers without animation show is no frame of it.
fn stands_apart(bytes: &[u8]) -> bool {
    let mut first = of_png(bytes).filter(|kind| matches!(kind, b"fcTL" | b"IDAT"));
    let is_apart = first.next() == Some(*b"IDAT");
    is_apart && first.any(|kind| kind == FRAME_OF_PNG)
}

/// Kinds of a PNG's chunks (PNG, 5.3).
fn of_png(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    let mut rest = bytes.get(8..);
    std::iter::from_fn(move || {
        let (&[a, b, c, d, kind @ ..], after) = rest.take()?.split_first_chunk::<8>()?;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        // A checksum follows.
        rest = after.get(length.checked_add(4)?..);
        Some(kind)
    })
}

/// Frames of a WebP (RFC 9649, 2.7.1).
fn of_webp(bytes: &[u8]) -> impl Iterator<Item = ()> {
    let mut rest = bytes.get(12..);
    let kinds = std::iter::from_fn(move || {
        let (&[kind @ .., a, b, c, d], after) = rest.take()?.split_first_chunk::<8>()?;
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
        // To an even place.
        rest = after.get(length.checked_add(length % 2)?..);
        Some(kind)
    });
    kinds.filter(|kind| kind == b"ANMF").map(drop)
}

/// Frames of a GIF (GIF89a, 20 to 24).
fn of_gif(bytes: &[u8]) -> impl Iterator<Item = ()> {
    let mut rest = bytes
        .get(10)
        .and_then(|&flags| bytes.get(13 + table_len(flags)..));
    std::iter::from_fn(move || {
        loop {
            let (&kind, after) = rest.take()?.split_first()?;
            match kind {
                0x21 => rest = behind_blocks(after.get(1..)?),
                0x2c => {
                    let flags = *after.get(8)?;
                    // A byte for the compression, then blocks.
                    rest = behind_blocks(after.get(9 + table_len(flags) + 1..)?);
                    return Some(());
                }
                _ => return None,
            }
        }
    })
}

/// Bytes of a table of colours, by the flags before it.
fn table_len(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

fn behind_blocks(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (&length, after) = rest.split_first()?;
        if length == 0 {
            return Some(after);
        }
        rest = after.get(usize::from(length)..)?;
    }
}
