//! Opening: for writing, for reading, and the versions of the tables.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use scrim_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::files::{lock, make_private_folder};
use crate::key::{Fit, Key};
use crate::source::{Lies, Source, doubted};
use crate::{Reader, Store, mend, remake, salvage};

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
    include_str!("../migrations/0009_answers.sql"),
];
pub(crate) const KNOWN_VERSION: i64 = MIGRATIONS.len() as i64;

/// How opening went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// There was no store; an empty one was made.
    Created,
    /// The store is as it was left.
    Found,
    /// The store was damaged. It was renamed, never deleted, and a new one was made with everything
    /// that could be read: a person must be told.
    SetAside(SetAside),
}

/// A damaged store and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The damaged database's new name in the same folder.
    pub file_name: String,
    /// Decisions that are in the new store; those without an answer go on being sent.
    pub saved: u64,
    /// Entries of the old chain that are known to have been there and could not be read. There may
    /// be more where nothing of the old database can be read.
    pub lost_known: u64,
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
        mend::clear(folder)?;
        salvage::finish(&source)?;
        let (conn, opening) = match source.open_found(source.lies()?) {
            Err(StoreError::Damaged) => {
                salvage::replace_damaged(&source, now, &mut |_| {})?;
                source.open_found(source.lies()?)?
            }
            other => other?,
        };
        let store = Store {
            reader: Reader { conn, source },
            opening: opening.clone(),
            _lock: lock,
        };
        Ok((store, opening))
    }

    /// How this store was opened.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
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
            Lies::Encrypted(Fit::Wrong) | Lies::Beheaded(Fit::Wrong) => {
                return Err(StoreError::WrongKey);
            }
            Lies::Beheaded(fit) => return Err(doubted(fit, StoreError::Damaged)),
            Lies::Plain => {
                let found = version(&source.connect_plain(how)?)?;
                return Err(StoreError::OlderVersion { found });
            }
            Lies::Encrypted(fit) => {
                let conn = source.connect(source.only_reads())?;
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

/// Brings the tables up to date.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let done = usize::try_from(version(conn)?).map_err(|_| StoreError::Damaged)?;
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", at as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}
