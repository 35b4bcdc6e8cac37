//! Decisions on their way to the server, as it holds them, and what the platform carries out.

use serde::{Deserialize, Serialize};

use super::{SentRecord, TeamFacts};
use scrim_model::{Decision, DecisionAction, DecisionId, Escalation, ItemId, PolicyId, Timestamp};

/// `POST /v1/decisions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionsRequest {
    /// 1–50 decisions.
    pub decisions: Vec<Decision>,
    /// Entries of the desk's chain, at most one a decision. The idempotency key stands for the
    /// decisions alone: what became of a damaged database has its entries in another chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<SentRecord>,
}

/// What became of one decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "result")]
pub enum DecisionResult {
    /// Taken.
    Accepted {
        /// Proof.
        receipt: String,
        /// When.
        at: Timestamp,
    },
    /// Had been taken before, by this same decision.
    Duplicate {
        /// The first proof.
        receipt: String,
        /// When it was taken.
        at: Timestamp,
    },
    /// Taken; full effect after a second person.
    AwaitingSecond {
        /// Proof.
        receipt: String,
    },
    /// Someone else decided first.
    Overtaken {
        /// Their role.
        by_role: String,
        /// When.
        at: Timestamp,
        /// What they decided.
        outcome: String,
    },
    /// Cannot be taken.
    Rejected {
        /// Closed code.
        code: String,
        /// The field.
        #[serde(default)]
        path: Option<String>,
    },
}

/// One row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// The decision.
    pub decision_id: DecisionId,
    /// What became of it.
    #[serde(flatten)]
    pub result: DecisionResult,
    /// In training: what was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
}

/// What a training item's decision was expected to find, and why. Only in environment training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Policies that apply; empty: none does.
    pub policy_ids: Vec<PolicyId>,
    /// Why.
    pub explanation: String,
}

/// Answer of `POST /v1/decisions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionsAnswer {
    /// One row per decision sent.
    pub results: Vec<DecisionRow>,
}

/// `POST /v1/decisions/{id}/revert`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RevertRequest {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Proof of a write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Proof.
    pub receipt: String,
    /// When.
    pub at: Timestamp,
}

/// A decision as the server holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldDecision {
    /// The decision. In team reads its id, and the ids of decisions that it names, are the server's
    /// own: a desk's id tells when it was made. Under them a lead undoes it. Claims and fences mean
    /// nothing there, and `decided_at` is a day alone: the start of the one (UTC) on which the
    /// server took the decision.
    #[serde(flatten)]
    pub decision: Decision,
    /// Proof given for it; empty in team reads.
    pub receipt: String,
    /// Taken back later.
    #[serde(default)]
    pub reverted: bool,
    /// Why it was taken back, if that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revert_reason: Option<String>,
    /// Header of its entry in the desk's chain, if it came with one; in own reads only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// In team reads only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamFacts>,
    /// Position for `since`. In team reads a decision comes again, further on, whenever it stands
    /// otherwise than before; the newest row of a decision counts.
    pub cursor: u64,
}

/// Answer of `GET /v1/decisions`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeldDecisions {
    /// In the order of arrival; those of a team in the order in which they are told.
    pub decisions: Vec<HeldDecision>,
    /// `since` of the next call.
    pub next: u64,
    /// In team reads: goes with `next` into the next call, so that a server whose database was put
    /// back can say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// The server never told what `since` and `mark` stand for: this page is the first one, and what
    /// was read before it is to be forgotten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
    /// In team reads of a server that tells a day when it is over: the newest day that is
    /// (`YYYY-MM-DD`, UTC). Nothing is said of later ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
}

/// One thing for the platform to carry out. No reviewer, view or time fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Position for `since` and for the acknowledgement.
    pub cursor: u64,
    /// `decision`, `revert`.
    pub what: String,
    /// The decision.
    pub decision_id: DecisionId,
    /// The item.
    pub item_id: ItemId,
    /// What to do.
    pub actions: Vec<DecisionAction>,
    /// Policies found to apply.
    pub policy_ids: Vec<PolicyId>,
    /// Tree that they are of.
    pub policy_version: u64,
    /// To whom it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Escalation>,
}

/// Answer of `GET /v1/outcomes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcomes {
    /// In the order of arrival.
    pub outcomes: Vec<Outcome>,
    /// `since` of the next call.
    pub next: u64,
}

/// `POST /v1/outcomes/ack`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomesAck {
    /// Everything up to and with this cursor is carried out.
    pub up_to: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_row_is_flat() {
        let row: DecisionRow =
            serde_json::from_str(r#"{"decision_id":"d","result":"overtaken","by_role":"lead","at":"2026-01-01T00:00:00Z","outcome":"remove"}"#)
                .expect("a row");
        assert!(matches!(row.result, DecisionResult::Overtaken { .. }));
    }
}
