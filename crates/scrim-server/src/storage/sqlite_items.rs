//! Items, their media, and policies.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use scrim_model::item::SmallVersion;
use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_model::{ClaimId, DecisionId, Item, ItemId, ModeratorId, PolicyTree, Timestamp};
use scrim_wire::protocol::{Feedback, IngestItem, Ingested, ItemState};

use super::columns::{from_id, from_json, from_sql, to_json, to_sql};
use super::contract::{Filed, MediumFacts, Version};
use super::facts::languages;
use super::{sqlite_claims, sqlite_consults, sqlite_tasks, sqlite_team};
use crate::auth::{hex, sha256};
use crate::error::ServerError;
use crate::limits::POLICY_IDS_MAX;

pub(super) fn put_policies(
    tx: &Transaction<'_>,
    tree: &PolicyTree,
    now: Timestamp,
) -> Result<(), ServerError> {
    if let Some(fault) = tree.fault() {
        return Err(ServerError::invalid("policies", fault));
    }
    match policies(tx, None)? {
        Some(newest) if newest == *tree => return Ok(()),
        Some(newest) if newest.version >= tree.version => {
            return Err(ServerError::invalid(
                "version",
                "a changed tree needs a version greater than the newest one's",
            ));
        }
        _ => {}
    }
    tx.execute(
        "INSERT INTO policies (version, tree, at) VALUES (?1, ?2, ?3)",
        params![to_sql(tree.version), to_json(tree)?, now.0],
    )?;
    Ok(())
}

/// The tree of one version, or the newest.
pub(super) fn policies(
    db: &Connection,
    version: Option<u64>,
) -> Result<Option<PolicyTree>, ServerError> {
    db.prepare_cached(
        "SELECT tree FROM policies WHERE ?1 IS NULL OR version = ?1 ORDER BY version DESC LIMIT 1",
    )?
    .query_row([version.map(to_sql)], |row| row.get::<_, String>(0))
    .optional()?
    .map(|tree| from_json(&tree, "a policy tree"))
    .transpose()
}

/// Takes an item in. The same content again changes nothing; a greater version replaces the
/// content while nobody has decided.
pub(super) fn put(
    tx: &Transaction<'_>,
    ingest: IngestItem,
    media: Vec<Filed>,
    now: Timestamp,
) -> Result<ItemId, ServerError> {
    let IngestItem {
        queue_id,
        mut item,
        feedback,
    } = ingest;
    if item.media.len() != media.len() {
        return Err(ServerError::invalid(
            "item.media",
            "there are not as many media parts as media",
        ));
    }
    for (medium, filed) in item.media.iter_mut().zip(&media) {
        medium.bytes = filed.bytes.len() as u64;
        medium.sha256 = Some(hex(&sha256(&filed.bytes)));
        medium.cover = filed.cover.as_ref().map(|bytes| SmallVersion {
            bytes: bytes.len() as u64,
            sha256: Some(hex(&sha256(bytes))),
        });
    }
    let item = item
        .checked()
        .map_err(|refused| ServerError::invalid(format!("item.{}", refused.path), refused.why))?;
    let known = tx
        .prepare_cached("SELECT 1 FROM queues WHERE id = ?1")?
        .exists([queue_id.as_str()])?;
    if !known {
        return Err(ServerError::invalid("queue_id", "there is no such queue"));
    }
    let body = to_json(&item)?;
    let expected = match &feedback {
        Some(feedback) => to_json(checked(feedback)?)?,
        None => String::new(),
    };
    let content = sha256(format!("{queue_id}\n{body}{expected}").as_bytes());
    if is_new_content(tx, &item, &content)? {
        write_item(tx, queue_id.as_str(), &item, (&body, &content), now)?;
        write_media(tx, &item, &media)?;
        tx.execute(
            "DELETE FROM feedback WHERE item_id = ?1",
            [item.id.as_str()],
        )?;
        if feedback.is_some() {
            tx.execute(
                "INSERT INTO feedback (item_id, body) VALUES (?1, ?2)",
                [item.id.as_str(), &expected],
            )?;
        }
    }
    Ok(item.id)
}

fn checked(feedback: &Feedback) -> Result<&Feedback, ServerError> {
    if feedback.explanation.chars().count() > NOTE_CHARS_MAX {
        return Err(ServerError::invalid(
            "feedback.explanation",
            "it is too long",
        ));
    }
    if feedback.policy_ids.len() > POLICY_IDS_MAX {
        return Err(ServerError::invalid(
            "feedback.policy_ids",
            "the list is too long",
        ));
    }
    Ok(feedback)
}

fn is_new_content(
    tx: &Transaction<'_>,
    item: &Item,
    content: &[u8; 32],
) -> Result<bool, ServerError> {
    let old: Option<(Vec<u8>, i64, String)> = tx
        .query_row(
            "SELECT content_sha256, version, state FROM items WHERE id = ?1",
            [item.id.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    match old {
        None => Ok(true),
        Some((_, _, state)) if state == "withdrawn" => Err(ServerError::invalid(
            "item.id",
            "the item was withdrawn; use a new id",
        )),
        Some((same, ..)) if same == content => Ok(false),
        Some((_, version, state)) if state == "open" && to_sql(item.version) > version => Ok(true),
        Some(_) => Err(ServerError::invalid(
            "item.version",
            "other content needs a greater version, and comes too late once it is decided",
        )),
    }
}

fn write_item(
    tx: &Transaction<'_>,
    queue: &str,
    item: &Item,
    (body, content): (&str, &[u8; 32]),
    now: Timestamp,
) -> Result<(), ServerError> {
    let rank = match item.priority {
        1 => 0,
        _ if item.is_known_exact() => 1,
        priority => i64::from(priority),
    };
    tx.execute(
        "INSERT INTO items (id, queue_id, body, content_sha256, version, rank, priority, due_at,
            aged_at, severity_hint, classes, languages, appeal_of, author, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'open')
         ON CONFLICT (id) DO UPDATE SET queue_id = ?2, body = ?3, content_sha256 = ?4,
            version = ?5, rank = ?6, priority = ?7, due_at = ?8, aged_at = ?9,
            severity_hint = ?10, classes = ?11, languages = ?12, appeal_of = ?13,
            author = ?14",
        params![
            item.id.as_str(),
            queue,
            body,
            content,
            to_sql(item.version),
            rank,
            item.priority,
            item.due_at.map_or(i64::MAX, |at| at.0),
            aged_at(item).unwrap_or(now).0,
            item.severity_hint,
            to_json(&item.classes)?,
            to_json(&languages(item))?,
            item.appeal
                .as_ref()
                .map(|appeal| appeal.decision_id.as_str()),
            item.author.as_ref().map(|author| author.id.as_str()),
        ],
    )?;
    Ok(())
}

/// Since when somebody waits: an appeal since it was made.
fn aged_at(item: &Item) -> Option<Timestamp> {
    let appeal = item.appeal.as_ref();
    appeal.and_then(|appeal| appeal.at).or(item.reported_at)
}

fn write_media(tx: &Transaction<'_>, item: &Item, media: &[Filed]) -> Result<(), ServerError> {
    delete_media(tx, &item.id)?;
    for (medium, Filed { bytes, cover }) in item.media.iter().zip(media) {
        tx.execute(
            "INSERT INTO media (item_id, n, mime, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                item.id.as_str(),
                medium.n,
                medium.mime,
                sha256(bytes),
                bytes
            ],
        )?;
        if let Some(bytes) = cover {
            tx.execute(
                "INSERT INTO covers (item_id, n, sha256, bytes) VALUES (?1, ?2, ?3, ?4)",
                params![item.id.as_str(), medium.n, sha256(bytes), bytes],
            )?;
        }
    }
    Ok(())
}

fn delete_media(tx: &Transaction<'_>, id: &ItemId) -> Result<(), ServerError> {
    tx.execute("DELETE FROM media WHERE item_id = ?1", [id.as_str()])?;
    tx.execute("DELETE FROM covers WHERE item_id = ?1", [id.as_str()])?;
    Ok(())
}

/// Ends an item: its claims end, its media and words are deleted, its decisions stay.
pub(super) fn withdraw(
    tx: &Transaction<'_>,
    id: &ItemId,
    now: Timestamp,
) -> Result<String, ServerError> {
    let row: Option<(String, String)> = tx
        .query_row(
            "SELECT body, state FROM items WHERE id = ?1",
            [id.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (body, state) = row.ok_or(ServerError::Unknown)?;
    if state != "withdrawn" {
        let item: Item = from_json(&body, "an item")?;
        sqlite_claims::end(tx, id.as_str(), "withdrawn", now)?;
        delete_media(tx, id)?;
        tx.execute("DELETE FROM feedback WHERE item_id = ?1", [id.as_str()])?;
        sqlite_consults::empty(tx, id.as_str())?;
        sqlite_tasks::close_all_of(tx, id)?;
        tx.execute(
            "UPDATE items SET state = 'withdrawn', withdrawn_at = ?2, body = ?3, author = NULL,
                escalated_to = NULL, draft = NULL WHERE id = ?1",
            params![id.as_str(), now.0, to_json(&emptied(item))?],
        )?;
    }
    to_json(&Ingested {
        item_id: id.clone(),
    })
}

/// What is left of a withdrawn item: what it was, nothing of what was in it.
fn emptied(mut item: Item) -> Item {
    item.label.clear();
    item.reports.clear();
    item.author = None;
    item.texts.clear();
    item.media.clear();
    item.link = None;
    item.context.clear();
    item.signals.clear();
    item.appeal = None;
    item
}

pub(super) fn state(
    db: &Connection,
    id: &ItemId,
    user: &ModeratorId,
    now: Timestamp,
) -> Result<ItemState, ServerError> {
    let row: Option<(String, String, Option<i64>)> = db
        .query_row(
            "SELECT body, state, claimed_until FROM items WHERE id = ?1",
            [id.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let (body, state, claimed_until) = row.ok_or(ServerError::Unknown)?;
    let is_blind = sqlite_tasks::is_blind(db, (id.as_str(), user), now)?;
    let is_claimed =
        is_blind || state == "open" && claimed_until.is_some_and(|until| until > now.0);
    let (decisions, without_effect) = seen_decisions(db, (id.as_str(), user), is_blind)?;
    Ok(ItemState {
        item: from_json(&body, "an item")?,
        state: if is_claimed {
            "claimed".to_owned()
        } else {
            state
        },
        decisions,
        without_effect,
        consults: sqlite_consults::asked_by(db, user, id)?,
    })
}

/// Nothing for who reviews it blind; for others, what counts, and their own reviews last. Those reviews once more.
fn seen_decisions(
    db: &Connection,
    (item, user): (&str, &ModeratorId),
    is_blind: bool,
) -> Result<(Vec<DecisionId>, Vec<DecisionId>), ServerError> {
    if is_blind {
        return Ok((Vec::new(), Vec::new()));
    }
    let ids = |found: Vec<String>| -> Result<Vec<DecisionId>, ServerError> {
        found.into_iter().map(from_id).collect()
    };
    let mut seen = ids(sqlite_team::counting(db, item, user)?)?;
    let reviews = ids(sqlite_tasks::own_reviews(db, item, user)?)?;
    seen.extend(reviews.iter().cloned());
    Ok((seen, reviews))
}

pub(super) fn medium(
    db: &Connection,
    user: &ModeratorId,
    claim: &ClaimId,
    (item, n, version): (&ItemId, u32, Version),
    now: Timestamp,
) -> Result<MediumFacts, ServerError> {
    let is_there = db
        .prepare_cached("SELECT 1 FROM items WHERE id = ?1 AND state <> 'withdrawn'")?
        .exists([item.as_str()])?;
    if !is_there {
        return Err(ServerError::Unknown);
    }
    let live: Option<bool> = db
        .query_row(
            "SELECT ended_at IS NULL AND expires_at > ?4 FROM claims
             WHERE id = ?1 AND item_id = ?2 AND user_id = ?3",
            params![claim.as_str(), item.as_str(), user.as_str(), now.0],
            |row| row.get(0),
        )
        .optional()?;
    let live = match live {
        None => sqlite_consults::is_open_claim(db, (user, claim), item, now)?,
        own => own,
    };
    match live {
        None => return Err(ServerError::NotAllowed),
        Some(false) => return Err(ServerError::ClaimLost),
        Some(true) => {}
    }
    let facts = match version {
        Version::Whole => {
            "SELECT mime, length(bytes), sha256 FROM media WHERE item_id = ?1 AND n = ?2"
        }
        Version::Cover => {
            "SELECT '', length(bytes), sha256 FROM covers WHERE item_id = ?1 AND n = ?2"
        }
    };
    db.query_row(facts, params![item.as_str(), n], |row| {
        Ok(MediumFacts {
            mime: row.get(0)?,
            bytes: from_sql(row.get(1)?),
            sha256: row.get(2)?,
        })
    })
    .optional()?
    .ok_or(ServerError::Unknown)
}

pub(super) fn medium_bytes(
    db: &Connection,
    (item, n, version): (&ItemId, u32, Version),
    start: u64,
    len: u64,
) -> Result<Vec<u8>, ServerError> {
    // SQL counts from 1.
    let bytes = match version {
        Version::Whole => {
            "SELECT coalesce(CAST(substr(bytes, ?3, ?4) AS BLOB), x'') FROM media WHERE item_id = ?1 AND n = ?2"
        }
        Version::Cover => {
            "SELECT coalesce(CAST(substr(bytes, ?3, ?4) AS BLOB), x'') FROM covers WHERE item_id = ?1 AND n = ?2"
        }
    };
    db.query_row(
        bytes,
        params![
            item.as_str(),
            n,
            to_sql(start.saturating_add(1)),
            to_sql(len)
        ],
        |row| row.get(0),
    )
    .optional()?
    .ok_or(ServerError::Unknown)
}
