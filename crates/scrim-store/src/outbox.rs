//! The outbox: how a decision stands on its way to the server.
//!
//! | from | ready | in flight | accepted | overtaken | parked | withdraw |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | held | waiting | in flight | – | – | – | withdrawn |
//! | waiting | waiting | in flight | accepted | overtaken | parked | withdrawn ¹ |
//! | in flight | waiting ² | in flight ³ | accepted | overtaken | parked | – |
//! | parked | waiting ⁴ | – | accepted ⁵ | overtaken ⁵ | parked | – |
//! | accepted | – | – | accepted | – | – | – |
//! | overtaken | – | – | – | overtaken | – | – |
//! | withdrawn | – | – | – | – | – | withdrawn |
//!
//! – is [`StoreError::NotAllowed`]; a state that leads to itself changes nothing but ³.
//! ¹ Only if it never was in flight: a lost answer may mean that the server has it, so then it is
//! [`StoreError::AlreadySent`]. ² Sending failed; it keeps its place. ³ Counts one more attempt
//! with the same idempotency key. ⁴ A person asked for another try. ⁵ A read-back found it.
//!
//! Leaving `held`, `waiting` or `in flight` for good writes a chained journal entry in the same
//! transaction: `receipt`, `conflict` or `withdrawn`.

use rusqlite::{Connection, OptionalExtension, params};
use scrim_model::text::cut_chars;
use scrim_model::{DecisionId, Timestamp};
use scrim_wire::protocol::DecisionResult;
use scrim_wire::window::SyncState;

use crate::Store;
use crate::chain::{EntryKind, Fact, NewEntry, append};
use crate::error::StoreError;
use crate::limits::FACT_CHARS_MAX;

/// As stored.
pub(crate) fn state_text(state: SyncState) -> &'static str {
    match state {
        SyncState::Held => "held",
        SyncState::Waiting => "waiting",
        SyncState::InFlight => "in_flight",
        SyncState::Accepted => "accepted",
        SyncState::Overtaken => "overtaken",
        SyncState::Parked => "parked",
        SyncState::Withdrawn => "withdrawn",
    }
}

pub(crate) const STATES: [SyncState; 7] = [
    SyncState::Held,
    SyncState::Waiting,
    SyncState::InFlight,
    SyncState::Accepted,
    SyncState::Overtaken,
    SyncState::Parked,
    SyncState::Withdrawn,
];

pub(crate) fn state_of(text: &str) -> Option<SyncState> {
    STATES.into_iter().find(|state| state_text(*state) == text)
}

/// The table above.
fn allowed(from: SyncState, to: SyncState) -> bool {
    use SyncState::{Accepted, Held, InFlight, Overtaken, Parked, Waiting, Withdrawn};
    match to {
        Held => false,
        Waiting => matches!(from, Held | Waiting | InFlight | Parked),
        InFlight => matches!(from, Held | Waiting | InFlight),
        Accepted => matches!(from, Waiting | InFlight | Parked | Accepted),
        Overtaken => matches!(from, Waiting | InFlight | Parked | Overtaken),
        Parked => matches!(from, Waiting | InFlight | Parked),
        Withdrawn => matches!(from, Held | Waiting | Withdrawn),
    }
}

/// Where a decision stands.
struct Standing {
    seq: i64,
    state: SyncState,
    attempts: i64,
    /// Key of the call of many in which it is on its way.
    together: Option<String>,
}

fn standing(tx: &Connection, id: &DecisionId) -> Result<Standing, StoreError> {
    let found: Option<(i64, String, i64, Option<String>)> = tx
        .prepare_cached(
            "SELECT seq, state, attempts, iif(sent_place IS NULL, NULL, sent_key)
             FROM outbox WHERE decision_id = ?",
        )?
        .query_row([id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let (seq, state, attempts, together) = found.ok_or(StoreError::UnknownDecision)?;
    Ok(Standing {
        seq,
        state: state_of(&state).ok_or(StoreError::Unreadable)?,
        attempts,
        together,
    })
}

/// Checks the table and sets the state; `None` if it stands there already.
fn advance(
    tx: &Connection,
    id: &DecisionId,
    to: SyncState,
) -> Result<Option<Standing>, StoreError> {
    let now = standing(tx, id)?;
    if !allowed(now.state, to) {
        return Err(StoreError::NotAllowed {
            from: now.state,
            to,
        });
    }
    if now.state == to {
        return Ok(None);
    }
    if let Some(key) = &now.together
        && matches!(
            to,
            SyncState::Accepted | SyncState::Overtaken | SyncState::Parked
        )
    {
        take_apart(tx, key)?;
    }
    tx.prepare_cached("UPDATE outbox SET state = ? WHERE seq = ?")?
        .execute(params![state_text(to), now.seq])?;
    Ok(Some(now))
}

/// A call of which one was answered, or goes alone, is not the same call any more: what is left of it
/// goes by itself, also if the desk ends between one row and the next.
fn take_apart(tx: &Connection, key: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE outbox SET sent_key = NULL, sent_place = NULL
         WHERE state IN ('held', 'waiting', 'in_flight') AND sent_key = ?",
    )?
    .execute([key])?;
    Ok(())
}

/// A chained entry about a decision.
fn note(
    tx: &Connection,
    id: &DecisionId,
    kind: EntryKind,
    fact: Fact,
    at: Timestamp,
) -> Result<(), StoreError> {
    let entry = NewEntry {
        kind,
        entry_id: None,
        subject: Some(id.as_str().to_owned()),
        at,
        parts: Vec::new(),
        fact: Some(fact),
    };
    append(tx, entry).map(drop)
}

fn cut(text: &str) -> String {
    cut_chars(text, FACT_CHARS_MAX)
}

impl Store {
    /// The undo window is over or sending failed.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`], or what SQLite said.
    pub fn outbox_ready(&mut self, id: &DecisionId) -> Result<(), StoreError> {
        self.write(|tx| advance(tx, id, SyncState::Waiting).map(drop))
    }

    /// A person wants a parked one tried again. It goes alone under `key` from now on, because a
    /// server answers a key that it has refused as before; without one under the key that it had.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`], or what SQLite said.
    pub fn outbox_again(&mut self, id: &DecisionId, key: Option<&str>) -> Result<(), StoreError> {
        self.write(|tx| {
            advance(tx, id, SyncState::Waiting)?;
            if let Some(key) = key {
                tx.prepare_cached(
                    "UPDATE outbox SET sent_key = ?, sent_place = NULL WHERE decision_id = ?",
                )?
                .execute([key, id.as_str()])?;
            }
            Ok(())
        })
    }

    /// About to be sent; durable before the first byte leaves. Several go together under `key`, in
    /// this order; one alone goes under its own id, or under the key of [`Store::outbox_again`], and
    /// takes the call apart that it was part of.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`] (none is marked then), or what
    /// SQLite said.
    pub fn outbox_in_flight(
        &mut self,
        ids: &[DecisionId],
        key: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            for (place, id) in ids.iter().enumerate() {
                if let (Some(together), None) = (standing(tx, id)?.together, key) {
                    take_apart(tx, &together)?;
                }
                advance(tx, id, SyncState::InFlight)?;
                match key {
                    Some(key) => tx
                        .prepare_cached(
                            "UPDATE outbox SET attempts = attempts + 1, sent_key = ?, sent_place = ?
                             WHERE decision_id = ?",
                        )?
                        .execute(params![key, place as i64, id.as_str()])?,
                    // One alone that has a key of its own keeps it.
                    None => tx
                        .prepare_cached(
                            "UPDATE outbox SET attempts = attempts + 1 WHERE decision_id = ?",
                        )?
                        .execute([id.as_str()])?,
                };
            }
            Ok(())
        })
    }

    /// The server has it. A second receipt for the same decision changes nothing.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`], or what SQLite said.
    pub fn outbox_accepted(
        &mut self,
        id: &DecisionId,
        receipt: &str,
        at: Timestamp,
        awaiting_second: bool,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let Some(was) = advance(tx, id, SyncState::Accepted)? else {
                return Ok(());
            };
            let receipt = cut(receipt);
            tx.prepare_cached(
                "UPDATE outbox SET receipt = ?, awaiting_second = ?, settled_at_ms = ?,
                     code = NULL, path = NULL WHERE seq = ?",
            )?
            .execute(params![receipt, awaiting_second, at.0, was.seq])?;
            let fact = Fact::Accepted {
                receipt,
                awaiting_second,
            };
            note(tx, id, EntryKind::Receipt, fact, at)
        })
    }

    /// Someone else decided first: their role and what they decided.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`], or what SQLite said.
    pub fn outbox_overtaken(
        &mut self,
        id: &DecisionId,
        by_role: &str,
        outcome: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let Some(was) = advance(tx, id, SyncState::Overtaken)? else {
                return Ok(());
            };
            let (by_role, outcome) = (cut(by_role), cut(outcome));
            tx.prepare_cached(
                "UPDATE outbox SET by_role = ?, outcome = ?, settled_at_ms = ?,
                     code = NULL, path = NULL WHERE seq = ?",
            )?
            .execute(params![by_role, outcome, at.0, was.seq])?;
            let fact = Fact::Overtaken { by_role, outcome };
            note(tx, id, EntryKind::Conflict, fact, at)
        })
    }

    /// The server does not take it: closed code and field. It is kept, shown, and blocks nothing.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`], or what SQLite said.
    pub fn outbox_parked(
        &mut self,
        id: &DecisionId,
        code: &str,
        path: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let Some(was) = advance(tx, id, SyncState::Parked)? else {
                return Ok(());
            };
            let (code, path) = (cut(code), path.map(cut));
            tx.prepare_cached(
                "UPDATE outbox SET code = ?, path = ?, settled_at_ms = ?, noted = NULL
                 WHERE seq = ?",
            )?
            .execute(params![code, path, at.0, was.seq])?;
            note(tx, id, EntryKind::Conflict, Fact::Parked { code, path }, at)
        })
    }

    /// The server's answer, whichever it is. `at` is the desk's UTC, used where the answer has no
    /// instant of its own.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], [`StoreError::NotAllowed`], or what SQLite said.
    pub fn outbox_answered(
        &mut self,
        id: &DecisionId,
        answer: &DecisionResult,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        match answer {
            DecisionResult::Accepted { receipt, at }
            | DecisionResult::Duplicate { receipt, at } => {
                self.outbox_accepted(id, receipt, *at, false)
            }
            DecisionResult::AwaitingSecond { receipt } => {
                self.outbox_accepted(id, receipt, at, true)
            }
            DecisionResult::Overtaken {
                by_role,
                at,
                outcome,
            } => self.outbox_overtaken(id, by_role, outcome, *at),
            DecisionResult::Rejected { code, path } => {
                self.outbox_parked(id, code, path.as_deref(), at)
            }
        }
    }

    /// The moderator told the duty contact of an escalation by phone. Each time is an entry.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], or what SQLite said.
    pub fn told_by_phone(&mut self, id: &DecisionId, at: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| {
            let was = standing(tx, id)?;
            tx.prepare_cached("UPDATE outbox SET told = 1 WHERE seq = ?")?
                .execute([was.seq])?;
            note(tx, id, EntryKind::Told, Fact::ToldByPhone, at)
        })
    }

    /// The server shows the item of this escalation as escalated. Once is enough.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], or what SQLite said.
    pub fn escalation_confirmed(
        &mut self,
        id: &DecisionId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.waits_no_more(id, EntryKind::Confirmed, Fact::Confirmed, at)
    }

    /// Somebody dealt with the item of this escalation before it was seen as escalated. Once is
    /// enough.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], or what SQLite said.
    pub fn escalation_settled(&mut self, id: &DecisionId, at: Timestamp) -> Result<(), StoreError> {
        self.waits_no_more(id, EntryKind::Settled, Fact::Settled, at)
    }

    /// Nothing of an escalation is waited for any more, and why.
    fn waits_no_more(
        &mut self,
        id: &DecisionId,
        kind: EntryKind,
        why: Fact,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let was = standing(tx, id)?;
            let changed = tx
                .prepare_cached(
                    "UPDATE outbox SET confirmed_at_ms = ?
                     WHERE seq = ? AND confirmed_at_ms IS NULL",
                )?
                .execute(params![at.0, was.seq])?;
            if changed == 0 {
                return Ok(());
            }
            note(tx, id, kind, why, at)
        })
    }

    /// Takes a decision back before it was ever sent.
    ///
    /// # Errors
    /// [`StoreError::AlreadySent`] if it was ever in flight, [`StoreError::UnknownDecision`],
    /// [`StoreError::NotAllowed`], or what SQLite said.
    pub fn withdraw(&mut self, id: &DecisionId, at: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| {
            let Some(was) = advance(tx, id, SyncState::Withdrawn)? else {
                return Ok(());
            };
            if was.attempts > 0 {
                return Err(StoreError::AlreadySent);
            }
            tx.prepare_cached("UPDATE outbox SET settled_at_ms = ? WHERE seq = ?")?
                .execute(params![at.0, was.seq])?;
            note(tx, id, EntryKind::Withdrawn, Fact::Withdrawn, at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head comment's table, row by row: what each state may become.
    #[test]
    fn the_table_of_states_is_the_one_above() {
        let rows: Vec<(&str, Vec<&str>)> = STATES
            .into_iter()
            .map(|from| {
                let to = STATES.into_iter().filter(|to| allowed(from, *to));
                (state_text(from), to.map(state_text).collect())
            })
            .collect();
        let expected = vec![
            ("held", vec!["waiting", "in_flight", "withdrawn"]),
            (
                "waiting",
                vec![
                    "waiting",
                    "in_flight",
                    "accepted",
                    "overtaken",
                    "parked",
                    "withdrawn",
                ],
            ),
            (
                "in_flight",
                vec!["waiting", "in_flight", "accepted", "overtaken", "parked"],
            ),
            ("accepted", vec!["accepted"]),
            ("overtaken", vec!["overtaken"]),
            ("parked", vec!["waiting", "accepted", "overtaken", "parked"]),
            ("withdrawn", vec!["withdrawn"]),
        ];
        assert_eq!(rows, expected);
    }
}
