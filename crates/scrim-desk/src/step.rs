//! The one function that changes a desk, and the two tables that it turns to: events, commands.

use scrim_model::breaks::BreakTimer;
use scrim_model::view::Part;
use scrim_wire::window::{Command, NoticeKey, SyncState};

use crate::claims::returned;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::event::Event;
use crate::leave::LeaveWhy;
use crate::limits::{BATCH_MAX, COVER_ALL_GUARD_MS};
use crate::parts::asked::Asked;
use crate::parts::copies::{Copies, Which};
use crate::parts::decided::{Decided, Escalated, Undoing};
use crate::parts::exposure::answers_a_key;
use crate::parts::hand::HandItem;
use crate::parts::link::Giving;
use crate::parts::lock::Lock;

impl Desk {
    /// One step: what happened, and what to do about it.
    ///
    /// # Panics
    /// Only on a broken invariant of the heart itself; the runtime then restarts from the store.
    pub fn step(&mut self, now: Now, fresh: &mut Fresh, event: Event) -> Vec<Effect> {
        let mut out = Vec::new();
        let answers_a_key = answers_a_key(&event);
        self.accrue(now, &mut out);
        if self.hears(&event) {
            self.react(now, fresh, event, &mut out);
        }
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
            Event::WindowOpened => self.window_opened(now),
            Event::WindowGone { crashed } => self.window_gone(now, crashed, out),
            Event::WindowCovered { reveal } => self.window_covered(now, &reveal, out),
            Event::Seen {
                reveal,
                area,
                zoomed,
                played,
            } => self.seen(&reveal, (&area, zoomed), &played, out),
            Event::PlayedTo { run, at_ms } => self.played_to(run, at_ms),
            Event::Presented { reveal } => self.presented(now, &reveal),
            Event::Locked => self.lock(now, fresh, out),
            Event::PassphraseTried { right } => self.passphrase_tried(now, right, out),
            Event::SignInChanged if self.signed_in => {
                self.leave(now, fresh, LeaveWhy::Changed, out);
            }
            Event::SignInChanged => self.sign_in_again(out),
            Event::Session(answer) => self.session_answered(now, fresh, answer, out),
            Event::Day(answer) => self.day_answered(now, fresh, answer, out),
            Event::Queues(answer) => self.queues_answered(now, fresh, answer),
            Event::Policies(answer) => self.policies_answered(now, fresh, answer, out),
            Event::Claims(answer) => self.claims_answered(now, fresh, answer, out),
            Event::Heartbeat(answer) => self.heartbeat_answered(now, fresh, answer, out),
            Event::Released(answer) => self.release_answered(now, fresh, answer, out),
            Event::Marked { ids, key, durable } => {
                self.marked(now, fresh, &ids, key, durable, out);
            }
            Event::Sent {
                decision_id,
                answer,
            } => self.send_answered(now, fresh, &decision_id, answer, out),
            Event::SentTogether { ids, answer } => {
                self.together_answered(now, fresh, &ids, answer, out);
            }
            Event::SentRead {
                decision_id,
                answer,
            } => self.sent_read(now, fresh, &decision_id, answer, out),
            Event::UndoAnswered {
                decision_id,
                answer,
            } => self.undo_answered(now, fresh, &decision_id, answer, out),
            Event::OwnRead(answer) => self.own_read(now, fresh, answer, out),
            Event::ClaimChecked { item, answer } => {
                self.claim_checked(now, fresh, &item, answer, out);
            }
            Event::NetworkChanged => self.network_changed(now),
            Event::Unparked { decision_id, row } => self.unparked(&decision_id, row),
            Event::UndoKept {
                decision_id,
                durable,
            } => self.undo_kept(&decision_id, durable),
            Event::HeadCompared(stands) => self.head_compared(now, stands, out),
            Event::ReadBack { item, answer } => {
                self.read_back_answered(now, fresh, &item, answer, out);
            }
            Event::Told {
                decision_id,
                durable,
            } => self.told_recorded(now, &decision_id, durable, out),
            Event::Asked { key, answer } => self.asked(now, fresh, &key, answer),
            Event::QuestionsRead { item, answer } => {
                self.questions_read(now, fresh, &item, answer);
            }
            Event::LaterRead { item, answer } => self.later_read(now, fresh, &item, answer),
            Event::AskedOfMe(answer) => self.asked_of_me(now, fresh, answer),
            Event::LookOpened { key, answer } => self.look_opened(now, fresh, &key, answer, out),
            Event::AnsweredColleague { consult_id, answer } => {
                self.answered_colleague(now, fresh, &consult_id, answer);
            }
            Event::RevealRecorded { reveal, durable } => {
                self.reveal_recorded(now, &reveal, durable, out)
            }
            Event::DecisionRecorded {
                decision_id,
                durable,
            } => {
                self.decision_recorded(now, fresh, &decision_id, durable, out);
            }
            Event::Withdrawn {
                decision_id,
                durable,
            } => self.withdrawn(now, fresh, &decision_id, durable, out),
            Event::ViewsRecalled { item, intervals } => {
                if let Some(held) = self.item_mut(&item) {
                    held.intervals.splice(0..0, intervals);
                }
            }
            Event::DraftRecalled { item, kept } => {
                self.draft_recalled(&item, kept.map(|kept| *kept), out);
            }
            Event::DecisionRecalled {
                decision_id,
                decision,
            } => self.decision_recalled(now, fresh, &decision_id, decision, out),
            Event::CheckInNotKept => self.notice(NoticeKey::CheckInNotKept, ""),
            Event::StoreFailed { message } => {
                self.cover(now, out);
                self.store_fault = Some(message);
            }
            Event::HashesFound {
                medium,
                hashes,
                listed,
            } => self.hashes_found(&medium, hashes, listed),
            Event::WithoutLandlock(medium) => self.opened_without_landlock(&medium),
            Event::CoverReady {
                key,
                width,
                height,
                whole,
            } => {
                self.cover_ready(&key, (width, height), whole);
                self.film_ready(&key, out);
            }
            Event::FilmKnown { key, known } => self.film_known(&key, known),
            Event::ClipFailed { key, reason } => self.clip_failed(now, &key, reason, out),
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
        // Nothing else is heard under the lock: the agent's end gives back what is held, and shows
        // nothing.
        match (command, self.lock.is_on()) {
            (Command::Unlock(typed), _) => self.unlock(now, typed, out),
            (Command::EndShift, true) => self.end_shift(now, fresh, out),
            (_, true) => {}
            (command, false) => self.carried_out(now, fresh, command, out),
        }
    }

    fn carried_out(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        command: Command,
        out: &mut Vec<Effect>,
    ) {
        if self.look_refuses(&command) {
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
            Command::ApplyToCopies { near } => {
                let which = if near { Which::Near } else { Which::Exact };
                self.apply_to_copies(now, which, out);
                self.may_be_slip();
            }
            Command::ApplyToAuthor => {
                self.apply_to_copies(now, Which::OfAuthor, out);
                self.may_be_slip();
            }
            Command::LookAtCopies => self.look_at_copies(),
            Command::WrongMatch => self.wrong_match(),
            Command::Slipped => self.slipped(now, slip, out),
            Command::Confirm => self.confirmed(now, fresh, out),
            Command::CancelConfirm => {
                self.confirm = None;
                self.asks_reason = false;
            }
            Command::EscalatePriority(priority) => self.escalate_priority(priority),
            Command::Undo => self.undo(now, out),
            Command::NotMe => self.not_me(now, fresh, out),
            Command::OtherLanguage => self.other_language(now, fresh, out),
            Command::Note(text) => self.note(&text),
            Command::Mark(mark) => self.mark(mark),
            Command::Unmark(n) => self.unmark(n),
            Command::AskColleague { to, question } => {
                self.ask_colleague(now, fresh, to, &question, out);
            }
            Command::OpenLook(consult) => self.open_look(now, fresh, consult, out),
            Command::AnswerColleague(answer) => self.answer_colleague(now, fresh, &answer, out),
            Command::CloseLook => self.close_look(now, out),
            Command::AimedAtMe => self.ask_aimed(now, out),
            Command::FeedbackRead => self.feedback_read(),
            Command::HandOver => self.hand_over(now, fresh, out),
            Command::UndoSent(id) => self.undo_sent(now, fresh, id, out),
            Command::Conflict(about, step) => self.conflict_step(now, fresh, about, step, out),
            Command::ReadLater => self.want_later(),
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
            Command::Zoom(on) => self.zoom(on, out),
            Command::Stronger => self.change_step(true, out),
            Command::Weaker => self.change_step(false, out),
            Command::CoverAll => self.cover_all(now, out),
            Command::TakeBreak => self.take_break(now, fresh, out),
            Command::Snooze => self.snooze(now, out),
            Command::EndBreak => self.end_break(now, out),
            Command::GoEasy(on) => self.go_easy(now, on),
            Command::CheckIn(answer) => self.check_in(now, answer, out),
            Command::SkipCheckIn => self.skip_check_in(out),
            Command::Team(ask) => self.ask_team(ask, out),
            Command::ShowCheckIns => out.push(Effect::ReadCheckIns),
            Command::ForgetCheckIns => self.forget_check_ins(out),
            Command::EndShift => self.end_shift(now, fresh, out),
            Command::StartShift => self.start_shift(out),
            Command::PoliciesRead => self.policies_are_read(out),
            Command::Reconnect if !self.signed_in => self.sign_in_again(out),
            Command::Reconnect => self.try_now(now),
            Command::SignOut => self.leave(now, fresh, LeaveWhy::SignedOut, out),
            Command::Unlock(_) => {}
            Command::RetryMedium(n) => self.retry_medium(n, out),
            Command::Film(to) => self.film_move(now, to, out),
            Command::Play => self.play(now, fresh, out),
            Command::Pause { at_ms, alone } => self.pause(now, (Some(at_ms), alone), out),
            Command::Sound(on) => self.sound(now, fresh, on, out),
            Command::SetSetting { key, value } => self.set_setting(now, key, value, out),
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
        self.left = None;
        // What was opened just now can be written.
        self.store_fault = None;
        self.lock = Lock {
            key: None,
            has_passphrase: restored.has_passphrase,
            seen_boot_ms: now.boot_ms,
        };
        if restored.sealed {
            self.lock.key = Some(self.lock_key());
        }
        self.resume_settings(now, restored.settings, restored.managed, out);
        self.accrued_awake_ms = now.awake_ms;
        self.breaks = BreakTimer::restored(
            self.breaks.settings(),
            restored.breaks,
            restored.away_ms,
            now.boot_ms,
        );
        self.resume_exposure(now, restored.exposure);
        if let Some((saved, lost)) = restored.set_aside {
            self.notice(NoticeKey::RecordsSetAside, saved.to_string());
            if lost > 0 {
                self.notice(NoticeKey::RecordsLost, lost.to_string());
            }
        }
        if let Some(seq) = restored.changed_at {
            self.notice(NoticeKey::RecordsChanged, seq.to_string());
        }
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
        self.outbox = restored.outbox.into_iter().map(Decided::restored).collect();
        let unconfirmed = restored.unconfirmed.into_iter();
        self.escalated
            .extend(unconfirmed.map(|row| Escalated::of(&row.decision, row.told, now)));
        let undoing = restored.undoing.into_iter();
        self.undoing = undoing
            .map(|(decision, key)| Undoing {
                decision,
                key,
                durable: true,
                sending: false,
            })
            .collect();
        self.copies = Copies::restored(restored.earlier);
        self.history = restored.history.into();
        self.conflicts = restored.conflicts.into();
        self.resume_check_ins(restored.check_ins_asked);
        self.policies_known = !restored.policies.policies.is_empty();
        self.policies = restored.policies;
        // What the last run held is given back: its items are nowhere in memory any more. Claims of
        // decisions that are still on their way stay, so that nobody else decides first.
        let unanswered = restored.releases.into_iter();
        self.link
            .releases
            .extend(unanswered.map(|(key, request)| Giving { key, request }));
        let mut leftovers = restored.leftovers;
        leftovers.retain(|claim| self.outbox.iter().all(|d| &d.decision.claim_id != claim));
        if !leftovers.is_empty() {
            self.give_back(fresh, returned(leftovers), out);
        }
    }

    fn window_opened(&mut self, now: Now) {
        self.window = true;
        if let Some(held) = &mut self.hand.open {
            held.zoomed = false;
        }
        if !self.lock.is_on() {
            self.lock.seen_boot_ms = now.boot_ms;
        }
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
        // Only lifting is guarded: nothing may keep a press from covering.
        let just_now = |at: u64| now.awake_ms.saturating_sub(at) < COVER_ALL_GUARD_MS;
        if self.covered_all && self.covered_all_at.is_some_and(just_now) {
            return;
        }
        self.cover(now, out);
        self.confirm = None;
        self.covered_all = !self.covered_all;
        self.covered_all_at = Some(now.awake_ms);
    }

    /// After every event: give up what is over, serve, sync, ask.
    fn keep_going(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if !self.signed_in {
            return;
        }
        if self.link.revoked {
            return self.leave(now, fresh, LeaveWhy::Revoked, out);
        }
        self.notice_sleep(now);
        self.lock_when_left(now, fresh, out);
        self.drop_expired(now, out);
        self.end_reveal_in_time(now, out);
        self.tend_playing(now, out);
        self.tell_breaks(now, out);
        self.tell_cap(now);
        self.tend_check_ins(out);
        self.serve(now, fresh, out);
        self.want_whole(out);
        self.look_ahead(now, out);
        self.hash_next(out);
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
            assert!(!self.lock.is_on(), "a reveal under the lock");
        }
        if let Some(playing) = &self.playing {
            let plays_it = |held: &HandItem| held.item.id == playing.medium.item;
            let is_open = self.hand.open.as_ref().is_some_and(plays_it);
            assert!(is_open, "something plays that is not open");
        }
        let in_flight = self.outbox.iter();
        let in_flight = in_flight.filter(|d| d.state == SyncState::InFlight);
        let items: Vec<_> = in_flight.map(|d| &d.decision.item_id).collect();
        assert!(
            items.len() <= BATCH_MAX,
            "more in flight than one call takes"
        );
        let distinct: std::collections::BTreeSet<_> = items.iter().collect();
        assert!(
            distinct.len() == items.len(),
            "two decisions of one item in flight"
        );
    }
}
