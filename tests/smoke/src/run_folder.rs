//! The folder of a run: everything that a journey writes is below it.
//!
//! A run that was killed cannot remove its own folder, so the next one does. A living run has its
//! folder locked, which ends with the process, however that ends.

use std::fs::{File, TryLockError};
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::{Builder, TempDir};

/// How a run's folder is called, in the folder for temporary files.
const PREFIX: &str = "scrim-smoke-";
/// Other runs that take a folder away before it is locked, at most.
const TRIES: usize = 100;

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// The folder of this run. It is removed with this value.
pub(crate) struct RunFolder {
    _folder: TempDir,
    // Let go after the folder is gone.
    _lock: File,
}

impl RunFolder {
    /// Makes it, once in a process, after the folders of dead runs were removed.
    pub(crate) fn open() -> Result<Self> {
        let all = std::env::temp_dir();
        remove_dead(&all)?;
        let (folder, lock) = locked(&all)?;
        FOLDER.get_or_init(|| folder.path().to_owned());
        Ok(Self {
            _folder: folder,
            _lock: lock,
        })
    }
}

/// A folder of this run that is removed with the value.
pub(crate) fn tempdir() -> Result<TempDir> {
    let folder = FOLDER.get().ok_or(ErrorKind::NotFound)?;
    tempfile::tempdir_in(folder)
}

/// A new folder, locked.
fn locked(all: &Path) -> Result<(TempDir, File)> {
    for _ in 0..TRIES {
        let folder = Builder::new().prefix(PREFIX).tempdir_in(all)?;
        // Until it is locked, another run may take it for a dead one's.
        match File::open(folder.path()) {
            Ok(lock) if is_free(&lock)? && folder.path().exists() => return Ok((folder, lock)),
            Ok(_) => {}
            Err(fault) if fault.kind() == ErrorKind::NotFound => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Error::other("other runs take it away each time"))
}

/// Locks it if nobody else has.
fn is_free(folder: &File) -> Result<bool> {
    match folder.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(fault)) => Err(fault),
    }
}

/// Removes what dead runs of the same person have left.
fn remove_dead(all: &Path) -> Result<()> {
    let own = rustix::process::getuid().as_raw();
    for entry in std::fs::read_dir(all)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        let removed = match path.symlink_metadata() {
            Ok(about) if about.is_dir() && about.uid() == own => remove_if_dead(&path),
            Ok(_) => Ok(()),
            Err(fault) => Err(fault),
        };
        match removed {
            // Another run was faster.
            Err(fault) if fault.kind() == ErrorKind::NotFound => {}
            Err(fault) => println!(
                "The folder {} of an earlier run could not be removed: {fault}. This run does not need it.",
                path.display()
            ),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn remove_if_dead(folder: &Path) -> Result<()> {
    let lock = File::open(folder)?;
    match is_free(&lock)? {
        true => std::fs::remove_dir_all(folder),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn folders_of_dead_runs_go_and_those_of_living_ones_and_of_others_stay() {
        let all = tempfile::tempdir().unwrap();
        let (living, _lock) = locked(all.path()).unwrap();
        let (dead, lock) = locked(all.path()).unwrap();
        std::fs::create_dir(dead.path().join("desk")).unwrap();
        std::fs::write(dead.path().join("desk/records"), "kept").unwrap();
        drop(lock);
        let other = all.path().join("scrim-smoked");
        std::fs::create_dir(&other).unwrap();
        let file = all.path().join("scrim-smoke-report.xml");
        std::fs::write(&file, "a report").unwrap();
        remove_dead(all.path()).unwrap();
        assert!(living.path().exists() && !dead.path().exists());
        assert!(other.exists() && file.exists());
    }
}
