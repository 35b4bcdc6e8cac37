//! Media that something went wrong with, or that somebody has worked on: a seed makes of one file another.
//!
//! Nothing here knows a format but for two helps: heads of chunks as formats write them, and checksums of PNG that are made
//! right again, because a wrong one would hide the rest of the damage.

use crate::random::Random;
use crate::stills::crc32;

/// Most changes that one file gets.
const CHANGES_MAX: u64 = 4;
/// Half of all changes fall here, where most formats keep what the rest depends on.
const HEAD_BYTES: u64 = 120;
/// Numbers that readers of lengths fall over.
const EXTREMES: [u32; 12] = [
    0,
    1,
    2,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x0001_0000,
    0x3fff_ffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
];
/// Heads of parts, of every format: kinds that readers know and one that they do not.
const HEADS: [&[u8]; 16] = [
    b"IDAT",
    b"iCCP",
    b"tEXt",
    b"acTL",
    b"fcTL",
    b"PLTE",
    b"EXIF",
    b"ANMF",
    b"ICCP",
    b"mdat",
    b"meta",
    b"free",
    b"\xff\xe1",
    b"\xff\xfe",
    b"\x21\xf9\x04",
    b"what",
];

/// `file` after one to four changes; `other` lends parts.
#[must_use]
pub fn mutated(file: &[u8], other: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed, 11);
    let mut bytes = file.to_vec();
    for _ in 0..=random.below(CHANGES_MAX) {
        change(&mut bytes, other, &mut random);
    }
    if random.chance(60) {
        mend_png(&mut bytes);
    }
    bytes
}

fn place(bytes: &[u8], random: &mut Random) -> usize {
    let length = bytes.len() as u64;
    let within = if random.chance(50) {
        length.min(HEAD_BYTES)
    } else {
        length
    };
    small(random.below(within))
}

fn small(number: u64) -> usize {
    usize::try_from(number).expect("below the length of a slice")
}

fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = place(bytes, random);
    let end = (at + small(random.between(1, 200))).min(bytes.len());
    match random.below(9) {
        0 => flip(bytes, at, random),
        1 => bytes[at..end].iter_mut().for_each(|byte| *byte = 0),
        2 => bytes.truncate(at.max(1)),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let part = bytes[at..end].to_vec();
            let times = small(random.between(1, 40));
            bytes.splice(at..at, part.repeat(times));
        }
        5 => {
            // The head of another file, or its middle.
            let from = small(random.below(other.len() as u64));
            let to = (from + small(random.between(4, 300))).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        6 | 7 => set_extreme(bytes, at, random),
        _ => insert_part(bytes, at, random),
    }
    if bytes.is_empty() {
        bytes.push(0);
    }
}

fn flip(bytes: &mut [u8], at: usize, random: &mut Random) {
    for _ in 0..=random.below(16) {
        let at = if random.chance(50) {
            at
        } else {
            place(bytes, random)
        };
        bytes[at] ^= 1 << random.below(8);
    }
}

/// A number of two or four bytes, in either order.
fn set_extreme(bytes: &mut [u8], at: usize, random: &mut Random) {
    let value = *random.pick(&EXTREMES);
    let long = if random.chance(50) {
        value.to_be_bytes()
    } else {
        value.to_le_bytes()
    };
    let of_value: &[u8] = match random.below(3) {
        0 => &long[..2],
        1 => &long[2..],
        _ => &long,
    };
    for (byte, new) in bytes[at..].iter_mut().zip(of_value) {
        *byte = *new;
    }
}

/// A part with a head, a length that may be true, and noise.
fn insert_part(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let head = *random.pick(&HEADS);
    let length = random.below(300);
    let claimed = if random.chance(70) {
        u32::try_from(length).expect("below 300")
    } else {
        *random.pick(&EXTREMES)
    };
    let noise: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
    let claimed = claimed.to_be_bytes();
    let part = if head.len() == 4 {
        [&claimed, head, &noise].concat()
    } else {
        [head, &claimed[2..], &noise].concat()
    };
    bytes.splice(at..at, part);
}

/// Makes the checksums of a PNG's chunks right, as far as its lengths lead.
fn mend_png(bytes: &mut [u8]) {
    if !bytes.starts_with(b"\x89PNG") {
        return;
    }
    let mut at = 8;
    while let Some(&[a, b, c, d]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let Ok(length) = usize::try_from(u32::from_be_bytes([a, b, c, d])) else {
            return;
        };
        let sum_at = at + 8 + length;
        let Some(chunk) = bytes.get(at + 4..sum_at) else {
            return;
        };
        let sum = crc32(chunk).to_be_bytes();
        let Some(place) = bytes.get_mut(sum_at..sum_at + 4) else {
            return;
        };
        place.copy_from_slice(&sum);
        at = sum_at + 4;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stills::{gif, png};

    #[test]
    fn a_seed_makes_one_file_and_another_seed_another() {
        let (file, other) = (png(20, 10), gif(9, 9));
        let made: BTreeSet<Vec<u8>> = (0..200).map(|seed| mutated(&file, &other, seed)).collect();
        assert!(made.len() > 195, "{}", made.len());
        assert!(!made.contains(&file));
        assert_eq!(mutated(&file, &other, 7), mutated(&file, &other, 7));
    }

    #[test]
    fn checksums_are_made_right() {
        let whole = png(20, 10);
        let mut broken = whole.clone();
        broken[29..33].copy_from_slice(&[1, 2, 3, 4]);
        mend_png(&mut broken);
        assert_eq!(broken, whole);
    }
}
