//! Entries of desks' chains, as they came with decisions.

use rusqlite::{Transaction, params};

use scrim_model::Decision;
use scrim_wire::protocol::{ChainHead, DecisionResult, SentRecord};

use super::columns::to_sql;
use super::contract::Write;
use super::entry::checked;
use super::sqlite_kept;
use crate::error::ServerError;

/// A table of its own, which databases of earlier versions get as well.
pub(super) const RECORDS: &str = "CREATE TABLE IF NOT EXISTS records (
    decision_id TEXT PRIMARY KEY REFERENCES decisions(id), desk TEXT,
    seq INTEGER NOT NULL, hash TEXT NOT NULL, header TEXT NOT NULL
) STRICT, WITHOUT ROWID;";

/// An entry whose hashes fit.
pub(super) struct Entry<'a> {
    record: &'a SentRecord,
    head: ChainHead,
}

/// The entry of `decision`, if one came with it. The desk's chain is known to go as far, whatever
/// becomes of the decision.
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
        Ok(head) => {
            sqlite_kept::put_head(tx, write, &head)?;
            Ok(Ok(Some(Entry { record, head })))
        }
        Err(field) => Ok(Err(DecisionResult::Rejected {
            code: "record_broken".to_owned(),
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
