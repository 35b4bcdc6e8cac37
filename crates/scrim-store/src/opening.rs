//! How a store is opened and how that went.

use serde::{Deserialize, Serialize};

/// How opening went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// There was no store; an empty one was made.
    Created,
    /// The store is as it was left.
    Found,
    /// The store was damaged. It was renamed, never deleted, and a new one was made with everything
    /// that could be read: a person must be told.
    SetAside(SetAside),
}

/// A damaged store and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The damaged database's new name in the same folder.
    pub file_name: String,
    /// Decisions that are in the new store; those without an answer go on being sent.
    pub saved: u64,
    /// Entries of the old chain that are known to have been there and could not be read. There may
    /// be more where nothing of the old database can be read.
    pub lost_known: u64,
}

/// How a store is opened where it must not be as usual: in tests and simulations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    /// The SQLite VFS by name; the system's own without one.
    pub vfs: Option<String>,
    /// Whether the write-ahead log is made as long as it may become, which saves a write to the
    /// disk per commit and costs a few milliseconds at the start.
    pub grow_wal: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            vfs: None,
            grow_wal: true,
        }
    }
}
