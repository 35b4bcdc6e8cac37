//! What a server is sent of a decision's entry, so that it can check the chain.

use rusqlite::{OptionalExtension, params};
use scrim_model::DecisionId;
use scrim_wire::protocol::{SentPart, SentRecord};

use crate::Reader;
use crate::chain::hex;
use crate::commit::entry_of;
use crate::error::StoreError;
use crate::record::{JUDGEMENT, WORDS};

impl Reader {
    /// The entry of a decision as it is written: its header, and of its parts those that a server
    /// may hold. The view log stays here; an erased part is left out.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], or what SQLite said.
    pub fn sent_record(&self, id: &DecisionId) -> Result<SentRecord, StoreError> {
        let seq = entry_of(&self.conn, id)?.ok_or(StoreError::UnknownDecision)?;
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
        Ok(SentRecord {
            decision_id: id.clone(),
            header,
            parts,
        })
    }
}
