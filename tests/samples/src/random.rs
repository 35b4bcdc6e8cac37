//! A small seeded number source, so that what it makes never changes with a library's version.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A source for `seed` and a `stream` beside it: streams of one seed do not follow each other.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut source = Self(seed ^ stream.wrapping_mul(0xd605_bbb5_8c8a_bc4d));
        source.next_u64();
        source
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 to `bound - 1`; 0 for a bound of 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // The bias of the remainder does not matter for sample data.
        self.next_u64() % bound
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        assert!(!choices.is_empty(), "nothing to pick from");
        let place = self.below(choices.len() as u64);
        &choices[usize::try_from(place).expect("below the length of a slice")]
    }
}

/// The finishing step of SplitMix64: spreads the bits of `x`.
#[must_use]
pub(crate) fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // First output for seed 1234567, as in the reference implementation's test vector.
        let mut source = Random(1_234_567);
        assert_eq!(source.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(source.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut source = Random::new(1, 2);
        for _ in 0..1_000 {
            assert!((6..=30).contains(&source.between(6, 30)));
        }
        assert_eq!(source.below(0), 0);
    }
}
