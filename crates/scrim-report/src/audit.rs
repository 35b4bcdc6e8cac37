//! That an export was made: one line for each, written down and on the disk before the export has its name.
//!
//! A line is a JSON object with its number, the SHA-256 of the line before it (64 zeros before the first) and what was
//! exported. So a line that was changed, taken out or put in is found by the one after it, and at the end by the seal
//! ([`crate::seal`]), which whoever has not the records' key cannot write.
//!
//! Not found without that key, because a crash leaves the same: one line that was put to the end, or a seal that was put
//! back to the one before it. Both read as [`Sealed::OneMore`] until the next export, which seals the line as it is. How
//! the list ended at a start, which the records keep, tells the second one ([`ExportLog::held_against`]).

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::ReportError;
use crate::hashed::sha256;
use crate::limits::EXPORT_LOG_BYTES_MAX;
use crate::made::{ExportMade, joins};
use crate::seal::{self, ListEnd, NO_LINE, SealKey, Sealed};

/// The log's name in the folder of the records.
pub const EXPORT_LOG_FILE: &str = "exports.log";
/// How each line begins.
const LINE_BEGINS: &[u8] = b"{\"n\":";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    n: u64,
    prev: String,
    export: ExportMade,
}

/// What stands in a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportLog {
    /// Every export up to the first line that is not as it was written.
    pub exports: Vec<ExportMade>,
    /// That line, from 1, and what is wrong with it.
    pub broken: Option<(u64, &'static str)>,
    /// Its last line was cut off while it was written: that export was not made.
    pub is_cut_off: bool,
    /// Whether it ends as it was sealed.
    pub sealed: Sealed,
    /// The hash of each whole line.
    hashes: Vec<String>,
}

impl ExportLog {
    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> ListEnd {
        ListEnd {
            n: self.hashes.len() as u64,
            last: self.hashes.last().map_or(NO_LINE, |hash| hash).to_owned(),
        }
    }

    /// Whether it goes on from where it once ended.
    #[must_use]
    pub fn goes_on_from(&self, end: &ListEnd) -> bool {
        let n = usize::try_from(end.n).unwrap_or(usize::MAX);
        match n.checked_sub(1) {
            None => true,
            Some(at) => self.hashes.get(at) == Some(&end.last),
        }
    }

    /// The same, held against how it once ended when it was sealed whole: a line that stood there then had its seal, so a
    /// list that has it and no seal of it has got an older seal back.
    #[must_use]
    pub fn held_against(mut self, end: &ListEnd) -> Self {
        if self.sealed == Sealed::OneMore && end.n >= self.end().n {
            self.sealed = Sealed::Broken("its seal is an older one");
        }
        self
    }

    /// Whether every line of it is as it was written, as far as there is a key to see that.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.broken.is_none() && !matches!(self.sealed, Sealed::Broken(_))
    }
}

/// Adds an export to the log at `path`, which is made (for its owner alone) if it is not there, and seals its end with
/// `key`, if there is one. On return both are on the disk. A line that was cut off before is taken away first.
///
/// # Errors
/// [`ReportError::NotLogged`], [`ReportError::TellsBesideAName`]: the export must not be made then.
pub fn log_export(
    path: &Path,
    key: Option<&SealKey>,
    export: &ExportMade,
) -> Result<(), ReportError> {
    log_export_with(path, || Ok(key.copied()), export)
}

/// The same; `key` is asked once nobody else writes the log any more, so that a key which was made meanwhile is used.
///
/// # Errors
/// As [`log_export`], and what `key` said: the export must not be made then.
pub fn log_export_with(
    path: &Path,
    key: impl FnOnce() -> Result<Option<SealKey>, ReportError>,
    export: &ExportMade,
) -> Result<(), ReportError> {
    let not_logged = |error: std::io::Error| ReportError::NotLogged { kind: error.kind() };
    let mut file = open_to_write(path).map_err(not_logged)?;
    let bytes = read_all(&mut file).map_err(not_logged)?;
    // Every line that can be read, also behind one that was changed.
    let mut before = lines_of(&bytes[..whole_of(&bytes)])
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    if before.any(|line| joins(export, &line.export)) {
        return Err(ReportError::TellsBesideAName);
    }
    let key = key()?;
    append(&mut file, path, (key.as_ref(), export), &bytes).map_err(not_logged)
}

/// Seals a log of before there was a key, as it is; one that is not there is sealed as empty. Waits for nobody.
///
/// # Errors
/// [`ReportError::NotSealed`], also if an export is being written down just now.
pub fn seal_export_log(path: &Path, key: &SealKey) -> Result<(), ReportError> {
    let seal = || -> std::io::Result<()> {
        let mut bytes = Vec::new();
        let mut file = open(path)?;
        if let Some(file) = &mut file {
            file.try_lock()?;
            bytes = read_all(file)?;
        }
        let lines: Vec<&[u8]> = lines_of(&bytes[..whole_of(&bytes)]).collect();
        seal::write(path, key, &ListEnd::of(&lines))?;
        sync_folder_of(path)
    };
    seal().map_err(|error| ReportError::NotSealed { kind: error.kind() })
}

/// A pipe would be waited for, and what a link stands for is no list of exports.
fn is_file_or_nothing(path: &Path) -> std::io::Result<()> {
    match path.symlink_metadata() {
        Ok(there) if !there.is_file() => Err(std::io::ErrorKind::InvalidInput.into()),
        _ => Ok(()),
    }
}

/// Whether a line that was cut off is one: more than the beginning of one line is a list whose ends of lines are gone.
fn is_one_line(tail: &[u8]) -> bool {
    let begins = tail.windows(LINE_BEGINS.len());
    begins.filter(|bytes| *bytes == LINE_BEGINS).count() <= 1
}

/// The log for one more line, made if it is not there and locked.
fn open_to_write(path: &Path) -> std::io::Result<File> {
    is_file_or_nothing(path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // Another export of this desk may be writing; the lock ends with the file.
    file.lock()?;
    Ok(file)
}

fn append(
    file: &mut File,
    path: &Path,
    (key, export): (Option<&SealKey>, &ExportMade),
    bytes: &[u8],
) -> std::io::Result<()> {
    let whole = whole_of(bytes);
    if !is_one_line(&bytes[whole..]) {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let lines: Vec<&[u8]> = lines_of(&bytes[..whole]).collect();
    let end = match key {
        Some(key) => followed(path, key, &lines)?,
        None => ListEnd::of(&lines),
    };
    let line = Line {
        n: end.n + 1,
        prev: end.last,
        export: export.clone(),
    };
    let mut text = serde_json::to_vec(&line)?;
    let end = ListEnd {
        n: line.n,
        last: sha256(&text),
    };
    text.push(b'\n');
    let sealed = || key.map_or(Ok(()), |key| seal::write(path, key, &end));
    let written = put(file, whole as u64, &text).and_then(|()| sealed());
    if written.is_err() {
        // The export is not made. If even this fails, the line stays without a seal, as after a crash, and the first
        // failure tells the person more than this one would.
        let taken_back = file.set_len(whole as u64);
        taken_back.and_then(|()| file.sync_all()).ok();
    }
    written?;
    sync_folder_of(path)
}

/// What the next line follows. A line that has no seal yet is sealed first: two such lines in a row are more than a crash
/// leaves. So is a list that begins: a crash after its first line would leave one whose seal is gone.
pub(crate) fn followed(path: &Path, key: &SealKey, lines: &[&[u8]]) -> std::io::Result<ListEnd> {
    let found = seal::Found::read(path, key)?;
    let begins = matches!(found, seal::Found::Nothing) && lines.is_empty();
    if begins || found.fits(lines) == Sealed::OneMore {
        seal::write(path, key, &ListEnd::of(lines))?;
        sync_folder_of(path)?;
    }
    Ok(found.followed(lines))
}

/// Writes `text` after the first `whole` bytes, in the place of what else is there.
fn put(file: &mut File, whole: u64, text: &[u8]) -> std::io::Result<()> {
    file.set_len(whole)?;
    file.seek(SeekFrom::Start(whole))?;
    file.write_all(text)?;
    file.sync_all()
}

/// How many bytes of it are whole lines.
fn whole_of(bytes: &[u8]) -> usize {
    let last = bytes.iter().rposition(|byte| *byte == b'\n');
    last.map_or(0, |at| at + 1)
}

fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    sync_folder(folder.unwrap_or(Path::new(".")))
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems make names durable by themselves.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

fn read_all(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(EXPORT_LOG_BYTES_MAX + 1)
        .read_to_end(&mut bytes)?;
    match bytes.len() as u64 > EXPORT_LOG_BYTES_MAX {
        true => Err(std::io::ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

/// Lines without their ends; `bytes` is empty or ends with one.
fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

/// The log for reading, if it is there.
fn open(path: &Path) -> std::io::Result<Option<File>> {
    is_file_or_nothing(path)?;
    match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// Reads a log and checks it, and its end with `key`; one that is not there is empty. Waits for an export that is being
/// written down.
///
/// # Errors
/// [`ReportError::LogUnreadable`].
pub fn read_export_log(path: &Path, key: Option<&SealKey>) -> Result<ExportLog, ReportError> {
    let read = read(path, key, File::lock_shared);
    read.map_err(|error| ReportError::LogUnreadable { kind: error.kind() })
}

/// The same without waiting.
///
/// # Errors
/// [`ReportError::LogUnreadable`], also if an export is being written down just now.
pub fn read_export_log_at_once(
    path: &Path,
    key: Option<&SealKey>,
) -> Result<ExportLog, ReportError> {
    let read = read(path, key, |file| Ok(file.try_lock_shared()?));
    read.map_err(|error| ReportError::LogUnreadable { kind: error.kind() })
}

fn read(
    path: &Path,
    key: Option<&SealKey>,
    lock: impl FnOnce(&File) -> std::io::Result<()>,
) -> std::io::Result<ExportLog> {
    let mut bytes = Vec::new();
    let mut file = open(path)?;
    if let Some(file) = &mut file {
        // Not between a line and its seal.
        lock(file)?;
        bytes = read_all(file)?;
    }
    let mut log = walk(&bytes);
    if let Some(key) = key {
        let lines: Vec<&[u8]> = lines_of(&bytes[..whole_of(&bytes)]).collect();
        log.sealed = seal::Found::read(path, key)?.fits(&lines);
    }
    Ok(log)
}

fn walk(bytes: &[u8]) -> ExportLog {
    let whole = whole_of(bytes);
    let mut log = ExportLog {
        is_cut_off: whole < bytes.len(),
        ..ExportLog::default()
    };
    let mut prev = NO_LINE.to_owned();
    for (n, bytes) in (1..).zip(lines_of(&bytes[..whole])) {
        let hash = sha256(bytes);
        log.hashes.push(hash.clone());
        if log.broken.is_some() {
            continue;
        }
        let broken = match serde_json::from_slice::<Line>(bytes) {
            Err(_) => Some("it cannot be read"),
            Ok(line) if line.n != n => Some("a line is missing before it, or was put in"),
            Ok(line) if line.prev != prev => {
                Some("it does not name the line before it: one of the two was changed")
            }
            Ok(line) => {
                log.exports.push(line.export);
                None
            }
        };
        log.broken = broken.map(|what| (n, what));
        prev = hash;
    }
    log
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
