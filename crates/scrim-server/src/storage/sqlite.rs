//! SQLite: one connection that writes, a few that read, write-ahead log.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use scrim_model::{ClaimId, DeskId, ItemId, ModeratorId, PolicyTree, Timestamp};
use scrim_wire::protocol::{
    Consults, Exposure, IngestItem, ItemState, Outcomes, QueueInfo, SafetyNotices, Samples,
    TeamDays,
};

use super::columns::to_json;
use super::contract::{
    Change, Filed, Kept, MediumFacts, QueuesAsked, Scope, SessionFacts, Storage, TeamRead, Version,
    Write,
};
use super::{
    sqlite_claims, sqlite_consults, sqlite_decisions, sqlite_exposure, sqlite_items, sqlite_kept,
    sqlite_outcomes, sqlite_queues, sqlite_records, sqlite_refused, sqlite_reverts, sqlite_samples,
    sqlite_team, sqlite_telling, sqlite_upgrade, sqlite_users,
};
use crate::auth::User;
use crate::error::ServerError;
use crate::limits::{DATABASE_WAIT_MS, READERS_KEPT_MAX};

/// Version of `schema.sql`; older ones are brought up to it, any other is refused, never guessed at.
const SCHEMA_VERSION: i64 = 4;
const SCHEMA: &str = include_str!("schema.sql");

/// A database file. Other processes (the commands) may write to it at the same time.
#[derive(Debug)]
pub struct SqliteStorage {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStorage {
    /// Opens or makes the database. A new file can be read by its owner only.
    ///
    /// # Errors
    /// [`ServerError::Io`], [`ServerError::Database`], and [`ServerError::Corrupt`] for a
    /// database of another version.
    pub fn open(path: &Path) -> Result<Self, ServerError> {
        make_private(path)?;
        let mut writer = connect(path)?;
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match version {
            0 => tx.execute_batch(SCHEMA)?,
            1..SCHEMA_VERSION => sqlite_upgrade::bring_up(&tx, version, SCHEMA)?,
            SCHEMA_VERSION => {}
            _ => return Err(ServerError::Corrupt("the version of the database")),
        }
        tx.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        tx.execute_batch(sqlite_users::SUBJECTS)?;
        tx.execute_batch(sqlite_records::RECORDS)?;
        tx.execute_batch(sqlite_refused::REFUSED)?;
        tx.commit()?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
        })
    }

    /// A panic while writing rolls its transaction back, so that the connection stays good.
    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        let mut writer = self.writer();
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let made = change(&tx)?;
        tx.commit()?;
        Ok(made)
    }

    /// Reads from one snapshot.
    fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        let kept = self.kept().pop();
        let mut reader = match kept {
            Some(reader) => reader,
            None => connect(&self.path)?,
        };
        let tx = reader.transaction()?;
        let seen = look(&tx)?;
        tx.commit()?;
        let mut kept = self.kept();
        if kept.len() < READERS_KEPT_MAX {
            kept.push(reader);
        }
        Ok(seen)
    }

    /// Tells the team what is to be told by now.
    fn tell_team(&self, asked: &TeamRead) -> Result<(), ServerError> {
        let telling = sqlite_team::telling(asked);
        match self.read(|db| sqlite_telling::waits(db, telling))? {
            true => self.write(|tx| sqlite_telling::tell(tx, telling)),
            false => Ok(()),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_private(path: &Path) -> Result<(), ServerError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
        .open(path)
        .map(drop)
        .map_err(ServerError::io("opening the database file"))
}

fn connect(path: &Path) -> Result<Connection, ServerError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_millis(DATABASE_WAIT_MS))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // What is withdrawn is overwritten, not only unlinked.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

fn carry_out(tx: &Transaction<'_>, write: &Write, change: Change) -> Result<String, ServerError> {
    match change {
        Change::Claim(request) => sqlite_claims::claim(tx, write, &request),
        Change::Heartbeat(request) => sqlite_claims::heartbeat(tx, write, &request),
        Change::Release(request) => sqlite_claims::release(tx, write, &request),
        Change::Decide(request) => sqlite_decisions::decide(tx, write, &request),
        Change::Revert(id, reason) => sqlite_reverts::revert(tx, write, &id, &reason),
        Change::Ingest(item, media) => {
            let item_id = sqlite_items::put(tx, *item, media, write.now)?;
            to_json(&scrim_wire::protocol::Ingested { item_id })
        }
        Change::Withdraw(id) => sqlite_items::withdraw(tx, &id, write.now),
        Change::Ask(item, request) => sqlite_consults::ask(tx, write, &item, &request),
        Change::OpenConsult(id) => sqlite_consults::open(tx, write, &id),
        Change::AnswerConsult(id, text) => sqlite_consults::answer(tx, write, &id, &text),
        Change::Sample(request, period) => sqlite_samples::make(tx, write, &request, period),
        Change::Acknowledge(up_to) => sqlite_outcomes::acknowledge(tx, up_to),
    }
}

fn first_answer(tx: &Transaction<'_>, write: &Write) -> Result<Option<String>, ServerError> {
    let stored: Option<(Vec<u8>, String)> = tx
        .query_row(
            "SELECT body_sha256, answer FROM answers WHERE user_id = ?1 AND route = ?2 AND key = ?3",
            params![write.user.as_str(), write.route, write.key],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match stored {
        Some((body, _)) if body != write.body_sha256 => Err(ServerError::KeyReused),
        Some((_, answer)) => Ok(Some(answer)),
        None => Ok(None),
    }
}

impl Storage for SqliteStorage {
    fn apply(&self, write: &Write, change: Change) -> Result<String, ServerError> {
        let (claims, looks) = (
            matches!(change, Change::Claim(_)),
            matches!(change, Change::OpenConsult(_)),
        );
        self.write(|tx| {
            let answer = match first_answer(tx, write)? {
                Some(answer) => answer,
                None => {
                    let answer = carry_out(tx, write, change)?;
                    tx.execute(
                        "INSERT INTO answers (user_id, route, key, body_sha256, answer, at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        params![
                            write.user.as_str(),
                            write.route,
                            write.key,
                            write.body_sha256,
                            answer,
                            write.now.0
                        ],
                    )?;
                    sqlite_kept::put_chain_head(tx, write)?;
                    sqlite_kept::prune_answers(tx, write.now)?;
                    answer
                }
            };
            // Items are not copied into the stored answers: they would outlive a withdrawal.
            if claims {
                sqlite_claims::with_items(tx, &answer)
            } else if looks {
                sqlite_consults::with_item(tx, &answer)
            } else {
                Ok(answer)
            }
        })
    }

    fn user_by_token(&self, sha256: &[u8; 32]) -> Result<Option<User>, ServerError> {
        self.read(|db| sqlite_users::by_token(db, sha256))
    }

    fn user_by_subject(&self, subject: &str) -> Result<Option<User>, ServerError> {
        self.read(|db| sqlite_users::by_subject(db, subject))
    }

    fn put_subject(&self, user: &ModeratorId, subject: &str) -> Result<(), ServerError> {
        self.write(|tx| sqlite_users::put_subject(tx, user, subject))
    }

    fn put_user(&self, user: &User) -> Result<(), ServerError> {
        self.write(|tx| sqlite_users::put(tx, user))
    }

    fn users(&self) -> Result<Vec<User>, ServerError> {
        self.read(sqlite_users::all)
    }

    fn add_token(
        &self,
        user: &ModeratorId,
        sha256: &[u8; 32],
        now: Timestamp,
    ) -> Result<(), ServerError> {
        self.write(|tx| sqlite_users::add_token(tx, user, sha256, now))
    }

    fn revoke_tokens(&self, user: &ModeratorId, now: Timestamp) -> Result<u64, ServerError> {
        self.write(|tx| sqlite_users::revoke_tokens(tx, user, now))
    }

    fn put_queue(&self, queue: &QueueInfo) -> Result<(), ServerError> {
        self.write(|tx| sqlite_queues::put(tx, queue))
    }

    fn queues(&self, asked: QueuesAsked) -> Result<Vec<QueueInfo>, ServerError> {
        self.read(|db| sqlite_queues::all(db, asked))
    }

    fn put_policies(&self, tree: &PolicyTree, now: Timestamp) -> Result<(), ServerError> {
        self.write(|tx| sqlite_items::put_policies(tx, tree, now))
    }

    fn policies(&self) -> Result<PolicyTree, ServerError> {
        self.read(|db| Ok(sqlite_items::policies(db, None)?.unwrap_or_default()))
    }

    fn put_item(
        &self,
        item: IngestItem,
        media: Vec<Filed>,
        now: Timestamp,
    ) -> Result<ItemId, ServerError> {
        self.write(|tx| sqlite_items::put(tx, item, media, now))
    }

    fn item(
        &self,
        id: &ItemId,
        user: &ModeratorId,
        now: Timestamp,
    ) -> Result<ItemState, ServerError> {
        self.read(|db| sqlite_items::state(db, id, user, now))
    }

    fn medium(
        &self,
        user: &ModeratorId,
        claim: &ClaimId,
        medium: (&ItemId, u32, Version),
        now: Timestamp,
    ) -> Result<MediumFacts, ServerError> {
        self.read(|db| sqlite_items::medium(db, user, claim, medium, now))
    }

    fn medium_bytes(
        &self,
        medium: (&ItemId, u32, Version),
        start: u64,
        len: u64,
    ) -> Result<Vec<u8>, ServerError> {
        self.read(|db| sqlite_items::medium_bytes(db, medium, start, len))
    }

    fn decisions(&self, since: u64, scope: &Scope) -> Result<String, ServerError> {
        let asked = match scope {
            Scope::Mine(user) => {
                return self.read(|db| sqlite_outcomes::own_decisions(db, since, user));
            }
            Scope::Team(asked) => asked,
        };
        self.tell_team(asked)?;
        self.read(|db| sqlite_team::decisions(db, since, asked))
    }

    fn team_days(&self, asked: &TeamRead) -> Result<TeamDays, ServerError> {
        self.tell_team(asked)?;
        self.read(|db| sqlite_team::days(db, asked.now))
    }

    fn samples(&self) -> Result<Samples, ServerError> {
        self.read(sqlite_samples::all)
    }

    fn consults(&self, user: &ModeratorId) -> Result<Consults, ServerError> {
        self.read(|db| sqlite_consults::reaching(db, user))
    }

    fn keep(&self, what: Kept, value: Option<&str>) -> Result<(), ServerError> {
        self.write(|tx| sqlite_kept::keep(tx, what, value))
    }

    fn kept(&self, what: Kept) -> Result<Option<String>, ServerError> {
        self.read(|db| sqlite_kept::kept(db, what))
    }

    fn session_facts(
        &self,
        user: &ModeratorId,
        desk: Option<&DeskId>,
        day_from: Timestamp,
    ) -> Result<SessionFacts, ServerError> {
        self.read(|db| sqlite_kept::session_facts(db, user, desk, day_from))
    }

    fn safety_notices(&self, since: u64) -> Result<SafetyNotices, ServerError> {
        self.read(|db| sqlite_outcomes::safety_notices(db, since))
    }

    fn exposure(&self, now: Timestamp) -> Result<Exposure, ServerError> {
        self.write(|tx| sqlite_exposure::exposure(tx, now))
    }

    fn outcomes(&self, since: u64) -> Result<Outcomes, ServerError> {
        self.read(|db| sqlite_outcomes::outcomes(db, since))
    }
}
