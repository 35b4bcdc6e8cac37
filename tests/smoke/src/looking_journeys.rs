//! Journeys of looking: the lens, the strength of a view, reasons, covering from anywhere.

use egui::{Key, Modifiers};
use image::RgbaImage;
use scrim_model::settings::{Key as Setting, Value};
use scrim_model::view::{RevealMode, RevealReason, SoftStep};
use scrim_model::{ItemId, Kind};
use scrim_samples::encode::Format;
use scrim_samples::pictures::checkerboard_of;
use scrim_samples::{PictureFile, Settings, sample_of};
use scrim_wire::window::{Command, Screen};

use crate::journeys::{Journey, checkered, desk, item, sharpness};
use crate::stage::{Failed, Look, Stage, hold};

/// All of them, in the order in which they are run.
pub(crate) const LOOKING: &[Journey] = &[
    Journey {
        name: "lens-by-keyboard",
        about: "arrow keys move a held lens; only its circle is clear",
        run: lens_by_keyboard,
    },
    Journey {
        name: "slider",
        about: "a softened view gets clearer step by step, and each step is a look of its own",
        run: slider,
    },
    Journey {
        name: "sketch-cover",
        about: "covers become drawings by a setting, are no sharper for it, and turn back",
        run: sketch_cover,
    },
    Journey {
        name: "covered-in-every-place",
        about: "zoomed, beside other pictures, after pages and breaks: covered, or one look's own",
        run: covered_in_every_place,
    },
    Journey {
        name: "look-key-by-settings",
        about: "the look key opens lens, softened or clear view, held or pressed, as chosen",
        run: look_key_by_settings,
    },
    Journey {
        name: "reason-for-the-gravest",
        about: "the whole picture of a severity-4 item takes a reason, which is kept",
        run: reason_for_the_gravest,
    },
    Journey {
        name: "cover-all-from-text-field",
        about: "F9 covers while a note is written, and the note stays",
        run: cover_all_from_text_field,
    },
    Journey {
        name: "early-break",
        about: "a break can be taken at any time; nothing is shown or served meanwhile",
        run: early_break,
    },
];

/// Rows, columns of the picture that differ between two frames.
fn differing(a: &RgbaImage, b: &RgbaImage) -> Vec<(u32, u32)> {
    let differs = |x, y| a.get_pixel(x, y).0[0].abs_diff(b.get_pixel(x, y).0[0]) > 24;
    let (width, height) = a.dimensions();
    (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .filter(|(x, y)| differs(*x, *y))
        .collect()
}

fn lens_by_keyboard() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let covered = stage.picture()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    let whole = stage.picture()?;
    let area = stage.medium_area()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.down(Key::R);
    stage.pass(400);
    let middle = stage.picture()?;
    for _ in 0..3 {
        stage.press(Key::ArrowRight);
    }
    let right = stage.picture()?;
    let (left, top, right_edge, bottom) = area;
    let inside =
        |(x, y): &(u32, u32)| (left..=right_edge).contains(x) && (top..=bottom).contains(y);
    let clear_of = |frame: &RgbaImage| -> Vec<(u32, u32)> {
        differing(&covered, frame)
            .into_iter()
            .filter(inside)
            .collect()
    };
    let mean_x = |points: &[(u32, u32)]| {
        points.iter().map(|(x, _)| f64::from(*x)).sum::<f64>() / points.len().max(1) as f64
    };
    let (first, then) = (clear_of(&middle), clear_of(&right));
    let share = first.len() as f64 / clear_of(&whole).len().max(1) as f64;
    hold!(
        share > 0.01 && share < 0.25,
        "a lens shows {:.0} % of the picture",
        share * 100.0
    );
    hold!(
        mean_x(&then) > mean_x(&first) + 10.0,
        "the arrow key does not move the lens"
    );
    stage.up(Key::R);
    let open = ItemId::new(item(&mut stage).unwrap_or_default())?;
    let looks = stage.intervals_of(&open)?;
    let cells: Vec<u32> = looks.iter().map(|look| look.area.cells()).collect();
    hold!(
        matches!(cells[..], [1_024, lens] if (60..400).contains(&lens)),
        "the areas on record are {cells:?} of 1,024 cells"
    );
    hold!(
        !stage.view().has_clear_pixels(),
        "clear pixels after letting go"
    );
    Ok(())
}

fn open_mode(stage: &mut Stage) -> Option<RevealMode> {
    let reveal = stage.model().item?.reveal?;
    reveal.open.then_some(reveal.mode)
}

fn slider() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let covered = stage.picture()?;
    let area = stage.medium_area()?;
    stage.press(Key::Minus);
    hold!(
        !stage.view().is_revealed(),
        "a weaker cover must not become a look by itself"
    );
    stage.press(Key::Q);
    let mut last = sharpness(&covered, area);
    for step in SoftStep::ALL {
        hold!(
            open_mode(&mut stage) == Some(RevealMode::Soft(step)),
            "expected the softened view {step:?}"
        );
        let now = sharpness(&stage.picture()?, area);
        hold!(now > last, "{step:?} is not clearer than the step before");
        last = now;
        stage.press(Key::Minus);
    }
    hold!(
        open_mode(&mut stage) == Some(RevealMode::Full),
        "the last step is the clear view"
    );
    hold!(
        sharpness(&stage.picture()?, area) > last,
        "the clear view is not the clearest"
    );
    stage.press(Key::Equals);
    hold!(
        open_mode(&mut stage) == Some(RevealMode::Soft(SoftStep::Light)),
        "back from clear leads to the lightest softening"
    );
    stage.pass(8_200);
    hold!(
        !stage.view().has_clear_pixels(),
        "a softened view does not end"
    );
    Ok(())
}

/// An item of two pictures.
fn post() -> Result<Stage, Failed> {
    let picture = || PictureFile::new(Format::Png, &checkerboard_of(640, 480, 8));
    let pictures = vec![picture(), picture()];
    let sample = sample_of(&Settings::default(), 1, Kind::Post, pictures);
    Stage::set(&[sample, checkered(2, Kind::Image)], Look::default())
}

fn covered_in_every_place() -> Result<(), Failed> {
    let mut stage = post()?;
    let covered = stage.picture()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    let clear = stage.picture()?;
    let area = stage.medium_area()?;
    let most = sharpness(&covered, area) * 4.0;
    hold!(
        sharpness(&clear, area) > most * 4.0,
        "clear and covered can hardly be told apart"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    let is_covered = |stage: &mut Stage, place: &str| -> Result<(), Failed> {
        stage.pass(400);
        hold!(!stage.view().has_clear_pixels(), "clear pixels {place}");
        let sharp = sharpness(&stage.picture()?, area);
        hold!(sharp < most, "{sharp:.0} of {most:.0} {place}");
        Ok(())
    };
    for zoom in 1..=2 {
        stage.press(Key::PageUp);
        is_covered(&mut stage, &format!("zoomed {zoom} times"))?;
    }
    stage.press(Key::R);
    hold!(
        stage.view().has_clear_pixels(),
        "a lens does not open zoomed"
    );
    stage.press(Key::Period);
    is_covered(&mut stage, "beside, at the next picture")?;
    stage.press(Key::Comma);
    is_covered(&mut stage, "back at the first picture")?;
    for (page, key) in [("own decisions", Key::H), ("the keys", Key::F1)] {
        stage.press_with(Key::R, Modifiers::SHIFT);
        stage.press(key);
        hold!(!stage.view().has_clear_pixels(), "clear beside {page}");
        stage.press(Key::Escape);
        is_covered(&mut stage, &format!("after {page}"))?;
    }
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::B);
    stage.pass(1_000);
    stage.press(Key::B);
    stage.pass(2_000);
    is_covered(&mut stage, "after a break")?;
    stage.crash_window();
    stage.open_window();
    // What it says of itself takes a line.
    stage.press(Key::A);
    is_covered(&mut stage, "in a new window")
}

fn look_key_by_settings() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    for (style, mode) in [
        ("strength", RevealMode::Soft(SoftStep::Heavy)),
        ("full", RevealMode::Full),
        ("lens", RevealMode::Hold),
    ] {
        let chosen = Value::Choice(style.to_owned());
        choose(&mut stage, Setting::RevealModeKey, chosen);
        stage.down(Key::R);
        stage.pass(400);
        hold!(
            open_mode(&mut stage) == Some(mode),
            "{style}: {:?} is open",
            open_mode(&mut stage)
        );
        stage.up(Key::R);
        hold!(
            !stage.view().has_clear_pixels(),
            "{style}: letting go does not cover"
        );
        stage.pass(400);
    }
    choose(&mut stage, Setting::RevealLatch, Value::Flag(true));
    stage.down(Key::R);
    stage.pass(600);
    stage.up(Key::R);
    hold!(
        open_mode(&mut stage) == Some(RevealMode::Latch) && stage.view().has_clear_pixels(),
        "a press does not stay open"
    );
    stage.pass(400);
    stage.press(Key::R);
    hold!(
        !stage.view().has_clear_pixels(),
        "the next press does not cover"
    );
    Ok(())
}

fn choose(stage: &mut Stage, key: Setting, value: Value) {
    stage.command(Command::SetSetting {
        key,
        value: Some(value),
    });
    stage.pass(1_000);
}

fn reason_for_the_gravest() -> Result<(), Failed> {
    let mut sample = checkered(1, Kind::Image);
    sample.ingest.item.severity_hint = 4;
    let mut stage = Stage::set(&[sample, checkered(2, Kind::Image)], Look::default())?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.model().asks_reason && !stage.view().has_clear_pixels(),
        "the whole picture opened without a reason"
    );
    stage.press(Key::Escape);
    hold!(!stage.model().asks_reason, "Esc does not call it off");
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::Num2);
    hold!(
        open_mode(&mut stage) == Some(RevealMode::Full) && stage.view().has_clear_pixels(),
        "a reason does not open the picture"
    );
    let id = stage.model().item.map(|item| item.id);
    let id = id.ok_or_else(|| Failed::new("no item is open"))?;
    let kept = stage.intervals_of(&id)?;
    hold!(
        kept.last().and_then(|interval| interval.reason) == Some(RevealReason::Danger),
        "the reason is not in the view log"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::R);
    hold!(stage.view().has_clear_pixels(), "a lens needs no reason");
    Ok(())
}

fn cover_all_from_text_field() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::N);
    hold!(
        !stage.view().has_clear_pixels(),
        "a text field does not cover"
    );
    stage.text("seen before");
    stage.press(Key::F9);
    hold!(
        stage.model().screen == Screen::CoveredAll,
        "F9 does nothing in a text field"
    );
    stage.pass(1_100);
    stage.press(Key::F9);
    hold!(
        stage.model().draft.note == "seen before",
        "the note is gone"
    );
    Ok(())
}

fn early_break() -> Result<(), Failed> {
    let mut stage = desk(8)?;
    stage.work(5);
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::B);
    hold!(
        stage.model().screen == Screen::OnBreak && !stage.view().has_clear_pixels(),
        "a break does not begin covered"
    );
    hold!(
        stage.model().in_hand <= 1,
        "items are kept from others during a break"
    );
    stage.pass(10 * 60_000 + 1_000);
    stage.press(Key::B);
    stage.pass(1_000);
    hold!(
        stage.model().screen == Screen::Serving && stage.model().wellbeing.active_min == 0,
        "a break of ten minutes does not count"
    );
    Ok(())
}

fn sketch_cover() -> Result<(), Failed> {
    let mut stage = desk(2)?;
    let soft = stage.picture()?;
    choose(&mut stage, Setting::CoverSketch, Value::Flag(true));
    let drawn = stage.picture()?;
    hold!(
        stage.says_with(
            "cover-state",
            &[("step", 2.into()), ("look", "sketch".into())]
        ),
        "the line below does not say sketch"
    );
    hold!(!differing(&soft, &drawn).is_empty(), "nothing is drawn");
    hold!(!stage.view().has_clear_pixels(), "something is clear");
    stage.press_with(Key::R, Modifiers::SHIFT);
    let clear = stage.picture()?;
    hold!(
        !differing(&drawn, &clear).is_empty() && stage.view().has_clear_pixels(),
        "it does not open"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    choose(&mut stage, Setting::CoverSketch, Value::Flag(false));
    let again = stage.picture()?;
    hold!(
        differing(&soft, &again).is_empty(),
        "the cover is not the one of before"
    );
    Ok(())
}
