//! What the window says of what was on the screen, and the settings of a look.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use scrim_model::area::{Area, Frame, Lens};
use scrim_model::settings::{Floors, Protection, RevealRules, RevealStyle, Settings, effective};
use scrim_model::view::{RevealMode, SoftStep};
use scrim_wire::window::{Command, CoverWhy, FromWindow, SettingsView, ToWindow};

use crate::demo_models::*;
use crate::limits::LENS_STEP;
use crate::window_tests::Window;

/// What the window says of the area of the look that ended; before it says that it covered.
fn said_area(window: &mut Window) -> (Area, bool) {
    let sent = window.sent();
    let is_cover = |message: &FromWindow| matches!(message, FromWindow::Covered { .. });
    let before = sent.iter().take_while(|message| !is_cover(message));
    let said = before.filter_map(|message| match message {
        FromWindow::Seen { area, zoomed, .. } => Some((area.clone(), *zoomed)),
        _ => None,
    });
    assert!(sent.iter().any(is_cover), "it is covered");
    said.last().unwrap()
}

fn end(window: &mut Window) -> (Area, bool) {
    window.later(10_000);
    window.step();
    said_area(window)
}

pub(crate) fn rules(change: impl FnOnce(&mut RevealRules)) -> ToWindow {
    with(change, 50)
}

fn with(change: impl FnOnce(&mut RevealRules), media_max_pct: u32) -> ToWindow {
    let in_force = effective(&Floors::default(), &Settings::default());
    let mut reveal = Protection::default().reveal;
    change(&mut reveal);
    ToWindow::Settings(Box::new(SettingsView {
        rows: in_force.rows().to_vec(),
        not_acted_on: Vec::new(),
        reveal,
        media_max_pct,
        in_doubt: false,
    }))
}

#[test]
fn the_area_seen_is_the_union_of_where_the_lens_was() {
    let mut window = Window::looking(RevealMode::Latch);
    for _ in 0..3 {
        window.down(Key::ArrowRight);
        window.up(Key::ArrowRight);
    }
    let (area, zoomed) = end(&mut window);
    let mut expected = Area::default();
    for n in 0..=3 {
        let lens = Lens {
            x: 500_000 + n * (LENS_STEP * 1e6).round() as u32,
            y: 500_000,
            radius_per_mille: 150,
        };
        expected.see(lens, (80, 60), Frame::WHOLE);
    }
    assert!(!zoomed);
    assert!(area.cells() > 110, "several positions: {}", area.cells());
    // On the screen the picture's sides are whole points, so cells at the rim may differ.
    let beyond = |a: &Area, b: &Area| {
        let mut both = a.clone();
        both.add(b);
        both.cells() - b.cells()
    };
    let differ = beyond(&area, &expected) + beyond(&expected, &area);
    assert!(differ <= 6, "{differ} cells differ");
}

#[test]
fn a_whole_view_says_all_and_a_zoomed_one_its_part() {
    let mut window = Window::looking(RevealMode::Full);
    assert_eq!(end(&mut window), (Area::whole(), false));

    let mut window = Window::of(image(2));
    window.with_pixels(covered(0, 64, 48), pixels(64, 48, false));
    window.press(Key::PageUp);
    window.model(revealed(image(2), "r1", RevealMode::Full, true));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    window.step();
    let (area, zoomed) = end(&mut window);
    assert_eq!((area.cells(), zoomed), (256, true), "a half by a half");
}

#[test]
fn a_look_that_the_agent_ends_says_what_it_showed() {
    let mut window = Window::looking(RevealMode::Full);
    window.model(image(2));
    let sent = window.sent();
    let seen = |message: &FromWindow| matches!(message, FromWindow::Seen { .. });
    assert_eq!(sent.iter().filter(|message| seen(message)).count(), 1);
}

#[test]
fn the_lens_is_as_large_as_the_setting_says() {
    let cells = |per_mille| {
        let mut window = Window::of(image(2));
        window.receive(rules(|rules| rules.lens_radius_per_mille = per_mille));
        window.with_pixels(covered(0, 64, 48), pixels(64, 48, false));
        window.model(revealed(image(2), "r1", RevealMode::Latch, true));
        window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
        window.step();
        end(&mut window).0.cells()
    };
    let (small, usual) = (cells(50), cells(150));
    assert!(small > 0 && usual > 6 * small, "{small} and {usual} cells");
}

#[test]
fn the_look_key_opens_as_the_settings_say_and_letting_go_covers() {
    for (style, mode) in [
        (RevealStyle::Lens, RevealMode::Hold),
        (RevealStyle::Strength, RevealMode::Soft(SoftStep::Heavy)),
        (RevealStyle::Full, RevealMode::Full),
    ] {
        let mut window = Window::of(image(2));
        window.receive(rules(|rules| rules.style = style));
        window.with_pixels(covered(0, 64, 48), pixels(64, 48, false));
        window.down(Key::R);
        assert_eq!(window.commands(), [Command::Reveal(mode)]);
        window.later(400);
        window.model(revealed(image(2), "r1", mode, true));
        window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
        window.step();
        assert!(window.harness.state().is_revealed());
        window.up(Key::R);
        window.assert_covered(CoverWhy::Released);

        // Let go before it could open: it never does.
        window.later(1_000);
        window.model(image(2));
        window.down(Key::R);
        window.later(400);
        window.up(Key::R);
        window.model(revealed(image(2), "r2", mode, true));
        window.step();
        assert!(
            !window.harness.state().is_revealed(),
            "{mode:?} opened late"
        );
    }
}

#[test]
fn words_know_no_whole_and_no_softened_look() {
    let mut window = Window::of(conversation());
    window.receive(rules(|rules| rules.style = RevealStyle::Full));
    window.down(Key::R);
    assert_eq!(window.commands(), [Command::Reveal(RevealMode::Hold)]);
}

#[test]
fn latched_each_press_opens_or_covers_however_long_it_is() {
    let mut window = Window::of(image(2));
    window.receive(rules(|rules| rules.latch = true));
    window.with_pixels(covered(0, 64, 48), pixels(64, 48, false));
    window.down(Key::R);
    assert_eq!(window.commands(), [Command::Reveal(RevealMode::Latch)]);
    window.model(revealed(image(2), "r1", RevealMode::Latch, true));
    window.with_pixels(clear("r1", 0, 80, 60), pixels(80, 60, true));
    window.later(400);
    window.up(Key::R);
    assert!(
        window.harness.state().is_revealed(),
        "letting go changes nothing"
    );
    window.sent();
    window.receive(ToWindow::Ping);
    window.later(400);
    window.down(Key::R);
    window.assert_covered(CoverWhy::Released);
    window.up(Key::R);
    assert!(window.commands().is_empty());
}

#[test]
fn a_medium_is_no_larger_than_the_setting_allows() {
    let area = |percent: u32| {
        let mut window = Window::of(image(2));
        window.receive(with(|_| {}, percent));
        window.step();
        let size = window.node("medium.0").rect().size();
        size.x * size.y / (1_280.0 * 800.0)
    };
    let (small, usual) = (area(10), area(50));
    assert!(small <= 0.101 && small > 0.08, "{small}");
    assert!(usual <= 0.501 && usual > small, "{usual}");
}

#[test]
fn silence_and_idle_time_follow_the_settings() {
    let mut window = Window::looking(RevealMode::Latch);
    window.receive(rules(|rules| rules.agent_silent_ms = 300));
    window.later(299);
    window.step();
    assert!(window.harness.state().is_revealed());
    window.later(1);
    window.step();
    window.assert_covered(CoverWhy::AgentSilent);

    let mut window = Window::looking(RevealMode::Latch);
    window.receive(rules(|rules| {
        rules.latch_ms = 60_000;
        rules.idle_ms = 3_000;
        rules.agent_silent_ms = 60_000;
    }));
    window.later(2_900);
    window.down(Key::ArrowLeft);
    window.up(Key::ArrowLeft);
    window.later(2_900);
    window.step();
    assert!(window.harness.state().is_revealed(), "a key was used");
    window.later(100);
    window.step();
    window.assert_covered(CoverWhy::TimeOver);
}
