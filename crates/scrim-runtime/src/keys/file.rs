//! Private files: whole or not there, durable, and wiped on their way through memory.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::limits::KEY_FILE_BYTES_MAX;

/// What is in it, up to one byte more than is allowed; `None` if it is not there.
pub(super) fn read(path: &Path) -> std::io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    match File::open(path) {
        Ok(file) => file.take(KEY_FILE_BYTES_MAX).read_to_end(&mut bytes)?,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    Ok(Some(bytes))
}

/// Written if nothing is there; never takes another one's place.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = fresh(path, bytes)?;
    let linked = match std::fs::hard_link(&fresh, path) {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => Err(fault),
        _ => Ok(()),
    };
    std::fs::remove_file(&fresh)?;
    linked?;
    sync(path)
}

/// Takes the place of what is there.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = fresh(path, bytes)?;
    std::fs::rename(&fresh, path)?;
    sync(path)
}

pub(super) fn rename(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::rename(from, to)?;
    sync(to)
}

/// Overwritten, as far as the disk does that, and removed; nothing if it is not there.
pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    let bytes = match std::fs::metadata(path) {
        Ok(meta) => meta.len().min(KEY_FILE_BYTES_MAX),
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let mut file = OpenOptions::new().write(true).open(path)?;
    std::io::copy(&mut std::io::repeat(0).take(bytes), &mut file)?;
    file.sync_all()?;
    std::fs::remove_file(path)?;
    sync(path)
}

fn fresh(path: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder_of(path)?)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let fresh = PathBuf::from(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(fresh)
}

fn folder_of(path: &Path) -> std::io::Result<&Path> {
    path.parent()
        .ok_or_else(|| std::io::Error::from(ErrorKind::InvalidInput))
}

fn sync(path: &Path) -> std::io::Result<()> {
    File::open(folder_of(path)?)?.sync_all()
}
