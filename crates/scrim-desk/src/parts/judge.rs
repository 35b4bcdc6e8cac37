//! What follows from an item and from what was chosen for it.

use scrim_model::view::{Looked, MediumView, medium_view};
use scrim_model::{ActionKind, Decision, PolicyId, PolicyTree};

use crate::parts::copies::Hashed;
use crate::parts::hand::HandItem;

/// Actions that an item offers when its server lists none.
const ACTIONS_DEFAULT: [ActionKind; 5] = [
    ActionKind::Allow,
    ActionKind::Remove,
    ActionKind::Restrict,
    ActionKind::AgeGate,
    ActionKind::Escalate,
];

/// The actions that may be offered for an item.
pub(crate) fn allowed(held: &HandItem) -> Vec<ActionKind> {
    if held.is_look() {
        Vec::new()
    } else if held.item.allowed_actions.is_empty() {
        ACTIONS_DEFAULT.to_vec()
    } else {
        held.item.allowed_actions.clone()
    }
}

/// What is sent before everything else: priority 1, removals of what a list knows exactly, urgent
/// escalations.
pub(crate) fn goes_first(decision: &Decision, priority: u8, is_known_exact: bool) -> bool {
    let removes = decision
        .actions
        .iter()
        .any(|a| a.kind == ActionKind::Remove);
    decision.is_urgent() || priority == 1 || (removes && is_known_exact)
}

/// The level whose digits count once this policy is chosen: its own if it has some, otherwise the one it stands on.
pub(crate) fn level_of(policies: &PolicyTree, id: &PolicyId) -> Option<PolicyId> {
    if policies.children(Some(id)).is_empty() {
        policies.get(id).and_then(|policy| policy.parent.clone())
    } else {
        Some(id.clone())
    }
}

/// What was viewed of each medium of an item, and what it is known by.
pub(crate) fn media_views(held: &HandItem) -> Vec<MediumView> {
    let media = held.item.media.iter().map(|m| {
        let n = m.n as usize;
        let looked = Looked {
            n: m.n,
            timeline_ms: held.timeline_ms(m),
            ms_on_screen: held.on_screen_ms.get(n).copied().unwrap_or(0),
            intervals: &held.intervals,
        };
        MediumView {
            loaded_by_choice: held.loaded_by_choice.get(n).copied().unwrap_or(false),
            without_landlock: held.without_landlock.get(n).copied().unwrap_or(false),
            hashes: held.hashes.get(n).and_then(Hashed::known).cloned(),
            ..medium_view(m.sha256.clone(), looked)
        }
    });
    media.collect()
}
