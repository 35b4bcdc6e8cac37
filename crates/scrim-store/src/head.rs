//! How far the chain goes, for comparing it with what a server saw of it.

use std::ops::RangeInclusive;

use rusqlite::OptionalExtension;
use scrim_model::DecisionId;

use crate::Reader;
use crate::chain::NO_ENTRY;
use crate::error::StoreError;

/// An entry of the chain as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// The hash that is stored with it.
    pub hash: String,
    /// Its header.
    pub header: String,
}

impl Reader {
    /// Entries with these places, in order, as they are stored: nothing is checked, and what is no text is shown as such.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn entries_between(&self, places: RangeInclusive<u64>) -> Result<Vec<Entry>, StoreError> {
        let (Ok(from), Ok(to)) = (i64::try_from(*places.start()), i64::try_from(*places.end()))
        else {
            return Ok(Vec::new());
        };
        let mut select = self.conn.prepare_cached(
            "SELECT seq, hash, CAST(header AS BLOB) FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq",
        )?;
        let rows = select.query_map([from, to], |row| {
            let header: Vec<u8> = row.get(2)?;
            Ok(Entry {
                seq: row.get::<_, i64>(0)?.unsigned_abs(),
                hash: row.get(1)?,
                header: String::from_utf8_lossy(&header).into_owned(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Place of the last entry that is, or is about, this decision.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`], or what SQLite said.
    pub fn last_about(&self, id: &DecisionId) -> Result<u64, StoreError> {
        let last: Option<i64> = self.conn.query_row(
            "SELECT max(seq) FROM journal WHERE entry_id = ?1 OR subject = ?1",
            [id.as_str()],
            |row| row.get(0),
        )?;
        let last = last.ok_or(StoreError::UnknownDecision)?;
        Ok(last.unsigned_abs())
    }

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
