//! Masked words in the whole window: stepping, single spans, translations.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::{Event, Key, PointerButton, Pos2};
use scrim_model::view::{Part, RevealMode, WordPlace, WordSpan};
use scrim_wire::window::{Command, CoverWhy, FromWindow, RevealView, WindowModel};

use crate::demo_models::*;
use crate::window_tests::Window;

fn span(model: &WindowModel, text: usize) -> WordSpan {
    model.item.as_ref().unwrap().texts[text].words.spans[0].key
}

/// The conversation with one stretch open under `id`, and that stretch's words.
fn opened(text: usize, id: &str, mode: RevealMode, body: &str) -> WindowModel {
    let mut model = conversation();
    let key = span(&model, text);
    let item = model.item.as_mut().unwrap();
    item.texts[text].words.body = body.to_owned();
    item.reveal = Some(RevealView {
        id: reveal_id(id),
        mode,
        part: Part::Span(key),
        open: true,
        colour: false,
        sound: false,
    });
    model
}

const SECOND: &str = "Yes, bring the green folder please.";

fn at_second() -> Window {
    let mut window = Window::of(conversation());
    window.press(Key::J);
    window.press(Key::J);
    window.step();
    window
}

#[test]
fn j_goes_to_the_next_flagged_text_and_says_where_it_is() {
    let mut window = Window::of(conversation());
    assert!(window.has_label("6 texts, 6 flagged"));
    window.press(Key::J);
    window.press(Key::J);
    assert!(window.has_label("text 2 of 6, 6 flagged"));
    window.press_shift(Key::J);
    assert!(window.has_label("text 1 of 6, 6 flagged"));
    assert_eq!(window.commands(), []);
}

#[test]
fn j_then_r_held_reveals_the_first_span_alone_and_letting_go_covers() {
    let mut window = at_second();
    let expected = span(&conversation(), 1);
    window.later(500);
    window.down(Key::R);
    assert_eq!(
        window.commands(),
        [Command::RevealSpan(RevealMode::Hold, expected)]
    );
    window.model(opened(1, "r1", RevealMode::Hold, SECOND));
    window.step();
    assert!(window.has_label(SECOND));
    let presented = FromWindow::Presented {
        reveal: reveal_id("r1"),
    };
    assert!(window.sent().contains(&presented));
    window.later(400);
    window.up(Key::R);
    assert!(!window.has_label(SECOND));
    let said = FromWindow::Covered {
        reveal: reveal_id("r1"),
        why: CoverWhy::Released,
    };
    assert!(window.sent().contains(&said));
    window.model(opened(1, "r1", RevealMode::Hold, SECOND));
    window.step();
    assert!(
        !window.has_label(SECOND),
        "a late model brings nothing back"
    );
}

#[test]
fn covering_masks_the_same_stretches_and_no_more() {
    let mut window = at_second();
    window.model(opened(1, "r1", RevealMode::Latch, SECOND));
    window.step();
    window.press(Key::Escape);
    let shown = window
        .harness
        .state()
        .model()
        .unwrap()
        .item
        .as_ref()
        .unwrap();
    assert_eq!(shown.texts, conversation().item.unwrap().texts);
}

#[test]
fn the_steps_are_dead_while_a_look_key_is_down_and_shortly_after() {
    let mut window = Window::of(conversation());
    window.later(500);
    window.down(Key::R);
    window.later(400);
    for key in [Key::J, Key::T, Key::Slash] {
        window.down(key);
        window.up(key);
    }
    window.up(Key::R);
    window.later(200);
    window.down(Key::J);
    window.up(Key::J);
    assert!(window.has_label("6 texts, 6 flagged"));
    assert!(!window.has_id("policy.search.field"));
    window.press(Key::J);
    assert!(window.has_label("text 1 of 6, 6 flagged"));
}

fn pointer(window: &mut Window, at: Pos2, pressed: bool) {
    window.harness.event(Event::PointerMoved(at));
    window.harness.event(Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    });
    window.step();
}

fn first_span_at(window: &Window) -> Pos2 {
    window.node("span.text.0.0").rect().center()
}

#[test]
fn the_pointer_holds_a_span_open_and_a_short_press_keeps_it_open() {
    let mut window = Window::of(conversation());
    let expected = span(&conversation(), 0);
    let at = first_span_at(&window);
    pointer(&mut window, at, true);
    assert_eq!(
        window.commands(),
        [Command::RevealSpan(RevealMode::Hold, expected)]
    );
    window.later(400);
    window.down(Key::F);
    assert_eq!(window.commands(), [], "decisions are dead meanwhile");
    pointer(&mut window, at, false);
    assert_eq!(window.commands(), [Command::CoverAgain]);

    let mut window = Window::of(conversation());
    pointer(&mut window, at, true);
    window.later(100);
    pointer(&mut window, at, false);
    assert_eq!(
        window.commands(),
        [
            Command::RevealSpan(RevealMode::Hold, expected),
            Command::CoverAgain,
            Command::RevealSpan(RevealMode::Latch, expected)
        ]
    );
}

#[test]
fn losing_the_focus_ends_a_pointers_hold() {
    let mut window = Window::of(conversation());
    let at = first_span_at(&window);
    pointer(&mut window, at, true);
    window.model(opened(0, "r1", RevealMode::Hold, "Good morning"));
    window.step();
    assert!(window.has_label("Good morning"));
    window.harness.event(Event::WindowFocused(false));
    window.step();
    assert!(!window.has_label("Good morning"));
    assert!(!window.harness.state().is_revealed());
}

#[test]
fn every_span_has_an_accessible_toggle() {
    let mut window = Window::of(conversation());
    window.node("span.text.0.0").click_accesskit();
    window.harness.run_steps(2);
    let expected = span(&conversation(), 0);
    assert_eq!(
        window.commands(),
        [Command::RevealSpan(RevealMode::Latch, expected)]
    );
}

#[test]
fn t_shows_the_translation_masked_and_says_who_made_it() {
    let mut window = Window::of(conversation());
    assert!(window.has_id("span.text.2.0"));
    window.press(Key::T);
    assert!(!window.has_id("span.text.2.0"));
    assert!(window.has_id("span.text.2.t0.0"));
    assert!(window.has_id("span.text.0.0"), "others stay as they are");
    let said = "A · en, translated from ar by a machine · 2026-02-02 02:40 UTC · flagged";
    assert!(window.has_label(said));
    window.press(Key::T);
    assert!(window.has_id("span.text.2.0"));
}

#[test]
fn a_long_pause_is_said() {
    let mut model = conversation();
    let texts = &mut model.item.as_mut().unwrap().texts;
    for text in &mut texts[3..] {
        text.at = text.at.map(|at| at.plus_ms(2 * 86_400_000));
    }
    assert!(Window::of(model).has_label("2 days later"));
}

#[test]
fn every_stretch_of_the_same_item_can_be_found() {
    let mut window = Window::of(conversation());
    window.step();
    let item = conversation().item.unwrap();
    let spans = item.texts.iter().flat_map(|text| &text.words.spans);
    for span in spans {
        let key = span.key;
        assert_eq!(key.place, WordPlace::Text);
        assert!(window.has_id(&format!("span.text.{}.{}", key.text, key.start)));
    }
    assert!(window.has_id("span.report.0.0"));
    let (latin, hebrew) = (window.node("span.text.0.0"), window.node("span.text.3.0"));
    assert!(
        hebrew.rect().left() > latin.rect().right() + 200.0,
        "words from the right begin at the right"
    );
    let (above, below) = (window.node("span.text.2.0"), hebrew.rect());
    assert!(above.rect().bottom() <= below.top(), "no two overlap");
}

#[test]
fn another_part_takes_the_focus_from_words() {
    let two = |selected: Part| {
        let mut model = conversation();
        let item = model.item.as_mut().unwrap();
        let image = image(1).item.unwrap();
        item.media = image.media;
        item.parts = image.parts;
        item.selected = selected;
        model
    };
    let mut window = Window::of(two(Part::Words));
    window.press(Key::J);
    window.step();
    window.model(two(Part::Medium(0)));
    window.step();
    window.later(500);
    window.down(Key::R);
    assert_eq!(window.commands(), [Command::Reveal(RevealMode::Hold)]);
}

#[test]
fn an_item_that_goes_while_the_pointer_holds_leaves_no_dead_keys() {
    let mut window = Window::of(conversation());
    let at = first_span_at(&window);
    pointer(&mut window, at, true);
    let mut next = conversation();
    next.item.as_mut().unwrap().id = scrim_model::ItemId::new("item-2").unwrap();
    window.model(next);
    window.step();
    pointer(&mut window, at, false);
    window.commands();
    window.press(Key::F);
    assert_eq!(
        window.commands(),
        [Command::Decide(scrim_model::ActionKind::Allow)]
    );
}

#[test]
fn names_are_masked_again_with_the_words_even_if_the_agent_says_nothing_more() {
    let mut model = conversation();
    let item = model.item.as_mut().unwrap();
    item.texts[0].role = "message:kite".to_owned();
    item.texts[0].role_masks = vec![(8, 12)];
    item.reveal = Some(RevealView {
        id: reveal_id("all"),
        mode: RevealMode::Latch,
        part: Part::Words,
        open: true,
        colour: false,
        sound: false,
    });
    let mut window = Window::of(model);
    let role = |window: &Window| {
        let model = window.harness.state().model().unwrap();
        model.item.as_ref().unwrap().texts[0].role.clone()
    };
    assert_eq!(role(&window), "message:kite");
    window.later(600);
    window.step();
    let silent = |message: &FromWindow| {
        matches!(
            message,
            FromWindow::Covered {
                why: CoverWhy::AgentSilent,
                ..
            }
        )
    };
    assert!(window.sent().iter().any(silent));
    assert_eq!(role(&window), "message:░░░░");
}
