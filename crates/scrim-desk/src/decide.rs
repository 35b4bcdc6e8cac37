//! Deciding: policy digits, confirmation in place, the record, taking back.

use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_model::text::cut_chars;
use scrim_model::view::MediumView;
use scrim_model::{
    ActionKind, Decision, DecisionAction, DecisionId, Escalation, PolicyId, PolicyNode,
};
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::{NoticeKey, SyncState};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::{Effect, Noted};
use crate::limits::{CONFIRM_MS, UNDO_MS};
use crate::parts::asked::{AskedFor, Confirming};
use crate::parts::decided::{Decided, Recording};
use crate::parts::hand::HandItem;
use crate::parts::judge::{allowed, goes_first, level_of, media_views};
use crate::parts::slip::Slip;

impl Desk {
    pub(crate) fn digit(&mut self, digit: u8) {
        let Some(held) = &mut self.hand.open else {
            return;
        };
        if digit == 0 {
            held.draft_unsure = !held.draft_unsure;
            return;
        }
        if let Some(policy) = self.policies.by_digit(held.draft_parent.as_ref(), digit) {
            let id = policy.id.clone();
            self.choose_policy(id);
        }
    }

    pub(crate) fn choose_policy(&mut self, id: PolicyId) {
        let Some(held) = &mut self.hand.open else {
            return;
        };
        if self.policies.get(&id).is_none() {
            return;
        }
        held.draft_parent = level_of(&self.policies, &id);
        held.choose_here(Some(id));
    }

    pub(crate) fn policy_back(&mut self) {
        if let Some(held) = &mut self.hand.open {
            held.choose_here(None);
            held.draft_parent = None;
        }
    }

    pub(crate) fn note(&mut self, text: &str) {
        if let Some(held) = &mut self.hand.open {
            held.draft_note = cut_chars(text, NOTE_CHARS_MAX);
        }
    }

    /// The policies that a decision of the open item would cite, the item's own first.
    pub(crate) fn policies_in_force(&self, held: &HandItem) -> Vec<&PolicyNode> {
        let mut ids = held.chosen_ids();
        if ids.is_empty() {
            ids.extend(held.item.default_policy.clone());
        }
        ids.iter().filter_map(|id| self.policies.get(id)).collect()
    }

    /// Severity of the gravest of them; `None` without any.
    pub(crate) fn severity_in_force(&self, held: &HandItem) -> Option<u8> {
        let policies = self.policies_in_force(held);
        policies.iter().map(|policy| policy.severity).max()
    }

    /// What was viewed and found of each medium of an item that is decided by `action`.
    fn judged_media(&self, held: &HandItem, action: &ActionKind) -> Vec<MediumView> {
        let mut media = media_views(held);
        for (n, id) in &held.draft_media {
            let policy = self
                .policies
                .get(id)
                .filter(|_| *action != ActionKind::Allow);
            if let (Some(policy), Some(medium)) = (policy, media.get_mut(*n as usize)) {
                medium.policy_ids = vec![id.clone()];
                medium.severity = Some(policy.severity);
            }
        }
        media
    }

    pub(crate) fn decide(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        action: ActionKind,
        out: &mut Vec<Effect>,
    ) {
        let Some(held) = &self.hand.open else { return };
        if self.recording.is_some()
            || self.withdrawing > 0
            || self.resting(now)
            || self.confirm.is_some()
        {
            return;
        }
        if !allowed(held).contains(&action) {
            return;
        }
        let policies = self.policies_in_force(held);
        let policy_free = matches!(action, ActionKind::Allow | ActionKind::Escalate)
            || held.item.is_known_exact();
        if policies.is_empty() && !policy_free {
            return self.notice(NoticeKey::PolicyNeeded, "");
        }
        let needs_reason = policies.iter().any(|p| p.needs_reason) && action != ActionKind::Allow;
        if needs_reason && held.draft_note.trim().is_empty() {
            return self.notice(NoticeKey::ReasonNeeded, "");
        }
        if self.needs_confirm(&action) {
            self.cover(now, out);
            self.confirm = Some(Confirming {
                what: AskedFor::Action(action),
                priority: 2,
                since_awake_ms: now.awake_ms,
            });
        } else {
            self.record(now, fresh, action, None, out);
        }
    }

    /// Escalations and severity-4 actions are asked in place; an exact-hash removal is not.
    fn needs_confirm(&self, action: &ActionKind) -> bool {
        let Some(held) = &self.hand.open else {
            return false;
        };
        let exact_removal = *action == ActionKind::Remove && held.item.is_known_exact();
        let gravest = self.severity_in_force(held).unwrap_or(0);
        *action == ActionKind::Escalate
            || (gravest >= 4 && *action != ActionKind::Allow && !exact_removal)
    }

    pub(crate) fn escalate_priority(&mut self, priority: u8) {
        if let Some(confirm) = &mut self.confirm
            && (1..=3).contains(&priority)
        {
            confirm.priority = priority;
        }
    }

    pub(crate) fn confirmed(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let ready = |c: &Confirming| now.awake_ms.saturating_sub(c.since_awake_ms) >= CONFIRM_MS;
        if !self.confirm.as_ref().is_some_and(ready) {
            return;
        }
        let confirm = self.confirm.take().expect("just looked at");
        let action = match confirm.what {
            AskedFor::Action(action) => action,
            AskedFor::Aimed => return self.aimed_at_me(now, fresh, out),
            AskedFor::Copies(which) => return self.copies_confirmed(now, which, out),
        };
        let to = if confirm.priority == 1 {
            "danger_to_life"
        } else {
            "lead"
        };
        let reason = self
            .hand
            .open
            .as_ref()
            .map_or_else(String::new, |h| h.draft_note.clone());
        let escalate = (action == ActionKind::Escalate).then(|| Escalation {
            to: to.to_owned(),
            priority: confirm.priority,
            reason,
        });
        self.record(now, fresh, action, escalate, out);
    }

    /// Hands the finished record to the store. The item stays open until the store has it.
    fn record(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        action: ActionKind,
        escalate: Option<Escalation>,
        out: &mut Vec<Effect>,
    ) {
        self.cover(now, out);
        let Some(held) = &self.hand.open else { return };
        let (policies, severity) = match action {
            ActionKind::Allow => (Vec::new(), Some(0)),
            _ => (self.policies_in_force(held), self.severity_in_force(held)),
        };
        let decision = Box::new(Decision {
            decision_id: DecisionId::new(fresh.take()).expect("fresh ids are ids"),
            item_id: held.item.id.clone(),
            item_version: held.item.version,
            queue_id: held.queue_id.clone(),
            claim_id: held.claim_id.clone(),
            fence: held.fence,
            policy_version: self.policies.version,
            policy_ids: policies.iter().map(|p| p.id.clone()).collect(),
            severity: severity.unwrap_or(held.item.severity_hint),
            media: self.judged_media(held, &action),
            actions: vec![DecisionAction {
                kind: action,
                duration_s: None,
            }],
            unsure: held.draft_unsure,
            reason: held.draft_note.clone(),
            escalate,
            decided_at: now.utc(),
            skew_ms: self.link.skew_ms(now),
            training: self.is_training(),
            handle_ms: held.handle_ms,
            supersedes: None,
            item_kind: Some(held.item.kind.clone()),
            item_texts: Some(u32::try_from(held.item.texts.len()).unwrap_or(u32::MAX)),
            propagated_from: None,
            marks: held.draft_marks.clone(),
        });
        let first = goes_first(&decision, held.item.priority, held.item.is_known_exact());
        let recording = Recording {
            decision,
            first,
            corrects: None,
            copy: None,
        };
        self.hand_to_store(recording, out);
    }

    /// Nothing is decided before the store says so.
    pub(crate) fn hand_to_store(&mut self, recording: Recording, out: &mut Vec<Effect>) {
        out.push(Effect::RecordDecision {
            decision: recording.decision.clone(),
            first: recording.first,
        });
        self.recording = Some(recording);
    }

    pub(crate) fn decision_recorded(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: &DecisionId,
        durable: bool,
        out: &mut Vec<Effect>,
    ) {
        let is_this = |r: &mut Recording| &r.decision.decision_id == id;
        let Some(recorded) = self.recording.take_if(is_this) else {
            return;
        };
        let Recording {
            decision,
            first,
            corrects,
            copy,
        } = recorded;
        if !durable {
            self.slip = Slip::None;
            self.copies.applying = None;
            if let Some(held) = copy {
                self.offer_again(*held);
            }
            return self.notice(NoticeKey::DecisionNotRecorded, "");
        }
        self.exposure
            .judged(now, &decision.item_id, decision.severity);
        let item = if let Some(old) = corrects {
            // A correction's item is not here any more.
            self.correcting = None;
            self.remember_for_copies(&decision, Some(&old), None);
            if decision.supersedes.is_none() {
                self.note_conflict(now, Some(old), Noted::Replaced, out);
            }
            None
        } else {
            let mut item = copy.map_or_else(
                || {
                    let open = self.hand.open.take();
                    open.expect("a decision is recorded while its item is open")
                },
                |held| *held,
            );
            // Taken back, it is written down again.
            out.extend(item.forget_draft());
            let author = item.item.author.as_ref().map(|author| author.id.as_str());
            self.remember_for_copies(&decision, None, author);
            Some(item)
        };
        self.remember_in_history(&decision);
        self.work_has_begun();
        self.outbox.push(Decided {
            decision: *decision,
            state: SyncState::Held,
            held_until_awake_ms: now.awake_ms + UNDO_MS,
            first,
            tries: 0,
            broken: 0,
            left: false,
            was_read: false,
            sent_with: None,
            told: false,
            item,
        });
        self.recorded_a_slip(now, out);
        self.apply_next(now, fresh, out);
    }

    /// Takes back the newest held decision, and what was repeated together with it.
    pub(crate) fn undo(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.withdrawing > 0 || self.recording.is_some() {
            return;
        }
        let newest = self.outbox.iter().rev().find(|d| d.is_held());
        let Some(newest) = newest else {
            if self
                .history
                .front()
                .is_some_and(|row| row.state != SyncState::Withdrawn)
            {
                self.notice(NoticeKey::TooLateToUndo, "");
            }
            return;
        };
        let together = self.taken_back_together(&newest.decision);
        self.cover(now, out);
        self.confirm = None;
        self.withdrawing += together.len();
        out.extend(together.into_iter().map(|decision_id| Effect::Withdraw {
            decision_id,
            at: now.utc(),
        }));
    }

    pub(crate) fn withdrawn(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: &DecisionId,
        durable: bool,
        out: &mut Vec<Effect>,
    ) {
        self.withdrawing = self.withdrawing.saturating_sub(1);
        let Some(place) = self.place_of(id) else {
            return;
        };
        if !durable {
            // Not taken back on disk means not taken back: it goes on its way.
            return self.notice(NoticeKey::TooLateToUndo, "");
        }
        let decided = self.outbox.remove(place);
        self.set_history(id, SyncState::Withdrawn);
        self.forget_for_copies(id);
        let Some(item) = decided.item else {
            if decided.state != SyncState::Held {
                return self.give_back_unsent(fresh, &decided.decision, out);
            }
            if decided.decision.supersedes.is_none() {
                out.push(Effect::ForgetClaims(vec![decided.decision.claim_id]));
                self.notice(NoticeKey::ClaimLost, "");
            }
            return;
        };
        let (id, hint) = (&item.item.id, item.item.severity_hint);
        self.exposure.unjudged(now, id, hint);
        if !item.was_opened {
            return self.offer_again(item);
        }
        self.cover(now, out);
        if let Some(open) = self.hand.open.take() {
            self.hand.next.insert(0, open);
        }
        self.exposure.row.reopened();
        self.hand.open = Some(item);
        self.match_copies();
    }

    pub(crate) fn not_me(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if self.recording.is_some() {
            return;
        }
        self.cover(now, out);
        self.confirm = None;
        let items = self.hand.open.take().into_iter().collect();
        self.return_items(fresh, now, items, ReleaseWhy::NotMe, out);
    }

    /// The open item is in a language that the moderator does not read. That is no skip: it goes to
    /// somebody else, and says nothing about the person.
    pub(crate) fn other_language(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let open = self.hand.open.as_ref();
        let has_texts = open.is_some_and(|held| !held.item.texts.is_empty());
        if !has_texts || self.recording.is_some() || self.resting(now) {
            return;
        }
        self.cover(now, out);
        self.confirm = None;
        let Some(held) = self.hand.open.take() else {
            return;
        };
        self.keep_away(held.item.id.clone());
        self.return_items(fresh, now, vec![held], ReleaseWhy::Language, out);
        self.notice(NoticeKey::OtherLanguage, "");
    }
}
