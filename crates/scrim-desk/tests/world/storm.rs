//! Random blows to the scripted world, and what must hold after each.

use std::collections::BTreeSet;

use scrim_desk::Event;
use scrim_model::area::Area;
use scrim_model::settings::{Key as SettingKey, Value};
use scrim_model::view::{Played, RevealMode, RevealReason, SoftStep};
use scrim_model::{ActionKind, DecisionId, RevealId, Role};
use scrim_wire::window::{Command, Correct, Screen, TextView};
use serde_json::json;

use super::{REPORT, REPORTED, World};

/// One random thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blow(pub(crate) u16);

impl World {
    /// One random blow.
    pub(crate) fn suffer(&mut self, Blow(random): Blow) {
        let argument = u64::from(random / 32);
        match random % 32 {
            0..=3 => self.pass(argument * 37 + 1),
            4 | 5 => self.command(Command::Decide(ActionKind::Allow)),
            6 => self.command(Command::Decide(ActionKind::Escalate)),
            7 if argument % 8 == 0 => self.command(Command::OpenLook("q".into())),
            7 if argument % 8 == 1 => self.command(Command::CloseLook),
            7 if argument % 8 == 2 => self.command(Command::AnswerColleague("yes".into())),
            7 if argument % 8 == 4 => self.command(Command::SignOut),
            7 if argument % 8 == 3 => self.command(Command::OtherLanguage),
            7 => self.command(Command::Confirm),
            8 if argument % 4 == 0 => self.command(Command::Slipped),
            8 if argument % 4 == 1 => self.undo_something_sent(argument / 4),
            8 => self.command(Command::Undo),
            9 if argument % 2 == 0 => self.command(Command::RevealSpan(RevealMode::Latch, REPORT)),
            9 if argument % 4 == 1 => self.command(Command::ApplyToCopies {
                near: argument % 8 == 1,
            }),
            9 => self.command(Command::Reveal(RevealMode::Full)),
            10 => self.command(Command::Reveal(RevealMode::Hold)),
            11 => self.command(Command::CoverAgain),
            12 => self.command(Command::CoverAll),
            13 => self.command(Command::TakeBreak),
            14 if argument % 2 == 0 => self.command(Command::Unlock(None)),
            14 if argument % 16 == 1 => self.command(Command::Reconnect),
            14 if argument % 16 == 3 => self.command(Command::LookAtCopies),
            14 if argument % 16 == 5 => self.command(Command::WrongMatch),
            14 if argument % 16 == 7 => self.command(Command::ApplyToAuthor),
            14 => self.command(Command::EndBreak),
            15 if argument % 3 == 0 => self.command(Command::AimedAtMe),
            15 => self.command(Command::NotMe),
            16 => self.command(Command::EndShift),
            17 => self.command(Command::StartShift),
            18 => self.event(Event::WindowGone { crashed: true }),
            19 => self.event(Event::WindowOpened),
            20 if argument % 2 == 0 => self.choose_something(argument),
            20 => self.event(Event::Locked),
            21 => self.server.reachable = !self.server.reachable,
            22 => self.server.loses_answers = !self.server.loses_answers,
            23 if argument % 4 == 1 => self.server.takes_many = !self.server.takes_many,
            23 if argument % 4 == 2 => self.server.refuses_undo = !self.server.refuses_undo,
            23 => self.server.loses_claims = !self.server.loses_claims,
            24 => self.store_works = !self.store_works,
            25 if argument % 4 == 0 => self.command(Command::Snooze),
            25 => self.correct_something(argument),
            26 if argument % 4 == 0 => self.see_something(argument),
            26 => self.command(Command::Digit(u8::try_from(argument % 10).unwrap())),
            27 if argument % 3 == 0 => self.command(Command::HandOver),
            27 if argument % 3 == 1 => self.command(Command::AskColleague {
                to: Role::Lead,
                question: "which?".into(),
            }),
            27 => self.command(Command::Decide(ActionKind::Remove)),
            28 => self.now.boot_ms += argument * 1_000,
            29 => self.now.utc_ms += (i64::try_from(argument).unwrap() - 1_000) * 1_000,
            30 if argument % 4 == 0 => self.command(Command::Stronger),
            30 if argument % 4 == 1 => self.command(Command::RevealReason(RevealReason::Compare)),
            30 if argument % 4 == 2 => {
                self.command(Command::Reveal(RevealMode::Soft(SoftStep::Middle)));
            }
            30 => self.command(Command::Note("x".repeat(usize::from(random / 32) % 3))),
            _ => self.event(Event::Active),
        }
    }

    /// Some setting, or another floor.
    pub(crate) fn choose_something(&mut self, argument: u64) {
        let list = |word: &str| Value::List([word.to_owned()].into());
        let choice = |word: &str| Value::Choice(word.to_owned());
        let (key, value) = match argument / 2 % 7 {
            0 => (SettingKey::TextMask, choice("whole")),
            1 => (SettingKey::TextMask, choice("spans")),
            2 => (SettingKey::TextWords, list("look")),
            3 => (
                SettingKey::CoverSketch,
                Value::Flag(argument.is_multiple_of(3)),
            ),
            4 => (
                SettingKey::CoverGreyscale,
                Value::Flag(argument.is_multiple_of(3)),
            ),
            5 => (SettingKey::ClassOptOut, list("violence")),
            _ => {
                let floors = [
                    json!({}),
                    json!({"text.mask": "whole", "cover.blur": "strong"}),
                ];
                self.server.floor = Some(floors[(argument / 14 % 2) as usize].clone());
                return;
            }
        };
        let value = (!argument.is_multiple_of(5)).then_some(value);
        self.command(Command::SetSetting { key, value });
    }

    /// The window says what one of the looks so far showed.
    pub(crate) fn see_something(&mut self, argument: u64) {
        let looks: Vec<RevealId> = self.durable_reveals.iter().cloned().collect();
        let at = argument as usize % looks.len().max(1);
        if let Some(reveal) = looks.get(at).cloned() {
            self.event(Event::Seen {
                reveal,
                area: Area::whole(),
                zoomed: argument.is_multiple_of(8),
                played: Played::default(),
            });
        }
    }

    /// One of the past decisions is to be undone, whether that can be asked or not.
    pub(crate) fn undo_something_sent(&mut self, argument: u64) {
        let rows = self.model().history;
        let at = argument as usize % rows.len().max(1);
        if let Some(row) = rows.get(at) {
            self.command(Command::UndoSent(row.decision_id.clone()));
        }
    }

    /// Some step of a correction.
    pub(crate) fn correct_something(&mut self, argument: u64) {
        let newest = self
            .model()
            .history
            .first()
            .map(|row| row.decision_id.clone());
        match (argument % 4, newest) {
            (1, Some(id)) => self.command(Command::Correct(Correct::Open(id))),
            (2, _) => self.command(Command::Correct(Correct::Action(ActionKind::Allow))),
            _ => self.command(Command::Correct(Correct::Record)),
        }
    }

    /// All faults end; time passes.
    pub(crate) fn calm(&mut self) {
        self.server.reachable = true;
        self.server.loses_answers = false;
        self.server.loses_claims = false;
        self.store_works = true;
        self.command(Command::Unlock(None));
        self.command(Command::Reconnect);
        self.pass(10 * 60_000);
    }

    /// Promises that hold after every step.
    pub(crate) fn check(&self) {
        let effective = self.desk.settings_view();
        let row = |key| effective.rows.iter().find(|row| row.key == key).unwrap();
        if let Some(item) = &self.model().item {
            let grey = row(SettingKey::CoverGreyscale).value == Value::Flag(true);
            assert!(!grey || item.style.grey, "a coloured cover under grey");
            let whole = row(SettingKey::TextMask).value == Value::Choice("whole".into());
            let words_are_open = item.reveal.as_ref().is_some_and(|r| r.part.is_words());
            let letters = |text: &TextView| text.words.body.chars().any(char::is_alphanumeric);
            assert!(
                !whole || words_are_open || !item.texts.iter().any(letters),
                "unmasked under a whole mask"
            );
        }
        if let Some(reveal) = &self.handed {
            assert!(
                self.desk.reveals(reveal),
                "clear pixels outlive their reveal"
            );
        }
        let model = self.model();
        let open = model.item.as_ref().and_then(|item| item.reveal.as_ref());
        let words_are_open = open.is_some_and(|r| r.open && r.part.is_words());
        assert!(
            words_are_open || !format!("{model:?}").contains(REPORTED),
            "clear words outside a durable reveal of them"
        );
        assert_eq!(
            model.copies.is_some(),
            model.screen == Screen::Copies,
            "copies are offered on their screen and nowhere else"
        );
        for copy in self.recorded.values() {
            let Some(source) = &copy.propagated_from else {
                continue;
            };
            let source = &self.recorded[source];
            assert!(source.propagated_from.is_none() && source.item_id != copy.item_id);
            assert_eq!(
                (&source.actions, source.severity),
                (&copy.actions, copy.severity)
            );
        }
        if matches!(model.screen, Screen::Locked { .. } | Screen::Left { .. }) {
            assert!(model.item.is_none() && model.history.is_empty() && model.notices.is_empty());
        }
        for row in model.history {
            assert!(
                self.committed.contains(&row.decision_id),
                "shown as decided, not on disk"
            );
        }
    }

    pub(crate) fn committed_and_standing(&self) -> BTreeSet<DecisionId> {
        self.committed
            .difference(&self.withdrawn)
            .cloned()
            .collect()
    }
}
