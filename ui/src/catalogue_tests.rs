//! Nothing that is said bypasses the catalogue: in a language that nobody speaks, every word has an
//! accent or came from outside.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable, by};
use scrim_model::breaks::BreakPhase;
use scrim_model::checkin::When;
use scrim_model::hashes::Likeness;
use scrim_model::serving::Cap;
use scrim_model::settings::{Floors, Protection, Settings, TABLE, effective};
use scrim_model::view::RevealMode;
use scrim_model::{ActionKind, DecisionId, Environment, ItemId, Timestamp};
use scrim_wire::leaves;
use scrim_wire::window::{
    CheckInStands, ConflictAbout, ConflictView, ConflictWhat, CopiesView, CopyView, EarlierView,
    HistoryRow, Later, LinkState, LockKey, MediumState, Notice, NoticeKey, ParkReason, Screen,
    SettingsView, SyncState, ToWindow, UndoState, WindowModel,
};
use serde::Serialize;
use serde_json::Value;

use crate::demo_models::*;
use crate::demo_team::{AS_OF, team_view};
use crate::pseudo;
use crate::strings::Strings;
use crate::window_tests::Window;

/// So large that nothing of a page is out of sight.
const SIZE: [f32; 2] = [1280.0, 12_000.0];

/// To be typed as they are, in every language.
const COMMANDS: [&str; 2] = ["scrim sign-in", "scrim verify"];

fn speaking(model: &WindowModel) -> Window {
    let strings = Strings::english().respelled(pseudo::respelled);
    Window::speaking(strings, model.clone(), SIZE, 1.0)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.len() > 1)
}

/// Every word in a value that came from outside.
fn data(of: &impl Serialize) -> BTreeSet<String> {
    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => into.extend(words(text).map(str::to_owned)),
            Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
            Value::Object(fields) => fields.values().for_each(|value| collect(value, into)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    collect(&serde_json::to_value(of).unwrap(), &mut all);
    all
}

/// What is said of a node: its name, its help, its key.
fn said(node: &AccessKitNode<'_>) -> Vec<String> {
    let said = [
        node.label(),
        node.value(),
        node.description(),
        node.placeholder().map(str::to_owned),
        node.data().keyboard_shortcut().map(str::to_owned),
    ];
    said.into_iter().flatten().collect()
}

/// Words of the window that are as they are in English and did not come from outside.
fn bypassing(window: &Window, outside: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for node in window.harness.query_all(by().predicate(|_| true)) {
        for mut text in said(&node.accesskit_node()) {
            for command in COMMANDS {
                text = text.replace(command, "");
            }
            let plain = words(&text)
                .filter(|word| word.is_ascii() && word.contains(|c: char| c.is_ascii_alphabetic()))
                .filter(|word| pseudo::respelled(word) != *word && !outside.contains(*word));
            found.extend(plain.map(|word| format!("{word} in {text:?}")));
        }
    }
    found
}

#[track_caller]
fn assert_from_catalogue(page: &str, window: &Window, outside: &BTreeSet<String>) {
    let found = bypassing(window, outside);
    assert!(found.is_empty(), "on {page}: {found:#?}");
}

fn decision(id: &str) -> DecisionId {
    DecisionId::new(id).unwrap()
}

fn earlier() -> EarlierView {
    EarlierView {
        decision_id: decision("earlier"),
        action: ActionKind::Remove,
        policy: "Graphic violence".to_owned(),
        at: Timestamp(1_764_000_000_000),
    }
}

/// A model on which everything beside an item has something to say.
fn full(mut model: WindowModel) -> WindowModel {
    model.practice = true;
    model.leads = true;
    model.wellbeing.phase = BreakPhase::Exhausted;
    model.wellbeing.exposure.cap = Cap::Reached;
    model.wellbeing.exposure.alone = true;
    model.link = LinkState::Offline { retry_in_s: 9 };
    model.history = history();
    model.conflicts = conflicts();
    with_held(model, 2)
}

fn history() -> Vec<HistoryRow> {
    let row = |n: u8, state, later, undo| HistoryRow {
        decision_id: decision(&format!("row-{n}")),
        item_id: ItemId::new(format!("item-{n}")).unwrap(),
        action: ActionKind::Remove,
        policy: "Violence".to_owned(),
        at: Timestamp(1_770_000_000_000),
        state,
        later,
        undo,
        supersedes: (n == 2).then(|| decision("row-1")),
        can_correct: true,
        can_undo: true,
    };
    vec![
        row(1, SyncState::Held, Later::Unknown, UndoState::NotAsked),
        row(2, SyncState::Waiting, Later::Corrected, UndoState::Waiting),
        row(3, SyncState::InFlight, Later::Changed, UndoState::Done),
        row(4, SyncState::Accepted, Later::Undone, UndoState::Refused),
        row(5, SyncState::Parked, Later::Withdrawn, UndoState::NotAsked),
    ]
}

fn conflicts() -> Vec<ConflictView> {
    let about = || ConflictAbout::Decision {
        decision_id: decision("late-1"),
        item_id: ItemId::new("item-9").unwrap(),
        action: ActionKind::Restrict,
        decided_at: Timestamp(1_770_000_000_000),
    };
    let of = |what| ConflictView {
        about: about(),
        what,
        at: Some(Timestamp(1_770_000_000_000)),
    };
    vec![
        of(ConflictWhat::Parked {
            reason: ParkReason::Invalid,
            code: "wrong_queue".to_owned(),
        }),
        of(ConflictWhat::Overtaken {
            by_role: "moderator".to_owned(),
            outcome: "remove".to_owned(),
        }),
        ConflictView {
            about: ConflictAbout::Records,
            what: ConflictWhat::TailMissing { here: 3, server: 9 },
            at: None,
        },
    ]
}

fn screens() -> Vec<Screen> {
    let left = |revoked| Screen::Left {
        revoked,
        waiting: 2,
        urgent: true,
    };
    let message = "Nobody knows".to_owned();
    let mut screens = vec![
        Screen::SignedOut,
        Screen::Connecting,
        Screen::QueueEmpty,
        Screen::PoliciesChanged,
        Screen::OfflineEmpty,
        Screen::BreakNeeded,
        Screen::OnBreak,
        Screen::CoveredAll,
        left(true),
        left(false),
        Screen::ShiftEnded { unconfirmed: 2 },
        Screen::ServerSaysNo {
            message: message.clone(),
        },
        Screen::LighterNext { left_s: 40 },
        Screen::LimitReached,
        Screen::StoreFailed { message },
    ];
    for key in [
        LockKey::Press,
        LockKey::Passphrase,
        LockKey::PassphraseAgain,
        LockKey::Trying,
    ] {
        screens.push(Screen::Locked { key });
    }
    screens
}

#[test]
fn every_screen_between_items_has_its_words_from_the_catalogue() {
    for screen in screens() {
        for stands in [
            CheckInStands::Offered(When::Before),
            CheckInStands::Offered(When::After),
            CheckInStands::Answered,
        ] {
            let mut model = full(model(screen.clone()));
            model.check_in.stands = stands;
            let window = speaking(&model);
            assert_from_catalogue(&format!("{screen:?}"), &window, &data(&model));
        }
    }
    let mut copies = full(model(Screen::Copies));
    copies.copies = Some(CopiesView {
        of: earlier(),
        exact: 2,
        near: vec![4, 12],
        of_author: Vec::new(),
        near_ready: true,
    });
    assert_from_catalogue("copies", &speaking(&copies), &data(&copies));
}

#[test]
fn an_item_in_every_state_has_its_words_from_the_catalogue() {
    let mut several = image(3);
    let item = several.item.as_mut().unwrap();
    item.copy_of = Some(CopyView {
        of: earlier(),
        likeness: Likeness::Near { distance: 12 },
    });
    item.media[1] = MediumState::NotLoaded;
    item.known_exact = true;
    item.without_landlock = true;
    let mut reason = image(1);
    reason.asks_reason = true;
    for (name, item) in [
        ("one picture", image(1)),
        ("several pictures", several),
        ("a conversation", conversation()),
        ("a look", revealed(image(1), "r1", RevealMode::Latch, true)),
        ("an escalation", confirming(image(1), true)),
        ("a reason", reason),
    ] {
        let item = full(item);
        assert_from_catalogue(name, &speaking(&item), &data(&item));
        let mut searched = speaking(&item);
        searched.press(Key::Slash);
        assert_from_catalogue(&format!("{name}, searched"), &searched, &data(&item));
        let mut marked = speaking(&item);
        marked.press(Key::M);
        assert_from_catalogue(&format!("{name}, marked"), &marked, &data(&item));
    }
}

#[test]
fn every_notice_has_its_words_from_the_catalogue() {
    for key in [
        NoticeKey::ClaimLost,
        NoticeKey::EscalationUnconfirmed,
        NoticeKey::EscalationWithoutEffect,
        NoticeKey::EscalationNotPassedOn,
        NoticeKey::AimedAway,
        NoticeKey::SettingOutOfRange,
        NoticeKey::RecordsChanged,
    ] {
        let mut model = image(1);
        model.environment = Some(Environment::Production);
        model.notices = vec![Notice {
            id: 1,
            key,
            arg: "item-7".to_owned(),
        }];
        assert_from_catalogue(&format!("{key:?}"), &speaking(&model), &data(&model));
    }
}

#[test]
fn what_a_review_or_practice_did_not_pass_on_is_said_as_what_is_known_of_it() {
    let strings = Strings::english();
    let values = [
        ("arg", "item-7".into()),
        ("contacts", "Duty lead: extension 12".into()),
    ];
    for (key, whom) in [
        ("notice-escalation-without-effect", "tell your lead"),
        (
            "notice-escalation-not-passed-on",
            "call the duty contact, and say so: Duty lead: extension 12",
        ),
    ] {
        let said = strings.with(key, &values);
        // The desk is not told which of the two it was.
        for words in [
            "(item-7)",
            "a review or practice",
            "nothing was passed on",
            whom,
        ] {
            assert!(said.contains(words), "{words:?} in {said:?}");
        }
    }
}

#[test]
fn every_page_over_an_item_has_its_words_from_the_catalogue() {
    let item = full(image(1));
    let outside = data(&item);
    let mut keys = speaking(&item);
    keys.press_shift(Key::Questionmark);
    assert_from_catalogue("the keys", &keys, &outside);
    for (page, key) in [("own decisions", Key::H), ("a question", Key::U)] {
        let mut window = speaking(&item);
        window.press(key);
        assert_from_catalogue(page, &window, &outside);
    }
    for (page, key) in [("check-ins", Key::I), ("questions", Key::U)] {
        let mut window = speaking(&item);
        window.harness.key_press_modifiers(Modifiers::CTRL, key);
        window.harness.run_steps(2);
        assert_from_catalogue(page, &window, &outside);
    }
}

#[test]
fn the_pages_of_settings_and_privacy_have_their_words_from_the_catalogue() {
    let item = full(image(1));
    let mut window = speaking(&item);
    window
        .harness
        .key_press_modifiers(Modifiers::CTRL, Key::Comma);
    let effective = effective(
        &Floors {
            server: Settings::default(),
            managed: Settings::default(),
        },
        &Settings::default(),
    );
    window.receive(ToWindow::Settings(Box::new(SettingsView {
        rows: effective.rows().to_vec(),
        not_acted_on: Vec::new(),
        reveal: Protection::of(&effective).reveal,
        media_max_pct: Protection::of(&effective).media_max_pct,
        in_doubt: true,
    })));
    window.harness.run_steps(2);
    assert!(window.has_id(&format!("setting.{}", TABLE[0].key.name())));
    assert_from_catalogue("the settings", &window, &data(&item));

    let mut window = speaking(&item);
    window.harness.key_press_modifiers(Modifiers::CTRL, Key::P);
    window.harness.run_steps(2);
    let mut outside = data(&item);
    // Calls and fields are named as they are on the wire.
    for row in leaves::TABLE {
        outside.extend(words(row.method).chain(words(row.path)).map(str::to_owned));
        outside.extend(
            row.fields
                .iter()
                .flat_map(|field| words(field))
                .map(str::to_owned),
        );
    }
    outside.extend(
        leaves::HEADERS
            .iter()
            .flat_map(|name| words(name))
            .map(str::to_owned),
    );
    assert_from_catalogue("privacy", &window, &outside);
}

#[test]
fn the_page_of_a_lead_has_its_words_from_the_catalogue() {
    let lead = full(model(Screen::QueueEmpty));
    let mut window = speaking(&lead);
    window.harness.state_mut().set_wall(AS_OF);
    window.press_team();
    let view = team_view();
    let mut outside = data(&lead);
    outside.append(&mut data(&view));
    window.team(view);
    assert!(window.has_id("team.facts"));
    assert_from_catalogue("the team", &window, &outside);
}

/// The column beside the item keeps its controls, and the bars theirs, however long their words are.
#[test]
fn longer_words_push_no_control_out_of_its_place() {
    for (size, scale) in [([1280.0, 800.0], 1.0), ([640.0, 400.0], 2.0)] {
        for model in [
            image(3),
            conversation(),
            full(image(1)),
            full(conversation()),
        ] {
            let strings = Strings::english().respelled(pseudo::respelled);
            let window = Window::speaking(strings, model, size, scale);
            // The status bar's last control ends where the column does, and the field fills its width.
            let side = window.node("note.field").rect();
            let mut in_side = 0;
            for button in window.harness.query_all_by_role(Role::Button) {
                let id = button
                    .accesskit_node()
                    .author_id()
                    .unwrap_or_default()
                    .to_owned();
                let rect = button.rect();
                assert!(
                    rect.left() >= 0.0 && rect.right() <= size[0] + 1.0,
                    "{id} is at {rect:?} of {size:?}"
                );
                if ["policy.", "note.", "mark.", "item.language", "item.aimed"]
                    .iter()
                    .any(|of_side| id.starts_with(of_side))
                {
                    in_side += 1;
                    assert!(
                        side.left() - 1.0 <= rect.left() && rect.right() <= side.right() + 1.0,
                        "{id} is at {rect:?}, the column at {side:?}"
                    );
                }
            }
            assert!(in_side > 6, "{in_side} controls in the column");
        }
    }
}
