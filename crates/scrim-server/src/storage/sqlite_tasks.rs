//! Reviews without effect: second reviews of what was drawn, and practice.
//!
//! They are claimed, kept, given back and decided as items are, and change nothing: the item and its
//! decisions stay as they are, and the platform hears of nothing. Whoever reviews sees no decision on
//! the item before their own.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use scrim_model::{Decision, DecisionId, Item, ItemId, ModeratorId, Timestamp};
use scrim_wire::protocol::{DecisionResult, ReviewKind};

use super::columns::{from_id, from_json};
use super::contract::Write;
use super::facts::{Received, team_facts};
use super::verdict::Newest;
use super::{sqlite_claims, sqlite_decisions, sqlite_views};
use crate::error::ServerError;

/// What others are told of a review that came before theirs: not what was decided.
const REVIEWED: &str = "reviewed";

/// Something to review.
#[derive(Debug)]
pub(super) struct Task {
    seq: i64,
    /// The decision that is reviewed; `None`: practice.
    of: Option<String>,
    /// Whether it was reviewed before.
    review_id: Option<String>,
}

impl Task {
    /// Names its claims.
    pub(super) fn seq(&self) -> i64 {
        self.seq
    }
}

/// What is reviewed under the claim that a decision cites.
pub(super) fn of_claim(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
) -> Result<Option<Task>, ServerError> {
    Ok(tx
        .prepare_cached(
            "SELECT t.seq, t.decision_id, t.review_id FROM claims c JOIN tasks t ON t.seq = c.task
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
                })
            },
        )
        .optional()?)
}

/// The review that was made before, if any. Only its own reviewer learns more than that it is there.
pub(super) fn reviewed(
    tx: &Transaction<'_>,
    user: &str,
    task: &Task,
) -> Result<Option<Newest>, ServerError> {
    let Some(id) = &task.review_id else {
        return Ok(None);
    };
    let (by_self, role, at, body): (bool, String, i64, String) = tx.query_row(
        "SELECT user_id = ?2, role, at, body FROM decisions WHERE id = ?1",
        params![id, user],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let review: Decision = from_json(&body, "a decision")?;
    Ok(Some(Newest {
        id: id.clone(),
        by_self,
        role,
        at: Timestamp(at),
        outcome: REVIEWED.to_owned(),
        fence: review.fence,
        is_interim: false,
    }))
}

/// Keeps a review, and whether it differs. A correction replaces one's own.
pub(super) fn take(
    tx: &Transaction<'_>,
    write: &Write,
    (item, review): (&Item, &Decision),
    task: &Task,
    before: Option<&Newest>,
) -> Result<DecisionResult, ServerError> {
    if let Some(before) = before {
        sqlite_decisions::set_state(tx, (&before.id, "superseded"), write.now)?;
    }
    let of = task.of.clone().map(from_id::<DecisionId>).transpose()?;
    let kind = match of {
        Some(_) => ReviewKind::Sample,
        None => ReviewKind::Practice,
    };
    let facts = team_facts(&Received {
        item,
        review: kind,
        of,
        at: write.now,
        first_at: write.now,
    });
    let receipt = sqlite_decisions::insert(tx, write, review, ("standing", &facts))?;
    let who = (write.user.as_str(), write.desk.as_ref());
    sqlite_views::put(tx, who, review, write.now, write.is_training)?;
    if let Some(before) = before {
        sqlite_views::replace(tx, &before.id, &review.decision_id)?;
    }
    finish(tx, write, review, task)?;
    Ok(DecisionResult::Accepted {
        receipt,
        at: write.now,
    })
}

/// The task is done, and its claim used. A draft goes with it, and what this person asked about the
/// item need not be answered any more.
fn finish(
    tx: &Transaction<'_>,
    write: &Write,
    review: &Decision,
    task: &Task,
) -> Result<(), ServerError> {
    let (item, user) = (review.item_id.as_str(), write.user.as_str());
    let differs = differs(tx, task, review)?;
    tx.execute(
        "UPDATE tasks SET review_id = ?2, differs = ?3,
            state = CASE state WHEN 'closed' THEN 'closed' ELSE 'done' END WHERE seq = ?1",
        params![task.seq, review.decision_id.as_str(), differs],
    )?;
    sqlite_claims::end_of(tx, (item, Some(task.seq)), "decided", write.now)?;
    tx.execute(
        "UPDATE items SET draft = NULL WHERE id = ?1
         AND EXISTS (SELECT 1 FROM tasks WHERE seq = ?2 AND state = 'done')",
        params![item, task.seq],
    )?;
    tx.execute(
        "UPDATE consults SET state = 'closed' WHERE item_id = ?1 AND asker = ?2 AND state = 'open'",
        [item, user],
    )?;
    Ok(())
}

/// Another first action or another first policy. Practice is compared with nothing.
fn differs(
    tx: &Transaction<'_>,
    task: &Task,
    review: &Decision,
) -> Result<Option<bool>, ServerError> {
    let Some(of) = &task.of else {
        return Ok(None);
    };
    let body: String = tx.query_row("SELECT body FROM decisions WHERE id = ?1", [of], |row| {
        row.get(0)
    })?;
    let first: Decision = from_json(&body, "a decision")?;
    let same = first.headline() == review.headline()
        && first.policy_ids.first() == review.policy_ids.first();
    Ok(Some(!same))
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

/// This person's reviews of an item that stand.
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
