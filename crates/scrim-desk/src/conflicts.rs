//! What did not go as decided: listed until the moderator has dealt with it. Nothing here drops a
//! decision; what is parked stays in the records and can be sent once more.

use scrim_model::{Decision, DecisionId, Timestamp};
use scrim_wire::window::{
    ConflictAbout, ConflictStep, ConflictView, ConflictWhat, NoticeKey, ParkReason, SyncState,
};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::{Effect, Noted};
use crate::event::OutboxRow;
use crate::limits::CONFLICTS_MAX;
use crate::parts::decided::Decided;
use crate::send::UNREADABLE;

impl Desk {
    /// Lists what happened to a decision, in place of what was listed of it before.
    pub(crate) fn conflict(
        &mut self,
        decision: &Decision,
        what: ConflictWhat,
        at: Option<Timestamp>,
    ) {
        let about = ConflictAbout::Decision {
            decision_id: decision.decision_id.clone(),
            item_id: decision.item_id.clone(),
            action: decision.headline().into(),
            decided_at: decision.decided_at,
        };
        self.list_conflict(ConflictView { about, what, at });
    }

    pub(crate) fn list_conflict(&mut self, conflict: ConflictView) {
        self.unlist(conflict.decision().cloned().as_ref());
        self.conflicts.push_front(conflict);
        self.conflicts.truncate(CONFLICTS_MAX);
    }

    /// `None`: what is about the records as a whole.
    pub(crate) fn unlist(&mut self, about: Option<&DecisionId>) {
        self.conflicts.retain(|c| c.decision() != about);
    }

    fn listed(&self, about: Option<&DecisionId>) -> Option<&ConflictView> {
        self.conflicts.iter().find(|c| c.decision() == about)
    }

    /// Whether the server does not take this decision and its item can be decided anew.
    pub(crate) fn can_decide_anew(&self, id: &DecisionId) -> bool {
        self.listed(Some(id))
            .is_some_and(ConflictView::can_decide_anew)
    }

    pub(crate) fn conflict_step(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        about: Option<DecisionId>,
        step: ConflictStep,
        out: &mut Vec<Effect>,
    ) {
        let Some(conflict) = self.listed(about.as_ref()) else {
            return;
        };
        let how = match step {
            ConflictStep::TryAgain if conflict.can_try_again() => {
                // Under its old key the server would only say again what it has said. Where nothing
                // that it said is known, that is what is asked for.
                let is_unread = match &conflict.what {
                    ConflictWhat::Parked { reason, code } => {
                        *reason == ParkReason::Saved || code == UNREADABLE
                    }
                    _ => false,
                };
                let key = (!is_unread).then(|| fresh.take());
                out.extend(about.map(|decision_id| Effect::Unpark { decision_id, key }));
                return;
            }
            ConflictStep::TryAgain => return,
            ConflictStep::Seen => Noted::Seen,
            ConflictStep::TellLead => Noted::Lead,
        };
        self.note_conflict(now, about, how, out);
    }

    /// It is dealt with: off the list, and in the records.
    pub(crate) fn note_conflict(
        &mut self,
        now: Now,
        about: Option<DecisionId>,
        how: Noted,
        out: &mut Vec<Effect>,
    ) {
        self.unlist(about.as_ref());
        out.push(match about {
            Some(decision_id) => Effect::NoteConflict {
                decision_id,
                how,
                at: now.utc(),
            },
            None => Effect::NoteTail,
        });
    }

    /// The store has put a parked decision back into the row, or could not read it.
    pub(crate) fn unparked(&mut self, id: &DecisionId, row: Option<Box<OutboxRow>>) {
        let Some(row) = row.filter(|_| self.place_of(id).is_none()) else {
            return self.notice(NoticeKey::TryAgainFailed, "");
        };
        self.unlist(Some(id));
        // In front: it is older than whatever waits for its item by now.
        self.outbox.insert(0, Decided::restored(*row));
        self.set_history(id, SyncState::Waiting);
        self.notice(NoticeKey::TriedAgain, "");
    }
}
