//! Opening for writing: the settings of the connection, a look for damage, a log begun anew.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::files::make_private_file;
use crate::limits::{FULL_CHECK_BYTES_MAX, PAGE_BYTES, WAL_BYTES_MAX, WAL_PAGES, WAL_PAGES_GROWN};
use crate::mend;
use crate::schema::{migrate, version};
use crate::source::Source;

impl Source {
    /// Opens for writing, looks for damage, and brings the database up to date. Says as well whether
    /// there was nothing before.
    pub(crate) fn open_checked(&self) -> Result<(Connection, bool), StoreError> {
        make_private_file(&self.path())?;
        let mut conn = self.connect(self.writes())?;
        let pages: u32 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
        // Answers with the mode in force: not WAL means that the rights or the file system forbid it.
        let mode: String =
            conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if !mode.eq_ignore_ascii_case("wal") {
            return Err(StoreError::NotWritable);
        }
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "fullfsync", true)?;
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "secure_delete", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
        conn.pragma_update(None, "journal_size_limit", WAL_BYTES_MAX as i64)?;
        if pages > 0 {
            probe(&conn, u64::from(pages) * u64::from(PAGE_BYTES))?;
        }
        migrate(&mut conn)?;
        let begun = match self.options.grow_wal {
            true => grow_wal(&mut conn)?,
            false => begin_log(&conn)?,
        };
        if begun {
            match mend::keep_schema(self, &conn) {
                // A rescue may find less, which is no reason not to work: the next start tries again.
                Err(StoreError::DiskFull) => {}
                kept => kept?,
            }
        }
        Ok((conn, pages == 0))
    }
}

/// Finds a broken structure now and not in the middle of a shift.
pub(crate) fn probe(conn: &Connection, bytes: u64) -> Result<(), StoreError> {
    if bytes <= FULL_CHECK_BYTES_MAX {
        let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if said != "ok" {
            return Err(StoreError::Damaged);
        }
    }
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    // An empty schema with version 0 is a start that was cut off before the first migration.
    if (tables == 0) != (version(conn)? == 0) {
        return Err(StoreError::Damaged);
    }
    Ok(())
}

/// Makes the write-ahead log as long as it may become, without changing the database: a large
/// write spills out of a tiny cache into the log and is rolled back. Later commits overwrite it. While
/// somebody reads, this waits for the next start: then it is `false`.
pub(crate) fn grow_wal(conn: &mut Connection) -> Result<bool, StoreError> {
    if !begin_log(conn)? {
        return Ok(false);
    }
    let usual: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    conn.pragma_update(None, "cache_size", 10)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute(
        "INSERT INTO saved (key, value) VALUES ('', CAST(zeroblob(?) AS TEXT))",
        [i64::from(WAL_PAGES_GROWN) * i64::from(PAGE_BYTES)],
    )?;
    tx.rollback()?;
    conn.pragma_update(None, "cache_size", usual)?;
    begin_log(conn)
}

/// Begins the log anew, with another salt: what lies behind the last commit is then told from frames
/// of this run, and a damaged one of those does not pass for an old one. `false` if a reader is in
/// the way.
fn begin_log(conn: &Connection) -> Result<bool, StoreError> {
    let same = version(conn)?;
    // A log without a commit is not begun anew.
    conn.pragma_update(None, "user_version", same)?;
    let busy: bool = conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |row| row.get(0))?;
    conn.pragma_update(None, "user_version", same)?;
    Ok(!busy)
}
