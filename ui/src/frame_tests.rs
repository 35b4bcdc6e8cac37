//! Which frames may be answered before they are drawn.

use egui::{Context, Event, Key, Modifiers, PointerButton, RawInput, pos2};

use crate::frame::{is_only_keys, listen};
use crate::state::WindowState;
use crate::theme::ThemeName;
use crate::{actions::Hand, prepare};

fn key(key: Key) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    }
}

fn pointer(pressed: bool) -> Event {
    Event::PointerButton {
        pos: pos2(40.0, 40.0),
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}

/// Whether each frame, given by its events, was only keys of the window.
fn frames<const N: usize>(frames: [Vec<Event>; N]) -> [bool; N] {
    let ctx = Context::default();
    prepare(&ctx, ThemeName::Dark, Vec::new());
    let mut state = WindowState::new(ThemeName::Dark, Hand::Right);
    frames.map(|events| {
        let mut only_keys = false;
        let input = RawInput {
            events,
            focused: true,
            ..RawInput::default()
        };
        let mut shown = ctx.run_ui(input, |ui| {
            listen(ui.ctx(), &mut state, 0);
            only_keys = is_only_keys(ui.ctx());
        });
        shown.textures_delta.clear();
        only_keys
    })
}

#[test]
fn a_frame_with_our_keys_alone_may_be_answered_at_once() {
    assert_eq!(frames([vec![], vec![key(Key::F1)]]), [true, true]);
}

/// From the press to the frame of the release: a click may be anywhere in between.
#[test]
fn a_frame_with_a_click_is_drawn_first() {
    let clicked = frames([
        vec![pointer(true), key(Key::F1)],
        vec![],
        vec![pointer(false)],
        vec![],
    ]);
    assert_eq!(clicked, [false, false, false, true]);
}

#[test]
fn a_key_of_the_toolkit_is_drawn_first() {
    assert_eq!(frames([vec![key(Key::Tab)]]), [false]);
}
