//! What lies beside an export while it is written: a *part*, which gets the export's name at the end.
//!
//! Whoever writes a part has locked it, and the lock ends with the process. So a part that nobody has locked was left by
//! an export that was killed, and the next export of the same name clears it away. Never cleared: a part that is locked,
//! what is not as private as parts are, what a link stands for, and anything of another name. On a file system that knows
//! no locks nothing is cleared; what was left there is stepped over.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::ReportError;
use crate::limits::TEMPORARY_NAMES_MAX;

/// A file or folder that this export writes.
pub(crate) struct Part {
    pub(crate) path: PathBuf,
    /// The part itself, locked until this is dropped; nothing for a folder where the system opens none.
    held: Option<File>,
}

impl Part {
    /// A new file beside `target`, readable by its owner alone.
    pub(crate) fn file(target: &Path) -> Result<Self, ReportError> {
        Self::beside(target, |part| {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(part).map(Some)
        })
    }

    /// A new folder beside `target`, for its owner alone.
    pub(crate) fn folder(target: &Path) -> Result<Self, ReportError> {
        Self::beside(target, |part| {
            let mut builder = DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(part)?;
            hold_folder(part)
        })
    }

    /// Makes something beside `target`, under the first name that is free.
    fn beside(
        target: &Path,
        make: impl Fn(&Path) -> std::io::Result<Option<File>>,
    ) -> Result<Self, ReportError> {
        let name = target.file_name().ok_or(ReportError::NoFileName)?;
        let names = (1..=TEMPORARY_NAMES_MAX).map(|n| {
            let mut part = std::ffi::OsString::from(".");
            part.push(name);
            part.push(format!(".scrim-{n}.part"));
            target.with_file_name(part)
        });
        for path in names.clone() {
            // What cannot be cleared is stepped over; whether this export can be written is found out below.
            clear(&path).ok();
        }
        for path in names {
            match make(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => {
                    let part = Self { held: made?, path };
                    // Without locks it is written all the same: then nobody else can clear it either.
                    if let Some(file) = &part.held {
                        file.lock().ok();
                    }
                    // Before it was locked, another export may have taken it for one that was left.
                    if part.is_there() {
                        return Ok(part);
                    }
                }
            }
        }
        let kind = ErrorKind::AlreadyExists;
        Err(ReportError::NotWritten { kind })
    }

    /// The file to write to; a folder is none.
    pub(crate) fn to_fill(&self) -> Result<&File, ReportError> {
        let kind = ErrorKind::IsADirectory;
        self.held.as_ref().ok_or(ReportError::NotWritten { kind })
    }

    /// Refuses to go on if something else is at its place by now: that must not get the export's name.
    pub(crate) fn ensure_in_place(&self) -> Result<(), ReportError> {
        let kind = ErrorKind::NotFound;
        match self.is_there() {
            true => Ok(()),
            false => Err(ReportError::NotWritten { kind }),
        }
    }

    fn is_there(&self) -> bool {
        let held = self.held.as_ref();
        held.is_none_or(|file| is_at(file, &self.path))
    }

    /// Takes it away, if it has not got the export's name.
    pub(crate) fn remove(self) -> std::io::Result<()> {
        match self.is_there() {
            true if self.path.symlink_metadata()?.is_dir() => std::fs::remove_dir_all(&self.path),
            true => std::fs::remove_file(&self.path),
            false => Ok(()),
        }
    }
}

/// The folder itself, to lock it and to know it again.
#[cfg(unix)]
fn hold_folder(folder: &Path) -> std::io::Result<Option<File>> {
    File::open(folder).map(Some)
}

/// Other systems open no folder like a file, and clear no part away (below), so there is nothing to lock it against.
#[cfg(not(unix))]
fn hold_folder(_folder: &Path) -> std::io::Result<Option<File>> {
    Ok(None)
}

/// Removes what is at `path` if it is a part that was left. It is locked meanwhile, so that no other export removes one
/// that was made anew under that name.
#[cfg(unix)]
fn clear(path: &Path) -> std::io::Result<()> {
    let there = path.symlink_metadata()?;
    if !is_as_private(&there) {
        return Ok(());
    }
    let file = OpenOptions::new()
        .read(true)
        .write(!there.is_dir())
        .open(path)?;
    file.try_lock()?;
    if !is_at(&file, path) {
        return Ok(());
    }
    match there.is_dir() {
        true if has_only_files(path)? => std::fs::remove_dir_all(path),
        true => Ok(()),
        false => std::fs::remove_file(path),
    }
}

/// Other systems have no bits to know a part by.
#[cfg(not(unix))]
fn clear(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_as_private(there: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let mode = there.mode() & 0o777;
    match there.is_dir() {
        true => mode == 0o700,
        false => there.is_file() && mode == 0o600 && there.nlink() == 1,
    }
}

/// A folder in a part was not written by an export.
#[cfg(unix)]
fn has_only_files(folder: &Path) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        if !entry?.file_type()?.is_file() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether `path` is still the name of `file`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let name = |of: std::fs::Metadata| (of.dev(), of.ino());
    let (own, there) = (file.metadata(), path.symlink_metadata());
    own.and_then(|own| Ok(name(own) == name(there?)))
        .unwrap_or(false)
}

/// Other systems let nobody remove a file that is open.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
