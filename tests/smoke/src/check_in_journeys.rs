//! Check-ins: whole days with seeded marks, and where the marks are found afterwards.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use scrim_model::Timestamp;
use scrim_model::checkin::When;
use scrim_model::settings::{Key as Setting, Value};
use scrim_report::{DecisionRow, Format, Period, Selection, StatsTable, Summary, write_decisions};
use scrim_store::Store;
use scrim_wire::window::{CheckInStands, Command};

use crate::journeys::{Journey, desk, item};
use crate::recorder::{Log, Road};
use crate::stage::{Failed, Stage, hold, key};

/// All of them, in the order in which they are run.
pub(crate) const CHECK_INS: &[Journey] = &[Journey {
    name: "check-in-stays-local",
    about: "what is answered before and after work is in the records for its days, and nowhere else",
    run: check_in_stays_local,
}];

/// The instant of an answer: nothing else happens in that millisecond.
#[derive(Debug, Clone, Copy)]
struct Mark(i64);

impl Mark {
    /// As it could be written: as a number or a date in text, or in bytes.
    fn forms(self) -> [Vec<u8>; 4] {
        let bytes = self.0.to_be_bytes();
        let turned: Vec<u8> = bytes.iter().rev().copied().collect();
        [
            self.0.to_string().into_bytes(),
            String::from(Timestamp(self.0)).into_bytes(),
            bytes[2..].to_vec(),
            turned[..6].to_vec(),
        ]
    }
}

/// Words that would tell of a check-in.
const WORDS: &[&str] = &[
    "check_in",
    "checkin",
    "check-in",
    "CheckIn",
    "go_easy",
    "how are you",
];

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn holds_nothing(what: &str, bytes: &[u8], marks: &[Mark]) -> Result<(), Failed> {
    for mark in marks {
        let found = mark.forms().iter().any(|form| has(bytes, form));
        hold!(!found, "{what}: {mark:?} is in it");
    }
    let text = String::from_utf8_lossy(bytes);
    for word in WORDS {
        let line = text.lines().find(|line| line.contains(word));
        hold!(line.is_none(), "{what}: says {word:?}: {line:?}");
    }
    Ok(())
}

/// Answers with a key, in a millisecond of its own.
fn answer(stage: &mut Stage, key: Key, mark: Mark) {
    stage.clock.stop_wall(Some(mark.0));
    stage.down(key);
    stage.clock.stop_wall(None);
    stage.pass(100);
    stage.up(key);
    stage.pass(3_000);
}

/// Every file below `folder` with its name.
fn files(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, Failed> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push((path.clone(), std::fs::read(&path)?));
        }
    }
    Ok(found)
}

/// Every export that there is.
fn exports(folder: &Path) -> Result<Vec<u8>, Failed> {
    let rows: Vec<DecisionRow> = Store::open_read_only(folder, &key())?
        .decisions_between(Timestamp(0), Timestamp(i64::MAX))?
        .into_iter()
        .map(|row| DecisionRow {
            decision: row.decision,
            state: row.state,
            awaiting_second: false,
            undone: false,
            receipt: row.receipt.map(|r| (r.receipt, r.at)),
        })
        .collect();
    hold!(!rows.is_empty(), "there is nothing to export");
    let always = Selection::of(Period {
        from: Timestamp(0),
        to: Timestamp(i64::MAX),
    });
    let stats = StatsTable::of(&rows, &always, Timestamp(i64::MAX));
    let mut out = Vec::new();
    for format in [Format::Csv, Format::JsonLines] {
        write_decisions(&mut out, format, &rows)?;
        stats.write(&mut out, format)?;
    }
    let summary = Summary::of(&rows, &always, Timestamp(i64::MAX));
    summary.write_json(&mut out)?;
    summary.write_html(&mut out)?;
    Ok(out)
}

/// The marks are in no byte to the server, no line of the log, no export, and no file: the records
/// hold them, encrypted.
fn nothing_left(stage: &Stage, road: &Road, log: &Log, marks: &[Mark]) -> Result<(), Failed> {
    let sent = road.sent();
    hold!(has(&sent, b"decision_id"), "the road was not taken");
    holds_nothing("what the server got", &sent, marks)?;
    let lines = log.lines();
    hold!(has(&lines, b"the log is heard"), "the log is not heard");
    holds_nothing("the log", &lines, marks)?;
    let records = stage.records();
    holds_nothing("the exports", &exports(&records)?, marks)?;
    for (path, bytes) in files(stage.folder())? {
        holds_nothing(&path.to_string_lossy(), &bytes, marks)?;
    }
    Ok(())
}

/// How many answers the records hold, while no desk writes them.
fn in_records(stage: &Stage) -> Result<usize, Failed> {
    Ok(stage.store()?.check_ins()?.len())
}

fn stands(stage: &mut Stage) -> CheckInStands {
    stage.model().check_in.stands
}

fn check_in_stays_local() -> Result<(), Failed> {
    let log = Log::begin()?;
    tracing::info!(target: "scrim", "the log is heard");
    let mut stage = desk(4)?;
    let road = Road::to(&stage.served.origin)?;
    stage.served.origin.clone_from(&road.origin);
    stage.start_desk()?;
    let began = stage.clock.utc_ms();
    let marks = [617_003, 431_207, 286_519].map(|ms| Mark(began - ms));

    // Before work: beside the open item, and digits of the item stay its own.
    hold!(item(&mut stage).is_some(), "the first item waits");
    hold!(
        stands(&mut stage) == CheckInStands::Offered(When::Before),
        "nothing is offered before work"
    );
    stage.press_with(Key::I, Modifiers::CTRL);
    hold!(stage.says("check-in-before"), "no question");
    answer(&mut stage, Key::Num4, marks[0]);
    hold!(stage.says("check-in-answered"), "the answer is not taken");
    stage.press(Key::Escape);
    stage.press(Key::F);
    stage.work(1);

    // After it: on the screen of the shift's end.
    stage.press_with(Key::E, Modifiers::CTRL);
    hold!(stage.says("check-in-after"), "no question");
    answer(&mut stage, Key::Num1, marks[1]);
    hold!(stage.says("check-in-answered"), "the answer is not taken");
    stage.work(1);
    nothing_left(&stage, &road, &log, &marks)?;
    stage.stop_desk();
    hold!(
        in_records(&stage)? == 2,
        "the records do not hold both answers"
    );
    let kept: Vec<_> = stage
        .store()?
        .check_ins()?
        .iter()
        .map(|c| (c.when, u8::from(c.answer), c.at.0))
        .collect();
    let expected = [(When::Before, 4, marks[0].0), (When::After, 1, marks[1].0)];
    hold!(kept == expected, "the records hold other answers");

    // Not asked again that day, over a restart as well.
    stage.start_desk()?;
    hold!(
        stands(&mut stage) == CheckInStands::NotNow,
        "it is asked again"
    );

    // "Do not store": what was kept goes, and nothing more is written.
    stage.command(Command::SetSetting {
        key: Setting::CheckinStore,
        value: Some(Value::Choice("do_not_store".to_owned())),
    });
    stage.stop_desk();
    hold!(in_records(&stage)? == 0, "what was kept is still there");
    stage.start_desk()?;
    stage.press_with(Key::E, Modifiers::CTRL);
    hold!(
        stage.says("check-in-not-kept"),
        "the card does not say that nothing is kept"
    );
    answer(&mut stage, Key::Num5, marks[2]);
    hold!(stage.says("check-in-answered"), "the answer is not taken");
    stage.work(1);
    nothing_left(&stage, &road, &log, &marks)?;
    stage.stop_desk();
    hold!(in_records(&stage)? == 0, "something was written");
    let store = stage.store()?;
    hold!(store.check_ins()?.is_empty(), "a row was written");
    hold!(
        store.check_ins_asked()?.is_empty(),
        "that it was asked was written"
    );
    Ok(())
}
