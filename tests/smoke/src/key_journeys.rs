//! Journeys of the keys that find, read and mark.

use egui::{Key, Modifiers};
use scrim_model::Kind;

use crate::journeys::checkered;
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) fn search_policy() -> Result<(), Failed> {
    let mut stage = Stage::set(&[checkered(1, Kind::Image)], Look::default())?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::Slash);
    hold!(
        !stage.view().has_clear_pixels(),
        "the search does not cover"
    );
    stage.type_in("violence");
    hold!(
        stage.says("Violence › Threat"),
        "the sub-policy is not found"
    );
    stage.press(Key::F);
    stage.press(Key::ArrowDown);
    stage.press(Key::ArrowDown);
    hold!(
        stage.model().history.is_empty(),
        "a decision key counted while searching"
    );
    stage.press(Key::Enter);
    let chosen = stage.model().draft.chosen;
    hold!(
        chosen
            .as_ref()
            .is_some_and(|id| id.as_str() == "violence.threat"),
        "{chosen:?} is chosen"
    );
    stage.press(Key::X);
    hold!(
        stage.model().history.len() == 1,
        "deciding does not go on after the search"
    );
    Ok(())
}
