//! Erasing a part of a record. Every way to it goes through here, and here alone it is asked whether it may go.

use rusqlite::{Connection, params};
use scrim_model::retention::{Block, Hold, RecordPart};
use scrim_model::{DecisionId, Timestamp};

use crate::Store;
use crate::chain::{EntryKind, Fact, NewEntry, append};
use crate::checked::grow_wal;
use crate::commit::entry_of;
use crate::error::StoreError;
use crate::holds::part_kept;

impl Store {
    /// Deletes one part of a decision's record with its salt, and writes an `erasure` entry. The chain stays whole.
    /// Erasing [`RecordPart::Viewing`] deletes the view log's rows of that decision as well.
    ///
    /// # Errors
    /// [`StoreError::Kept`] if a hold or a rule keeps it at that instant; [`StoreError::UnknownDecision`],
    /// [`StoreError::UnknownPart`] if it is erased already; otherwise what SQLite said: then the part may be erased,
    /// with a copy left in the log.
    pub fn erase_part(
        &mut self,
        decision_id: &DecisionId,
        part: RecordPart,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let seq = entry_of(tx, decision_id)?.ok_or(StoreError::UnknownDecision)?;
            may_go(tx, decision_id, part, at)?;
            let gone = tx.execute(
                "DELETE FROM parts WHERE seq = ? AND name = ?",
                params![seq, part.as_str()],
            )?;
            if gone == 0 {
                return Err(StoreError::UnknownPart);
            }
            if part == RecordPart::Viewing {
                tx.execute(
                    "DELETE FROM view_intervals WHERE decision_id = ?",
                    [decision_id.as_str()],
                )?;
            }
            let entry = NewEntry {
                kind: EntryKind::Erasure,
                entry_id: None,
                subject: Some(decision_id.as_str().to_owned()),
                at,
                parts: Vec::new(),
                fact: Some(Fact::Erased {
                    part: part.as_str().to_owned(),
                }),
            };
            append(tx, entry).map(drop)
        })?;
        // Copies in the write-ahead log are overwritten; a reader puts that off until the next start.
        grow_wal(&mut self.reader.conn).map(drop)
    }
}

/// What keeps the part stands in the error, without what somebody wrote as a reason.
fn may_go(
    tx: &Connection,
    id: &DecisionId,
    part: RecordPart,
    at: Timestamp,
) -> Result<(), StoreError> {
    let block = match part_kept(tx, id, part)?.block(at) {
        None => return Ok(()),
        Some(Block::Hold(hold)) => Block::Hold(Hold {
            reason: None,
            ..hold
        }),
        Some(rule) => rule,
    };
    Err(StoreError::Kept(part, Box::new(block)))
}
