//! SQLite's locks on a database file, between the connections of one process.

use std::collections::BTreeMap;

use rusqlite::ffi::{
    SQLITE_LOCK_EXCLUSIVE, SQLITE_LOCK_NONE, SQLITE_LOCK_PENDING, SQLITE_LOCK_RESERVED,
    SQLITE_LOCK_SHARED,
};

/// Who holds what of one file.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    held: BTreeMap<u64, i32>,
}

impl Locks {
    /// Raises the lock of `handle` to `level`; false if another's lock forbids it.
    pub(crate) fn raise(&mut self, handle: u64, level: i32) -> bool {
        let mine = self.level(handle);
        if mine >= level {
            return true;
        }
        let others = self.others(handle);
        let free = match level {
            SQLITE_LOCK_SHARED => others < SQLITE_LOCK_PENDING,
            SQLITE_LOCK_RESERVED => others < SQLITE_LOCK_RESERVED,
            _ => others == SQLITE_LOCK_NONE,
        };
        if free {
            self.held.insert(handle, level);
        } else if level == SQLITE_LOCK_EXCLUSIVE && others == SQLITE_LOCK_SHARED {
            // Readers finish, and no new one begins.
            self.held.insert(handle, SQLITE_LOCK_PENDING);
        }
        free
    }

    pub(crate) fn lower(&mut self, handle: u64, level: i32) {
        if level == SQLITE_LOCK_NONE {
            self.held.remove(&handle);
        } else if self.level(handle) > level {
            self.held.insert(handle, level);
        }
    }

    /// Whether anybody means to write.
    pub(crate) fn reserved(&self) -> bool {
        self.held
            .values()
            .any(|level| *level >= SQLITE_LOCK_RESERVED)
    }

    fn level(&self, handle: u64) -> i32 {
        self.held.get(&handle).copied().unwrap_or(SQLITE_LOCK_NONE)
    }

    fn others(&self, handle: u64) -> i32 {
        self.held
            .iter()
            .filter(|(other, _)| **other != handle)
            .map(|(_, level)| *level)
            .max()
            .unwrap_or(SQLITE_LOCK_NONE)
    }
}
