//! The parts of an AV1 stream that a still picture is made of (AV1 specification, 5.3), and no others.
//!
//! An AVIF picture has one sequence header (AVIF 1.1, 2.1). Whatever else a stream holds is left out before the decoder sees
//! it: a second header behind the first frame's, above all, takes away what the decoder counts on.

use scrim_wire::worker::Rejection;

use crate::limits::OBUS_MAX;

const SEQUENCE_HEADER: u8 = 1;
const FRAME_HEADER: u8 = 3;
const TILE_GROUP: u8 = 4;
const FRAME: u8 = 6;
const REDUNDANT_FRAME_HEADER: u8 = 7;

/// The first sequence header, and the frames behind it.
pub(crate) fn of_still(stream: &[u8]) -> Result<Vec<u8>, Rejection> {
    let mut still = Vec::with_capacity(stream.len());
    let mut rest = stream;
    for _ in 0..OBUS_MAX {
        if rest.is_empty() {
            return Ok(still);
        }
        let (kind, length) = first(rest)?;
        let (obu, after) = rest.split_at_checked(length).ok_or(Rejection::Truncated)?;
        let is_needed = match kind {
            SEQUENCE_HEADER => still.is_empty(),
            FRAME_HEADER | TILE_GROUP | FRAME | REDUNDANT_FRAME_HEADER => !still.is_empty(),
            _ => false,
        };
        if is_needed {
            still.extend_from_slice(obu);
        }
        rest = after;
    }
    Err(Rejection::Malformed)
}

/// What the first unit is, and its length with its head.
fn first(bytes: &[u8]) -> Result<(u8, usize), Rejection> {
    let head = *bytes.first().ok_or(Rejection::Truncated)?;
    let (is_extended, has_size) = (head & 4 != 0, head & 2 != 0);
    if head & 0x80 != 0 {
        return Err(Rejection::Malformed);
    }
    let kind = head >> 3 & 15;
    let mut at = if is_extended { 2 } else { 1 };
    if !has_size {
        return Ok((kind, bytes.len()));
    }
    let mut size = 0_u64;
    for group in 0..8 {
        let byte = *bytes.get(at).ok_or(Rejection::Truncated)?;
        at += 1;
        size |= u64::from(byte & 0x7f) << (group * 7);
        if byte & 0x80 == 0 {
            let size = usize::try_from(size).map_err(|_| Rejection::Truncated)?;
            let length = at.checked_add(size).ok_or(Rejection::Truncated)?;
            return Ok((kind, length));
        }
    }
    Err(Rejection::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind << 3 | 2, body.len() as u8][..], body].concat()
    }

    #[test]
    fn one_header_and_the_frames_behind_it_are_kept() {
        let (header, frame) = (unit(SEQUENCE_HEADER, b"one"), unit(FRAME, b"two"));
        let stream = [
            unit(2, b""),
            unit(FRAME, b"early"),
            header.clone(),
            unit(5, b"more"),
            frame.clone(),
        ]
        .concat();
        let again = [stream, unit(SEQUENCE_HEADER, b"another"), unit(15, b"")].concat();
        assert_eq!(of_still(&again), Ok([header, frame].concat()));
    }

    #[test]
    fn a_unit_without_a_size_is_the_last() {
        let stream = [unit(SEQUENCE_HEADER, b"one"), vec![FRAME << 3, 1, 2, 3]].concat();
        assert_eq!(of_still(&stream), Ok(stream.clone()));
    }

    #[test]
    fn sizes_that_are_not_true_and_too_many_units_are_refused() {
        assert_eq!(of_still(&[0x0a, 9, 1]), Err(Rejection::Truncated));
        assert_eq!(of_still(&[0x0a]), Err(Rejection::Truncated));
        let endless = [&[0x0a][..], &[0xff; 9]].concat();
        assert_eq!(of_still(&endless), Err(Rejection::Malformed));
        assert_eq!(of_still(&[0x8a, 0]), Err(Rejection::Malformed));
        let many = unit(15, b"").repeat(OBUS_MAX + 1);
        assert_eq!(of_still(&many), Err(Rejection::Malformed));
    }
}
