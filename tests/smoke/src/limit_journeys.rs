//! Journeys of the day's limit and of breaks that cannot be put off any more.

use egui::Key;
use scrim_model::Kind;
use scrim_model::breaks::BreakPhase;
use scrim_model::serving::{Cap, LIGHT_MAX};
use scrim_samples::Sample;
use scrim_wire::window::Screen;

use crate::journeys::{Journey, checkered, desk};
use crate::stage::{Failed, Look, Stage, hold};

/// All of them, in the order in which they are run.
pub(crate) const LIMITS: &[Journey] = &[
    Journey {
        name: "cap-serves-light-only",
        about: "at the day's limit, another desk's share counted in, only light items are served",
        run: cap_serves_light_only,
    },
    Journey {
        name: "snooze-exhausted",
        about: "severe work: due after 25 minutes, put off twice, then nothing new; no restart helps",
        run: snooze_exhausted,
    },
];

fn images(severities: &[u8]) -> Vec<Sample> {
    let numbered = (1..).zip(severities);
    numbered
        .map(|(number, severity)| {
            let mut sample = checkered(number, Kind::Image);
            sample.ingest.item.severity_hint = *severity;
            sample
        })
        .collect()
}

fn severity(stage: &mut Stage) -> Option<u8> {
    stage.model().item.map(|item| item.severity_hint)
}

fn cap_serves_light_only() -> Result<(), Failed> {
    let severities = [3, 1, 2, 3, 0, 4, 1, 2];
    let mut stage = Stage::set(&images(&severities), Look::default())?;
    hold!(
        stage.says_with("exposure-today", &[("n", 0.into()), ("of", 240.into())]),
        "the day's exposure is not said"
    );
    let first = severity(&mut stage);
    stage.served.decide_elsewhere(50 * 60_000)?;
    stage.work(2);
    let exposure = stage.model().wellbeing.exposure;
    hold!(
        exposure.cap == Cap::Notice && exposure.clear_min == 50 && !exposure.alone,
        "the notice does not come before the limit: {exposure:?}"
    );
    drop(stage);
    let mut stage = Stage::set(&images(&severities), Look::default())?;
    stage.served.decide_elsewhere(60 * 60_000)?;
    stage.work(2);
    hold!(
        stage.model().wellbeing.exposure.cap == Cap::Reached,
        "the limit is not reached: {:?}",
        stage.model().wellbeing.exposure
    );
    hold!(
        stage.says("exposure-reached-light"),
        "the limit is not said"
    );
    hold!(
        severity(&mut stage) == first,
        "the open item cannot be finished"
    );
    stage.press(Key::F);
    let mut served = 0;
    while let Some(severity) = severity(&mut stage) {
        hold!(
            severity <= LIGHT_MAX,
            "severity {severity} is served at the limit"
        );
        served += 1;
        stage.press(Key::F);
        stage.work(1);
    }
    hold!(served > 0, "nothing light is served");
    hold!(
        stage.model().screen == Screen::LimitReached,
        "the screen is {:?}",
        stage.model().screen
    );
    stage.start_desk()?;
    stage.work(2);
    let model = stage.model();
    hold!(
        model.wellbeing.exposure.cap == Cap::Reached && model.screen == Screen::LimitReached,
        "a restart lifts the limit: {:?}",
        model.screen
    );
    Ok(())
}

fn snooze_exhausted() -> Result<(), Failed> {
    let mut stage = Stage::set(&images(&[3; 4]), Look::default())?;
    stage.work(25);
    put_off_to_the_end(&mut stage)?;
    stage.start_desk()?;
    stage.press(Key::O);
    hold!(
        stage.model().screen == Screen::BreakNeeded,
        "a restart gives new items: {:?}",
        stage.model().screen
    );
    stage.press(Key::B);
    // Five minutes answer severe work; half of them do not.
    stage.clock.turn(150_000);
    stage.pass(1_000);
    stage.press(Key::B);
    stage.pass(1_000);
    hold!(
        stage.model().screen == Screen::BreakNeeded,
        "half a break is enough"
    );
    stage.press(Key::B);
    stage.clock.turn(300_000);
    stage.pass(1_000);
    stage.press(Key::B);
    stage.pass(1_000);
    hold!(
        stage.model().screen == Screen::Serving,
        "work does not go on: {:?}",
        stage.model().screen
    );
    Ok(())
}

pub(crate) fn break_blocks_serving() -> Result<(), Failed> {
    let mut stage = desk(4)?;
    stage.work(50);
    put_off_to_the_end(&mut stage)?;
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

/// A due break is put off twice and not again; the open item is finished and no other comes.
fn put_off_to_the_end(stage: &mut Stage) -> Result<(), Failed> {
    for _ in 0..2 {
        hold!(
            stage.model().wellbeing.phase == BreakPhase::Due,
            "no break is due: {:?}",
            stage.model().wellbeing
        );
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
    Ok(())
}
