//! Marks in the whole window.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::{Event, Key, PointerButton, Pos2};
use scrim_model::ActionKind;
use scrim_model::mark::{Mark, Region};
use scrim_model::view::RevealMode;
use scrim_wire::window::Command;

use crate::demo_models::*;
use crate::window_tests::Window;

fn texts(first: &str, last: &str) -> Command {
    Command::Mark(Mark::Texts {
        first: first.to_owned(),
        last: last.to_owned(),
    })
}

#[test]
fn a_region_is_made_with_the_keys_alone_on_the_covered_picture() {
    let mut window = Window::of(image(2));
    window.press(Key::M);
    window.press(Key::ArrowRight);
    window.press(Key::ArrowUp);
    window.press_shift(Key::ArrowRight);
    window.press(Key::F);
    assert_eq!(window.commands(), [], "decisions wait");
    window.press(Key::Enter);
    let expected = Region {
        medium: 0,
        x: 400_000,
        y: 350_000,
        width: 275_000,
        height: 250_000,
    };
    assert_eq!(window.commands(), [Command::Mark(Mark::Region(expected))]);
    assert!(!window.harness.state().is_revealed());
    window.press(Key::F);
    assert_eq!(window.commands(), [Command::Decide(ActionKind::Allow)]);
}

#[test]
fn escape_drops_the_mark_and_nothing_else() {
    let mut window = Window::of(image(1));
    window.press(Key::M);
    assert!(window.has_id("mark.keep"));
    window.press(Key::Escape);
    assert!(!window.has_id("mark.keep"));
    assert_eq!(window.commands(), []);
}

#[test]
fn a_held_arrow_moves_once_and_bounce_is_passed_over() {
    let mut window = Window::of(image(1));
    window.press(Key::M);
    window.later(500);
    window.down(Key::ArrowRight);
    for ms in [10, 30, 400] {
        window.later(ms);
        window.harness.event(Event::Key {
            key: Key::ArrowRight,
            physical_key: None,
            pressed: true,
            repeat: ms == 400,
            modifiers: egui::Modifiers::NONE,
        });
        window.step();
    }
    window.up(Key::ArrowRight);
    window.press(Key::M);
    let moved = Region::middle(0).moved(25_000, 0);
    assert_eq!(window.commands(), [Command::Mark(Mark::Region(moved))]);
}

#[test]
fn marking_is_dead_while_a_look_key_is_down() {
    let mut window = Window::looking(RevealMode::Hold);
    window.later(400);
    window.down(Key::M);
    window.up(Key::M);
    assert!(!window.has_id("mark.keep"));
}

fn pointer(window: &mut Window, at: Pos2, pressed: Option<bool>) {
    window.harness.event(Event::PointerMoved(at));
    if let Some(pressed) = pressed {
        window.harness.event(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
    }
    window.step();
}

#[test]
fn the_pointer_draws_a_region() {
    let mut window = Window::of(image(1));
    window.press(Key::M);
    window.step();
    let rect = window.node("medium.0").rect();
    let at = |x: f32, y: f32| rect.min + egui::vec2(x, y) * rect.size();
    pointer(&mut window, at(0.6, 0.7), None);
    pointer(&mut window, at(0.6, 0.7), Some(true));
    pointer(&mut window, at(0.3, 0.5), None);
    pointer(&mut window, at(0.2, 0.5), None);
    pointer(&mut window, at(0.2, 0.5), Some(false));
    window.press(Key::Enter);
    let [Command::Mark(Mark::Region(region))] = window.commands()[..] else {
        panic!("one region");
    };
    let near = |a: u32, b: u32| a.abs_diff(b) < 10_000;
    assert!(
        near(region.x, 200_000) && near(region.width, 400_000),
        "{region:?}"
    );
    assert!(
        near(region.y, 500_000) && near(region.height, 200_000),
        "{region:?}"
    );
}

#[test]
fn messages_are_marked_from_the_present_one_on() {
    let mut window = Window::of(conversation());
    window.press(Key::J);
    window.press(Key::J);
    window.press(Key::M);
    window.press(Key::J);
    window.press(Key::J);
    window.press_shift(Key::J);
    window.press(Key::M);
    assert_eq!(window.commands(), [texts("m1", "m2")]);
}

#[test]
fn kept_marks_are_listed_and_can_be_taken_away() {
    let mut model = image(1);
    model.draft.marks = vec![
        Mark::Region(Region::middle(0)),
        Mark::Region(Region::middle(0).moved(25_000, 0)),
    ];
    let narrow = Window::sized(model.clone(), [640.0, 400.0], 2.0);
    let wide = narrow.node("policy.1").rect();
    assert!(wide.right() <= 640.0 && wide.width() < 232.0, "{wide}");
    let mut window = Window::of(model);
    assert!(window.has_label("Marks (2)"));
    window.click("Remove mark 2");
    assert_eq!(window.commands(), [Command::Unmark(1)]);
}

#[test]
fn another_part_drops_what_was_begun() {
    let mut window = Window::of(image(2));
    window.press(Key::M);
    let mut other = image(2);
    let item = other.item.as_mut().unwrap();
    item.selected = scrim_model::view::Part::Medium(1);
    window.model(other);
    window.step();
    assert!(!window.has_id("mark.keep"));
}
