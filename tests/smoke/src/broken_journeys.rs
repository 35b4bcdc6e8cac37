//! Journeys of what breaks: the network, the window, the agent, a file.

use egui::{Key, Modifiers};
use scrim_model::Kind;
use scrim_samples::encode::Breakage;
use scrim_samples::pictures::checkerboard_of;
use scrim_samples::{PictureFile, Settings, sample_of};
use scrim_wire::window::{LinkState, MediumState, NoticeKey, Screen, SyncState};

use crate::journeys::{desk, item, noticed};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) fn offline_then_sync() -> Result<(), Failed> {
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

pub(crate) fn window_crash() -> Result<(), Failed> {
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

pub(crate) fn restart() -> Result<(), Failed> {
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

pub(crate) fn bad_media() -> Result<(), Failed> {
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
                cover: None,
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
