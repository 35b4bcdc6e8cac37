//! Where the key of the records comes from: a file (0600) of its own for each (server, moderator).
//!
//! It is made once, of the system's random source, and written whole or not at all; of two that make
//! it at the same time, both get the one that was first. A key file that cannot be read is an error
//! and never replaced: without its key the records stay shut for good.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rand::TryRngCore;
use rand::rngs::OsRng;
use scrim_store::{KEY_BYTES, Key};
use thiserror::Error;

use crate::limits::KEY_FILE_BYTES_MAX;
use crate::profile::{Profile, SignIn};

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error(
        "The key of the records cannot be read or written ({0}). Nothing was changed. Check that Scrim's folder belongs to you and that the disk is not full."
    )]
    Disk(#[from] std::io::Error),
    /// The file is not what Scrim wrote.
    #[error(
        "The file with the key of your records is damaged, so they cannot be opened. The records themselves were not touched. Put the file back from a copy, or ask whoever looks after this computer."
    )]
    Damaged,
    /// The system gives no random bytes.
    #[error("This computer gives no random numbers, so no key was made. Nothing was changed.")]
    NoRandomness,
}

/// The key of the records of `sign_in`; made if there is none yet.
///
/// # Errors
/// [`KeyError`]; no key was made or changed then.
pub fn records_key(profile: &Profile, sign_in: &SignIn) -> Result<Key, KeyError> {
    let file = profile.key_file(sign_in);
    if let Some(key) = read(&file)? {
        return Ok(key);
    }
    let mut bytes = [0; KEY_BYTES];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| KeyError::NoRandomness)?;
    let key = Key::new(bytes);
    bytes.fill(0);
    write(&file, &key)?;
    // What lies there counts, whoever was first.
    read(&file)?.ok_or(KeyError::Damaged)
}

fn read(path: &Path) -> Result<Option<Key>, KeyError> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(KEY_FILE_BYTES_MAX).read_to_end(&mut bytes)?,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let key = <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map(Key::new);
    bytes.fill(0);
    key.map(Some).map_err(|_| KeyError::Damaged)
}

fn write(path: &Path, key: &Key) -> Result<(), KeyError> {
    let Some(folder) = path.parent() else {
        return Err(std::io::Error::from(ErrorKind::InvalidInput).into());
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(key.bytes())?;
    file.sync_all()?;
    // A link never takes another file's place.
    let linked = match std::fs::hard_link(&fresh, path) {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => Err(fault),
        _ => Ok(()),
    };
    std::fs::remove_file(&fresh)?;
    linked?;
    Ok(File::open(folder)?.sync_all()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use scrim_model::ModeratorId;
    use std::os::unix::fs::PermissionsExt;

    fn sign_in(moderator: &str) -> SignIn {
        SignIn {
            origin: "https://q".into(),
            moderator_id: ModeratorId::new(moderator).unwrap(),
            token: "t".into(),
        }
    }

    #[test]
    fn a_key_is_made_once_for_each_moderator_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(Some(folder.path())).unwrap();
        let first = records_key(&profile, &sign_in("m1")).unwrap();
        assert!(first == records_key(&profile, &sign_in("m1")).unwrap());
        assert!(first != records_key(&profile, &sign_in("m2")).unwrap());
        let file = profile.key_file(&sign_in("m1"));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        let names = std::fs::read_dir(file.parent().unwrap()).unwrap().count();
        assert_eq!(names, 2, "no unfinished file is left");
    }

    #[test]
    fn whoever_is_first_makes_the_key_and_all_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(Some(folder.path())).unwrap();
        let file = profile.key_file(&sign_in("m1"));
        write(&file, &Key::new([1; KEY_BYTES])).unwrap();
        write(&file, &Key::new([2; KEY_BYTES])).unwrap();
        let key = records_key(&profile, &sign_in("m1")).unwrap();
        assert!(key == Key::new([1; KEY_BYTES]));
    }

    #[test]
    fn a_damaged_key_file_is_said_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(Some(folder.path())).unwrap();
        records_key(&profile, &sign_in("m1")).unwrap();
        let file = profile.key_file(&sign_in("m1"));
        for spoilt in [vec![], vec![7; 31], vec![7; 33], vec![7; 99_999]] {
            std::fs::write(&file, &spoilt).unwrap();
            let refused = records_key(&profile, &sign_in("m1"));
            assert!(matches!(refused, Err(KeyError::Damaged)));
            assert_eq!(std::fs::read(&file).unwrap(), spoilt);
        }
    }
}
