//! The moderator's own settings and the last floors, in one row.
//!
//! A row that is not as it was written is handed on as doubtful, with what can be read of it: the
//! heart then takes the stricter of that and the defaults.

use rusqlite::{OptionalExtension, params};
use scrim_model::settings::{KeptSettings, SettingsFound};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::limits::SETTINGS_BYTES_MAX;
use crate::{Reader, Store};

impl Store {
    /// Writes settings in the place of what was there.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], or what SQLite said; then everything is as it was.
    pub fn save_settings(&mut self, kept: &KeptSettings) -> Result<(), StoreError> {
        let body = kept.to_store();
        if body.len() > SETTINGS_BYTES_MAX {
            return Err(StoreError::TooLarge);
        }
        let hash = Sha256::digest(&body);
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO settings (one, sha256, body) VALUES (1, ?, ?)",
            )?
            .execute(params![hash.as_slice(), body])?;
            Ok(())
        })
    }
}

impl Reader {
    /// What [`Store::save_settings`] last wrote.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn settings(&self) -> Result<SettingsFound, StoreError> {
        let row: Option<(Vec<u8>, Vec<u8>)> = self
            .conn
            .prepare_cached("SELECT sha256, body FROM settings")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(StoreError::from)
            .or_else(|fault| match fault.is_unreadable() {
                // Without a hash that fits it is doubtful.
                true => Ok(Some((Vec::new(), Vec::new()))),
                false => Err(fault),
            })?;
        let Some((hash, body)) = row else {
            return Ok(SettingsFound::None);
        };
        let same = Sha256::digest(&body).as_slice() == hash;
        let (kept, whole) = KeptSettings::from_store(&body);
        let kept = Box::new(kept);
        Ok(match same && whole {
            true => SettingsFound::Kept(kept),
            false => SettingsFound::Doubtful(kept),
        })
    }
}
