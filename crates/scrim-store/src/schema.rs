//! The versions of the tables.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// Forward only; the database's `user_version` counts those that were applied.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_journal.sql"),
    include_str!("../migrations/0002_reveal_reason.sql"),
    include_str!("../migrations/0003_drafts.sql"),
    include_str!("../migrations/0004_exposure.sql"),
    include_str!("../migrations/0005_settings.sql"),
    include_str!("../migrations/0006_check_ins.sql"),
    include_str!("../migrations/0007_waiting.sql"),
    include_str!("../migrations/0008_area.sql"),
    include_str!("../migrations/0009_answers.sql"),
    include_str!("../migrations/0010_played.sql"),
    include_str!("../migrations/0011_holds.sql"),
];
pub(crate) const KNOWN_VERSION: i64 = MIGRATIONS.len() as i64;

pub(crate) fn refuse_newer(found: i64) -> Result<(), StoreError> {
    if found > KNOWN_VERSION {
        return Err(StoreError::NewerVersion {
            found,
            known: KNOWN_VERSION,
        });
    }
    Ok(())
}

pub(crate) fn version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Brings the tables up to date, in one commit: a start that is cut off finds all of them or none.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let done = usize::try_from(version(conn)?).map_err(|_| StoreError::Damaged)?;
    if done >= MIGRATIONS.len() {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for sql in &MIGRATIONS[done..] {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "user_version", KNOWN_VERSION)?;
    Ok(tx.commit()?)
}
