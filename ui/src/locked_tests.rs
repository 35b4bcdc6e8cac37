#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use scrim_wire::window::{Command, LockKey, Screen, Secret};

use crate::demo_models::*;
use crate::window_tests::Window;

fn locked(key: LockKey) -> scrim_wire::window::WindowModel {
    model(Screen::Locked { key })
}

#[test]
fn under_the_lock_nothing_is_in_reach_and_a_press_goes_on() {
    let mut window = Window::of(image(1));
    window.press(Key::H);
    assert!(window.harness.state().overlay.is_some());
    assert_eq!(window.commands(), [Command::ReadLater]);
    window.model(locked(LockKey::Press));
    window.step();
    assert!(window.harness.state().overlay.is_none());
    assert_eq!(
        format!("{:?}", window.harness.state().pictures),
        "Pictures(0 covers)"
    );
    for key in [Key::H, Key::F, Key::R, Key::B, Key::F9, Key::F1, Key::Y] {
        window.press(key);
    }
    assert!(window.has_label("Locked"));
    assert_eq!(window.commands(), []);
    window.press(Key::Enter);
    assert_eq!(window.commands(), [Command::Unlock(None)]);
}

#[test]
fn the_passphrase_goes_out_once_and_stays_nowhere() {
    let mut window = Window::of(locked(LockKey::Passphrase));
    window.step();
    window.press(Key::Enter);
    assert_eq!(window.commands(), [], "nothing was typed");
    window.step();
    window.type_in("three old kites");
    assert!(!window.has_label("three old kites"), "dots");
    window.press(Key::Enter);
    let typed = Some(Secret::new("three old kites".into()));
    assert_eq!(window.commands(), [Command::Unlock(typed)]);
    assert_eq!(window.harness.state().passphrase.typed, "");
    window.model(locked(LockKey::PassphraseAgain));
    window.step();
    assert!(window.has_label("That was not it. Type your passphrase again."));
    window.type_in("half");
    window.model(image(1));
    window.step();
    assert_eq!(window.harness.state().passphrase.typed, "");
}

/// The window opens before it has the keyboard, and may lose it. Each restart of the input method is
/// answered with a frame: asked for in every frame, nothing else of the window would ever run.
#[test]
fn a_window_without_the_keyboard_asks_for_its_field_once() {
    let mut window = Window::of(locked(LockKey::Passphrase));
    window.harness.input_mut().focused = false;
    for key in [LockKey::Passphrase, LockKey::PassphraseAgain] {
        window.model(locked(key));
        window.harness.run_steps(2);
        let ime = window.harness.output().platform_output.ime;
        assert!(ime.is_some_and(|ime| !ime.should_interrupt_composition));
    }
    window.harness.input_mut().focused = true;
    window.step();
    window.type_in("three old kites");
    assert_eq!(window.harness.state().passphrase.typed, "three old kites");
}

#[test]
fn whoever_has_left_is_named_nowhere_and_a_shift_that_ended_can_sign_out() {
    let mut window = Window::of(model(Screen::ShiftEnded { unconfirmed: 0 }));
    window.click("Sign out");
    assert_eq!(window.commands(), [Command::SignOut]);
    let urgent = Screen::Left {
        revoked: true,
        waiting: 2,
        urgent: true,
    };
    window.model(model(urgent));
    window.step();
    assert!(window.has_label("This desk is signed out"));
    let call = "An urgent escalation is among what is not confirmed. Call the duty contact now.";
    let has_contacts = !window
        .harness
        .state()
        .model()
        .unwrap()
        .duty_contacts
        .is_empty();
    assert_eq!(window.has_label(call), has_contacts);
    window.click("Try again");
    assert_eq!(window.commands(), [Command::Reconnect]);
}
