//! The store's files: private rights, the one-writer lock, whole writes, setting aside.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use scrim_model::Timestamp;

use crate::error::StoreError;
use crate::limits::SET_ASIDE_MAX;

/// The database's name in its folder.
pub const DATABASE_FILE: &str = "desk.db";
const LOCK_FILE: &str = "desk.lock";
/// How names of damaged databases begin.
const ASIDE: &str = "desk-damaged-";

pub(crate) fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let file = private(OpenOptions::new().create(true).truncate(false).write(true))
        .open(path)
        .map_err(StoreError::disk("locking the records"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(StoreError::disk("locking the records")(error)),
    }
}

/// A name for a damaged database that no file has yet.
pub(crate) fn name_for_damaged(folder: &Path, now: Timestamp) -> Result<String, StoreError> {
    let stamp: String = now
        .to_string()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    for n in 1..=SET_ASIDE_MAX {
        let name = format!("{ASIDE}{stamp}-{n}.db");
        let failed = StoreError::disk("setting the damaged records aside");
        if !folder.join(&name).try_exists().map_err(failed)? {
            return Ok(name);
        }
    }
    Err(StoreError::Damaged)
}

/// Names of damaged databases and their logs that were set aside in `folder`, in order.
pub(crate) fn aside(folder: &Path) -> Result<Vec<String>, StoreError> {
    let failed = || StoreError::disk("looking for records that were set aside");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed())? {
        let name = entry.map_err(failed())?.file_name();
        names.extend(
            name.to_str()
                .filter(|name| name.starts_with(ASIDE))
                .map(str::to_owned),
        );
    }
    names.sort();
    Ok(names)
}

/// Renames the database and its log side by side, so that they still belong together. What was
/// renamed before by the same call is passed over.
pub(crate) fn set_aside(folder: &Path, name: &str) -> Result<(), StoreError> {
    let failed = || StoreError::disk("setting the damaged records aside");
    for suffix in ["-wal", ""] {
        let from = suffixed(folder, DATABASE_FILE, suffix);
        match std::fs::rename(from, suffixed(folder, name, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed()(error));
            }
            _ => {}
        }
    }
    // The shared index holds nothing of its own; SQLite makes it anew from the log.
    remove(&suffixed(folder, DATABASE_FILE, "-shm")).map_err(failed())?;
    sync_folder(folder)
}

pub(crate) fn suffixed(folder: &Path, name: &str, suffix: &str) -> PathBuf {
    folder.join(format!("{name}{suffix}"))
}

/// Removes a file; one that is not there is as good as removed.
pub(crate) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts `bytes` into the file `name`, durably: afterwards it holds all of them or what it held.
pub(crate) fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = || StoreError::disk("writing beside the records");
    let fresh = suffixed(folder, name, ".new");
    let mut file = private(OpenOptions::new().create(true).truncate(true).write(true))
        .open(&fresh)
        .map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    file.sync_all().map_err(failed())?;
    std::fs::rename(&fresh, folder.join(name)).map_err(failed())?;
    sync_folder(folder)
}

/// Makes renames and removals in `folder` durable.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::disk("making a change durable"))
}

/// Other systems have no such call; their file systems journal names by themselves.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> Result<(), StoreError> {
    Ok(())
}

pub(crate) fn make_private_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(StoreError::disk("making the folder for the records"))?;
    restrict(folder, 0o700)
}

/// Made before SQLite opens it, which gives its log and index the same rights.
pub(crate) fn make_private_file(path: &Path) -> Result<(), StoreError> {
    private(OpenOptions::new().create(true).truncate(false).write(true))
        .open(path)
        .map_err(StoreError::disk("making the records"))?;
    restrict(path, 0o600)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(StoreError::disk("restricting the records to this user"))
}

/// On other systems the profile folder's own rights hold.
#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> Result<(), StoreError> {
    Ok(())
}
