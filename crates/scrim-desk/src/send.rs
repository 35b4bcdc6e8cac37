//! From the undo window to the server: what goes next, and what an answer to it means.
//!
//! Urgent ones go first, then the oldest; decisions on one item always in the order in which they
//! were made and each only after the answer to the one before, so an urgent one takes the earlier
//! ones on its item along. A long row goes in calls of many, under one key that is on disk before.

use std::collections::{HashMap, HashSet};

use scrim_model::{DecisionId, ItemId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{DecisionResult, DecisionRow, Feedback, ItemState};
use scrim_wire::window::SyncState;

use crate::back_off::back_off_ms;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::{BATCH_FROM, BATCH_MAX, TRIES_BEFORE_OTHERS, UNREADABLE_ANSWERS_MAX};
use crate::parts::decided::Decided;

/// The desk's own code for a decision whose answers can never be read.
pub(crate) const UNREADABLE: &str = "answer_unreadable";

impl Desk {
    /// Decisions whose undo window is over start to wait for their turn. While one is being taken
    /// back none is let go.
    pub(crate) fn release_undo_windows(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.withdrawing > 0 {
            return;
        }
        let mut gone = Vec::new();
        for decided in &mut self.outbox {
            if decided.state == SyncState::Held && decided.held_until_awake_ms <= now.awake_ms {
                decided.state = SyncState::Waiting;
                // Its item does not come back any more, so nothing of it needs to be in memory. One whose claim was lost
                // has gone already, and may have come anew.
                if decided.item.take().is_some() {
                    out.push(Effect::DropItem(decided.decision.item_id.clone()));
                }
                gone.push(decided.decision.decision_id.clone());
            }
        }
        for id in gone {
            self.set_history(&id, SyncState::Waiting);
        }
    }

    /// Puts the next waiting decision in flight, or the next ones together.
    pub(crate) fn send_next(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let in_flight = self.outbox.iter().any(|d| d.state == SyncState::InFlight);
        let waits = in_flight || self.withdrawing > 0 || self.comparing.holds_sending();
        if waits || now.awake_ms < self.link.next_send_awake_ms {
            return;
        }
        let order = sending_order(&self.outbox);
        let Some(first) = order.first().copied() else {
            return;
        };
        if self.must_be_read(first) {
            return self.read_sent(first, out);
        }
        if let Some((places, key)) = self.together_again(first) {
            return self.ready_to_leave(&places, Some(key), out);
        }
        let many = self.together(&order);
        if many.len() > 1 {
            return self.ready_to_leave(&many, Some(fresh.take()), out);
        }
        self.ready_to_leave(&[first], None, out);
    }

    /// Places that go in one call: of a long row only, and where a lost answer needs no look first.
    fn together(&self, order: &[usize]) -> Vec<usize> {
        let may = self.server_can("batch")
            && self.server_can("idempotent_decisions")
            && self.server_can("lease")
            && !self.link.one_by_one
            && order.len() >= BATCH_FROM;
        if !may {
            return Vec::new();
        }
        let limits = self.session.as_ref().and_then(|s| s.limits.as_ref());
        let taken = limits.map_or(BATCH_MAX, |l| l.decisions_max as usize);
        // What has left keeps its key: a late copy of its first call must meet it at the server.
        let has_left = |place: &usize| self.outbox[*place].left;
        if order.first().is_some_and(has_left) {
            return Vec::new();
        }
        let many = order.iter().filter(|place| !has_left(place));
        let many = many.take(taken.min(BATCH_MAX));
        many.copied().collect()
    }

    /// The call without an answer that this decision was part of, as it was.
    fn together_again(&self, first: usize) -> Option<(Vec<usize>, String)> {
        let Some((key, Some(_))) = &self.outbox[first].sent_with else {
            return None;
        };
        if self.link.one_by_one || !self.server_can("batch") {
            return None;
        }
        let mut places: Vec<(u32, usize)> = Vec::new();
        for (place, decided) in self.outbox.iter().enumerate() {
            if let Some((of, Some(n))) = &decided.sent_with
                && of == key
            {
                places.push((*n, place));
            }
        }
        places.sort_unstable();
        (places.len() > 1).then(|| (places.into_iter().map(|(_, at)| at).collect(), key.clone()))
    }

    /// A server that keeps no keys is asked before anything goes to it a second time; one without
    /// leases before anything goes at all.
    fn must_be_read(&self, place: usize) -> bool {
        let decided = &self.outbox[place];
        let doubtful = decided.left && !self.server_can("idempotent_decisions");
        !decided.was_read && (doubtful || !self.server_can("lease"))
    }

    fn read_sent(&mut self, place: usize, out: &mut Vec<Effect>) {
        if self.link.reading_sent {
            return;
        }
        self.link.reading_sent = true;
        let decision = &self.outbox[place].decision;
        out.push(Effect::ReadSent {
            decision_id: decision.decision_id.clone(),
            item: decision.item_id.clone(),
        });
    }

    pub(crate) fn sent_read(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: &DecisionId,
        answer: Result<Box<ItemState>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.reading_sent = false;
        let Some(place) = self.place_of(id) else {
            return;
        };
        let state = match answer {
            Ok(state) => state,
            Err(CallFailed::Refused { .. }) => {
                self.outbox[place].was_read = true;
                return;
            }
            Err(failed) => return self.call_failed(now, fresh, failed),
        };
        self.call_went_through(now, out);
        let decided = &mut self.outbox[place];
        decided.was_read = true;
        if state.decisions.contains(id) {
            let receipt = DecisionResult::Duplicate {
                receipt: String::new(),
                at: now.utc(),
            };
            return self.settle(now, place, receipt, out);
        }
        let corrects = decided.decision.supersedes.as_ref();
        let newest = state.decisions.last();
        let is_taken = newest.is_some() && newest != corrects;
        if is_taken && !self.server_can("lease") {
            let overtaken = DecisionResult::Overtaken {
                by_role: "other".into(),
                at: now.utc(),
                outcome: state.state,
            };
            self.settle(now, place, overtaken, out);
        }
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
        match answer {
            Ok((result, feedback)) => {
                self.sending_went_through(now, out);
                let decision = self.outbox[place].decision.clone();
                self.settle(now, place, result, out);
                if let Some(feedback) = feedback {
                    self.take_feedback(&decision, feedback);
                }
            }
            Err(CallFailed::Refused { code, .. }) => {
                self.settle(
                    now,
                    place,
                    DecisionResult::Rejected { code, path: None },
                    out,
                );
            }
            Err(failed) => {
                let is_broken = matches!(failed, CallFailed::Broken { .. });
                if self.went_unanswered(place, is_broken) {
                    let code = UNREADABLE.to_owned();
                    self.settle(
                        now,
                        place,
                        DecisionResult::Rejected { code, path: None },
                        out,
                    );
                }
                self.sending_failed(now, fresh, failed);
            }
        }
    }

    pub(crate) fn together_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        ids: &[DecisionId],
        answer: Result<Vec<DecisionRow>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        if let [id] = ids {
            // One that goes alone under a key of its own.
            let answer = answer.and_then(|rows| {
                let mut rows = rows.into_iter();
                let row = rows.find(|row| &row.decision_id == id);
                let what = "the answer says nothing of the decision".to_owned();
                let row = row.ok_or(CallFailed::Broken { what })?;
                Ok((row.result, row.feedback))
            });
            return self.send_answered(now, fresh, id, answer, out);
        }
        match answer {
            Ok(rows) => {
                self.sending_went_through(now, out);
                for row in rows
                    .into_iter()
                    .filter(|row| ids.contains(&row.decision_id))
                {
                    let answered = Ok((row.result, row.feedback));
                    self.send_answered(now, fresh, &row.decision_id, answered, out);
                }
                // What the answer leaves out goes again, by itself.
                self.fell_out(ids);
            }
            Err(CallFailed::Refused { .. }) => {
                // It says nothing about any one of them, so each goes by itself.
                self.link.one_by_one = true;
                self.fell_out(ids);
            }
            Err(failed) => {
                if self.must_go_alone(ids, &failed) {
                    self.fell_out(ids);
                } else {
                    for id in ids {
                        if let Some(place) = self.place_of(id) {
                            self.went_unanswered(place, false);
                        }
                    }
                }
                self.sending_failed(now, fresh, failed);
            }
        }
    }

    /// Whether each of a call without an answer is to be tried by itself: what is said of all of them
    /// cannot be read, or never comes.
    fn must_go_alone(&self, ids: &[DecisionId], failed: &CallFailed) -> bool {
        let places = ids.iter().filter_map(|id| self.place_of(id));
        let tries = places.map(|place| self.outbox[place].tries).max();
        matches!(failed, CallFailed::Broken { .. })
            || tries.is_some_and(|tries| tries + 1 >= TRIES_BEFORE_OTHERS)
    }

    /// Those of a call that still wait go another way than under its key.
    fn fell_out(&mut self, ids: &[DecisionId]) {
        for id in ids {
            let Some(place) = self.place_of(id) else {
                continue;
            };
            if self.outbox[place].state == SyncState::InFlight {
                self.went_unanswered(place, false);
                self.outbox[place].sent_with = None;
            }
        }
    }

    /// It waits again; whether its answers can never be read.
    pub(crate) fn went_unanswered(&mut self, place: usize, is_broken: bool) -> bool {
        let decided = &mut self.outbox[place];
        decided.state = SyncState::Waiting;
        decided.was_read = false;
        decided.tries = decided.tries.saturating_add(1);
        decided.broken = decided.broken.saturating_add(u32::from(is_broken));
        let (id, broken) = (decided.decision.decision_id.clone(), decided.broken);
        self.set_history(&id, SyncState::Waiting);
        broken >= UNREADABLE_ANSWERS_MAX
    }

    fn sending_went_through(&mut self, now: Now, out: &mut Vec<Effect>) {
        self.link.send_failures = 0;
        self.call_went_through(now, out);
    }

    fn sending_failed(&mut self, now: Now, fresh: &mut Fresh, failed: CallFailed) {
        self.hold_sending(now, fresh);
        self.call_failed(now, fresh, failed);
    }

    pub(crate) fn hold_sending(&mut self, now: Now, fresh: &Fresh) {
        self.link.send_failures = self.link.send_failures.saturating_add(1);
        let wait_ms = back_off_ms(self.link.send_failures, fresh.jitter, None);
        self.link.next_send_awake_ms = now.awake_ms + wait_ms;
    }

    /// The server has said what became of a decision: it is final.
    pub(crate) fn settle(
        &mut self,
        now: Now,
        place: usize,
        result: DecisionResult,
        out: &mut Vec<Effect>,
    ) {
        self.comparing.confirmed_meanwhile = true;
        let decided = self.outbox.remove(place);
        self.take_apart(decided.sent_with.as_ref());
        out.push(Effect::RecordAnswer {
            decision_id: decided.decision.decision_id.clone(),
            result: result.clone(),
            at: now.utc(),
        });
        out.push(Effect::ForgetClaims(vec![
            decided.decision.claim_id.clone(),
        ]));
        if decided.item.is_some() {
            out.push(Effect::DropItem(decided.decision.item_id.clone()));
        }
        self.finish(now, &decided, result, out);
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
