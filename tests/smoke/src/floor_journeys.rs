//! The floor: from the server, from the managed file, and against whoever edits the records.

use egui::{Key, Modifiers};
use scrim_model::Kind;
use scrim_model::settings::{Key as Setting, ManagedFound, Settings, Value};
use scrim_model::view::CoverStep;
use scrim_wire::window::{Command, NoticeKey};
use serde_json::json;

use crate::journeys::{Journey, checkered};
use crate::stage::{Failed, Look, Stage, hold};

/// All of them, in the order in which they are run.
pub(crate) const FLOOR: &[Journey] = &[Journey {
    name: "floor-cannot-be-lowered",
    about: "the team’s floor holds on the page, over restarts, offline, in mid-shift and against edits",
    run: floor_cannot_be_lowered,
}];

fn read(json: serde_json::Value) -> Settings {
    let none = serde_json::Map::new();
    Settings::read(json.as_object().unwrap_or(&none)).0
}

fn strong() -> Option<Value> {
    Some(Value::Choice("strong".to_owned()))
}

fn choose(stage: &mut Stage, key: Setting, value: Value) {
    let value = Some(value);
    stage.command(Command::SetSetting { key, value });
}

fn says(stage: &mut Stage, key: NoticeKey) -> bool {
    stage.model().notices.iter().any(|notice| notice.key == key)
}

/// The floor that the journey sets, with `minutes` until a break.
fn holds(stage: &mut Stage, minutes: u32, when: &str) -> Result<(), Failed> {
    let found = stage.setting(Setting::BreakAfter);
    hold!(
        found == Some(Value::Number(minutes)),
        "{when}: a break is due after {found:?}"
    );
    let due = stage.model().wellbeing.due_after_min;
    hold!(due == minutes, "{when}: the break timer says {due}");
    let blur = stage.setting(Setting::CoverBlur);
    hold!(blur == strong(), "{when}: the cover is {blur:?}");
    Ok(())
}

fn floor_cannot_be_lowered() -> Result<(), Failed> {
    let samples: Vec<_> = (1..=3).map(|n| checkered(n, Kind::Image)).collect();
    let mut stage = Stage::set(&samples, Look::default())?;
    let step = |stage: &mut Stage| stage.model().item.map(|item| item.step);
    hold!(
        step(&mut stage) == Some(CoverStep::Normal),
        "no item is open"
    );
    choose(&mut stage, Setting::BreakAfter, Value::Number(45));

    // Raised in mid-shift: in force within two minutes, for the open item as well.
    let floor = json!({"break.after_min": 30, "cover": {"blur": "strong"}});
    stage.served.set_floor(&floor)?;
    stage.work(2);
    holds(&mut stage, 30, "after the floor was raised")?;
    hold!(
        step(&mut stage) == Some(CoverStep::Strong),
        "the open item keeps its cover"
    );
    hold!(
        says(&mut stage, NoticeKey::FloorChanged),
        "the change is not said"
    );
    hold!(
        says(&mut stage, NoticeKey::SettingTakenBack),
        "the value that was taken back is not said"
    );

    // On the page: less is not to be had, more is.
    stage.press_with(Key::Comma, Modifiers::CTRL);
    hold!(
        stage.says("settings-title") && stage.says("setting-cover-blur"),
        "no settings page"
    );
    stage.press(Key::Escape);
    choose(
        &mut stage,
        Setting::CoverBlur,
        Value::Choice("normal".to_owned()),
    );
    hold!(
        says(&mut stage, NoticeKey::SettingBelowFloor),
        "the refusal is not said"
    );
    stage.press(Key::Minus);
    hold!(
        step(&mut stage) == Some(CoverStep::Strong),
        "a key weakens the cover"
    );
    holds(&mut stage, 30, "after asking for less")?;

    // Edited records, without a connection.
    stage.served.kill()?;
    stage.tamper(|kept| {
        kept.personal = read(json!({"break.after_min": 60, "cover.blur": "weak"}))
    })?;
    stage.start_desk()?;
    stage.pass(2_000);
    holds(&mut stage, 30, "offline, with edited records")?;
    hold!(
        says(&mut stage, NoticeKey::SettingTakenBack),
        "the edit is not said"
    );
    choose(&mut stage, Setting::BreakAfter, Value::Number(20));
    stage.start_desk()?;
    holds(&mut stage, 20, "with a stricter choice")?;

    // A managed file that is broken after a good one.
    stage.managed = ManagedFound::Read(read(json!({"break.after_min": 15})));
    stage.start_desk()?;
    holds(&mut stage, 15, "with a managed file")?;
    stage.managed = ManagedFound::Unusable {
        floor: Settings::default(),
        why: "it is not TOML".to_owned(),
    };
    stage.start_desk()?;
    holds(&mut stage, 15, "with a broken managed file")?;
    hold!(
        says(&mut stage, NoticeKey::ManagedUnusable),
        "the broken file is not said"
    );

    // Edited away together with the floor itself: the server's word brings it back.
    stage.managed = ManagedFound::Absent;
    stage.tamper(|kept| {
        kept.personal = read(json!({"break.after_min": 50}));
        kept.server = Settings::default();
    })?;
    stage.served.back()?;
    stage.start_desk()?;
    stage.work(1);
    holds(&mut stage, 30, "after the connection came back")
}
