//! The end of the list of exports: how many lines it has and the hash of the last one, in a file beside it, under a key
//! that lies in the encrypted records. So whoever cannot open these can change no last line and take off none unseen.
//!
//! A line is on the disk before its seal. Between the two a crash leaves one line more than is sealed, which is no fault;
//! so one line that somebody put to the end is not told from it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::hashed::{hex, sha256};
use crate::limits::EXPORT_SEAL_BYTES_MAX;

/// The seal's name beside the list.
pub const EXPORT_SEAL_FILE: &str = "exports.seal";
/// What stands for the hash of a line where there is none.
pub(crate) const NO_LINE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const DOMAIN: &[u8] = b"scrim exports seal 1\0";

/// The key of the seal.
#[derive(Clone, Copy)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// A key of these bytes, which must be random.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey")
    }
}

/// Where a list ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEnd {
    /// The number of its last line; 0 if it has none.
    pub n: u64,
    /// That line's hash; 64 zeros if there is none.
    pub last: String,
}

impl ListEnd {
    pub(crate) fn of(lines: &[&[u8]]) -> Self {
        Self {
            n: lines.len() as u64,
            last: lines.last().map_or(NO_LINE.to_owned(), |line| sha256(line)),
        }
    }

    /// Where it ended when it had `n` lines; `None` if it has fewer.
    pub(crate) fn at(lines: &[&[u8]], n: u64) -> Option<Self> {
        let n = usize::try_from(n).ok()?;
        lines.get(..n).map(Self::of)
    }
}

/// How a list fits its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sealed {
    /// There is no key to look with.
    #[default]
    NotLookedAt,
    /// It ends as it was sealed.
    Whole,
    /// It has one line more. Scrim was stopped between the two, and that export was not made; or somebody put the line
    /// there, or put the seal back to the one before.
    OneMore,
    /// It does not end as it was sealed.
    Broken(&'static str),
}

/// What lies at the seal's place.
#[derive(Debug)]
pub(crate) enum Found {
    Nothing,
    /// Something that was not sealed with this key.
    Foreign,
    Seal(ListEnd),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    n: u64,
    last: String,
    mac: String,
}

impl Found {
    pub(crate) fn read(list: &Path, key: &SealKey) -> std::io::Result<Self> {
        let mut bytes = Vec::new();
        match File::open(place(list)) {
            Ok(file) => file.take(EXPORT_SEAL_BYTES_MAX).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::Nothing),
            Err(error) => return Err(error),
        };
        let Ok(Written { n, last, mac }) = serde_json::from_slice(&bytes) else {
            return Ok(Self::Foreign);
        };
        let end = ListEnd { n, last };
        // In constant time: the answer says nothing about the right one.
        let of = unhex(&mac).map(|mac| keyed(key, &end).verify_slice(&mac));
        Ok(match of {
            Some(Ok(())) => Self::Seal(end),
            _ => Self::Foreign,
        })
    }

    pub(crate) fn fits(&self, lines: &[&[u8]]) -> Sealed {
        let seal = match self {
            Self::Seal(seal) => seal,
            Self::Nothing if lines.is_empty() => return Sealed::Whole,
            Self::Nothing => return Sealed::Broken("its seal is gone"),
            Self::Foreign => return Sealed::Broken("its seal was changed"),
        };
        match ListEnd::at(lines, seal.n) {
            None => Sealed::Broken("lines were taken off its end"),
            Some(end) if end != *seal => Sealed::Broken("its last line was changed"),
            Some(_) => match lines.len() as u64 - seal.n {
                0 => Sealed::Whole,
                1 => Sealed::OneMore,
                _ => Sealed::Broken("lines were put to its end"),
            },
        }
    }

    /// What the next line follows. Of a list that does not end as it was sealed this is the end that was sealed: then
    /// the next line names one that is not there, and the list stays broken however long it gets.
    pub(crate) fn followed(&self, lines: &[&[u8]]) -> ListEnd {
        match (self.fits(lines), self) {
            (Sealed::Broken(_), Self::Seal(seal)) => seal.clone(),
            (Sealed::Broken(_), _) => ListEnd {
                n: (lines.len() as u64).max(1),
                last: NO_LINE.to_owned(),
            },
            _ => ListEnd::of(lines),
        }
    }
}

/// Seals a list that ends so. The name is durable once its folder is, which the caller sees to.
pub(crate) fn write(list: &Path, key: &SealKey, end: &ListEnd) -> std::io::Result<()> {
    let mac = keyed(key, end).finalize().into_bytes();
    let written = Written {
        n: end.n,
        last: end.last.clone(),
        mac: hex(&mac),
    };
    let place = place(list);
    let fresh = place.with_extension("seal.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(&serde_json::to_vec(&written)?)?;
    file.sync_all()?;
    std::fs::rename(&fresh, &place)
}

fn place(list: &Path) -> PathBuf {
    list.with_file_name(EXPORT_SEAL_FILE)
}

fn keyed(key: &SealKey, end: &ListEnd) -> Hmac<Sha256> {
    let keyed = Hmac::<Sha256>::new_from_slice(&key.0);
    let mut keyed = keyed.expect("HMAC takes keys of every length");
    keyed.update(DOMAIN);
    keyed.update(&end.n.to_be_bytes());
    keyed.update(end.last.as_bytes());
    keyed
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
