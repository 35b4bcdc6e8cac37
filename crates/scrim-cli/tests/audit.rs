//! Every export is written down before it is made, and an export that cannot be written down is none.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use support::*;

const FEBRUARY: &str = "--from 2026-02-01 --to 2026-02-28";

fn export(folder: &Path, words: &str) -> Output {
    let line = format!("export {words} {FEBRUARY}");
    scrim(folder, &line.split(' ').collect::<Vec<_>>(), "")
}

fn exports(folder: &Path) -> (i32, String) {
    let output = scrim(folder, &["exports"], "");
    (code(&output), said(&output) + &complained(&output))
}

fn log_of(records: &Path) -> PathBuf {
    records.join("exports.log")
}

fn lines(records: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(log_of(records)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["export"].clone())
        .collect()
}

#[test]
fn every_export_is_written_down_with_who_what_and_how_much() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_agent, records) = written(folder, 5);
    assert_eq!(
        exports(folder),
        (0, "Nothing was exported from this desk.\n".into())
    );
    let file = folder.join("secret-folder").join("decisions.csv");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    let words = format!("decisions --format csv --queue queue -o {}", file.display());
    assert_eq!(code(&export(folder, &words)), 0);
    let stats = export(folder, "stats --format json");
    assert_eq!(code(&stats), 0);
    let pack = folder.join("pack");
    let words = ["export", "evidence", "--decision", "decision-2", "-o"];
    let words = [&words[..], &[pack.to_str().unwrap()]].concat();
    assert_eq!(code(&scrim(folder, &words, "")), 0);
    let out = folder.join("unsent.jsonl");
    let words = ["recover", "--yes", "--out", out.to_str().unwrap()];
    assert_eq!(code(&scrim(folder, &words, "")), 0);

    let written = lines(&records);
    let what: Vec<_> = written
        .iter()
        .map(|row| row["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["decisions", "stats", "evidence", "recover"]);
    let first = &written[0];
    assert_eq!(
        (&first["moderator"], &first["records"]),
        (&"m1".into(), &5.into())
    );
    assert_eq!(first["file"], "decisions.csv", "without its folder");
    assert_eq!(first["filters"]["queue"], "queue");
    assert_eq!(first["filters"]["to"], "2026-02-28");
    assert_eq!(first["columns"].as_array().unwrap().len(), 28);
    let hash = |bytes: &[u8]| Value::from(scrim_report::sha256(bytes));
    assert_eq!(first["sha256"], hash(&std::fs::read(&file).unwrap()));
    assert_eq!(
        (&written[1]["file"], &written[1]["sha256"]),
        (&Value::Null, &hash(&stats.stdout))
    );
    assert_eq!(written[2]["filters"]["decision"], "decision-2");
    assert_eq!(written[3]["records"], 5);
    let mode = std::fs::metadata(log_of(&records))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let (code, told) = exports(folder);
    assert_eq!(code, 0);
    assert!(
        told.contains("by m1: decisions as csv to the file decisions.csv, 5 decisions"),
        "{told}"
    );
    assert!(
        told.contains("only from 2026-02-01, queue queue, to 2026-02-28"),
        "{told}"
    );
    assert!(
        told.contains("to standard output") && !told.contains("secret-folder"),
        "{told}"
    );
}

#[test]
fn an_export_that_cannot_be_written_down_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = with_decisions(folder, 3);
    let file = folder.join("out.csv");
    std::fs::write(&file, "older").unwrap();
    // In its place stands something that no line can be added to, whoever asks.
    std::fs::create_dir(log_of(&records)).unwrap();
    let pack = folder.join("pack");
    let evidence = format!(
        "export evidence --decision decision-1 -o {}",
        pack.display()
    );
    let recover = format!("recover --yes --out {}", file.display());
    let words = format!("decisions --format csv -o {}", file.display());
    for output in [
        export(folder, "decisions --format csv"),
        export(folder, &words),
        scrim(folder, &evidence.split(' ').collect::<Vec<_>>(), ""),
        scrim(folder, &recover.split(' ').collect::<Vec<_>>(), ""),
    ] {
        assert_eq!((code(&output), said(&output)), (74, String::new()));
        assert!(complained(&output).contains("The export was not made"));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "older");
    assert!(!pack.exists());
    let names = std::fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|name| name.ends_with(".part")));
}

#[test]
fn a_file_that_cannot_be_written_is_not_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = with_decisions(folder, 3);
    let words = format!(
        "decisions --format csv -o {}/no/such/out.csv",
        folder.display()
    );
    assert_eq!(code(&export(folder, &words)), 74);
    assert!(!log_of(&records).exists());
}

#[test]
fn a_changed_list_of_exports_is_found_and_the_line_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = with_decisions(folder, 3);
    for _ in 0..3 {
        assert_eq!(code(&export(folder, "decisions --format csv")), 0);
    }
    let log = log_of(&records);
    let whole = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, whole.replacen("\"records\":3", "\"records\":2", 1)).unwrap();
    let (code, told) = exports(folder);
    assert_eq!(code, 1);
    assert!(told.contains("Line 2 is not as it was written"), "{told}");
    let without: String = whole
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&log, without).unwrap();
    assert!(
        exports(folder)
            .1
            .contains("Line 1 is not as it was written")
    );
    // What was cut off in the middle was not made, and the next one stands in its place.
    std::fs::write(&log, &whole[..whole.len() - 9]).unwrap();
    let (code, told) = exports(folder);
    assert!(code == 0 && told.contains("was cut off"), "{told}");
    assert_eq!(self::code(&export(folder, "decisions --format csv")), 0);
    assert_eq!((exports(folder).0, lines(&records).len()), (0, 3));
}

/// A desk that has been started once, so that its list is sealed, with three exports.
fn sealed(folder: &Path) -> PathBuf {
    let (mut store, records) = written(folder, 3);
    store.keep_exports_key(&[9; 32]).unwrap();
    drop(store);
    for _ in 0..3 {
        assert_eq!(code(&export(folder, "decisions --format csv")), 0);
    }
    assert_eq!(exports(folder).0, 0);
    records
}

#[test]
fn whatever_is_done_to_the_end_of_the_list_without_the_key_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = sealed(folder);
    let (log, seal) = (log_of(&records), records.join("exports.seal"));
    let (whole, sealed) = (
        std::fs::read_to_string(&log).unwrap(),
        std::fs::read(&seal).unwrap(),
    );
    let put_back = || {
        std::fs::write(&log, &whole).unwrap();
        std::fs::write(&seal, &sealed).unwrap();
        assert_eq!(exports(folder).0, 0);
    };
    let at = whole.rfind("\"records\":3").unwrap();
    let mut changed = whole.clone();
    changed.replace_range(at..at + 11, "\"records\":2");
    std::fs::write(&log, changed).unwrap();
    let (code, told) = exports(folder);
    assert!(
        code == 1 && told.contains("its last line was changed"),
        "{told}"
    );
    assert!(told.contains("Keep a copy of the folder"), "{told}");
    put_back();
    let two: String = whole.split_inclusive('\n').take(2).collect();
    std::fs::write(&log, &two).unwrap();
    let (code, told) = exports(folder);
    assert!(
        code == 1 && told.contains("lines were taken off its end"),
        "{told}"
    );
    // Going on does not hide it.
    assert_eq!(self::code(&export(folder, "decisions --format csv")), 0);
    let (code, told) = exports(folder);
    assert!(
        code == 1 && told.contains("Line 3 is not as it was written"),
        "{told}"
    );
    put_back();
    std::fs::remove_file(&seal).unwrap();
    let (code, told) = exports(folder);
    assert!(code == 1 && told.contains("its seal is gone"), "{told}");
}

#[test]
fn an_export_whose_seal_cannot_be_written_is_not_made_and_leaves_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = sealed(folder);
    let seal = records.join("exports.seal");
    // In its place stands something that cannot be written over.
    std::fs::create_dir(seal.with_extension("seal.new")).unwrap();
    for _ in 0..2 {
        let output = export(folder, "decisions --format csv");
        assert_eq!((code(&output), said(&output)), (74, String::new()));
        assert!(complained(&output).contains("The export was not made"));
        let (code, told) = exports(folder);
        assert!(code == 0 && !told.contains("has no seal"), "{told}");
        assert_eq!(lines(&records).len(), 3);
    }
    std::fs::remove_dir(seal.with_extension("seal.new")).unwrap();
    assert_eq!(code(&export(folder, "decisions --format csv")), 0);
    assert_eq!((exports(folder).0, lines(&records).len()), (0, 4));
}

#[test]
fn a_line_without_a_seal_may_not_have_been_made_unless_a_start_has_seen_it_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = sealed(folder);
    let seal = records.join("exports.seal");
    let older = std::fs::read(&seal).unwrap();
    assert_eq!(code(&export(folder, "decisions --format csv")), 0);
    let newer = std::fs::read(&seal).unwrap();
    std::fs::write(&seal, &older).unwrap();
    let (code, told) = exports(folder);
    let said = told.contains("That export may not have been made");
    assert!(code == 0 && said, "{told}");
    // The next one seals it, and goes on.
    assert_eq!(self::code(&export(folder, "decisions --format csv")), 0);
    let (code, told) = exports(folder);
    assert!(code == 0 && !told.contains("has no seal"), "{told}");
    assert_eq!(lines(&records).len(), 5);
    std::fs::write(&seal, &newer).unwrap();
    keep_end(folder, &records);
    let (code, told) = exports(folder);
    assert!(
        code == 1 && told.contains("its seal is an older one"),
        "{told}"
    );
    assert!(!told.contains("may not have been made"), "{told}");
}

/// What a start of Scrim keeps of the list.
fn keep_end(folder: &Path, records: &Path) {
    let text = std::fs::read_to_string(log_of(records)).unwrap();
    let end = scrim_store::ExportsEnd {
        lines: text.lines().count() as u64,
        last: scrim_report::sha256(text.lines().last().unwrap().as_bytes()),
    };
    written(folder, 0).0.keep_exports_end(&end).unwrap();
}

#[test]
fn an_export_that_began_before_the_first_start_is_sealed_if_it_ends_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut store, records) = written(folder, 3);
    let log = std::fs::File::create(log_of(&records)).unwrap();
    log.lock().unwrap();
    let words = format!("decisions --format csv {FEBRUARY} -o");
    let out = folder.join("out.csv");
    let words = words.split(' ').chain([out.to_str().unwrap()]);
    let mut child = waiting(folder, words, &folder.join(".out.csv.scrim-1.part"));
    store.keep_exports_key(&[9; 32]).unwrap();
    log.unlock().unwrap();
    assert!(child.wait().unwrap().success());
    let (code, told) = exports(folder);
    assert!(code == 0 && !told.contains("seal"), "{told}");
    assert!(records.join("exports.seal").exists());
}

#[test]
fn records_whose_key_of_the_list_cannot_be_read_are_recovered_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = sealed(folder);
    let (mut store, _) = written(folder, 0);
    store.save("exports_key", &"no key").unwrap();
    drop(store);
    let out = folder.join("unsent.jsonl");
    let words = ["recover", "--yes", "--out", out.to_str().unwrap()];
    let output = scrim(folder, &words, "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 3);
    assert_eq!(lines(&records).len(), 4);
    assert_eq!(exports(folder).0, 1);
}

#[test]
fn a_list_that_is_taken_away_with_its_seal_is_missed_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = sealed(folder);
    keep_end(folder, &records);
    assert_eq!(exports(folder).0, 0);
    std::fs::remove_file(log_of(&records)).unwrap();
    std::fs::remove_file(records.join("exports.seal")).unwrap();
    for _ in 0..2 {
        let (code, told) = exports(folder);
        assert!(code == 1 && told.contains("that one had 3 lines"), "{told}");
        assert_eq!(self::code(&export(folder, "decisions --format csv")), 0);
    }
}

#[test]
fn a_reviewer_is_named_only_with_a_reason_without_times_and_is_shown_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut store, records) = written(folder, 3);
    let id = decision(1).decision_id;
    store
        .outbox_in_flight(std::slice::from_ref(&id), None)
        .unwrap();
    store.outbox_accepted(&id, "receipt-1", NOW, false).unwrap();
    for words in [
        "decisions --format csv --named",
        "decisions --format csv --reason x",
        "stats --format csv --named --reason x",
    ] {
        assert_eq!(code(&export(folder, words)), 2, "{words}");
    }
    let named = said(&export(
        folder,
        "decisions --format jsonl --named --reason Audit",
    ));
    assert_eq!(named.lines().count(), 3);
    for line in named.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        assert_eq!(row["reviewer"], "m1");
        assert_eq!(row["decided_at"].as_str().unwrap().len(), 10, "the day");
        for empty in [
            "decision_id",
            "item_id",
            "unsure",
            "handle_ms",
            "skew_ms",
            "receipt",
            "supersedes",
        ] {
            assert_eq!(row[empty], Value::Null, "{empty}");
        }
        assert!(row["queue_id"].is_string() && row["actions"].is_array());
    }
    assert!(
        !named.contains("receipt-1") && !named.contains("decision-"),
        "{named}"
    );
    let last = lines(&records).pop().unwrap();
    assert_eq!(
        (&last["names"][0], &last["reason"]),
        (&"m1".into(), &"Audit".into())
    );
    assert_eq!(last["columns"].as_array().unwrap().len(), 29);
    let told = exports(folder).1;
    assert!(told.contains("it names m1, because: Audit"), "{told}");
}

/// How many decisions each day has would join the two, and tell how long whoever is named took.
#[test]
fn of_no_day_is_there_an_export_with_a_name_and_one_with_times() {
    const NAMED: &str = "decisions --format csv --named --reason Audit";
    let of = |folder: &Path, words: &str, days: [&str; 2]| {
        let line = format!("export {words} --from {} --to {}", days[0], days[1]);
        scrim(folder, &line.split(' ').collect::<Vec<_>>(), "")
    };
    let (whole, last) = (["2026-02-01", "2026-02-28"], ["2026-02-28", "2026-03-31"]);
    let march = ["2026-03-01", "2026-03-31"];
    for without in ["decisions --format csv", "stats --format json"] {
        for (first, second) in [(without, NAMED), (NAMED, without)] {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            let (_agent, records) = written(folder, 3);
            // A line that was changed does not hide what stands behind it.
            assert_eq!(code(&of(folder, "regulator --format csv", whole)), 0);
            let log = std::fs::read_to_string(log_of(&records)).unwrap();
            std::fs::write(log_of(&records), log.replace("regulator", "nothing")).unwrap();
            let made = of(folder, first, whole);
            assert_eq!(code(&made), 0, "{}", complained(&made));
            assert_eq!(said(&made).contains("m1"), first == NAMED);
            for days in [whole, last] {
                let refused = of(folder, second, days);
                let told = complained(&refused);
                assert_eq!((code(&refused), said(&refused)), (77, String::new()));
                assert!(told.contains("The export was not made"), "{told}");
            }
            assert_eq!(lines(&records).len(), 2, "what was refused is no export");
            for (words, days) in [
                (first, last),
                (second, ["2026-04-01", "2026-04-30"]),
                ("regulator --format csv", whole),
            ] {
                assert_eq!(code(&of(folder, words, days)), 0, "{words} {days:?}");
            }
            assert_eq!(code(&of(folder, second, march)), 77);
        }
    }
}
