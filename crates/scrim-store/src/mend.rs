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

use rusqlite::Connection;

use crate::error::StoreError;
use crate::files::{make_private_file, remove, suffixed, write_whole};
use crate::limits::{PAGE_BYTES, SCHEMA_PAGES_MAX};
use crate::log::{self, RawPage};
use crate::source::{Lies, Source};

/// The name of the file that keeps the schema's pages.
const SCHEMA_FILE: &str = "desk.schema";
const MENDED_FILE: &str = "desk.db.mended";
const PAGE: usize = PAGE_BYTES as usize;
/// A number and a page.
const ROW: usize = 4 + PAGE;

/// Keeps the schema's pages, if the tables have changed since. To be called while the log holds no
/// change of them.
pub(crate) fn keep_schema(source: &Source, conn: &Connection) -> Result<(), StoreError> {
    if source.options.vfs.is_some() {
        return Ok(());
    }
    let version: u32 = conn.pragma_query_value(None, "schema_version", |row| row.get(0))?;
    let path = suffixed(&source.folder, SCHEMA_FILE, "");
    if read_schema(&path)?.is_some_and(|kept| kept.version == version) {
        return Ok(());
    }
    let mut select =
        conn.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' ORDER BY pageno")?;
    let numbers: Vec<u32> = select
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let failed = || StoreError::disk("reading the records' tables");
    let mut file = File::open(source.path()).map_err(failed())?;
    let mut bytes = version.to_be_bytes().to_vec();
    for number in numbers.into_iter().take(SCHEMA_PAGES_MAX) {
        let at = u64::from(number.saturating_sub(1)) * u64::from(PAGE_BYTES);
        let mut page = [0; PAGE];
        file.seek(SeekFrom::Start(at)).map_err(failed())?;
        file.read_exact(&mut page).map_err(failed())?;
        bytes.extend(number.to_be_bytes());
        bytes.extend(page);
    }
    write_whole(&source.folder, SCHEMA_FILE, &bytes)
}

/// Forgets the schema's pages: another database takes this one's place.
pub(crate) fn forget_schema(folder: &Path) -> Result<(), StoreError> {
    remove(&suffixed(folder, SCHEMA_FILE, ""))
        .map_err(StoreError::disk("removing what was known of other tables"))
}

/// The schema's pages as they were kept.
struct Schema {
    version: u32,
    bytes: Vec<u8>,
}

impl Schema {
    fn pages(&self) -> Vec<RawPage<'_>> {
        let rows = self.bytes.chunks_exact(ROW);
        rows.map(|row| {
            let number = u32::from_be_bytes([row[0], row[1], row[2], row[3]]);
            (number, &row[4..])
        })
        .collect()
    }
}

/// `None` if there is no such file or it is none of this kind.
fn read_schema(path: &Path) -> Result<Option<Schema>, StoreError> {
    let failed = || StoreError::disk("reading what is known of the tables");
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file
            .take((4 + (SCHEMA_PAGES_MAX + 1) * ROW) as u64)
            .read_to_end(&mut bytes)
            .map_err(failed())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed()(error)),
    };
    let Some((version, rows)) = bytes.split_first_chunk() else {
        return Ok(None);
    };
    let whole = !rows.is_empty() && rows.len() % ROW == 0 && rows.len() / ROW <= SCHEMA_PAGES_MAX;
    Ok(whole.then(|| Schema {
        version: u32::from_be_bytes(*version),
        bytes: rows.to_vec(),
    }))
}

/// A mended copy of the database of `source`, if more can be read of one.
pub(crate) fn copy(source: &Source) -> Result<Option<PathBuf>, StoreError> {
    clear(&source.folder)?;
    if source.options.vfs.is_some() || !matches!(source.lies()?, Lies::Encrypted(_)) {
        return Ok(None);
    }
    let log = log::read(&source.folder)?;
    let schema = match tables(source) {
        0 => read_schema(&suffixed(&source.folder, SCHEMA_FILE, ""))?,
        _ => None,
    };
    if schema.is_none() && !log::hides_commits(&log) {
        return Ok(None);
    }
    let failed = || StoreError::disk("mending a copy of the damaged records");
    let path = suffixed(&source.folder, MENDED_FILE, "");
    make_private_file(&path)?;
    let length = std::fs::copy(source.path(), &path).map_err(failed())?;
    let pages = u32::try_from(length / u64::from(PAGE_BYTES)).unwrap_or(u32::MAX);
    let first = schema.as_ref().map(Schema::pages).unwrap_or_default();
    let log_path = suffixed(&source.folder, MENDED_FILE, "-wal");
    make_private_file(&log_path)?;
    std::fs::write(log_path, log::mended(&log, &first, pages)).map_err(failed())?;
    Ok(Some(path))
}

/// How many tables and indexes are found; none if the schema cannot be read.
fn tables(source: &Source) -> i64 {
    let count = || -> Result<i64, StoreError> {
        let conn = source.connect(source.only_reads())?;
        // The first and the last, so that every page of it is on the way.
        Ok(
            conn.query_row("SELECT count(name) FROM sqlite_schema", [], |row| {
                row.get(0)
            })?,
        )
    };
    count().unwrap_or(0)
}

/// Removes a mended copy.
pub(crate) fn clear(folder: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        remove(&suffixed(folder, MENDED_FILE, suffix))
            .map_err(StoreError::disk("removing a mended copy"))?;
    }
    Ok(())
}
