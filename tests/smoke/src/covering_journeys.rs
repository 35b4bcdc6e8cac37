//! Journeys of covers: what is covered first, what uncovers it and what covers it again.

use egui::{Key, Modifiers};
use scrim_model::Kind;
use scrim_wire::window::{Command, Screen};

use crate::journeys::{checkered, desk, sharpness};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) fn covered_first() -> Result<(), Failed> {
    let kinds = [Kind::Image, Kind::Post, Kind::Link, Kind::Account];
    let samples: Vec<_> = (1..)
        .zip(kinds)
        .map(|(number, kind)| checkered(number, kind))
        .collect();
    let count = samples.len();
    let mut stage = Stage::set(&samples, Look::default())?;
    for _ in 0..count {
        hold!(stage.model().screen == Screen::Serving, "no item is open");
        look_and_cover(&mut stage, 0.02)?;
        stage.press(Key::F);
    }
    Ok(())
}

/// Looks at the open picture in full and covers it again. Before and after, at most `left_max` of the clear picture's
/// sharpness is on the screen, as a share, and no clear pixel is in the window.
pub(crate) fn look_and_cover(stage: &mut Stage, left_max: f64) -> Result<(), Failed> {
    hold!(
        !stage.view().has_clear_pixels(),
        "clear pixels before anything was revealed"
    );
    let covered = stage.picture()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.view().has_clear_pixels(),
        "the full view shows nothing"
    );
    let clear = stage.picture()?;
    let area = stage.medium_area()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        !stage.view().has_clear_pixels(),
        "clear pixels after covering"
    );
    let again = stage.picture()?;
    for (when, cover) in [("under the cover", &covered), ("after covering", &again)] {
        let left = sharpness(cover, area) / sharpness(&clear, area);
        hold!(
            left <= left_max,
            "{:.1} % of the sharpness is left {when}",
            left * 100.0
        );
    }
    Ok(())
}

pub(crate) fn hold_reveal_and_release() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.down(Key::R);
    stage.pass(400);
    hold!(
        stage.view().is_revealed() && stage.view().has_clear_pixels(),
        "holding shows nothing"
    );
    stage.press(Key::F);
    hold!(
        stage.model().history.is_empty(),
        "a decision key counted while looking"
    );
    stage.up(Key::R);
    hold!(
        !stage.view().has_clear_pixels(),
        "clear pixels after letting go"
    );
    stage.press(Key::X);
    hold!(
        stage.model().history.is_empty(),
        "a decision key counted right after looking"
    );
    stage.pass(400);
    hold!(
        stage.model().item.is_some_and(|item| item.reveal.is_none()),
        "the desk still thinks that it is revealed"
    );
    Ok(())
}

pub(crate) fn latch_and_full() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press(Key::R);
    hold!(stage.view().has_clear_pixels(), "a tap does not latch");
    stage.pass(8_200);
    hold!(
        !stage.view().has_clear_pixels(),
        "a latched look does not end"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.view().has_clear_pixels(),
        "the full view shows nothing"
    );
    stage.pass(8_200);
    hold!(!stage.view().has_clear_pixels(), "a full view does not end");
    Ok(())
}

pub(crate) fn focus_loss() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.view().has_clear_pixels(),
        "the full view shows nothing"
    );
    stage.focus(false);
    hold!(
        !stage.view().has_clear_pixels(),
        "clear pixels without the focus"
    );
    stage.focus(true);
    hold!(!stage.view().is_revealed(), "coming back reveals");
    Ok(())
}

pub(crate) fn cover_all() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::F9);
    hold!(
        !stage.view().has_clear_pixels(),
        "clear pixels under cover-all"
    );
    hold!(
        stage.model().screen == Screen::CoveredAll,
        "the window is not blank"
    );
    stage.pass(1_100);
    stage.press(Key::F9);
    hold!(
        stage.model().screen == Screen::Serving,
        "a second press does not bring it back"
    );
    hold!(!stage.view().is_revealed(), "coming back reveals");
    Ok(())
}

pub(crate) fn calm() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.pass(1_000);
    let before = stage.picture()?;
    stage.pass(1_000);
    hold!(stage.picture()? == before, "something moves by itself");
    stage.command(Command::TakeBreak);
    hold!(
        stage.model().screen == Screen::OnBreak,
        "the break does not begin"
    );
    Ok(())
}
