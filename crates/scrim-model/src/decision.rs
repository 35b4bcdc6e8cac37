//! A decision, as it is recorded on the desk and sent to the server.

use serde::{Deserialize, Serialize};

use crate::action::ActionKind;
use crate::ids::{ClaimId, DecisionId, ItemId, PolicyId, QueueId};
use crate::item::Kind;
use crate::mark::Mark;
use crate::time::Timestamp;
use crate::view::MediumView;

/// One action of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionAction {
    /// Which.
    pub kind: ActionKind,
    /// For how long, in seconds; `None` is for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<u64>,
}

/// To whom an item is passed on. `priority` 1 (most urgent) – 3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Target, for example `lead` or `danger_to_life`.
    pub to: String,
    /// 1–3.
    pub priority: u8,
    /// Why, if written.
    #[serde(default)]
    pub reason: String,
}

/// One decision on one item: the record's judgement and action, and the totals of what was viewed.
/// Immutable once made; a correction is a new decision that `supersedes` this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// UUIDv7; also the record's id, and the idempotency key until a refused one is tried again.
    pub decision_id: DecisionId,
    /// The item.
    pub item_id: ItemId,
    /// The version that was looked at.
    pub item_version: u64,
    /// The queue that it came from.
    pub queue_id: QueueId,
    /// The claim under which it was made.
    pub claim_id: ClaimId,
    /// The claim's fence.
    pub fence: u64,
    /// The policy tree's version.
    pub policy_version: u64,
    /// The policies found to apply; empty with `allow`.
    pub policy_ids: Vec<PolicyId>,
    /// What is done.
    pub actions: Vec<DecisionAction>,
    /// 0–4: the gravest policy's, or the item's hint.
    pub severity: u8,
    /// The moderator was not sure.
    pub unsure: bool,
    /// What the moderator wrote.
    #[serde(default)]
    pub reason: String,
    /// With `escalate`: to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Escalation>,
    /// The desk's UTC.
    pub decided_at: Timestamp,
    /// The server's clock less the desk's, in milliseconds.
    pub skew_ms: i64,
    /// Active time from first shown to decided, in milliseconds, breaks and idling left out.
    /// A server leaves it out of team reads from severity 3 on; it is then 0.
    #[serde(default)]
    pub handle_ms: u64,
    /// The decision that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<DecisionId>,
    /// What the item was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_kind: Option<Kind>,
    /// How many texts of its own the item had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_texts: Option<u32>,
    /// The decision that this one repeats, for a copy of its item. What the copy itself was viewed is in
    /// `media`, mostly nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagated_from: Option<DecisionId>,
    /// Made at a training server: outside all statistics and without effect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub training: bool,
    /// What the moderator pointed at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Per medium, how much was viewed.
    #[serde(default)]
    pub media: Vec<MediumView>,
}

impl Decision {
    /// The action that names the decision in lists: the first one.
    #[must_use]
    pub fn headline(&self) -> &str {
        self.actions.first().map_or("none", |a| a.kind.as_str())
    }

    /// The first policy that was found to apply; empty for none.
    #[must_use]
    pub fn first_policy(&self) -> &str {
        self.policy_ids.first().map_or("", |id| id.as_str())
    }

    /// Priority in the outbox: smaller goes first. Escalations of priority 1 and `priority_one`
    /// items first, then everything else by age.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.escalate.as_ref().is_some_and(|e| e.priority == 1)
    }
}
