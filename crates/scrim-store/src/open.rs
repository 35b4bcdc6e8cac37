//! Opening: for writing and for reading.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use scrim_model::Timestamp;

use crate::error::StoreError;
use crate::files::{lock, make_private_folder};
use crate::key::{self, Fit, Key};
use crate::opening::{OpenOptions, Opening};
use crate::schema::{KNOWN_VERSION, refuse_newer, version};
use crate::source::{Lies, Source, doubted};
use crate::{Reader, Store, log, mend, remake, salvage};

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
        let (conn, opening) = match open_found(&source) {
            Err(StoreError::Damaged) => {
                salvage::replace_damaged(&source, now, &mut |_| {})?;
                open_found(&source)?
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

    /// What there is to tell of a rescue is told by the next opening: for whoever opens the records for a moment and shows
    /// them to nobody.
    pub fn tell_later(&mut self) {
        self.opening = Opening::Found;
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

/// Opens what was found for writing.
fn open_found(source: &Source) -> Result<(Connection, Opening), StoreError> {
    match source.lies()? {
        Lies::Encrypted(Fit::Wrong) | Lies::Beheaded(Fit::Wrong) => {
            return Err(StoreError::WrongKey);
        }
        Lies::Beheaded(fit) => return Err(doubted(fit, StoreError::Damaged)),
        Lies::Encrypted(fit) => {
            // Before SQLite drops from the log what it cannot read.
            if source.options.vfs.is_none() && log::hides_commits(&log::read(&source.folder)?) {
                return Err(doubted(fit, StoreError::Damaged));
            }
            // Looks at the version without changing a byte.
            let look = |how| version(&source.connect(how)?);
            let found = match look(source.only_reads()) {
                // Power was lost while the first start made the database: a journal is to be
                // rolled back, which takes a connection that may write.
                Err(StoreError::NotWritable) => look(source.writes()),
                found => found,
            };
            refuse_newer(found.map_err(|error| doubted(fit, error))?)?;
        }
        Lies::Plain => remake::encrypt_plain(source, &mut |_| {})?,
        Lies::Nothing => {}
    }
    // Before the database, so that there is never one that nothing is known of.
    key::keep_check(&source.folder, &[&source.key])?;
    let (conn, is_new) = source.open_checked()?;
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
