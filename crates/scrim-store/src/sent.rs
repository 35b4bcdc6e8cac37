//! What a server is sent of a decision's entry, so that it can check the chain.

use rusqlite::{OptionalExtension, params};
use scrim_model::DecisionId;
use scrim_wire::protocol::{RECORD_BROKEN, RECORD_WITHDRAWN_MAX, SentPart, SentRecord};

use crate::Reader;
use crate::chain::{EntryKind, hex};
use crate::error::StoreError;
use crate::record::{JUDGEMENT, WORDS};

impl Reader {
    /// The entry of a decision as it is written: its header, and of its parts those that a server
    /// may hold. The view log stays here; an erased part is left out. Nothing of one that the server
    /// has refused because of its entry: tried again, the decision goes without.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], or what SQLite said.
    pub fn sent_record(&self, id: &DecisionId) -> Result<Option<SentRecord>, StoreError> {
        let (seq, is_refused): (i64, bool) = self
            .conn
            .prepare_cached("SELECT seq, code IS ?2 FROM outbox WHERE decision_id = ?1")?
            .query_row([id.as_str(), RECORD_BROKEN], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?
            .ok_or(StoreError::UnknownDecision)?;
        if is_refused {
            return Ok(None);
        }
        let header = self
            .conn
            .prepare_cached("SELECT header FROM journal WHERE seq = ?")?
            .query_row([seq], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::Unreadable)?;
        let mut parts = Vec::new();
        for name in [JUDGEMENT, WORDS] {
            let part = self
                .conn
                .prepare_cached("SELECT salt, body FROM parts WHERE seq = ? AND name = ?")?
                .query_row(params![seq, name], |row| {
                    Ok(SentPart {
                        name: name.to_owned(),
                        salt: hex(&row.get::<_, Vec<u8>>(0)?),
                        body: row.get(1)?,
                    })
                })
                .optional()?;
            parts.extend(part);
        }
        Ok(Some(SentRecord {
            decision_id: id.clone(),
            header,
            parts,
            withdrawn: self.withdrawn_before(seq)?,
        }))
    }

    /// Headers of what was taken back since the last decision that left. One that has left is never
    /// taken back, so each of them goes with the next decision that goes, and with no other once
    /// that one is answered. One whose entry the server refused took none along.
    fn withdrawn_before(&self, seq: i64) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT header FROM (
                 SELECT seq, header FROM journal
                 WHERE kind = ?1 AND seq < ?2 AND seq > ifnull((
                     SELECT seq FROM outbox
                     WHERE seq < ?2 AND (attempts > 0 OR state IN ('accepted', 'overtaken', 'parked'))
                         AND code IS NOT ?4
                     ORDER BY seq DESC LIMIT 1), 0)
                 ORDER BY seq DESC LIMIT ?3)
             ORDER BY seq",
        )?;
        let found = params![
            EntryKind::Withdrawn.as_str(),
            seq,
            RECORD_WITHDRAWN_MAX as i64,
            RECORD_BROKEN
        ];
        let headers = statement.query_map(found, |row| row.get(0))?;
        Ok(headers.collect::<Result<_, _>>()?)
    }
}
