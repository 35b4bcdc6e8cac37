//! New inputs from old ones.

use scrim_faults::Seeded;

use crate::json;
use crate::limits::{INPUT_BYTES_MAX, STACKED_CHANGES_MAX};
use crate::targets::Shape;

/// An input made from `input`, sometimes with parts of `other`.
pub(crate) fn mutated(shape: Shape, input: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=rng.below(STACKED_CHANGES_MAX) {
        bytes = match shape {
            Shape::HeadAndJson { heads } => head_and_json(heads, &bytes, other, rng),
            Shape::Json => {
                if rng.one_in(5) {
                    changed(&bytes, other, rng)
                } else {
                    json::mutated(&bytes, other, rng)
                }
            }
            Shape::Text { words } => text(words, &bytes, other, rng),
            Shape::Bytes => changed(&bytes, other, rng),
        };
        bytes.truncate(INPUT_BYTES_MAX);
    }
    bytes
}

/// The first line says what is asked; the rest is JSON, most of the time.
fn head_and_json(heads: &[&str], input: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let (head, body) = split(input);
    let (other_head, other_body) = split(other);
    let (mut head, mut body) = (head.to_vec(), body.to_vec());
    match rng.below(12) {
        0 => head = heads[rng.index(heads.len())].as_bytes().to_vec(),
        1 => head = other_head.to_vec(),
        2 => head = changed(&head, other_head, rng),
        3 => body = changed(&body, other_body, rng),
        _ => body = json::mutated(&body, other_body, rng),
    }
    head.retain(|byte| *byte != b'\n');
    head.push(b'\n');
    head.extend(body);
    head
}

pub(crate) fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n');
    end.map_or((input, &[]), |end| (&input[..end], &input[end + 1..]))
}

/// Lines and words of a text, and single bytes.
fn text(words: &[&str], input: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let others: Vec<&[u8]> = other.split(|byte| *byte == b'\n').collect();
    let at = rng.index(lines.len());
    match rng.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, others[rng.index(others.len())]),
        2 => lines.insert(at, lines[rng.index(lines.len())]),
        3 | 4 => {
            let mut bytes = input.to_vec();
            let at = rng.index(bytes.len() + 1);
            let word = words[rng.index(words.len())].bytes();
            let end = (at + rng.index(12)).min(bytes.len());
            bytes.splice(at..if rng.one_in(2) { at } else { end }, word);
            return bytes;
        }
        _ => return changed(input, other, rng),
    }
    lines.join(&b'\n')
}

/// Bits, bytes, numbers and stretches.
pub(crate) fn changed(input: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut bytes = input.to_vec();
    if bytes.is_empty() {
        bytes.push(rng.bits() as u8);
    }
    let at = rng.index(bytes.len());
    let end = (at + 1 + rng.index(64)).min(bytes.len());
    match rng.below(10) {
        0 => bytes[at] ^= 1 << rng.below(8),
        1 => bytes[at] = rng.bits() as u8,
        2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, 0xfe][rng.index(6)],
        3 => bytes[at] = bytes[at].wrapping_add(rng.below(9) as u8).wrapping_sub(4),
        4 => drop(bytes.drain(at..end)),
        5 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        6 => lie(&mut bytes, at, rng),
        7 if !other.is_empty() => {
            let from = rng.index(other.len());
            let to = (from + 1 + rng.index(256)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        8 if !other.is_empty() => {
            bytes.truncate(at);
            bytes.extend_from_slice(&other[rng.index(other.len())..]);
        }
        9 => bytes.truncate(at),
        _ => bytes.insert(at, rng.bits() as u8),
    }
    bytes
}

/// A length or a number that is not true, in four bytes or as a varint.
fn lie(bytes: &mut Vec<u8>, at: usize, rng: &mut Seeded) {
    let values = [
        0,
        1,
        0x7f,
        0x80,
        0xffff,
        0x0040_0000,
        0x0040_0001,
        0x7fff_ffff,
        0xffff_ffff,
        bytes.len() as u32,
    ];
    let value = values[rng.index(values.len())];
    if rng.one_in(2) {
        let end = (at + 4).min(bytes.len());
        let value = value.to_le_bytes();
        bytes[at..end].copy_from_slice(&value[..end - at]);
    } else {
        let mut varint = Vec::new();
        let mut left = if rng.one_in(4) {
            u64::MAX
        } else {
            u64::from(value)
        };
        while left >= 0x80 {
            varint.push(left as u8 | 0x80);
            left >>= 7;
        }
        varint.push(left as u8);
        bytes.splice(at..=at, varint);
    }
}
