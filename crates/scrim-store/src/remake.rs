//! The whole database made anew under a key: one that an older Scrim left unencrypted, or one whose
//! key changes.
//!
//! | step | what is there if everything stops right after it |
//! | --- | --- |
//! | the old log is folded into the old database | the old database |
//! | `desk.db.new` is written, compared and made durable | the old database, and a file that the next start removes |
//! | the old log and its index are removed; they are empty | the same |
//! | `desk.db.new` takes the database's name | the new database |
//!
//! The first bytes of the database say which key it is under ([`crate::key`]), so after any of them
//! it is certain which of two keys is the right one.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::files::{DATABASE_FILE, make_private_file, remove, suffixed, sync_folder};
use crate::key::{self, Key};
use crate::schema::{refuse_newer, version};
use crate::source::Source;
use crate::{Reader, Store, mend};

pub(crate) const FRESH_FILE: &str = "desk.db.new";

/// What has been done so far; tests look at the folder after each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The key check names both keys.
    Checked,
    /// The old log is empty.
    Folded,
    /// The new database is whole and durable, under its own name.
    Written,
    /// The old log is removed.
    Cleared,
    /// The new database is in the place of the old one.
    Replaced,
}

type After<'a> = &'a mut dyn FnMut(Step);

/// Removes what a remake that was cut off has left.
pub(crate) fn clear(folder: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        remove(&suffixed(folder, FRESH_FILE, suffix))
            .map_err(StoreError::disk("removing an unfinished file"))?;
    }
    Ok(())
}

/// Encrypts the database of an older Scrim.
pub(crate) fn encrypt_plain(source: &Source, after: After<'_>) -> Result<(), StoreError> {
    let old = source.connect_plain(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    refuse_newer(version(&old)?)?;
    drop(old);
    fold(source.connect_plain(OpenFlags::SQLITE_OPEN_READ_WRITE)?)?;
    after(Step::Folded);
    replace(source, "", after)
}

impl Store {
    /// Puts the records under `key`. Killed at any moment, they are under the old key or under the
    /// new one and open with that one only: the other is refused with [`StoreError::WrongKey`]. So
    /// whoever keeps the keys keeps both until this has returned.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if somebody reads the records right now; otherwise what the disk or
    /// SQLite said. The records are then under the old key, unless the disk failed at the very end:
    /// [`Store::fits`] says which.
    pub fn rekey(&mut self, key: &Key) -> Result<(), StoreError> {
        self.rekey_by_steps(key, &mut |_| {})
    }

    pub(crate) fn rekey_by_steps(&mut self, key: &Key, after: After<'_>) -> Result<(), StoreError> {
        let old = self.reader.source.clone();
        if old.key == *key {
            return Ok(());
        }
        let new = Source {
            key: key.clone(),
            ..old.clone()
        };
        key::keep_check(&old.folder, &[&old.key, key])?;
        after(Step::Checked);
        let closed = std::mem::replace(&mut self.reader.conn, Connection::open_in_memory()?);
        let done = fold(closed).and_then(|()| {
            after(Step::Folded);
            replace(&new, &old.key.raw(), after)
        });
        // Whatever went wrong: what lies there now is opened with the key that it is under.
        let source = match done.is_ok() || new.fits()? {
            true => new,
            false => old,
        };
        key::keep_check(&source.folder, &[&source.key])?;
        let (conn, _) = source.open_checked()?;
        self.reader = Reader { conn, source };
        done
    }

    /// Whether the records in `folder` are under `key`. `false` if there are none.
    ///
    /// # Errors
    /// What the disk said.
    pub fn fits(folder: &Path, key: &Key) -> Result<bool, StoreError> {
        Source::new(folder, key, &crate::OpenOptions::default()).fits()
    }
}

/// Empties the log into its database and closes it.
fn fold(conn: Connection) -> Result<(), StoreError> {
    let busy: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    match busy {
        true => Err(StoreError::Busy),
        false => Ok(conn.close().map_err(|(_, error)| error)?),
    }
}

/// Writes the database at `new`'s place, which is under `old_key`, anew and under `new`'s key.
fn replace(new: &Source, old_key: &str, after: After<'_>) -> Result<(), StoreError> {
    let failed = || StoreError::disk("writing the records anew");
    copy_whole(begin_fresh(new)?, new, old_key)?;
    let fresh = end_fresh(&new.folder)?;
    after(Step::Written);
    for suffix in ["-wal", "-shm"] {
        remove(&suffixed(&new.folder, DATABASE_FILE, suffix)).map_err(failed())?;
    }
    mend::forget_schema(&new.folder)?;
    sync_folder(&new.folder)?;
    after(Step::Cleared);
    std::fs::rename(&fresh, new.folder.join(DATABASE_FILE)).map_err(failed())?;
    sync_folder(&new.folder)?;
    after(Step::Replaced);
    Ok(())
}

/// A new, empty database beside the one in use.
pub(crate) fn begin_fresh(source: &Source) -> Result<Connection, StoreError> {
    clear(&source.folder)?;
    let fresh = suffixed(&source.folder, FRESH_FILE, "");
    make_private_file(&fresh)?;
    let conn = source.connect_to(&fresh, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // No file of its own for taking back: what is not finished is thrown away as a whole.
    conn.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
    Ok(conn)
}

/// Makes it durable after its connection was closed, and says where it is.
pub(crate) fn end_fresh(folder: &Path) -> Result<PathBuf, StoreError> {
    let fresh = suffixed(folder, FRESH_FILE, "");
    File::open(&fresh)
        .and_then(|file| file.sync_all())
        .map_err(StoreError::disk("writing the records anew"))?;
    sync_folder(folder)?;
    Ok(fresh)
}

fn copy_whole(conn: Connection, new: &Source, old_key: &str) -> Result<(), StoreError> {
    conn.pragma_update(None, "foreign_keys", false)?;
    let old = new.path();
    let old = old.to_str().ok_or(StoreError::NotWritable)?;
    conn.execute("ATTACH ? AS old KEY ?", [old, old_key])?;
    let found: i64 = conn.query_row("PRAGMA old.user_version", [], |row| row.get(0))?;
    conn.query_row("SELECT sqlcipher_export('main', 'old')", [], |_| Ok(()))?;
    conn.pragma_update(None, "user_version", found)?;
    compare(&conn)?;
    conn.execute("DETACH old", [])?;
    Ok(conn.close().map_err(|(_, error)| error)?)
}

/// Nothing takes the place of a database that does not hold as much.
fn compare(conn: &Connection) -> Result<(), StoreError> {
    let said: String = conn.query_row("PRAGMA main.quick_check(1)", [], |row| row.get(0))?;
    let mut names = conn.prepare("SELECT name FROM old.sqlite_schema WHERE type = 'table'")?;
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let rows = |schema: &str, table: &str| -> Result<i64, StoreError> {
        let sql = format!("SELECT count(*) FROM {schema}.\"{table}\"");
        Ok(conn.query_row(&sql, [], |row| row.get(0))?)
    };
    for table in &names {
        if rows("old", table)? != rows("main", table)? {
            return Err(StoreError::Damaged);
        }
    }
    match said == "ok" {
        true => Ok(()),
        false => Err(StoreError::Damaged),
    }
}

#[cfg(test)]
#[path = "remake_tests.rs"]
mod tests;
