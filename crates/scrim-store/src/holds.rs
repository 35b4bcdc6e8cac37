//! What keeps a record: holds, their ends, and that it was reported. All three are entries of the chain that point to
//! it, and are read from the chain alone.
//!
//! A hold without a subject is on every decision that was made before it. Its name is made of the salted hash of its
//! reason, so that it stays the same when a salvage writes the chain anew.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use scrim_model::retention::{
    Authority, Hold, Known, Lifted, PartKept, RecordPart, Reported, kept,
};
use scrim_model::text::cut_chars;
use scrim_model::{DecisionId, Timestamp};
use serde_json::json;

use crate::chain::{
    EntryKind, Fact, Header, NewEntry, NewPart, Salt, append, canonical, part_hash,
};
use crate::commit::entry_of;
use crate::error::StoreError;
use crate::limits::{FACT_CHARS_MAX, HOLD_REASON_CHARS_MAX};
use crate::{Reader, Store, record};

/// The part of a hold, or of its end, that says why.
pub(crate) const REASON: &str = "reason";
/// Characters of a hash that name a hold.
const NAME_CHARS: usize = 12;
/// What a salvage gives as its reason.
const DOUBT: &str =
    "Damaged records were rebuilt, and a hold may have been lost with what could not be read.";

/// A hold that is to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold<'a> {
    /// The decision; `None` for every one that is there now.
    pub on: Option<&'a DecisionId>,
    /// Why: a reference, no person.
    pub reason: &'a str,
    /// From when it was ordered.
    pub start: Timestamp,
    /// Parts, and for each the first instant at which it is not held any more; `None` until it is lifted.
    pub until: BTreeMap<RecordPart, Option<Timestamp>>,
}

impl Store {
    /// Sets a hold and gives its name.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::EmptyHold`], [`StoreError::ReasonTooLong`]; otherwise what SQLite
    /// said. Nothing was changed then.
    pub fn set_hold(
        &mut self,
        hold: &NewHold<'_>,
        at: Timestamp,
        salt: Salt,
    ) -> Result<String, StoreError> {
        if hold.until.is_empty() {
            return Err(StoreError::EmptyHold);
        }
        let why = reason_part(hold.reason, salt)?;
        let hash = part_hash(&why.salt, why.body.as_bytes());
        let name = format!("hold-{}", &hash[..NAME_CHARS]);
        let until = hold.until.iter();
        let until = until.map(|(part, until)| (part.as_str().to_owned(), *until));
        let entry = NewEntry {
            kind: EntryKind::Hold,
            entry_id: Some(name.clone()),
            subject: hold.on.map(|id| id.as_str().to_owned()),
            at,
            parts: vec![why],
            fact: Some(Fact::HoldSet {
                start: hold.start,
                until: until.collect(),
                is_doubt: false,
            }),
        };
        self.write(|tx| {
            if let Some(id) = hold.on {
                entry_of(tx, id)?.ok_or(StoreError::UnknownDecision)?;
            }
            append(tx, entry)?;
            Ok(name)
        })
    }

    /// Lifts the hold of that name.
    ///
    /// # Errors
    /// [`StoreError::UnknownHold`], [`StoreError::EmptyHold`] without a reason; otherwise as [`Store::set_hold`].
    pub fn lift_hold(
        &mut self,
        name: &str,
        reason: &str,
        at: Timestamp,
        salt: Salt,
    ) -> Result<(), StoreError> {
        let why = reason_part(reason, salt)?;
        self.write(|tx| {
            let holds = holds(tx, &Of::All)?;
            let hold = holds.into_iter().find(|hold| hold.id == name);
            let hold = hold.filter(|hold| hold.lifted.is_none());
            let hold = hold.ok_or(StoreError::UnknownHold)?;
            let entry = NewEntry {
                kind: EntryKind::Lifted,
                entry_id: None,
                subject: hold.on.map(String::from),
                at,
                parts: vec![why],
                fact: Some(Fact::HoldLifted { hold: hold.id }),
            };
            append(tx, entry).map(drop)
        })
    }

    /// Keeps that a decision was reported, which begins the clocks of that authority.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`]; otherwise what SQLite said.
    pub fn keep_report(
        &mut self,
        id: &DecisionId,
        report: &Reported,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            entry_of(tx, id)?.ok_or(StoreError::UnknownDecision)?;
            let reference = report.reference.as_deref();
            let entry = NewEntry {
                kind: EntryKind::Reported,
                entry_id: None,
                subject: Some(id.as_str().to_owned()),
                at,
                parts: Vec::new(),
                fact: Some(Fact::Reported {
                    to: report.to.as_str().to_owned(),
                    on: report.on,
                    reference: reference.map(|text| cut_chars(text, FACT_CHARS_MAX)),
                }),
            };
            append(tx, entry).map(drop)
        })
    }
}

impl Reader {
    /// Every hold that was ever set on that decision, or on all that were made before; of every record without one.
    /// Oldest first.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`]; [`StoreError::UnknownDecision`].
    pub fn holds(&self, on: Option<&DecisionId>) -> Result<Vec<Hold>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        match on {
            Some(id) => holds(&tx, &Of::one(&tx, id)?),
            None => holds(&tx, &Of::All),
        }
    }

    /// Every report of that decision, oldest first.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn reports(&self, id: &DecisionId) -> Result<Vec<Reported>, StoreError> {
        reports(&self.conn, id)
    }

    /// Every report of every decision, each decision's oldest first.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn all_reports(&self) -> Result<BTreeMap<DecisionId, Vec<Reported>>, StoreError> {
        let mut found: BTreeMap<DecisionId, Vec<Reported>> = BTreeMap::new();
        for header in entries(&self.conn, &Of::All)? {
            if let Some((id, report)) = subject(&header)?.zip(reported(header)?) {
                found.entry(id).or_default().push(report);
            }
        }
        Ok(found)
    }

    /// How long each part of a decision's record is kept, and by what.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`]; [`StoreError::Unreadable`]; otherwise what SQLite said.
    pub fn kept(&self, id: &DecisionId) -> Result<Vec<PartKept>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let parts = RecordPart::ALL.into_iter();
        parts.map(|part| part_kept(&tx, id, part)).collect()
    }
}

impl Reader {
    /// Files beside these records that were set aside as damaged: what is erased here may still be in them.
    ///
    /// # Errors
    /// What the disk said.
    pub fn set_aside_files(&self) -> Result<Vec<String>, StoreError> {
        crate::files::aside(&self.source.folder)
    }
}

/// How long one part is kept, from the chain as `conn` sees it.
pub(crate) fn part_kept(
    conn: &Connection,
    id: &DecisionId,
    part: RecordPart,
) -> Result<PartKept, StoreError> {
    let of = Of::one(conn, id)?;
    let Of::One { seq, .. } = of else {
        return Err(StoreError::UnknownDecision);
    };
    let known = Known {
        decided_at: decided_at(conn, seq)?,
        reports: reports(conn, id)?,
    };
    Ok(PartKept {
        part,
        is_erased: record::body(conn, seq, part.as_str())?.is_none(),
        kept: kept(part, &known),
        holds: holds(conn, &of)?
            .into_iter()
            .filter(|hold| hold.lifted.is_none() && hold.until.contains_key(&part))
            .collect(),
    })
}

/// When the decision was made; `None` if that was in training. One whose judgement is gone counts as real.
fn decided_at(conn: &Connection, seq: i64) -> Result<Option<Timestamp>, StoreError> {
    if record::decision(conn, seq)?.is_some_and(|decision| decision.training) {
        return Ok(None);
    }
    let at: i64 = conn
        .prepare_cached("SELECT decided_at_ms FROM outbox WHERE seq = ?")?
        .query_row([seq], |row| row.get(0))?;
    Ok(Some(Timestamp(at)))
}

fn reason_part(reason: &str, salt: Salt) -> Result<NewPart, StoreError> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(StoreError::EmptyHold);
    }
    if reason.chars().count() > HOLD_REASON_CHARS_MAX {
        return Err(StoreError::ReasonTooLong);
    }
    Ok(NewPart {
        name: REASON,
        salt,
        body: canonical(&json!({ "reason": reason }))?,
    })
}

/// Whose holds.
enum Of<'a> {
    All,
    One { id: &'a DecisionId, seq: i64 },
}

impl<'a> Of<'a> {
    fn one(conn: &Connection, id: &'a DecisionId) -> Result<Self, StoreError> {
        let seq = entry_of(conn, id)?.ok_or(StoreError::UnknownDecision)?;
        Ok(Self::One { id, seq })
    }
}

/// Every entry that keeps something, as far as `of` asks, in the order of the chain.
fn entries(conn: &Connection, of: &Of<'_>) -> Result<Vec<Header>, StoreError> {
    let (id, seq) = match of {
        Of::All => (None, 0),
        Of::One { id, seq } => (Some(id.as_str()), *seq),
    };
    let mut select = conn.prepare_cached(
        "SELECT header FROM journal
         WHERE kind IN ('hold', 'lifted', 'reported')
           AND (?1 IS NULL OR subject = ?1 OR (subject IS NULL AND seq > ?2))
         ORDER BY seq",
    )?;
    let headers = select.query_map(params![id, seq], |row| row.get::<_, String>(0))?;
    let read = |text: String| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable);
    headers.map(|text| read(text?)).collect()
}

fn holds(conn: &Connection, of: &Of<'_>) -> Result<Vec<Hold>, StoreError> {
    let mut found: Vec<Hold> = Vec::new();
    for header in entries(conn, of)? {
        match &header.fact {
            Some(Fact::HoldSet {
                start,
                until,
                is_doubt,
            }) => {
                let part = |(name, until): (&String, &Option<Timestamp>)| {
                    let part = RecordPart::named(name).ok_or(StoreError::Unreadable)?;
                    Ok((part, *until))
                };
                let until = until.iter().map(part);
                found.push(Hold {
                    reason: match is_doubt {
                        true => Some(DOUBT.to_owned()),
                        false => reason_of(conn, header.seq)?,
                    },
                    on: subject(&header)?,
                    start: *start,
                    until: until.collect::<Result<_, StoreError>>()?,
                    id: header.entry_id,
                    lifted: None,
                });
            }
            Some(Fact::HoldLifted { hold }) => {
                let reason = reason_of(conn, header.seq)?;
                if let Some(lifted) = found.iter_mut().find(|known| known.id == *hold) {
                    let at = header.at;
                    lifted.lifted = Some(Lifted { at, reason });
                }
            }
            Some(Fact::Reported { .. }) => {}
            _ => return Err(StoreError::Unreadable),
        }
    }
    Ok(found)
}

fn reports(conn: &Connection, id: &DecisionId) -> Result<Vec<Reported>, StoreError> {
    let seq = entry_of(conn, id)?.unwrap_or_default();
    let mut found = Vec::new();
    for header in entries(conn, &Of::One { id, seq })? {
        found.extend(reported(header)?);
    }
    Ok(found)
}

/// The report that an entry tells of, if it does.
fn reported(header: Header) -> Result<Option<Reported>, StoreError> {
    let Some(Fact::Reported { to, on, reference }) = header.fact else {
        return Ok(None);
    };
    let to = Authority::named(&to).ok_or(StoreError::Unreadable)?;
    Ok(Some(Reported { to, on, reference }))
}

fn subject(header: &Header) -> Result<Option<DecisionId>, StoreError> {
    let subject = header.subject.clone().map(DecisionId::new);
    subject.transpose().map_err(|_| StoreError::Unreadable)
}

fn reason_of(conn: &Connection, seq: i64) -> Result<Option<String>, StoreError> {
    let body: Option<String> = conn
        .prepare_cached("SELECT body FROM parts WHERE seq = ? AND name = ?")?
        .query_row(params![seq, REASON], |row| row.get(0))
        .optional()?;
    let Some(body) = body else { return Ok(None) };
    let body: serde_json::Value =
        serde_json::from_str(&body).map_err(|_| StoreError::Unreadable)?;
    Ok(body[REASON].as_str().map(str::to_owned))
}

/// For a chain that is rebuilt from damaged records: everything that was there is held until somebody has looked.
pub(crate) fn hold_in_doubt(tx: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let parts = RecordPart::ALL.into_iter();
    let entry = NewEntry {
        kind: EntryKind::Hold,
        entry_id: Some(format!("hold-doubt-{:x}", now.0)),
        subject: None,
        at: now,
        parts: Vec::new(),
        fact: Some(Fact::HoldSet {
            start: now,
            until: parts.map(|part| (part.as_str().to_owned(), None)).collect(),
            is_doubt: true,
        }),
    };
    append(tx, entry).map(drop)
}
