//! Where a store is, what lies there, and connections to it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::files::DATABASE_FILE;
use crate::key::{self, Fit, HEAD_BYTES, Key};
use crate::limits::BUSY_MS;
use crate::log;
use crate::opening::OpenOptions;

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

    /// What a connection that only reads is opened with. A VFS of its own knows no file before it is
    /// written.
    pub(crate) fn only_reads(&self) -> OpenFlags {
        match self.options.vfs {
            None => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Some(_) => self.writes(),
        }
    }

    pub(crate) fn writes(&self) -> OpenFlags {
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
}

/// Where nothing says that the key is right, what does not open is no damage.
pub(crate) fn doubted(fit: Fit, error: StoreError) -> StoreError {
    match (fit, error) {
        (Fit::Unknown, StoreError::Damaged) => StoreError::WrongKey,
        (_, error) => error,
    }
}
