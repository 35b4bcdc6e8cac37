//! Queues with their open items counted, and what leads are told of them besides.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, params};

use scrim_model::{QueueId, Role, Timestamp};
use scrim_wire::protocol::{QueueInfo, Unassignable};

use super::columns::{from_id, from_json, from_sql, to_json, to_sql};
use super::contract::QueuesAsked;
use super::may_take::{is_readable, may_take};
use super::sqlite_users;
use crate::auth::User;
use crate::error::ServerError;

pub(super) fn put(tx: &Transaction<'_>, queue: &QueueInfo) -> Result<(), ServerError> {
    tx.execute(
        "INSERT INTO queues (id, name, classes, sla_s) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, classes = excluded.classes, sla_s = excluded.sla_s",
        params![
            queue.id.as_str(),
            queue.name,
            to_json(&queue.classes)?,
            queue.sla_s.map(to_sql)
        ],
    )?;
    Ok(())
}

/// Refuses a list with a queue that is not there.
pub(super) fn check_known(tx: &Transaction<'_>, queues: &[QueueId]) -> Result<(), ServerError> {
    for (place, queue) in queues.iter().enumerate() {
        let known = tx
            .prepare_cached("SELECT 1 FROM queues WHERE id = ?1")?
            .exists([queue.as_str()])?;
        if !known {
            return Err(ServerError::invalid(
                format!("queues[{place}]"),
                "there is no such queue",
            ));
        }
    }
    Ok(())
}

/// SQL that holds where the item `i` waits to be decided. Known-answer items do in training alone.
fn is_waiting(training: &str) -> String {
    format!(
        "i.state IN ('open', 'awaiting_second')
         AND ({training} OR NOT EXISTS (SELECT 1 FROM feedback f WHERE f.item_id = i.id))"
    )
}

pub(super) fn all(db: &Connection, asked: QueuesAsked) -> Result<Vec<QueueInfo>, ServerError> {
    let mut queues = counted(db, asked)?;
    if asked.for_leads.is_some() {
        let mut nobodys = unassignable(db, asked.is_training)?;
        for queue in &mut queues {
            let none = Unassignable {
                count: 0,
                oldest_at: None,
            };
            queue.unassignable = Some(nobodys.remove(queue.id.as_str()).unwrap_or(none));
        }
    }
    Ok(queues)
}

fn counted(db: &Connection, asked: QueuesAsked) -> Result<Vec<QueueInfo>, ServerError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT q.id, q.name, q.classes, q.sla_s, count(i.id), min(i.aged_at),
                count(i.id) FILTER (WHERE i.due_at < ?1 AND i.state = 'open')
         FROM queues q LEFT JOIN items i ON i.queue_id = q.id AND {}
         GROUP BY q.id ORDER BY q.id",
        is_waiting("?2")
    ))?;
    let now = asked.for_leads.map(|now| now.0);
    let mut rows = statement.query(params![now, asked.is_training])?;
    let mut queues = Vec::new();
    while let Some(row) = rows.next()? {
        queues.push(QueueInfo {
            id: from_id(row.get(0)?)?,
            name: row.get(1)?,
            classes: from_json(&row.get::<_, String>(2)?, "a queue's classes")?,
            sla_s: row.get::<_, Option<i64>>(3)?.map(from_sql),
            pending: from_sql(row.get(4)?),
            oldest_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
            overdue: asked
                .for_leads
                .map(|_| row.get(6).map(from_sql))
                .transpose()?,
            unassignable: None,
        });
    }
    Ok(queues)
}

/// Open items, by queue, that nobody who reviews and can sign in may take: they gave them back, the
/// author aims at them, they decided first, or they do not read the language. Who it is, is not told.
fn unassignable(
    db: &Connection,
    is_training: bool,
) -> Result<BTreeMap<String, Unassignable>, ServerError> {
    let people = reviewers(db)?;
    let mut kinds = db.prepare_cached(&format!(
        "SELECT DISTINCT i.queue_id, i.languages FROM items i WHERE {}",
        is_waiting("?1")
    ))?;
    let mut rows = kinds.query([is_training])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (queue, languages): (String, String) = (row.get(0)?, row.get(1)?);
        let (count, oldest_at) = nobodys(db, &people, (&queue, &languages, is_training))?;
        if count == 0 {
            continue;
        }
        let of_queue = found.entry(queue).or_insert(Unassignable {
            count: 0,
            oldest_at: None,
        });
        of_queue.count += count;
        of_queue.oldest_at = of_queue.oldest_at.into_iter().chain(oldest_at).min();
    }
    Ok(found)
}

/// Of the open items in one queue and in these languages.
fn nobodys(
    db: &Connection,
    people: &[User],
    (queue, languages, is_training): (&str, &str, bool),
) -> Result<(u64, Option<Timestamp>), ServerError> {
    let written: Vec<String> = from_json(languages, "an item's languages")?;
    let readers: Vec<&str> = people
        .iter()
        .filter(|user| is_readable(&written, &user.languages))
        .map(|user| user.id.as_str())
        .collect();
    let sql = format!(
        "SELECT count(*), min(i.aged_at) FROM items i
         WHERE i.queue_id = ?1 AND i.languages = ?2 AND {}
           AND NOT EXISTS (SELECT 1 FROM json_each(?3) person WHERE {})",
        is_waiting("?4"),
        may_take("person.value")
    );
    let asked = params![queue, languages, to_json(&readers)?, is_training];
    Ok(db.prepare_cached(&sql)?.query_row(asked, |row| {
        let oldest: Option<i64> = row.get(1)?;
        Ok((from_sql(row.get(0)?), oldest.map(Timestamp)))
    })?)
}

/// Everyone who reviews and has a way to sign in.
pub(super) fn reviewers(db: &Connection) -> Result<Vec<User>, ServerError> {
    let mut can_sign_in = db.prepare_cached(
        "SELECT 1 FROM tokens WHERE user_id = ?1 AND revoked_at IS NULL
         UNION ALL SELECT 1 FROM subjects WHERE user_id = ?1",
    )?;
    let mut reviewing = Vec::new();
    for user in sqlite_users::all(db)? {
        let is_reviewer = user.is_any(&[Role::Moderator, Role::Lead, Role::Qa]);
        if is_reviewer && can_sign_in.exists([user.id.as_str()])? {
            reviewing.push(user);
        }
    }
    Ok(reviewing)
}
