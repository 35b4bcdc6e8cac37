//! The desk's own records in SQLite: journal, outbox, view log, saved values, claims.
//!
//! Called by `scrim-runtime` (the sole writer, through [`Store`]) and by the console's `export` and
//! `verify` (through [`Reader`], also while an agent runs). Calls are blocking, and **every write
//! is durable when it returns**: WAL with `synchronous=FULL`, one transaction per call.
//!
//! It must never: store an item's body, label, text, report or media (no call takes one); send
//! anything; read a clock or a random source (instants and salts come in as arguments); delete a
//! damaged database; change a database of a newer version; take a wrong key for damage; write a byte
//! of a record that is not encrypted.
//!
//! One folder holds one store, of one (server origin, moderator) pair; the caller names the folder.
//!
//! | module | what |
//! | --- | --- |
//! | `open`, `opening` | for writing, for reading; how that went |
//! | `schema` | versions of the tables |
//! | `source` | what lies in a folder, connections to it |
//! | `checked` | settings of a connection, looking for damage, a log begun anew |
//! | `key` | what a wrong key is told from damage by |
//! | `files` | rights, the one-writer lock, whole writes, setting aside |
//! | `remake` | the whole database anew: an older one encrypted, another key |
//! | `chain` | headers, hashes, appending |
//! | `record` | a decision as parts and back |
//! | `salvage` | what can be read of a damaged database goes into a new one |
//! | `wreck` | reading a damaged database as far as it goes |
//! | `retold` | rows of it as the chain tells them |
//! | `commit` | decision + view log + outbox in one transaction |
//! | `erase` | erasing a part, and whether that is allowed: the one place |
//! | `holds` | holds, their ends, reports: what keeps a part |
//! | `reveal` | the view log |
//! | `outbox` | the table of states on the way to the server |
//! | `read` | pending, history, conflicts, exports |
//! | `reverts` | requests to undo what was sent |
//! | `conflicts` | what was done about conflicts; a tail that is missing |
//! | `drafts` | what was chosen and written for items that are not decided |
//! | `saved` | small values and claims |
//! | `exposure` | the exposure ledger by day; the desk's own id |
//! | `exports` | the key of the list of exports, and how that ended |
//! | `settings` | the moderator's own settings and the last floors |
//! | `check_ins` | check-ins, until they are forgotten; in no export |
//! | `head` | how far the chain goes |
//! | `sent` | what a server is sent of a decision's entry |
//! | `verify` | walks the chain, whole or from where it was last whole |
//! | `log` | whether the write-ahead log was cut short; a log mended |
//! | `mend` | a mended copy of a damaged database |
//! | `backup` | a verified copy in another folder |
//! | `team` | for leads: a copy of the team's decisions as the server tells them |

mod backup;
mod chain;
mod check_ins;
mod checked;
mod commit;
mod conflicts;
mod drafts;
mod erase;
mod error;
mod exports;
mod exposure;
mod files;
mod head;
mod holds;
mod key;
pub mod limits;
mod log;
mod mend;
mod open;
mod opening;
mod outbox;
mod read;
mod record;
mod releases;
mod remake;
mod retold;
mod reveal;
mod reverts;
mod salvage;
mod saved;
mod schema;
mod sent;
mod settings;
mod source;
mod team;
mod verify;
mod wreck;

use std::fs::File;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use chain::{EntryKind, NO_ENTRY, Noted, Salt};
pub use conflicts::TailFound;
pub use error::{Advice, StoreError};
pub use exports::ExportsEnd;
pub use exposure::WrittenExposure;
pub use files::DATABASE_FILE;
pub use head::Entry;
pub use holds::NewHold;
pub use key::{KEY_BYTES, KEY_CHECK_FILE, Key, needs_key};
pub use opening::{OpenOptions, Opening, SetAside};
pub use read::{Conflict, ConflictWhat, OutboxRow, StoredReceipt};
pub use record::{JUDGEMENT, VIEWING, WORDS};
pub use reverts::{RevertRow, RevertState};
pub use team::{
    TEAM_FILE, TeamAction, TeamData, TeamFilter, TeamItem, TeamLine, TeamPlace, TeamRow, TeamStore,
    TeamTotals,
};
pub use verify::{KEPT_HEAD_FILE, Verdict, What};

/// Reads a store. Of a running agent's store it sees what was committed.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    /// What it takes to open it once more.
    source: source::Source,
}

/// Writes a store; at most one per folder on this computer. Reads like a [`Reader`].
#[derive(Debug)]
pub struct Store {
    reader: Reader,
    opening: Opening,
    /// Held for as long as the store is open; the system lets go of it when the process ends.
    _lock: File,
}

impl Drop for Store {
    fn drop(&mut self) {
        // Nobody can be told any more. A rescue then has what was kept before, and what was said of one
        // is said again.
        if matches!(self.opening, Opening::SetAside(_)) {
            salvage::forget_told(&self.reader.conn).unwrap_or(());
        }
        mend::keep_at_end(&self.reader.source, &self.reader.conn).unwrap_or(());
    }
}

impl std::ops::Deref for Store {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Store {
    /// Runs `work` in one transaction, durable on return; any error leaves everything as it was.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self
            .reader
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }
}

#[cfg(test)]
mod full_disk_tests;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
#[cfg(test)]
extern crate self as scrim_store;
