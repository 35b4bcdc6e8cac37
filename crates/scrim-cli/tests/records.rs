//! `export` and `verify` on records that the store made.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::Decision;
use scrim_store::DATABASE_FILE;
use support::*;

const FEBRUARY: [&str; 4] = ["--from", "2026-02-01", "--to", "2026-02-28"];

fn export(folder: &std::path::Path, words: &[&str]) -> std::process::Output {
    let all: Vec<&str> = [&["export"], words].concat();
    scrim(folder, &all, "")
}

#[test]
fn decisions_are_exported_while_the_store_is_open_for_writing() {
    let folder = tempfile::tempdir().unwrap();
    let _agent = written(folder.path(), 3);
    let words = [&["decisions", "--format", "jsonl"], &FEBRUARY[..]].concat();
    let output = export(folder.path(), &words);
    assert_eq!(code(&output), 0, "{}", complained(&output));
    let ids: Vec<String> = said(&output)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| row["decision_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["decision-1", "decision-2", "decision-3"]);
}

#[test]
fn what_was_decided_in_training_is_in_no_export_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = written(folder.path(), 2);
    let training = Decision {
        training: true,
        ..decision(3)
    };
    let salts = &mut || [7; 32];
    store.commit_decision(&training, false, &[], salts).unwrap();
    for what in ["decisions", "stats"] {
        let words = [&[what, "--format", "csv"], &FEBRUARY[..]].concat();
        let output = export(folder.path(), &words);
        assert_eq!(code(&output), 0);
        let (table, told) = (said(&output), complained(&output));
        assert!(!table.contains("decision-3"), "{table}");
        assert!(told.contains("1 decisions made in training"), "{told}");
    }
    let words = [&["stats", "--format", "csv"], &FEBRUARY[..]].concat();
    let stats = said(&export(folder.path(), &words));
    assert!(stats.contains("2026-02-03,queue,spam,remove,1,"), "{stats}");
}

#[test]
fn the_last_day_is_inside_and_a_file_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    with_decisions(folder.path(), 3);
    let file = folder.path().join("out.csv");
    // Made at 02-02 14:40, 02-03 02:40 and 02-03 14:40.
    let words = ["decisions", "--format", "csv", "-o", file.to_str().unwrap()];
    let days = ["--from", "2026-02-03", "--to", "2026-02-03"];
    let output = export(folder.path(), &[&words[..], &days[..]].concat());
    assert_eq!((code(&output), said(&output)), (0, String::new()));
    let table = std::fs::read_to_string(&file).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(!table.contains("decision-1"));

    let words = [&["stats", "--format", "csv"], &FEBRUARY[..]].concat();
    let stats = said(&export(folder.path(), &words));
    assert!(stats.contains("2026-02-03,queue,spam,remove,2,"), "{stats}");
}

#[test]
fn what_cannot_be_exported_is_said_with_its_own_code() {
    let folder = tempfile::tempdir().unwrap();
    let decisions = |from, to| ["decisions", "--format", "csv", "--from", from, "--to", to];
    let output = export(folder.path(), &decisions("2026-02-01", "2026-02-02"));
    assert_eq!(code(&output), 66);
    assert!(complained(&output).contains("not signed in"));
    let nowhere = folder.path().join("typo");
    let output = export(&nowhere, &decisions("2026-02-01", "2026-02-02"));
    assert_eq!(code(&output), 66);
    assert!(!nowhere.exists());
    with_decisions(folder.path(), 1);
    for (from, to) in [
        ("2026-02-02", "2026-02-01"),
        ("2026-02-30", "2026-03-01"),
        ("today", "2026-03-01"),
    ] {
        assert_eq!(
            code(&export(folder.path(), &decisions(from, to))),
            2,
            "{from}"
        );
    }
}

#[test]
fn verify_says_whole_and_names_the_entry_of_one_flipped_byte() {
    let folder = tempfile::tempdir().unwrap();
    let records = with_decisions(folder.path(), 3);
    let output = scrim(folder.path(), &["verify"], "");
    assert_eq!(code(&output), 0);
    assert!(said(&output).contains("3 entries") && said(&output).contains("tail was not checked"));

    let file = records.join(DATABASE_FILE);
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1_000;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let output = scrim(folder.path(), &["verify"], "");
    assert_eq!(code(&output), 1, "{}", said(&output));
}

#[test]
fn verify_without_records_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    signed_in(folder.path(), "http://127.0.0.1:9", "t");
    assert_eq!(code(&scrim(folder.path(), &["verify"], "")), 66);
}
