//! Walking the chain, from its first entry or from where it was last found whole, to its last.
//!
//! Every stored byte of journal and parts is vouched for: a header by its hash, a hash by the next
//! header (and by the header that it is the hash of), a part and its salt by the header, the
//! look-up columns by comparison with the header. A part may be missing only if an `erasure` entry
//! says so; because that comes later, an entry that is wrong in itself is named before a missing
//! part. Entries are looked up one by one, so that one on a page that cannot be read is named. Not
//! found by this walk: a tail that was cut off cleanly; the server's `chain_head` tells that.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};
use scrim_wire::protocol::ChainHead;

use crate::Reader;
use crate::chain::{Fact, HEADER_VERSION, Header, NO_ENTRY, SALT_BYTES, header_hash, part_hash};
use crate::error::StoreError;
use crate::files::write_whole;
use crate::limits::KEPT_HEAD_BYTES_MAX;
use crate::log;

/// The file beside the database that says up to where the chain was last found whole.
pub const KEPT_HEAD_FILE: &str = "desk.whole";

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is as it was written. The tail was not checked.
    Whole {
        /// Entries in the chain.
        entries: u64,
        /// Hex hash of the last one; [`NO_ENTRY`] if there is none.
        head: String,
    },
    /// Something was changed.
    Bad {
        /// Place of the first entry that is not as it was written.
        seq: i64,
        /// Its id, as far as it can be read.
        entry_id: String,
        /// What is wrong with it.
        what: What,
    },
    /// Every entry is as it was written, but something beside the chain cannot be read: outbox,
    /// view log, settings, drafts.
    Beside {
        /// Entries in the chain.
        entries: u64,
    },
}

/// What can be wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It cannot be read from the disk.
    Unreadable,
    /// The log breaks off where it begins: entries from here on may be missing.
    LogCut,
    /// It is missing; the chain had this many entries when it was last found whole.
    Missing(u64),
    /// It is not the entry that was there when the chain was last found whole.
    NotTheSame,
    /// The place does not follow the one before it: an entry was removed or moved.
    Gap,
    /// The header does not have the stored hash.
    Hash,
    /// The header is no header.
    Header,
    /// The header does not name the entry before it.
    Chain,
    /// A look-up column says something else than the header.
    Columns,
    /// A part or its salt was changed.
    Part(String),
    /// A part is missing and no erasure entry says why.
    PartMissing(String),
    /// A part that the header does not know.
    PartUnknown(String),
    /// A part that the journal does not know at all, or whose place was changed.
    PartStray(String),
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable => f.write_str("it cannot be read from the disk"),
            Self::LogCut => f.write_str(
                "the log breaks off there: a commit that a crash cut off, or damage; it may be missing, and others after it",
            ),
            Self::Missing(entries) => write!(
                f,
                "it is missing, and all after it up to entry {entries}, which was there when the chain was last found whole"
            ),
            Self::NotTheSame => f.write_str(
                "it is not the entry that was there when the chain was last found whole",
            ),
            Self::Gap => f.write_str("an entry is missing before it"),
            Self::Hash => f.write_str("its header does not have the stored hash"),
            Self::Header => f.write_str("its header cannot be read"),
            Self::Chain => f.write_str("it does not name the entry before it"),
            Self::Columns => f.write_str("a look-up column differs from its header"),
            Self::Part(name) => write!(f, "its part {name:?} was changed"),
            Self::PartMissing(name) => write!(f, "its part {name:?} is missing without an erasure"),
            Self::PartUnknown(name) => {
                write!(f, "it has a part {name:?} that its header does not know")
            }
            Self::PartStray(name) => write!(f, "a part {name:?} belongs to no entry"),
        }
    }
}

impl Reader {
    /// Walks the whole chain and looks at every page of the database.
    ///
    /// # Errors
    /// Only if the database cannot be read at all; a changed entry is a [`Verdict::Bad`].
    pub fn verify(&self) -> Result<Verdict, StoreError> {
        let cut = log::cut(&log::read(&self.source.folder)?);
        let conn = self.source.connect(self.source.only_reads())?;
        let tx = conn.unchecked_transaction()?;
        let (entries, head) = match walk(&tx, &begin())? {
            Verdict::Whole { entries, head } => (entries, head),
            other => return Ok(other),
        };
        let said = tx.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        if readable(said.map_err(Into::into))?.as_deref() != Some("ok") {
            return Ok(Verdict::Beside { entries });
        }
        if !self.reads_beside()? {
            return Ok(Verdict::Beside { entries });
        }
        // A writer may have been in the middle of a frame; damage stays where it is.
        if cut.is_some() && log::cut(&log::read(&self.source.folder)?) == cut {
            return bad(entries + 1, What::LogCut);
        }
        Ok(Verdict::Whole { entries, head })
    }

    /// Walks the entries after `since` only, and looks that the chain still goes through it.
    ///
    /// # Errors
    /// As [`Reader::verify`].
    pub fn verify_since(&self, since: &ChainHead) -> Result<Verdict, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        walk(&tx, since)
    }

    /// What the chain was when it was last found whole; the beginning if nothing says so.
    ///
    /// # Errors
    /// What the disk said.
    pub fn kept_head(&self) -> Result<ChainHead, StoreError> {
        kept_head(&self.source.folder)
    }

    /// Keeps that the chain was found whole up to `head`. A file beside the database: whoever can
    /// write there can write it, so it saves time and proves nothing.
    ///
    /// # Errors
    /// What the disk said.
    pub fn keep_head(&self, head: &ChainHead) -> Result<(), StoreError> {
        if self.kept_head()? == *head {
            return Ok(());
        }
        let text = format!("{} {}\n", head.entries, head.hash);
        write_whole(&self.source.folder, KEPT_HEAD_FILE, text.as_bytes())
    }
}

/// What is kept in `folder`.
pub(crate) fn kept_head(folder: &Path) -> Result<ChainHead, StoreError> {
    let path = folder.join(KEPT_HEAD_FILE);
    let text = match std::fs::metadata(&path) {
        Ok(meta) if meta.len() > KEPT_HEAD_BYTES_MAX => return Ok(begin()),
        Ok(_) => std::fs::read(&path),
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => Ok(parse_head(&text).unwrap_or_else(begin)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(begin()),
        Err(error) => Err(StoreError::disk("reading what was verified")(error)),
    }
}

fn begin() -> ChainHead {
    ChainHead {
        entries: 0,
        hash: NO_ENTRY.to_owned(),
    }
}

fn parse_head(text: &[u8]) -> Option<ChainHead> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('\n')?;
    let (entries, hash) = text.split_once(' ')?;
    crate::key::unhex(hash.as_bytes())?;
    Some(ChainHead {
        entries: entries.parse().ok()?,
        hash: hash.to_owned(),
    })
}

fn bad(seq: u64, what: What) -> Result<Verdict, StoreError> {
    Ok(Verdict::Bad {
        seq: i64::try_from(seq).map_err(|_| StoreError::Unreadable)?,
        entry_id: String::new(),
        what,
    })
}

/// `None` where the answer lies on a page that cannot be read.
fn readable<T>(answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(StoreError::Unreadable) => Err(StoreError::Unreadable),
        Err(fault) if fault.is_unreadable() => Ok(None),
        Err(other) => Err(other),
    }
}

/// Parts that are not there: (entry id, name) → the entry's place.
type Missing = BTreeMap<(String, String), i64>;

/// What the next entry is.
enum Next {
    End,
    Sound(String),
    Bad(Verdict),
}

fn walk(conn: &Connection, since: &ChainHead) -> Result<Verdict, StoreError> {
    if let Some(verdict) = left_the_way(conn, since)? {
        return Ok(verdict);
    }
    let mut at = since.clone();
    let mut missing = Missing::new();
    loop {
        match readable(next(conn, &at, &mut missing))? {
            None => return bad(at.entries + 1, What::Unreadable),
            Some(Next::Bad(verdict)) => return Ok(verdict),
            Some(Next::End) => break,
            Some(Next::Sound(hash)) => {
                at.entries += 1;
                at.hash = hash;
            }
        }
    }
    // Only now, because the erasure that explains a missing part comes after the part's entry.
    if let Some(((entry_id, name), seq)) = missing.into_iter().min_by_key(|(_, seq)| *seq) {
        return Ok(Verdict::Bad {
            seq,
            entry_id,
            what: What::PartMissing(name),
        });
    }
    let Some(stray) = readable(stray(conn, since))? else {
        return Ok(Verdict::Beside {
            entries: at.entries,
        });
    };
    Ok(match stray {
        Some((seq, name)) => Verdict::Bad {
            seq,
            entry_id: String::new(),
            what: What::PartStray(name),
        },
        None => Verdict::Whole {
            entries: at.entries,
            head: at.hash,
        },
    })
}

/// Whether the chain does not go through `since`.
fn left_the_way(conn: &Connection, since: &ChainHead) -> Result<Option<Verdict>, StoreError> {
    if since.entries == 0 {
        return Ok(None);
    }
    let seq = i64::try_from(since.entries).map_err(|_| StoreError::Unreadable)?;
    let hash = conn
        .query_row("SELECT hash FROM journal WHERE seq = ?", [seq], |row| {
            text(row, 0)
        })
        .optional();
    Ok(match readable(hash.map_err(Into::into))? {
        None => Some(bad(since.entries, What::Unreadable)?),
        Some(Some(hash)) if hash == since.hash => None,
        Some(Some(_)) => Some(bad(since.entries, What::NotTheSame)?),
        Some(None) => {
            let last = conn.query_row("SELECT max(seq) FROM journal", [], |row| {
                row.get::<_, Option<i64>>(0)
            });
            let last = readable(last.map_err(Into::into))?.flatten().unwrap_or(0);
            let first = u64::try_from(last).map_err(|_| StoreError::Unreadable)? + 1;
            Some(bad(first, What::Missing(since.entries))?)
        }
    })
}

/// Looks at the entry after `at`.
fn next(conn: &Connection, at: &ChainHead, missing: &mut Missing) -> Result<Next, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT seq, entry_id, kind, subject, header, hash FROM journal
         WHERE seq > ? ORDER BY seq LIMIT 1",
    )?;
    let after = i64::try_from(at.entries).map_err(|_| StoreError::Unreadable)?;
    let mut rows = select.query([after])?;
    let Some(row) = rows.next()? else {
        return Ok(Next::End);
    };
    let found = match sound_header(row, at.entries, &at.hash)? {
        Ok(header) => wrong_part(conn, &header, missing)?,
        Err(what) => Some(what),
    };
    Ok(match found {
        Some(what) => Next::Bad(Verdict::Bad {
            seq: row.get(0)?,
            entry_id: text(row, 1)?,
            what,
        }),
        None => Next::Sound(text(row, 5)?),
    })
}

/// The first part behind `since` that belongs to no entry.
fn stray(conn: &Connection, since: &ChainHead) -> Result<Option<(i64, String)>, StoreError> {
    let since = i64::try_from(since.entries).map_err(|_| StoreError::Unreadable)?;
    Ok(conn
        .prepare_cached(
            "SELECT seq, name FROM parts
             WHERE seq > ? AND seq NOT IN (SELECT seq FROM journal) ORDER BY seq LIMIT 1",
        )?
        .query_row([since], |row| Ok((row.get(0)?, text(row, 1)?)))
        .optional()?)
}

/// Column `at` as text; bytes that are no UTF-8 are shown as such and never end the walk.
fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(at)?.as_bytes_or_null()?.unwrap_or_default();
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// The row's header, if place, hash, chain and columns are right.
fn sound_header(
    row: &Row<'_>,
    before: u64,
    prev_hash: &str,
) -> Result<Result<Header, What>, StoreError> {
    let seq: i64 = row.get(0)?;
    if u64::try_from(seq) != Ok(before + 1) {
        return Ok(Err(What::Gap));
    }
    let raw = row
        .get_ref(4)?
        .as_bytes()
        .map_err(|_| StoreError::Unreadable)?;
    if header_hash(raw) != text(row, 5)? {
        return Ok(Err(What::Hash));
    }
    let Ok(header) = serde_json::from_slice::<Header>(raw) else {
        return Ok(Err(What::Header));
    };
    if header.schema_version != HEADER_VERSION {
        return Ok(Err(What::Header));
    }
    if header.prev_hash != prev_hash {
        return Ok(Err(What::Chain));
    }
    let subject = row
        .get_ref(3)?
        .as_bytes_or_null()
        .map_err(|_| StoreError::Unreadable)?;
    if header.seq != seq
        || header.entry_id != text(row, 1)?
        || header.kind.as_str() != text(row, 2)?
        || header.subject.as_deref().map(str::as_bytes) != subject
    {
        return Ok(Err(What::Columns));
    }
    Ok(Ok(header))
}

/// Checks the entry's parts; notes the missing ones, and strikes out those that it explains.
fn wrong_part(
    conn: &Connection,
    header: &Header,
    missing: &mut Missing,
) -> Result<Option<What>, StoreError> {
    if let (Some(subject), Some(Fact::Erased { part })) = (&header.subject, &header.fact) {
        missing.remove(&(subject.clone(), part.clone()));
    }
    let mut expected = header.parts.clone();
    let mut select =
        conn.prepare_cached("SELECT name, salt, body FROM parts WHERE seq = ? ORDER BY name")?;
    let mut rows = select.query([header.seq])?;
    while let Some(row) = rows.next()? {
        let name = text(row, 0)?;
        let salt = row
            .get_ref(1)?
            .as_bytes()
            .map_err(|_| StoreError::Unreadable)?;
        let body = row
            .get_ref(2)?
            .as_bytes()
            .map_err(|_| StoreError::Unreadable)?;
        match expected.remove(&name) {
            None => return Ok(Some(What::PartUnknown(name))),
            // A salt of another length could take bytes from the part without changing the hash.
            Some(hash) if salt.len() != SALT_BYTES || part_hash(salt, body) != hash => {
                return Ok(Some(What::Part(name)));
            }
            Some(_) => {}
        }
    }
    for (name, _) in expected {
        missing.insert((header.entry_id.clone(), name), header.seq);
    }
    Ok(None)
}
