//! Decisions of a team: why an item was decided, how a decision stands, and what is counted together.
//!
//! Nothing here says whose a decision is.

use serde::{Deserialize, Serialize};

use crate::open_enum;

open_enum! {
    /// Why an item was decided.
    pub enum ReviewKind {
        /// For the first time.
        First = "first",
        /// Because the policy needs a second person. What was passed on is decided for the first time by
        /// whoever it was passed to.
        Second = "second",
        /// Because a lead drew it for a blind second review. Without effect.
        Sample = "sample",
        /// Because the first decision was appealed.
        Appeal = "appeal",
        /// A known-answer item, told to the team as practice. Without effect.
        Practice = "practice",
    }
}

open_enum! {
    /// Whether a decision came by the item's due time.
    pub enum Due {
        /// It did.
        Met = "met",
        /// It did not.
        Missed = "missed",
    }
}

open_enum! {
    /// How a decision stands.
    pub enum Standing {
        /// It counts.
        Standing = "standing",
        /// It counts until a second person decides.
        Interim = "interim",
        /// Its own reviewer corrected it.
        Superseded = "superseded",
        /// It was undone.
        Reverted = "reverted",
    }
}

/// A detector.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Detector {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
}

/// Whether a decision is in the counts: it stands, and it has effect.
#[must_use]
pub fn counts(review: &ReviewKind, standing: &Standing) -> bool {
    let has_effect = matches!(
        review,
        ReviewKind::First | ReviewKind::Second | ReviewKind::Appeal
    );
    has_effect && stands(standing)
}

/// Whether a review says otherwise than what it reviews: another first action or another first policy. Each is given as
/// its first action and its first policy, empty for none.
#[must_use]
pub fn differs(first: (&str, &str), review: (&str, &str)) -> bool {
    first != review
}

/// Whether a decision was neither corrected by its own reviewer nor undone.
#[must_use]
pub fn stands(standing: &Standing) -> bool {
    matches!(standing, Standing::Standing | Standing::Interim)
}

/// Decisions of one day, queue, first policy and first action that count. Every figure about a team is made of whole
/// groups, so that no two figures differ by one decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TeamGroup {
    /// UTC day, `YYYY-MM-DD`.
    pub day: String,
    /// Queue id.
    pub queue: String,
    /// First policy id; empty for none.
    pub policy: String,
    /// First action.
    pub action: String,
    /// Decisions.
    pub count: u64,
    /// Of them, marked unsure.
    pub unsure: u64,
    /// One of them is of severity 3 or 4.
    pub is_grave: bool,
    /// Active times in milliseconds of those that took time and that the server tells.
    pub handle_ms: Vec<u32>,
    /// From the item's report to the decision, in seconds, where the server tells it.
    pub action_s: Vec<u32>,
    /// Decisions on items that were due at some time.
    pub due: u64,
    /// Of them, made by then.
    pub met: u64,
}

/// One decision of a pair, as agreement is reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// First policy id; empty for none.
    pub policy: String,
    /// First action.
    pub action: String,
    /// 0–4.
    pub severity: u8,
}

impl Judged {
    fn said(&self) -> (&str, &str) {
        (&self.action, &self.policy)
    }
}

/// A decision and the review of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamPair {
    /// UTC day of the review, `YYYY-MM-DD`.
    pub day: String,
    /// Queue id of the review.
    pub queue: String,
    /// What kind of review.
    pub review: ReviewKind,
    /// The decision that was reviewed.
    pub first: Judged,
    /// The review.
    pub second: Judged,
}

impl TeamPair {
    /// Whether the review overturned the decision ([`differs`]).
    #[must_use]
    pub fn is_overturned(&self) -> bool {
        differs(self.first.said(), self.second.said())
    }
}

/// What became of items that one detector flagged, on one day in one queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DetectorCount {
    /// UTC day, `YYYY-MM-DD`.
    pub day: String,
    /// Queue id.
    pub queue: String,
    /// The detector.
    pub detector: Detector,
    /// Decisions that count on items that it flagged.
    pub flagged: u64,
    /// Of them, those that found a policy to apply.
    pub right: u64,
}
