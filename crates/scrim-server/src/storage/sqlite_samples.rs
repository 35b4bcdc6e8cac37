//! Second reviews that leads ask for: what is drawn, and how it stands.
//!
//! | state of a task | enters on | leaves on |
//! | --- | --- | --- |
//! | open | drawn; its review is undone | reviewed → done; its decision is corrected or undone, or the item withdrawn → closed |
//! | done | reviewed | its review is undone → open, or closed |
//! | closed | see above | – |

use rand::Rng;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use scrim_model::{QueueId, Timestamp};
use scrim_wire::protocol::{Drawing, Sample, SampleRequest, Samples};

use super::columns::{from_sql, to_json};
use super::contract::{Period, Write};
use super::sqlite_queues;
use crate::draw::{Drawable, draw, random};
use crate::error::ServerError;
use crate::limits::SAMPLES_LISTED_MAX;

/// Severity hint of known-answer items at most.
const PRACTICE_SEVERITY_MAX: u8 = 2;

/// Draws a sample; the answer is a [`Sample`]. One in which there is nothing is answered and not kept.
pub(super) fn make(
    tx: &Transaction<'_>,
    write: &Write,
    request: &SampleRequest,
    period: Period,
) -> Result<String, ServerError> {
    sqlite_queues::check_known(tx, &request.queues)?;
    let mut chance = rand::rng();
    let mut below = |n: usize| chance.random_range(0..n);
    let size = request.size as usize;
    let from = drawable(tx, &request.queues, period)?;
    let drawn = draw(from, &request.drawing, size, &mut below)
        .ok_or_else(|| ServerError::invalid("drawing", "there is no such drawing"))?;
    // In training, known-answer items are the work itself.
    let practice = if write.is_training {
        Vec::new()
    } else {
        random(
            known_answers(tx, &request.queues)?,
            request.practice as usize,
            &mut below,
        )
    };
    let sample = Uuid::now_v7().to_string();
    let reviews = drawn.into_iter().map(|one| (one.item, Some(one.decision)));
    let tasks: Vec<_> = reviews
        .chain(practice.into_iter().map(|item| (item, None)))
        .collect();
    if tasks.is_empty() {
        return to_json(&empty(sample, write, request));
    }
    tx.execute(
        "INSERT INTO samples (id, drawing, at) VALUES (?1, ?2, ?3)",
        params![sample, request.drawing.as_str(), write.now.0],
    )?;
    let count = tasks.len();
    for (item, decision) in random(tasks, count, &mut below) {
        add(tx, write, &sample, (&item, decision.as_deref()))?;
    }
    let listed = listed(tx, Some(&sample))?;
    to_json(listed.first().ok_or(ServerError::Corrupt("a sample"))?)
}

fn empty(id: String, write: &Write, request: &SampleRequest) -> Sample {
    Sample {
        id,
        at: write.now,
        drawing: request.drawing.clone(),
        size: 0,
        done: 0,
        differ: 0,
        practice: 0,
    }
}

/// Something to review, as if it were reported now: due after what its queue promises.
fn add(
    tx: &Transaction<'_>,
    write: &Write,
    sample: &str,
    (item, decision): (&str, Option<&str>),
) -> Result<(), ServerError> {
    tx.prepare_cached(
        "INSERT INTO tasks (sample_id, item_id, decision_id, drawn_at, due_at, state)
         SELECT ?1, i.id, ?3, ?4, coalesce(?4 + q.sla_s * 1000, 9223372036854775807), 'open'
         FROM items i JOIN queues q ON q.id = i.queue_id WHERE i.id = ?2",
    )?
    .execute(params![sample, item, decision, write.now.0])?;
    Ok(())
}

/// Standing first decisions of the period that were never drawn; of an item that was passed on, the
/// one that counts last.
fn drawable(
    tx: &Transaction<'_>,
    queues: &[QueueId],
    period: Period,
) -> Result<Vec<Drawable>, ServerError> {
    let mut statement = tx.prepare_cached(
        "SELECT d.id, d.item_id, coalesce(json_extract(d.body, '$.policy_ids[0]'), ''),
                json_extract(d.body, '$.actions[0].kind'), json_extract(d.body, '$.severity'),
                json_extract(d.body, '$.unsure')
         FROM decisions d JOIN items i ON i.id = d.item_id
         WHERE d.at >= ?1 AND d.at < ?2 AND d.state = 'standing' AND d.review = 'first'
           AND d.training = 0 AND i.state IN ('decided', 'escalated')
           AND (?3 = '[]' OR i.queue_id IN (SELECT value FROM json_each(?3)))
           AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.decision_id = d.id)
           AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.item_id = d.item_id AND t.state = 'open')
           AND NOT EXISTS (SELECT 1 FROM counting c WHERE c.item_id = d.item_id
                           AND c.review = 'first' AND c.cursor > d.cursor)
         ORDER BY d.cursor",
    )?;
    let asked = params![period.from.0, period.before.0, to_json(&queues)?];
    let rows = statement.query_map(asked, |row| {
        Ok(Drawable {
            decision: row.get(0)?,
            item: row.get(1)?,
            stratum: (row.get(2)?, row.get(3)?),
            severity: row.get(4)?,
            unsure: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Known-answer items that nobody is practising on.
fn known_answers(tx: &Transaction<'_>, queues: &[QueueId]) -> Result<Vec<String>, ServerError> {
    let mut statement = tx.prepare_cached(
        "SELECT i.id FROM items i JOIN feedback f ON f.item_id = i.id
         WHERE i.state <> 'withdrawn' AND i.severity_hint <= ?1
           AND (?2 = '[]' OR i.queue_id IN (SELECT value FROM json_each(?2)))
           AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.item_id = i.id AND t.state = 'open')
         ORDER BY i.seq",
    )?;
    let asked = params![PRACTICE_SEVERITY_MAX, to_json(&queues)?];
    let rows = statement.query_map(asked, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Newest first.
pub(super) fn all(db: &Connection) -> Result<Samples, ServerError> {
    let samples = listed(db, None)?;
    Ok(Samples { samples })
}

fn listed(db: &Connection, only: Option<&str>) -> Result<Vec<Sample>, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT s.id, s.at, s.drawing,
                count(*) FILTER (WHERE t.decision_id IS NOT NULL AND t.state <> 'closed'),
                count(*) FILTER (WHERE t.decision_id IS NOT NULL AND t.state = 'done'),
                count(*) FILTER (WHERE t.decision_id IS NOT NULL AND t.state = 'done' AND t.differs),
                count(*) FILTER (WHERE t.item_id IS NOT NULL AND t.decision_id IS NULL
                                 AND t.state <> 'closed')
         FROM (SELECT * FROM samples WHERE ?1 IS NULL OR id = ?1 ORDER BY seq DESC LIMIT ?2) s
         LEFT JOIN tasks t ON t.sample_id = s.id
         GROUP BY s.seq ORDER BY s.seq DESC",
    )?;
    let rows = statement.query_map(params![only, SAMPLES_LISTED_MAX], |row| {
        Ok(Sample {
            id: row.get(0)?,
            at: Timestamp(row.get(1)?),
            drawing: Drawing::from(row.get::<_, String>(2)?.as_str()),
            size: from_sql(row.get(3)?),
            done: from_sql(row.get(4)?),
            differ: from_sql(row.get(5)?),
            practice: from_sql(row.get(6)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
