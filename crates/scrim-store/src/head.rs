//! How far the chain goes, for comparing it with what a server saw of it.

use rusqlite::OptionalExtension;

use crate::Reader;
use crate::chain::NO_ENTRY;
use crate::error::StoreError;

impl Reader {
    /// Entries in the chain and the hash of the last one; 0 and [`NO_ENTRY`] if there is none. Reads
    /// one row and checks nothing: [`Reader::verify`] does.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn head(&self) -> Result<(u64, String), StoreError> {
        let last: Option<(i64, String)> = self
            .conn
            .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match last {
            Some((seq, hash)) => {
                let entries = u64::try_from(seq).map_err(|_| StoreError::Unreadable)?;
                Ok((entries, hash))
            }
            None => Ok((0, NO_ENTRY.to_owned())),
        }
    }

    /// Hash of the chain when it had this many entries; `None` if it has fewer.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn hash_at(&self, entries: u64) -> Result<Option<String>, StoreError> {
        if entries == 0 {
            return Ok(Some(NO_ENTRY.to_owned()));
        }
        let Ok(seq) = i64::try_from(entries) else {
            return Ok(None);
        };
        Ok(self
            .conn
            .prepare_cached("SELECT hash FROM journal WHERE seq = ?")?
            .query_row([seq], |row| row.get(0))
            .optional()?)
    }

    /// The number of the last entry that is a decision which a server says it has; 0 if there is none.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn last_accepted(&self) -> Result<u64, StoreError> {
        let seq: Option<i64> = self.conn.query_row(
            "SELECT max(seq) FROM outbox JOIN journal USING (seq)
             WHERE state = 'accepted' AND kind = 'decision'",
            [],
            |row| row.get(0),
        )?;
        Ok(seq.unwrap_or_default().unsigned_abs())
    }

    /// Decisions made here after this many entries that a server says it has. One that told of its
    /// receipt has seen the chain as far as that decision.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn accepted_after(&self, entries: u64) -> Result<u64, StoreError> {
        let Ok(seq) = i64::try_from(entries) else {
            return Ok(0);
        };
        let count: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM outbox JOIN journal USING (seq)
                 WHERE seq > ? AND state = 'accepted' AND kind = 'decision'",
            )?
            .query_row([seq], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}
