//! The folder of a run: everything that a journey writes is below it.
//!
//! A run that was killed cannot remove its own folder, so the next one does. A living run has its
//! folder locked, which ends with the process, however that ends. A run's folder has a file in it
//! that says so: another folder of such a name is somebody's own.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Result};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::{Builder, TempDir};

/// How a run's folder is called, in the folder for temporary files.
const PREFIX: &str = "scrim-smoke-";
/// The file that a run's folder is known by, and what stands in it.
const MARK: &str = "run.lock";
const MARKED: &[u8] = b"The folder of a run of scrim-smoke. The next run removes it.\n";

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

/// A new folder, locked. It is marked after that, so that no other run takes it for a dead one's.
fn locked(all: &Path) -> Result<(TempDir, File)> {
    let folder = Builder::new().prefix(PREFIX).tempdir_in(all)?;
    let lock = File::open(folder.path())?;
    lock.lock()?;
    std::fs::write(folder.path().join(MARK), MARKED)?;
    Ok((folder, lock))
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

/// Whether a run has made that folder.
fn is_marked(folder: &Path) -> Result<bool> {
    let mark = folder.join(MARK);
    match mark.symlink_metadata() {
        Ok(about) if about.is_file() && about.len() == MARKED.len() as u64 => {
            Ok(std::fs::read(mark)? == MARKED)
        }
        Ok(_) => Ok(false),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn remove_if_dead(folder: &Path) -> Result<()> {
    if !is_marked(folder)? {
        return Ok(());
    }
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
        // Somebody's own: not marked, and marked with something else.
        let shots = all.path().join("scrim-smoke-shots");
        let odd = all.path().join("scrim-smoke-odd");
        for own in [&shots, &odd] {
            std::fs::create_dir(own).unwrap();
            std::fs::write(own.join("a.png"), "a picture").unwrap();
        }
        std::fs::write(odd.join(MARK), "something else").unwrap();
        remove_dead(all.path()).unwrap();
        assert!(living.path().exists() && !dead.path().exists());
        assert!(other.exists() && file.exists());
        assert!(shots.join("a.png").exists() && odd.join("a.png").exists());
    }
}
