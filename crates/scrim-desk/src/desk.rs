//! The desk's state and the one function that changes it.

use std::collections::VecDeque;

use scrim_model::breaks::BreakTimer;
use scrim_model::settings::Protection;
use scrim_model::view::{CoverKey, Part, RevealMode, RevealReason};
use scrim_model::{
    ActionKind, Decision, DecisionId, ItemId, MediumKey, PolicyTree, RevealId, WordList,
};
use scrim_wire::protocol::{ClaimsRequest, Draft, QueueInfo, ReleaseWhy, Session};
use scrim_wire::window::{
    Command, ConflictView, HistoryRow, MediumState, Notice, NoticeKey, PolicyChange, SyncState,
};

use crate::clock::{Fresh, Now};
use crate::correct::Correcting;
use crate::decided::{Decided, Escalated};
use crate::effect::Effect;
use crate::event::{Event, MediumFailure};
use crate::exposure::{Exposure, answers_a_key};
use crate::hand::{Hand, HandItem};
use crate::limits::{COVER_ALL_GUARD_MS, NOTICES_MAX, PREPARED_MEDIA_MAX};
use crate::slip::Slip;
use scrim_wire::call::ClaimsTaken;

/// The connection to the queue server.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) online: bool,
    pub(crate) ever: bool,
    pub(crate) failures: u32,
    /// Awake time before which nothing is said after a failure.
    pub(crate) retry_awake_ms: u64,
    /// Decisions in a row that got no answer; other calls may well go through meanwhile.
    pub(crate) send_failures: u32,
    /// Awake time before which no decision is sent again.
    pub(crate) next_send_awake_ms: u64,
    pub(crate) asking_session: bool,
    pub(crate) asking_queues: bool,
    pub(crate) asking_policies: bool,
    pub(crate) claiming: bool,
    pub(crate) beating: bool,
    pub(crate) releasing: bool,
    pub(crate) next_claim_awake_ms: u64,
    pub(crate) next_queues_awake_ms: u64,
    pub(crate) next_beat_boot_ms: u64,
    /// A claim whose answer never came: the same key asks again.
    pub(crate) claim_again: Option<(String, ClaimsRequest)>,
    pub(crate) releases: VecDeque<Giving>,
    pub(crate) refusal: Option<String>,
    /// The server's clock as last heard: boot clock, server's UTC.
    pub(crate) server_clock: Option<(u64, i64)>,
}

impl Link {
    /// The server's clock less the desk's, carried on by the boot clock: a wall that is set anew
    /// neither moves a decision in time nor shortens a lease.
    pub(crate) fn skew_ms(&self, now: Now) -> i64 {
        self.server_clock.map_or(0, |(boot_ms, server_ms)| {
            let since = now.boot_ms.saturating_sub(boot_ms);
            let server_now = server_ms.saturating_add(i64::try_from(since).unwrap_or(i64::MAX));
            server_now.saturating_sub(now.utc_ms)
        })
    }
}

/// Claims on their way back to the queue.
#[derive(Debug, Clone)]
pub(crate) struct Giving {
    pub(crate) key: String,
    pub(crate) claim_ids: Vec<scrim_model::ClaimId>,
    pub(crate) why: ReleaseWhy,
    /// With a hand-over: what is made already.
    pub(crate) draft: Option<Draft>,
}

/// A reveal that has been asked for or is open.
#[derive(Debug, Clone)]
pub(crate) struct Reveal {
    pub(crate) id: RevealId,
    pub(crate) part: Part,
    pub(crate) mode: RevealMode,
    pub(crate) reason: Option<RevealReason>,
    /// On disk.
    pub(crate) durable: bool,
    /// Awake time at which something clear was first on the screen.
    pub(crate) shown_awake_ms: Option<u64>,
    pub(crate) asked_awake_ms: u64,
    pub(crate) colour: bool,
    pub(crate) colour_ever: bool,
}

/// A reveal that is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) mode: RevealMode,
    pub(crate) part: Part,
    pub(crate) reason: Option<RevealReason>,
}

/// Asked in place before it is done.
#[derive(Debug, Clone)]
pub(crate) struct Confirming {
    pub(crate) action: ActionKind,
    pub(crate) priority: u8,
    pub(crate) since_awake_ms: u64,
}

/// One moderator's desk at one queue server.
pub struct Desk {
    pub(crate) revision: u64,
    pub(crate) signed_in: bool,
    pub(crate) shift: bool,
    pub(crate) store_fault: Option<String>,
    pub(crate) session: Option<Session>,
    pub(crate) queues: Vec<QueueInfo>,
    pub(crate) policies: PolicyTree,
    pub(crate) policies_known: bool,
    /// The tree that the store holds, while changes wait to be read.
    pub(crate) policies_read: Option<PolicyTree>,
    pub(crate) policy_changes: Vec<PolicyChange>,
    pub(crate) link: Link,
    pub(crate) hand: Hand,
    pub(crate) refused_items: VecDeque<ItemId>,
    pub(crate) queue_empty: bool,
    pub(crate) reveal: Option<Reveal>,
    /// A reveal that waits until an unconfirmed claim has been checked.
    pub(crate) reveal_after_check: Option<Asked>,
    /// A whole picture of the gravest severity waits for a reason.
    pub(crate) asks_reason: bool,
    /// Words that are masked besides what the server flags.
    pub(crate) masked_words: WordList,
    pub(crate) confirm: Option<Confirming>,
    /// A correction that the moderator is making.
    pub(crate) correcting: Option<Correcting>,
    /// A decision that the store reads for a correction.
    pub(crate) correct_next: Option<DecisionId>,
    /// A decision that the store is writing.
    pub(crate) recording: Option<Box<Decision>>,
    pub(crate) slip: Slip,
    /// A decision that the store is taking back.
    pub(crate) withdrawing: bool,
    pub(crate) outbox: Vec<Decided>,
    pub(crate) escalated: Vec<Escalated>,
    pub(crate) history: VecDeque<HistoryRow>,
    pub(crate) conflicts: VecDeque<ConflictView>,
    pub(crate) notices: VecDeque<Notice>,
    pub(crate) notices_made: u64,
    pub(crate) breaks: BreakTimer,
    pub(crate) break_told: bool,
    pub(crate) break_over_told: bool,
    pub(crate) next_save_awake_ms: u64,
    pub(crate) next_draft_awake_ms: u64,
    pub(crate) active_at: Option<Now>,
    pub(crate) accrued_awake_ms: u64,
    pub(crate) covered_all: bool,
    pub(crate) covered_all_at: Option<u64>,
    pub(crate) window: bool,
    pub(crate) window_crashed: bool,
    /// The settings in force.
    pub(crate) protection: Protection,
    pub(crate) exposure: Exposure,
    pub(crate) rules: crate::settings::Rules,
    pub(crate) check_ins: crate::checkin::CheckIns,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// A desk before its first event.
    #[must_use]
    pub fn new() -> Self {
        Self {
            revision: 0,
            signed_in: false,
            shift: true,
            store_fault: None,
            session: None,
            queues: Vec::new(),
            policies: PolicyTree::default(),
            policies_known: false,
            policies_read: None,
            policy_changes: Vec::new(),
            link: Link::default(),
            hand: Hand::default(),
            refused_items: VecDeque::new(),
            queue_empty: false,
            reveal: None,
            reveal_after_check: None,
            asks_reason: false,
            masked_words: WordList::of_lines(crate::words::LISTED),
            confirm: None,
            correcting: None,
            correct_next: None,
            recording: None,
            slip: Slip::None,
            withdrawing: false,
            outbox: Vec::new(),
            escalated: Vec::new(),
            history: VecDeque::new(),
            conflicts: VecDeque::new(),
            notices: VecDeque::new(),
            notices_made: 0,
            breaks: BreakTimer::restored(
                scrim_model::breaks::BreakSettings::default(),
                scrim_model::breaks::BreakSaved::default(),
                0,
                0,
            ),
            break_told: false,
            break_over_told: false,
            next_save_awake_ms: 0,
            next_draft_awake_ms: 0,
            active_at: None,
            accrued_awake_ms: 0,
            covered_all: false,
            covered_all_at: None,
            window: false,
            window_crashed: false,
            protection: Protection::default(),
            exposure: Exposure::default(),
            rules: crate::settings::Rules::default(),
            check_ins: crate::checkin::CheckIns::default(),
        }
    }

    /// The settings in force from now on.
    pub fn set_protection(&mut self, protection: Protection) {
        self.breaks.set_settings(protection.breaks);
        self.protection = protection;
    }

    /// One step: what happened, and what to do about it.
    ///
    /// # Panics
    /// Only on a broken invariant of the heart itself; the runtime then restarts from the store.
    pub fn step(&mut self, now: Now, fresh: &mut Fresh, event: Event) -> Vec<Effect> {
        let mut out = Vec::new();
        let answers_a_key = answers_a_key(&event);
        self.accrue(now, &mut out);
        self.react(now, fresh, event, &mut out);
        self.keep_going(now, fresh, &mut out);
        self.save_exposure(now, answers_a_key, &mut out);
        self.revision += 1;
        self.assert_invariants();
        out
    }

    fn react(&mut self, now: Now, fresh: &mut Fresh, event: Event, out: &mut Vec<Effect>) {
        match event {
            Event::Started(restored) => self.started(now, fresh, *restored, out),
            Event::Tick => self.ticked(now, out),
            Event::Command(command) => self.commanded(now, fresh, command, out),
            Event::Active => self.was_active(now),
            Event::WindowOpened => self.window_opened(),
            Event::WindowGone { crashed } => self.window_gone(now, crashed, out),
            Event::WindowCovered { reveal } => self.window_covered(now, &reveal, out),
            Event::Presented { reveal } => self.presented(now, &reveal),
            Event::Locked => self.cover(now, out),
            Event::Session(answer) => self.session_answered(now, fresh, answer, out),
            Event::Day(answer) => self.day_answered(now, fresh, answer, out),
            Event::Queues(answer) => self.queues_answered(now, fresh, answer),
            Event::Policies(answer) => self.policies_answered(now, fresh, answer, out),
            Event::Claims(answer) => self.claims_answered(now, fresh, answer, out),
            Event::Heartbeat(answer) => self.heartbeat_answered(now, fresh, answer, out),
            Event::Released(answer) => self.release_answered(now, fresh, answer),
            Event::Sent {
                decision_id,
                answer,
            } => self.send_answered(now, fresh, &decision_id, answer, out),
            Event::ReadBack { item, answer } => self.read_back_answered(now, fresh, &item, answer),
            Event::Told {
                decision_id,
                durable,
            } => self.told_recorded(&decision_id, durable),
            Event::Asked { key, answer } => self.asked(now, fresh, &key, answer),
            Event::QuestionsRead { item, answer } => {
                self.questions_read(now, fresh, &item, answer);
            }
            Event::RevealRecorded { reveal, durable } => {
                self.reveal_recorded(now, &reveal, durable, out)
            }
            Event::DecisionRecorded {
                decision_id,
                durable,
            } => {
                self.decision_recorded(now, &decision_id, durable, out);
            }
            Event::Withdrawn {
                decision_id,
                durable,
            } => self.withdrawn(now, &decision_id, durable, out),
            Event::ViewsRecalled { item, intervals } => {
                if let Some(held) = self.hand.find_mut(&item) {
                    held.intervals.splice(0..0, intervals);
                }
            }
            Event::DraftRecalled { item, kept } => {
                self.draft_recalled(&item, kept.map(|kept| *kept), out);
            }
            Event::DecisionRecalled {
                decision_id,
                decision,
            } => self.decision_recalled(&decision_id, decision),
            Event::CheckInNotKept => self.notice(NoticeKey::CheckInNotKept, ""),
            Event::StoreFailed { message } => {
                self.cover(now, out);
                self.store_fault = Some(message);
            }
            Event::CoverReady { key, width, height } => self.cover_ready(&key, width, height),
            Event::MediumFailed { medium, failure } => self.medium_failed(&medium, failure),
            Event::ClearReady { reveal } => self.clear_ready(&reveal, out),
            Event::ClearFailed { reveal, reason } => self.clear_failed(now, &reveal, reason, out),
        }
    }

    fn commanded(&mut self, now: Now, fresh: &mut Fresh, command: Command, out: &mut Vec<Effect>) {
        self.was_active(now);
        if self.covered_all
            && !matches!(
                command,
                Command::CoverAll | Command::TakeBreak | Command::EndShift
            )
        {
            return;
        }
        let slip = self.before_command(&command);
        match command {
            Command::Digit(digit) => self.digit(digit),
            Command::Policy(id) => self.choose_policy(id),
            Command::PolicyBack => self.policy_back(),
            Command::Decide(action) => {
                self.decide(now, fresh, action, out);
                self.may_be_slip();
            }
            Command::Slipped => self.slipped(now, slip, out),
            Command::Confirm => self.confirmed(now, fresh, out),
            Command::CancelConfirm => {
                self.confirm = None;
                self.asks_reason = false;
            }
            Command::EscalatePriority(priority) => self.escalate_priority(priority),
            Command::Undo => self.undo(now, out),
            Command::NotMe => self.not_me(now, fresh, out),
            Command::Note(text) => self.note(&text),
            Command::Mark(mark) => self.mark(mark),
            Command::Unmark(n) => self.unmark(n),
            Command::AskColleague { to, question } => {
                self.ask_colleague(now, fresh, to, &question, out);
            }
            Command::HandOver => self.hand_over(now, fresh, out),
            Command::Correct(what) => self.correct(now, fresh, what, out),
            Command::Select(part) => self.select(now, part, out),
            Command::Reveal(mode) => self.ask_selected(now, fresh, mode, None, out),
            Command::RevealReason(reason) => self.reason_given(now, fresh, reason, out),
            Command::RevealSpan(mode, span) => {
                let asked = Asked {
                    mode,
                    part: Part::Span(span),
                    reason: None,
                };
                self.ask_reveal(now, fresh, asked, out);
            }
            Command::CoverAgain => self.cover(now, out),
            Command::Colour(on) => self.colour(on),
            Command::Stronger => self.change_step(true, out),
            Command::Weaker => self.change_step(false, out),
            Command::CoverAll => self.cover_all(now, out),
            Command::TakeBreak => self.take_break(now, fresh, out),
            Command::Snooze => self.snooze(now, out),
            Command::EndBreak => self.end_break(now, out),
            Command::GoEasy(on) => self.go_easy(now, on),
            Command::CheckIn(answer) => self.check_in(now, answer, out),
            Command::SkipCheckIn => self.skip_check_in(out),
            Command::ForgetCheckIns => self.forget_check_ins(out),
            Command::EndShift => self.end_shift(now, fresh, out),
            Command::StartShift => self.start_shift(out),
            Command::PoliciesRead => self.policies_are_read(out),
            Command::Reconnect => self.reconnect(now),
            Command::RetryMedium(n) => self.retry_medium(n, out),
            Command::SetSetting { key, value } => self.set_setting(key, value, out),
            Command::ToldByPhone(item) => self.told_by_phone(now, &item, out),
            // What is urgent stays until it is confirmed or told.
            Command::Dismiss(id) => self
                .notices
                .retain(|notice| notice.id != id || !notice.key.can_dismiss()),
        }
    }

    fn started(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        restored: crate::event::Restored,
        out: &mut Vec<Effect>,
    ) {
        self.signed_in = restored.signed_in;
        self.resume_settings(restored.settings, restored.managed, out);
        self.accrued_awake_ms = now.awake_ms;
        self.breaks = BreakTimer::restored(
            self.breaks.settings(),
            restored.breaks,
            restored.away_ms,
            now.boot_ms,
        );
        self.resume_exposure(now, restored.exposure);
        if !restored.outbox.is_empty() {
            self.notice(
                NoticeKey::LeftoversSending,
                restored.outbox.len().to_string(),
            );
        }
        for row in &restored.outbox {
            // Judged in the moment in which the last run ended.
            self.exposure
                .judged(now, &row.decision.item_id, row.decision.severity);
        }
        self.outbox = restored
            .outbox
            .into_iter()
            .map(|row| Decided::restored(row.decision))
            .collect();
        self.history = restored.history.into();
        self.conflicts = restored.conflicts.into();
        self.resume_check_ins(restored.check_ins_asked);
        self.policies_known = !restored.policies.policies.is_empty();
        self.policies = restored.policies;
        // What the last run held is given back: its items are nowhere in memory any more. Claims of
        // decisions that are still on their way stay, so that nobody else decides first.
        let mut leftovers = restored.leftovers;
        leftovers.retain(|claim| self.outbox.iter().all(|d| &d.decision.claim_id != claim));
        if !leftovers.is_empty() {
            self.give_back(fresh, leftovers, ReleaseWhy::Returned, out);
        }
    }

    /// Adds a sentence for the window; the same one twice in a row is said once.
    pub(crate) fn notice(&mut self, key: NoticeKey, arg: impl Into<String>) {
        let arg = arg.into();
        if self
            .notices
            .back()
            .is_some_and(|last| last.key == key && last.arg == arg)
        {
            return;
        }
        self.notices_made += 1;
        self.notices.push_back(Notice {
            id: self.notices_made,
            key,
            arg,
        });
        while self.notices.len() > NOTICES_MAX {
            let oldest = self.notices.iter().position(|n| n.key.can_dismiss());
            self.notices.remove(oldest.unwrap_or(0));
        }
    }

    fn window_opened(&mut self) {
        self.window = true;
        if std::mem::take(&mut self.window_crashed) {
            self.notice(NoticeKey::WindowRestarted, "");
        }
    }

    fn window_gone(&mut self, now: Now, crashed: bool, out: &mut Vec<Effect>) {
        self.cover(now, out);
        self.window = false;
        self.window_crashed = crashed;
    }

    fn cover_all(&mut self, now: Now, out: &mut Vec<Effect>) {
        let bounced = self
            .covered_all_at
            .is_some_and(|at| now.awake_ms.saturating_sub(at) < COVER_ALL_GUARD_MS);
        if bounced {
            return;
        }
        self.cover(now, out);
        self.confirm = None;
        self.covered_all = !self.covered_all;
        self.covered_all_at = Some(now.awake_ms);
    }

    /// Gives items back and wipes their media.
    pub(crate) fn return_items(
        &mut self,
        fresh: &mut Fresh,
        now: Now,
        mut items: Vec<HandItem>,
        why: ReleaseWhy,
        out: &mut Vec<Effect>,
    ) {
        if items.is_empty() {
            return;
        }
        for held in &mut items {
            // What was given away for good needs no draft; anything else may come back.
            let write = match why {
                ReleaseWhy::NotMe => held.forget_draft(),
                _ => held.draft_write(now),
            };
            out.extend(write);
            out.push(Effect::DropItem(held.item.id.clone()));
        }
        let claim_ids = items.into_iter().map(|held| held.claim_id).collect();
        self.give_back(fresh, claim_ids, why, out);
    }

    /// Lists claims to be given back; the call itself goes out when online.
    pub(crate) fn give_back(
        &mut self,
        fresh: &mut Fresh,
        claim_ids: Vec<scrim_model::ClaimId>,
        why: ReleaseWhy,
        out: &mut Vec<Effect>,
    ) {
        out.push(Effect::ForgetClaims(claim_ids.clone()));
        self.link.releases.push_back(Giving {
            key: fresh.take(),
            claim_ids,
            why,
            draft: None,
        });
    }

    pub(crate) fn claims_taken(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        taken: ClaimsTaken,
        out: &mut Vec<Effect>,
    ) {
        let refused_count = taken.refused.len() + taken.unreadable as usize;
        if refused_count > 0 {
            self.notice(NoticeKey::ItemsRefused, refused_count.to_string());
            let ids = taken
                .refused
                .iter()
                .map(|(claim, _)| claim.clone())
                .collect::<Vec<_>>();
            for (_, item) in taken.refused {
                self.refused_items.push_back(item);
            }
            while self.refused_items.len() > crate::limits::REFUSED_ITEMS_MAX {
                self.refused_items.pop_front();
            }
            if !ids.is_empty() {
                self.give_back(fresh, ids, ReleaseWhy::Returned, out);
            }
        }
        let mut remembered = Vec::new();
        for claim in taken.claims {
            if self.holds(&claim.item.id) {
                continue;
            }
            let mut claim = claim;
            let handed = claim.draft.take();
            let mut held = HandItem::new(claim, now, self.link.skew_ms(now), &self.masked_words);
            held.step = self.protection.cover.step_for(&held.item.classes);
            held.grey = self.protection.cover.grey;
            if let Some(draft) = handed {
                held.take_over(draft);
                self.notice(NoticeKey::TakenOver, "");
            }
            remembered.push((held.claim_id.clone(), held.item.id.clone()));
            out.push(Effect::RecallViews(held.item.id.clone()));
            out.push(Effect::RecallDraft(held.item.id.clone()));
            self.hand.next.push(held);
            let newest = self.hand.next.last().expect("just pushed");
            prepare(newest, out);
        }
        if !remembered.is_empty() {
            out.insert(0, Effect::RememberClaims(remembered));
        }
    }

    /// Whether an item is in hand or decided and not yet final.
    pub(crate) fn holds(&self, item: &ItemId) -> bool {
        self.hand.iter().any(|h| &h.item.id == item)
            || self.outbox.iter().any(|d| &d.decision.item_id == item)
    }

    fn cover_ready(&mut self, key: &CoverKey, width: u32, height: u32) {
        let Some(held) = self.hand.find_mut(&key.medium.item) else {
            return;
        };
        if held.step == key.step
            && let Some(state) = held.media.get_mut(key.medium.n as usize)
        {
            *state = MediumState::Covered { width, height };
        }
    }

    fn medium_failed(&mut self, medium: &MediumKey, failure: MediumFailure) {
        let Some(held) = self.hand.find_mut(&medium.item) else {
            return;
        };
        if let Some(state) = held.media.get_mut(medium.n as usize) {
            *state = match failure {
                MediumFailure::Rejected { reason } => MediumState::Rejected { reason },
                MediumFailure::Unavailable => MediumState::Unavailable,
            };
        }
    }

    fn retry_medium(&mut self, n: u32, out: &mut Vec<Effect>) {
        let Some(held) = &mut self.hand.open else {
            return;
        };
        held.load = true;
        let step = held.step;
        if let Some(state) = held.media.get_mut(n as usize)
            && matches!(state, MediumState::NotLoaded | MediumState::Unavailable)
        {
            *state = MediumState::Loading;
            let medium = MediumKey {
                item: held.item.id.clone(),
                n,
            };
            out.push(Effect::PrepareCover {
                key: CoverKey { medium, step },
                claim_id: held.claim_id.clone(),
                grey: held.grey,
            });
        }
    }

    /// Media that did not come are asked for again; called when the connection is back.
    pub(crate) fn retry_media(&mut self, out: &mut Vec<Effect>) {
        for held in self.hand.iter_mut() {
            for (n, state) in held.media.iter_mut().enumerate() {
                if *state == MediumState::Unavailable {
                    *state = MediumState::Loading;
                    let n = u32::try_from(n).expect("media are counted in u32");
                    let medium = MediumKey {
                        item: held.item.id.clone(),
                        n,
                    };
                    let key = CoverKey {
                        medium,
                        step: held.step,
                    };
                    out.push(Effect::PrepareCover {
                        key,
                        claim_id: held.claim_id.clone(),
                        grey: held.grey,
                    });
                }
            }
        }
    }

    /// After every event: give up what is over, serve, sync, ask.
    fn keep_going(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        self.drop_expired(now, out);
        self.end_reveal_in_time(now, out);
        self.tell_breaks(now, out);
        self.tell_cap(now);
        self.tend_check_ins(out);
        self.serve(now, fresh, out);
        self.release_undo_windows(now, out);
        self.keep_drafts(now, out);
        self.speak(now, fresh, out);
    }

    /// Held throughout, in release as well.
    fn assert_invariants(&self) {
        if let Some(reveal) = &self.reveal {
            assert!(self.hand.open.is_some(), "a reveal without an open item");
            assert!(
                reveal.durable || reveal.shown_awake_ms.is_none(),
                "shown before it was durable"
            );
            assert!(!self.covered_all, "a reveal while everything is covered");
        }
        let in_flight = self
            .outbox
            .iter()
            .filter(|d| d.state == SyncState::InFlight)
            .count();
        assert!(in_flight <= 1, "two decisions in flight");
    }
}

/// Asks for covers of an item's first media, unless it is decided without loading.
fn prepare(held: &HandItem, out: &mut Vec<Effect>) {
    prepare_range(held, 0, PREPARED_MEDIA_MAX, out);
}

/// Asks for the covers of an item anew, after its cover has changed.
pub(crate) fn prepare_again(held: &HandItem, out: &mut Vec<Effect>) {
    for (n, state) in held.media.iter().enumerate() {
        if matches!(state, MediumState::Covered { .. } | MediumState::Loading) {
            let n = u32::try_from(n).expect("media are counted in u32");
            let medium = MediumKey {
                item: held.item.id.clone(),
                n,
            };
            out.push(Effect::PrepareCover {
                key: CoverKey {
                    medium,
                    step: held.step,
                },
                claim_id: held.claim_id.clone(),
                grey: held.grey,
            });
        }
    }
}

/// Asks for covers of the media that are not prepared ahead.
pub(crate) fn prepare_rest(held: &HandItem, out: &mut Vec<Effect>) {
    prepare_range(held, PREPARED_MEDIA_MAX, u32::MAX, out);
}

fn prepare_range(held: &HandItem, from: u32, to: u32, out: &mut Vec<Effect>) {
    if !held.load {
        return;
    }
    for medium in held.item.media.iter().filter(|m| (from..to).contains(&m.n)) {
        let key = CoverKey {
            medium: MediumKey {
                item: held.item.id.clone(),
                n: medium.n,
            },
            step: held.step,
        };
        out.push(Effect::PrepareCover {
            key,
            claim_id: held.claim_id.clone(),
            grey: held.grey,
        });
    }
}
