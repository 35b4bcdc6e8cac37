//! Reviews without effect, carried out.

use rusqlite::{Transaction, params};

use scrim_model::{Decision, DecisionId, Item, Timestamp};
use scrim_wire::protocol::{DecisionResult, ReviewKind};

use super::columns::{from_id, from_json};
use super::contract::Write;
use super::facts::{Received, team_facts};
use super::sqlite_tasks::Task;
use super::verdict::Newest;
use super::{sqlite_claims, sqlite_decision_rows, sqlite_views};
use crate::error::ServerError;

/// What others are told of a review that came before theirs: not what was decided.
const REVIEWED: &str = "reviewed";

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
        sqlite_decision_rows::set_state(tx, (&before.id, "superseded"), write)?;
    }
    let kind = match task.of {
        Some(_) => ReviewKind::Sample,
        None => ReviewKind::Practice,
    };
    // A review that comes after its decision was undone is one of nothing.
    let of = task.of.clone().filter(|_| task.still_stands);
    let of = of.map(from_id::<DecisionId>).transpose()?;
    let facts = team_facts(&Received {
        item,
        review: kind,
        of,
        at: write.now,
        first_at: write.now,
    });
    let (receipt, at) = sqlite_decision_rows::insert(tx, write, review, ("standing", &facts))?;
    let who = (write.user.as_str(), write.desk.as_ref());
    sqlite_views::put(tx, who, review, write.now, write.is_training)?;
    if let Some(before) = before {
        sqlite_views::replace(tx, &before.id, &review.decision_id)?;
    }
    finish(tx, write, review, task)?;
    Ok(DecisionResult::Accepted { receipt, at })
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

/// Whether it says otherwise. Practice is compared with nothing.
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
    Ok(Some(scrim_model::team::differs(
        (first.headline(), first.first_policy()),
        (review.headline(), review.first_policy()),
    )))
}
