//! Files that are whole or not there.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::ReportError;
use crate::parts::Part;

/// Writes `path` through a temporary file beside it (readable by its owner alone), brings that to
/// the disk, and renames it. Whatever fails before the renaming, and even a loss of power, leaves
/// an older file at `path` as it was. What a killed export left beside `path` is removed first.
///
/// # Errors
/// What `write` said, or [`ReportError::NotWritten`]; the temporary file is removed then. [`ReportError::NotAFile`] if a
/// folder, a device, a pipe or a link is at `path`: it is left as it is.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    write_atomically_after(path, write, || Ok(()))
}

/// The same; `first` is called when the new file is on the disk and before it has its name. If that fails, the older
/// file stays and there is no new one.
///
/// # Errors
/// As [`write_atomically`], and what `first` said.
pub fn write_atomically_after(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>,
    first: impl FnOnce() -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    // Renaming would put a file in the place of a device, or of what a link stands for.
    if path.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        return Err(ReportError::NotAFile);
    }
    let part = Part::file(path)?;
    let written = part
        .to_fill()
        .and_then(|file| fill(file, write))
        .and_then(|()| first())
        .and_then(|()| replace(&part, path));
    if written.is_err() {
        // If even this fails, the next export clears it away; the first failure tells the person more than this one
        // would.
        part.remove().ok();
    }
    written
}

/// Writes a new folder of files in the same way: under another name first, then renamed; `first` as there.
///
/// # Errors
/// [`ReportError::AlreadyThere`] if there is anything at `path`, or [`ReportError::NotWritten`]; what was begun is
/// removed then.
pub(crate) fn write_folder(
    path: &Path,
    files: &[(String, Vec<u8>)],
    first: impl FnOnce() -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    if path.symlink_metadata().is_ok() {
        return Err(ReportError::AlreadyThere);
    }
    let part = Part::folder(path)?;
    let written = fill_folder(&part.path, files)
        .and_then(|()| first())
        .and_then(|()| replace(&part, path));
    if written.is_err() {
        // As above.
        part.remove().ok();
    }
    written
}

fn fill_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), ReportError> {
    for (name, bytes) in files {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(folder.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn fill(
    file: &File,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(|error| error.into_error())?;
    Ok(file.sync_all()?)
}

/// Renames and makes the renaming itself durable. The folder is opened first, so that nearly
/// everything that can fail does so while the older file is still in its place.
#[cfg(unix)]
fn replace(part: &Part, path: &Path) -> Result<(), ReportError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new(".")))?;
    part.ensure_in_place()?;
    std::fs::rename(&part.path, path)?;
    Ok(folder.sync_all()?)
}

/// Other systems make a renaming durable by themselves.
#[cfg(not(unix))]
fn replace(part: &Part, path: &Path) -> Result<(), ReportError> {
    part.ensure_in_place()?;
    Ok(std::fs::rename(&part.path, path)?)
}
