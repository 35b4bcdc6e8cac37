//! Made-up decisions of a team, as a queue server tells them.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(dead_code, reason = "each test file uses its own part")]

use scrim_model::team::{Detector, Due, ReviewKind, Standing};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, ItemId, PolicyId, QueueId, Timestamp,
};
use scrim_store::Key;
use scrim_wire::protocol::{HeldDecision, HeldDecisions, TeamFacts};

pub(crate) const DAY_MS: i64 = 86_400_000;
pub(crate) const FROM: &str = "1970-01-01";
pub(crate) const TO: &str = "1970-12-31";

pub(crate) fn key() -> Key {
    Key::new([7; 32])
}

#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) id: u8,
    pub(crate) day: i64,
    pub(crate) queue: bool,
    pub(crate) policy: u8,
    pub(crate) severity: u8,
    pub(crate) unsure: bool,
    pub(crate) handle_ms: u64,
    pub(crate) copy: bool,
    pub(crate) action_s: Option<u64>,
    pub(crate) due: Option<Due>,
    pub(crate) review: ReviewKind,
    pub(crate) standing: Standing,
    pub(crate) of: Option<u8>,
}

pub(crate) fn id(n: u8) -> DecisionId {
    DecisionId::new(format!("d{n}")).unwrap()
}

pub(crate) fn held(made: &Made, cursor: u64) -> HeldDecision {
    let kind = match made.policy {
        0 => ActionKind::Allow,
        _ => ActionKind::Remove,
    };
    let policy = (made.policy > 0).then(|| PolicyId::new(format!("p{}", made.policy)).unwrap());
    let decision = Decision {
        decision_id: id(made.id),
        item_id: ItemId::new(format!("i{}", made.id)).unwrap(),
        item_version: 1,
        queue_id: QueueId::new(if made.queue { "q1" } else { "q2" }).unwrap(),
        claim_id: ClaimId::new("c").unwrap(),
        fence: 1,
        policy_version: 1,
        policy_ids: Vec::from_iter(policy),
        // Grave ones have two.
        actions: std::iter::once(kind)
            .chain((made.severity > 2).then_some(ActionKind::SuspendAuthor))
            .map(|kind| DecisionAction {
                kind,
                duration_s: None,
            })
            .collect(),
        severity: made.severity,
        unsure: made.unsure,
        reason: format!("why {}", made.id),
        escalate: None,
        decided_at: Timestamp(made.day * DAY_MS),
        skew_ms: 0,
        training: false,
        handle_ms: made.handle_ms,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: made.copy.then(|| id(0)),
        marks: Vec::new(),
        media: Vec::new(),
    };
    HeldDecision {
        decision,
        receipt: "r".to_owned(),
        reverted: made.standing == Standing::Reverted,
        revert_reason: None,
        header: None,
        team: Some(TeamFacts {
            standing: made.standing.clone(),
            review: made.review.clone(),
            of: made.of.map(id),
            action_s: made.action_s,
            due: made.due.clone(),
            languages: if made.queue {
                vec!["de".to_owned(), "fr".to_owned()]
            } else {
                Vec::new()
            },
            reported: made.unsure,
            flagged_by: Vec::from_iter((made.policy != 2).then(|| Detector {
                name: "d".to_owned(),
                version: made.policy.to_string(),
            })),
        }),
        cursor,
    }
}

pub(crate) fn page(rows: &[Made], next: u64) -> HeldDecisions {
    HeldDecisions {
        decisions: rows.iter().map(|made| held(made, next)).collect(),
        next,
        ..HeldDecisions::default()
    }
}

pub(crate) fn one(id: u8) -> Made {
    Made {
        id,
        day: 1,
        queue: true,
        policy: 1,
        severity: 1,
        unsure: true,
        handle_ms: 10,
        copy: false,
        action_s: Some(5),
        due: Some(Due::Met),
        review: ReviewKind::First,
        standing: Standing::Standing,
        of: None,
    }
}
