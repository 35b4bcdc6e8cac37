//! Decisions as rows: written, and how they and their items stand.

use rusqlite::{Transaction, params};
use uuid::Uuid;

use scrim_model::{Decision, Timestamp};
use scrim_wire::protocol::TeamFacts;

use super::columns::to_json;
use super::contract::Write;
use super::{sqlite_tasks, sqlite_telling};
use crate::error::ServerError;

/// Writes a decision down; its receipt, and when it came.
pub(super) fn insert(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    (state, facts): (&str, &TeamFacts),
) -> Result<(String, Timestamp), ServerError> {
    let receipt = Uuid::now_v7().to_string();
    let at = sqlite_telling::comes_in_at(tx, write)?;
    tx.prepare_cached(
        "INSERT INTO decisions (id, item_id, user_id, role, body, receipt, at, state, training,
            review, team_id, facts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, lower(hex(randomblob(16))), ?11)",
    )?
    .execute(params![
        decision.decision_id.as_str(),
        decision.item_id.as_str(),
        write.user.as_str(),
        write.role.as_str(),
        to_json(decision)?,
        receipt,
        at.0,
        state,
        write.is_training,
        facts.review.as_str(),
        to_json(facts)?,
    ])?;
    sqlite_telling::wait(tx, decision.decision_id.as_str(), write)?;
    Ok((receipt, at))
}

/// How a decision stands from now on. What does not stand any more need not be reviewed.
pub(super) fn set_state(
    tx: &Transaction<'_>,
    (decision, state): (&str, &str),
    write: &Write,
) -> Result<(), ServerError> {
    let changes = tx
        .prepare_cached("SELECT 1 FROM decisions WHERE id = ?1 AND state <> ?2")?
        .exists([decision, state])?;
    if changes {
        sqlite_telling::wait(tx, decision, write)?;
        tx.prepare_cached("UPDATE decisions SET state = ?2 WHERE id = ?1")?
            .execute([decision, state])?;
    }
    if state == "standing" {
        return Ok(());
    }
    sqlite_tasks::close(tx, decision, write.now)
}

/// How the item stands, and what is left of a draft: nothing.
pub(super) fn set_item_state(
    tx: &Transaction<'_>,
    item: &str,
    state: &str,
    escalated_to: Option<&str>,
) -> Result<(), ServerError> {
    tx.prepare_cached(
        "UPDATE items SET state = ?2, escalated_to = ?3, draft = NULL WHERE id = ?1",
    )?
    .execute(params![item, state, escalated_to])?;
    Ok(())
}
