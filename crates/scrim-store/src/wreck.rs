//! Reading a damaged database as far as it can be read.
//!
//! After a page that does not decrypt SQLCipher refuses everything on that connection, so each
//! failure is followed by a new one. Rows are asked for one by one: a lookup touches only the pages
//! on its way.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use scrim_model::Timestamp;

use crate::chain::{
    EntryKind, Fact, Header, NewEntry, NewPart, SALT_BYTES, append, header_hash, part_hash,
};
use crate::error::StoreError;
use crate::holds::REASON;
use crate::limits::{PLACES_MAX, SALVAGE_FAILURES_MAX};
use crate::mend::{self, Mended};
use crate::record;
use crate::retold::{Row, outbox_of, revert_of};
use crate::source::{Lies, Source};
use crate::verify::kept_head;

/// A damaged database.
pub(crate) struct Wreck {
    source: Source,
    is_plain: bool,
    /// A mended copy of it.
    mended: Option<Mended>,
    conn: Option<Connection>,
}

/// What is known of the old chain before its decisions are read.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// The last place that something is known of.
    pub(crate) last: i64,
    /// Places that cannot be read, or whose header has another hash.
    lost: BTreeSet<i64>,
    /// What later entries say of a decision and when, by its id.
    facts: BTreeMap<String, Vec<(Timestamp, Fact)>>,
    /// Places of entries that keep records: holds, their ends, reports.
    keeping: Vec<i64>,
    /// How far the chain went is not known for certain.
    end_in_doubt: bool,
}

/// What is at one place of the old chain.
pub(crate) enum Place {
    /// A decision, whole.
    Decision(Box<Found>),
    /// Another entry, or no entry.
    Other,
    /// Something that cannot be read or is not as it was written.
    Lost,
}

/// A decision that was found.
pub(crate) struct Found {
    header: Header,
    hash: String,
    parts: Vec<NewPart>,
    outbox: Row,
}

/// An entry that keeps a record, as far as it was read.
pub(crate) struct Keeping {
    header: Header,
    reason: Option<NewPart>,
}

impl Survey {
    /// Whether there may have been an entry that nothing is known of.
    pub(crate) fn misses_some(&self) -> bool {
        self.end_in_doubt || !self.lost.is_empty()
    }

    /// Places of entries that keep records.
    pub(crate) fn keeping(&self) -> &[i64] {
        &self.keeping
    }

    /// Requests to undo a decision, as far as the chain tells of them.
    pub(crate) fn reverts(&self) -> impl Iterator<Item = Row> {
        self.facts
            .iter()
            .filter_map(|(id, facts)| revert_of(id, facts))
    }
}

impl Wreck {
    /// # Errors
    /// What the disk said to a mended copy.
    pub(crate) fn of(source: &Source) -> Result<Self, StoreError> {
        Ok(Self {
            is_plain: matches!(source.lies(), Ok(Lies::Plain)),
            mended: mend::copy(source)?,
            source: source.clone(),
            conn: None,
        })
    }

    /// Whether what is read may be older than it was when the damage was done: then the chain has
    /// the word, and what is in no chain is doubtful.
    pub(crate) fn is_older(&self) -> bool {
        self.mended.as_ref().is_some_and(|copy| copy.is_older)
    }

    /// Asks on a connection that has not failed yet; `None` if it fails now.
    fn ask<T>(&mut self, ask: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Option<T> {
        if self.conn.is_none() {
            let how = self.source.only_reads();
            let conn = match &self.mended {
                Some(copy) => {
                    let how = OpenFlags::SQLITE_OPEN_READ_WRITE;
                    self.source.connect_to(&copy.path, how)
                }
                None if self.is_plain => self.source.connect_plain(how),
                None => self.source.connect(how),
            };
            self.conn = conn.ok();
        }
        let answer = ask(self.conn.as_ref()?).ok();
        if answer.is_none() {
            self.conn = None;
        }
        answer
    }

    /// Walks all places, keeps what later entries say, and notes what is lost.
    pub(crate) fn survey(&mut self) -> Survey {
        // What was whole once was there; a file that says otherwise says nothing.
        let whole = kept_head(&self.source.folder).map_or(0, |head| head.entries);
        let mut survey = Survey {
            last: i64::try_from(whole).unwrap_or(0).min(PLACES_MAX),
            ..Survey::default()
        };
        for table in ["journal", "outbox", "parts"] {
            let sql = format!("SELECT max(seq) FROM {table}");
            let last = self.ask(|conn| Ok(conn.query_row(&sql, [], |row| row.get(0))?));
            survey.end_in_doubt |= last.is_none();
            survey.last = survey.last.max(last.flatten().unwrap_or(0));
        }
        let mut failures = 0;
        for seq in 1..=survey.last {
            // Where nothing has been readable for long, the rest is given up.
            let read = match failures < SALVAGE_FAILURES_MAX {
                true => self.ask(|conn| header(conn, seq)),
                false => None,
            };
            match read {
                Some(Some((header, _))) => {
                    failures = 0;
                    use EntryKind::{Hold, Lifted, Reported};
                    if matches!(header.kind, Hold | Lifted | Reported) {
                        survey.keeping.push(seq);
                    }
                    if let (Some(subject), Some(fact)) = (header.subject, header.fact) {
                        survey
                            .facts
                            .entry(subject)
                            .or_default()
                            .push((header.at, fact));
                    }
                }
                Some(None) => {
                    survey.lost.insert(seq);
                }
                None => {
                    failures += 1;
                    survey.lost.insert(seq);
                }
            }
        }
        survey
    }

    /// What is at `seq`.
    pub(crate) fn place(&mut self, seq: i64, survey: &Survey) -> Place {
        if survey.lost.contains(&seq) {
            return Place::Lost;
        }
        let Some(Some((header, hash))) = self.ask(|conn| header(conn, seq)) else {
            return Place::Lost;
        };
        if !matches!(header.kind, EntryKind::Decision | EntryKind::Salvaged) {
            return Place::Other;
        }
        let facts = survey.facts.get(&header.entry_id);
        let facts = facts.map(Vec::as_slice).unwrap_or_default();
        let parts = self.ask(|conn| parts(conn, &header, facts)).flatten();
        let Some(parts) = parts else {
            return Place::Lost;
        };
        let row = self.ask(|conn| {
            let mut select = conn.prepare_cached("SELECT * FROM outbox WHERE seq = ?")?;
            Ok(select.query_row([seq], Row::read).optional()?)
        });
        let row = row.flatten();
        let outbox = match row {
            Some(row) if !self.is_older() => Some(row),
            row => {
                // Where frames are missing nobody knows what they said.
                let is_cut = self.is_older() || survey.lost.range(seq..).next().is_some();
                outbox_of(&header, &parts, facts, is_cut, row)
            }
        };
        match outbox {
            Some(outbox) => Place::Decision(Box::new(Found {
                header,
                hash,
                parts,
                outbox,
            })),
            None => Place::Lost,
        }
    }

    /// The entry that keeps a record at `seq`; its reason only if it is as it was written.
    pub(crate) fn keeping(&mut self, seq: i64) -> Option<Keeping> {
        let (header, _) = self.ask(|conn| header(conn, seq)).flatten()?;
        let reason = match header.parts.get(REASON) {
            Some(expected) => self.ask(|conn| part(conn, seq, REASON, expected)).flatten(),
            None => None,
        };
        Some(Keeping { header, reason })
    }

    /// The rows of `table` from both ends, up to what cannot be read, and whether that is all.
    pub(crate) fn rows_of(&mut self, table: &str) -> (Vec<Row>, bool) {
        let mut found = Vec::new();
        let whole = self.scan(&format!("SELECT * FROM {table} ORDER BY 1"), &mut found);
        let whole = whole || {
            self.scan(
                &format!("SELECT * FROM {table} ORDER BY 1 DESC"),
                &mut found,
            );
            false
        };
        (found, whole)
    }

    /// Adds rows until one cannot be read; says whether there was none such.
    fn scan(&mut self, sql: &str, found: &mut Vec<Row>) -> bool {
        let scanned = self.ask(|conn| {
            let mut select = conn.prepare(sql)?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                found.push(Row::read(row)?);
            }
            Ok(())
        });
        scanned.is_some()
    }
}

/// The header at `seq` with its hash. `None` if there is none or it has another hash; an error if its
/// page cannot be read.
fn header(conn: &Connection, seq: i64) -> Result<Option<(Header, String)>, StoreError> {
    let row: Option<(String, String)> = conn
        .prepare_cached("SELECT header, hash FROM journal WHERE seq = ?")?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.and_then(|(text, hash)| {
        let header: Header = serde_json::from_str(&text).ok()?;
        (header_hash(text.as_bytes()) == hash && header.seq == seq).then_some((header, hash))
    }))
}

/// Every part that the header vouches for and that was not erased; `None` if one is not as written.
fn parts(
    conn: &Connection,
    header: &Header,
    facts: &[(Timestamp, Fact)],
) -> Result<Option<Vec<NewPart>>, StoreError> {
    let mut parts = Vec::new();
    for name in [record::JUDGEMENT, record::WORDS, record::VIEWING] {
        let Some(expected) = header.parts.get(name) else {
            continue;
        };
        let erased = Fact::Erased {
            part: name.to_owned(),
        };
        if facts.iter().any(|(_, fact)| *fact == erased) {
            continue;
        }
        match part(conn, header.seq, name, expected)? {
            Some(part) => parts.push(part),
            None => return Ok(None),
        }
    }
    Ok(Some(parts))
}

/// One part; `None` if it is not there as it was written.
fn part(
    conn: &Connection,
    seq: i64,
    name: &'static str,
    expected: &str,
) -> Result<Option<NewPart>, StoreError> {
    let row: Option<([u8; SALT_BYTES], String)> = conn
        .prepare_cached("SELECT salt, body FROM parts WHERE seq = ? AND name = ?")?
        .query_row(params![seq, name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let whole = row.filter(|(salt, body)| part_hash(salt, body.as_bytes()) == expected);
    Ok(whole.map(|(salt, body)| NewPart { name, salt, body }))
}

impl Keeping {
    /// Writes it as the new chain's next entry. A hold keeps its name, which its end points to.
    pub(crate) fn write(self, tx: &Connection) -> Result<(), StoreError> {
        let header = self.header;
        let is_hold = header.kind == EntryKind::Hold;
        let entry = NewEntry {
            kind: header.kind,
            entry_id: is_hold.then_some(header.entry_id),
            subject: header.subject,
            at: header.at,
            parts: self.reason.into_iter().collect(),
            fact: header.fact,
        };
        append(tx, entry).map(drop)
    }
}

impl Found {
    /// Writes it as the new chain's next entry, with its row of the outbox.
    pub(crate) fn write(self, tx: &Connection) -> Result<(), StoreError> {
        let (old_seq, old_hash) = match self.header.fact {
            // Salvaged before: the first chain's place is kept.
            Some(Fact::Salvaged { seq, hash }) => (seq, hash),
            _ => (self.header.seq, self.hash),
        };
        let seq = append(
            tx,
            NewEntry {
                kind: EntryKind::Salvaged,
                entry_id: Some(self.header.entry_id),
                subject: None,
                at: self.header.at,
                parts: self.parts,
                fact: Some(Fact::Salvaged {
                    seq: old_seq,
                    hash: old_hash,
                }),
            },
        )?;
        let mut row = self.outbox;
        row.number("seq", seq);
        row.write(tx, "outbox")
    }
}
