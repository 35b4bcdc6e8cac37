//! Drafts of items that are not decided yet. They hold the moderator's own words and nothing of the
//! item; they are in no export and are not chained, because a draft is no record.

use rusqlite::{OptionalExtension, params};
use scrim_model::{ItemId, KeptDraft, Timestamp};

use crate::error::StoreError;
use crate::limits::{DRAFT_BYTES_MAX, DRAFTS_MAX};
use crate::{Reader, Store};

impl Store {
    /// Keeps `draft` in place of what was kept for its item. Beyond [`DRAFTS_MAX`] the ones that
    /// were not touched for longest go.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`]; otherwise what SQLite said. What was kept before stays then.
    pub fn keep_draft(&mut self, draft: &KeptDraft) -> Result<(), StoreError> {
        let body = serde_json::to_string(&draft.draft).map_err(|_| StoreError::Unreadable)?;
        if body.len() > DRAFT_BYTES_MAX {
            return Err(StoreError::TooLarge);
        }
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO drafts (item_id, version, at_ms, body) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![
                draft.item.as_str(),
                draft.version.to_string(),
                draft.at.0,
                body
            ])?;
            tx.prepare_cached(
                "DELETE FROM drafts WHERE item_id IN
                     (SELECT item_id FROM drafts ORDER BY at_ms DESC, item_id
                      LIMIT -1 OFFSET ?)",
            )?
            .execute([DRAFTS_MAX as i64])?;
            Ok(())
        })
    }

    /// Forgets the draft of `item`, if there is one.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn forget_draft(&mut self, item: &ItemId) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached("DELETE FROM drafts WHERE item_id = ?")?
                .execute([item.as_str()])?;
            Ok(())
        })
    }
}

impl Reader {
    /// What was kept for `item`.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if it is no draft; otherwise what SQLite said.
    pub fn draft(&self, item: &ItemId) -> Result<Option<KeptDraft>, StoreError> {
        let row: Option<(String, i64, String)> = self
            .conn
            .prepare_cached("SELECT version, at_ms, body FROM drafts WHERE item_id = ?")?
            .query_row([item.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((version, at_ms, body)) = row else {
            return Ok(None);
        };
        Ok(Some(KeptDraft {
            item: item.clone(),
            version: version.parse().map_err(|_| StoreError::Unreadable)?,
            at: Timestamp(at_ms),
            draft: serde_json::from_str(&body).map_err(|_| StoreError::Unreadable)?,
        }))
    }
}
