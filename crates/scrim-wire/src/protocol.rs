//! Queue protocol v1: what a desk and a queue server say to each other.
//!
//! HTTPS and JSON. Unknown fields are passed over, unknown enumeration values kept. Every write
//! carries an `Idempotency-Key`; a decision's is its `decision_id`.

use serde::{Deserialize, Serialize};

use scrim_model::mark::Mark;
use scrim_model::open_enum;
use scrim_model::{ClaimId, DecisionId, Escalation, Item, ItemId, PolicyId, QueueId, Timestamp};

mod consult;
mod decisions;
mod exposure;
mod records;
mod session;
mod team;

pub use consult::{
    AnswerRequest, Consult, ConsultOpened, ConsultRequest, ConsultState, ConsultTo, Consulted,
    Consults,
};
pub use decisions::{
    DecisionResult, DecisionRow, DecisionsAnswer, DecisionsRequest, Feedback, HeldDecision,
    HeldDecisions, Outcome, Outcomes, OutcomesAck, Receipt, RevertRequest,
};
pub use exposure::{Exposure, ExposureGroup, ExposureWeek, Quartiles};
pub use records::{ChainTold, RECORD_BROKEN, RECORD_WITHDRAWN_MAX, SentPart, SentRecord};
pub use session::{
    ChainHead, Contact, DayTotals, Limits, Session, SettingsObject, SignInOffer, ViewTotals,
};
pub use team::{
    AppealDay, Appeals, Detector, Drawing, Due, LanguageReviewers, ReviewKind, Sample,
    SampleRequest, Samples, Standing, TeamDay, TeamDays, TeamFacts, Unassignable,
};

/// Header that names the write (UUIDv7).
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Header by which a media request names its claim.
pub const SCRIM_CLAIM: &str = "scrim-claim";
/// Header by which a desk names itself: an opaque id, made once per store. The day's totals leave
/// this desk's own out, and the chain's head is kept per desk. May be missing.
pub const SCRIM_DESK: &str = "scrim-desk";
/// Header of a write that tells how far this desk's chain of records goes, as
/// `entries:sha256-in-hex`. Not part of what an `Idempotency-Key` is bound to.
pub const SCRIM_CHAIN_HEAD: &str = "scrim-chain-head";

/// One row of `GET /v1/queues`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueInfo {
    /// The queue.
    pub id: QueueId,
    /// Its name.
    pub name: String,
    /// Harm classes in it.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Open items.
    #[serde(default)]
    pub pending: u64,
    /// Age of the oldest open item.
    #[serde(default)]
    pub oldest_at: Option<Timestamp>,
    /// Promise, in seconds.
    #[serde(default)]
    pub sla_s: Option<u64>,
    /// Open items whose due time is over; for leads and QA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<u64>,
    /// Open items that nobody can take; for leads and QA, never with who gave them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unassignable: Option<Unassignable>,
}

/// Answer of `GET /v1/queues`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queues {
    /// Rows.
    pub queues: Vec<QueueInfo>,
}

/// `POST /v1/claims`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// Which queues; empty means all that the person may see.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// How many, 1–20.
    pub count: u32,
    /// Only items of at most this severity hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_max: Option<u8>,
    /// Harm classes to leave out.
    #[serde(default)]
    pub exclude_classes: Vec<String>,
    /// Languages that the person reads; empty means any.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Items that this desk holds already.
    #[serde(default)]
    pub exclude_items: Vec<ItemId>,
}

/// One claimed item. Times are the server's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The claim.
    pub claim_id: ClaimId,
    /// Grows with each claim of an item.
    #[serde(default)]
    pub fence: u64,
    /// End of the lease.
    pub expires_at: Timestamp,
    /// Until then the item may be reviewed without a connection.
    #[serde(default)]
    pub offline_until: Option<Timestamp>,
    /// Where it was drawn from.
    pub queue_id: QueueId,
    /// The item.
    pub item: Item,
    /// What whoever handed it over had made already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// For an escalated item that a lead claims: how it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
}

/// A half-made decision that is handed over. It belongs to the item, never to a person, and is
/// deleted once the item is decided or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Policies chosen so far.
    #[serde(default)]
    pub policy_ids: Vec<PolicyId>,
    /// What was written so far, at most `note_chars_max` characters.
    #[serde(default)]
    pub note: String,
    /// Severity, if it was set: 0–4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    /// Whether "not sure" was set.
    #[serde(default)]
    pub unsure: bool,
    /// What was pointed at, at most `MARKS_MAX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// What was chosen for single media, at most one policy each; `policy_ids` has these too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<DraftMedium>,
    /// What was chosen for the item as a whole, beside `media`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_policy_id: Option<PolicyId>,
    /// Where films and sounds were left, at most one place each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<DraftPlace>,
}

/// Where a medium that lasts was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPlace {
    /// The medium.
    pub n: u32,
    /// Milliseconds from its start.
    pub at_ms: u32,
}

/// What was chosen so far for one medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftMedium {
    /// The medium.
    pub n: u32,
    /// The policy.
    pub policy_id: PolicyId,
}

/// Answer of `POST /v1/claims`. Items are raw JSON here so that one bad item spoils only itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClaimsAnswer {
    /// Claims, most urgent first.
    pub claims: Vec<serde_json::Value>,
}

/// `POST /v1/claims/heartbeat`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeartbeatRequest {
    /// Claims to keep.
    pub claim_ids: Vec<ClaimId>,
}

/// How one claim stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeartbeatRow {
    /// The claim.
    pub claim_id: ClaimId,
    /// Its new end, if it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Who has it now, if it is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
}

/// Why a claim is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lost {
    /// The role of whoever took it, or `expired` / `withdrawn`.
    pub by_role: String,
    /// When.
    pub at: Timestamp,
}

/// Answer of a heartbeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeartbeatAnswer {
    /// One row per claim asked for.
    pub claims: Vec<HeartbeatRow>,
}

open_enum! {
    /// Why a claim is given back.
    pub enum ReleaseWhy {
        /// Back to the queue.
        Returned = "returned",
        /// Not this person; no reason asked.
        NotMe = "not_me",
        /// Another language.
        Language = "language",
        /// Someone else goes on.
        HandOver = "hand_over",
    }
}

/// `POST /v1/claims/release`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseRequest {
    /// Claims to give back.
    pub claim_ids: Vec<ClaimId>,
    /// Why.
    pub why: ReleaseWhy,
    /// With `hand_over` and exactly one claim: what is made already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// With `not_me`: what is in the item is aimed at this person. The safety contact is told the
    /// item's id and nothing else, and nothing of that author comes to this person again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aimed: bool,
}

/// State of an item at the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemState {
    /// The item.
    pub item: Item,
    /// `open`, `claimed`, `decided`, `escalated`, `withdrawn`, …
    pub state: String,
    /// Ids of decisions that stand, newest last: the caller's own by their own ids, others' as team
    /// reads call them. Somebody who reviews the item blind sees none of them.
    #[serde(default)]
    pub decisions: Vec<DecisionId>,
    /// Those of them that are the caller's reviews and practice, without effect: what they say is carried out by
    /// nobody, and nothing in them is passed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_effect: Vec<DecisionId>,
    /// Questions that the caller asked about it, oldest first.
    #[serde(
        default,
        deserialize_with = "consult::each",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub consults: Vec<Consult>,
}

open_enum! {
    /// The closed set of error codes; clients branch on these only.
    pub enum ErrorCode {
        /// 401: the token is not (any longer) good.
        SignedOut = "signed_out",
        /// 403: the role does not allow it.
        NotAllowed = "not_allowed",
        /// 404.
        Unknown = "unknown",
        /// 409: the claim is not held.
        ClaimLost = "claim_lost",
        /// 409: cannot be undone any more.
        TooLate = "too_late",
        /// 413.
        TooLarge = "too_large",
        /// 422: a field is wrong.
        Invalid = "invalid",
        /// 422: the same key came with another body.
        KeyReused = "key_reused",
        /// 429.
        SlowDown = "slow_down",
        /// 5xx.
        Unavailable = "unavailable",
    }
}

/// What a client may do after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Nothing helps.
    Never,
    /// The same call with the same key.
    SameKey,
    /// The same call after this many seconds.
    AfterS(u32),
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Closed code.
    pub code: ErrorCode,
    /// For people; holds no content.
    pub message: String,
    /// What may be done.
    pub retry: Retry,
    /// The field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// `POST /v1/items`, part `item` of the multipart body; parts `media-0`, `media-1`, … hold bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IngestItem {
    /// The queue that it goes to.
    pub queue_id: QueueId,
    /// The item; its media's `bytes` and `sha256` are filled in by the server.
    pub item: Item,
    /// What a decision on it is expected to find. In training it is told after the decision;
    /// elsewhere the item is handed out as practice alone, and decisions on it have no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
}

/// One notice to the safety contact: something is aimed at a reviewer. The item's id and nothing
/// else; who said so is not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyNotice {
    /// Position for `since`.
    pub cursor: u64,
    /// The item.
    pub item_id: ItemId,
}

/// Answer of `GET /v1/safety-notices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyNotices {
    /// In the order of arrival.
    pub notices: Vec<SafetyNotice>,
    /// `since` of the next call.
    pub next: u64,
}

/// Answer of `POST /v1/items`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ingested {
    /// The item.
    pub item_id: ItemId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_is_written_as_the_protocol_says() {
        assert_eq!(
            serde_json::to_string(&Retry::Never).ok().as_deref(),
            Some("\"never\"")
        );
        assert_eq!(
            serde_json::to_string(&Retry::AfterS(12)).ok().as_deref(),
            Some("{\"after_s\":12}")
        );
    }
}
