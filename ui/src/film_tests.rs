//! Keys and controls of an item whose medium lasts.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use scrim_model::view::Part;
use scrim_wire::window::{Command, FilmMove, FilmView, WindowModel};

use crate::demo_models::image;
use crate::window_tests::Window;

/// Two films and words; the second film is on the screen, on a still or on its contact sheet.
fn films(on_still: bool) -> WindowModel {
    let mut model = image(2);
    let item = model.item.as_mut().unwrap();
    item.selected = Part::Medium(1);
    let film = FilmView {
        duration_ms: 9_000,
        stills: 9,
        at_ms: on_still.then_some(500),
        begins_ms: 480,
        has_sound: false,
        peaks: Vec::new(),
        frames: 0,
        playing: None,
        left_alone: false,
    };
    item.films = vec![Some(film.clone()), Some(film)];
    model
}

#[test]
fn on_a_still_the_keys_of_the_parts_are_for_frames_and_a_click_goes_to_the_part() {
    let mut window = Window::of(films(true));
    window.press(Key::Period);
    assert_eq!(window.commands(), [Command::Film(FilmMove::FrameOn)]);
    for (id, part) in [
        ("part.previous", Part::Medium(0)),
        ("part.next", Part::Words),
    ] {
        window.node(id).click_accesskit();
        window.harness.run_steps(2);
        assert_eq!(window.commands(), [Command::Select(part)], "{id}");
    }
}

#[test]
fn on_a_contact_sheet_keys_and_clicks_both_go_to_the_part() {
    let mut window = Window::of(films(false));
    window.press(Key::Period);
    assert_eq!(window.commands(), [Command::Select(Part::Words)]);
    window.node("part.previous").click_accesskit();
    window.harness.run_steps(2);
    assert_eq!(
        window.commands(),
        [Command::Select(Part::Medium(0))],
        "the model has not changed"
    );
}
