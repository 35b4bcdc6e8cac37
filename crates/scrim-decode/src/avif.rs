//! AVIF: the container through `mp4parse`, AV1 through [`crate::av1`], colours by [`crate::yuv`].
//!
//! One picture is shown, with its transparency: grids, sequences without a picture of their own and layers are not.

use image::metadata::Orientation;
use mp4parse::{AvifContext, Error, ImageMirror, ImageRotation, ParseStrictness, read_avif};
use scrim_wire::worker::Rejection;

use crate::av1::{Frame, is_mirrored};
use crate::colours::Profile;
use crate::limits::{BOXES_MAX, BRANDS_MAX, DECODER_BYTES_MAX, ITEM_BYTES_MIN};
use crate::pixels::{Layout, Pixels, byte_len};
use crate::source::{Decoded, SourceLimits, header_within};
use crate::yuv;

/// Whether the first bytes are those of a file that says it can be read as AVIF.
pub(crate) fn is_avif(bytes: &[u8]) -> bool {
    let Some((&[a, b, c, d, kind @ ..], brands)) = bytes.split_first_chunk::<8>() else {
        return false;
    };
    let length = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(8);
    let brands = brands.get(..length).unwrap_or(brands);
    // The second four bytes are a version.
    let mut brands = brands
        .as_chunks::<4>()
        .0
        .iter()
        .take(BRANDS_MAX)
        .enumerate();
    &kind == b"ftyp" && brands.any(|(at, brand)| at != 1 && matches!(brand, b"avif" | b"avis"))
}

pub(crate) fn decode(bytes: &[u8], limits: SourceLimits) -> Result<Decoded, Rejection> {
    if is_cut_off(bytes) {
        return Err(Rejection::Truncated);
    }
    if claims_too_much(bytes) || has_burst_box(bytes) {
        return Err(Rejection::Malformed);
    }
    let context = read_avif(&mut &bytes[..], ParseStrictness::Normal).map_err(|e| rejection(&e))?;
    let stream = context.primary_item_coded_data();
    let frame = Frame::decode(stream.ok_or(Rejection::Unsupported)?, limits.pixels_max)?;
    let source = header_within(frame.width as usize, frame.height as usize, limits)?;
    let alpha = match context.alpha_item_coded_data() {
        Some(stream) => Some(Frame::decode(stream, limits.pixels_max)?),
        None => None,
    };
    let layout = if alpha.is_some() {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let len = byte_len(source.0, source.1, layout).ok_or(Rejection::TooLarge)?;
    if len as u64 > DECODER_BYTES_MAX {
        return Err(Rejection::MemoryExceeded);
    }
    let mut pixels = yuv::rgb(&frame, layout.bytes())?;
    if let Some(alpha) = alpha {
        yuv::add_alpha(&alpha, source, context.premultiplied_alpha, &mut pixels)?;
    }
    let profile = context.icc_colour_information().and_then(Result::ok);
    Ok(Decoded {
        pixels: Pixels::new(source.0, source.1, layout, pixels)?,
        source,
        orientation: orientation(&context),
        profile: profile.and_then(Profile::read),
    })
}

/// Whether a box at the top that the picture needs begins and does not end in the file. What else follows it is not looked at.
fn is_cut_off(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    for _ in 0..BOXES_MAX {
        let Some((&[a, b, c, d, kind @ ..], after)) = rest.split_first_chunk::<8>() else {
            return false;
        };
        let length = match u32::from_be_bytes([a, b, c, d]) {
            // To the end of the file.
            0 => return false,
            1 => after
                .first_chunk()
                .map(|&length| u64::from_be_bytes(length)),
            length => Some(u64::from(length)),
        };
        match length.and_then(|length| usize::try_from(length).ok()) {
            // A box without room for its own head is the parser's to refuse.
            Some(length) if length < 8 => return false,
            Some(length) if length <= rest.len() => rest = &rest[length..],
            _ => return matches!(&kind, b"ftyp" | b"meta" | b"mdat"),
        }
    }
    false
}

/// Whether a list of items says that it has more than it has room for: the parser asks for memory by that number, for
/// each item more than it takes in a file.
fn claims_too_much(bytes: &[u8]) -> bool {
    let mut lists = boxes(bytes)
        .filter(|(kind, _)| kind == b"meta")
        // Behind its version.
        .flat_map(|(_, body)| boxes(body.get(4..).unwrap_or_default()));
    lists.any(|(kind, body)| {
        // Where the number has four bytes; two cannot ask for much.
        let count = match (&kind, body) {
            (b"iinf", [1..=u8::MAX, _, _, _, count @ ..]) => count.first_chunk(),
            (b"iloc", [2..=u8::MAX, _, _, _, _, _, count @ ..]) => count.first_chunk(),
            _ => None,
        };
        let least = body.len() / ITEM_BYTES_MIN;
        count.is_some_and(|&count| u32::from_be_bytes(count) as usize > least)
    })
}

/// Whether a box inside another says that it is longer than that one: the parser asks for memory by what it says.
fn has_burst_box(bytes: &[u8]) -> bool {
    let holders = boxes(bytes).filter(|(kind, _)| matches!(kind, b"meta" | b"moov"));
    let mut bodies: Vec<&[u8]> = holders
        .filter_map(|(kind, body)| body.get(inside(&kind, body)?..))
        .collect();
    while let Some(body) = bodies.pop() {
        let mut left = body.len();
        for (kind, child) in boxes(body) {
            // The child ends where its body ends.
            let end = child.as_ptr_range().end as usize - body.as_ptr_range().start as usize;
            left = body.len() - end;
            bodies.extend(inside(&kind, child).and_then(|at| child.get(at..)));
        }
        // What is left has a head and no room for what it says.
        if left >= 8 {
            return true;
        }
    }
    false
}

/// Where the boxes in a box begin; none if it is not known to hold any.
fn inside(kind: &[u8; 4], body: &[u8]) -> Option<usize> {
    match kind {
        b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"dinf" | b"edts" | b"iprp" | b"ipco" => {
            Some(0)
        }
        // Behind version and flags.
        b"meta" | b"iref" => Some(4),
        // Behind the number of items as well, which has two bytes in version 0.
        b"iinf" => Some(if body.first() == Some(&0) { 6 } else { 8 }),
        _ => None,
    }
}

/// Kinds and bodies of boxes, one behind the other; up to the first that does not end.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (&[a, b, c, d, kind @ ..], after) = rest.split_first_chunk::<8>()?;
        let (length, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (rest.len(), 8),
            1 => {
                let length = u64::from_be_bytes(*after.first_chunk()?);
                (usize::try_from(length).ok()?, 16)
            }
            length => (length as usize, 8),
        };
        let body = rest.get(head..length)?;
        rest = &rest[length..];
        Some((kind, body))
    })
}

/// First turned (the container counts against the clock), then mirrored.
fn orientation(context: &AvifContext) -> Orientation {
    let turned = context.image_rotation().unwrap_or(ImageRotation::D0);
    match (turned, is_mirrored(context)) {
        (ImageRotation::D0, None) => Orientation::NoTransforms,
        (ImageRotation::D90, None) => Orientation::Rotate270,
        (ImageRotation::D180, None) => Orientation::Rotate180,
        (ImageRotation::D270, None) => Orientation::Rotate90,
        (ImageRotation::D0, Some(ImageMirror::LeftRight))
        | (ImageRotation::D180, Some(ImageMirror::TopBottom)) => Orientation::FlipHorizontal,
        (ImageRotation::D0, Some(ImageMirror::TopBottom))
        | (ImageRotation::D180, Some(ImageMirror::LeftRight)) => Orientation::FlipVertical,
        (ImageRotation::D90, Some(ImageMirror::LeftRight))
        | (ImageRotation::D270, Some(ImageMirror::TopBottom)) => Orientation::Rotate270FlipH,
        (ImageRotation::D90, Some(ImageMirror::TopBottom))
        | (ImageRotation::D270, Some(ImageMirror::LeftRight)) => Orientation::Rotate90FlipH,
    }
}

fn rejection(error: &Error) -> Rejection {
    match error {
        Error::UnexpectedEOF => Rejection::Truncated,
        Error::Unsupported(_) => Rejection::Unsupported,
        Error::OutOfMemory => Rejection::MemoryExceeded,
        Error::InvalidData(_) | Error::Io(_) | Error::MoovMissing => Rejection::Malformed,
    }
}
