//! Which edges of the program an input took, where the compiler counts them.
//!
//! `./dev fuzz` builds with LLVM's coverage pass, which a stable compiler has: it puts a counter of
//! eight bits on each edge and tells the linked program where they lie. Without that pass there are
//! no counters, and only the class of an outcome guides.
#![allow(
    unsafe_code,
    reason = "the compiler's counters are plain memory that only C names lead to"
)]

use std::sync::Mutex;

static REGIONS: Mutex<Vec<Region>> = Mutex::new(Vec::new());

#[derive(Debug, Clone, Copy)]
struct Region {
    start: *mut u8,
    len: usize,
}

// SAFETY: counters are static memory; they are read and written as bytes whose exact values matter
// to nobody.
unsafe impl Send for Region {}

/// Called by each instrumented object when the program starts.
#[unsafe(no_mangle)]
extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, end: *mut u8) {
    let len = (end as usize).saturating_sub(start as usize);
    if let Ok(mut regions) = REGIONS.lock()
        && !regions.iter().any(|known| known.start == start)
    {
        regions.push(Region { start, len });
    }
}

/// What was seen so far.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// Per counter, a bit for each magnitude that it had.
    seen: Vec<u8>,
    regions: Vec<Region>,
}

impl Coverage {
    pub(crate) fn new() -> Coverage {
        let regions = REGIONS
            .lock()
            .map(|regions| regions.clone())
            .unwrap_or_default();
        let seen = vec![0; regions.iter().map(|region| region.len).sum()];
        Coverage { seen, regions }
    }

    pub(crate) fn counters(&self) -> usize {
        self.seen.len()
    }

    /// Counters that were ever hit.
    pub(crate) fn hit(&self) -> usize {
        self.seen.iter().filter(|bits| **bits != 0).count()
    }

    /// Reads and clears the counters; true if one had a magnitude that it never had.
    pub(crate) fn take(&mut self) -> bool {
        let mut new = false;
        let mut seen = self.seen.as_mut_slice();
        for region in &self.regions {
            // SAFETY: the region is static memory of the program; other threads may count in it at
            // the same time, which spoils a count and nothing else.
            let counters = unsafe { std::slice::from_raw_parts_mut(region.start, region.len) };
            let (here, rest) = seen.split_at_mut(region.len);
            seen = rest;
            for (counters, seen) in counters.chunks_mut(64).zip(here.chunks_mut(64)) {
                if counters.iter().all(|counter| *counter == 0) {
                    continue;
                }
                for (counter, seen) in counters.iter_mut().zip(seen) {
                    let bit = magnitude(*counter);
                    new |= *seen & bit != bit;
                    *seen |= bit;
                    *counter = 0;
                }
            }
        }
        new
    }
}

fn magnitude(count: u8) -> u8 {
    match count {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        4..=7 => 8,
        8..=15 => 16,
        16..=31 => 32,
        32..=127 => 64,
        128..=255 => 128,
    }
}
