//! Settings that the server keeps for desks, chain heads, and how long answers are kept.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use scrim_model::{DeskId, ModeratorId, Timestamp};
use scrim_wire::protocol::ChainHead;

use super::columns::{from_json, from_sql, to_sql};
use super::contract::{Kept, SessionFacts, Write};
use super::sqlite_views;
use crate::error::ServerError;
use crate::limits::{ANSWER_KEPT_MS, PRUNE_EVERY_MS};

fn name(what: Kept) -> &'static str {
    match what {
        Kept::Floor => "floor",
        Kept::Lead => "lead",
        Kept::SafetyContact => "safety_contact",
    }
}

fn value(db: &Connection, name: &str) -> Result<Option<String>, ServerError> {
    Ok(db
        .prepare_cached("SELECT value FROM kept WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

fn set(tx: &Transaction<'_>, name: &str, value: &str) -> Result<(), ServerError> {
    tx.execute(
        "INSERT INTO kept (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [name, value],
    )?;
    Ok(())
}

pub(super) fn keep(
    tx: &Transaction<'_>,
    what: Kept,
    value: Option<&str>,
) -> Result<(), ServerError> {
    match value {
        Some(value) => set(tx, name(what), value),
        None => {
            tx.execute("DELETE FROM kept WHERE name = ?1", [name(what)])?;
            Ok(())
        }
    }
}

pub(super) fn kept(db: &Connection, what: Kept) -> Result<Option<String>, ServerError> {
    value(db, name(what))
}

pub(super) fn session_facts(
    db: &Connection,
    user: &ModeratorId,
    desk: Option<&DeskId>,
    day_from: Timestamp,
) -> Result<SessionFacts, ServerError> {
    let floor = kept(db, Kept::Floor)?;
    let lead = kept(db, Kept::Lead)?;
    let contact = kept(db, Kept::SafetyContact)?;
    Ok(SessionFacts {
        floor: floor
            .map(|text| from_json(&text, "the floor"))
            .transpose()?,
        lead: lead
            .map(|text| from_json(&text, "the lead's settings"))
            .transpose()?,
        safety_contact: contact
            .map(|text| from_json(&text, "a contact"))
            .transpose()?,
        day_totals: sqlite_views::day(db, user, desk, day_from)?,
        chain_head: desk
            .map(|desk| chain_head(db, user, desk))
            .transpose()?
            .flatten(),
    })
}

fn chain_head(
    db: &Connection,
    user: &ModeratorId,
    desk: &DeskId,
) -> Result<Option<ChainHead>, ServerError> {
    Ok(db
        .query_row(
            "SELECT entries, hash FROM chain_heads WHERE user_id = ?1 AND desk = ?2",
            [user.as_str(), desk.as_str()],
            |row| {
                Ok(ChainHead {
                    entries: from_sql(row.get(0)?),
                    hash: row.get(1)?,
                })
            },
        )
        .optional()?)
}

/// The head that a call tells of.
pub(super) fn put_chain_head(tx: &Transaction<'_>, write: &Write) -> Result<(), ServerError> {
    match &write.chain_head {
        Some(head) => put_head(tx, write, head),
        None => Ok(()),
    }
}

/// A head replaces a shorter one only: a desk whose tail was deleted cannot make that look right.
pub(super) fn put_head(
    tx: &Transaction<'_>,
    write: &Write,
    head: &ChainHead,
) -> Result<(), ServerError> {
    let Some(desk) = &write.desk else {
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT INTO chain_heads (user_id, desk, entries, hash) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (user_id, desk) DO UPDATE SET entries = excluded.entries, hash = excluded.hash
         WHERE excluded.entries > entries",
    )?
    .execute(params![
        write.user.as_str(),
        desk.as_str(),
        to_sql(head.entries),
        head.hash
    ])?;
    Ok(())
}

/// Deletes answers that nobody can ask for again, at most once an hour: of heartbeats and releases,
/// which make nothing that lasts, and of claiming calls whose claims are all over. Answers of
/// everything else are kept as long as what they made.
pub(super) fn prune_answers(tx: &Transaction<'_>, now: Timestamp) -> Result<(), ServerError> {
    let last: i64 = value(tx, "pruned_at")?
        .and_then(|text| text.parse().ok())
        .unwrap_or(i64::MIN);
    if now.0.saturating_sub(last) < PRUNE_EVERY_MS {
        return Ok(());
    }
    let before = now.0.saturating_sub(ANSWER_KEPT_MS);
    for route in ["/v1/claims/heartbeat", "/v1/claims/release"] {
        tx.execute(
            "DELETE FROM answers WHERE route = ?1 AND at < ?2",
            params![route, before],
        )?;
    }
    tx.execute(
        "DELETE FROM answers WHERE route = '/v1/claims' AND at < ?1 AND NOT EXISTS (
            SELECT 1 FROM json_each(answers.answer, '$.claim_ids') j
            JOIN claims c ON c.id = j.value
            WHERE c.ended_at IS NULL AND c.offline_until >= ?2)",
        params![before, now.0],
    )?;
    set(tx, "pruned_at", &now.0.to_string())
}
