//! All journeys, as CI runs them: the built program, and the report that it writes.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/junit.rs"]
mod junit;

use std::collections::BTreeSet;
use std::process::Command;

use scrim_window::actions::TABLE;

/// Actions that no journey can perform, each with the reason. There is none so far.
const EXEMPT: &[(&str, &str)] = &[];

/// Rows of the table of actions that are not among `performed`.
fn missing<'a>(ids: impl Iterator<Item = &'a str>, performed: &BTreeSet<String>) -> Vec<&'a str> {
    let is_exempt = |id: &str| EXEMPT.iter().any(|(exempt, _)| *exempt == id);
    ids.filter(|id| !performed.contains(*id) && !is_exempt(id))
        .collect()
}

#[test]
fn every_journey_passes_and_every_action_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("out.xml");
    let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .arg("--junit")
        .arg(&report)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}");
    println!("{said}");
    let cases = junit::cases(&std::fs::read_to_string(report).unwrap());
    assert!(cases.len() >= 60, "{} journeys", cases.len());
    for case in &cases {
        assert_eq!(case.failure, None, "{}", case.name);
        assert_eq!(case.class, "scrim.inner");
    }
    // As the windows of the journeys have told it.
    let performed: BTreeSet<String> = cases.into_iter().flat_map(|case| case.actions).collect();
    let ids = TABLE.iter().map(|row| row.id);
    let missing = missing(ids, &performed);
    assert!(
        missing.is_empty(),
        "no journey performs {missing:?}: add one that does, in tests/smoke/src"
    );
    for (id, why) in EXEMPT {
        assert!(
            !why.is_empty() && !performed.contains(*id),
            "{id} is exempt"
        );
    }
}

#[test]
fn an_action_without_a_journey_is_named() {
    let performed = BTreeSet::from(["decide.allow".to_owned(), "old.action".to_owned()]);
    let ids = ["decide.allow", "new.action"].into_iter();
    assert_eq!(missing(ids, &performed), ["new.action"]);
}

#[test]
fn an_unknown_journey_is_wrong_usage() {
    let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .args(["--journey", "nonsense"])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
}

/// Another order, the light theme and half as much room change nothing of what holds.
#[test]
fn journeys_of_every_kind_pass_in_another_order_theme_and_scale() {
    let names = [
        "search-policy",
        "decide-undo-decide",
        "masked-conversation",
        "sound-only-while-held",
        "slider",
        "covered-in-every-place",
        "ask-and-hand-over",
        "answer-a-colleague",
        "post-of-twelve",
        "refused-is-decided-anew",
    ];
    all_pass(
        &["--seed", "7", "--theme", "light", "--scale", "200"],
        &names,
    );
    for wrong in [["--scale", "90"], ["--theme", "pink"], ["--locale", "xx"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"));
        let out = command.args(wrong).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{wrong:?}");
    }
}

/// A language whose words are longer and none of which are English changes nothing of what holds.
#[test]
fn journeys_of_most_pages_pass_in_a_language_that_nobody_speaks() {
    let names = [
        "search-policy",
        "masked-conversation",
        "translation-is-masked",
        "correct-sent-decision",
        "ask-and-hand-over",
        "answer-a-colleague",
        "aimed-at-me",
        "post-of-twelve",
        "video-contact-sheet-first",
        "conflicts-are-listed",
        "every-check-in",
        "lock-with-passphrase",
        "practice-is-told",
    ];
    all_pass(&["--locale", "en-xa"], &names);
}

#[track_caller]
fn all_pass(options: &[&str], names: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"));
    command.args(options);
    for name in names {
        command.args(["--journey", name]);
    }
    let out = command.output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    let all = format!("{} passed, 0 failed", names.len());
    assert!(out.status.success() && said.contains(&all), "{said}");
}

#[test]
fn a_report_or_pictures_that_cannot_be_written_are_said_before_anything_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "a file").unwrap();
    for (option, place) in [
        ("--junit", folder.path().to_owned()),
        ("--junit", folder.path().join("none/out.xml")),
        ("--screenshots", file.clone()),
        ("--screenshots", file.join("shots")),
    ] {
        let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
            .args(["--journey", "start-signed-out", option])
            .arg(&place)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&out.stdout);
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(said.contains("Nothing was run"), "{said}");
        assert!(!said.contains("pass "), "{said}");
    }
}

#[test]
fn a_picture_that_cannot_be_written_takes_nothing_from_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let (report, shots) = (folder.path().join("out.xml"), folder.path().join("shots"));
    // Something else has the name of the first one.
    std::fs::create_dir_all(shots.join("strip-dark.png")).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .args(["--journey", "start-signed-out", "--junit"])
        .arg(&report)
        .arg("--screenshots")
        .arg(&shots)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("Not all screenshots"), "{said}");
    assert!(said.contains("1 passed, 0 failed"), "{said}");
    let cases = junit::cases(&std::fs::read_to_string(report).unwrap());
    assert_eq!(cases.len(), 1);
}

#[test]
fn an_old_report_stays_until_a_new_one_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("out.xml");
    std::fs::write(&report, "an old report").unwrap();
    let run = |journey: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"));
        command.args(["--journey", journey, "--junit"]).arg(&report);
        command.output().unwrap().status.code()
    };
    assert_eq!(run("nonsense"), Some(2));
    assert_eq!(std::fs::read_to_string(&report).unwrap(), "an old report");
    assert_eq!(run("start-signed-out"), Some(0));
    let cases = junit::cases(&std::fs::read_to_string(&report).unwrap());
    assert_eq!(cases.len(), 1);
}
