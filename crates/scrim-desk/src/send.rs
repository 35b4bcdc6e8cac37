//! From the undo window to the server: which decision goes next, and what an answer to it means.
//!
//! Urgent ones go first, then the oldest; decisions on one item always in the order in which they
//! were made, so an urgent one takes the earlier ones on its item along.

use std::collections::{HashMap, HashSet};

use scrim_model::{DecisionId, ItemId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{DecisionResult, Feedback};
use scrim_wire::window::SyncState;

use crate::back_off::back_off_ms;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::TRIES_BEFORE_OTHERS;
use crate::parts::decided::Decided;

impl Desk {
    /// Decisions whose undo window is over start to wait for their turn. While one is being taken
    /// back none is let go.
    pub(crate) fn release_undo_windows(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.withdrawing {
            return;
        }
        let mut gone = Vec::new();
        for decided in &mut self.outbox {
            if decided.state == SyncState::Held && decided.held_until_awake_ms <= now.awake_ms {
                decided.state = SyncState::Waiting;
                // It cannot be taken back any more, so nothing of it needs to be in memory.
                decided.item = None;
                out.push(Effect::DropItem(decided.decision.item_id.clone()));
                gone.push(decided.decision.decision_id.clone());
            }
        }
        for id in gone {
            self.set_history(&id, SyncState::Waiting);
        }
    }

    /// Puts the next waiting decision in flight.
    pub(crate) fn send_next(&mut self, now: Now, out: &mut Vec<Effect>) {
        let in_flight = self.outbox.iter().any(|d| d.state == SyncState::InFlight);
        if in_flight || now.awake_ms < self.link.next_send_awake_ms {
            return;
        }
        let Some(place) = sending_order(&self.outbox).into_iter().next() else {
            return;
        };
        let next = &mut self.outbox[place];
        next.state = SyncState::InFlight;
        let decision = next.decision.clone();
        self.set_history(&decision.decision_id, SyncState::InFlight);
        out.push(Effect::MarkInFlight(decision.decision_id.clone()));
        out.push(Effect::SendDecision(Box::new(decision)));
    }

    pub(crate) fn send_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: &DecisionId,
        answer: Result<(DecisionResult, Option<Feedback>), CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        let Some(place) = self.place_of(id) else {
            return;
        };
        let (result, feedback) = match answer {
            Ok(answered) => {
                self.link.send_failures = 0;
                self.call_went_through(now, out);
                answered
            }
            Err(CallFailed::Refused { code, .. }) => {
                (DecisionResult::Rejected { code, path: None }, None)
            }
            Err(failed) => {
                let unanswered = &mut self.outbox[place];
                unanswered.state = SyncState::Waiting;
                unanswered.tries = unanswered.tries.saturating_add(1);
                self.set_history(id, SyncState::Waiting);
                self.link.send_failures = self.link.send_failures.saturating_add(1);
                let wait_ms = back_off_ms(self.link.send_failures, fresh.jitter, None);
                self.link.next_send_awake_ms = now.awake_ms + wait_ms;
                return self.call_failed(now, fresh, failed);
            }
        };
        let decided = self.outbox.remove(place);
        out.push(Effect::RecordAnswer {
            decision_id: id.clone(),
            result: result.clone(),
            at: now.utc(),
        });
        out.push(Effect::ForgetClaims(vec![
            decided.decision.claim_id.clone(),
        ]));
        self.finish(now, &decided, result);
        if let Some(feedback) = feedback {
            self.take_feedback(&decided.decision, feedback);
        }
    }
}

/// Places of the decisions that may be sent now, the next one first. One that found a connection and
/// got no answer several times lets the others go ahead.
fn sending_order(outbox: &[Decided]) -> Vec<usize> {
    let mut urgent = HashSet::new();
    let mut earliest: HashMap<&ItemId, usize> = HashMap::new();
    for (place, decided) in outbox.iter().enumerate() {
        let item = &decided.decision.item_id;
        earliest.entry(item).or_insert(place);
        if decided.first && decided.state != SyncState::Held {
            urgent.insert(item);
        }
    }
    let mut ready: Vec<usize> = (0..outbox.len())
        .filter(|place| {
            let decided = &outbox[*place];
            decided.state == SyncState::Waiting
                && earliest.get(&decided.decision.item_id) == Some(place)
        })
        .collect();
    ready.sort_by_key(|place| {
        let decided = &outbox[*place];
        let later = decided.tries / TRIES_BEFORE_OTHERS;
        (later, !urgent.contains(&decided.decision.item_id), *place)
    });
    ready
}
