//! What the moderator did about a conflict, and what was found when the chain was compared with what
//! the server saw of it.

use rusqlite::params;
use scrim_model::{DecisionId, HeadDiffers, Timestamp};
use scrim_wire::protocol::ChainHead;
use serde::{Deserialize, Serialize};

use crate::chain::{EntryKind, Fact, NewEntry, Noted, append};
use crate::commit::entry_of;
use crate::error::StoreError;
use crate::{Reader, Store};

/// Where the last finding is kept.
const TAIL_KEY: &str = "tail";

/// What the server saw under this desk's name is not what is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TailFound {
    /// Entries here when it was found.
    pub here: u64,
    /// The head that the server saw.
    pub server: ChainHead,
    /// In what way.
    pub how: HeadDiffers,
    /// When it was found.
    pub at: Timestamp,
    /// The moderator has read it.
    pub is_noted: bool,
}

impl TailFound {
    /// Whether it is this finding. A server that is put back to the same state once more has lost more.
    #[must_use]
    pub fn is_of(&self, server: &ChainHead, how: HeadDiffers) -> bool {
        (&self.server, self.how) == (server, how)
    }
}

impl Store {
    /// The moderator has dealt with what did not go as decided. It is not listed any more; the
    /// decision and what the server said stay.
    ///
    /// # Errors
    /// [`StoreError::UnknownDecision`]; otherwise what SQLite said.
    pub fn note_conflict(
        &mut self,
        id: &DecisionId,
        how: Noted,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let seq = entry_of(tx, id)?.ok_or(StoreError::UnknownDecision)?;
            tx.prepare_cached("UPDATE outbox SET noted = ? WHERE seq = ?")?
                .execute(params![how.as_str(), seq])?;
            tx.prepare_cached("UPDATE reverts SET noted = ? WHERE decision_id = ?")?
                .execute([how.as_str(), id.as_str()])?;
            let entry = NewEntry {
                kind: EntryKind::Noted,
                entry_id: None,
                subject: Some(id.as_str().to_owned()),
                at,
                parts: Vec::new(),
                fact: Some(Fact::Noted { how }),
            };
            append(tx, entry).map(drop)
        })
    }

    /// Records that what the server saw is not what is here. Each finding once.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn tail_found(&mut self, found: &TailFound) -> Result<(), StoreError> {
        if self
            .tail()?
            .is_some_and(|last| last.is_of(&found.server, found.how))
        {
            return Ok(());
        }
        let text = serde_json::to_string(found).map_err(|_| StoreError::Unreadable)?;
        self.write(|tx| {
            keep(tx, &text)?;
            let entry = NewEntry {
                kind: EntryKind::Tail,
                entry_id: None,
                subject: None,
                at: found.at,
                parts: Vec::new(),
                fact: Some(fact(found)),
            };
            append(tx, entry).map(drop)
        })
    }

    /// The moderator has read it.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn tail_noted(&mut self) -> Result<(), StoreError> {
        let Some(mut found) = self.tail()? else {
            return Ok(());
        };
        found.is_noted = true;
        self.save(TAIL_KEY, &found)
    }
}

fn fact(found: &TailFound) -> Fact {
    let ChainHead { entries, hash } = found.server.clone();
    match found.how {
        HeadDiffers::PutBack { confirmed } => Fact::ServerPutBack {
            server: entries,
            server_hash: hash,
            confirmed,
        },
        HeadDiffers::Fork | HeadDiffers::Shorter => Fact::TailFound {
            here: found.here,
            server: entries,
            server_hash: hash,
            is_fork: found.how == HeadDiffers::Fork,
        },
    }
}

fn keep(tx: &rusqlite::Connection, text: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO saved (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute([TAIL_KEY, text])?;
    Ok(())
}

impl Reader {
    /// The last finding of [`Store::tail_found`]. One that cannot be read counts as none, so that it
    /// is found, recorded and said once more.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn tail(&self) -> Result<Option<TailFound>, StoreError> {
        match self.load(TAIL_KEY) {
            Err(fault) if fault.is_unreadable() => Ok(None),
            found => found,
        }
    }
}
