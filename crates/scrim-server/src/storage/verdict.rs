//! What becomes of a decision: the rules, without a database.
//!
//! In this order: shape and permission (`rejected`), then whether someone was first (`overtaken`),
//! then whether a second person is needed. Every implementation of storage asks this page.

use scrim_model::item::Item;
use scrim_model::limits::{MARKS_MAX, NOTE_CHARS_MAX};
use scrim_model::{ActionKind, Decision, DecisionAction, PolicyTree, Timestamp};
use scrim_wire::protocol::DecisionResult;

use crate::limits::{ACTIONS_MAX, POLICY_IDS_MAX};

/// The claim that a decision cites, if it is this person's and this item's.
#[derive(Debug, Clone, Copy)]
pub(super) struct CitedClaim {
    pub(super) fence: u64,
}

/// A claim of the item that is live now.
#[derive(Debug, Clone)]
pub(super) struct LiveClaim {
    pub(super) by_self: bool,
    pub(super) role: String,
    pub(super) granted_at: Timestamp,
    pub(super) fence: u64,
}

/// The newest decision on the item that counts.
#[derive(Debug, Clone)]
pub(super) struct Newest {
    pub(super) id: String,
    pub(super) by_self: bool,
    pub(super) role: String,
    pub(super) at: Timestamp,
    pub(super) outcome: String,
    /// Of the claim under which it was made.
    pub(super) fence: u64,
    /// A second person has not decided yet.
    pub(super) is_interim: bool,
}

/// What is known when a decision comes in.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) item: Option<Item>,
    pub(super) queue_id: String,
    pub(super) withdrawn_at: Option<Timestamp>,
    /// The item is passed on and waits for whoever it was passed to.
    pub(super) is_escalated: bool,
    pub(super) cited: Option<CitedClaim>,
    pub(super) live: Option<LiveClaim>,
    pub(super) newest: Option<Newest>,
    /// Someone else's decision counts as well.
    pub(super) other_decided: bool,
    /// The tree that the decision cites, if the server ever had it.
    pub(super) tree: Option<PolicyTree>,
}

/// What to do with the decision.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// Answer this and change nothing.
    Answer(DecisionResult),
    /// Take it.
    Take {
        /// Only an interim restriction takes effect until a second person decides.
        awaits_second: bool,
    },
}

fn rejected(code: &str, path: impl Into<String>) -> Verdict {
    Verdict::Answer(DecisionResult::Rejected {
        code: code.to_owned(),
        path: Some(path.into()),
    })
}

/// The rules.
pub(super) fn verdict(facts: &Facts, decision: &Decision) -> Verdict {
    let Some(item) = &facts.item else {
        return rejected("unknown_item", "item_id");
    };
    if let Some(at) = facts.withdrawn_at {
        return overtaken("ingest", at, "withdrawn");
    }
    if decision.queue_id.as_str() != facts.queue_id {
        return rejected("wrong_queue", "queue_id");
    }
    let Some(cited) = facts.cited else {
        return rejected("not_your_claim", "claim_id");
    };
    if cited.fence != decision.fence {
        return rejected("wrong_fence", "fence");
    }
    if let Some(fault) = shape_fault(item, decision).or_else(|| policy_fault(facts, decision)) {
        return fault;
    }
    if let Some(first) = first_come(facts, decision) {
        return first;
    }
    let needs_second = facts.tree.as_ref().is_some_and(|tree| {
        decision
            .policy_ids
            .iter()
            .any(|id| tree.get(id).is_some_and(|p| p.needs_second_review))
    });
    Verdict::Take {
        // An escalation brings a second person by itself.
        awaits_second: needs_second && !escalates(decision) && !facts.other_decided,
    }
}

/// Whether the item is passed on.
pub(super) fn escalates(decision: &Decision) -> bool {
    decision
        .actions
        .iter()
        .any(|a| a.kind == ActionKind::Escalate)
}

/// Whether its effect can be taken back once the platform has carried it out: who was told or
/// warned stays told.
pub(super) fn is_undoable(decision: &Decision) -> bool {
    decision
        .actions
        .iter()
        .all(|a| !matches!(a.kind, ActionKind::Escalate | ActionKind::WarnAuthor))
}

fn shape_fault(item: &Item, decision: &Decision) -> Option<Verdict> {
    if decision.item_version > item.version {
        return Some(rejected("unknown_version", "item_version"));
    }
    if decision.severity > 4 {
        return Some(rejected("out_of_range", "severity"));
    }
    if decision.reason.chars().count() > NOTE_CHARS_MAX {
        return Some(rejected("too_long", "reason"));
    }
    if decision.marks.len() > MARKS_MAX {
        return Some(rejected("too_long", "marks"));
    }
    if let Some(place) = decision.marks.iter().position(|m| !m.points_into(item)) {
        return Some(rejected("out_of_range", format!("marks[{place}]")));
    }
    if decision.actions.is_empty() || decision.actions.len() > ACTIONS_MAX {
        return Some(rejected("action_count", "actions"));
    }
    for (place, action) in decision.actions.iter().enumerate() {
        if !item.allowed_actions.contains(&action.kind) {
            return Some(rejected(
                "action_not_allowed",
                format!("actions[{place}].kind"),
            ));
        }
    }
    match &decision.escalate {
        Some(to) if !escalates(decision) || to.to.is_empty() || !(1..=3).contains(&to.priority) => {
            Some(rejected("bad_escalation", "escalate"))
        }
        Some(to) if to.reason.chars().count() > NOTE_CHARS_MAX => {
            Some(rejected("too_long", "escalate.reason"))
        }
        None if escalates(decision) => Some(rejected("bad_escalation", "escalate")),
        _ => None,
    }
}

fn policy_fault(facts: &Facts, decision: &Decision) -> Option<Verdict> {
    if decision.policy_ids.is_empty() {
        return None;
    }
    if decision.policy_ids.len() > POLICY_IDS_MAX {
        return Some(rejected("policy_count", "policy_ids"));
    }
    let Some(tree) = &facts.tree else {
        return Some(rejected("unknown_policy_version", "policy_version"));
    };
    for (place, id) in decision.policy_ids.iter().enumerate() {
        let Some(policy) = tree.get(id) else {
            return Some(rejected("unknown_policy", format!("policy_ids[{place}]")));
        };
        if policy.needs_reason && decision.reason.trim().is_empty() {
            return Some(rejected("reason_needed", "reason"));
        }
    }
    None
}

/// Whether someone was first, or this person decided before.
fn first_come(facts: &Facts, decision: &Decision) -> Option<Verdict> {
    if let Some(newest) = &facts.newest {
        let corrects = decision
            .supersedes
            .as_ref()
            .is_some_and(|id| id.as_str() == newest.id);
        return match (newest.by_self, corrects) {
            (true, true) => None,
            (true, false) => Some(rejected("already_decided", "supersedes")),
            (false, _) if newest.is_interim && decision.supersedes.is_none() => {
                newer_claim(facts, decision)
            }
            // Whoever it was passed to claims it after it was passed on.
            (false, _)
                if facts.is_escalated
                    && decision.fence > newest.fence
                    && decision.supersedes.is_none() =>
            {
                newer_claim(facts, decision)
            }
            (false, _) => Some(overtaken(&newest.role, newest.at, &newest.outcome)),
        };
    }
    if decision.supersedes.is_some() {
        return Some(rejected("nothing_to_correct", "supersedes"));
    }
    newer_claim(facts, decision)
}

fn newer_claim(facts: &Facts, decision: &Decision) -> Option<Verdict> {
    facts
        .live
        .as_ref()
        .filter(|live| !live.by_self && live.fence > decision.fence)
        .map(|live| overtaken(&live.role, live.granted_at, "claimed"))
}

fn overtaken(by_role: &str, at: Timestamp, outcome: &str) -> Verdict {
    Verdict::Answer(DecisionResult::Overtaken {
        by_role: by_role.to_owned(),
        at,
        outcome: outcome.to_owned(),
    })
}

/// What takes effect while a second person has not decided: a restriction, for good until then.
pub(super) fn interim_actions() -> Vec<DecisionAction> {
    vec![DecisionAction {
        kind: ActionKind::Restrict,
        duration_s: None,
    }]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    fn facts() -> Facts {
        Facts {
            item: serde_json::from_value(
                json!({"id": "i", "kind": "image", "allowed_actions": ["allow", "remove", "escalate"]}),
            )
            .unwrap(),
            queue_id: "q".into(),
            withdrawn_at: None,
            is_escalated: false,
            cited: Some(CitedClaim { fence: 1 }),
            live: None,
            newest: None,
            other_decided: false,
            tree: serde_json::from_value(json!({"version": 1, "policies": [
                {"id": "p", "name": "P", "needs_reason": true},
                {"id": "s", "name": "S", "needs_second_review": true}]}))
            .unwrap(),
        }
    }

    fn decision(changed: serde_json::Value) -> Decision {
        let mut whole = json!({"decision_id": "d", "item_id": "i", "item_version": 0, "queue_id": "q",
            "claim_id": "c", "fence": 1, "policy_version": 1, "policy_ids": [],
            "actions": [{"kind": "remove"}], "severity": 1, "unsure": false,
            "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0, "handle_ms": 1});
        for (key, value) in changed.as_object().unwrap() {
            whole[key] = value.clone();
        }
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn each_rule_names_its_code_and_field() {
        for (changed, code, path) in [
            (json!({"queue_id": "z"}), "wrong_queue", "queue_id"),
            (json!({"fence": 9}), "wrong_fence", "fence"),
            (
                json!({"item_version": 5}),
                "unknown_version",
                "item_version",
            ),
            (json!({"severity": 5}), "out_of_range", "severity"),
            (
                json!({"marks": [{"texts": {"first": "no", "last": "no"}}]}),
                "out_of_range",
                "marks[0]",
            ),
            (json!({"reason": "x".repeat(2_001)}), "too_long", "reason"),
            (json!({"actions": []}), "action_count", "actions"),
            (
                json!({"actions": [{"kind": "allow"}, {"kind": "label"}]}),
                "action_not_allowed",
                "actions[1].kind",
            ),
            (
                json!({"actions": [{"kind": "escalate"}]}),
                "bad_escalation",
                "escalate",
            ),
            (
                json!({"escalate": {"to": "lead", "priority": 1}}),
                "bad_escalation",
                "escalate",
            ),
            (
                json!({"policy_ids": ["nope"]}),
                "unknown_policy",
                "policy_ids[0]",
            ),
            (json!({"policy_ids": ["p"]}), "reason_needed", "reason"),
            (
                json!({"supersedes": "d0"}),
                "nothing_to_correct",
                "supersedes",
            ),
        ] {
            assert_eq!(verdict(&facts(), &decision(changed)), rejected(code, path));
        }
    }

    #[test]
    fn an_escalation_needs_no_second_review_of_its_own() {
        let removal = decision(json!({"policy_ids": ["s"]}));
        assert_eq!(
            verdict(&facts(), &removal),
            Verdict::Take {
                awaits_second: true
            }
        );
        let escalation = decision(
            json!({"policy_ids": ["s"], "actions": [{"kind": "escalate"}],
            "escalate": {"to": "lead", "priority": 1}}),
        );
        assert_eq!(
            verdict(&facts(), &escalation),
            Verdict::Take {
                awaits_second: false
            }
        );
    }

    #[test]
    fn a_live_claim_with_a_higher_fence_goes_first_unless_it_is_ones_own() {
        let mut facts = facts();
        let mut live = LiveClaim {
            by_self: false,
            role: "lead".into(),
            granted_at: Timestamp(7),
            fence: 2,
        };
        facts.live = Some(live.clone());
        assert_eq!(
            verdict(&facts, &decision(json!({}))),
            overtaken("lead", Timestamp(7), "claimed")
        );
        live.by_self = true;
        facts.live = Some(live);
        assert_eq!(
            verdict(&facts, &decision(json!({}))),
            Verdict::Take {
                awaits_second: false
            }
        );
    }
}
