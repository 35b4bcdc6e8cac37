//! Entries of desks' chains, as they came with decisions.

use rusqlite::{Transaction, params};

use scrim_model::Decision;
use scrim_wire::protocol::{ChainHead, DecisionResult, RECORD_BROKEN, SentRecord};

use super::columns::to_sql;
use super::contract::Write;
use super::entry::{Checked, checked};
use super::sqlite_kept;
use crate::error::ServerError;

/// A table of its own, which databases of earlier versions get as well.
pub(super) const RECORDS: &str = "CREATE TABLE IF NOT EXISTS records (
    decision_id TEXT PRIMARY KEY REFERENCES decisions(id), desk TEXT,
    seq INTEGER NOT NULL, hash TEXT NOT NULL, header TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS withdrawn (
    user_id TEXT NOT NULL, desk TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
    header TEXT NOT NULL, PRIMARY KEY (user_id, desk, seq, hash)
) STRICT, WITHOUT ROWID;";

/// An entry whose hashes fit.
pub(super) struct Entry<'a> {
    record: &'a SentRecord,
    head: ChainHead,
}

/// The entry of `decision`, if one came with it. The desk's chain is known to go as far, and what was
/// taken back before is kept, whatever becomes of the decision.
///
/// # Errors
/// The answer to a decision whose entry is not what it says.
pub(super) fn look<'a>(
    tx: &Transaction<'_>,
    write: &Write,
    records: &'a [SentRecord],
    decision: &Decision,
) -> Result<Result<Option<Entry<'a>>, DecisionResult>, ServerError> {
    let of_it = |(_, record): &(usize, &SentRecord)| record.decision_id == decision.decision_id;
    let Some((at, record)) = records.iter().enumerate().find(of_it) else {
        return Ok(Ok(None));
    };
    match checked(record, decision) {
        Ok(Checked { head, withdrawn }) => {
            sqlite_kept::put_head(tx, write, &head)?;
            keep_withdrawn(tx, write, record, &withdrawn)?;
            Ok(Ok(Some(Entry { record, head })))
        }
        Err(field) => Ok(Err(DecisionResult::Rejected {
            code: RECORD_BROKEN.to_owned(),
            path: Some(format!("records[{at}].{field}")),
        })),
    }
}

/// Keeps the entry with its decision, which is there already.
pub(super) fn keep(
    tx: &Transaction<'_>,
    write: &Write,
    entry: &Entry<'_>,
) -> Result<(), ServerError> {
    tx.prepare_cached(
        "INSERT INTO records (decision_id, desk, seq, hash, header) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        entry.record.decision_id.as_str(),
        write.desk.as_ref().map(|desk| desk.as_str()),
        to_sql(entry.head.entries),
        entry.head.hash,
        entry.record.header,
    ])?;
    Ok(())
}

/// That something was decided and taken back before it left. The same one may come with several
/// decisions.
fn keep_withdrawn(
    tx: &Transaction<'_>,
    write: &Write,
    record: &SentRecord,
    heads: &[ChainHead],
) -> Result<(), ServerError> {
    let Some(desk) = &write.desk else {
        return Ok(());
    };
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO withdrawn (user_id, desk, seq, hash, header)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (head, header) in heads.iter().zip(&record.withdrawn) {
        insert.execute(params![
            write.user.as_str(),
            desk.as_str(),
            to_sql(head.entries),
            head.hash,
            header
        ])?;
    }
    Ok(())
}
