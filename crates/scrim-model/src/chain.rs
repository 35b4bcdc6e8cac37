//! How a desk's records stand to what a queue server saw of them.

use serde::{Deserialize, Serialize};

/// In what way they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadDiffers {
    /// The server saw more than is here: an end is missing, or a backup of the desk was put back.
    Shorter,
    /// Both have as much and it is not the same.
    Fork,
    /// The server knows less than it has confirmed: it was put back to an earlier state.
    PutBack {
        /// Decisions that it had confirmed after that state.
        confirmed: u64,
    },
}
