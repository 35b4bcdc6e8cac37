//! Walking the chain from its first entry to its last.
//!
//! Every stored byte of journal and parts is vouched for: a header by its hash, a hash by the next
//! header (and by the header that it is the hash of), a part and its salt by the header, the
//! look-up columns by comparison with the header. A part may be missing only if an `erasure` entry
//! says so; because that comes later, an entry that is wrong in itself is named before a missing
//! part. Not found by this walk: a tail that was cut off; the server's `chain_head` tells that.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::Reader;
use crate::chain::{Fact, HEADER_VERSION, Header, NO_ENTRY, SALT_BYTES, header_hash, part_hash};
use crate::error::StoreError;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is as it was written. The tail was not checked.
    Whole {
        /// Entries walked.
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
}

/// What can be wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
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
    /// Walks the whole chain.
    ///
    /// # Errors
    /// Only if the database cannot be read at all; a changed entry is a [`Verdict::Bad`].
    pub fn verify(&self) -> Result<Verdict, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let verdict = walk(&tx)?;
        tx.commit()?;
        Ok(verdict)
    }
}

/// Parts that are not there: (entry id, name) → the entry's place.
type Missing = BTreeMap<(String, String), i64>;

fn walk(conn: &Connection) -> Result<Verdict, StoreError> {
    let mut select = conn
        .prepare("SELECT seq, entry_id, kind, subject, header, hash FROM journal ORDER BY seq")?;
    let mut rows = select.query([])?;
    let (mut entries, mut head) = (0_u64, NO_ENTRY.to_owned());
    let mut missing = Missing::new();
    while let Some(row) = rows.next()? {
        let found = match sound_header(row, entries, &head)? {
            Ok(header) => wrong_part(conn, &header, &mut missing)?,
            Err(what) => Some(what),
        };
        if let Some(what) = found {
            return Ok(Verdict::Bad {
                seq: row.get(0)?,
                entry_id: text(row, 1)?,
                what,
            });
        }
        head = text(row, 5)?;
        entries += 1;
    }
    // Only now, because the erasure that explains a missing part comes after the part's entry.
    if let Some(((entry_id, name), seq)) = missing.into_iter().min_by_key(|(_, seq)| *seq) {
        return Ok(Verdict::Bad {
            seq,
            entry_id,
            what: What::PartMissing(name),
        });
    }
    let stray = conn
        .prepare(
            "SELECT seq, name FROM parts WHERE seq NOT IN (SELECT seq FROM journal) ORDER BY seq",
        )?
        .query_map([], |row| Ok((row.get(0)?, text(row, 1)?)))?
        .next()
        .transpose()?;
    Ok(match stray {
        Some((seq, name)) => Verdict::Bad {
            seq,
            entry_id: String::new(),
            what: What::PartStray(name),
        },
        None => Verdict::Whole { entries, head },
    })
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
