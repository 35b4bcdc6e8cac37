//! For leads: a copy of the team's decisions, as the queue server tells them, in a file of its own.
//!
//! Called by `scrim-runtime` (which writes it while a lead is signed in) and by the console's export
//! (which reads it). It is no record of this desk: the chain, the outbox and salvage know nothing of it, and one that
//! cannot be read is made anew from the server. It is encrypted under the key of the records beside it.
//!
//! Groups (see [`TeamGroup`]) of days in which nothing has changed since are kept ready, with their times, so that
//! figures of years stay exact and quick.

mod gather;
mod groups;
mod keep;
mod rows;
mod totals;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use scrim_model::Timestamp;
use scrim_model::team::{DetectorCount, TeamGroup, TeamPair};
use scrim_wire::protocol::{QueueInfo, TeamDay};

pub use self::rows::{TeamFilter, TeamLine, TeamRow};
pub use self::totals::{TeamAction, TeamItem, TeamTotals};
use crate::Reader;
use crate::error::StoreError;
use crate::files::{make_private_file, make_private_folder, remove, suffixed};
use crate::key::Key;
use crate::limits::TEAM_CACHE_KIB;
use crate::opening::OpenOptions;
use crate::source::Source;

/// The file's name in the folder of the records.
pub const TEAM_FILE: &str = "team.db";
const SCHEMA: &str = include_str!("schema.sql");
/// Of [`SCHEMA`] and of what its columns mean; another one is made anew.
const VERSION: i64 = 3;
const CURSOR: &str = "cursor";
const MARK: &str = "mark";
const AS_OF: &str = "as_of";
const THROUGH: &str = "through";
const QUEUES: &str = "queues";
/// The first day whose appeals are counted.
const APPEALS_FROM: &str = "appeals_from";
const REVIEWERS: &str = "reviewers";
const DAY_MS: i64 = 86_400_000;

/// The copy of a team's decisions.
#[derive(Debug)]
pub struct TeamStore {
    conn: Connection,
    /// What it takes to read it once more beside that.
    source: Source,
}

/// Where the copy beside some records is, and its key: what another thread needs to open it.
#[derive(Debug, Clone)]
pub struct TeamPlace {
    folder: PathBuf,
    key: Key,
}

impl TeamPlace {
    /// The folder of the records.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// As [`TeamStore::open`].
    ///
    /// # Errors
    /// As [`TeamStore::open`].
    pub fn open(&self) -> Result<TeamStore, StoreError> {
        TeamStore::open(&self.folder, &self.key)
    }

    /// Whether there is a copy, or anything left of one. What cannot be looked at counts as there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        files(&self.folder).any(|file| file.try_exists().unwrap_or(true))
    }

    /// Deletes the copy: who is signed in may not read the team's decisions any more, or words in it were erased. The
    /// server tells it anew to whoever may.
    ///
    /// # Errors
    /// What the disk said.
    pub fn forget(&self) -> Result<(), StoreError> {
        forget(&self.folder)
    }

    /// As [`TeamStore::open_read_only`].
    ///
    /// # Errors
    /// As [`TeamStore::open_read_only`].
    pub fn open_read_only(&self) -> Result<TeamStore, StoreError> {
        TeamStore::open_read_only(&self.folder, &self.key)
    }
}

/// Everything that figures of some days and one queue, or all, are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamData {
    /// Groups of decisions that count.
    pub groups: Vec<TeamGroup>,
    /// Decisions and the reviews of them.
    pub pairs: Vec<TeamPair>,
    /// What became of flagged items.
    pub detectors: Vec<DetectorCount>,
    /// "Not me", by day and queue.
    pub not_me: Vec<TeamDay>,
    /// The queues, as they were when the server was last read.
    pub queues: Vec<QueueInfo>,
    /// When that was to its end.
    pub as_of: Option<Timestamp>,
    /// The newest day of which the server tells decisions, where it tells a day when it is over.
    pub through: Option<String>,
}

impl Reader {
    /// Where the copy of the team's decisions beside these records is.
    #[must_use]
    pub fn team_place(&self) -> TeamPlace {
        TeamPlace {
            folder: self.source.folder.clone(),
            key: self.source.key.clone(),
        }
    }
}

impl TeamStore {
    /// Opens the copy in `folder` for writing; makes it if it is missing, and anew if it cannot be read, is under
    /// another key, or is of another version.
    ///
    /// # Errors
    /// What the disk or SQLite said.
    pub fn open(folder: &Path, key: &Key) -> Result<Self, StoreError> {
        make_private_folder(folder)?;
        match Self::open_found(folder, key) {
            Ok(Some(store)) => return Ok(store),
            Ok(None) | Err(StoreError::Damaged | StoreError::Unreadable) => {}
            Err(error) => return Err(error),
        }
        forget(folder)?;
        Self::open_found(folder, key)?.ok_or(StoreError::Damaged)
    }

    /// `None` if it is of another version.
    fn open_found(folder: &Path, key: &Key) -> Result<Option<Self>, StoreError> {
        let path = folder.join(TEAM_FILE);
        make_private_file(&path)?;
        let source = Source::new(folder, key, &OpenOptions::default());
        let mut conn = source.connect_to(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        // What a loss of power takes is fetched again.
        conn.pragma_update(None, "synchronous", "NORMAL")?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        // Ids come in no order: without room for their index each one is a page read and written.
        conn.pragma_update(None, "cache_size", -TEAM_CACHE_KIB)?;
        if version == 0 {
            let tx = conn.transaction()?;
            let tables: i64 =
                tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            if tables > 0 {
                return Ok(None);
            }
            tx.execute_batch(SCHEMA)?;
            tx.pragma_update(None, "user_version", VERSION)?;
            tx.commit()?;
        }
        Ok((version == 0 || version == VERSION).then_some(Self { conn, source }))
    }

    /// Opens it for reading only, also while an agent writes it.
    ///
    /// # Errors
    /// [`StoreError::NoStore`] if there is none yet or it is of another version; otherwise what the disk or SQLite said.
    pub fn open_read_only(folder: &Path, key: &Key) -> Result<Self, StoreError> {
        let path = folder.join(TEAM_FILE);
        let found = path.try_exists();
        if !found.map_err(StoreError::disk("looking for the team's figures"))? {
            return Err(StoreError::NoStore);
        }
        let source = Source::new(folder, key, &OpenOptions::default());
        let conn = reader(&source)?;
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            VERSION => Ok(Self { conn, source }),
            _ => Err(StoreError::NoStore),
        }
    }

    /// The cursor to read on from; 0 for the beginning.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn cursor(&self) -> Result<u64, StoreError> {
        let kept = self.kept(CURSOR)?;
        Ok(kept.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// What goes with the cursor; `None` if the server gave nothing.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn mark(&self) -> Result<Option<String>, StoreError> {
        self.kept(MARK)
    }

    /// The newest day of which the server tells decisions, where it tells a day when it is over.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn through(&self) -> Result<Option<String>, StoreError> {
        self.kept(THROUGH)
    }

    /// When the server was last read to its end.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn as_of(&self) -> Result<Option<Timestamp>, StoreError> {
        let kept = self.kept(AS_OF)?;
        Ok(kept.and_then(|text| text.parse().ok()).map(Timestamp))
    }

    /// The queues, as they were when the server was last read; none before.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn queues(&self) -> Result<Vec<QueueInfo>, StoreError> {
        let kept = self.kept(QUEUES)?;
        // Of an older Scrim: read anew with the next look at the server.
        Ok(kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Everything that figures of the days from `from` to `to`, both with them (`YYYY-MM-DD`, UTC), and of one queue or
    /// all are made of, as far as whole days were read.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn data(&self, from: &str, to: &str, queue: Option<&str>) -> Result<TeamData, StoreError> {
        // One moment for all of it, whatever an agent writes meanwhile.
        let _moment = self.conn.unchecked_transaction()?;
        let to = self.read_to(to)?;
        let to = to.as_str();
        let filter = TeamFilter {
            from: from.to_owned(),
            to: to.to_owned(),
            queue: queue.map(str::to_owned),
            ..TeamFilter::default()
        };
        Ok(TeamData {
            groups: self.groups_at_once(from, to, queue)?,
            pairs: self.pairs(&filter)?,
            detectors: self.detectors(&filter)?,
            not_me: self.not_me(from, to, queue)?,
            queues: self.queues()?,
            as_of: self.as_of()?,
            through: self.through()?,
        })
    }

    /// The last day up to `to` of which there is all, where the server tells a day when it is over: a reading that is
    /// under way has a part of the next. Before a first one has ended nothing says which.
    fn read_to(&self, to: &str) -> Result<String, StoreError> {
        let through = self.through()?;
        let is_before = |day: &String| day.as_str() < to;
        Ok(through.filter(is_before).unwrap_or_else(|| to.to_owned()))
    }

    /// The same days of a filter.
    fn read_of(&self, filter: &TeamFilter) -> Result<TeamFilter, StoreError> {
        Ok(TeamFilter {
            to: self.read_to(&filter.to)?,
            ..filter.clone()
        })
    }

    fn kept(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM kept WHERE name = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }
}

fn forget(folder: &Path) -> Result<(), StoreError> {
    for file in files(folder) {
        remove(&file).map_err(StoreError::disk("taking the team's decisions away"))?;
    }
    Ok(())
}

/// The copy, and what SQLite keeps beside it.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let suffixes = ["", "-wal", "-shm"].into_iter();
    suffixes.map(move |suffix| suffixed(folder, TEAM_FILE, suffix))
}

/// A connection that only reads.
fn reader(source: &Source) -> Result<Connection, StoreError> {
    let path = source.folder.join(TEAM_FILE);
    let conn = source.connect_to(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}
