//! Claims on their way back to the queue. A request stays with its idempotency key until the server
//! has answered it, so that "not me" and "aimed at me" hold whatever crashes in between.

use rusqlite::params;
use scrim_wire::protocol::ReleaseRequest;

use crate::error::StoreError;
use crate::limits::{RELEASE_BYTES_MAX, RELEASES_MAX};
use crate::{Reader, Store};

impl Store {
    /// Keeps `request` under its idempotency key and forgets its claims, in one transaction. The
    /// same key again changes nothing. Beyond [`RELEASES_MAX`] the oldest go: their leases ended
    /// long ago.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`]; otherwise what SQLite said. The claims stay remembered then.
    pub fn keep_release(&mut self, key: &str, request: &ReleaseRequest) -> Result<(), StoreError> {
        let body = serde_json::to_string(request).map_err(|_| StoreError::Unreadable)?;
        if body.len() > RELEASE_BYTES_MAX {
            return Err(StoreError::TooLarge);
        }
        self.write(|tx| {
            tx.prepare_cached("INSERT OR IGNORE INTO releases (key, body) VALUES (?, ?)")?
                .execute([key, &body])?;
            let mut forget = tx.prepare_cached("DELETE FROM claims WHERE claim_id = ?")?;
            for claim in &request.claim_ids {
                forget.execute([claim.as_str()])?;
            }
            tx.prepare_cached(
                "DELETE FROM releases WHERE seq IN
                     (SELECT seq FROM releases ORDER BY seq DESC LIMIT -1 OFFSET ?)",
            )?
            .execute(params![RELEASES_MAX as i64])?;
            Ok(())
        })
    }

    /// The server has answered; an unknown key is passed over.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn forget_release(&mut self, key: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached("DELETE FROM releases WHERE key = ?")?
                .execute([key])?;
            Ok(())
        })
    }
}

impl Reader {
    /// Requests without an answer, oldest first, with their idempotency keys; `None` for one that
    /// cannot be read. Its claims end by themselves.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn releases(&self) -> Result<Vec<(String, Option<ReleaseRequest>)>, StoreError> {
        let mut select = self
            .conn
            .prepare_cached("SELECT key, body FROM releases ORDER BY seq")?;
        let mut rows = select.query([])?;
        let mut releases = Vec::new();
        while let Some(row) = rows.next()? {
            let key: Option<String> = row.get(0).ok();
            let body: Option<String> = row.get(1).ok();
            let request = body.and_then(|body| serde_json::from_str(&body).ok());
            // Without its key it could not be sent as the same request.
            let request = key.as_ref().and(request);
            releases.push((key.unwrap_or_default(), request));
        }
        Ok(releases)
    }
}
