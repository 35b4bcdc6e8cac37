//! The journeys. Each is what a moderator does and sees, and what must never happen on the way.

use egui::{Key, Modifiers};
use scrim_model::Kind;
use scrim_model::breaks::BreakPhase;
use scrim_samples::encode::{Breakage, Format};
use scrim_samples::pictures::checkerboard_of;
use scrim_samples::{PictureFile, Sample, Settings, sample_of};
use scrim_wire::window::{Command, LinkState, MediumState, NoticeKey, Screen, SyncState};

use crate::floor_journeys::FLOOR;
use crate::keeping_journeys;
use crate::key_journeys;
use crate::limit_journeys::LIMITS;
use crate::looking_journeys::LOOKING;
use crate::stage::{Failed, Look, Stage, hold};

/// One journey.
pub(crate) struct Journey {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn() -> Result<(), Failed>,
}

/// All of them, in the order in which they are run.
pub(crate) fn all() -> impl Iterator<Item = &'static Journey> {
    MAIN.iter().chain(LOOKING).chain(LIMITS).chain(FLOOR)
}

/// The main job from the first frame to the receipt.
const MAIN: &[Journey] = &[
    Journey {
        name: "covered-first",
        about: "every kind of item is covered in its first frame",
        run: covered_first,
    },
    Journey {
        name: "hold-reveal-and-release",
        about: "a held key looks through the lens, letting go covers at once",
        run: hold_reveal_and_release,
    },
    Journey {
        name: "latch-and-full-cover-by-themselves",
        about: "a latched look and a full view end after 8 seconds",
        run: latch_and_full,
    },
    Journey {
        name: "focus-loss-covers",
        about: "another program in front covers in the same frame",
        run: focus_loss,
    },
    Journey {
        name: "cover-all",
        about: "F9 blanks the window; a second press brings it back",
        run: cover_all,
    },
    Journey {
        name: "decide-undo-decide",
        about: "a decision is taken back inside five seconds and made again, and arrives once",
        run: decide_undo_decide,
    },
    Journey {
        name: "escalate-with-confirmation",
        about: "passing on is asked in place and is said to be done only when the server shows it",
        run: escalate,
    },
    Journey {
        name: "break-blocks-serving",
        about: "after 50 minutes and two snoozes nothing new is served until a break is over",
        run: break_blocks_serving,
    },
    Journey {
        name: "offline-then-sync",
        about: "without a server the hand is worked off, and everything arrives once it is back",
        run: offline_then_sync,
    },
    Journey {
        name: "window-crash-loses-nothing",
        about: "a new window shows the same item, covered, with its draft",
        run: window_crash,
    },
    Journey {
        name: "restart-loses-nothing",
        about: "a decision that was not sent yet is sent after a restart, once",
        run: restart,
    },
    Journey {
        name: "draft-survives",
        about: "what was chosen, written and marked is there after the agent was killed",
        run: keeping_journeys::draft_survives,
    },
    Journey {
        name: "correct-sent-decision",
        about: "a sent decision is corrected once, and too late is said",
        run: keeping_journeys::correct_sent_decision,
    },
    Journey {
        name: "ask-and-hand-over",
        about: "an asked item keeps its claim until the answer, a handed over one goes with its draft",
        run: keeping_journeys::ask_and_hand_over,
    },
    Journey {
        name: "bad-media-can-be-decided",
        about: "a file that cannot be shown safely says so and can be decided",
        run: bad_media,
    },
    Journey {
        name: "search-policy",
        about: "a policy of any level is found by its words and chosen with the arrows",
        run: key_journeys::search_policy,
    },
    Journey {
        name: "masked-conversation",
        about: "a talk is masked; a key goes to flagged words, and only holding reads them",
        run: key_journeys::masked_conversation,
    },
    Journey {
        name: "translation-is-masked",
        about: "a translation says who made it and is masked until it is held open",
        run: key_journeys::translation_is_masked,
    },
    Journey {
        name: "mark-region-is-sent",
        about: "a region marked on the covered picture arrives at the server with the decision",
        run: key_journeys::mark_region_is_sent,
    },
    Journey {
        name: "calm",
        about: "without input two frames one second apart are identical",
        run: calm,
    },
];

/// An image item whose picture is a sharp checkerboard.
pub(crate) fn checkered(number: u64, kind: Kind) -> Sample {
    let picture = PictureFile::new(Format::Png, &checkerboard_of(640, 480, 8));
    sample_of(&Settings::default(), number, kind, vec![picture])
}

fn images(count: u64) -> Vec<Sample> {
    (1..=count)
        .map(|number| checkered(number, Kind::Image))
        .collect()
}

pub(crate) fn desk(count: u64) -> Result<Stage, Failed> {
    Stage::set(&images(count), Look::default())
}

pub(crate) fn item(stage: &mut Stage) -> Option<String> {
    stage.model().item.map(|item| item.id.as_str().to_owned())
}

/// Sum of squared steps between neighbouring pixels: what is left of sharpness.
pub(crate) fn sharpness(picture: &image::RgbaImage, area: (u32, u32, u32, u32)) -> f64 {
    let (left, top, right, bottom) = area;
    let luma = |x, y| {
        picture.get_pixel(x, y).0[..3]
            .iter()
            .map(|c| f64::from(*c))
            .sum::<f64>()
            / 3.0
    };
    let rows = (top..bottom).flat_map(|y| (left + 1..right).map(move |x| (x, y)));
    rows.map(|(x, y)| (luma(x, y) - luma(x - 1, y)).powi(2))
        .sum()
}

/// The picture's area: where two frames differ in long rows and, within those, in tall columns.
/// Words and buttons that change with a reveal are neither.
pub(crate) fn changed_area(
    a: &image::RgbaImage,
    b: &image::RgbaImage,
) -> Option<(u32, u32, u32, u32)> {
    let (width, height) = a.dimensions();
    let differs = |x, y| a.get_pixel(x, y).0[0].abs_diff(b.get_pixel(x, y).0[0]) > 24;
    let rows: Vec<u32> = (0..height)
        .filter(|y| (0..width).filter(|x| differs(*x, *y)).count() > width as usize / 7)
        .collect();
    let tall = |x: &u32| rows.iter().filter(|y| differs(*x, **y)).count() > rows.len() / 4;
    let columns: Vec<u32> = (0..width).filter(tall).collect();
    Some((
        *columns.first()?,
        *rows.first()?,
        *columns.last()?,
        *rows.last()?,
    ))
}

fn covered_first() -> Result<(), Failed> {
    let kinds = [Kind::Image, Kind::Post, Kind::Link, Kind::Account];
    let samples: Vec<_> = (1..)
        .zip(kinds)
        .map(|(number, kind)| checkered(number, kind))
        .collect();
    let count = samples.len();
    let mut stage = Stage::set(&samples, Look::default())?;
    for _ in 0..count {
        hold!(stage.model().screen == Screen::Serving, "no item is open");
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
        let area = changed_area(&covered, &clear)
            .ok_or_else(|| Failed::new("revealing changes nothing"))?;
        let left = sharpness(&covered, area) / sharpness(&clear, area);
        hold!(
            left <= 0.02,
            "{:.1} % of the sharpness is left under the cover",
            left * 100.0
        );
        stage.press_with(Key::R, Modifiers::SHIFT);
        hold!(
            !stage.view().has_clear_pixels(),
            "clear pixels after covering"
        );
        let again = stage.picture()?;
        let left = sharpness(&again, area) / sharpness(&clear, area);
        hold!(
            left <= 0.02,
            "{:.1} % of the sharpness is left after covering",
            left * 100.0
        );
        stage.press(Key::F);
    }
    Ok(())
}

fn hold_reveal_and_release() -> Result<(), Failed> {
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

fn latch_and_full() -> Result<(), Failed> {
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

fn focus_loss() -> Result<(), Failed> {
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

fn cover_all() -> Result<(), Failed> {
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

fn decide_undo_decide() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let first = item(&mut stage);
    stage.press(Key::F);
    hold!(item(&mut stage) != first, "the next item is not there");
    stage.press(Key::Z);
    hold!(
        item(&mut stage) == first,
        "undo does not bring the item back"
    );
    stage.press(Key::Num2);
    stage.press(Key::Num1);
    stage.press(Key::X);
    stage.pass(6_000);
    let model = stage.model();
    hold!(
        model.waiting_to_sync == 0,
        "{} still wait",
        model.waiting_to_sync
    );
    let states: Vec<_> = model.history.iter().map(|row| row.state).collect();
    hold!(
        states == [SyncState::Accepted, SyncState::Withdrawn],
        "the history says {states:?}"
    );
    Ok(())
}

fn escalate() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press(Key::P);
    hold!(stage.model().confirm.is_some(), "nothing is asked in place");
    stage.press(Key::Enter);
    hold!(stage.model().history.is_empty(), "a double tap escalates");
    stage.pass(500);
    stage.press(Key::Num1);
    stage.press(Key::Enter);
    hold!(stage.model().history.len() == 1, "Enter does not confirm");
    hold!(
        !noticed(&mut stage, NoticeKey::EscalationConfirmed),
        "said to be done before it was sent"
    );
    stage.pass(6_000);
    hold!(
        noticed(&mut stage, NoticeKey::EscalationConfirmed),
        "the confirmation is not said"
    );
    Ok(())
}

pub(crate) fn noticed(stage: &mut Stage, key: NoticeKey) -> bool {
    stage.model().notices.iter().any(|notice| notice.key == key)
}

fn break_blocks_serving() -> Result<(), Failed> {
    let mut stage = desk(4)?;
    stage.work(50);
    hold!(
        stage.model().wellbeing.phase == BreakPhase::Due,
        "no break is due: {:?}",
        stage.model().wellbeing
    );
    for _ in 0..2 {
        stage.press(Key::O);
        hold!(
            stage.model().wellbeing.phase == BreakPhase::Working,
            "the break cannot be put off"
        );
        stage.work(5);
    }
    stage.press(Key::O);
    hold!(
        stage.model().wellbeing.phase == BreakPhase::Exhausted,
        "put off a third time"
    );
    hold!(
        stage.model().screen == Screen::Serving,
        "the open item cannot be finished"
    );
    stage.press(Key::F);
    hold!(
        stage.model().screen == Screen::BreakNeeded,
        "a new item is served"
    );
    stage.press(Key::B);
    hold!(
        stage.model().screen == Screen::OnBreak,
        "the break does not begin"
    );
    stage.start_desk()?;
    hold!(
        stage.model().screen == Screen::OnBreak,
        "a restart ends the break"
    );
    stage.pass(60_000);
    stage.clock.turn(9 * 60_000);
    stage.pass(1_000);
    stage.press(Key::B);
    stage.pass(1_000);
    hold!(
        stage.model().screen == Screen::Serving,
        "work does not go on: {:?}",
        stage.model().screen
    );
    hold!(
        stage.model().wellbeing.active_min == 0,
        "the break does not count"
    );
    Ok(())
}

fn offline_then_sync() -> Result<(), Failed> {
    let mut stage = desk(8)?;
    stage.served.kill()?;
    for _ in 0..6 {
        stage.press(Key::F);
        stage.pass(5_500);
    }
    let model = stage.model();
    hold!(
        model.screen == Screen::OfflineEmpty,
        "the screen is {:?}",
        model.screen
    );
    hold!(
        matches!(model.link, LinkState::Offline { .. }),
        "it does not say that it is offline"
    );
    hold!(
        model.waiting_to_sync == 6,
        "{} wait instead of 6",
        model.waiting_to_sync
    );
    stage.served.back()?;
    stage.press(Key::Y);
    stage.pass(3_000);
    let model = stage.model();
    hold!(
        model.waiting_to_sync == 0,
        "{} still wait",
        model.waiting_to_sync
    );
    hold!(
        model
            .history
            .iter()
            .all(|row| row.state == SyncState::Accepted),
        "not all are accepted"
    );
    hold!(model.screen == Screen::Serving, "work does not go on");
    Ok(())
}

fn window_crash() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let open = item(&mut stage);
    stage.press(Key::Num2);
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.crash_window();
    hold!(
        stage.model().item.is_none_or(|item| item.reveal.is_none()),
        "a reveal outlives its window"
    );
    stage.open_window();
    hold!(item(&mut stage) == open, "another item is open");
    hold!(
        !stage.view().has_clear_pixels(),
        "the new window starts with clear pixels"
    );
    hold!(
        stage.model().draft.chosen.is_some(),
        "the chosen policy is lost"
    );
    hold!(
        noticed(&mut stage, NoticeKey::WindowRestarted),
        "nothing is said about it"
    );
    Ok(())
}

fn restart() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press(Key::F);
    hold!(
        stage.model().waiting_to_sync == 1,
        "the decision is not held"
    );
    stage.start_desk()?;
    stage.pass(2_000);
    let model = stage.model();
    hold!(
        model.waiting_to_sync == 0,
        "it is not sent after the restart"
    );
    hold!(
        model.history.len() == 1 && model.history[0].state == SyncState::Accepted,
        "the history is wrong"
    );
    Ok(())
}

fn bad_media() -> Result<(), Failed> {
    let breakages = [
        Breakage::CutJpeg,
        Breakage::Empty,
        Breakage::RandomBytes,
        Breakage::BombHeader,
    ];
    let settings = Settings::default();
    let whole = checkerboard_of(320, 240, 8);
    let samples: Vec<_> = (1..)
        .zip(breakages)
        .map(|(number, breakage)| {
            let file = PictureFile {
                bytes: breakage.file(&whole, number),
                format: breakage.claimed(),
                size: None,
            };
            sample_of(&settings, number, Kind::Image, vec![file])
        })
        .collect();
    let mut stage = Stage::set(&samples, Look::default())?;
    for _ in 0..samples.len() {
        let item = stage
            .model()
            .item
            .ok_or_else(|| Failed::new("no item is open"))?;
        let rejected = matches!(item.media[0], MediumState::Rejected { .. });
        hold!(rejected, "a broken file is {:?}", item.media[0]);
        stage.press(Key::R);
        hold!(!stage.view().is_revealed(), "a broken file can be revealed");
        stage.pass(400);
        stage.press(Key::F);
    }
    stage.pass(6_000);
    hold!(
        stage.model().history.len() == samples.len(),
        "not all could be decided"
    );
    hold!(stage.model().waiting_to_sync == 0, "not all arrived");
    Ok(())
}

fn calm() -> Result<(), Failed> {
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
