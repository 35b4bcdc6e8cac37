//! Copies of items that this person has decided: told, and offered, without pictures.

use serde::{Deserialize, Serialize};

use scrim_model::hashes::Likeness;
use scrim_model::{ActionKind, DecisionId, Kind, Timestamp};

/// Items in hand that an own decision may be repeated for, before any of them was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiesView {
    /// What was decided.
    pub of: EarlierView,
    /// How many have the same bytes.
    pub exact: u32,
    /// Distances of those that only look alike, in bits of 256, nearest first.
    pub near: Vec<u32>,
    /// No copies: other items of the author whom the decision is about.
    pub of_author: Vec<OfAuthorView>,
    /// These lists have been there for long enough to be read.
    pub near_ready: bool,
}

/// An item of an author whom an own decision is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfAuthorView {
    /// Its kind.
    pub kind: Kind,
    /// Its one line.
    pub label: String,
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
