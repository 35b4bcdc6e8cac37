//! Undoing decisions.

use rusqlite::{OptionalExtension, Transaction, params};
use uuid::Uuid;

use scrim_model::{Decision, DecisionId, ItemId};
use scrim_wire::protocol::{Receipt, ReviewKind};

use super::columns::{from_json, to_json};
use super::contract::Write;
use super::facts::is_without_effect;
use super::sqlite_decision_rows::{set_item_state, set_state};
use super::sqlite_decisions::newest;
use super::verdict::{escalates, is_undoable};
use super::{sqlite_claims, sqlite_outcomes, sqlite_tasks};
use crate::error::ServerError;

/// Undoes a decision: its item goes back to the queue, or back to how the decision before it left it.
///
/// Too late is: superseded or undone before, somebody decided since, the item is withdrawn, or the
/// platform carried out what cannot be taken back (who was told stays told).
pub(super) fn revert(
    tx: &Transaction<'_>,
    write: &Write,
    id: &DecisionId,
    reason: &str,
) -> Result<String, ServerError> {
    // Leads know others' decisions by the ids of team reads. Nobody puts a decision in the way by
    // giving it such an id.
    let row: Option<(String, String, String, String, String)> = tx
        .query_row(
            "SELECT d.user_id, d.body, i.state, d.state, d.review
             FROM decisions d JOIN items i ON i.id = d.item_id
             WHERE d.id = ?1 OR d.team_id = ?1 AND ?2
             ORDER BY d.team_id = ?1 AND ?2 DESC LIMIT 1",
            params![id.as_str(), write.is_lead],
            |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            },
        )
        .optional()?;
    let Some((user, body, item_state, state, review)) = row else {
        return Err(ServerError::Unknown);
    };
    if user != write.user.as_str() && !write.is_lead {
        return Err(ServerError::NotAllowed);
    }
    let decision: Decision = from_json(&body, "a decision")?;
    if item_state == "withdrawn" {
        return Err(ServerError::TooLate);
    }
    if is_without_effect(&ReviewKind::from(review)) {
        undo_review(tx, write, &decision, &state)?;
    } else {
        undo(tx, write, &decision, state == "interim")?;
    }
    let receipt = Uuid::now_v7().to_string();
    tx.execute(
        "INSERT INTO reverts (decision_id, role, reason, receipt, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            decision.decision_id.as_str(),
            write.role.as_str(),
            reason,
            receipt,
            write.now.0
        ],
    )?;
    to_json(&Receipt {
        receipt,
        at: write.now,
    })
}

/// What was reviewed waits again.
fn undo_review(
    tx: &Transaction<'_>,
    write: &Write,
    review: &Decision,
    state: &str,
) -> Result<(), ServerError> {
    if state != "standing" {
        return Err(ServerError::TooLate);
    }
    let id = review.decision_id.as_str();
    set_state(tx, (id, "reverted"), write)?;
    sqlite_tasks::reopen(tx, id)
}

fn undo(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    is_interim: bool,
) -> Result<(), ServerError> {
    let (id, item) = (decision.decision_id.as_str(), &decision.item_id);
    let is_newest = newest(tx, write.user.as_str(), item)?.is_some_and(|newest| newest.id == id);
    let is_told =
        !is_interim && !is_undoable(decision) && sqlite_outcomes::is_acknowledged(tx, id)?;
    if !is_newest || is_told {
        return Err(ServerError::TooLate);
    }
    sqlite_outcomes::take_back(tx, id)?;
    set_state(tx, (id, "reverted"), write)?;
    sqlite_claims::end(tx, item.as_str(), "reverted", write.now)?;
    restore(tx, write, item)
}

/// The item stands again as the decision that is now the newest one left it.
fn restore(tx: &Transaction<'_>, write: &Write, item: &ItemId) -> Result<(), ServerError> {
    let Some(first) = newest(tx, write.user.as_str(), item)? else {
        return set_item_state(tx, item.as_str(), "open", None);
    };
    let (body, is_training): (String, bool) = tx.query_row(
        "SELECT body, training FROM decisions WHERE id = ?1",
        [&first.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let first_decision: Decision = from_json(&body, "a decision")?;
    // Only a first reviewer's decision or an escalation can lie under another one's.
    let is_interim = !escalates(&first_decision);
    if !is_training {
        sqlite_outcomes::put(tx, &first_decision, is_interim)?;
    }
    if is_interim {
        set_state(tx, (&first.id, "interim"), write)?;
        set_item_state(tx, item.as_str(), "awaiting_second", None)
    } else {
        let to = first_decision.escalate.as_ref().map(|to| to.to.as_str());
        set_item_state(tx, item.as_str(), "escalated", to)
    }
}
