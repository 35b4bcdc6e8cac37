//! Where a store is, what lies there, and connections to it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::StoreError;
use crate::files::{DATABASE_FILE, make_private_file};
use crate::key::{self, Fit, HEAD_BYTES, Key};
use crate::limits::{
    BUSY_MS, FULL_CHECK_BYTES_MAX, PAGE_BYTES, WAL_BYTES_MAX, WAL_PAGES, WAL_PAGES_GROWN,
};
use crate::open::{OpenOptions, Opening, migrate, refuse_newer, version};
use crate::{log, mend, remake, salvage};

/// The first bytes of a database that an older Scrim wrote without encryption.
const PLAIN_HEAD: &[u8; HEAD_BYTES] = b"SQLite format 3\0";
/// SQLCipher's own format; a later SQLCipher would otherwise begin to expect its newer one.
const CIPHER_VERSION: i64 = 4;

/// Where a store is and how its database is opened: what it takes to open it once more.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) folder: PathBuf,
    pub(crate) key: Key,
    pub(crate) options: OpenOptions,
}

/// What lies at the database's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lies {
    /// Nothing, or a file without a byte: a start that was cut off.
    Nothing,
    /// A database of an older Scrim, not encrypted.
    Plain,
    /// Something that should be an encrypted database, and what the key is to it.
    Encrypted(Fit),
    /// A log with commits, and no byte of the database that it belongs to.
    Beheaded(Fit),
}

impl Source {
    pub(crate) fn new(folder: &Path, key: &Key, options: &OpenOptions) -> Self {
        Self {
            folder: folder.to_owned(),
            key: key.clone(),
            options: options.clone(),
        }
    }

    /// Whether what lies there is under this key.
    pub(crate) fn fits(&self) -> Result<bool, StoreError> {
        Ok(self.lies()? == Lies::Encrypted(Fit::Right))
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(DATABASE_FILE)
    }

    /// Looks at the first bytes, and at nothing else.
    pub(crate) fn lies(&self) -> Result<Lies, StoreError> {
        let failed = || StoreError::disk("looking for the records");
        let mut head = Vec::new();
        match File::open(self.path()) {
            Ok(file) => file.take(HEAD_BYTES as u64).read_to_end(&mut head),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
        .map_err(failed())?;
        Ok(match head.as_slice() {
            // What a VFS of its own keeps is no file that could be looked at.
            [] if self.options.vfs.is_some() => {
                Lies::Encrypted(key::fit(&self.folder, &head, &self.key)?)
            }
            // SQLite would take the log of a database that is gone, or empty, for a leftover.
            [] if log::holds_commits(&log::read(&self.folder)?) => {
                Lies::Beheaded(key::fit(&self.folder, &head, &self.key)?)
            }
            [] => Lies::Nothing,
            head if head == PLAIN_HEAD => Lies::Plain,
            head => Lies::Encrypted(key::fit(&self.folder, head, &self.key)?),
        })
    }

    /// Opens what was found for writing.
    pub(crate) fn open_found(&self, lies: Lies) -> Result<(Connection, Opening), StoreError> {
        match lies {
            Lies::Encrypted(Fit::Wrong) | Lies::Beheaded(Fit::Wrong) => {
                return Err(StoreError::WrongKey);
            }
            Lies::Beheaded(fit) => return Err(doubted(fit, StoreError::Damaged)),
            Lies::Encrypted(fit) => {
                // Before SQLite drops from the log what it cannot read.
                if self.options.vfs.is_none() && log::hides_commits(&log::read(&self.folder)?) {
                    return Err(doubted(fit, StoreError::Damaged));
                }
                // Looks at the version without changing a byte.
                let look = |how| version(&self.connect(how)?);
                let found = match look(self.only_reads()) {
                    // Power was lost while the first start made the database: a journal is to be
                    // rolled back, which takes a connection that may write.
                    Err(StoreError::NotWritable) => look(self.writes()),
                    found => found,
                };
                refuse_newer(found.map_err(|error| doubted(fit, error))?)?;
            }
            Lies::Plain => remake::encrypt_plain(self, &mut |_| {})?,
            Lies::Nothing => {}
        }
        // Before the database, so that there is never one that nothing is known of.
        key::keep_check(&self.folder, &[&self.key])?;
        let (conn, is_new) = self.open_checked()?;
        let told = match salvage::told(&conn) {
            // What there was to tell is no reason not to start.
            Err(StoreError::Unreadable) => None,
            told => told?,
        };
        let opening = match told {
            Some(set_aside) => Opening::SetAside(set_aside),
            None if is_new => Opening::Created,
            None => Opening::Found,
        };
        Ok((conn, opening))
    }

    /// What a connection that only reads is opened with. A VFS of its own knows no file before it is
    /// written.
    pub(crate) fn only_reads(&self) -> OpenFlags {
        match self.options.vfs {
            None => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Some(_) => self.writes(),
        }
    }

    fn writes(&self) -> OpenFlags {
        match self.options.vfs {
            None => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Some(_) => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        }
    }

    /// A connection with the key in place; nothing has been read yet.
    pub(crate) fn connect(&self, how: OpenFlags) -> Result<Connection, StoreError> {
        self.connect_to(&self.path(), how)
    }

    /// The same to another database under the same key.
    pub(crate) fn connect_to(&self, path: &Path, how: OpenFlags) -> Result<Connection, StoreError> {
        let conn = self.raw(path, how)?;
        // Otherwise SQLCipher tells standard error of every page that is damaged.
        conn.pragma_update(None, "cipher_log_level", "NONE")?;
        conn.pragma_update(None, "key", self.key.raw().as_str())?;
        conn.pragma_update(None, "cipher_compatibility", CIPHER_VERSION)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        Ok(conn)
    }

    /// A connection to a database that is not encrypted.
    pub(crate) fn connect_plain(&self, how: OpenFlags) -> Result<Connection, StoreError> {
        let conn = self.raw(&self.path(), how)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        Ok(conn)
    }

    fn raw(&self, path: &Path, how: OpenFlags) -> Result<Connection, StoreError> {
        let how = how | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = match &self.options.vfs {
            None => Connection::open_with_flags(path, how)?,
            Some(vfs) => Connection::open_with_flags_and_vfs(path, how, vfs.as_str())?,
        };
        conn.busy_timeout(Duration::from_millis(BUSY_MS))?;
        Ok(conn)
    }

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

/// Where nothing says that the key is right, what does not open is no damage.
pub(crate) fn doubted(fit: Fit, error: StoreError) -> StoreError {
    match (fit, error) {
        (Fit::Unknown, StoreError::Damaged) => StoreError::WrongKey,
        (_, error) => error,
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
