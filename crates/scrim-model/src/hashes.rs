//! What a medium is known by, and which media are copies of each other.
//!
//! Finding hashes is the decoding worker's business; nothing here reads a medium.

use serde::{Deserialize, Serialize};

use crate::pdq::Pdq;

/// Greatest distance, in bits of 256, of two pictures that are called copies: the threshold that PDQ's makers recommend
/// (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019).
pub const NEAR_DISTANCE_MAX: u32 = 31;
/// Least quality of a hash that may be compared: below it a picture has too little in it to be told by (the same source
/// discards 49 and less).
pub const NEAR_QUALITY_MIN: u8 = 50;

/// Perceptual hash of a picture, or of the first picture of a moving one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureHash {
    /// Which pixels were hashed; hashes of different rules are not compared.
    pub rule: HashRule,
    /// The hash.
    pub pdq: Pdq,
    /// 0 to [`crate::pdq::PDQ_QUALITY_MAX`].
    pub quality: u8,
}

/// Which pixels a perceptual hash was made of. Kept with the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HashRule {
    /// All of them, not turned by Exif, transparent ones over mid grey.
    FullSizeAsStored,
}

/// Hashes of one medium, as they stand in a record: texts of lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHashes {
    /// SHA-256 (FIPS 180-4) of its bytes.
    pub sha256: String,
    /// MD5 (RFC 1321) of its bytes: for lists of others, proof of nothing.
    pub md5: String,
    /// SHA-1 (FIPS 180-4) of its bytes: for lists of others, proof of nothing.
    pub sha1: String,
    /// Of its pixels, if it is a picture that can be decoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureHash>,
}

/// How one medium, or one item, is a copy of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same bytes.
    Exact,
    /// Pictures that look alike: a hint, never a verdict.
    Near {
        /// Bits of the hashes that differ, 0 to [`NEAR_DISTANCE_MAX`].
        distance: u32,
    },
}

impl FileHashes {
    /// How this medium is a copy of `other`. `None` if it is none, or if that cannot be told.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.sha256 == other.sha256 {
            return Some(Likeness::Exact);
        }
        let (mine, theirs) = (self.picture?, other.picture?);
        let can_be_compared =
            mine.rule == theirs.rule && mine.quality.min(theirs.quality) >= NEAR_QUALITY_MIN;
        let distance = mine.pdq.distance(&theirs.pdq);
        (can_be_compared && distance <= NEAR_DISTANCE_MAX).then_some(Likeness::Near { distance })
    }
}

/// How an item with the media `these`, in their order, is a copy of one with `those`: as much as its least alike pair.
/// `None` unless there are as many, all of them known, and each is a copy of its counterpart.
#[must_use]
pub fn likeness_of_all<'a>(
    these: impl ExactSizeIterator<Item = Option<&'a FileHashes>>,
    those: impl ExactSizeIterator<Item = Option<&'a FileHashes>>,
) -> Option<Likeness> {
    if these.len() != those.len() || these.len() == 0 {
        return None;
    }
    let pairs = these
        .zip(those)
        .map(|(mine, theirs)| mine?.likeness(theirs?));
    pairs.reduce(|worst, pair| Some(worst?.max(pair?)))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(name: &str, bits: u32, quality: u8) -> FileHashes {
        let mut bytes = [0; 32];
        for bit in 0..bits as usize {
            bytes[bit / 8] |= 1 << (bit % 8);
        }
        FileHashes {
            sha256: name.into(),
            md5: String::new(),
            sha1: String::new(),
            picture: Some(PictureHash {
                rule: HashRule::FullSizeAsStored,
                pdq: Pdq::from_bytes(bytes),
                quality,
            }),
        }
    }

    #[test]
    fn near_ends_at_31_bits_and_quality_50() {
        let one = file("a", 0, 50);
        let near = |distance| Some(Likeness::Near { distance });
        assert_eq!(one.likeness(&file("b", 0, 50)), near(0));
        assert_eq!(one.likeness(&file("b", 31, 100)), near(31));
        assert_eq!(one.likeness(&file("b", 32, 100)), None);
        assert_eq!(one.likeness(&file("b", 0, 49)), None);
        assert_eq!(file("a", 0, 49).likeness(&file("b", 0, 100)), None);
    }

    #[test]
    fn the_same_bytes_are_exact_whatever_is_in_them() {
        let bare = FileHashes {
            picture: None,
            ..file("a", 0, 0)
        };
        assert_eq!(bare.likeness(&file("a", 9, 3)), Some(Likeness::Exact));
        assert_eq!(bare.likeness(&file("b", 0, 100)), None);
    }

    #[test]
    fn an_item_is_as_alike_as_its_least_alike_medium() {
        let (a, b, c) = (file("a", 0, 90), file("b", 7, 90), file("c", 200, 90));
        let of = |these: &[Option<&FileHashes>], those: &[Option<&FileHashes>]| {
            likeness_of_all(these.iter().copied(), those.iter().copied())
        };
        assert_eq!(of(&[Some(&a)], &[Some(&a)]), Some(Likeness::Exact));
        let near = Some(Likeness::Near { distance: 7 });
        assert_eq!(of(&[Some(&a), Some(&c)], &[Some(&b), Some(&c)]), near);
        assert_eq!(of(&[Some(&c), Some(&a)], &[Some(&c), Some(&b)]), near);
        assert_eq!(of(&[Some(&a), Some(&c)], &[Some(&c), Some(&a)]), None);
        assert_eq!(of(&[Some(&a)], &[Some(&a), Some(&a)]), None);
        assert_eq!(of(&[Some(&a), None], &[Some(&a), None]), None);
        assert_eq!(of(&[], &[]), None);
    }

    proptest! {
        #![proptest_config(crate::tests_seed())]

        #[test]
        fn likeness_is_mutual(a in 0_u32..256, b in 0_u32..256, p in 0_u8..=100, q in 0_u8..=100, same: bool) {
            let (one, other) = (file("a", a, p), file(if same { "a" } else { "b" }, b, q));
            prop_assert_eq!(one.likeness(&other), other.likeness(&one));
        }
    }
}
