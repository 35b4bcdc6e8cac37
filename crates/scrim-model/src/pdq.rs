//! The perceptual hash of a picture as a value: its text, and how far two lie apart.
//!
//! How it is made of pixels is the decoding worker's business; nothing here reads a picture.

use serde::{Deserialize, Serialize};

/// Bits of a hash.
pub const PDQ_BITS: u32 = 256;
/// Best quality of a hash; 0 says that the picture has nothing to tell it by.
pub const PDQ_QUALITY_MAX: u8 = 100;

/// A PDQ hash. Pictures that look alike have hashes of small [`distance`](Self::distance).
///
/// Its text, also in JSON, is the reference's: 64 lower-case hexadecimal digits, the highest frequencies first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pdq([u8; 32]);

/// A text that is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdqError;

impl std::fmt::Display for PdqError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a PDQ hash is 64 hexadecimal digits")
    }
}

impl std::error::Error for PdqError {}

impl Pdq {
    /// Bit 255 is the highest of the first byte, bit 0 the lowest of the last.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, in the order of the text.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Bits that differ (Hamming distance), 0 to [`PDQ_BITS`].
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        let pairs = self.0.iter().zip(&other.0);
        pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}

impl std::fmt::Display for Pdq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Pdq {
    type Err = PdqError;

    /// Reads 64 hexadecimal digits; lists of others write capitals too.
    fn from_str(text: &str) -> Result<Self, PdqError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(PdqError);
        }
        let value = |digit: u8| char::from(digit).to_digit(16).ok_or(PdqError);
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let both = value(pair[0])? * 16 + value(pair[1])?;
            *byte = u8::try_from(both).map_err(|_| PdqError)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Pdq {
    type Error = PdqError;

    fn try_from(text: String) -> Result<Self, PdqError> {
        text.parse()
    }
}

impl From<Pdq> for String {
    fn from(hash: Pdq) -> String {
        hash.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_that_is_not_64_hexadecimal_digits_is_refused() {
        let good = "0123456789abcdef".repeat(4);
        assert!(good.parse::<Pdq>().is_ok());
        let (short, long) = (&good[1..], format!("{good}0"));
        let (sign, wide) = (format!("+{short}"), format!("{}é", &good[2..]));
        for bad in ["", short, &long, &sign, &wide, &"g".repeat(64)] {
            assert_eq!(bad.parse::<Pdq>(), Err(PdqError), "{bad}");
        }
    }

    #[test]
    fn the_json_form_is_the_text() {
        let hash = Pdq::from_bytes(std::array::from_fn(|at| at as u8));
        let text = "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"";
        assert_eq!(serde_json::to_string(&hash).unwrap(), text);
        assert_eq!(serde_json::from_str::<Pdq>(text).unwrap(), hash);
        assert!(serde_json::from_str::<Pdq>("\"00\"").is_err());
    }

    proptest! {
        #![proptest_config(crate::tests_seed())]

        #[test]
        fn a_hash_is_its_text(bytes: [u8; 32]) {
            let hash = Pdq::from_bytes(bytes);
            prop_assert_eq!(hash.to_string().parse::<Pdq>(), Ok(hash));
            prop_assert_eq!(hash.to_string().to_uppercase().parse::<Pdq>(), Ok(hash));
            prop_assert_eq!(hash.bytes(), &bytes);
        }

        #[test]
        fn distance_is_a_distance(a: [u8; 32], b: [u8; 32], c: [u8; 32]) {
            let (a, b, c) = (Pdq::from_bytes(a), Pdq::from_bytes(b), Pdq::from_bytes(c));
            prop_assert_eq!(a.distance(&b), b.distance(&a));
            prop_assert_eq!(a.distance(&a), 0);
            prop_assert_eq!(a.distance(&b) == 0, a == b);
            prop_assert!(a.distance(&c) <= a.distance(&b) + b.distance(&c));
            prop_assert!(a.distance(&b) <= PDQ_BITS);
        }

        #[test]
        fn each_bit_that_is_turned_adds_one(bytes: [u8; 32], bits in proptest::collection::btree_set(0_usize..256, 0..256)) {
            let mut turned = bytes;
            for bit in &bits {
                turned[bit / 8] ^= 1 << (bit % 8);
            }
            let distance = Pdq::from_bytes(bytes).distance(&Pdq::from_bytes(turned));
            prop_assert_eq!(distance as usize, bits.len());
        }
    }
}
