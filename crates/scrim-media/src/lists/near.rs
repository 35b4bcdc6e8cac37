//! All hashes of a list within 31 bits of one, exactly, without a look at most of them.
//!
//! Two hashes that differ in at most 31 of 256 bits differ in at most one bit in some 16 of their bits: were it two in
//! each of the 16 places, it would be 32. So the rows of each place's value and of its 16 neighbours hold every hash
//! that is meant (multi-index hashing: Norouzi, Punjani, Fleet, 2012), and each candidate is compared whole.

use std::fs::File;
use std::os::unix::fs::FileExt;

use scrim_model::Pdq;
use scrim_model::hashes::NEAR_DISTANCE_MAX;

use super::ListError;

/// Places of 16 bits in a hash. Pigeons and holes: it must be more than half of the greatest distance.
const PLACES: usize = 16;
const _: () = assert!(NEAR_DISTANCE_MAX as usize / PLACES == 1);
/// Values of one place.
const VALUES: usize = 1 << 16;

/// A hash as four words, first bits first.
pub(super) type Words = [u64; 4];

/// The PDQ hashes of a list.
#[derive(Debug)]
pub(super) struct Near {
    /// Where the tables are in the file.
    tables: u64,
    hashes: Vec<Words>,
}

/// Bytes of the tables of `count` hashes.
pub(super) fn table_bytes(count: u64) -> u64 {
    if count == 0 {
        return 0;
    }
    PLACES as u64 * one_table(count)
}

fn one_table(count: u64) -> u64 {
    (VALUES as u64 + 1 + count) * 4
}

pub(super) fn words(bytes: &[u8; 32]) -> Words {
    let mut words = [0; 4];
    for (word, eight) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(eight);
        *word = u64::from_be_bytes(bytes);
    }
    words
}

fn value(hash: &Words, place: usize) -> u16 {
    let word = hash[place / 4];
    (word >> (48 - 16 * (place % 4)) & 0xffff) as u16
}

fn distance(a: &Words, b: &Words) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// The table of one place: where each value's rows begin, then the rows.
pub(super) fn table(hashes: &[Words], place: usize) -> Vec<u32> {
    let mut table = vec![0_u32; VALUES + 1 + hashes.len()];
    for hash in hashes {
        table[usize::from(value(hash, place)) + 1] += 1;
    }
    for at in 1..=VALUES {
        table[at] += table[at - 1];
    }
    let mut next: Vec<u32> = table[..VALUES].to_vec();
    for (number, hash) in (0_u32..).zip(hashes) {
        let slot = &mut next[usize::from(value(hash, place))];
        table[VALUES + 1 + *slot as usize] = number;
        *slot += 1;
    }
    table
}

impl Near {
    pub(super) fn read(file: &File, at: u64, count: u64) -> Result<Self, ListError> {
        let len = usize::try_from(count).map_err(|_| ListError::Damaged)?;
        let mut hashes = Vec::with_capacity(len);
        let mut piece = vec![0; 32 << 10];
        let mut from = at;
        while hashes.len() < len {
            let some = (len - hashes.len()).min(piece.len() / 32);
            file.read_exact_at(&mut piece[..some * 32], from)?;
            from += some as u64 * 32;
            hashes.extend(piece[..some * 32].chunks_exact(32).map(|hash| {
                let mut bytes = [0; 32];
                bytes.copy_from_slice(hash);
                words(&bytes)
            }));
        }
        Ok(Self {
            tables: from,
            hashes,
        })
    }

    pub(super) fn len(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// Number and distance of each hash that is near, once.
    pub(super) fn within(&self, file: &File, pdq: &Pdq) -> Result<Vec<(u32, u32)>, ListError> {
        let mut found = Vec::new();
        if self.hashes.is_empty() {
            return Ok(found);
        }
        let asked = words(pdq.bytes());
        let mut rows = Vec::new();
        for place in 0..PLACES {
            let own = value(&asked, place);
            self.rows(file, place, own, &mut rows)?;
            for bit in 0..16 {
                self.rows(file, place, own ^ (1 << bit), &mut rows)?;
            }
        }
        for number in rows {
            // A row of a damaged table points nowhere; the file was checked when it was opened.
            let Some(hash) = self.hashes.get(number as usize) else {
                return Err(ListError::Damaged);
            };
            let distance = distance(&asked, hash);
            if distance <= NEAR_DISTANCE_MAX {
                found.push((number, distance));
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Adds the numbers of the hashes that have `value` at `place`.
    fn rows(
        &self,
        file: &File,
        place: usize,
        value: u16,
        rows: &mut Vec<u32>,
    ) -> Result<(), ListError> {
        let table = self.tables + place as u64 * one_table(self.len());
        let mut bounds = [0; 8];
        file.read_exact_at(&mut bounds, table + u64::from(value) * 4)?;
        let [from, to] = [number(&bounds[..4]), number(&bounds[4..])];
        if from > to || u64::from(to) > self.len() {
            return Err(ListError::Damaged);
        }
        let mut bytes = vec![0; (to - from) as usize * 4];
        let at = table + (VALUES as u64 + 1 + u64::from(from)) * 4;
        file.read_exact_at(&mut bytes, at)?;
        rows.extend(bytes.chunks_exact(4).map(number));
        Ok(())
    }
}

fn number(four: &[u8]) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(four);
    u32::from_le_bytes(bytes)
}
