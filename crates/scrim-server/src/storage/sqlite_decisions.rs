//! Decisions: taking and correcting them.

use rusqlite::{OptionalExtension, Transaction, params};

use scrim_model::{Decision, DecisionId, Item, ItemId, Timestamp};
use scrim_wire::protocol::{
    DecisionResult, DecisionRow, DecisionsAnswer, DecisionsRequest, Feedback, ReviewKind,
    SentRecord, TeamFacts,
};

use super::columns::{from_id, from_json, from_sql, to_json};
use super::contract::Write;
use super::facts::{Received, team_facts};
use super::sqlite_decision_rows::{insert, set_item_state, set_state};
use super::sqlite_tasks::Task;
use super::verdict::{CitedClaim, Facts, LiveClaim, Newest, Verdict, escalates, verdict};
use super::{
    sqlite_claims, sqlite_consults, sqlite_items, sqlite_outcomes, sqlite_records, sqlite_refused,
    sqlite_reviews, sqlite_tasks, sqlite_views,
};
use crate::error::ServerError;

/// Takes each decision by itself; one that cannot be taken leaves the others alone.
pub(super) fn decide(
    tx: &Transaction<'_>,
    write: &Write,
    request: &DecisionsRequest,
) -> Result<String, ServerError> {
    let anew = sqlite_refused::asks_anew(write, request);
    let mut results = Vec::with_capacity(request.decisions.len());
    for decision in &request.decisions {
        let result = decide_one(tx, write, decision, &request.records, anew)?;
        results.push(DecisionRow {
            decision_id: decision.decision_id.clone(),
            feedback: feedback(tx, write, decision, &result)?,
            result,
        });
    }
    to_json(&DecisionsAnswer { results })
}

/// In training: what was expected, once the decision is taken.
fn feedback(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    result: &DecisionResult,
) -> Result<Option<Feedback>, ServerError> {
    let is_taken = matches!(
        result,
        DecisionResult::Accepted { .. }
            | DecisionResult::Duplicate { .. }
            | DecisionResult::AwaitingSecond { .. }
    );
    if !write.is_training || !is_taken {
        return Ok(None);
    }
    tx.query_row(
        "SELECT body FROM feedback WHERE item_id = ?1",
        [decision.item_id.as_str()],
        |row| row.get::<_, String>(0),
    )
    .optional()?
    .map(|body| from_json(&body, "feedback"))
    .transpose()
}

fn decide_one(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    records: &[SentRecord],
    anew: bool,
) -> Result<DecisionResult, ServerError> {
    if let Some(earlier) = seen_before(tx, write, decision)? {
        return Ok(earlier);
    }
    if !anew && let Some(said) = sqlite_refused::said(tx, write, decision)? {
        return Ok(said);
    }
    let result = judge(tx, write, decision, records)?;
    if matches!(
        result,
        DecisionResult::Overtaken { .. } | DecisionResult::Rejected { .. }
    ) {
        sqlite_refused::keep(tx, write, decision, &result)?;
    }
    Ok(result)
}

/// By what is known now.
fn judge(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    records: &[SentRecord],
) -> Result<DecisionResult, ServerError> {
    let entry = match sqlite_records::look(tx, write, records, decision)? {
        Ok(entry) => entry,
        Err(refusal) => return Ok(refusal),
    };
    let task = sqlite_tasks::of_claim(tx, write, decision)?;
    let facts = facts(tx, write, decision, task.as_ref())?;
    let awaits_second = match verdict(&facts, decision) {
        Verdict::Answer(result) => return Ok(result),
        Verdict::Take { awaits_second } => awaits_second,
    };
    let Facts {
        item: Some(item),
        newest,
        ..
    } = facts
    else {
        return Err(ServerError::Corrupt("an item"));
    };
    let (decided, before) = ((&item, decision), newest.as_ref());
    let result = match task {
        Some(task) => sqlite_reviews::take(tx, write, decided, &task, before)?,
        None => take(tx, write, decided, before, awaits_second)?,
    };
    if let Some(entry) = entry {
        sqlite_records::keep(tx, write, &entry)?;
    }
    Ok(result)
}

/// The same decision again, perhaps under another key.
fn seen_before(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
) -> Result<Option<DecisionResult>, ServerError> {
    let row: Option<(String, String, String, i64)> = tx
        .query_row(
            "SELECT user_id, body, receipt, at FROM decisions WHERE id = ?1",
            [decision.decision_id.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let Some((user, body, receipt, at)) = row else {
        return Ok(None);
    };
    let same = user == write.user.as_str() && body == to_json(decision)?;
    Ok(Some(if same {
        DecisionResult::Duplicate {
            receipt,
            at: Timestamp(at),
        }
    } else {
        DecisionResult::Rejected {
            code: "id_reused".to_owned(),
            path: Some("decision_id".to_owned()),
        }
    }))
}

/// What is known; for a review without effect, of its task and of nothing else that was decided.
fn facts(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    task: Option<&Task>,
) -> Result<Facts, ServerError> {
    let (item, user) = (decision.item_id.as_str(), write.user.as_str());
    let row: Option<(String, String, Option<i64>, bool)> = tx
        .query_row(
            "SELECT body, queue_id, withdrawn_at, state = 'escalated' FROM items WHERE id = ?1",
            [item],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let (body, queue_id, withdrawn_at, is_escalated) = match row {
        Some((body, queue, at, escalated)) => (Some(body), queue, at, escalated),
        None => (None, String::new(), None, false),
    };
    let cited = tx
        .query_row(
            "SELECT fence FROM claims WHERE id = ?1 AND item_id = ?2 AND user_id = ?3",
            params![decision.claim_id.as_str(), item, user],
            |row| {
                Ok(CitedClaim {
                    fence: from_sql(row.get(0)?),
                })
            },
        )
        .optional()?;
    let live = tx
        .query_row(
            "SELECT user_id = ?2, role, granted_at, fence FROM claims
             WHERE item_id = ?1 AND ended_at IS NULL AND expires_at > ?3 AND task IS ?4
             ORDER BY fence DESC LIMIT 1",
            params![item, user, write.now.0, task.map(|task| task.seq)],
            |row| {
                Ok(LiveClaim {
                    by_self: row.get(0)?,
                    role: row.get(1)?,
                    granted_at: Timestamp(row.get(2)?),
                    fence: from_sql(row.get(3)?),
                })
            },
        )
        .optional()?;
    // A review without effect needs no second person.
    let other_decided = task.is_some()
        || tx
            .prepare_cached("SELECT 1 FROM counting WHERE item_id = ?1 AND user_id <> ?2")?
            .exists(params![item, user])?;
    let newest = match task {
        Some(task) => sqlite_reviews::reviewed(tx, user, task)?,
        None => newest(tx, user, &decision.item_id)?,
    };
    Ok(Facts {
        item: body.map(|body| from_json(&body, "an item")).transpose()?,
        queue_id,
        withdrawn_at: withdrawn_at.map(Timestamp),
        is_escalated: is_escalated && task.is_none(),
        cited,
        live,
        newest,
        other_decided,
        tree: sqlite_items::policies(tx, Some(decision.policy_version))?,
    })
}

/// The newest decision on an item that counts.
pub(super) fn newest(
    tx: &Transaction<'_>,
    user: &str,
    item: &ItemId,
) -> Result<Option<Newest>, ServerError> {
    let row: Option<(String, bool, String, i64, String, bool)> = tx
        .query_row(
            "SELECT id, user_id = ?2, role, at, body, state = 'interim' FROM counting
             WHERE item_id = ?1 ORDER BY cursor DESC LIMIT 1",
            params![item.as_str(), user],
            |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                ))
            },
        )
        .optional()?;
    row.map(|(id, by_self, role, at, body, is_interim)| {
        let decision: Decision = from_json(&body, "a decision")?;
        Ok(Newest {
            id,
            by_self,
            role,
            at: Timestamp(at),
            outcome: decision.headline().to_owned(),
            fence: decision.fence,
            is_interim,
        })
    })
    .transpose()
}

/// Writes the decision, what takes effect, and how the item stands. What took effect before, by
/// this person or a first reviewer, is taken back first: the platform sees one effect at a time.
fn take(
    tx: &Transaction<'_>,
    write: &Write,
    (item, decision): (&Item, &Decision),
    before: Option<&Newest>,
    awaits_second: bool,
) -> Result<DecisionResult, ServerError> {
    let (review, of) = review_of(tx, item, before)?;
    if let Some(before) = before {
        sqlite_outcomes::take_back(tx, &before.id)?;
        // A first reviewer's decision stays as a record; one's own corrected one is replaced.
        let state = if before.by_self {
            "superseded"
        } else {
            "standing"
        };
        set_state(tx, (&before.id, state), write)?;
    }
    let facts = team_facts(&Received {
        item,
        review,
        of,
        at: write.now,
        first_at: first_at(tx, &item.id)?.unwrap_or(write.now),
    });
    let state = if awaits_second { "interim" } else { "standing" };
    let (receipt, at) = insert(tx, write, decision, (state, &facts))?;
    count_looks(tx, write, decision, before)?;
    if !write.is_training {
        sqlite_outcomes::put(tx, decision, awaits_second)?;
    }
    let item = decision.item_id.as_str();
    sqlite_claims::end_of(tx, (item, None), "decided", write.now)?;
    sqlite_consults::close(tx, item)?;
    let escalated_to = decision.escalate.as_ref().map(|to| to.to.as_str());
    match (awaits_second, escalates(decision)) {
        (true, _) => set_item_state(tx, item, "awaiting_second", None)?,
        (false, true) => set_item_state(tx, item, "escalated", escalated_to)?,
        (false, false) => set_item_state(tx, item, "decided", None)?,
    }
    Ok(if awaits_second {
        DecisionResult::AwaitingSecond { receipt }
    } else {
        DecisionResult::Accepted { receipt, at }
    })
}

/// Why the item is decided, and of which decision it is a review. What was passed on is decided for
/// the first time by whoever it was passed to.
fn review_of(
    tx: &Transaction<'_>,
    item: &Item,
    before: Option<&Newest>,
) -> Result<(ReviewKind, Option<DecisionId>), ServerError> {
    match (before, &item.appeal) {
        (Some(before), _) if before.by_self => {
            let facts: String = tx
                .prepare_cached("SELECT facts FROM decisions WHERE id = ?1")?
                .query_row([&before.id], |row| row.get(0))?;
            let facts: TeamFacts = from_json(&facts, "what is told of a decision")?;
            Ok((facts.review, facts.of))
        }
        (Some(before), _) if before.is_interim => {
            Ok((ReviewKind::Second, Some(from_id(before.id.clone())?)))
        }
        (_, Some(appeal)) => Ok((ReviewKind::Appeal, Some(appeal.decision_id.clone()))),
        (_, None) => Ok((ReviewKind::First, None)),
    }
}

/// When the item's first decision came in.
fn first_at(tx: &Transaction<'_>, item: &ItemId) -> Result<Option<Timestamp>, ServerError> {
    let at: Option<i64> = tx
        .prepare_cached(
            "SELECT min(at) FROM decisions
             WHERE item_id = ?1 AND review NOT IN ('sample', 'practice')",
        )?
        .query_row([item.as_str()], |row| row.get(0))?;
    Ok(at.map(Timestamp))
}

fn count_looks(
    tx: &Transaction<'_>,
    write: &Write,
    decision: &Decision,
    before: Option<&Newest>,
) -> Result<(), ServerError> {
    let who = (write.user.as_str(), write.desk.as_ref());
    sqlite_views::put(tx, who, decision, write.now, write.is_training)?;
    match before {
        Some(before) if before.by_self => {
            sqlite_views::replace(tx, &before.id, &decision.decision_id)
        }
        _ => Ok(()),
    }
}
