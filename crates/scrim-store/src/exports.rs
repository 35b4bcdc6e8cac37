//! What the records know of the list of exports beside them, which the console writes while an agent has the records:
//! the key that the list's end is sealed with, and how the list ended at the last start.

use serde::{Deserialize, Serialize};

use crate::chain::hex;
use crate::error::StoreError;
use crate::key::{KEY_BYTES, unhex};
use crate::{Reader, Store};

const KEY: &str = "exports_key";
const END: &str = "exports_end";

/// How the list ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportsEnd {
    /// Lines.
    pub lines: u64,
    /// SHA-256 of the last one.
    pub last: String,
}

impl Store {
    /// Keeps the key of the list's seal, in the place of one that was there. A list that was not sealed with it is said to
    /// be changed from now on, so it is sealed first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn keep_exports_key(&mut self, key: &[u8; KEY_BYTES]) -> Result<(), StoreError> {
        self.save(KEY, &hex(key))
    }

    /// Keeps how the list ends now.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn keep_exports_end(&mut self, end: &ExportsEnd) -> Result<(), StoreError> {
        self.save(END, end)
    }
}

impl Reader {
    /// The key of the list's seal; `None` before the first start.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for a key that is none, and what SQLite said.
    pub fn kept_exports_key(&self) -> Result<Option<[u8; KEY_BYTES]>, StoreError> {
        let key: Option<String> = self.load(KEY)?;
        let key = key.map(|digits| unhex(digits.as_bytes()).ok_or(StoreError::Unreadable));
        key.transpose()
    }

    /// How the list ended when that was last kept.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`], and what SQLite said.
    pub fn kept_exports_end(&self) -> Result<Option<ExportsEnd>, StoreError> {
        self.load(END)
    }
}
