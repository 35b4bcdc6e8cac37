//! The exposure ledger on disk, by local day, and the desk's own id.
//!
//! One transaction writes the ledger and its days. Whatever does not fit together when it is read
//! is an error: a figure is never lowered by a damaged row.

use rusqlite::{OptionalExtension, params};
use scrim_model::DeskId;
use scrim_model::exposure::{DayLoad, KeptExposure};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::limits::EXPOSURE_BYTES_MAX;
use crate::{Reader, Store};

const DESK_KEY: &str = "desk_id";

/// Exposure as it was last written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenExposure {
    /// The ledger and what serving depends on.
    pub kept: KeptExposure,
    /// The machine's start in which it was written.
    pub boot_id: String,
    /// The boot clock of that moment, in milliseconds.
    pub boot_ms: u64,
}

impl Store {
    /// The desk's own id, made with `make` the first time. It names these records to the server, so
    /// that a person's other desks can be told apart from this one. In the place of one that cannot
    /// be read comes a new one: the server then counts the day so far as another desk's, never as
    /// none.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`] if `make` makes no id.
    pub fn desk_id(&mut self, make: impl FnOnce() -> String) -> Result<DeskId, StoreError> {
        match self.load::<DeskId>(DESK_KEY) {
            Ok(Some(id)) => return Ok(id),
            Err(fault) if !fault.is_unreadable() => return Err(fault),
            Ok(None) | Err(_) => {}
        }
        let id = DeskId::new(make()).map_err(|_| StoreError::Unreadable)?;
        self.save(DESK_KEY, &id)?;
        Ok(id)
    }

    /// Writes the exposure of `desk` in the place of what was there.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], or what SQLite said; then everything is as it was.
    pub fn save_exposure(
        &mut self,
        desk: &DeskId,
        written: &WrittenExposure,
    ) -> Result<(), StoreError> {
        let body = written.kept.to_store();
        if body.len() > EXPOSURE_BYTES_MAX {
            return Err(StoreError::TooLarge);
        }
        let hash = Sha256::digest(&body);
        let days = written.kept.ledger.days();
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO exposure (one, desk_id, boot_id, boot_ms, sha256, body)
                 VALUES (1, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                desk.as_str(),
                written.boot_id,
                to_sql(written.boot_ms),
                hash.as_slice(),
                body
            ])?;
            tx.prepare_cached("DELETE FROM exposure_days")?
                .execute([])?;
            let mut insert = tx.prepare_cached(
                "INSERT INTO exposure_days (desk_id, day, date, weighted, severe_clear_ms)
                 VALUES (?, ?, ?, ?, ?)",
            )?;
            for day in &days {
                let (number, date, weighted, clear) = row_of(day);
                insert.execute(params![desk.as_str(), number, date, weighted, clear])?;
            }
            Ok(())
        })
    }
}

impl Reader {
    /// The desk's own id; `None` if none was made yet.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`].
    pub fn kept_desk_id(&self) -> Result<Option<DeskId>, StoreError> {
        self.load(DESK_KEY)
    }

    /// What [`Store::save_exposure`] last wrote; `None` for a desk that never wrote any.
    ///
    /// # Errors
    /// [`StoreError::ExposureUnreadable`] if body, hash and days do not fit together; otherwise what
    /// SQLite said.
    pub fn exposure(&self) -> Result<Option<WrittenExposure>, StoreError> {
        type Row = (String, String, i64, Vec<u8>, Vec<u8>);
        let row: Option<Row> = self
            .conn
            .prepare_cached("SELECT desk_id, boot_id, boot_ms, sha256, body FROM exposure")?
            .query_row([], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })
            .optional()
            .map_err(|error| unreadable(error.into()))?;
        let days = self.exposure_days().map_err(unreadable)?;
        let Some((desk, boot_id, boot_ms, hash, body)) = row else {
            return match days.is_empty() {
                true => Ok(None),
                false => Err(StoreError::ExposureUnreadable),
            };
        };
        let kept = KeptExposure::from_store(&body).map_err(|_| StoreError::ExposureUnreadable)?;
        let expected: Vec<_> = kept
            .ledger
            .days()
            .iter()
            .map(|day| (desk.clone(), row_of(day)))
            .collect();
        if Sha256::digest(&body).as_slice() != hash || expected != days {
            return Err(StoreError::ExposureUnreadable);
        }
        Ok(Some(WrittenExposure {
            kept,
            boot_id,
            boot_ms: u64::try_from(boot_ms).map_err(|_| StoreError::ExposureUnreadable)?,
        }))
    }

    fn exposure_days(&self) -> Result<Vec<(String, DayRow)>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT desk_id, day, date, weighted, severe_clear_ms FROM exposure_days
             ORDER BY day, desk_id",
        )?;
        let rows = select.query_map([], |row| {
            let day = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, day))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// What cannot be read of it is never less than a full day.
fn unreadable(error: StoreError) -> StoreError {
    match error.is_unreadable() {
        true => StoreError::ExposureUnreadable,
        false => error,
    }
}

/// Number, date, weighted time, clear time.
type DayRow = (i64, String, i64, i64);

fn row_of(day: &DayLoad) -> DayRow {
    (
        i64::from(day.number),
        day.date.clone(),
        to_sql(day.load.weighted.0),
        to_sql(day.load.severe_clear_ms),
    )
}

/// SQLite's numbers are signed; nobody sees enough to reach the end of them.
fn to_sql(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
