//! Making a decision durable.

use rusqlite::{Connection, OptionalExtension, params};
use scrim_model::view::ViewInterval;
use scrim_model::{Decision, DecisionId};

use crate::chain::{EntryKind, NewEntry, Salt, append};
use crate::error::StoreError;
use crate::{Store, record, reveal};

impl Store {
    /// Records `decision` with the view log of its item and a `held` outbox entry, in one
    /// transaction. `intervals` are those that the desk knows of; those of the item that no
    /// decision has yet are added from the view log. `first` sends it before ordinary ones
    /// (priority-1 items, known-hash removals; urgent escalations go first by themselves).
    /// `salts` gives 32 fresh random bytes at each call.
    ///
    /// The same decision again has no further effect.
    ///
    /// # Errors
    /// [`StoreError::IdReused`] if another decision has this id; [`StoreError::NumberTooLarge`];
    /// otherwise what SQLite said. Nothing was recorded then.
    pub fn commit_decision(
        &mut self,
        decision: &Decision,
        first: bool,
        intervals: &[ViewInterval],
        salts: &mut dyn FnMut() -> Salt,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            if let Some(seq) = entry_of(tx, &decision.decision_id)? {
                return same_again(tx, seq, decision);
            }
            for interval in intervals {
                reveal::merge(tx, &decision.item_id, interval)?;
            }
            let viewed = reveal::link(tx, decision, intervals)?;
            let entry = NewEntry {
                kind: EntryKind::Decision,
                entry_id: Some(decision.decision_id.as_str().to_owned()),
                subject: None,
                at: decision.decided_at,
                parts: record::split(decision, &viewed, salts)?,
                fact: None,
            };
            let seq = append(tx, entry)?;
            tx.prepare_cached(
                "INSERT INTO outbox
                     (seq, decision_id, item_id, decided_at_ms, urgent, escalates, state)
                 VALUES (?, ?, ?, ?, ?, ?, 'held')",
            )?
            .execute(params![
                seq,
                decision.decision_id.as_str(),
                decision.item_id.as_str(),
                decision.decided_at.0,
                first || decision.is_urgent(),
                decision.escalate.is_some(),
            ])?;
            Ok(())
        })
    }
}

/// The journal entry of a decision.
pub(crate) fn entry_of(tx: &Connection, id: &DecisionId) -> Result<Option<i64>, StoreError> {
    Ok(tx
        .prepare_cached("SELECT seq FROM outbox WHERE decision_id = ?")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?)
}

/// A repeat must say what was said before; erased parts cannot contradict.
fn same_again(tx: &Connection, seq: i64, decision: &Decision) -> Result<(), StoreError> {
    let [judgement, words, _] = record::bodies(decision, &[])?;
    for (name, body) in [(record::JUDGEMENT, judgement), (record::WORDS, words)] {
        if record::body(tx, seq, name)?.is_some_and(|stored| stored != body) {
            return Err(StoreError::IdReused);
        }
    }
    Ok(())
}
