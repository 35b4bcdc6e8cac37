//! Small values that survive a restart, and the ids of claims in hand.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, params};
use scrim_model::{ClaimId, ItemId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::limits::{SAVED_BYTES_MAX, SAVED_KEY_BYTES_MAX};
use crate::{Reader, Store};

impl Store {
    /// Keeps `value` under `key` (1–64 bytes), in place of what was there.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for key or value; otherwise what SQLite said.
    pub fn save<T: Serialize>(&mut self, key: &str, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|_| StoreError::Unreadable)?;
        if key.is_empty() || key.len() > SAVED_KEY_BYTES_MAX || text.len() > SAVED_BYTES_MAX {
            return Err(StoreError::TooLarge);
        }
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO saved (key, value) VALUES (?, ?)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute([key, &text])?;
            Ok(())
        })
    }

    /// Remembers claims with their items, so that the next run can give them back.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn remember_claims(&mut self, claims: &[(ClaimId, ItemId)]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut insert = tx.prepare_cached(
                "INSERT OR REPLACE INTO claims (claim_id, item_id) VALUES (?, ?)",
            )?;
            for (claim, item) in claims {
                insert.execute([claim.as_str(), item.as_str()])?;
            }
            Ok(())
        })
    }

    /// Forgets a claim that is no longer held; an unknown one is passed over.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn forget_claim(&mut self, claim: &ClaimId) -> Result<(), StoreError> {
        self.forget_claims(std::slice::from_ref(claim))
    }

    /// Forgets several claims in one transaction.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn forget_claims(&mut self, claims: &[ClaimId]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut delete = tx.prepare_cached("DELETE FROM claims WHERE claim_id = ?")?;
            for claim in claims {
                delete.execute(params![claim.as_str()])?;
            }
            Ok(())
        })
    }
}

impl Reader {
    /// What was last kept under `key`.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if it is no `T`; otherwise what SQLite said.
    pub fn load<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self
            .conn
            .prepare_cached("SELECT value FROM saved WHERE key = ?")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable))
            .transpose()
    }

    /// Whether all small values can be read, and every decision as it stands: what lies beside the
    /// chain and has no hash.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn reads_beside(&self) -> Result<bool, StoreError> {
        let values = self.conn.query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM saved WHERE NOT json_valid(value))",
            [],
            |row| row.get::<_, bool>(0),
        );
        let all = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        let decisions = values.map_err(StoreError::from).and_then(|whole| {
            self.each_decision_between(all.0, all.1, |_| ControlFlow::Continue(()))?;
            Ok(whole && self.unread()?.is_empty())
        });
        match decisions {
            Err(fault) if fault.is_unreadable() => Ok(false),
            read => read,
        }
    }

    /// Claims that were remembered and not forgotten, by claim id. One that cannot be read is left
    /// out: it ends by itself.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn leftover_claims(&self) -> Result<Vec<(ClaimId, ItemId)>, StoreError> {
        let mut select = self
            .conn
            .prepare_cached("SELECT claim_id, item_id FROM claims ORDER BY claim_id")?;
        let mut rows = select.query([])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            let (Ok(claim), Ok(item)) = (row.get::<_, String>(0), row.get::<_, String>(1)) else {
                continue;
            };
            if let (Ok(claim), Ok(item)) = (ClaimId::new(claim), ItemId::new(item)) {
                claims.push((claim, item));
            }
        }
        Ok(claims)
    }
}
