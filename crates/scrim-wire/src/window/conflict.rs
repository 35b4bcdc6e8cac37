//! What did not go as decided: what happened, whose word it is, and what the moderator can do.

use serde::{Deserialize, Serialize};

use scrim_model::{ActionKind, DecisionId, ItemId, Timestamp};

/// One thing that did not go as decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictView {
    /// What it is about.
    pub about: ConflictAbout,
    /// What happened.
    pub what: ConflictWhat,
    /// When, as far as that is known.
    pub at: Option<Timestamp>,
}

/// What a conflict is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConflictAbout {
    /// An own decision.
    Decision {
        /// The decision.
        decision_id: DecisionId,
        /// The item.
        item_id: ItemId,
        /// What was decided here.
        action: ActionKind,
        /// When.
        decided_at: Timestamp,
    },
    /// The records of this desk as a whole.
    Records,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConflictWhat {
    /// Someone else decided first.
    Overtaken {
        /// Their role.
        by_role: String,
        /// What they decided.
        outcome: String,
    },
    /// The server does not take the decision; it is kept here.
    Parked {
        /// Why.
        reason: ParkReason,
        /// The server's code.
        code: String,
    },
    /// A correction came too late; the decision before it stands.
    CorrectionTooLate,
    /// Undoing was asked too late; the decision stands.
    UndoTooLate,
    /// The server does not undo the decision; it stands.
    UndoRefused {
        /// Why.
        reason: ParkReason,
        /// The server's code.
        code: String,
    },
    /// Somebody else undid the decision.
    Undone,
    /// The server saw more of these records than this desk has.
    TailMissing {
        /// Entries here.
        here: u64,
        /// Entries that the server saw.
        server: u64,
    },
    /// The server was put back to a state before decisions that it had confirmed.
    ServerPutBack {
        /// How many.
        confirmed: u64,
    },
    /// The server saw other records under the name of this desk.
    Forked {
        /// Entries after which they differ, as the server saw them.
        server: u64,
    },
}

/// Why a server does not take something. Made from its code; the code itself stays beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ParkReason {
    /// The role or the sign-in does not allow it.
    NotAllowed,
    /// A field is not as the server wants it.
    Invalid,
    /// The server does not know the item.
    UnknownItem,
    /// It is larger or longer than the server takes.
    TooLarge,
    /// The id was used for something else.
    KeyReused,
    /// The claim is not this person's any more.
    ClaimLost,
    /// It comes from damaged records, and nobody knows what has become of it.
    Saved,
    /// Anything else.
    Other,
}

impl ParkReason {
    /// The reason that a code stands for.
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code {
            "not_allowed" => Self::NotAllowed,
            "unknown" | "unknown_item" => Self::UnknownItem,
            "too_large" | "too_long" => Self::TooLarge,
            "salvaged" => Self::Saved,
            "key_reused" | "id_reused" => Self::KeyReused,
            "claim_lost" | "not_your_claim" | "wrong_fence" => Self::ClaimLost,
            "invalid"
            | "action_count"
            | "action_not_allowed"
            | "bad_escalation"
            | "out_of_range"
            | "policy_count"
            | "reason_needed"
            | "unknown_policy"
            | "unknown_policy_version"
            | "unknown_version"
            | "wrong_queue" => Self::Invalid,
            _ => Self::Other,
        }
    }
}

/// What the moderator does about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConflictStep {
    /// Sends what is parked once more, under the same id.
    TryAgain,
    /// It was read and is kept for the record.
    Seen,
    /// It was told to the lead.
    TellLead,
}

impl ConflictView {
    /// The decision that it is about, if it is about one.
    #[must_use]
    pub fn decision(&self) -> Option<&DecisionId> {
        match &self.about {
            ConflictAbout::Decision { decision_id, .. } => Some(decision_id),
            ConflictAbout::Records => None,
        }
    }

    /// Whether it can be sent once more.
    #[must_use]
    pub fn can_try_again(&self) -> bool {
        matches!(self.what, ConflictWhat::Parked { .. })
    }

    /// Whether the item can be decided anew from here.
    #[must_use]
    pub fn can_decide_anew(&self) -> bool {
        let ConflictWhat::Parked { reason, .. } = &self.what else {
            return false;
        };
        !matches!(
            reason,
            ParkReason::UnknownItem | ParkReason::ClaimLost | ParkReason::Saved
        )
    }
}
