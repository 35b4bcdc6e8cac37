//! Opening: folder and file rights, the one-writer lock, migrations, damage.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use scrim_model::Timestamp;

use crate::error::StoreError;
use crate::limits::{
    BUSY_MS, FULL_CHECK_BYTES_MAX, PAGE_BYTES, SET_ASIDE_MAX, WAL_BYTES_MAX, WAL_PAGES,
    WAL_PAGES_GROWN,
};
use crate::{Reader, Store};

/// The database's name in its folder.
pub const DATABASE_FILE: &str = "desk.db";
const LOCK_FILE: &str = "desk.lock";

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
const KNOWN_VERSION: i64 = MIGRATIONS.len() as i64;

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

impl Store {
    /// Opens the store in `folder` for writing; makes folder (0700) and file (0600) if missing.
    /// `now` stamps a damaged database's new name and is used for nothing else.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process writes it; [`StoreError::NewerVersion`] if a newer
    /// Scrim wrote it (the file stays as it is); otherwise what the disk or SQLite said.
    pub fn open(folder: &Path, now: Timestamp) -> Result<(Store, Opening), StoreError> {
        make_private_folder(folder)?;
        let lock = lock(folder)?;
        let path = folder.join(DATABASE_FILE);
        let before = match std::fs::metadata(&path) {
            Ok(meta) => meta.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(StoreError::disk("looking for the records")(error)),
        };
        let (conn, opening) = match open_checked(&path, before) {
            Ok(conn) if before == 0 => (conn, Opening::Created),
            Ok(conn) => (conn, Opening::Found),
            Err(StoreError::Damaged) => {
                let file_name = set_aside(folder, now)?;
                (open_checked(&path, 0)?, Opening::SetAside { file_name })
            }
            Err(other) => return Err(other),
        };
        let store = Store {
            reader: Reader { conn },
            _lock: lock,
        };
        Ok((store, opening))
    }

    /// Opens the store in `folder` for reading only, also while an agent writes it.
    ///
    /// # Errors
    /// [`StoreError::NoStore`], [`StoreError::NewerVersion`], [`StoreError::OlderVersion`], or what
    /// the disk or SQLite said.
    pub fn open_read_only(folder: &Path) -> Result<Reader, StoreError> {
        let path = folder.join(DATABASE_FILE);
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return Err(StoreError::NoStore),
            Err(error) => return Err(StoreError::disk("looking for the records")(error)),
        }
        let conn = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        conn.pragma_update(None, "query_only", true)?;
        match version(&conn)? {
            0 => Err(StoreError::NoStore),
            found if found < KNOWN_VERSION => Err(StoreError::OlderVersion { found }),
            found if found > KNOWN_VERSION => Err(StoreError::NewerVersion {
                found,
                known: KNOWN_VERSION,
            }),
            _ => Ok(Reader { conn }),
        }
    }
}

fn connect(path: &Path, how: OpenFlags) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(path, how | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_millis(BUSY_MS))?;
    conn.pragma_update(None, "trusted_schema", false)?;
    Ok(conn)
}

fn version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Opens for writing. `bytes` is the size found, 0 for a new database.
fn open_checked(path: &Path, bytes: u64) -> Result<Connection, StoreError> {
    if bytes == 0 {
        make_private_file(path)?;
    } else {
        restrict(path, 0o600)?;
        // Looked at before anything is set up, so that a newer database stays byte for byte.
        let found = version(&connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)?;
        if found > KNOWN_VERSION {
            return Err(StoreError::NewerVersion {
                found,
                known: KNOWN_VERSION,
            });
        }
    }
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "page_size", PAGE_BYTES)?;
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
    grow_wal(&mut conn)?;
    Ok(conn)
}

/// Finds a broken structure now and not in the middle of a shift.
fn probe(conn: &Connection, bytes: u64) -> Result<(), StoreError> {
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

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let file = private(OpenOptions::new().create(true).truncate(false).write(true))
        .open(path)
        .map_err(StoreError::disk("locking the records"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(StoreError::disk("locking the records")(error)),
    }
}

/// Renames the database and its log side by side, so that they still belong together.
fn set_aside(folder: &Path, now: Timestamp) -> Result<String, StoreError> {
    let stamp: String = now
        .to_string()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let failed = || StoreError::disk("setting the damaged records aside");
    for n in 1..=SET_ASIDE_MAX {
        let name = format!("desk-damaged-{stamp}-{n}.db");
        if folder.join(&name).try_exists().map_err(failed())? {
            continue;
        }
        for suffix in ["-wal", ""] {
            let from = suffixed(folder, DATABASE_FILE, suffix);
            match std::fs::rename(from, suffixed(folder, &name, suffix)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failed()(error));
                }
                _ => {}
            }
        }
        // The shared index holds nothing of its own; SQLite makes it anew from the log.
        match std::fs::remove_file(suffixed(folder, DATABASE_FILE, "-shm")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed()(error));
            }
            _ => return Ok(name),
        }
    }
    Err(StoreError::Damaged)
}

fn suffixed(folder: &Path, name: &str, suffix: &str) -> PathBuf {
    folder.join(format!("{name}{suffix}"))
}

fn make_private_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(StoreError::disk("making the folder for the records"))?;
    restrict(folder, 0o700)
}

/// Made before SQLite opens it, which gives its log and index the same rights.
fn make_private_file(path: &Path) -> Result<(), StoreError> {
    private(OpenOptions::new().create(true).truncate(false).write(true))
        .open(path)
        .map_err(StoreError::disk("making the records"))?;
    restrict(path, 0o600)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(StoreError::disk("restricting the records to this user"))
}

/// On other systems the profile folder's own rights hold.
#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> Result<(), StoreError> {
    Ok(())
}
