//! The key of a store, and the file beside the database that says which key is the right one.
//!
//! A page that does not decrypt looks the same to SQLCipher whether the key is wrong or the page is
//! damaged. So a key has a *fingerprint*, a hash that says nothing about it: its first 16 bytes are
//! the first 16 bytes of every database under that key (SQLCipher's salt, which it keeps in the
//! open), and the whole of it stands in `desk.key-check`. A wrong key is refused by comparison and
//! never taken for damage.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::chain::hex;
use crate::error::StoreError;
use crate::files::{DATABASE_FILE, write_whole};
use crate::limits::KEY_CHECK_BYTES_MAX;

/// Length of a key, in bytes.
pub const KEY_BYTES: usize = 32;
/// SQLCipher's salt: the first bytes of a database.
pub(crate) const HEAD_BYTES: usize = 16;
/// The name of the file that tells a wrong key from damage.
pub const KEY_CHECK_FILE: &str = "desk.key-check";
/// First bytes of a database that is not encrypted.
const PLAIN_HEAD: &[u8; HEAD_BYTES] = b"SQLite format 3\0";
/// Files that hold records, or say that some were begun under a key.
const UNDER_A_KEY: [&str; 4] = [
    DATABASE_FILE,
    "desk.db-wal",
    "desk.db.salvaged",
    KEY_CHECK_FILE,
];
const DOMAIN: &[u8] = b"scrim records key fingerprint 1\0";

/// The key of a store: 32 random bytes, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl Key {
    /// A key of these bytes. They must be random: nothing makes them slower to guess.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for whoever keeps the key.
    #[must_use]
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// SQLCipher's raw key with the salt: no passphrase is stretched.
    pub(crate) fn raw(&self) -> Zeroizing<String> {
        let head = &self.fingerprint()[..HEAD_BYTES];
        let key = Zeroizing::new(hex(self.0.as_slice()));
        Zeroizing::new(format!("x'{}{}'", *key, hex(head)))
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(self.0.as_slice());
        hash.finalize().into()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// Says which key it was made of, and nothing about that key.
type Fingerprint = [u8; 32];

/// What is known of a key before the database is opened with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The database is under this key: what does not open is damaged.
    Right,
    /// It is under another one.
    Wrong,
    /// Nothing says so or otherwise: what does not open must count as a wrong key.
    Unknown,
}

/// Compares `key` with the key check in `folder` and with the database's first bytes.
pub(crate) fn fit(folder: &Path, head: &[u8], key: &Key) -> Result<Fit, StoreError> {
    let own = key.fingerprint();
    let begins = |fingerprint: &Fingerprint| fingerprint[..HEAD_BYTES] == *head;
    if begins(&own) {
        return Ok(Fit::Right);
    }
    let known = read_check(folder)?;
    // Two fingerprints stand there while a store changes its key; the first bytes say which holds.
    Ok(if known.iter().any(begins) {
        Fit::Wrong
    } else if known.contains(&own) {
        Fit::Right
    } else if known.is_empty() {
        Fit::Unknown
    } else {
        Fit::Wrong
    })
}

/// Writes durably that the database is under one of `keys`.
pub(crate) fn keep_check(folder: &Path, keys: &[&Key]) -> Result<(), StoreError> {
    let fingerprints: Vec<_> = keys.iter().map(|key| key.fingerprint()).collect();
    if read_check(folder)? == fingerprints {
        return Ok(());
    }
    let lines: String = fingerprints.iter().map(|f| hex(f) + "\n").collect();
    write_whole(folder, KEY_CHECK_FILE, lines.as_bytes())
}

/// The fingerprints in `folder`'s key check; none if there is no such file or it is no key check.
fn read_check(folder: &Path) -> Result<Vec<Fingerprint>, StoreError> {
    let path = folder.join(KEY_CHECK_FILE);
    let text = match std::fs::metadata(&path) {
        Ok(meta) if meta.len() > KEY_CHECK_BYTES_MAX => return Ok(Vec::new()),
        Ok(_) => std::fs::read(&path).map_err(StoreError::disk("reading the key check"))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::disk("reading the key check")(error)),
    };
    let lines = text.split(|byte| *byte == b'\n').filter(|l| !l.is_empty());
    Ok(lines.map(unhex).collect::<Option<_>>().unwrap_or_default())
}

/// Thirty-two bytes of 64 lower-case hex digits.
pub(crate) fn unhex(digits: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

/// Whether `folder` holds records that only a key opens, whole or not. Records of an older Scrim that
/// are not encrypted yet are none.
///
/// # Errors
/// What the disk said.
pub fn needs_key(folder: &Path) -> Result<bool, StoreError> {
    for name in UNDER_A_KEY {
        let mut head = Vec::new();
        let read = File::open(folder.join(name));
        match read.and_then(|file| file.take(HEAD_BYTES as u64).read_to_end(&mut head)) {
            Ok(_) if head.as_slice() == PLAIN_HEAD => return Ok(false),
            Ok(0) => {}
            Ok(_) => return Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::disk("looking for the records")(error)),
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_key_says_nothing_about_itself() {
        let key = Key::new([0xa7; 32]);
        assert_eq!(format!("{key:?}"), "Key");
        assert!(key.raw().starts_with(&format!("x'{}", "a7".repeat(32))));
        assert_eq!(key.raw().len(), 3 + 2 * (KEY_BYTES + HEAD_BYTES));
        assert_ne!(key.fingerprint(), Key::new([0xa6; 32]).fingerprint());
    }

    #[test]
    fn only_a_comparison_makes_a_key_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two, three] = [1, 2, 3].map(|n| Key::new([n; 32]));
        let head = |key: &Key| key.fingerprint()[..HEAD_BYTES].to_vec();
        let fits = |head: &[u8], key| fit(folder.path(), head, key).unwrap();
        assert_eq!(fits(&head(&one), &one), Fit::Right, "no key check yet");
        assert_eq!(fits(&head(&two), &one), Fit::Unknown, "no key check yet");
        keep_check(folder.path(), &[&one]).unwrap();
        assert_eq!(fits(&[0; 16], &one), Fit::Right, "first bytes damaged");
        assert_eq!(fits(&[0; 16], &two), Fit::Wrong);
        assert_eq!(fits(&head(&two), &two), Fit::Right, "the database says so");
        keep_check(folder.path(), &[&one, &two]).unwrap();
        assert_eq!(fits(&head(&one), &two), Fit::Wrong, "not yet changed");
        assert_eq!(fits(&head(&two), &one), Fit::Wrong, "changed");
        assert_eq!(fits(&[0; 16], &three), Fit::Wrong);
        for spoilt in ["", "zz\n", &"0".repeat(99_999)] {
            std::fs::write(folder.path().join(KEY_CHECK_FILE), spoilt).unwrap();
            assert_eq!(fits(&[0; 16], &one), Fit::Unknown);
        }
    }
}
