//! Reviews without effect: second reviews of what was drawn, and practice.
//!
//! They are claimed, kept, given back and decided as items are, and change nothing: the item and its
//! decisions stay as they are, and the platform hears of nothing. Whoever reviews sees no decision on
//! the item before their own.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use scrim_model::{Decision, ItemId, ModeratorId, Timestamp};

use super::contract::Write;
use super::sqlite_claims;
use crate::error::ServerError;

/// Something to review.
#[derive(Debug)]
pub(super) struct Task {
    /// Names its claims.
    pub(super) seq: i64,
    /// The decision that is reviewed; `None`: practice.
    pub(super) of: Option<String>,
    /// Whether it was reviewed before.
    pub(super) review_id: Option<String>,
    /// What is reviewed still stands.
    pub(super) still_stands: bool,
}

/// What is reviewed under the claim that a decision cites.
pub(super) fn of_claim(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
) -> Result<Option<Task>, ServerError> {
    Ok(tx
        .prepare_cached(
            "SELECT t.seq, t.decision_id, t.review_id, t.state <> 'closed' FROM claims c JOIN tasks t ON t.seq = c.task
             WHERE c.id = ?1 AND c.item_id = ?2 AND c.user_id = ?3",
        )?
        .query_row(
            params![
                decision.claim_id.as_str(),
                decision.item_id.as_str(),
                write.user.as_str()
            ],
            |row| {
                Ok(Task {
                    seq: row.get(0)?,
                    of: row.get(1)?,
                    review_id: row.get(2)?,
                    still_stands: row.get(3)?,
                })
            },
        )
        .optional()?)
}

/// A review is undone: what it was about waits again, if it still stands and nothing else of its item
/// was drawn meanwhile.
pub(super) fn reopen(tx: &Transaction<'_>, review: &str) -> Result<(), ServerError> {
    tx.execute(
        "UPDATE tasks SET review_id = NULL, differs = NULL, state = CASE
            WHEN state = 'done'
             AND (decision_id IS NULL OR EXISTS (SELECT 1 FROM decisions d
                  WHERE d.id = tasks.decision_id AND d.state = 'standing'))
             AND NOT EXISTS (SELECT 1 FROM tasks t
                  WHERE t.item_id = tasks.item_id AND t.state = 'open')
            THEN 'open' ELSE 'closed' END
         WHERE review_id = ?1",
        [review],
    )?;
    Ok(())
}

/// A decision no longer stands: nobody need review it. A review that is under way and comes late is
/// kept, and counts in no sample.
pub(super) fn close(
    tx: &Transaction<'_>,
    decision: &str,
    now: Timestamp,
) -> Result<(), ServerError> {
    let open: Option<(i64, String)> = tx
        .prepare_cached("SELECT seq, item_id FROM tasks WHERE decision_id = ?1 AND state = 'open'")?
        .query_row([decision], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((seq, item)) = open else {
        return Ok(());
    };
    tx.execute("UPDATE tasks SET state = 'closed' WHERE seq = ?1", [seq])?;
    sqlite_claims::end_of(tx, (&item, Some(seq)), "decided", now)
}

/// The item is withdrawn; all its claims have ended.
pub(super) fn close_all_of(tx: &Transaction<'_>, item: &ItemId) -> Result<(), ServerError> {
    tx.execute(
        "UPDATE tasks SET state = 'closed' WHERE item_id = ?1 AND state = 'open'",
        [item.as_str()],
    )?;
    Ok(())
}

/// Whether this person is reviewing the item now, and sees no decision on it.
pub(super) fn is_blind(
    db: &Connection,
    (item, user): (&str, &ModeratorId),
    now: Timestamp,
) -> Result<bool, ServerError> {
    Ok(db
        .prepare_cached(
            "SELECT 1 FROM claims WHERE item_id = ?1 AND user_id = ?2 AND task IS NOT NULL
             AND ended_at IS NULL AND offline_until >= ?3",
        )?
        .exists(params![item, user.as_str(), now.0])?)
}

/// This person's reviews of an item that stand, and practice on it.
pub(super) fn own_reviews(
    db: &Connection,
    item: &str,
    user: &ModeratorId,
) -> Result<Vec<String>, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM decisions WHERE item_id = ?1 AND user_id = ?2 AND state = 'standing'
         AND review IN ('sample', 'practice') ORDER BY cursor",
    )?;
    let rows = statement.query_map([item, user.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
