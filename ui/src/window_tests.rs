//! The whole window without a display: widgets found by role, label and id; messages in, answers out.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::Cell;
use std::rc::Rc;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable, by};
use scrim_model::ActionKind;
use scrim_model::serving::Cap;
use scrim_model::settings::AtLimit;
use scrim_model::view::{Part, RevealMode, SoftStep};
use scrim_wire::window::{Command, CoverWhy, FromWindow, Screen, ToWindow, WindowModel};

use crate::actions::{Hand, TABLE};
use crate::demo_models::*;
use crate::strings::Strings;
use crate::theme::ThemeName;
use crate::{Arrival, WindowState, prepare, window_ui};

pub(crate) struct Window {
    pub(crate) harness: Harness<'static, WindowState>,
    now_ms: Rc<Cell<u64>>,
}

impl Window {
    pub(crate) fn sized(model: WindowModel, size: [f32; 2], scale: f32) -> Self {
        Self::speaking(Strings::english(), model, size, scale)
    }

    pub(crate) fn speaking(
        strings: Strings,
        model: WindowModel,
        size: [f32; 2],
        scale: f32,
    ) -> Self {
        let now_ms = Rc::new(Cell::new(10_000));
        let clock = Rc::clone(&now_ms);
        let mut state = WindowState::speaking(strings, ThemeName::Dark, Hand::Right);
        state.receive(ToWindow::Model(Box::new(model)), 10_000);
        let mut harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .allow_missing_glyphs()
            .with_context_setup(|ctx| prepare(ctx, ThemeName::Dark, Vec::new()))
            .build_ui_state(
                move |ui, state: &mut WindowState| window_ui(ui, state, clock.get()),
                state,
            );
        harness.run_steps(2);
        harness.state_mut().take_outgoing();
        Self { harness, now_ms }
    }

    pub(crate) fn of(model: WindowModel) -> Self {
        Self::sized(model, [1280.0, 800.0], 1.0)
    }

    pub(crate) fn later(&self, ms: u64) {
        self.now_ms.set(self.now_ms.get() + ms);
    }

    pub(crate) fn receive(&mut self, message: ToWindow) {
        let now_ms = self.now_ms.get();
        self.harness.state_mut().receive(message, now_ms);
    }

    pub(crate) fn model(&mut self, model: WindowModel) {
        self.receive(ToWindow::Model(Box::new(model)));
    }

    pub(crate) fn with_pixels(&mut self, message: ToWindow, pixels: Vec<u8>) {
        let now_ms = self.now_ms.get();
        let arrival = Arrival {
            message,
            pixels: Some(Box::new(pixels)),
        };
        self.harness.state_mut().receive(arrival, now_ms);
    }

    /// Typed into whatever has the focus.
    pub(crate) fn type_in(&mut self, words: &str) {
        self.harness.event(Event::Text(words.to_owned()));
        self.step();
    }

    pub(crate) fn press_shift(&mut self, key: Key) {
        self.later(500);
        for pressed in [true, false] {
            let event = Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: Modifiers::SHIFT,
            };
            self.harness.event_modifiers(event, Modifiers::SHIFT);
            self.step();
        }
    }

    pub(crate) fn step(&mut self) {
        self.harness.step();
    }

    pub(crate) fn down(&mut self, key: Key) {
        self.harness.key_down(key);
        self.step();
    }

    pub(crate) fn up(&mut self, key: Key) {
        self.harness.key_up(key);
        self.step();
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.later(500);
        self.down(key);
        self.up(key);
    }

    /// What was sent, without “still active”.
    pub(crate) fn sent(&mut self) -> Vec<FromWindow> {
        let mut sent = self.harness.state_mut().take_outgoing();
        sent.retain(|message| *message != FromWindow::Active);
        sent
    }

    pub(crate) fn commands(&mut self) -> Vec<Command> {
        let sent = self.sent().into_iter();
        sent.filter_map(|message| match message {
            FromWindow::Command(command) => Some(command),
            _ => None,
        })
        .collect()
    }

    pub(crate) fn has_label(&self, label: &str) -> bool {
        self.harness.query_by_label(label).is_some()
    }

    /// The node with this author id.
    pub(crate) fn node<'a>(&'a self, id: &'a str) -> egui_kittest::Node<'a> {
        let is_it = |node: &egui_kittest::kittest::AccessKitNode<'_>| node.author_id() == Some(id);
        self.harness.get(by().predicate(is_it))
    }

    pub(crate) fn has_id(&self, id: &str) -> bool {
        let is_it = |node: &egui_kittest::kittest::AccessKitNode<'_>| node.author_id() == Some(id);
        self.harness.query_all(by().predicate(is_it)).count() == 1
    }

    pub(crate) fn click(&mut self, label: &str) {
        self.harness
            .get_by_role_and_label(Role::Button, label)
            .click_accesskit();
        self.harness.run_steps(2);
    }

    /// A window that looks at picture 0 in `mode`, `R` held if the mode wants it.
    pub(crate) fn looking(mode: RevealMode) -> Self {
        let mut window = Self::of(image(2));
        window.with_pixels(covered(0, 64, 48), pixels(64, 48, false));
        if mode == RevealMode::Hold {
            window.down(Key::R);
        }
        window.model(revealed(image(2), "r1", mode, true));
        window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
        window.step();
        assert!(window.has_label("image being looked at, 1 of 2"));
        window
    }

    /// Covered in this very frame, told so, and nothing clear is left.
    pub(crate) fn assert_covered(&mut self, why: CoverWhy) {
        assert!(!self.harness.state().has_clear_pixels());
        assert!(!self.harness.state().is_revealed());
        assert!(self.has_label("covered image, 1 of 2"));
        let said = FromWindow::Covered {
            reveal: reveal_id("r1"),
            why,
        };
        let sent = self.sent();
        assert!(sent.contains(&said), "{sent:?}");
    }
}

#[test]
fn the_first_frame_is_covered_before_and_after_the_preview_comes() {
    let mut window = Window::of(image(2));
    assert!(window.has_label("covered image, 1 of 2"));
    window.with_pixels(covered(0, 64, 48), pixels(64, 48, false));
    window.step();
    assert!(window.has_label("covered image, 1 of 2"));
    assert!(!window.harness.state().has_clear_pixels());
}

#[test]
fn clear_pixels_without_an_open_reveal_are_not_drawn() {
    let mut window = Window::of(image(2));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    window.step();
    assert!(window.has_label("covered image, 1 of 2"));
    window.model(image(2));
    window.step();
    assert!(!window.harness.state().has_clear_pixels());
}

#[test]
fn hold_reveals_presents_once_and_release_covers_in_the_same_frame() {
    let mut window = Window::looking(RevealMode::Hold);
    let sent = window.sent();
    assert!(sent.contains(&FromWindow::Command(Command::Reveal(RevealMode::Hold))));
    let presented = FromWindow::Presented {
        reveal: reveal_id("r1"),
    };
    assert_eq!(sent.iter().filter(|m| **m == presented).count(), 1);
    window.step();
    assert!(!window.sent().contains(&presented));
    window.later(400);
    window.up(Key::R);
    window.assert_covered(CoverWhy::Released);
}

#[test]
fn everything_that_must_cover_covers_at_once() {
    let mut window = Window::looking(RevealMode::Hold);
    window.harness.event(Event::WindowFocused(false));
    window.step();
    window.assert_covered(CoverWhy::FocusLost);

    let mut window = Window::looking(RevealMode::Latch);
    window.down(Key::F9);
    assert!(window.has_label("Everything is covered"));
    assert!(!window.harness.state().has_clear_pixels());
    let said = FromWindow::Covered {
        reveal: reveal_id("r1"),
        why: CoverWhy::CoverAll,
    };
    assert!(window.sent().contains(&said));

    let mut window = Window::looking(RevealMode::Latch);
    window.later(500);
    window.step();
    window.assert_covered(CoverWhy::AgentSilent);

    let mut window = Window::looking(RevealMode::Full);
    for _ in 0..40 {
        window.later(200);
        window.receive(ToWindow::Ping);
    }
    window.step();
    window.assert_covered(CoverWhy::TimeOver);

    let mut window = Window::looking(RevealMode::Latch);
    window.down(Key::N);
    window.assert_covered(CoverWhy::TextField);

    let mut window = Window::looking(RevealMode::Latch);
    window.receive(ToWindow::CoverNow);
    window.step();
    window.assert_covered(CoverWhy::AgentSaid);

    let mut window = Window::looking(RevealMode::Latch);
    let viewports = &mut window.harness.input_mut().viewports;
    viewports
        .get_mut(&egui::ViewportId::ROOT)
        .unwrap()
        .minimized = Some(true);
    window.step();
    window.assert_covered(CoverWhy::Hidden);
}

#[test]
fn a_click_into_the_note_covers() {
    let mut window = Window::looking(RevealMode::Latch);
    window.harness.get_by_role(Role::MultilineTextInput).focus();
    window.harness.run_steps(2);
    window.assert_covered(CoverWhy::TextField);
}

#[test]
fn a_reveal_that_ended_here_stays_covered_whatever_comes_late() {
    let mut window = Window::looking(RevealMode::Hold);
    window.later(400);
    window.up(Key::R);
    window.model(revealed(image(2), "r1", RevealMode::Hold, true));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    window.step();
    window.assert_covered(CoverWhy::Released);
}

#[test]
fn a_tap_latches_and_a_tap_covers() {
    let mut window = Window::of(image(2));
    window.down(Key::R);
    window.later(100);
    window.up(Key::R);
    let commands = window.commands();
    assert_eq!(
        commands,
        [
            Command::Reveal(RevealMode::Hold),
            Command::CoverAgain,
            Command::Reveal(RevealMode::Latch)
        ]
    );
    window.model(revealed(image(2), "r1", RevealMode::Latch, true));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    window.step();
    assert!(window.harness.state().is_revealed());
    window.later(200);
    window.down(Key::R);
    window.assert_covered(CoverWhy::Released);
    window.later(100);
    window.up(Key::R);
    assert_eq!(window.commands(), []);
}

#[test]
fn every_hold_has_an_accessible_toggle() {
    let mut window = Window::of(image(2));
    window.click("Look");
    assert_eq!(window.commands(), [Command::Reveal(RevealMode::Latch)]);
    window.model(revealed(image(2), "r1", RevealMode::Latch, true));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    window.step();
    window.click("Colour");
    assert_eq!(window.commands(), [Command::Colour(true)]);
    window.click("Look");
    window.assert_covered(CoverWhy::Released);
}

#[test]
fn words_are_clear_only_while_the_reveal_is_open_here() {
    let clear_talk = || {
        let mut talk = conversation();
        talk.item.as_mut().unwrap().texts[0].words.body = "Good morning".to_owned();
        revealed(talk, "r1", RevealMode::Latch, true)
    };
    let mut window = Window::of(conversation());
    assert!(!window.has_label("Good morning"));
    window.model(clear_talk());
    window.step();
    assert!(window.has_label("Good morning"));
    let presented = FromWindow::Presented {
        reveal: reveal_id("r1"),
    };
    assert!(window.sent().contains(&presented));
    window.down(Key::Escape);
    assert!(!window.has_label("Good morning"));
    window.model(clear_talk());
    window.step();
    assert!(
        !window.has_label("Good morning"),
        "a late model brings nothing back"
    );
}

#[test]
fn keys_become_commands_and_only_allowed_ones() {
    let mut window = Window::of(image(2));
    for key in [Key::Num2, Key::X, Key::E, Key::K, Key::Period, Key::Z] {
        window.press(key);
    }
    assert_eq!(
        window.commands(),
        [
            Command::Digit(2),
            Command::Decide(ActionKind::Remove),
            Command::NotMe,
            Command::Select(Part::Medium(1)),
            Command::Undo,
        ],
        "“label” is not allowed for this item"
    );
}

#[test]
fn space_only_covers_and_enter_activates_what_has_the_focus() {
    let mut window = Window::of(image(2));
    window
        .harness
        .get_by_role_and_label(Role::Button, "Fine")
        .focus();
    window.step();
    window.press(Key::Enter);
    assert_eq!(window.commands(), [Command::Decide(ActionKind::Allow)]);
    window.press(Key::Space);
    assert_eq!(window.commands(), [Command::CoverAll]);
}

#[test]
fn enter_confirms_only_when_it_counts() {
    let mut window = Window::of(confirming(image(1), false));
    window.press(Key::Enter);
    assert_eq!(window.commands(), []);
    window.model(confirming(image(1), true));
    window.press(Key::Num1);
    window.press(Key::Enter);
    window.press(Key::Escape);
    assert_eq!(
        window.commands(),
        [
            Command::EscalatePriority(1),
            Command::Confirm,
            Command::CancelConfirm
        ]
    );
}

#[test]
fn letters_in_the_note_are_letters_and_escape_leaves_it() {
    let mut window = Window::of(image(1));
    window.press(Key::N);
    window.step();
    window.harness.event(Event::Text("fx".to_owned()));
    window.press(Key::F);
    assert_eq!(window.commands(), [Command::Note("fx".to_owned())]);
    window.press(Key::Escape);
    window.press(Key::F);
    assert_eq!(window.commands(), [Command::Decide(ActionKind::Allow)]);
}

#[test]
fn cover_all_blanks_at_once_and_the_agent_lifts_it() {
    let mut window = Window::of(image(1));
    window.press(Key::F9);
    assert!(window.has_label("Everything is covered"));
    assert!(!window.has_label("covered image, 1 of 1"));
    assert!(window.has_label("Test queue: decisions have no effect"));
    window.model(image(1));
    window.step();
    assert!(
        window.has_label("Everything is covered"),
        "an older model lifts nothing"
    );
    window.model(model(Screen::CoveredAll));
    window.later(1_000);
    window.press(Key::F9);
    assert_eq!(window.commands(), [Command::CoverAll, Command::CoverAll]);
    window.model(image(1));
    window.step();
    assert!(window.has_label("covered image, 1 of 1"));
}

#[test]
fn controls_carry_the_ids_of_the_table() {
    let window = Window::of(with_held(image(2), 3));
    for id in [
        "reveal.hold",
        "reveal.full",
        "cover.stronger",
        "policy.2",
        "policy.0",
        "decide.allow",
        "decide.remove",
        "decide.escalate",
        "decide.undo",
        "item.not_me",
        "note.write",
        "note.field",
        "break.take",
        "help.open",
        "region.status",
        "region.item",
        "region.side",
        "region.actions",
        "region.wellbeing",
        "status.environment",
    ] {
        assert!(window.has_id(id), "{id}");
    }
    assert!(!window.has_id("decide.label"), "not allowed, not offered");
    assert!(window.has_label("(3 held)"));
}

#[test]
fn every_control_is_at_least_28_points_high_and_inside_the_window() {
    for (size, scale) in [
        ([1280.0, 800.0], 1.0),
        ([1024.0, 700.0], 1.0),
        ([640.0, 400.0], 2.0),
    ] {
        let window = Window::sized(with_held(image(2), 1), size, scale);
        let width = size[0];
        for node in window.harness.get_all_by_role(Role::Button) {
            let rect = node.rect();
            assert!(rect.height() >= 28.0, "{rect}");
            assert!(
                rect.right() <= width + 0.5,
                "{:?} {rect}",
                node.accesskit_node().label()
            );
        }
    }
}

#[test]
fn help_lists_every_action_and_escape_closes_it() {
    let mut window = Window::of(image(1));
    window.harness.event_modifiers(
        Event::Key {
            key: Key::Questionmark,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::SHIFT,
        },
        Modifiers::SHIFT,
    );
    window.step();
    for row in TABLE {
        let help = Strings::english().text(&format!("{}.help", row.words));
        assert!(
            window.harness.query_all_by_label(&help).count() > 0,
            "{help}"
        );
    }
    window.press(Key::Escape);
    assert!(window.has_label("covered image, 1 of 1"));
}

#[test]
fn that_items_can_be_practice_stands_with_the_keys_and_on_the_screens_of_a_shift() {
    let words = Strings::english().text("practice-told");
    let told = |mut model: WindowModel, practice: bool, keys: bool| {
        model.practice = practice;
        let mut window = Window::of(model);
        if keys {
            window.press_shift(Key::Questionmark);
        }
        window.has_label(&words)
    };
    let ended = Screen::ShiftEnded { unconfirmed: 0 };
    for screen in [Screen::QueueEmpty, Screen::PoliciesChanged, ended] {
        assert!(told(model(screen.clone()), true, false), "{screen:?}");
        assert!(!told(model(screen), false, false));
    }
    assert!(told(image(1), true, true) && !told(image(1), false, true));
    assert!(
        !told(image(1), true, false),
        "it never stands beside an item"
    );
    assert!(!told(model(Screen::OnBreak), true, false));
}

#[test]
fn every_screen_says_what_happened_what_is_safe_and_what_to_do() {
    let screens = [
        Screen::SignedOut,
        Screen::Connecting,
        Screen::QueueEmpty,
        Screen::OfflineEmpty,
        Screen::BreakNeeded,
        Screen::OnBreak,
        Screen::CoveredAll,
        Screen::Locked {
            key: scrim_wire::window::LockKey::Press,
        },
        Screen::Left {
            revoked: true,
            waiting: 0,
            urgent: false,
        },
        Screen::Left {
            revoked: false,
            waiting: 2,
            urgent: true,
        },
        Screen::PoliciesChanged,
        Screen::Copies,
        Screen::ShiftEnded { unconfirmed: 0 },
        Screen::ShiftEnded { unconfirmed: 2 },
        Screen::ServerSaysNo {
            message: "Ask for a new token.".to_owned(),
        },
        Screen::LighterNext { left_s: 40 },
        Screen::LimitReached,
        Screen::StoreFailed {
            message: "The disk is full.".to_owned(),
        },
    ];
    let strings = Strings::english();
    for screen in screens {
        let (title, body, to_do) = crate::view::screens::words_of(&screen);
        for key in [title, body, to_do] {
            assert!(strings.has(key), "{key}");
        }
        let window = Window::of(model(screen));
        assert!(window.has_label(&strings.text(title)), "{title}");
        assert!(window.has_label("Test queue: decisions have no effect"));
        let expected = format!("Scrim – {}", strings.text(title));
        assert_eq!(window.harness.state().title(), expected);
    }
}

#[test]
fn the_days_exposure_is_one_quiet_line_and_the_limit_says_what_happens() {
    let mut near = image(1);
    assert!(Window::of(near.clone()).has_label("Today: 46 of 240 weighted min"));
    let exposure = &mut near.wellbeing.exposure;
    (exposure.weighted_min, exposure.cap) = (Some(185), Cap::Notice);
    let window = Window::of(near.clone());
    assert!(window.has_label("Today: 185 of 240 weighted min"));
    assert!(window.has_label("Near the day’s limit. After it, lighter items only."));
    near.wellbeing.exposure.clear_min = 50;
    let window = Window::of(near.clone());
    assert!(window.has_label("Today: 50 of 60 min clear view of severe items"));
    near.wellbeing.exposure.clear_min = 0;
    near.wellbeing.exposure.alone = true;
    let window = Window::of(near.clone());
    assert!(window.has_label("Today: 185 of 240 weighted min · your other desks are not heard"));
    near.wellbeing.exposure.alone = false;
    near.wellbeing.exposure.weighted_min = None;
    near.wellbeing.exposure.cap = Cap::Reached;
    near.wellbeing.exposure.at_limit = AtLimit::EndShift;
    let window = Window::of(near);
    assert!(window.has_label("Today: not known, counted as full"));
    assert!(window.has_label("The day’s limit is reached: no new items today."));
}

#[test]
fn going_easy_is_offered_between_items_and_never_with_one() {
    assert!(Window::of(model(Screen::QueueEmpty)).has_label("Go easy on me today"));
    assert!(Window::of(model(Screen::OnBreak)).has_label("Go easy on me today"));
    assert!(!Window::of(image(1)).has_label("Go easy on me today"));
}

#[test]
fn words_of_outside_show_what_they_hide() {
    let mut model = image(1);
    model.item.as_mut().unwrap().label = "a\u{202e}b".to_owned();
    let window = Window::of(model);
    assert!(window.has_label("a⟦U+202E⟧b"));
}

#[test]
fn without_input_nothing_is_drawn_again() {
    let mut window = Window::of(image(2));
    window.harness.run_steps(3);
    let frames = window.harness.run();
    assert!(frames <= 1, "{frames} frames");
    let output = window.harness.output();
    let root = &output.viewport_output[&egui::ViewportId::ROOT];
    assert!(root.repaint_delay > std::time::Duration::from_secs(3600));
}

#[test]
fn pixels_are_awaited_from_the_asking_until_they_are_here_and_for_pictures_only() {
    let awaits = |mode, open| {
        let mut window = Window::of(image(1));
        window.model(revealed(image(1), "r1", mode, open));
        window.harness.state().awaits_clear()
    };
    assert!(!Window::of(image(1)).harness.state().awaits_clear());
    let softened = RevealMode::Soft(SoftStep::Heavy);
    for mode in [RevealMode::Full, softened] {
        assert!(awaits(mode, false) && awaits(mode, true), "{mode:?}");
    }
    assert!(!awaits(RevealMode::Sound, true), "nothing is shown");
    // A look whose key is up again ends where it opens, and nobody waits for it.
    assert!(!awaits(RevealMode::Hold, true));
    let mut window = Window::of(image(1));
    window.model(revealed(image(1), "r1", RevealMode::Full, true));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    assert!(!window.harness.state().awaits_clear());
}
