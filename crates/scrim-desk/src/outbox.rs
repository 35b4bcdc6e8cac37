//! What became of decisions that were sent: receipts, conflicts, the list of own ones, escalations
//! until the server shows them. A decision that the server cannot take is listed and never blocks
//! the others.

use scrim_model::{ActionKind, Decision, DecisionId, ItemId};
use scrim_wire::protocol::{DecisionResult, ItemState};
use scrim_wire::window::{
    ConflictWhat, HistoryRow, Later, Notice, NoticeKey, ParkReason, SyncState, UndoState,
};

use crate::clock::{Fresh, Now};
use crate::correct::is_too_late;
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::{ESCALATION_WARN_MS, HISTORY_MAX, READ_BACK_MS};
use crate::parts::decided::{Decided, Escalated};
use scrim_wire::call::CallFailed;

impl Desk {
    /// Where a decision stands among those that have no final answer.
    pub(crate) fn place_of(&self, id: &DecisionId) -> Option<usize> {
        self.outbox
            .iter()
            .position(|d| &d.decision.decision_id == id)
    }

    pub(crate) fn finish(
        &mut self,
        now: Now,
        decided: &Decided,
        result: DecisionResult,
        out: &mut Vec<Effect>,
    ) {
        let decision = &decided.decision;
        let id = &decision.decision_id;
        let is_correction = decision.supersedes.is_some();
        let (state, key, arg, what, at) = match result {
            DecisionResult::Accepted { .. }
            | DecisionResult::Duplicate { .. }
            | DecisionResult::AwaitingSecond { .. } => {
                self.set_history(id, SyncState::Accepted);
                if decision.escalate.is_some() {
                    let escalated = Escalated::of(decision, decided.told, now);
                    self.escalated
                        .push(escalated.since(decided.held_until_awake_ms));
                }
                return;
            }
            DecisionResult::Overtaken {
                by_role,
                at,
                outcome,
            } => {
                let arg = outcome.clone();
                let (key, what) = if is_correction {
                    let what = ConflictWhat::CorrectionTooLate;
                    (NoticeKey::CorrectionTooLate, what)
                } else {
                    let what = ConflictWhat::Overtaken { by_role, outcome };
                    (NoticeKey::Overtaken, what)
                };
                (SyncState::Overtaken, key, arg, what, Some(at))
            }
            DecisionResult::Rejected { code, .. } => {
                let arg = code.clone();
                let (key, what) = if is_correction && is_too_late(&code) {
                    let what = ConflictWhat::CorrectionTooLate;
                    (NoticeKey::CorrectionTooLate, what)
                } else {
                    let reason = ParkReason::of(&code);
                    (NoticeKey::Parked, ConflictWhat::Parked { reason, code })
                };
                (SyncState::Parked, key, arg, what, Some(now.utc()))
            }
        };
        self.set_history(id, state);
        self.forget_for_copies(id);
        self.notice(key, arg);
        self.conflict(decision, what, at);
        self.undo_is_moot(now, id, out);
    }

    pub(crate) fn remember_in_history(&mut self, decision: &Decision) {
        let policy = decision
            .policy_ids
            .first()
            .and_then(|id| self.policies.get(id))
            .map(|p| p.name.clone());
        self.history.push_front(HistoryRow {
            decision_id: decision.decision_id.clone(),
            item_id: decision.item_id.clone(),
            action: headline(decision),
            policy: policy.unwrap_or_default(),
            at: decision.decided_at,
            state: SyncState::Held,
            supersedes: decision.supersedes.clone(),
            can_correct: false,
            can_undo: false,
            undo: UndoState::NotAsked,
            later: Later::Unknown,
        });
        self.history.truncate(HISTORY_MAX);
    }

    pub(crate) fn set_history(&mut self, id: &DecisionId, state: SyncState) {
        if let Some(row) = self.history.iter_mut().find(|row| &row.decision_id == id) {
            row.state = state;
        }
    }

    /// An escalation is "escalated" only when the server shows it.
    pub(crate) fn read_back_escalations(&mut self, now: Now, out: &mut Vec<Effect>) {
        if !self.link.online {
            return;
        }
        // One at a time: an earlier run may have left many.
        if self.escalated.iter().any(|escalated| escalated.reading) {
            return;
        }
        let due = |e: &&mut Escalated| !e.without_effect && now.awake_ms >= e.next_read_awake_ms;
        let next = self.escalated.iter_mut().filter(due);
        if let Some(escalated) = next.min_by_key(|e| e.next_read_awake_ms) {
            escalated.reading = true;
            out.push(Effect::ReadBack(escalated.item.clone()));
        }
    }

    /// Urgent escalations that nobody has confirmed are said aloud, sent or not.
    pub(crate) fn warn_unconfirmed(&mut self, now: Now) {
        let late = |since: u64| now.awake_ms.saturating_sub(since) >= ESCALATION_WARN_MS;
        let mut unconfirmed = Vec::new();
        for escalated in self
            .escalated
            .iter_mut()
            .filter(|e| e.urgent && !e.warned && !e.told && late(e.since_awake_ms))
        {
            escalated.warned = true;
            unconfirmed.push(escalated.item.clone());
        }
        let unsent = self
            .outbox
            .iter()
            .filter(|d| d.decision.is_urgent() && !d.told && d.state != SyncState::Held);
        unconfirmed.extend(
            unsent
                .filter(|d| late(d.held_until_awake_ms))
                .map(|d| d.decision.item_id.clone()),
        );
        for item in unconfirmed {
            self.notice_once(NoticeKey::EscalationUnconfirmed, &item);
        }
    }

    /// The moderator has called the duty contact about an unconfirmed escalation.
    pub(crate) fn told_by_phone(&mut self, now: Now, item: &ItemId, out: &mut Vec<Effect>) {
        let is_shown = |n: &Notice| is_unconfirmed(n, item);
        if !self.notices.iter().any(is_shown) {
            return;
        }
        let sent = self.escalated.iter().filter(|e| e.urgent && !e.told);
        let sent = sent.filter(|e| &e.item == item).map(|e| &e.decision);
        let unsent = self
            .outbox
            .iter()
            .filter(|d| d.decision.is_urgent() && !d.told);
        let unsent = unsent.filter(|d| &d.decision.item_id == item);
        let ids = sent.chain(unsent.map(|d| &d.decision.decision_id));
        out.extend(ids.cloned().map(|decision_id| Effect::RecordTold {
            decision_id,
            at: now.utc(),
        }));
    }

    /// It is on record, or not: then it goes on being shown.
    pub(crate) fn told_recorded(
        &mut self,
        now: Now,
        id: &DecisionId,
        durable: bool,
        out: &mut Vec<Effect>,
    ) {
        if !durable {
            return self.notice(NoticeKey::ToldNotRecorded, "");
        }
        let mut about = None;
        for decided in &mut self.outbox {
            if &decided.decision.decision_id == id {
                decided.told = true;
                about = Some(decided.decision.item_id.clone());
            }
        }
        for escalated in &mut self.escalated {
            if &escalated.decision == id {
                escalated.told = true;
                about = Some(escalated.item.clone());
            }
        }
        if let Some(item) = about {
            self.take_back_unconfirmed(&item);
        }
        let is_done = |e: &Escalated| &e.decision == id && e.without_effect;
        if let Some(place) = self.escalated.iter().position(is_done) {
            self.waits_no_more(now, place, out);
        }
    }

    pub(crate) fn read_back_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        item: &ItemId,
        answer: Result<Box<ItemState>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        // An item may have been passed on twice.
        let is_read = |e: &Escalated| e.reading && &e.item == item;
        let Some(place) = self.escalated.iter().position(is_read) else {
            return;
        };
        match answer {
            Ok(state)
                if state
                    .without_effect
                    .contains(&self.escalated[place].decision) =>
            {
                self.escalation_without_effect(now, place, out);
            }
            Ok(state) if state.state == "escalated" => {
                let confirmed = self.escalated.remove(place);
                out.push(Effect::RecordConfirmed {
                    decision_id: confirmed.decision,
                    at: now.utc(),
                });
                self.take_back_unconfirmed(item);
                self.notice(NoticeKey::EscalationConfirmed, item.as_str());
            }
            Ok(state) if is_settled(&state, &self.escalated[place].decision) => {
                self.escalation_settled(now, place, out);
            }
            Ok(_) | Err(CallFailed::Refused { .. }) => self.read_again(now, place),
            Err(failed) => {
                self.read_again(now, place);
                self.call_failed(now, fresh, failed);
            }
        }
    }

    /// Somebody has dealt with the item before it could be seen as escalated: nothing is left to
    /// confirm.
    fn escalation_settled(&mut self, now: Now, place: usize, out: &mut Vec<Effect>) {
        let item = self.waits_no_more(now, place, out);
        self.notice(NoticeKey::EscalationSettled, item.as_str());
    }

    /// It was made in a review or in practice: the server will never show it. Of an urgent one that is said until the
    /// duty contact was told, because nobody else was.
    fn escalation_without_effect(&mut self, now: Now, place: usize, out: &mut Vec<Effect>) {
        let escalated = &mut self.escalated[place];
        if !escalated.urgent || escalated.told {
            let item = self.waits_no_more(now, place, out);
            return self.notice(NoticeKey::EscalationWithoutEffect, item.as_str());
        }
        (escalated.reading, escalated.warned) = (false, true);
        escalated.without_effect = true;
        let item = escalated.item.clone();
        self.take_back_unconfirmed(&item);
        self.notice_once(NoticeKey::EscalationNotPassedOn, &item);
    }

    /// Nothing is left to confirm, and that is recorded. Gives its item.
    fn waits_no_more(&mut self, now: Now, place: usize, out: &mut Vec<Effect>) -> ItemId {
        let settled = self.escalated.remove(place);
        out.push(Effect::RecordSettled {
            decision_id: settled.decision,
            at: now.utc(),
        });
        self.take_back_unconfirmed(&settled.item);
        settled.item
    }

    /// Says no more that `item` has reached nobody, as far as that is so of no escalation of it any more: it may have
    /// been passed on twice, once without effect.
    fn take_back_unconfirmed(&mut self, item: &ItemId) {
        let untold = |without_effect: bool| {
            let mut of_item = self.escalated.iter().filter(|e| &e.item == item);
            of_item.any(|e| e.warned && !e.told && e.without_effect == without_effect)
        };
        let (unconfirmed, not_passed_on) = (untold(false), untold(true));
        self.notices.retain(|n| {
            let stays = match n.key {
                NoticeKey::EscalationNotPassedOn => not_passed_on,
                _ => unconfirmed,
            };
            stays || !is_unconfirmed(n, item)
        });
    }

    /// Adds a sentence about an item, unless it is there.
    fn notice_once(&mut self, key: NoticeKey, item: &ItemId) {
        let is_same = |n: &Notice| n.key == key && n.arg == item.as_str();
        if !self.notices.iter().any(is_same) {
            self.notice(key, item.as_str());
        }
    }

    fn read_again(&mut self, now: Now, place: usize) {
        let escalated = &mut self.escalated[place];
        escalated.reading = false;
        escalated.next_read_awake_ms = now.awake_ms + READ_BACK_MS;
    }

    /// Decisions without a receipt, held ones with them.
    pub(crate) fn unconfirmed(&self) -> u32 {
        u32::try_from(self.outbox.len()).unwrap_or(u32::MAX)
    }
}

/// Whether somebody has dealt with the item since `escalation`: it is withdrawn, decided again, or
/// open because the escalation was undone. An item that is decided by the escalation itself is not:
/// then it was not passed on, and goes on being said to be unconfirmed.
fn is_settled(state: &ItemState, escalation: &DecisionId) -> bool {
    match state.state.as_str() {
        "withdrawn" => true,
        "decided" => state
            .decisions
            .last()
            .is_some_and(|newest| newest != escalation),
        "open" | "claimed" => !state.decisions.contains(escalation),
        _ => false,
    }
}

/// Whether a notice says that the escalation of `item` has not reached anybody.
fn is_unconfirmed(notice: &Notice, item: &ItemId) -> bool {
    let unheard = [
        NoticeKey::EscalationUnconfirmed,
        NoticeKey::EscalationNotPassedOn,
    ];
    unheard.contains(&notice.key) && notice.arg == item.as_str()
}

fn headline(decision: &Decision) -> ActionKind {
    decision
        .actions
        .first()
        .map_or_else(|| "none".into(), |a| a.kind.clone())
}
