//! Questions to colleagues: asking, looking, answering.
//!
//! | state of a question | enters on | leaves on |
//! | --- | --- | --- |
//! | open | asked by the holder of a live claim | answered → answered; item decided or withdrawn → closed |
//! | answered, closed | see above | – |
//!
//! A look is a claim of its own that is no claim of the item: nothing can be decided, kept or given
//! back under it.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use scrim_model::{ClaimId, Item, ItemId, ModeratorId, Role, Timestamp};
use scrim_wire::protocol::{
    Consult, ConsultOpened, ConsultRequest, ConsultState, ConsultTo, Consulted, Consults,
};

use super::columns::{from_id, from_json, to_json};
use super::contract::Write;
use super::may_take::may_take;
use super::sqlite_users;
use crate::error::ServerError;
use crate::limits::{CONSULTS_LISTED_MAX, CONSULTS_MAX};

const COLUMNS: &str = "c.id, c.item_id, c.question, c.state, c.asked_at, c.answer, c.by_role";

/// Whom a question reaches: not the asker, and nobody who may not be given the item themselves. So
/// a second look stays one: who decided first is not asked about it.
/// ?1 is the person, ?2 their roles as a JSON array.
fn reaches() -> String {
    format!(
        "c.asker <> ?1
         AND (c.to_user = ?1 OR c.to_role IN (SELECT value FROM json_each(?2)))
         AND EXISTS (SELECT 1 FROM items i WHERE i.id = c.item_id AND {})",
        may_take("?1")
    )
}

fn consult(row: &Row<'_>) -> Result<Consult, ServerError> {
    Ok(Consult {
        consult_id: row.get(0)?,
        item_id: from_id(row.get(1)?)?,
        question: row.get(2)?,
        state: ConsultState::from(row.get::<_, String>(3)?.as_str()),
        asked_at: Timestamp(row.get(4)?),
        answer: row.get(5)?,
        by_role: row.get(6)?,
    })
}

/// Asks; the claim is kept.
pub(super) fn ask(
    tx: &Transaction<'_>,
    write: &Write,
    item: &ItemId,
    request: &ConsultRequest,
) -> Result<String, ServerError> {
    let live: Option<bool> = tx
        .query_row(
            "SELECT ended_at IS NULL AND expires_at > ?4 FROM claims
             WHERE id = ?1 AND item_id = ?2 AND user_id = ?3",
            params![
                request.claim_id.as_str(),
                item.as_str(),
                write.user.as_str(),
                write.now.0
            ],
            |row| row.get(0),
        )
        .optional()?;
    match live {
        None => return Err(ServerError::NotAllowed),
        Some(false) => return Err(ServerError::ClaimLost),
        Some(true) => {}
    }
    let open: i64 = tx.query_row(
        "SELECT count(*) FROM consults WHERE item_id = ?1 AND state = 'open'",
        [item.as_str()],
        |row| row.get(0),
    )?;
    if open >= CONSULTS_MAX as i64 {
        return Err(ServerError::invalid(
            "question",
            "there are four open ones about this item",
        ));
    }
    let (role, user) = addressed(tx, write, &request.to)?;
    let id = Uuid::now_v7().to_string();
    tx.execute(
        "INSERT INTO consults (id, item_id, asker, to_role, to_user, question, asked_at, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open')",
        params![
            id,
            item.as_str(),
            write.user.as_str(),
            role,
            user,
            request.question,
            write.now.0
        ],
    )?;
    to_json(&Consulted { consult_id: id })
}

fn addressed(
    tx: &Transaction<'_>,
    write: &Write,
    to: &ConsultTo,
) -> Result<(Option<String>, Option<String>), ServerError> {
    let reviewing = [Role::Moderator, Role::Lead, Role::Qa];
    match to {
        ConsultTo::Role(role) if reviewing.contains(role) => {
            Ok((Some(role.as_str().to_owned()), None))
        }
        ConsultTo::Person(person) if *person != write.user => {
            let is_reviewer =
                sqlite_users::by_id(tx, person)?.is_some_and(|user| user.is_any(&reviewing));
            if is_reviewer {
                Ok((None, Some(person.as_str().to_owned())))
            } else {
                Err(ServerError::invalid(
                    "to.person",
                    "nobody who reviews has this id",
                ))
            }
        }
        ConsultTo::Role(_) => Err(ServerError::invalid("to.role", "it does not review")),
        ConsultTo::Person(_) => Err(ServerError::invalid("to.person", "it is you")),
    }
}

fn roles_json(db: &Connection, user: &ModeratorId) -> Result<String, ServerError> {
    let roles: Vec<Role> = sqlite_users::by_id(db, user)?.map_or_else(Vec::new, |user| user.roles);
    to_json(&roles)
}

/// Open questions that reach this person, oldest first.
pub(super) fn reaching(db: &Connection, user: &ModeratorId) -> Result<Consults, ServerError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM consults c WHERE c.state = 'open' AND {}
         ORDER BY c.seq LIMIT ?3",
        reaches()
    ))?;
    let roles = roles_json(db, user)?;
    let mut rows = statement.query(params![user.as_str(), roles, CONSULTS_LISTED_MAX])?;
    let mut consults = Vec::new();
    while let Some(row) = rows.next()? {
        consults.push(consult(row)?);
    }
    Ok(Consults { consults })
}

/// What this person asked about an item, oldest first.
pub(super) fn asked_by(
    db: &Connection,
    user: &ModeratorId,
    item: &ItemId,
) -> Result<Vec<Consult>, ServerError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM consults c WHERE c.item_id = ?1 AND c.asker = ?2
         ORDER BY c.seq DESC LIMIT ?3"
    ))?;
    let mut rows = statement.query(params![item.as_str(), user.as_str(), CONSULTS_LISTED_MAX])?;
    let mut consults = Vec::new();
    while let Some(row) = rows.next()? {
        consults.push(consult(row)?);
    }
    consults.reverse();
    Ok(consults)
}

/// An open question that reaches the caller.
fn reached(tx: &Transaction<'_>, write: &Write, id: &str) -> Result<(), ServerError> {
    let roles = roles_json(tx, &write.user)?;
    let is_open: Option<bool> = tx
        .query_row(
            &format!(
                "SELECT c.state = 'open' FROM consults c WHERE c.id = ?3 AND {}",
                reaches()
            ),
            params![write.user.as_str(), roles, id],
            |row| row.get(0),
        )
        .optional()?;
    match is_open {
        None => Err(ServerError::Unknown),
        Some(false) => Err(ServerError::ConsultClosed),
        Some(true) => Ok(()),
    }
}

/// What is stored as the answer to an opening call.
#[derive(Serialize, Deserialize)]
struct Look {
    claim_id: ClaimId,
}

/// Lets the caller look; the answer is [`Look`], see [`with_item`].
pub(super) fn open(tx: &Transaction<'_>, write: &Write, id: &str) -> Result<String, ServerError> {
    reached(tx, write, id)?;
    let claim_id = from_id::<ClaimId>(Uuid::now_v7().to_string())?;
    tx.execute(
        "INSERT INTO consult_claims (id, consult_id, user_id, opened_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            claim_id.as_str(),
            id,
            write.user.as_str(),
            write.now.0,
            write.now.plus_ms(write.terms.lease_ms).0
        ],
    )?;
    to_json(&Look { claim_id })
}

/// The answer to an opening call, with the item as it is now.
pub(super) fn with_item(tx: &Transaction<'_>, look: &str) -> Result<String, ServerError> {
    let Look { claim_id } = from_json(look, "a stored answer")?;
    let (consult_id, expires_at, question, body, is_withdrawn): (
        String,
        i64,
        String,
        String,
        bool,
    ) = tx.query_row(
        "SELECT c.id, l.expires_at, c.question, i.body, i.state = 'withdrawn'
             FROM consult_claims l JOIN consults c ON c.id = l.consult_id
             JOIN items i ON i.id = c.item_id WHERE l.id = ?1",
        [claim_id.as_str()],
        |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        },
    )?;
    if is_withdrawn {
        return Err(ServerError::ConsultClosed);
    }
    to_json(&ConsultOpened {
        consult_id,
        claim_id,
        expires_at: Timestamp(expires_at),
        question,
        item: from_json::<Item>(&body, "an item")?,
    })
}

/// Answers; looks at the item end.
pub(super) fn answer(
    tx: &Transaction<'_>,
    write: &Write,
    id: &str,
    answer: &str,
) -> Result<String, ServerError> {
    reached(tx, write, id)?;
    tx.execute(
        "UPDATE consults SET state = 'answered', answer = ?2, by_role = ?3 WHERE id = ?1",
        params![id, answer, write.role.as_str()],
    )?;
    Ok("{}".to_owned())
}

/// Whether a look lasts; `None` if there is no such look of this person at this item.
pub(super) fn is_open_claim(
    db: &Connection,
    (user, claim): (&ModeratorId, &ClaimId),
    item: &ItemId,
    now: Timestamp,
) -> Result<Option<bool>, ServerError> {
    Ok(db
        .query_row(
            "SELECT c.state = 'open' AND l.expires_at > ?4
             FROM consult_claims l JOIN consults c ON c.id = l.consult_id
             WHERE l.id = ?1 AND l.user_id = ?2 AND c.item_id = ?3",
            params![claim.as_str(), user.as_str(), item.as_str(), now.0],
            |row| row.get(0),
        )
        .optional()?)
}

/// The item is decided: what is not answered need not be.
pub(super) fn close(tx: &Transaction<'_>, item: &str) -> Result<(), ServerError> {
    tx.prepare_cached(
        "UPDATE consults SET state = 'closed' WHERE item_id = ?1 AND state = 'open'",
    )?
    .execute([item])?;
    Ok(())
}

/// The item is withdrawn: what was said about it goes with it.
pub(super) fn empty(tx: &Transaction<'_>, item: &str) -> Result<(), ServerError> {
    tx.execute(
        "UPDATE consults SET state = 'closed', question = '', answer = NULL WHERE item_id = ?1",
        [item],
    )?;
    Ok(())
}
