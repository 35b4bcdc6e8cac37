//! Journeys of the rows of the action table that belong to no longer story: marks, colour, scale, pages.

use egui::{Key, Modifiers};
use scrim_model::mark::{Mark, Region};
use scrim_samples::Settings;
use scrim_wire::window::{CheckInStands, Screen};

use crate::journeys::{Journey, desk, item};
use crate::judging_journeys::DIGITS;
use crate::key_journeys::{at_text, talk};
use crate::stage::{Failed, Look, Stage, hold};

/// All of them, in the order in which they are run.
pub(crate) const ROWS: &[Journey] = &[
    Journey {
        name: "marks-by-keyboard",
        about: "keys move and size a mark in every direction, keep it and drop it",
        run: marks_by_keyboard,
    },
    Journey {
        name: "colour-while-held",
        about: "a look is grey until colour is held, and grey again after it",
        run: colour_while_held,
    },
    Journey {
        name: "in-and-out-and-back",
        about: "zoom comes back, the flagged message before is gone to, and everything grows and shrinks by keys",
        run: in_and_out,
    },
    Journey {
        name: "every-check-in",
        about: "each answer can be given or none; what is kept is shown, and forgotten at once",
        run: every_check_in,
    },
    Journey {
        name: "what-leaves-is-said",
        about: "a key opens what leaves this computer, from an item and back to it, covered",
        run: privacy_page,
    },
    Journey {
        name: "shift-again",
        about: "after the end of a shift the next one begins with a key",
        run: shift_again,
    },
];

fn marks_by_keyboard() -> Result<(), Failed> {
    let mut stage = desk(2)?;
    stage.press(Key::M);
    let arrows = [
        (Key::ArrowLeft, 3),
        (Key::ArrowRight, 1),
        (Key::ArrowUp, 1),
        (Key::ArrowDown, 3),
    ];
    for (key, times) in arrows {
        for _ in 0..times {
            stage.press(key);
        }
    }
    for (key, times) in arrows {
        for _ in 0..times {
            stage.press_with(key, Modifiers::SHIFT);
        }
    }
    stage.press(Key::M);
    // Two steps to the left and two down, and then so much narrower and higher.
    let made = Region::middle(0).moved(-50_000, 50_000);
    let marks = [Mark::Region(made.resized(-50_000, 50_000))];
    hold!(
        stage.model().draft.marks == marks,
        "the marks are {:?}",
        stage.model().draft.marks
    );
    stage.press(Key::M);
    stage.press(Key::ArrowUp);
    stage.press(Key::Escape);
    stage.press(Key::Enter);
    hold!(
        stage.model().draft.marks == marks,
        "a mark that was dropped is kept"
    );
    hold!(!stage.view().has_clear_pixels(), "marking reveals");
    Ok(())
}

/// How far the pixels of the item's picture on the screen are from grey, in the mean.
fn colour_of(stage: &mut Stage) -> Result<f64, Failed> {
    let picture = stage.picture()?;
    let (left, top, right, bottom) = stage.medium_area()?;
    let mut sum = 0.0;
    for y in top..bottom {
        for x in left..right {
            let [red, green, blue, _] = picture.get_pixel(x, y).0;
            let spread = red.max(green).max(blue) - red.min(green).min(blue);
            sum += f64::from(spread);
        }
    }
    Ok(sum / f64::from((right - left) * (bottom - top)))
}

fn colour_while_held() -> Result<(), Failed> {
    // Shapes in colours, half over a checkerboard.
    let mut samples = scrim_samples::checkered(&Settings::default());
    samples.truncate(1);
    let mut stage = Stage::set(&samples, Look::default())?;
    let covered = stage.picture()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    let grey = colour_of(&mut stage)?;
    stage.down(Key::C);
    stage.pass(400);
    let held = colour_of(&mut stage)?;
    stage.up(Key::C);
    let after = colour_of(&mut stage)?;
    hold!(
        grey < 1.0 && after < 1.0 && held > 5.0,
        "from grey before {grey:.1}, held {held:.1}, after {after:.1}"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.down(Key::C);
    stage.pass(400);
    hold!(stage.picture()? == covered, "colour shows without a look");
    stage.up(Key::C);
    Ok(())
}

fn in_and_out() -> Result<(), Failed> {
    let mut stage = Stage::set(&[talk(1)], Look::default())?;
    for _ in 0..2 {
        stage.press(Key::J);
    }
    hold!(
        at_text(&stage, 4),
        "J does not go to the last flagged message"
    );
    stage.press_with(Key::J, Modifiers::SHIFT);
    hold!(at_text(&stage, 2), "Shift+J does not go back");
    let mut stage = desk(1)?;
    let whole = stage.picture()?;
    stage.press(Key::PageUp);
    hold!(
        stage.says_with("zoom-state", &[("n", 2.into())]),
        "it does not zoom in"
    );
    stage.press(Key::PageDown);
    hold!(
        stage.picture()? == whole,
        "zooming out does not come back to the whole cover"
    );
    let ctrl = Modifiers::CTRL | Modifiers::COMMAND;
    let normal = stage.scale();
    stage.press_with(Key::Equals, ctrl);
    hold!(stage.scale() > normal, "nothing grows");
    stage.press_with(Key::Minus, ctrl);
    stage.press_with(Key::Minus, ctrl);
    hold!(stage.scale() < normal, "nothing shrinks");
    stage.press_with(Key::Num0, ctrl);
    hold!(
        (stage.scale() - normal).abs() < f32::EPSILON,
        "it does not come back to {normal}"
    );
    hold!(
        stage.model().draft.chosen.is_none() && !stage.model().draft.unsure,
        "a key of the scale chose a policy"
    );
    Ok(())
}

fn every_check_in() -> Result<(), Failed> {
    for key in DIGITS.into_iter().take(5) {
        let mut stage = desk(1)?;
        stage.press_with(Key::I, Modifiers::CTRL);
        stage.press(key);
        hold!(stage.says("check-in-answered"), "{key:?} is not taken");
        stage.click("checkin.show")?;
        hold!(stage.says("check-in-list"), "the answer is not shown");
        stage.click("checkin.forget")?;
        stage.click("checkin.show")?;
        hold!(stage.says("check-in-list-none"), "something is still kept");
        stage.stop_desk();
        hold!(
            stage.store()?.check_ins()?.is_empty(),
            "the records still hold an answer"
        );
    }
    let mut stage = desk(1)?;
    stage.press_with(Key::I, Modifiers::CTRL);
    stage.press(Key::Num0);
    let stands = stage.model().check_in.stands;
    hold!(
        stands == CheckInStands::NotNow,
        "after skipping it is {stands:?}"
    );
    stage.stop_desk();
    hold!(
        stage.store()?.check_ins()?.is_empty(),
        "skipping is in the records"
    );
    Ok(())
}

fn privacy_page() -> Result<(), Failed> {
    let mut stage = desk(1)?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press_with(Key::P, Modifiers::CTRL);
    hold!(
        stage.says("privacy-title") && !stage.view().has_clear_pixels(),
        "the page does not open, or does not cover"
    );
    stage.press(Key::Escape);
    hold!(
        item(&mut stage).is_some() && !stage.view().has_clear_pixels(),
        "the item does not come back covered"
    );
    hold!(
        stage.model().confirm.is_none(),
        "the key of the page passed the item on"
    );
    Ok(())
}

fn shift_again() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press_with(Key::E, Modifiers::CTRL);
    hold!(
        matches!(stage.model().screen, Screen::ShiftEnded { .. }),
        "the screen is {:?}",
        stage.model().screen
    );
    stage.press(Key::B);
    stage.pass(1_000);
    hold!(
        stage.model().screen == Screen::Serving && !stage.view().has_clear_pixels(),
        "the next shift begins with {:?}",
        stage.model().screen
    );
    Ok(())
}
