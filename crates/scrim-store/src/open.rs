//! Opening: the key, migrations, damage.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use scrim_model::Timestamp;

use crate::error::StoreError;
use crate::files::{lock, make_private_file, make_private_folder, set_aside};
use crate::key::{self, Fit, HEAD_BYTES, Key};
use crate::limits::{
    BUSY_MS, FULL_CHECK_BYTES_MAX, PAGE_BYTES, WAL_BYTES_MAX, WAL_PAGES, WAL_PAGES_GROWN,
};
use crate::{Reader, Store, remake};

/// The database's name in its folder.
pub const DATABASE_FILE: &str = "desk.db";
/// The first bytes of a database that an older Scrim wrote without encryption.
const PLAIN_HEAD: &[u8; HEAD_BYTES] = b"SQLite format 3\0";

/// Forward only; the database's `user_version` counts those that were applied.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_journal.sql"),
    include_str!("../migrations/0002_reveal_reason.sql"),
    include_str!("../migrations/0003_drafts.sql"),
    include_str!("../migrations/0004_exposure.sql"),
    include_str!("../migrations/0005_settings.sql"),
    include_str!("../migrations/0006_check_ins.sql"),
    include_str!("../migrations/0007_waiting.sql"),
    include_str!("../migrations/0008_area.sql"),
];
pub(crate) const KNOWN_VERSION: i64 = MIGRATIONS.len() as i64;

/// How opening went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// There was no store; an empty one was made.
    Created,
    /// The store is as it was left.
    Found,
    /// The store was damaged. It was renamed, never deleted, and an empty one was made. Decisions
    /// that had no receipt are in the renamed file only: a person must be told.
    SetAside {
        /// The damaged database's new name in the same folder.
        file_name: String,
    },
}

/// How a store is opened where it must not be as usual: in tests and simulations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    /// The SQLite VFS by name; the system's own without one.
    pub vfs: Option<String>,
    /// Whether the write-ahead log is made as long as it may become, which saves a write to the
    /// disk per commit and costs a few milliseconds at the start.
    pub grow_wal: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            vfs: None,
            grow_wal: true,
        }
    }
}

/// Where a store is and how its database is opened: what it takes to open it once more.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) folder: PathBuf,
    pub(crate) key: Key,
    pub(crate) options: OpenOptions,
}

/// What lies at the database's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// Nothing, or a file without a byte: a start that was cut off.
    Nothing,
    /// A database of an older Scrim, not encrypted.
    Plain,
    /// Something that should be an encrypted database, and what the key is to it.
    Encrypted(Fit),
}

impl Store {
    /// Opens the store in `folder` for writing; makes folder (0700) and files (0600) if missing. A
    /// database of an older Scrim, not encrypted, is encrypted with `key` first. `now` stamps a
    /// damaged database's new name and is used for nothing else.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process writes it; [`StoreError::WrongKey`] if it is under
    /// another key and [`StoreError::NewerVersion`] if a newer Scrim wrote it (the files stay as they
    /// are); otherwise what the disk or SQLite said.
    pub fn open(folder: &Path, key: &Key, now: Timestamp) -> Result<(Store, Opening), StoreError> {
        Self::open_with(folder, key, now, &OpenOptions::default())
    }

    /// As [`Store::open`], with `options`.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(
        folder: &Path,
        key: &Key,
        now: Timestamp,
        options: &OpenOptions,
    ) -> Result<(Store, Opening), StoreError> {
        make_private_folder(folder)?;
        let lock = lock(folder)?;
        let source = Source::new(folder, key, options);
        remake::clear(folder)?;
        let (conn, opening) = match source.open_found(source.lies()?) {
            Ok(opened) => opened,
            Err(StoreError::Damaged) => {
                let file_name = set_aside(folder, now)?;
                key::keep_check(folder, &[key])?;
                (source.open_checked()?, Opening::SetAside { file_name })
            }
            Err(other) => return Err(other),
        };
        let store = Store {
            reader: Reader { conn, source },
            _lock: lock,
        };
        Ok((store, opening))
    }

    /// Opens the store in `folder` for reading only, also while an agent writes it.
    ///
    /// # Errors
    /// [`StoreError::NoStore`], [`StoreError::WrongKey`], [`StoreError::NewerVersion`],
    /// [`StoreError::OlderVersion`], or what the disk or SQLite said.
    pub fn open_read_only(folder: &Path, key: &Key) -> Result<Reader, StoreError> {
        Self::open_read_only_with(folder, key, &OpenOptions::default())
    }

    /// As [`Store::open_read_only`], with `options`.
    ///
    /// # Errors
    /// As [`Store::open_read_only`].
    pub fn open_read_only_with(
        folder: &Path,
        key: &Key,
        options: &OpenOptions,
    ) -> Result<Reader, StoreError> {
        let source = Source::new(folder, key, options);
        let how = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let (conn, found) = match source.lies()? {
            Lies::Nothing => return Err(StoreError::NoStore),
            Lies::Encrypted(Fit::Wrong) => return Err(StoreError::WrongKey),
            Lies::Plain => {
                let found = version(&source.connect_plain(how)?)?;
                return Err(StoreError::OlderVersion { found });
            }
            Lies::Encrypted(fit) => {
                let conn = source.connect(how)?;
                let found = version(&conn).map_err(|error| doubted(fit, error))?;
                (conn, found)
            }
        };
        conn.pragma_update(None, "query_only", true)?;
        match found {
            0 => Err(StoreError::NoStore),
            found if found < KNOWN_VERSION => Err(StoreError::OlderVersion { found }),
            found if found > KNOWN_VERSION => Err(StoreError::NewerVersion {
                found,
                known: KNOWN_VERSION,
            }),
            _ => Ok(Reader { conn, source }),
        }
    }
}

/// Where nothing says that the key is right, what does not open is no damage.
fn doubted(fit: Fit, error: StoreError) -> StoreError {
    match (fit, error) {
        (Fit::Unknown, StoreError::Damaged) => StoreError::WrongKey,
        (_, error) => error,
    }
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

    fn path(&self) -> PathBuf {
        self.folder.join(DATABASE_FILE)
    }

    fn lies(&self) -> Result<Lies, StoreError> {
        let failed = || StoreError::disk("looking for the records");
        let mut head = Vec::new();
        match File::open(self.path()) {
            Ok(file) => file.take(HEAD_BYTES as u64).read_to_end(&mut head),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
        .map_err(failed())?;
        Ok(match head.as_slice() {
            [] => Lies::Nothing,
            head if head == PLAIN_HEAD => Lies::Plain,
            head => Lies::Encrypted(key::fit(&self.folder, head, &self.key)?),
        })
    }

    /// Opens what was found for writing.
    fn open_found(&self, lies: Lies) -> Result<(Connection, Opening), StoreError> {
        match lies {
            Lies::Encrypted(Fit::Wrong) => return Err(StoreError::WrongKey),
            Lies::Encrypted(fit) => self.refuse_newer(fit)?,
            Lies::Plain => remake::encrypt_plain(self, &mut |_| {})?,
            Lies::Nothing => {}
        }
        // Before the database, so that there is never one that nothing is known of.
        key::keep_check(&self.folder, &[&self.key])?;
        let opening = match lies {
            Lies::Nothing => Opening::Created,
            _ => Opening::Found,
        };
        Ok((self.open_checked()?, opening))
    }

    /// Looks at the version without changing a byte.
    fn refuse_newer(&self, fit: Fit) -> Result<(), StoreError> {
        let look = |how| version(&self.connect(how)?);
        let found = match look(OpenFlags::SQLITE_OPEN_READ_ONLY) {
            // Power was lost while the first start made the database: a journal is to be rolled
            // back, which takes a connection that may write.
            Err(StoreError::NotWritable) => look(OpenFlags::SQLITE_OPEN_READ_WRITE),
            found => found,
        };
        refuse_newer(found.map_err(|error| doubted(fit, error))?)
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
        self.raw(&self.path(), how)
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

    /// Opens for writing, looks for damage, and brings the database up to date.
    pub(crate) fn open_checked(&self) -> Result<Connection, StoreError> {
        let path = self.path();
        make_private_file(&path)?;
        let bytes = std::fs::metadata(&path)
            .map_err(StoreError::disk("looking for the records"))?
            .len();
        let mut conn = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
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
        if bytes > 0 {
            probe(&conn, bytes)?;
        }
        migrate(&mut conn)?;
        if self.options.grow_wal {
            grow_wal(&mut conn)?;
        }
        Ok(conn)
    }
}

/// SQLCipher's own format; a later SQLCipher would otherwise begin to expect its newer one.
const CIPHER_VERSION: i64 = 4;

pub(crate) fn refuse_newer(found: i64) -> Result<(), StoreError> {
    if found > KNOWN_VERSION {
        return Err(StoreError::NewerVersion {
            found,
            known: KNOWN_VERSION,
        });
    }
    Ok(())
}

pub(crate) fn version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
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

fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let done = usize::try_from(version(conn)?).map_err(|_| StoreError::Damaged)?;
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", at as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

/// Makes the write-ahead log as long as it may become, without changing the database: a large
/// write spills out of a tiny cache into the log and is rolled back. Later commits overwrite it.
pub(crate) fn grow_wal(conn: &mut Connection) -> Result<(), StoreError> {
    let usual: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    conn.pragma_update(None, "cache_size", 10)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute(
        "INSERT INTO saved (key, value) VALUES ('', CAST(zeroblob(?) AS TEXT))",
        [i64::from(WAL_PAGES_GROWN) * i64::from(PAGE_BYTES)],
    )?;
    tx.rollback()?;
    conn.pragma_update(None, "cache_size", usual)?;
    Ok(())
}
