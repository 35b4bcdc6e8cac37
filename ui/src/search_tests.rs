//! The search of policies in the whole window.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use scrim_model::view::RevealMode;
use scrim_model::{ActionKind, PolicyId};
use scrim_wire::window::{Command, CoverWhy, FromWindow};

use crate::demo_models::*;
use crate::window_tests::Window;

fn policy(id: &str) -> Command {
    Command::Policy(PolicyId::new(id).unwrap())
}

fn searching(typed: &str) -> Window {
    let mut window = Window::of(image(1));
    window.press(Key::Slash);
    window.step();
    window.type_in(typed);
    window
}

#[test]
fn slash_searches_arrows_mark_and_enter_chooses() {
    let mut window = searching("viol");
    assert!(window.has_label("Violence › Threat"));
    assert!(window.has_label("3 policies"));
    window.press(Key::ArrowDown);
    window.press(Key::ArrowDown);
    window.press(Key::ArrowUp);
    window.press(Key::Enter);
    assert_eq!(window.commands(), [policy("graphic")]);
    window.step();
    window.press(Key::F);
    assert_eq!(
        window.commands(),
        [Command::Decide(ActionKind::Allow)],
        "keys are keys again"
    );
}

#[test]
fn in_the_search_letters_are_letters_and_only_cover_all_works() {
    let mut window = searching("x");
    for key in [Key::X, Key::Num2, Key::R, Key::J] {
        window.press(key);
    }
    assert_eq!(window.commands(), []);
    window.press(Key::F9);
    assert_eq!(window.commands(), [Command::CoverAll]);
}

#[test]
fn escape_closes_the_search_and_nothing_else() {
    let mut window = searching("gra");
    window.press(Key::Escape);
    window.step();
    assert!(!window.has_label("Violence › Graphic"));
    window.press(Key::Escape);
    assert_eq!(window.commands(), []);
}

#[test]
fn opening_the_search_covers() {
    let mut window = Window::looking(RevealMode::Latch);
    window.down(Key::Slash);
    window.assert_covered(CoverWhy::TextField);
    window.step();
    assert!(window.has_id("policy.search.field"));
}

#[test]
fn a_click_chooses_and_another_item_closes_the_search() {
    let mut window = searching("spam");
    window.click("Spam and deception");
    assert_eq!(window.commands(), [policy("spam")]);
    let mut window = searching("spam");
    let mut other = image(1);
    other.item.as_mut().unwrap().id = scrim_model::ItemId::new("item-2").unwrap();
    window.model(other);
    window.step();
    assert!(!window.has_id("policy.search.field"));
    let sent = window.sent();
    assert!(
        !sent.iter().any(|m| matches!(m, FromWindow::Command(_))),
        "{sent:?}"
    );
}
