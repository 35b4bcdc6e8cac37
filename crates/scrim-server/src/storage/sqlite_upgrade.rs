//! A database of an older version is brought up to the newest, in the transaction that opens it.

use std::collections::HashMap;

use rusqlite::{Transaction, params};

use scrim_model::{Decision, DecisionId, Item, Timestamp};
use scrim_wire::protocol::ReviewKind;

use super::columns::{day_of, from_id, from_json, to_json};
use super::facts::{Received, team_facts};
use super::verdict::escalates;
use super::{sqlite_telling, sqlite_views};
use crate::error::ServerError;

/// Columns that version 1 lacks; missing tables come with `schema.sql`.
const COLUMNS_2: &str = "
    ALTER TABLE items ADD COLUMN author TEXT;
    ALTER TABLE items ADD COLUMN escalated_to TEXT;
    ALTER TABLE items ADD COLUMN draft TEXT;
    UPDATE items SET author = json_extract(body, '$.author.id');
    UPDATE items SET escalated_to = (
        SELECT json_extract(d.body, '$.escalate.to') FROM decisions d
        WHERE d.item_id = items.id AND d.state = 'standing' ORDER BY d.cursor DESC LIMIT 1)
        WHERE state = 'escalated';
    ALTER TABLE decisions ADD COLUMN training INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE answers ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
    UPDATE answers SET at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
    DROP INDEX items_order;";

/// Columns that version 2 lacks.
const COLUMNS_3: &str = "
    ALTER TABLE decisions ADD COLUMN review TEXT NOT NULL DEFAULT 'first';
    ALTER TABLE decisions ADD COLUMN team_id TEXT NOT NULL DEFAULT '';
    ALTER TABLE decisions ADD COLUMN facts TEXT NOT NULL DEFAULT '';
    UPDATE decisions SET team_id = lower(hex(randomblob(16)));
    ALTER TABLE claims ADD COLUMN task INTEGER;";

/// Places in team reads go on where those of version 2 end, so that nobody waits behind them.
const PLACES_2: &str = "
    INSERT INTO sqlite_sequence SELECT 'team_told', max(cursor) FROM decisions HAVING max(cursor) > 0;";

/// What version 3 has otherwise: everything that it told is told once more, further on.
const FROM_3: &str = "
    ALTER TABLE not_me_days ADD COLUMN people INTEGER NOT NULL DEFAULT 0;
    INSERT INTO sqlite_sequence SELECT 'team_told', max(seq) FROM team_log HAVING max(seq) > 0;
    INSERT INTO team_waiting (decision_id, day)
        SELECT l.decision_id, d.at / 86400000 FROM team_log l JOIN decisions d ON d.id = l.decision_id
        ORDER BY l.seq;
    DROP TRIGGER decision_came;
    DROP TRIGGER decision_stands_otherwise;
    DROP TABLE team_log;";

/// Brings a database of version 1 to 3 up to `schema`, the newest one.
pub(super) fn bring_up(tx: &Transaction<'_>, from: i64, schema: &str) -> Result<(), ServerError> {
    if from < 2 {
        tx.execute_batch(COLUMNS_2)?;
    }
    if from < 3 {
        tx.execute_batch(COLUMNS_3)?;
    }
    tx.execute_batch(schema)?;
    if from < 2 {
        view_totals(tx)?;
    }
    if from < 3 {
        tx.execute_batch(PLACES_2)?;
        team_facts_of_all(tx)?;
    } else {
        tx.execute_batch(FROM_3)?;
    }
    sqlite_telling::tell_all_days(tx)
}

/// Sums up what the decisions that are there looked at; `schema.sql` has run.
fn view_totals(tx: &Transaction<'_>) -> Result<(), ServerError> {
    let mut statement = tx.prepare(
        "SELECT user_id, body, at FROM decisions WHERE state <> 'superseded' ORDER BY cursor",
    )?;
    let mut rows = statement.query(params![])?;
    while let Some(row) = rows.next()? {
        let decision: Decision = from_json(&row.get::<_, String>(1)?, "a decision")?;
        let (user, at): (String, i64) = (row.get(0)?, row.get(2)?);
        sqlite_views::put(tx, (&user, None), &decision, Timestamp(at), false)?;
    }
    Ok(())
}

/// A decision that is there.
struct Old {
    user: String,
    decision: Decision,
    at: Timestamp,
    counts: bool,
    item: Item,
    appeal_of: Option<DecisionId>,
}

/// Says of each decision that is there what team reads say, and lets it wait to be told.
fn team_facts_of_all(tx: &Transaction<'_>) -> Result<(), ServerError> {
    let mut before: HashMap<String, Vec<(Old, ReviewKind, Option<DecisionId>)>> = HashMap::new();
    for old in old_decisions(tx)? {
        let earlier = before
            .entry(old.decision.item_id.as_str().to_owned())
            .or_default();
        let (review, of) = review_of(&old, earlier);
        let facts = team_facts(&Received {
            item: &old.item,
            review: review.clone(),
            of: of.clone(),
            at: old.at,
            first_at: earlier.first().map_or(old.at, |(first, ..)| first.at),
        });
        let id = old.decision.decision_id.as_str();
        tx.prepare_cached("UPDATE decisions SET review = ?2, facts = ?3 WHERE id = ?1")?
            .execute(params![id, review.as_str(), to_json(&facts)?])?;
        sqlite_telling::wait_since(tx, id, day_of(old.at))?;
        earlier.push((old, review, of));
    }
    Ok(())
}

fn old_decisions(tx: &Transaction<'_>) -> Result<Vec<Old>, ServerError> {
    let mut statement = tx.prepare(
        "SELECT d.user_id, d.body, d.at, d.state IN ('standing', 'interim'), i.body,
                i.appeal_of
         FROM decisions d JOIN items i ON i.id = d.item_id ORDER BY d.cursor",
    )?;
    let mut rows = statement.query(params![])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Old {
            user: row.get(0)?,
            decision: from_json(&row.get::<_, String>(1)?, "a decision")?,
            at: Timestamp(row.get(2)?),
            counts: row.get(3)?,
            item: from_json(&row.get::<_, String>(4)?, "an item")?,
            appeal_of: row.get::<_, Option<String>>(5)?.map(from_id).transpose()?,
        });
    }
    Ok(found)
}

/// Why the item was decided, as far as what is kept tells.
fn review_of(
    old: &Old,
    earlier: &[(Old, ReviewKind, Option<DecisionId>)],
) -> (ReviewKind, Option<DecisionId>) {
    let corrected = old.decision.supersedes.as_ref().and_then(|id| {
        earlier
            .iter()
            .find(|(before, ..)| &before.decision.decision_id == id)
    });
    if let Some((_, review, of)) = corrected {
        return (review.clone(), of.clone());
    }
    let first = earlier.iter().find(|(before, ..)| {
        before.counts && before.user != old.user && !escalates(&before.decision)
    });
    match (first, &old.appeal_of) {
        (Some((first, ..)), _) => (ReviewKind::Second, Some(first.decision.decision_id.clone())),
        (None, Some(appealed)) => (ReviewKind::Appeal, Some(appealed.clone())),
        (None, None) => (ReviewKind::First, None),
    }
}
