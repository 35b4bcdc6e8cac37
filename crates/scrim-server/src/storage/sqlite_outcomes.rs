//! What the platform is to carry out, and one's own decisions read back.
//!
//! An outcome names no reviewer and holds no view or time: the columns are not there to be read.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use scrim_model::{Decision, ModeratorId};
use scrim_wire::protocol::{Outcome, Outcomes, SafetyNotice, SafetyNotices};

use super::columns::{from_id, from_json, from_sql, to_json, to_sql};
use super::verdict::interim_actions;
use crate::error::ServerError;
use crate::limits::PAGE_ROWS;

/// Puts a decision's effect where the platform reads it; an interim one is a restriction only.
pub(super) fn put(
    tx: &Transaction<'_>,
    decision: &Decision,
    interim: bool,
) -> Result<(), ServerError> {
    let outcome = Outcome {
        cursor: 0,
        what: "decision".to_owned(),
        decision_id: decision.decision_id.clone(),
        item_id: decision.item_id.clone(),
        actions: if interim {
            interim_actions()
        } else {
            decision.actions.clone()
        },
        policy_ids: decision.policy_ids.clone(),
        policy_version: decision.policy_version,
        escalate: decision.escalate.clone(),
    };
    insert(tx, &outcome)
}

fn insert(tx: &Transaction<'_>, outcome: &Outcome) -> Result<(), ServerError> {
    tx.prepare_cached("INSERT INTO outcomes (decision_id, body) VALUES (?1, ?2)")?
        .execute(params![outcome.decision_id.as_str(), to_json(outcome)?])?;
    Ok(())
}

/// Takes back what a decision put there last; practice put nothing there.
pub(super) fn take_back(tx: &Transaction<'_>, decision: &str) -> Result<(), ServerError> {
    let body: Option<String> = tx
        .prepare_cached(
            "SELECT body FROM outcomes WHERE decision_id = ?1 ORDER BY cursor DESC LIMIT 1",
        )?
        .query_row([decision], |row| row.get(0))
        .optional()?;
    let Some(body) = body else {
        return Ok(());
    };
    let mut outcome: Outcome = from_json(&body, "an outcome")?;
    outcome.what = "revert".to_owned();
    insert(tx, &outcome)
}

/// Whether the platform said that it carried a decision's newest outcome out.
pub(super) fn is_acknowledged(tx: &Transaction<'_>, decision: &str) -> Result<bool, ServerError> {
    Ok(tx.query_row(
        "SELECT coalesce((SELECT max(cursor) FROM outcomes WHERE decision_id = ?1), 1 << 62)
             <= coalesce((SELECT up_to FROM acknowledged), 0)",
        [decision],
        |row| row.get(0),
    )?)
}

/// Everything up to `up_to` is carried out; a smaller cursor than before changes nothing.
pub(super) fn acknowledge(tx: &Transaction<'_>, up_to: u64) -> Result<String, ServerError> {
    let last: i64 = tx.query_row("SELECT coalesce(max(cursor), 0) FROM outcomes", [], |row| {
        row.get(0)
    })?;
    if up_to > from_sql(last) {
        return Err(ServerError::invalid(
            "up_to",
            "there is no such outcome yet",
        ));
    }
    tx.execute(
        "INSERT INTO acknowledged (one, up_to) VALUES (1, ?1)
         ON CONFLICT (one) DO UPDATE SET up_to = max(up_to, excluded.up_to)",
        [to_sql(up_to)],
    )?;
    Ok("{}".to_owned())
}

pub(super) fn outcomes(db: &Connection, since: u64) -> Result<Outcomes, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT cursor, body FROM outcomes WHERE cursor > ?1 ORDER BY cursor LIMIT ?2",
    )?;
    let mut rows = statement.query(params![to_sql(since), PAGE_ROWS])?;
    let mut answer = Outcomes {
        outcomes: Vec::new(),
        next: since,
    };
    while let Some(row) = rows.next()? {
        let mut outcome: Outcome = from_json(&row.get::<_, String>(1)?, "an outcome")?;
        outcome.cursor = from_sql(row.get(0)?);
        answer.next = outcome.cursor;
        answer.outcomes.push(outcome);
    }
    Ok(answer)
}

/// A reviewer says that an item is aimed at them: its id goes to the safety contact, nothing else.
pub(super) fn notify_safety(tx: &Transaction<'_>, item: &str) -> Result<(), ServerError> {
    tx.execute("INSERT INTO safety_notices (item_id) VALUES (?1)", [item])?;
    Ok(())
}

pub(super) fn safety_notices(db: &Connection, since: u64) -> Result<SafetyNotices, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT cursor, item_id FROM safety_notices WHERE cursor > ?1 ORDER BY cursor LIMIT ?2",
    )?;
    let mut rows = statement.query(params![to_sql(since), PAGE_ROWS])?;
    let (mut notices, mut next) = (Vec::new(), since);
    while let Some(row) = rows.next()? {
        next = from_sql(row.get(0)?);
        notices.push(SafetyNotice {
            cursor: next,
            item_id: from_id(row.get(1)?)?,
        });
    }
    Ok(SafetyNotices { notices, next })
}

/// One person's own, whole.
pub(super) fn own_decisions(
    db: &Connection,
    since: u64,
    user: &ModeratorId,
) -> Result<String, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT d.cursor, d.body, d.receipt, d.state = 'reverted', r.reason, e.header
         FROM decisions d LEFT JOIN reverts r ON r.decision_id = d.id
         LEFT JOIN records e ON e.decision_id = d.id
         WHERE d.cursor > ?1 AND d.user_id = ?2 ORDER BY d.cursor LIMIT ?3",
    )?;
    let mut rows = statement.query(params![to_sql(since), user.as_str(), PAGE_ROWS])?;
    let (mut held, mut next) = (Vec::new(), since);
    while let Some(row) = rows.next()? {
        next = from_sql(row.get(0)?);
        let mut decision: Value = from_json(&row.get::<_, String>(1)?, "a decision")?;
        decision["cursor"] = json!(next);
        decision["receipt"] = json!(row.get::<_, String>(2)?);
        decision["reverted"] = json!(row.get::<_, bool>(3)?);
        if let Some(reason) = row.get::<_, Option<String>>(4)?.filter(|r| !r.is_empty()) {
            decision["revert_reason"] = json!(reason);
        }
        if let Some(header) = row.get::<_, Option<String>>(5)? {
            decision["header"] = json!(header);
        }
        held.push(decision);
    }
    to_json(&json!({"decisions": held, "next": next}))
}
