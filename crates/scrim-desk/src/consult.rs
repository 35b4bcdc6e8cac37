//! Asking a colleague about an item, and handing an item over.
//!
//! A question keeps the claim: the item is covered and goes behind the others in hand, and comes
//! next once there is an answer. An item that is handed over goes back to the queue with policy,
//! note and doubt, and does not come back to this desk.

use std::collections::VecDeque;

use scrim_model::text::cut_chars;
use scrim_model::{ItemId, Role};
use scrim_wire::call::CallFailed;
use scrim_wire::limits::CONSULT_CHARS_MAX;
use scrim_wire::protocol::{
    ConsultRequest, ConsultState, ConsultTo, Consulted, ItemState, ReleaseRequest, ReleaseWhy,
};
use scrim_wire::window::{NoticeKey, QuestionState};

use crate::claims::returned;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::{CONSULT_POLL_MS, QUESTIONS_MAX};
use crate::parts::consult::Question;
use crate::parts::decided::kept_items;
use crate::parts::hand::HandItem;

impl Desk {
    pub(crate) fn can_consult(&self) -> bool {
        self.server_can("consult")
    }

    pub(crate) fn ask_colleague(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        to: Role,
        question: &str,
        out: &mut Vec<Effect>,
    ) {
        let question = cut_chars(question.trim(), CONSULT_CHARS_MAX);
        let asks = matches!(to, Role::Moderator | Role::Lead) && !question.is_empty();
        if !asks || !self.can_consult() || self.recording.is_some() || self.resting(now) {
            return;
        }
        let Some(held) = &mut self.hand.open else {
            return;
        };
        if held.questions.rows.len() >= QUESTIONS_MAX {
            return self.notice(NoticeKey::QuestionsFull, QUESTIONS_MAX.to_string());
        }
        held.questions.rows.push(Question {
            key: fresh.take(),
            to,
            question,
            sending: false,
            state: QuestionState::Sending,
            consult_id: None,
            answer: None,
            by_role: String::new(),
        });
        self.cover(now, out);
        self.confirm = None;
        // The claim is kept; the others come first until there is an answer.
        self.hand.next.extend(self.hand.open.take());
    }

    pub(crate) fn hand_over(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if self.recording.is_some() || self.resting(now) {
            return;
        }
        self.cover(now, out);
        self.confirm = None;
        let Some(held) = self.hand.open.take() else {
            return;
        };
        let draft = held.handed();
        self.keep_away(held.item.id.clone());
        let request = ReleaseRequest {
            why: ReleaseWhy::HandOver,
            draft: Some(draft),
            ..returned(Vec::new())
        };
        self.return_items_as(fresh, now, &mut [held], request, out);
        self.notice(NoticeKey::HandedOver, "");
    }

    /// Questions that wait go out, one at a time; open ones are asked after.
    pub(crate) fn ask_questions(&mut self, now: Now, out: &mut Vec<Effect>) {
        let mut hand: VecDeque<&mut HandItem> = self.hand.iter_mut().collect();
        let busy = hand
            .iter()
            .any(|held| held.questions.rows.iter().any(|q| q.sending));
        while let Some(held) = hand.pop_front() {
            let questions = &mut held.questions;
            if questions.has(QuestionState::Open)
                && !questions.asking
                && now.awake_ms >= questions.next_awake_ms
            {
                questions.asking = true;
                out.push(Effect::ReadQuestions(held.item.id.clone()));
            }
            let waits = |row: &&mut Question| row.state == QuestionState::Sending;
            let Some(row) = questions.rows.iter_mut().find(waits).filter(|_| !busy) else {
                continue;
            };
            row.sending = true;
            out.push(Effect::AskColleague {
                key: row.key.clone(),
                item: held.item.id.clone(),
                request: ConsultRequest {
                    claim_id: held.claim_id.clone(),
                    to: ConsultTo::Role(row.to.clone()),
                    question: row.question.clone(),
                },
            });
            return;
        }
    }

    pub(crate) fn asked(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        key: &str,
        answer: Result<Consulted, CallFailed>,
    ) {
        let row = kept_items(&mut self.hand, &mut self.outbox).find_map(|held| {
            let next = &mut held.questions.next_awake_ms;
            let row = held.questions.rows.iter_mut().find(|row| row.key == key)?;
            *next = now.awake_ms + CONSULT_POLL_MS;
            Some(row)
        });
        if let Some(row) = row {
            row.sending = false;
            match &answer {
                Ok(asked) => {
                    row.state = QuestionState::Open;
                    row.consult_id = Some(asked.consult_id.clone());
                }
                Err(CallFailed::Refused { .. } | CallFailed::Broken { .. }) => {
                    row.state = QuestionState::Refused;
                }
                // The same key asks again.
                Err(_) => {}
            }
        }
        match answer {
            Ok(_) => {}
            Err(CallFailed::Refused { code, .. }) => {
                self.notice(NoticeKey::QuestionRefused, code);
            }
            Err(failed) => self.call_failed(now, fresh, failed),
        }
    }

    pub(crate) fn questions_read(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        item: &ItemId,
        answer: Result<Box<ItemState>, CallFailed>,
    ) {
        let Some(held) = self.item_mut(item) else {
            return;
        };
        held.questions.asking = false;
        held.questions.next_awake_ms = now.awake_ms + CONSULT_POLL_MS;
        let state = match answer {
            Ok(state) => state,
            // Asked again later; the heartbeat says if the item is gone.
            Err(CallFailed::Refused { .. }) => return,
            Err(failed) => return self.call_failed(now, fresh, failed),
        };
        let mut is_answered = false;
        for told in state.consults {
            let id = Some(&told.consult_id);
            let row = held.questions.rows.iter_mut();
            let Some(row) = row.into_iter().find(|row| row.consult_id.as_ref() == id) else {
                continue;
            };
            let now_is = match told.state {
                ConsultState::Answered => QuestionState::Answered,
                ConsultState::Closed => QuestionState::Closed,
                _ => QuestionState::Open,
            };
            is_answered |= now_is == QuestionState::Answered && row.state != now_is;
            row.state = now_is;
            row.answer = told.answer;
            row.by_role = told.by_role.unwrap_or_default();
        }
        if is_answered {
            self.hand.bring_forward(item);
            self.notice(NoticeKey::QuestionAnswered, "");
        }
    }
}
