//! Copies of items that this person has decided: told, and offered, without pictures.

use serde::{Deserialize, Serialize};

use scrim_model::hashes::Likeness;
use scrim_model::{ActionKind, DecisionId, Timestamp};

/// Items in hand that are copies of a decided one, before any of them was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiesView {
    /// What they are copies of.
    pub of: EarlierView,
    /// How many have the same bytes.
    pub exact: u32,
    /// Distances of those that only look alike, in bits of 256, nearest first.
    pub near: Vec<u32>,
    /// That list has been there for long enough to be read.
    pub near_ready: bool,
}

/// A copy that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyView {
    /// What it is a copy of.
    pub of: EarlierView,
    /// In what way.
    pub likeness: Likeness,
}

/// An own decision that has copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierView {
    /// The decision.
    pub decision_id: DecisionId,
    /// What was done.
    pub action: ActionKind,
    /// Name of its policy; empty without one.
    pub policy: String,
    /// When it was made.
    pub at: Timestamp,
}
