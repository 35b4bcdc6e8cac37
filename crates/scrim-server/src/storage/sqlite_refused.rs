//! What was said of decisions that were not taken.
//!
//! A decision can be on the road in two calls at once: alone, and among others whose answer was
//! lost. Whichever comes second must hear what the first one heard, also where the facts have
//! changed meanwhile: the desk has moved on by then. So what was said is kept by decision, not by
//! call. Only a call of that one decision under a key that is not its id asks anew, as a person does
//! who has it tried again.

use rusqlite::{OptionalExtension, Transaction, params};

use scrim_model::Decision;
use scrim_wire::protocol::{DecisionResult, DecisionsRequest};

use super::columns::{from_json, to_json};
use super::contract::Write;
use crate::auth::sha256;
use crate::error::ServerError;

/// The table; kept as long as the answers to deciding calls.
pub(super) const REFUSED: &str = "
CREATE TABLE IF NOT EXISTS refused (
    user_id TEXT NOT NULL, decision_id TEXT NOT NULL, body_sha256 BLOB NOT NULL, result TEXT NOT NULL,
    PRIMARY KEY (user_id, decision_id)
) STRICT, WITHOUT ROWID;";

/// Whether the call wants its decision judged by what is known now.
pub(super) fn asks_anew(write: &Write, request: &DecisionsRequest) -> bool {
    match request.decisions.as_slice() {
        [alone] => write.key != alone.decision_id.as_str(),
        _ => false,
    }
}

/// What was said of this decision, if nothing in it has changed since.
pub(super) fn said(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
) -> Result<Option<DecisionResult>, ServerError> {
    tx.prepare_cached(
        "SELECT result FROM refused WHERE user_id = ?1 AND decision_id = ?2 AND body_sha256 = ?3",
    )?
    .query_row(
        params![
            write.user.as_str(),
            decision.decision_id.as_str(),
            content(decision)?
        ],
        |row| row.get::<_, String>(0),
    )
    .optional()?
    .map(|result| from_json(&result, "what was said of a decision"))
    .transpose()
}

/// Keeps what is said now; the last word counts.
pub(super) fn keep(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    result: &DecisionResult,
) -> Result<(), ServerError> {
    tx.prepare_cached(
        "INSERT INTO refused (user_id, decision_id, body_sha256, result) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (user_id, decision_id)
         DO UPDATE SET body_sha256 = excluded.body_sha256, result = excluded.result",
    )?
    .execute(params![
        write.user.as_str(),
        decision.decision_id.as_str(),
        content(decision)?,
        to_json(result)?
    ])?;
    Ok(())
}

fn content(decision: &Decision) -> Result<[u8; 32], ServerError> {
    Ok(sha256(to_json(decision)?.as_bytes()))
}
