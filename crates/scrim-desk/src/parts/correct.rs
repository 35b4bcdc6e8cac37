//! A correction in the making.

use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_model::text::cut_chars;
use scrim_model::{ActionKind, Decision};
use scrim_wire::window::{Correct, Draft};

use crate::clock::Now;

/// What a correction can do. Passing on is asked in place, with its item open.
pub(crate) const ACTIONS: [ActionKind; 4] = [
    ActionKind::Allow,
    ActionKind::Remove,
    ActionKind::Restrict,
    ActionKind::AgeGate,
];

/// A correction that is being made.
#[derive(Debug)]
pub(crate) struct Correcting {
    pub(crate) old: Box<Decision>,
    pub(crate) draft: Draft,
    /// The new action, and when it was chosen (awake time).
    pub(crate) action: Option<(ActionKind, u64)>,
}

impl Correcting {
    pub(crate) fn of(old: Box<Decision>) -> Self {
        let draft = Draft {
            chosen: old.policy_ids.first().cloned(),
            unsure: old.unsure,
            note: old.reason.clone(),
            ..Draft::default()
        };
        Self {
            old,
            draft,
            action: None,
        }
    }

    pub(crate) fn change(&mut self, now: Now, what: Correct) {
        match what {
            Correct::NoPolicy => {
                self.draft.chosen = None;
                self.draft.parent = None;
            }
            Correct::Unsure => self.draft.unsure = !self.draft.unsure,
            Correct::Note(text) => self.draft.note = cut_chars(&text, NOTE_CHARS_MAX),
            Correct::Action(kind) if self.allowed().contains(&kind) => {
                self.action = Some((kind, now.awake_ms));
            }
            _ => {}
        }
    }

    /// Its own action stands beside the usual ones: the server has taken it for this item before.
    pub(crate) fn allowed(&self) -> Vec<ActionKind> {
        let mut allowed = ACTIONS.to_vec();
        let own = self.old.actions.first().map(|a| &a.kind);
        allowed.extend(
            own.filter(|kind| !ACTIONS.contains(kind) && **kind != ActionKind::Escalate)
                .cloned(),
        );
        allowed
    }
}
