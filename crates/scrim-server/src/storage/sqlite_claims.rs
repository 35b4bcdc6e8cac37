//! Claims: who holds which item until when.
//!
//! | state of a claim | enters on | leaves on |
//! | --- | --- | --- |
//! | live | claim, heartbeat | decision, release, withdrawal → ended; the lease runs out → lapsed |
//! | lapsed | the lease runs out | another claim of the item → ended; heartbeat before `offline_until` → live |
//! | ended | see above | – |
//!
//! The writer's transaction is the only one, so two callers never see the same item unclaimed.

use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use scrim_model::{ClaimId, Item, Timestamp};
use scrim_wire::protocol::{
    Claim, ClaimsAnswer, ClaimsRequest, HeartbeatAnswer, HeartbeatRequest, HeartbeatRow, Lost,
    ReleaseRequest, ReleaseWhy,
};

use super::candidates::{Candidate, candidates};
use super::columns::{from_id, from_json, from_sql, to_json};
use super::contract::Write;
use super::{sqlite_not_me, sqlite_outcomes, sqlite_queues};
use crate::error::ServerError;
use crate::limits::CLAIMS_LIVE_MAX;

/// What is stored as the answer to a claiming call.
#[derive(Serialize, Deserialize)]
struct Granted {
    claim_ids: Vec<ClaimId>,
}

/// Claims up to `request.count` items; the answer is [`Granted`], see [`with_items`].
pub(super) fn claim(
    tx: &Transaction<'_>,
    write: &Write,
    request: &ClaimsRequest,
) -> Result<String, ServerError> {
    sqlite_queues::check_known(tx, &request.queues)?;
    let live: u32 = tx.query_row(
        "SELECT count(*) FROM claims WHERE user_id = ?1 AND ended_at IS NULL AND expires_at > ?2",
        params![write.user.as_str(), write.now.0],
        |row| row.get(0),
    )?;
    let count = request.count.min(CLAIMS_LIVE_MAX.saturating_sub(live));
    let mut claim_ids = Vec::new();
    for candidate in candidates(tx, write, request, count as usize)? {
        claim_ids.push(grant(tx, write, &candidate)?);
    }
    to_json(&Granted { claim_ids })
}

fn grant(
    tx: &Transaction<'_>,
    write: &Write,
    Candidate { item, task, .. }: &Candidate,
) -> Result<ClaimId, ServerError> {
    let id = from_id::<ClaimId>(Uuid::now_v7().to_string())?;
    let expires_at = write.now.plus_ms(write.terms.lease_ms);
    // A lapsed claim is lost to whoever takes the item now.
    tx.prepare_cached(
        "UPDATE claims SET ended_at = ?2, ended_by = ?3 WHERE item_id = ?1 AND ended_at IS NULL",
    )?
    .execute(params![item, write.now.0, write.role.as_str()])?;
    let fence: i64 = tx
        .prepare_cached(
            "UPDATE items SET fence = fence + 1, claim_id = ?2, claimed_until = ?3
             WHERE id = ?1 RETURNING fence",
        )?
        .query_row(params![item, id.as_str(), expires_at.0], |row| row.get(0))?;
    tx.prepare_cached(
        "INSERT INTO claims
            (id, item_id, user_id, role, fence, granted_at, expires_at, offline_until, task)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        id.as_str(),
        item,
        write.user.as_str(),
        write.role.as_str(),
        fence,
        write.now.0,
        expires_at.0,
        expires_at.plus_ms(write.terms.offline_grace_ms).0,
        task,
    ])?;
    Ok(id)
}

/// The answer to a claiming call: claims with their items, withdrawn ones left out.
pub(super) fn with_items(tx: &Transaction<'_>, granted: &str) -> Result<String, ServerError> {
    let granted: Granted = from_json(granted, "a stored answer")?;
    let mut claims = Vec::with_capacity(granted.claim_ids.len());
    let mut statement = tx.prepare_cached(
        "SELECT c.fence, c.expires_at, c.offline_until, i.queue_id, i.body, i.draft,
                CASE WHEN i.state = 'escalated' AND c.task IS NULL THEN
                    (SELECT json_extract(d.body, '$.escalate') FROM counting d
                     WHERE d.item_id = i.id AND d.state = 'standing'
                     ORDER BY d.cursor DESC LIMIT 1) END
         FROM claims c JOIN items i ON i.id = c.item_id
         WHERE c.id = ?1 AND i.state <> 'withdrawn'",
    )?;
    for claim_id in granted.claim_ids {
        let row = statement
            .query_row([claim_id.as_str()], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    Timestamp(row.get(1)?),
                    Timestamp(row.get(2)?),
                    row.get::<_, String>(3)?,
                    row.get::<_, String>(4)?,
                    row.get::<_, Option<String>>(5)?,
                    row.get::<_, Option<String>>(6)?,
                ))
            })
            .optional()?;
        let Some((fence, expires_at, offline_until, queue_id, body, draft, escalation)) = row
        else {
            continue;
        };
        let claim = Claim {
            claim_id,
            fence: from_sql(fence),
            expires_at,
            offline_until: Some(offline_until),
            queue_id: from_id(queue_id)?,
            item: from_json::<Item>(&body, "an item")?,
            draft: draft.map(|text| from_json(&text, "a draft")).transpose()?,
            escalation: escalation
                .map(|text| from_json(&text, "an escalation"))
                .transpose()?,
        };
        claims
            .push(serde_json::to_value(claim).map_err(|_| ServerError::Corrupt("a claim's item"))?);
    }
    to_json(&ClaimsAnswer { claims })
}

/// How a claim stands in the database.
struct Held {
    item_id: String,
    expires_at: Timestamp,
    offline_until: Timestamp,
    ended: Option<(Timestamp, String)>,
    /// The item's newest claim is this one and the item can still be decided.
    is_newest: bool,
}

fn held(tx: &Transaction<'_>, write: &Write, claim: &ClaimId) -> Result<Option<Held>, ServerError> {
    Ok(tx
        .prepare_cached(
            "SELECT c.item_id, c.expires_at, c.offline_until, c.ended_at, c.ended_by,
                    i.claim_id IS c.id AND CASE WHEN c.task IS NULL
                        THEN i.state IN ('open', 'awaiting_second', 'escalated')
                        ELSE t.state = 'open' END
             FROM claims c JOIN items i ON i.id = c.item_id LEFT JOIN tasks t ON t.seq = c.task
             WHERE c.id = ?1 AND c.user_id = ?2",
        )?
        .query_row(params![claim.as_str(), write.user.as_str()], |row| {
            let ended_at: Option<i64> = row.get(3)?;
            let ended_by: Option<String> = row.get(4)?;
            Ok(Held {
                item_id: row.get(0)?,
                expires_at: Timestamp(row.get(1)?),
                offline_until: Timestamp(row.get(2)?),
                ended: ended_at.map(|at| (Timestamp(at), ended_by.unwrap_or_default())),
                is_newest: row.get(5)?,
            })
        })
        .optional()?)
}

/// Keeps claims. One that lapsed while the desk was away is taken up again if nobody took the
/// item and `offline_until` is not over: unreachable is not lost.
pub(super) fn heartbeat(
    tx: &Transaction<'_>,
    write: &Write,
    request: &HeartbeatRequest,
) -> Result<String, ServerError> {
    let mut claims = Vec::with_capacity(request.claim_ids.len());
    for claim_id in &request.claim_ids {
        let lost = |by_role: &str, at| {
            (
                None,
                Some(Lost {
                    by_role: by_role.to_owned(),
                    at,
                }),
            )
        };
        let (expires_at, lost) = match held(tx, write, claim_id)? {
            None => lost("unknown", write.now),
            Some(Held {
                ended: Some((at, by)),
                ..
            }) => lost(&by, at),
            Some(claim) if claim.is_newest && write.now <= claim.offline_until => {
                (Some(extend(tx, write, claim_id, &claim)?), None)
            }
            Some(claim) => lost("expired", claim.expires_at),
        };
        claims.push(HeartbeatRow {
            claim_id: claim_id.clone(),
            expires_at,
            lost,
        });
    }
    to_json(&HeartbeatAnswer { claims })
}

fn extend(
    tx: &Transaction<'_>,
    write: &Write,
    claim_id: &ClaimId,
    claim: &Held,
) -> Result<Timestamp, ServerError> {
    // A clock that was set back never shortens a lease that was promised.
    let expires_at = claim
        .expires_at
        .max(write.now.plus_ms(write.terms.lease_ms));
    let offline_until = expires_at.plus_ms(write.terms.offline_grace_ms);
    tx.execute(
        "UPDATE claims SET expires_at = ?2, offline_until = ?3 WHERE id = ?1",
        params![claim_id.as_str(), expires_at.0, offline_until.0],
    )?;
    tx.execute(
        "UPDATE items SET claimed_until = ?2 WHERE id = ?1",
        params![claim.item_id, expires_at.0],
    )?;
    Ok(expires_at)
}

/// Gives claims back. Claims that are not this person's, or have ended, are passed over.
pub(super) fn release(
    tx: &Transaction<'_>,
    write: &Write,
    request: &ReleaseRequest,
) -> Result<String, ServerError> {
    if matches!(request.why, ReleaseWhy::Other(_)) {
        return Err(ServerError::invalid("why", "there is no such reason"));
    }
    for claim_id in &request.claim_ids {
        let Some(claim) = held(tx, write, claim_id)? else {
            continue;
        };
        if request.why == ReleaseWhy::NotMe {
            let added = tx.execute(
                "INSERT OR IGNORE INTO exclusions (item_id, user_id) VALUES (?1, ?2)",
                params![claim.item_id, write.user.as_str()],
            )?;
            if added == 1 && !write.is_training {
                sqlite_not_me::count(tx, &claim.item_id, &write.user, write.now)?;
            }
            if request.aimed {
                keep_author_away(tx, write, &claim.item_id)?;
            }
            if request.aimed && added == 1 {
                sqlite_outcomes::notify_safety(tx, &claim.item_id)?;
            }
        }
        if claim.ended.is_none() {
            if let Some(draft) = &request.draft {
                tx.execute(
                    "UPDATE items SET draft = ?2 WHERE id = ?1",
                    params![claim.item_id, to_json(draft)?],
                )?;
            }
            end(tx, &claim.item_id, "returned", write.now)?;
        }
    }
    Ok("{}".to_owned())
}

/// Nothing of the item's author comes to this person again.
fn keep_author_away(tx: &Transaction<'_>, write: &Write, item: &str) -> Result<(), ServerError> {
    tx.execute(
        "INSERT OR IGNORE INTO author_exclusions (author, user_id)
         SELECT author, ?2 FROM items WHERE id = ?1 AND author IS NOT NULL",
        params![item, write.user.as_str()],
    )?;
    Ok(())
}

/// Ends the claim of an item, or of a review of it, that has not ended yet; no other one.
pub(super) fn end_of(
    tx: &Transaction<'_>,
    (item, task): (&str, Option<i64>),
    ended_by: &str,
    now: Timestamp,
) -> Result<(), ServerError> {
    tx.prepare_cached(
        "UPDATE items SET claim_id = NULL, claimed_until = NULL
         WHERE id = ?1 AND (SELECT c.task FROM claims c WHERE c.id = items.claim_id) IS ?2",
    )?
    .execute(params![item, task])?;
    tx.prepare_cached(
        "UPDATE claims SET ended_at = ?3, ended_by = ?4
         WHERE item_id = ?1 AND task IS ?2 AND ended_at IS NULL",
    )?
    .execute(params![item, task, now.0, ended_by])?;
    Ok(())
}

/// Ends whatever claim of `item` has not ended yet.
pub(super) fn end(
    tx: &Transaction<'_>,
    item: &str,
    ended_by: &str,
    now: Timestamp,
) -> Result<(), ServerError> {
    tx.prepare_cached(
        "UPDATE claims SET ended_at = ?2, ended_by = ?3 WHERE item_id = ?1 AND ended_at IS NULL",
    )?
    .execute(params![item, now.0, ended_by])?;
    tx.prepare_cached("UPDATE items SET claim_id = NULL, claimed_until = NULL WHERE id = ?1")?
        .execute([item])?;
    Ok(())
}
