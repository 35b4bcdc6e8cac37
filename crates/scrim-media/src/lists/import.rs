//! From the text of a list to its file.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::near::{table, words};
use super::{ListError, MAGIC, from_hex};
use crate::limits::{LIST_ENTRIES_MAX, LIST_LINE_BYTES_MAX, LIST_NAME_BYTES_MAX};

/// What an import found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// SHA-256, SHA-1, MD5, PDQ, each once.
    pub counts: [u64; 4],
    /// Lines that were there before.
    pub repeated: u64,
}

/// The hashes of a list, of each kind.
#[derive(Default)]
struct Hashes {
    sha256: Vec<[u8; 32]>,
    sha1: Vec<[u8; 20]>,
    md5: Vec<[u8; 16]>,
    pdq: Vec<[u8; 32]>,
}

/// Where kind and hash stand in a line.
#[derive(Clone, Copy)]
enum Form {
    /// Kind and hash with blanks between them.
    Blanks,
    /// CSV, at these columns.
    Columns { kind: usize, hash: usize },
}

/// Reads a list and writes its file.
fn import(text: impl BufRead, name: &str, out: File) -> Result<Imported, ListError> {
    let is_name = !name.is_empty() && !name.contains(['\n', '\r']);
    if !is_name || name.len() as u64 > LIST_NAME_BYTES_MAX {
        return Err(ListError::BadName);
    }
    let mut hashes = read(text)?;
    let repeated = hashes.sort();
    let counts = hashes.counts();
    if counts == [0; 4] {
        return Err(ListError::Empty);
    }
    hashes.write(name, out)?;
    Ok(Imported { counts, repeated })
}

fn read(mut text: impl BufRead) -> Result<Hashes, ListError> {
    let (mut hashes, mut form, mut line) = (Hashes::default(), None, 0);
    let mut bytes = Vec::new();
    loop {
        line += 1;
        bytes.clear();
        let mut piece = std::io::Read::take(&mut text, LIST_LINE_BYTES_MAX);
        if piece.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(hashes);
        }
        if bytes.len() as u64 == LIST_LINE_BYTES_MAX {
            return Err(ListError::BadForm { line });
        }
        let said = std::str::from_utf8(&bytes).map_err(|_| ListError::BadForm { line })?;
        let said = said.trim_start_matches('\u{feff}').trim();
        if said.is_empty() || said.starts_with('#') {
            continue;
        }
        let form = match form {
            Some(form) => form,
            None => {
                let (found, is_title) = form_of(said);
                form = Some(found);
                if is_title {
                    continue;
                }
                found
            }
        };
        let (kind, hash) = form.parts(said).ok_or(ListError::BadForm { line })?;
        hashes.add(line, kind, hash)?;
    }
}

/// The form of a file by its first line, and whether that line is a title.
fn form_of(first: &str) -> (Form, bool) {
    let columns = || first.split(',').map(plain);
    let place = |wanted: &str| columns().position(|name| name.eq_ignore_ascii_case(wanted));
    match (place("type"), place("hash")) {
        (Some(kind), Some(hash)) => (Form::Columns { kind, hash }, true),
        _ if first.contains(',') => (Form::Columns { kind: 0, hash: 1 }, false),
        _ => (Form::Blanks, false),
    }
}

/// A cell without blanks and quotes around it; no hash or kind has any inside.
fn plain(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

impl Form {
    fn parts(self, line: &str) -> Option<(&str, &str)> {
        match self {
            Self::Blanks => {
                let mut words = line.split_whitespace();
                let parts = (words.next()?, words.next()?);
                words.next().is_none().then_some(parts)
            }
            Self::Columns { kind, hash } => {
                let cell = |at| line.split(',').nth(at).map(plain);
                Some((cell(kind)?, cell(hash)?))
            }
        }
    }
}

impl Hashes {
    fn add(&mut self, line: u64, kind: &str, hash: &str) -> Result<(), ListError> {
        match kind.to_ascii_lowercase().as_str() {
            "sha256" | "sha-256" => one(&mut self.sha256, (line, "sha256"), hash),
            "sha1" | "sha-1" => one(&mut self.sha1, (line, "sha1"), hash),
            "md5" => one(&mut self.md5, (line, "md5"), hash),
            "pdq" => one(&mut self.pdq, (line, "pdq"), hash),
            _ => Err(ListError::UnknownKind { line }),
        }
    }

    /// Ascending, each once; how many went.
    fn sort(&mut self) -> u64 {
        sort(&mut self.sha256) + sort(&mut self.sha1) + sort(&mut self.md5) + sort(&mut self.pdq)
    }

    fn counts(&self) -> [u64; 4] {
        let (sha256, sha1) = (self.sha256.len(), self.sha1.len());
        [sha256, sha1, self.md5.len(), self.pdq.len()].map(|count| count as u64)
    }

    fn write(&self, name: &str, out: File) -> Result<(), ListError> {
        let mut out = Hashing {
            out: BufWriter::new(out),
            hash: Sha256::new(),
        };
        out.write_all(MAGIC)?;
        let [sha256, sha1, md5, pdq] = self.counts();
        for number in [name.len() as u64, sha256, sha1, md5, pdq] {
            out.write_all(&number.to_le_bytes())?;
        }
        out.write_all(name.as_bytes())?;
        self.sha256
            .iter()
            .try_for_each(|hash| out.write_all(hash))?;
        self.sha1.iter().try_for_each(|hash| out.write_all(hash))?;
        self.md5.iter().try_for_each(|hash| out.write_all(hash))?;
        self.pdq.iter().try_for_each(|hash| out.write_all(hash))?;
        if !self.pdq.is_empty() {
            let hashes: Vec<_> = self.pdq.iter().map(words).collect();
            for place in 0..16 {
                for row in table(&hashes, place) {
                    out.write_all(&row.to_le_bytes())?;
                }
            }
        }
        let (mut file, hash) = (out.out, out.hash.finalize());
        file.write_all(&hash)?;
        let file = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        Ok(file.sync_all()?)
    }
}

fn one<const N: usize>(
    into: &mut Vec<[u8; N]>,
    (line, kind): (u64, &'static str),
    text: &str,
) -> Result<(), ListError> {
    let digits = 2 * N;
    let hash = from_hex(text).ok_or(ListError::BadLine { line, kind, digits })?;
    if into.len() as u64 == LIST_ENTRIES_MAX {
        return Err(ListError::TooLarge);
    }
    into.push(hash);
    Ok(())
}

fn sort<const N: usize>(hashes: &mut Vec<[u8; N]>) -> u64 {
    let before = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    (before - hashes.len()) as u64
}

/// Writes, and hashes what is written.
struct Hashing {
    out: BufWriter<File>,
    hash: Sha256,
}

impl Hashing {
    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }
}

/// Reads lines of `kind hash`, or CSV whose first line names the columns `type` and `hash`, and writes a list's file at
/// `place`, for this account alone. Blank lines and lines that begin with `#` are passed over.
///
/// # Errors
/// [`ListError`] names the line; what was at `place` stays as it was.
pub fn import_to(text: impl BufRead, name: &str, place: &Path) -> Result<Imported, ListError> {
    let beside = place.with_extension("new");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let done = import(text, name, options.open(&beside)?);
    match done {
        Ok(imported) => {
            std::fs::rename(&beside, place)?;
            Ok(imported)
        }
        Err(fault) => {
            std::fs::remove_file(&beside)?;
            Err(fault)
        }
    }
}
