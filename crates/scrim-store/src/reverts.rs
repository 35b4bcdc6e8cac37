//! Undoing what was sent: the request with its key, on disk before it is sent; and what became of it.

use rusqlite::{OptionalExtension, Row, params};
use scrim_model::text::cut_chars;
use scrim_model::{DecisionId, Timestamp};

use crate::chain::{EntryKind, Fact, NewEntry, append};
use crate::commit::entry_of;
use crate::error::StoreError;
use crate::limits::{FACT_CHARS_MAX, PENDING_ROWS_MAX};
use crate::{Reader, Store};

/// How a request to undo a decision stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevertState {
    /// The server has not answered.
    Waiting,
    /// The server has undone the decision.
    Done {
        /// Proof.
        receipt: String,
        /// When.
        at: Timestamp,
    },
    /// The server does not undo it: its code.
    Refused {
        /// Closed code.
        code: String,
    },
    /// The decision was never taken, so there is nothing to undo.
    Moot,
    /// Somebody else undid the decision.
    Elsewhere,
}

/// A request to undo a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevertRow {
    /// The decision.
    pub decision_id: DecisionId,
    /// Idempotency key of every attempt.
    pub key: String,
    /// How it stands; a receipt is in the journal alone.
    pub state: RevertState,
    /// The moderator has dealt with it.
    pub is_noted: bool,
    /// When it came to stand so.
    pub at: Timestamp,
}

impl RevertState {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done { .. } => "done",
            Self::Refused { .. } => "refused",
            Self::Moot => "moot",
            Self::Elsewhere => "elsewhere",
        }
    }

    fn fact(&self) -> Option<Fact> {
        let cut = |text: &str| cut_chars(text, FACT_CHARS_MAX);
        Some(match self {
            Self::Waiting => return None,
            Self::Done { receipt, .. } => Fact::Reverted {
                receipt: cut(receipt),
            },
            Self::Refused { code } => Fact::RevertRefused { code: cut(code) },
            Self::Moot => Fact::RevertMoot,
            Self::Elsewhere => Fact::RevertedElsewhere,
        })
    }
}

impl Store {
    /// The moderator wants a decision undone that was sent. A request that waits already stays as it
    /// is; one that was refused is made anew under `key`.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`]; [`StoreError::AlreadySent`] if another request waits or the
    /// decision is undone; otherwise what SQLite said.
    pub fn keep_revert(
        &mut self,
        id: &DecisionId,
        key: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            entry_of(tx, id)?.ok_or(StoreError::UnknownDecision)?;
            let before: Option<String> = tx
                .prepare_cached("SELECT state FROM reverts WHERE decision_id = ?")?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()?;
            if before.is_some_and(|state| state != "refused") {
                return Err(StoreError::AlreadySent);
            }
            tx.prepare_cached(
                "INSERT OR REPLACE INTO reverts (decision_id, key, state, at_ms)
                 VALUES (?, ?, 'waiting', ?)",
            )?
            .execute(params![id.as_str(), key, at.0])?;
            let fact = Fact::RevertAsked {
                key: key.to_owned(),
            };
            append(tx, entry(id, fact, at)).map(drop)
        })
    }

    /// What became of it. The same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`]; otherwise what SQLite said.
    pub fn revert_ended(
        &mut self,
        id: &DecisionId,
        end: &RevertState,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            entry_of(tx, id)?.ok_or(StoreError::UnknownDecision)?;
            let code = match end {
                RevertState::Refused { code } => Some(cut_chars(code, FACT_CHARS_MAX)),
                _ => None,
            };
            let changed = tx
                .prepare_cached(
                    "INSERT INTO reverts (decision_id, key, state, code, at_ms)
                     VALUES (?1, 'none:' || ?1, ?2, ?3, ?4)
                     ON CONFLICT (decision_id) DO UPDATE
                     SET state = excluded.state, code = excluded.code, at_ms = excluded.at_ms
                     WHERE state <> excluded.state",
                )?
                .execute(params![id.as_str(), end.as_str(), code, at.0])?;
            match end.fact() {
                Some(fact) if changed > 0 => append(tx, entry(id, fact, at)).map(drop),
                _ => Ok(()),
            }
        })
    }
}

impl Reader {
    /// Every request to undo a decision that waits or was not dealt with, and what became of the
    /// newest others, oldest first, at most `PENDING_ROWS_MAX`, as far as they can be read: see
    /// [`Reader::unread`].
    ///
    /// # Errors
    /// What SQLite said.
    pub fn reverts(&self) -> Result<Vec<RevertRow>, StoreError> {
        let mut reverts = Vec::new();
        self.each_revert(|_, row| reverts.extend(row))?;
        reverts.reverse();
        Ok(reverts)
    }

    /// Places of the decisions of which a request to undo cannot be read; 0 where not even that.
    pub(crate) fn unread_reverts(&self) -> Result<Vec<u64>, StoreError> {
        let mut places = Vec::new();
        self.each_revert(|place, row| {
            if row.is_err() {
                places.push(place);
            }
        })?;
        Ok(places)
    }

    fn each_revert(
        &self,
        mut visit: impl FnMut(u64, Result<RevertRow, StoreError>),
    ) -> Result<(), StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT decision_id, key, state, code, noted IS NOT NULL, at_ms,
                 ifnull((SELECT seq FROM outbox WHERE outbox.decision_id = reverts.decision_id), 0)
             FROM reverts ORDER BY state = 'waiting' DESC, at_ms DESC, decision_id LIMIT ?",
        )?;
        let mut rows = select.query([PENDING_ROWS_MAX as i64])?;
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(6)?;
            visit(place.unsigned_abs(), revert_row(row));
        }
        Ok(())
    }
}

fn revert_row(row: &Row<'_>) -> Result<RevertRow, StoreError> {
    let at = Timestamp(row.get(5)?);
    let state = match row.get::<_, String>(2)?.as_str() {
        "waiting" => RevertState::Waiting,
        "done" => RevertState::Done {
            receipt: String::new(),
            at,
        },
        "refused" => RevertState::Refused {
            code: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
        },
        "moot" => RevertState::Moot,
        "elsewhere" => RevertState::Elsewhere,
        _ => return Err(StoreError::Unreadable),
    };
    Ok(RevertRow {
        decision_id: DecisionId::new(row.get::<_, String>(0)?)
            .map_err(|_| StoreError::Unreadable)?,
        key: row.get(1)?,
        state,
        is_noted: row.get(4)?,
        at,
    })
}

fn entry(id: &DecisionId, fact: Fact, at: Timestamp) -> NewEntry {
    NewEntry {
        kind: EntryKind::Revert,
        entry_id: None,
        subject: Some(id.as_str().to_owned()),
        at,
        parts: Vec::new(),
        fact: Some(fact),
    }
}
