//! Queue protocol v1: what a desk and a queue server say to each other.
//!
//! HTTPS and JSON. Unknown fields are passed over, unknown enumeration values kept. Every write
//! carries an `Idempotency-Key`; a decision's is its `decision_id`.

use serde::{Deserialize, Serialize};

use scrim_model::open_enum;
use scrim_model::{
    ClaimId, Decision, DecisionId, Environment, Item, ItemId, ModeratorId, QueueId, Role, Timestamp,
};

/// Header that names the write (UUIDv7).
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Header by which a media request names its claim.
pub const SCRIM_CLAIM: &str = "scrim-claim";

/// `GET /v1/session`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Who the token belongs to.
    pub moderator_id: ModeratorId,
    /// Shown in the window only.
    pub display_name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// BCP 47 tags that they read.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What the server can do: `lease`, `fence`, `heartbeat`, `batch`, `idempotent_decisions`, …
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Always on screen.
    pub environment: Environment,
    /// Length of a lease, in seconds.
    #[serde(default = "lease_default")]
    pub lease_s: u32,
    /// Time between heartbeats, in seconds.
    #[serde(default = "heartbeat_default")]
    pub heartbeat_s: u32,
    /// Whom to call when someone is in danger.
    #[serde(default)]
    pub duty_contacts: Vec<Contact>,
}

fn lease_default() -> u32 {
    300
}

fn heartbeat_default() -> u32 {
    60
}

/// Someone to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Role or name.
    pub name: String,
    /// Number or address, as text.
    pub reach: String,
}

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
}

/// `POST /v1/decisions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionsRequest {
    /// 1–50 decisions.
    pub decisions: Vec<Decision>,
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
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
    /// Proof given for it.
    pub receipt: String,
    /// Taken back later.
    #[serde(default)]
    pub reverted: bool,
    /// Position for `since`.
    pub cursor: u64,
}

/// Answer of `GET /v1/decisions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldDecisions {
    /// In the order of arrival.
    pub decisions: Vec<HeldDecision>,
    /// `since` of the next call.
    pub next: u64,
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
    pub actions: Vec<scrim_model::DecisionAction>,
    /// Policies found to apply.
    pub policy_ids: Vec<scrim_model::PolicyId>,
    /// Tree that they are of.
    pub policy_version: u64,
    /// To whom it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<scrim_model::Escalation>,
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

/// State of an item at the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemState {
    /// The item.
    pub item: Item,
    /// `open`, `claimed`, `decided`, `escalated`, `withdrawn`, …
    pub state: String,
    /// Ids of decisions that stand, newest last.
    #[serde(default)]
    pub decisions: Vec<DecisionId>,
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

    #[test]
    fn a_result_row_is_flat() {
        let row: DecisionRow =
            serde_json::from_str(r#"{"decision_id":"d","result":"overtaken","by_role":"lead","at":"2026-01-01T00:00:00Z","outcome":"remove"}"#)
                .expect("a row");
        assert!(matches!(row.result, DecisionResult::Overtaken { .. }));
    }
}
