//! Hash lists of others, imported once and then only read: equal SHA-256, and pictures that look alike.
//!
//! A list is one file, [imported](import_to) from text. Lookups read a few hundred bytes of it; only PDQ hashes are held in memory
//! (32 bytes each). Nothing of a list ever reaches the window.
//!
//! | in the file | what |
//! | --- | --- |
//! | 8 bytes | [`MAGIC`] |
//! | 5 × u64, little-endian | length of the name; how many SHA-256, SHA-1, MD5, PDQ |
//! | name | UTF-8 |
//! | SHA-256, SHA-1, MD5 | 32, 20, 16 bytes each, ascending, each once |
//! | PDQ | 32 bytes each, ascending, each once |
//! | for each of 16 places in a PDQ hash | 65,537 × u32: where the rows of each value begin; then the rows: u32, number of the hash |
//! | 32 bytes | SHA-256 of everything before |

mod error;
mod import;
mod near;

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;

use scrim_model::hashes::NEAR_QUALITY_MIN;
use scrim_model::{FileHashes, Pdq};
use sha2::{Digest, Sha256};

pub use error::ListError;
pub use import::{Imported, import_to};

use crate::limits::{LIST_ENTRIES_MAX, LIST_NAME_BYTES_MAX};
use near::{Near, table_bytes};

/// First bytes of a list's file; the last one is its version.
const MAGIC: &[u8; 8] = b"SCRIMHL1";
/// Bytes of the head: [`MAGIC`] and five numbers.
const HEAD_BYTES: usize = 8 + 5 * 8;

/// How a medium stands on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// Its SHA-256 is on the list.
    Exact,
    /// Its PDQ hash is at this distance of one on the list, 0 to 31, or its MD5 or SHA-1 is there (0): hints both.
    Near(u32),
}

/// An imported list, open for reading.
#[derive(Debug)]
pub struct HashList {
    name: String,
    file: File,
    sha256: Sorted<32>,
    sha1: Sorted<20>,
    md5: Sorted<16>,
    near: Near,
}

/// Hashes of one kind in the file.
#[derive(Debug, Clone, Copy)]
struct Sorted<const N: usize> {
    at: u64,
    count: u64,
}

impl HashList {
    /// Opens a list and checks every byte of it.
    ///
    /// # Errors
    /// [`ListError::Unreadable`]; [`ListError::Damaged`] if it is not as [`import_to`] wrote it.
    pub fn open(path: &Path) -> Result<Self, ListError> {
        let file = File::open(path)?;
        let head = Head::read(&file)?;
        check_whole(&file, head.end())?;
        let sha256 = Sorted::<32> {
            at: head.body(),
            count: head.sha256,
        };
        let sha1 = Sorted::<20> {
            at: sha256.end(),
            count: head.sha1,
        };
        let md5 = Sorted::<16> {
            at: sha1.end(),
            count: head.md5,
        };
        let near = Near::read(&file, md5.end(), head.pdq)?;
        Ok(Self {
            name: head.name,
            file,
            sha256,
            sha1,
            md5,
            near,
        })
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many hashes it has: SHA-256, SHA-1, MD5, PDQ.
    #[must_use]
    pub fn counts(&self) -> [u64; 4] {
        let pdq = self.near.len();
        [self.sha256.count, self.sha1.count, self.md5.count, pdq]
    }

    /// Whether a SHA-256 is on it; 64 hexadecimal digits, anything else is not.
    ///
    /// # Errors
    /// [`ListError::Unreadable`].
    pub fn has_sha256(&self, text: &str) -> Result<bool, ListError> {
        match from_hex::<32>(text) {
            Some(hash) => self.sha256.has(&self.file, &hash),
            None => Ok(false),
        }
    }

    /// How a medium stands on it, closest first. A picture of low quality is looked for by its bytes only.
    ///
    /// # Errors
    /// [`ListError::Unreadable`].
    pub fn find(&self, hashes: &FileHashes) -> Result<Option<Listed>, ListError> {
        if self.has_sha256(&hashes.sha256)? {
            return Ok(Some(Listed::Exact));
        }
        let by_bytes = match (from_hex::<16>(&hashes.md5), from_hex::<20>(&hashes.sha1)) {
            (Some(md5), _) if self.md5.has(&self.file, &md5)? => true,
            (_, Some(sha1)) => self.sha1.has(&self.file, &sha1)?,
            _ => false,
        };
        if by_bytes {
            return Ok(Some(Listed::Near(0)));
        }
        let picture = hashes.picture.filter(|of| of.quality >= NEAR_QUALITY_MIN);
        let Some(picture) = picture else {
            return Ok(None);
        };
        let alike = self.near.within(&self.file, &picture.pdq)?;
        Ok(alike
            .into_iter()
            .map(|(_, distance)| distance)
            .min()
            .map(Listed::Near))
    }

    /// Numbers and distances of all its PDQ hashes that are near to one, in no order.
    ///
    /// # Errors
    /// [`ListError::Unreadable`].
    pub fn near(&self, pdq: &Pdq) -> Result<Vec<(u32, u32)>, ListError> {
        self.near.within(&self.file, pdq)
    }
}

impl<const N: usize> Sorted<N> {
    fn end(&self) -> u64 {
        self.at + self.count * N as u64
    }

    fn has(&self, file: &File, hash: &[u8; N]) -> Result<bool, ListError> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let mut found = [0; N];
            file.read_exact_at(&mut found, self.at + middle * N as u64)?;
            match found.cmp(hash) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(false)
    }
}

/// The head of a file, its numbers within bounds.
struct Head {
    name: String,
    sha256: u64,
    sha1: u64,
    md5: u64,
    pdq: u64,
}

impl Head {
    fn read(file: &File) -> Result<Self, ListError> {
        let mut head = [0; HEAD_BYTES];
        let mut from = file;
        from.read_exact(&mut head).map_err(ListError::of_short)?;
        let (magic, numbers) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(ListError::Damaged);
        }
        let mut numbers = numbers.chunks_exact(8).map(|eight| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(eight);
            u64::from_le_bytes(bytes)
        });
        let mut number = |most: u64| {
            let number = numbers.next().filter(|number| *number <= most);
            number.ok_or(ListError::Damaged)
        };
        let name_bytes = number(LIST_NAME_BYTES_MAX)?;
        let mut count = || number(LIST_ENTRIES_MAX);
        let (sha256, sha1, md5, pdq) = (count()?, count()?, count()?, count()?);
        let mut name = vec![0; usize::try_from(name_bytes).map_err(|_| ListError::Damaged)?];
        from.read_exact(&mut name).map_err(ListError::of_short)?;
        let name = String::from_utf8(name).map_err(|_| ListError::Damaged)?;
        Ok(Self {
            name,
            sha256,
            sha1,
            md5,
            pdq,
        })
    }

    fn body(&self) -> u64 {
        HEAD_BYTES as u64 + self.name.len() as u64
    }

    /// Where the hash of everything stands.
    fn end(&self) -> u64 {
        let bytes = self.sha256 * 32 + self.sha1 * 20 + self.md5 * 16 + self.pdq * 32;
        self.body() + bytes + table_bytes(self.pdq)
    }
}

/// Whether the file ends with the hash of its first `end` bytes.
fn check_whole(file: &File, end: u64) -> Result<(), ListError> {
    if file.metadata()?.len() != end + 32 {
        return Err(ListError::Damaged);
    }
    let mut hash = Sha256::new();
    let (mut at, mut piece) = (0, vec![0; 1 << 20]);
    while at < end {
        let len = usize::try_from(end - at).map_or(piece.len(), |left| left.min(piece.len()));
        file.read_exact_at(&mut piece[..len], at)?;
        hash.update(&piece[..len]);
        at += len as u64;
    }
    let mut said = [0; 32];
    file.read_exact_at(&mut said, end)?;
    if hash.finalize()[..] != said {
        return Err(ListError::Damaged);
    }
    Ok(())
}

/// `2 * N` hexadecimal digits, capitals too.
fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let value = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(value(pair[0])? * 16 + value(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
#[path = "../lists_tests.rs"]
mod tests;
