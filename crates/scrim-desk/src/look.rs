//! A colleague asks: their question is listed, its item is looked at, and the answer goes out.
//!
//! | state | event | next | effects |
//! | --- | --- | --- | --- |
//! | listed | look asked | opening | open look |
//! | opening | opened, and the day, the row and the settings allow it | looked at | cover now, prepare covers |
//! | opening | opened, and not to be served now | listed | notice |
//! | looked at | its end is near | looked at | open look (again) |
//! | looked at | answered | answering | cover now, drop media |
//! | looked at | closed, look over, question closed, break | listed, or gone | cover now, drop media |
//! | answering | the server has it, or wants none any more | gone | notice |
//!
//! A look is an item in the hand like any other: covered, its reveals durable first, its time
//! counted. Nothing of it can be decided, marked, kept or given back, and its claim is no claim.

use scrim_model::QueueId;
use scrim_model::serving::Opening as MayOpen;
use scrim_model::text::{cut_chars, masked_at};
use scrim_wire::call::CallFailed;
use scrim_wire::limits::CONSULT_CHARS_MAX;
use scrim_wire::protocol::{Claim, Consult, ConsultOpened};
use scrim_wire::window::{AskedView, Command, LookView, NoticeKey};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::{ANSWERS_MAX, ASKED_MAX, ASKED_POLL_MS, LOOK_RENEW_EVERY_MS, LOOK_RENEW_MS};
use crate::media::{prepare, prepare_rest};
use crate::parts::hand::HandItem;
use crate::parts::look::{Answering, Look, Opening};

impl Desk {
    /// Whether the open item is looked at for a colleague and `command` would change it.
    pub(crate) fn look_refuses(&self, command: &Command) -> bool {
        self.hand.open_look().is_some()
            && matches!(
                command,
                Command::Digit(_)
                    | Command::Policy(_)
                    | Command::PolicyBack
                    | Command::Decide(_)
                    | Command::NotMe
                    | Command::OtherLanguage
                    | Command::AimedAtMe
                    | Command::AskColleague { .. }
                    | Command::HandOver
                    | Command::Note(_)
                    | Command::Mark(_)
                    | Command::Unmark(_)
            )
    }

    /// Asks what colleagues ask, sends an answer that waits, renews a look that ends soon.
    pub(crate) fn tend_looks(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let asked = &mut self.asked_of_me;
        if let Some(next) = asked.answers.front_mut().filter(|next| !next.sending) {
            next.sending = true;
            out.push(Effect::AnswerColleague {
                key: next.key.clone(),
                consult_id: next.consult_id.clone(),
                answer: next.answer.clone(),
            });
        }
        let due = now.awake_ms >= asked.next_awake_ms && !asked.reading;
        if due && self.window && self.shift && self.can_consult() {
            self.asked_of_me.reading = true;
            out.push(Effect::ReadAskedOfMe);
        }
        for held in self.hand.iter_mut() {
            let left_ms = held.lease_ends_boot_ms.saturating_sub(now.boot_ms);
            let Some(look) = held
                .for_colleague
                .as_mut()
                .filter(|look| look.renewing.is_none())
            else {
                continue;
            };
            if left_ms < LOOK_RENEW_MS && now.boot_ms >= look.next_renewal_boot_ms {
                let key = fresh.take();
                look.next_renewal_boot_ms = now.boot_ms + LOOK_RENEW_EVERY_MS;
                look.renewing = Some(key.clone());
                out.push(Effect::OpenLook {
                    key,
                    consult_id: look.consult_id.clone(),
                });
            }
        }
    }

    pub(crate) fn asked_of_me(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Vec<Consult>, CallFailed>,
    ) {
        self.asked_of_me.reading = false;
        self.asked_of_me.next_awake_ms = now.awake_ms + ASKED_POLL_MS;
        match answer {
            Ok(mut rows) => {
                rows.retain(|row| !self.asked_of_me.is_answered(&row.consult_id));
                rows.truncate(ASKED_MAX);
                self.asked_of_me.rows = rows;
            }
            // A server that lists none.
            Err(CallFailed::Refused { .. }) => self.asked_of_me.rows.clear(),
            // Nothing that can be read: work goes on with what was heard before.
            Err(CallFailed::Broken { .. }) => {}
            Err(failed) => self.call_failed(now, fresh, failed),
        }
    }

    /// The moderator wants to look at the item of a question.
    pub(crate) fn open_look(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        consult_id: String,
        out: &mut Vec<Effect>,
    ) {
        let is_listed = |row: &Consult| row.consult_id == consult_id;
        let busy = self.recording.is_some()
            || self.withdrawing > 0
            || self.asked_of_me.opening.is_some()
            || self.hand.iter().any(HandItem::is_look);
        if !self.asked_of_me.rows.iter().any(is_listed) {
            return;
        }
        if busy || !self.may_serve(now) {
            return self.notice(NoticeKey::LookLimited, "");
        }
        if !self.link.online || !self.exposure.day_heard {
            return self.notice(NoticeKey::LookNeedsServer, "");
        }
        let key = fresh.take();
        self.asked_of_me.opening = Some(Opening {
            key: key.clone(),
            consult_id: consult_id.clone(),
        });
        out.push(Effect::OpenLook { key, consult_id });
    }

    pub(crate) fn look_opened(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        key: &str,
        answer: Result<Box<ConsultOpened>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        if self.renewing(key).is_some() {
            return self.look_renewed(now, fresh, key, answer, out);
        }
        let asked = &mut self.asked_of_me.opening;
        let Some(opening) = asked.take_if(|opening| opening.key == key) else {
            return;
        };
        match answer {
            Ok(opened) => self.show_look(now, *opened, out),
            Err(CallFailed::Refused { .. }) => self.question_closed(now, &opening.consult_id, out),
            Err(CallFailed::Broken { .. }) => self.notice(NoticeKey::LookUnreadable, ""),
            Err(failed) => {
                self.notice(NoticeKey::LookNeedsServer, "");
                self.call_failed(now, fresh, failed);
            }
        }
    }

    /// The look that the call with `key` renews.
    fn renewing(&mut self, key: &str) -> Option<&mut HandItem> {
        self.hand.iter_mut().find(|held| {
            let look = held.for_colleague.as_ref();
            look.is_some_and(|look| look.renewing.as_deref() == Some(key))
        })
    }

    fn look_renewed(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        key: &str,
        answer: Result<Box<ConsultOpened>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        let skew_ms = self.link.skew_ms(now);
        let Some(held) = self.renewing(key) else {
            return;
        };
        let look = held.for_colleague.as_mut().expect("it is being renewed");
        look.renewing = None;
        let consult_id = look.consult_id.clone();
        match answer {
            Ok(opened) => {
                held.claim_id = opened.claim_id;
                held.renew(opened.expires_at, now, skew_ms);
            }
            Err(CallFailed::Refused { .. }) => self.question_closed(now, &consult_id, out),
            // It ends when its time is over.
            Err(CallFailed::Broken { .. }) => {}
            Err(failed) => self.call_failed(now, fresh, failed),
        }
    }

    /// The item of a question comes before the open one, which stays in the hand.
    fn show_look(&mut self, now: Now, opened: ConsultOpened, out: &mut Vec<Effect>) {
        let item = &opened.item;
        let is_ours = self
            .hand
            .iter()
            .any(|held| held.claim_id == opened.claim_id);
        let busy =
            self.recording.is_some() || self.withdrawing > 0 || is_ours || self.holds(&item.id);
        let standing = self.standing(now);
        let opening = standing.opening(item.severity_hint, &item.classes);
        if busy || !self.may_serve(now) || opening != MayOpen::Open {
            return self.notice(NoticeKey::LookLimited, "");
        }
        self.cover(now, out);
        self.confirm = None;
        let claim = Claim {
            claim_id: opened.claim_id,
            fence: 0,
            expires_at: opened.expires_at,
            offline_until: None,
            queue_id: QueueId::new("consult").expect("a valid id"),
            item: opened.item,
            draft: None,
            escalation: None,
        };
        let rules = (&self.protection, &self.masked_words);
        let mut held = HandItem::new(claim, now, self.link.skew_ms(now), rules);
        held.was_opened = true;
        held.for_colleague = Some(Look {
            consult_id: opened.consult_id,
            question: opened.question,
            renewing: None,
            next_renewal_boot_ms: now.boot_ms + LOOK_RENEW_EVERY_MS,
        });
        let severity = held.item.severity_hint;
        self.exposure.row.opened(severity, &self.protection);
        prepare(&held, out);
        prepare_rest(&held, out);
        if let Some(open) = self.hand.open.replace(held) {
            self.hand.next.insert(0, open);
        }
    }

    /// The look ends, and the answer goes out as soon as the server is heard.
    pub(crate) fn answer_colleague(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: &str,
        out: &mut Vec<Effect>,
    ) {
        let answer = cut_chars(answer.trim(), CONSULT_CHARS_MAX);
        let Some(consult_id) = self.hand.open_look().map(|look| look.consult_id.clone()) else {
            return;
        };
        if answer.is_empty() {
            return;
        }
        if self.asked_of_me.answers.len() >= ANSWERS_MAX {
            return self.notice(NoticeKey::AnswersFull, ANSWERS_MAX.to_string());
        }
        self.asked_of_me.forget(&consult_id);
        self.asked_of_me.answers.push_back(Answering {
            key: fresh.take(),
            consult_id,
            answer,
            sending: false,
        });
        self.close_look(now, out);
    }

    pub(crate) fn answered_colleague(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        consult_id: &str,
        answer: Result<(), CallFailed>,
    ) {
        let answers = &mut self.asked_of_me.answers;
        let Some(at) = answers.iter().position(|a| a.consult_id == consult_id) else {
            return;
        };
        match answer {
            Ok(()) => {
                answers.remove(at);
                self.notice(NoticeKey::AnswerSent, "");
            }
            Err(CallFailed::Refused { code, .. }) => {
                answers.remove(at);
                self.notice(NoticeKey::AnswerRefused, code);
            }
            Err(CallFailed::Broken { .. }) => {
                answers.remove(at);
                self.notice(NoticeKey::AnswerRefused, "");
            }
            Err(failed) => {
                // The same key goes again.
                answers[at].sending = false;
                self.call_failed(now, fresh, failed);
            }
        }
    }

    /// Back to one's own items. Nothing is given back: a look is no claim.
    pub(crate) fn close_look(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.hand.open_look().is_some() {
            self.cover(now, out);
            let held = self.hand.open.take();
            out.extend(held.map(|held| Effect::DropItem(held.item.id)));
        }
    }

    fn question_closed(&mut self, now: Now, consult_id: &str, out: &mut Vec<Effect>) {
        self.asked_of_me.forget(consult_id);
        let is_it = |held: &mut HandItem| {
            held.for_colleague
                .as_ref()
                .is_some_and(|l| l.consult_id == consult_id)
        };
        if self.hand.open.as_mut().is_some_and(is_it) {
            self.close_look(now, out);
        }
        let gone = self.hand.next.extract_if(.., is_it);
        out.extend(gone.map(|held| Effect::DropItem(held.item.id)));
        self.notice(NoticeKey::QuestionClosed, "");
    }

    /// Questions to this person, as the window lists them.
    pub(crate) fn asked_views(&self) -> Vec<AskedView> {
        let view = |row: &Consult| AskedView {
            consult_id: row.consult_id.clone(),
            question: self.listed_masked(&row.question),
            asked_at: row.asked_at,
        };
        self.asked_of_me.rows.iter().map(view).collect()
    }

    pub(crate) fn look_view(&self, held: &HandItem) -> Option<LookView> {
        held.for_colleague.as_ref().map(|look| LookView {
            consult_id: look.consult_id.clone(),
            question: self.listed_masked(&look.question),
        })
    }

    /// What a colleague wrote, with the words of the list masked.
    pub(crate) fn listed_masked(&self, words: &str) -> String {
        masked_at(words, &self.masked_words.spans(words))
    }
}
