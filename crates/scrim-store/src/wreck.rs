//! Reading a damaged database as far as it can be read.
//!
//! After a page that does not decrypt SQLCipher refuses everything on that connection, so each
//! failure is followed by a new one. Rows are asked for one by one: a lookup touches only the pages
//! on its way.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::chain::{
    EntryKind, Fact, Header, NewEntry, NewPart, SALT_BYTES, append, header_hash, part_hash,
};
use crate::error::StoreError;
use crate::limits::{PLACES_MAX, SALVAGE_FAILURES_MAX};
use crate::record;
use crate::source::{Lies, Source};
use crate::verify::kept_head;

/// A damaged database.
pub(crate) struct Wreck {
    source: Source,
    is_plain: bool,
    conn: Option<Connection>,
}

/// What is known of the old chain before its decisions are read.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// The last place that something is known of.
    pub(crate) last: i64,
    /// Places that cannot be read, or whose header has another hash.
    lost: BTreeSet<i64>,
    /// What later entries say of a decision, by its id.
    facts: BTreeMap<String, Vec<(i64, Fact)>>,
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

/// One row with the names of its columns.
#[derive(Debug, Clone)]
pub(crate) struct Row(Vec<(String, Value)>);

impl Wreck {
    pub(crate) fn of(source: &Source) -> Self {
        Self {
            is_plain: matches!(source.lies(), Ok(Lies::Plain)),
            source: source.clone(),
            conn: None,
        }
    }

    /// Asks on a connection that has not failed yet; `None` if it fails now.
    fn ask<T>(&mut self, ask: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Option<T> {
        if self.conn.is_none() {
            let how = self.source.only_reads();
            self.conn = match self.is_plain {
                true => self.source.connect_plain(how).ok(),
                false => self.source.connect(how).ok(),
            };
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
                    if let (Some(subject), Some(fact)) = (header.subject, header.fact) {
                        survey.facts.entry(subject).or_default().push((seq, fact));
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
        let row = self.ask(|conn| one_row(conn, "SELECT * FROM outbox WHERE seq = ?", seq));
        let outbox = row.flatten().or_else(|| {
            let may_be_withdrawn = survey.lost.range(seq..).next().is_some();
            outbox_of(&header, &parts, facts, may_be_withdrawn)
        });
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
            let names: Vec<String> = select.column_names().map(Into::into).collect();
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                let cells = names.iter().enumerate();
                let cells = cells.map(|(n, name)| Ok((name.clone(), row.get::<_, Value>(n)?)));
                found.push(Row(cells.collect::<Result<_, rusqlite::Error>>()?));
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
    facts: &[(i64, Fact)],
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
        let row: Option<([u8; SALT_BYTES], String)> = conn
            .prepare_cached("SELECT salt, body FROM parts WHERE seq = ? AND name = ?")?
            .query_row(params![header.seq, name], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match row {
            Some((salt, body)) if part_hash(&salt, body.as_bytes()) == *expected => {
                parts.push(NewPart { name, salt, body });
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(parts))
}

fn one_row(conn: &Connection, sql: &str, seq: i64) -> Result<Option<Row>, StoreError> {
    let mut select = conn.prepare_cached(sql)?;
    let names: Vec<String> = select.column_names().map(Into::into).collect();
    let row = select.query_row([seq], |row| {
        let cells = names.iter().enumerate();
        let cells = cells.map(|(n, name)| Ok((name.clone(), row.get::<_, Value>(n)?)));
        cells.collect::<Result<_, rusqlite::Error>>().map(Row)
    });
    Ok(row.optional()?)
}

/// How a decision stands, from the chain alone. One that may have been withdrawn by an entry that is
/// lost is parked: a person looks at it before it is sent.
fn outbox_of(
    header: &Header,
    parts: &[NewPart],
    facts: &[(i64, Fact)],
    may_be_withdrawn: bool,
) -> Option<Row> {
    let judgement = parts.iter().find(|part| part.name == record::JUDGEMENT)?;
    let judgement: serde_json::Value = serde_json::from_str(&judgement.body).ok()?;
    let text = |text: &str| Value::Text(text.to_owned());
    let mut row = vec![
        ("decision_id".to_owned(), text(&header.entry_id)),
        (
            "item_id".to_owned(),
            text(judgement.get("item_id")?.as_str()?),
        ),
        ("decided_at_ms".to_owned(), Value::Integer(header.at.0)),
        ("urgent".to_owned(), Value::Integer(0)),
        (
            "escalates".to_owned(),
            Value::Integer(
                judgement
                    .get("escalate")
                    .is_some_and(|e| !e.is_null())
                    .into(),
            ),
        ),
    ];
    let mut state = if may_be_withdrawn {
        "parked"
    } else {
        "waiting"
    };
    let mut code = may_be_withdrawn.then_some("salvaged");
    let mut path = None;
    for (_, fact) in facts {
        match fact {
            Fact::Withdrawn => (state, code) = ("withdrawn", None),
            Fact::Accepted {
                receipt,
                awaiting_second,
            } => {
                (state, code) = ("accepted", None);
                row.push(("receipt".to_owned(), text(receipt)));
                row.push((
                    "awaiting_second".to_owned(),
                    Value::Integer((*awaiting_second).into()),
                ));
            }
            Fact::Overtaken { by_role, outcome } => {
                (state, code) = ("overtaken", None);
                row.push(("by_role".to_owned(), text(by_role)));
                row.push(("outcome".to_owned(), text(outcome)));
            }
            Fact::Parked {
                code: why,
                path: at,
            } => {
                (state, code, path) = ("parked", Some(why.as_str()), at.as_deref());
            }
            _ => {}
        }
    }
    row.push(("state".to_owned(), text(state)));
    row.push((
        "settled_at_ms".to_owned(),
        match state {
            "waiting" => Value::Null,
            _ => Value::Integer(header.at.0),
        },
    ));
    if let Some(code) = code {
        row.push(("code".to_owned(), text(code)));
        row.push(("path".to_owned(), path.map_or(Value::Null, text)));
    }
    Some(Row(row))
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
        row.0.retain(|(name, _)| name != "seq");
        row.0.push(("seq".to_owned(), Value::Integer(seq)));
        row.write(tx, "outbox")
    }
}

impl Row {
    /// Adds it to `table`; one that is there already stays.
    pub(crate) fn write(&self, tx: &Connection, table: &str) -> Result<(), StoreError> {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        let places = vec!["?"; names.len()].join(", ");
        let sql = format!(
            "INSERT OR IGNORE INTO {table} ({}) VALUES ({places})",
            names.join(", ")
        );
        tx.prepare_cached(&sql)?
            .execute(params_from_iter(self.0.iter().map(|(_, value)| value)))?;
        Ok(())
    }
}
