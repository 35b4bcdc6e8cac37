//! Users and their tokens.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use scrim_model::{ModeratorId, Timestamp};

use super::columns::{from_id, from_json, to_json};
use crate::auth::User;
use crate::error::ServerError;
use crate::limits::SUBJECT_BYTES_MAX;

type Columns = (String, String, String, String);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn user((id, name, roles, languages): Columns) -> Result<User, ServerError> {
    Ok(User {
        id: from_id(id)?,
        name,
        roles: from_json(&roles, "a user's roles")?,
        languages: from_json(&languages, "a user's languages")?,
    })
}

pub(super) fn by_token(db: &Connection, sha256: &[u8; 32]) -> Result<Option<User>, ServerError> {
    db.prepare_cached(
        "SELECT u.id, u.name, u.roles, u.languages FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.sha256 = ?1 AND t.revoked_at IS NULL",
    )?
    .query_row(params![sha256], columns)
    .optional()?
    .map(user)
    .transpose()
}

/// What issuers call users. A table of its own, which databases of earlier versions get as well.
pub(super) const SUBJECTS: &str = "CREATE TABLE IF NOT EXISTS subjects (
    subject TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id)
) STRICT, WITHOUT ROWID;";

pub(super) fn by_subject(db: &Connection, subject: &str) -> Result<Option<User>, ServerError> {
    db.prepare_cached(
        "SELECT u.id, u.name, u.roles, u.languages FROM subjects s JOIN users u ON u.id = s.user_id
         WHERE s.subject = ?1",
    )?
    .query_row([subject], columns)
    .optional()?
    .map(user)
    .transpose()
}

pub(super) fn put_subject(
    tx: &Transaction<'_>,
    user: &ModeratorId,
    subject: &str,
) -> Result<(), ServerError> {
    if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
        return Err(ServerError::invalid("subject", "it has 1 to 255 bytes"));
    }
    by_id(tx, user)?.ok_or(ServerError::Unknown)?;
    match by_subject(tx, subject)? {
        Some(known) if known.id != *user => Err(ServerError::invalid(
            "subject",
            "it is somebody else's; revoke that user's tokens first",
        )),
        Some(_) => Ok(()),
        None => {
            tx.execute(
                "INSERT INTO subjects (subject, user_id) VALUES (?1, ?2)",
                params![subject, user.as_str()],
            )?;
            Ok(())
        }
    }
}

pub(super) fn by_id(db: &Connection, id: &ModeratorId) -> Result<Option<User>, ServerError> {
    db.prepare_cached("SELECT id, name, roles, languages FROM users WHERE id = ?1")?
        .query_row([id.as_str()], columns)
        .optional()?
        .map(user)
        .transpose()
}

pub(super) fn all(db: &Connection) -> Result<Vec<User>, ServerError> {
    let mut statement = db.prepare("SELECT id, name, roles, languages FROM users ORDER BY id")?;
    let rows = statement.query_map([], columns)?;
    rows.map(|row| user(row?)).collect()
}

pub(super) fn put(tx: &Transaction<'_>, new: &User) -> Result<(), ServerError> {
    let old = by_id(tx, &new.id)?;
    let mut merged = new.clone();
    if let Some(old) = old {
        merged.roles.extend(old.roles);
        merged.roles.sort();
        merged.roles.dedup();
        if merged.name.is_empty() {
            merged.name = old.name;
        }
        if merged.languages.is_empty() {
            merged.languages = old.languages;
        }
    }
    tx.execute(
        "INSERT INTO users (id, name, roles, languages) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, roles = excluded.roles, languages = excluded.languages",
        params![
            merged.id.as_str(),
            merged.name,
            to_json(&merged.roles)?,
            to_json(&merged.languages)?
        ],
    )?;
    Ok(())
}

pub(super) fn add_token(
    tx: &Transaction<'_>,
    user: &ModeratorId,
    sha256: &[u8; 32],
    now: Timestamp,
) -> Result<(), ServerError> {
    let added = tx.execute(
        "INSERT INTO tokens (sha256, user_id, added_at) SELECT ?1, id, ?3 FROM users WHERE id = ?2",
        params![sha256, user.as_str(), now.0],
    )?;
    if added == 1 {
        Ok(())
    } else {
        Err(ServerError::Unknown)
    }
}

pub(super) fn revoke_tokens(
    tx: &Transaction<'_>,
    user: &ModeratorId,
    now: Timestamp,
) -> Result<u64, ServerError> {
    let is_known = tx
        .prepare_cached("SELECT 1 FROM users WHERE id = ?1")?
        .exists([user.as_str()])?;
    if !is_known {
        return Err(ServerError::Unknown);
    }
    tx.execute("DELETE FROM subjects WHERE user_id = ?1", [user.as_str()])?;
    let revoked = tx.execute(
        "UPDATE tokens SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL",
        params![user.as_str(), now.0],
    )?;
    Ok(revoked as u64)
}
