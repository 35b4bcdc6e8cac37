//! Reading decisions back: what is to be sent, what was decided, what did not go through.

use std::ops::ControlFlow;

use rusqlite::{Params, Row};
use scrim_model::{Decision, DecisionId, Timestamp};
use scrim_wire::window::SyncState;

use crate::error::StoreError;
use crate::limits::{LIST_ROWS_MAX, PENDING_ROWS_MAX};
use crate::outbox::state_of;
use crate::{Reader, record};

/// A decision and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Its place in the journal.
    pub seq: u64,
    /// The decision, as recorded; erased words and view totals are empty.
    pub decision: Decision,
    /// How it stands.
    pub state: SyncState,
    /// Goes before ordinary ones.
    pub urgent: bool,
    /// How often it was marked as in flight.
    pub attempts: u32,
    /// Proof, if the server has it.
    pub receipt: Option<StoredReceipt>,
    /// Why it did not go through as made.
    pub conflict: Option<Conflict>,
    /// The duty contact was told of it by phone.
    pub told: bool,
    /// Key of the call in which it was last sent together with others, and its place there; without
    /// a place the key under which it goes alone.
    pub sent_with: Option<(String, Option<u32>)>,
}

/// Proof of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReceipt {
    /// As given by the server.
    pub receipt: String,
    /// When it was taken.
    pub at: Timestamp,
    /// Full effect only after a second person.
    pub awaiting_second: bool,
}

/// A decision that did not go through as made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What the server said.
    pub what: ConflictWhat,
    /// When.
    pub at: Timestamp,
}

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictWhat {
    /// Someone else decided first.
    Overtaken {
        /// Their role.
        by_role: String,
        /// What they decided.
        outcome: String,
    },
    /// It is not taken.
    Parked {
        /// Closed code.
        code: String,
        /// The field.
        path: Option<String>,
    },
}

const COLUMNS: &str = "seq, state, urgent, attempts, receipt, settled_at_ms, awaiting_second,
     by_role, outcome, code, path, told, sent_key, sent_place";

impl Reader {
    /// Decisions without a final answer (`held`, `waiting`, `in flight`) in sending order: urgent
    /// first, then oldest; decisions on one item always in the order in which they were made, so an
    /// urgent one takes the earlier ones on its item along. At most `PENDING_ROWS_MAX`. One that
    /// cannot be read stays where it is and is named by [`Reader::unread`]: it holds up no other.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn pending_outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows(
            &format!(
                "SELECT {COLUMNS} FROM outbox AS o
                 WHERE state IN ('held', 'waiting', 'in_flight')
                 ORDER BY (SELECT max(urgent) FROM outbox AS later
                           WHERE later.item_id = o.item_id AND later.seq >= o.seq
                             AND later.state IN ('held', 'waiting', 'in_flight')) DESC, seq
                 LIMIT {PENDING_ROWS_MAX}"
            ),
            [],
        )
    }

    /// Escalations that the server has taken and not yet shown as escalated, oldest first, at most
    /// `PENDING_ROWS_MAX`, as far as they can be read: see [`Reader::unread`].
    ///
    /// # Errors
    /// What SQLite said.
    pub fn unconfirmed_escalations(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows(
            &format!(
                "SELECT {COLUMNS} FROM outbox
                 WHERE escalates = 1 AND state = 'accepted' AND confirmed_at_ms IS NULL
                 ORDER BY seq LIMIT {PENDING_ROWS_MAX}"
            ),
            [],
        )
    }

    /// One decision and how it stands; `None` if there is none, or its judgement was erased.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn decision(&self, id: &DecisionId) -> Result<Option<OutboxRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM outbox WHERE decision_id = ?");
        let mut found = None;
        self.visit(&sql, [id.as_str()], |_, row| {
            found = Some(row?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Own decisions, newest first, at most `limit` and `LIST_ROWS_MAX`, as far as they can be read.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn history(&self, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        let limit = limit.min(LIST_ROWS_MAX) as i64;
        self.rows(
            &format!("SELECT {COLUMNS} FROM outbox ORDER BY seq DESC LIMIT ?"),
            [limit],
        )
    }

    /// Overtaken and parked decisions that nobody has dealt with, newest first, at most
    /// `LIST_ROWS_MAX`, as far as they can be read: see [`Reader::unread`].
    ///
    /// # Errors
    /// What SQLite said.
    pub fn conflicts(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows(
            &format!(
                "SELECT {COLUMNS} FROM outbox WHERE state IN ('overtaken', 'parked') AND noted IS NULL
                 ORDER BY seq DESC LIMIT {LIST_ROWS_MAX}"
            ),
            [],
        )
    }

    /// Places in the journal of decisions on which something is still to be done and that cannot be
    /// read: without a final answer, not confirmed, not dealt with, to be undone. In order.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn unread(&self) -> Result<Vec<u64>, StoreError> {
        let mut places = self.unread_reverts()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox
             WHERE state NOT IN ('accepted', 'overtaken', 'parked', 'withdrawn')
                OR (escalates = 1 AND state = 'accepted' AND confirmed_at_ms IS NULL)
                OR (state IN ('overtaken', 'parked') AND noted IS NULL)"
        );
        self.visit(&sql, [], |seq, row| {
            if row.is_err() {
                places.push(u64::try_from(seq).map_err(|_| StoreError::Unreadable)?);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        places.sort_unstable();
        places.dedup();
        Ok(places)
    }

    /// Decisions made from `from` (with it) to `to` (without it), by time and then by place in the
    /// journal, each with how it stands. Decisions whose judgement was erased are left out.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn decisions_between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let mut rows = Vec::new();
        self.each_decision_between(from, to, |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    /// Decisions made at `from` or later, newest first, at most `limit`, as far as they can be read.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn decisions_since(
        &self,
        from: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows(
            &format!(
                "SELECT {COLUMNS} FROM outbox WHERE decided_at_ms >= ?
                 ORDER BY decided_at_ms DESC, seq DESC LIMIT ?"
            ),
            [from.0, limit],
        )
    }

    /// As [`Reader::decisions_between`], one row at a time, until `visit` breaks off.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn each_decision_between(
        &self,
        from: Timestamp,
        to: Timestamp,
        mut visit: impl FnMut(OutboxRow) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.visit(
            &format!(
                "SELECT {COLUMNS} FROM outbox WHERE decided_at_ms >= ? AND decided_at_ms < ?
                 ORDER BY decided_at_ms, seq"
            ),
            [from.0, to.0],
            |_, row| Ok(visit(row?)),
        )
    }

    /// Those that can be read.
    fn rows(&self, sql: &str, params: impl Params) -> Result<Vec<OutboxRow>, StoreError> {
        let mut rows = Vec::new();
        self.visit(sql, params, |_, row| {
            rows.extend(row);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// One read transaction, so that a writer's commit in between cannot tear the answer. `visit` is
    /// told the place of each row, and of one that cannot be read why.
    fn visit(
        &self,
        sql: &str,
        params: impl Params,
        mut visit: impl FnMut(i64, Result<OutboxRow, StoreError>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        {
            let mut select = tx.prepare_cached(sql)?;
            let mut rows = select.query(params)?;
            while let Some(row) = rows.next()? {
                let seq: i64 = row.get(0)?;
                let read = match record::decision(&tx, seq) {
                    Ok(None) => continue,
                    Ok(Some(decision)) => outbox_row(row, seq, decision),
                    Err(fault) => Err(fault),
                };
                let read = match read {
                    Err(fault) if !fault.is_unreadable() => return Err(fault),
                    read => read,
                };
                if visit(seq, read)?.is_break() {
                    break;
                }
            }
        }
        tx.commit()?;
        Ok(())
    }
}

fn outbox_row(row: &Row<'_>, seq: i64, decision: Decision) -> Result<OutboxRow, StoreError> {
    let state = state_of(
        row.get_ref(1)?
            .as_str()
            .map_err(|_| StoreError::Unreadable)?,
    )
    .ok_or(StoreError::Unreadable)?;
    let at = Timestamp(row.get::<_, Option<i64>>(5)?.unwrap_or_default());
    let receipt = match row.get(4)? {
        Some(receipt) => Some(StoredReceipt {
            receipt,
            at,
            awaiting_second: row.get(6)?,
        }),
        None => None,
    };
    let what = match state {
        SyncState::Overtaken => Some(ConflictWhat::Overtaken {
            by_role: row.get(7)?,
            outcome: row.get(8)?,
        }),
        SyncState::Parked => Some(ConflictWhat::Parked {
            code: row.get(9)?,
            path: row.get(10)?,
        }),
        _ => None,
    };
    Ok(OutboxRow {
        seq: u64::try_from(seq).map_err(|_| StoreError::Unreadable)?,
        decision,
        state,
        urgent: row.get(2)?,
        attempts: row.get(3)?,
        receipt,
        conflict: what.map(|what| Conflict { what, at }),
        told: row.get(11)?,
        sent_with: match row.get::<_, Option<String>>(12)? {
            Some(key) => Some((key, row.get(13)?)),
            None => None,
        },
    })
}
