//! Numbers from a seed.

/// SplitMix64: a kept seed must give the same world for ever, so it is not a library's generator,
/// whose next version may give another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// A generator that gives the same numbers whenever `seed` is the same.
    #[must_use]
    pub fn new(seed: u64) -> Seeded {
        Seeded { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.bits() % end }
    }

    /// An index of something with `len` parts.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// Fills `bytes` with noise.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let noise = self.bits().to_le_bytes();
            part.copy_from_slice(&noise[..part.len()]);
        }
    }
}
