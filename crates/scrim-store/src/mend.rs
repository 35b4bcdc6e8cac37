//! A mended copy of a damaged database: what can be read of it is more than SQLite sees.
//!
//! Two kinds of damage hide what is whole. A damaged frame of the write-ahead log hides every commit
//! behind it ([`crate::log`]); and without the pages of the schema no table is found. So those pages
//! are kept in a file of their own, as they stand in the database, encrypted with it. A copy of the
//! database gets a log that begins with them and goes on with every frame that is whole.
//!
//! The copy may be older in places than the database was: whoever reads it believes nothing but what
//! the chain vouches for.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::files::{make_private_file, remove, suffixed, write_whole};
use crate::limits::{ADDED_PAGES_BITS_MAX, PAGE_BYTES, SCHEMA_PAGES_MAX};
use crate::log::{self, RawPage};
use crate::source::{Lies, Source};

/// The name of the file that keeps the schema's pages.
const SCHEMA_FILE: &str = "desk.schema";
const MENDED_FILE: &str = "desk.db.mended";
const PAGE: usize = PAGE_BYTES as usize;
/// A number and a page.
const ROW: usize = 4 + PAGE;

/// Keeps the schema's pages as they are now. To be called while the log holds no change of them; the
/// first of them says how long the database is, so they are kept at each start and at the end.
pub(crate) fn keep_schema(source: &Source, conn: &Connection) -> Result<(), StoreError> {
    if source.options.vfs.is_some() {
        return Ok(());
    }
    let mut select =
        conn.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' ORDER BY pageno")?;
    let numbers: Vec<u32> = select
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let failed = || StoreError::disk("reading the records' tables");
    let mut file = File::open(source.path()).map_err(failed())?;
    let mut bytes = Vec::new();
    for number in numbers.into_iter().take(SCHEMA_PAGES_MAX) {
        let at = u64::from(number.saturating_sub(1)) * u64::from(PAGE_BYTES);
        let mut page = [0; PAGE];
        file.seek(SeekFrom::Start(at)).map_err(failed())?;
        file.read_exact(&mut page).map_err(failed())?;
        bytes.extend(number.to_be_bytes());
        bytes.extend(page);
    }
    if read_schema(&source.folder)?.is_some_and(|kept| kept.0 == bytes) {
        return Ok(());
    }
    write_whole(&source.folder, SCHEMA_FILE, &bytes)
}

/// The same at the end, if everything is in the database by then.
pub(crate) fn keep_at_end(source: &Source, conn: &Connection) -> Result<(), StoreError> {
    if source.options.vfs.is_some() {
        return Ok(());
    }
    let (pages, folded): (i64, i64) =
        conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get(1)?, row.get(2)?))
        })?;
    match pages == folded {
        true => keep_schema(source, conn),
        false => Ok(()),
    }
}

/// Forgets the schema's pages: another database takes this one's place.
pub(crate) fn forget_schema(folder: &Path) -> Result<(), StoreError> {
    remove(&suffixed(folder, SCHEMA_FILE, ""))
        .map_err(StoreError::disk("removing what was known of other tables"))
}

/// The schema's pages as they were kept: rows of a number and a page.
struct Schema(Vec<u8>);

impl Schema {
    fn pages(&self) -> impl Iterator<Item = RawPage<'_>> {
        self.0.chunks_exact(ROW).map(|row| {
            let number = u32::from_be_bytes([row[0], row[1], row[2], row[3]]);
            (number, &row[4..])
        })
    }
}

/// `None` if there is no such file or it is none of this kind.
fn read_schema(folder: &Path) -> Result<Option<Schema>, StoreError> {
    let failed = || StoreError::disk("reading what is known of the tables");
    let mut bytes = Vec::new();
    match File::open(suffixed(folder, SCHEMA_FILE, "")) {
        Ok(file) => file
            .take(((SCHEMA_PAGES_MAX + 1) * ROW) as u64)
            .read_to_end(&mut bytes)
            .map_err(failed())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed()(error)),
    };
    let whole =
        !bytes.is_empty() && bytes.len() % ROW == 0 && bytes.len() / ROW <= SCHEMA_PAGES_MAX;
    Ok(whole.then_some(Schema(bytes)))
}

/// A mended copy.
pub(crate) struct Mended {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Frames of its log are missing, so that it may be older in places than the database was.
    pub(crate) is_older: bool,
}

/// A mended copy of the database of `source`, if more can be read of one.
pub(crate) fn copy(source: &Source) -> Result<Option<Mended>, StoreError> {
    clear(&source.folder)?;
    if source.options.vfs.is_some() {
        return Ok(None);
    }
    let has_tables = match source.lies()? {
        Lies::Encrypted(_) => has_tables(source, &source.path())?,
        Lies::Beheaded(_) => false,
        Lies::Plain | Lies::Nothing => return Ok(None),
    };
    let log = log::read(&source.folder)?;
    let is_older = log::hides_commits(&log);
    if has_tables && !is_older {
        return Ok(None);
    }
    let path = suffixed(&source.folder, MENDED_FILE, "");
    make_private_file(&path)?;
    if source.path().try_exists().map_err(failed())? {
        std::fs::copy(source.path(), &path).map_err(failed())?;
    }
    let schema = match has_tables {
        true => None,
        false => read_schema(&source.folder)?,
    };
    let schema: Vec<RawPage<'_>> = schema.iter().flat_map(Schema::pages).collect();
    write_log(source, &path, &log, &schema)?;
    Ok(Some(Mended { path, is_older }))
}

fn failed() -> impl FnOnce(std::io::Error) -> StoreError {
    StoreError::disk("mending a copy of the damaged records")
}

/// Gives the copy a log with which its tables are found, if there is one.
fn write_log(
    source: &Source,
    path: &Path,
    log: &[u8],
    schema: &[RawPage<'_>],
) -> Result<(), StoreError> {
    let log_path = suffixed(&source.folder, MENDED_FILE, "-wal");
    make_private_file(&log_path)?;
    let file = File::options().write(true).open(path).map_err(failed())?;
    let there = file.metadata().map_err(failed())?.len() / u64::from(PAGE_BYTES);
    // The first page that is there is newer than the one that was kept, if it can be read.
    let but_first: Vec<_> = schema.iter().copied().filter(|page| page.0 > 1).collect();
    // SQLite reads nothing of a database that is shorter than its first page says. How long that is
    // stands under the encryption, so it is tried; what is added has no bytes on the disk.
    for added in std::iter::once(0).chain((0..=ADDED_PAGES_BITS_MAX).map(|bit| 1 << bit)) {
        let pages = u32::try_from(there + added).unwrap_or(u32::MAX);
        let length = u64::from(pages) * u64::from(PAGE_BYTES);
        file.set_len(length).map_err(failed())?;
        for first in [&but_first[..], schema] {
            std::fs::write(&log_path, log::mended(log, first, pages)).map_err(failed())?;
            remove(&suffixed(&source.folder, MENDED_FILE, "-shm")).map_err(failed())?;
            if has_tables(source, path)? {
                return Ok(());
            }
        }
    }
    file.set_len(there * u64::from(PAGE_BYTES))
        .map_err(failed())?;
    Ok(())
}

/// Whether the schema can be read, all of it.
fn has_tables(source: &Source, path: &Path) -> Result<bool, StoreError> {
    let how = match path == source.path() {
        true => source.only_reads(),
        false => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let count = source.connect_to(path, how).and_then(|conn| {
        let count = "SELECT count(name) FROM sqlite_schema";
        Ok(conn.query_row(count, [], |row| row.get::<_, i64>(0))?)
    });
    match count {
        Err(StoreError::Damaged) => Ok(false),
        count => Ok(count? > 0),
    }
}

/// Removes a mended copy.
pub(crate) fn clear(folder: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        remove(&suffixed(folder, MENDED_FILE, suffix))
            .map_err(StoreError::disk("removing a mended copy"))?;
    }
    Ok(())
}
