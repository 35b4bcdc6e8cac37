//! What leads and QA read of a team: its decisions, and what is counted by day.
//!
//! Nothing here says whose a decision is. A decision goes by an id of the server's own: the desk's
//! tells the millisecond in which it was made, and so do those of claims and receipts. Fences tell
//! how often an item went round. So none of them is shown.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use scrim_model::days::date_text;
use scrim_model::{Decision, ModeratorId, Timestamp};
use scrim_wire::protocol::{Due, Standing, TeamDay, TeamDays, TeamFacts};

use super::columns::{DAY_MS, day_of, from_id, from_json, from_sql, to_json, to_sql};
use super::contract::TeamRead;
use super::sqlite_telling::{Telling, came_in_on};
use super::sqlite_totals;
use crate::error::ServerError;
use crate::limits::{PAGE_ROWS, PEOPLE_MIN, TEAM_DAYS_BACK};

/// In the place of every claim's id.
const NO_CLAIM: &str = "-";

/// What a read tells by now.
pub(super) fn telling(asked: &TeamRead) -> Telling {
    if asked.at_once {
        Telling::AtOnce
    } else {
        Telling::DaysBefore(day_of(asked.now))
    }
}

/// Decisions as they were last told; each at its newest place alone, so whoever goes on reading hears
/// of every change.
pub(super) fn decisions(
    db: &Connection,
    since: u64,
    asked: &TeamRead,
) -> Result<String, ServerError> {
    let anew = since > 0 && asked.mark.is_some() && asked.mark != mark(db, since)?;
    let since = if anew { 0 } else { since };
    let mut statement = db.prepare_cached(
        "SELECT t.seq, d.team_id, d.body, d.at, t.state, d.facts, r.reason, t.handle_ms, t.action_s,
                t.is_met
         FROM team_told t JOIN decisions d ON d.id = t.decision_id
         LEFT JOIN reverts r ON r.decision_id = d.id AND t.state = 'reverted'
         WHERE t.seq > ?1 ORDER BY t.seq LIMIT ?2",
    )?;
    let mut rows = statement.query(params![to_sql(since), PAGE_ROWS])?;
    let (mut held, mut next) = (Vec::new(), since);
    while let Some(row) = rows.next()? {
        next = from_sql(row.get(0)?);
        let decision: Decision = from_json(&row.get::<_, String>(2)?, "a decision")?;
        let standing = Standing::from(row.get::<_, String>(4)?.as_str());
        let reason: Option<String> = row.get(6)?;
        let facts = TeamFacts {
            action_s: row.get::<_, Option<i64>>(8)?.map(from_sql),
            due: row.get::<_, Option<bool>>(9)?.map(due),
            ..facts(db, &row.get::<_, String>(5)?, standing.clone())?
        };
        let mut shown = without_person(db, decision, Timestamp(row.get(3)?), row.get(7)?)?;
        shown["decision_id"] = json!(row.get::<_, String>(1)?);
        shown["receipt"] = json!("");
        shown["reverted"] = json!(standing == Standing::Reverted);
        shown["team"] = json!(facts);
        shown["cursor"] = json!(next);
        if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
            shown["revert_reason"] = json!(reason);
        }
        held.push(shown);
    }
    let mut page = json!({"decisions": held, "next": next});
    if let Some(mark) = mark(db, next)? {
        page["mark"] = json!(mark);
    }
    if anew {
        page["anew"] = json!(true);
    }
    if let Telling::DaysBefore(day) = telling(asked) {
        page["through"] = json!(date_text(day - 1));
    }
    to_json(&page)
}

fn due(is_met: bool) -> Due {
    if is_met { Due::Met } else { Due::Missed }
}

/// The mark of what was told at once and has this place; `None` if nothing was told there.
fn mark(db: &Connection, place: u64) -> Result<Option<String>, ServerError> {
    Ok(db
        .prepare_cached(
            "SELECT mark FROM team_batches
             WHERE first <= ?1 AND ?1 <= (SELECT max(seq) FROM team_told)
             ORDER BY first DESC LIMIT 1",
        )?
        .query_row([to_sql(place)], |row| row.get(0))
        .optional()?)
}

fn facts(db: &Connection, stored: &str, standing: Standing) -> Result<TeamFacts, ServerError> {
    let facts: TeamFacts = from_json(stored, "what is told of a decision")?;
    let of = facts.of.map(|of| team_id(db, of.as_str())).transpose()?;
    Ok(TeamFacts {
        standing,
        of: of.flatten().map(from_id).transpose()?,
        ..facts
    })
}

/// What team reads call a decision; `None` if the server does not have it.
fn team_id(db: &Connection, decision: &str) -> Result<Option<String>, ServerError> {
    Ok(db
        .prepare_cached("SELECT team_id FROM decisions WHERE id = ?1")?
        .query_row([decision], |row| row.get(0))
        .optional()?)
}

/// What a team read never shows is left out: views, the time of day, the handle time but for the one
/// that is told here, and whatever is peculiar to a desk or a moment: the offset of its clock, ids,
/// claims, fences.
fn without_person(
    db: &Connection,
    mut decision: Decision,
    received: Timestamp,
    handle_ms: Option<i64>,
) -> Result<Value, ServerError> {
    decision.decided_at = came_in_on(received);
    decision.skew_ms = 0;
    decision.media = Vec::new();
    decision.claim_id = from_id(NO_CLAIM.to_owned())?;
    decision.fence = 0;
    for other in [&mut decision.supersedes, &mut decision.propagated_from] {
        if let Some(id) = other.take() {
            *other = team_id(db, id.as_str())?.map(from_id).transpose()?;
        }
    }
    let mut shown =
        serde_json::to_value(decision).map_err(|_| ServerError::Corrupt("a decision"))?;
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("handle_ms");
        if let Some(ms) = handle_ms {
            fields.insert("handle_ms".to_owned(), json!(ms));
        }
    }
    Ok(shown)
}

/// Ids of the decisions that count for an item, newest last: one's own by their own ids, others' as
/// team reads call them.
pub(super) fn counting(
    db: &Connection,
    item: &str,
    user: &ModeratorId,
) -> Result<Vec<String>, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT CASE WHEN user_id = ?2 THEN id ELSE team_id END FROM counting
         WHERE item_id = ?1 ORDER BY cursor",
    )?;
    let rows = statement.query_map([item, user.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Days that are over, of every queue in which something was decided then. A day without decisions
/// has no row, so a row says nothing that the decisions do not.
pub(super) fn days(db: &Connection, now: Timestamp) -> Result<TeamDays, ServerError> {
    let count_min = PEOPLE_MIN as u64;
    let today = day_of(now);
    let mut statement = db.prepare_cached(
        "SELECT w.day, w.queue_id, w.decisions, coalesce(n.count, 0), coalesce(n.people, 0)
         FROM (SELECT d.at / 86400000 AS day, i.queue_id, count(*) AS decisions
               FROM decisions d JOIN items i ON i.id = d.item_id
               WHERE d.at >= ?1 AND d.at < ?2 AND d.training = 0
                 AND d.review NOT IN ('sample', 'practice')
               GROUP BY 1, 2) w
         LEFT JOIN not_me_days n ON n.day = w.day AND n.queue_id = w.queue_id
         ORDER BY w.day, w.queue_id",
    )?;
    let (from, to) = ((today - TEAM_DAYS_BACK) * DAY_MS, today * DAY_MS);
    let mut rows = statement.query([from, to])?;
    let mut days = Vec::new();
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        let (decisions, not_me) = (from_sql(row.get(2)?), from_sql(row.get(3)?));
        let people = from_sql(row.get(4)?);
        let is_told = decisions >= count_min && people >= count_min;
        days.push(TeamDay {
            day: date_text(day),
            queue_id: from_id(row.get(1)?)?,
            not_me: is_told.then_some(not_me),
        });
    }
    Ok(TeamDays {
        count_min: u32::try_from(PEOPLE_MIN).unwrap_or(u32::MAX),
        days,
        appeals: Some(sqlite_totals::appeals(db, now)?),
        reviewers: Some(sqlite_totals::languages(db)?),
    })
}
