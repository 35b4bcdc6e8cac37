//! What is written down of an export, and which two must not both be made.
//!
//! Of no day is there an export that names somebody and another one that says how long they took: how many decisions each
//! has of a day would tell which rows or times of the second are theirs.

use std::collections::BTreeMap;

use scrim_model::Timestamp;
use serde::{Deserialize, Serialize};

/// One export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportMade {
    /// When, by the desk's clock.
    pub at: Timestamp,
    /// The queue server of whoever was signed in.
    pub server: String,
    /// Whoever was signed in.
    pub moderator: String,
    /// What was exported.
    pub what: String,
    /// How it was written.
    pub format: String,
    /// What it was narrowed to.
    pub filters: BTreeMap<String, String>,
    /// Its columns; for what has none, its files or nothing.
    pub columns: Vec<String>,
    /// Decisions that it was made of.
    pub records: u64,
    /// The file's name without its folder; `None` is standard output.
    pub file: Option<String>,
    /// SHA-256 of what was written; of a folder, of its manifest.
    pub sha256: String,
    /// Whom it names.
    pub names: Vec<String>,
    /// Why it names somebody.
    pub reason: Option<String>,
}

/// What has times, or names whoever decided.
const OF_A_DESK: [&str; 2] = ["decisions", "stats"];

/// Whether the two together would tell it.
pub(crate) fn joins(one: &ExportMade, other: &ExportMade) -> bool {
    let tells = |export: &ExportMade| OF_A_DESK.contains(&export.what.as_str());
    let is_of_one = (&one.server, &one.moderator) == (&other.server, &other.moderator);
    let is_of_two_kinds = one.names.is_empty() != other.names.is_empty();
    tells(one) && tells(other) && is_of_one && is_of_two_kinds && overlap(one, other)
}

/// Whether they have a day in common. One that names no day may have any.
fn overlap(one: &ExportMade, other: &ExportMade) -> bool {
    let ends_before = |one: &ExportMade, other: &ExportMade| {
        let days = one.filters.get("to").zip(other.filters.get("from"));
        days.is_some_and(|(to, from)| to < from)
    };
    !ends_before(one, other) && !ends_before(other, one)
}
