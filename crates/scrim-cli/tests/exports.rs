//! `export` into files, into nothing, and cut off in the middle.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::*;

const FEBRUARY: &str = "--from 2026-02-01 --to 2026-02-28";

/// `scrim export` through a shell, which sets up where it writes.
fn in_shell(profile: &Path, before: &str, words: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_scrim");
    Command::new("sh")
        .arg("-c")
        .arg(format!(
            "{before} \"$0\" --profile \"$1\" export {words} {FEBRUARY}"
        ))
        .arg(program)
        .arg(profile)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn export(profile: &Path, words: &str) -> Output {
    in_shell(profile, "exec", words)
}

fn in_file(profile: &Path, words: &str, name: &str) -> Vec<u8> {
    let file = profile.join(name);
    let output = export(profile, &format!("{words} -o {}", file.display()));
    assert_eq!(code(&output), 0, "{}", complained(&output));
    assert_eq!(said(&output), "");
    std::fs::read(file).unwrap()
}

#[test]
fn every_format_of_every_export_is_written_and_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    with_decisions(folder, 9);
    for (words, starts) in [
        ("decisions --format csv", "decision_id,"),
        ("decisions --format jsonl", "{\"decision_id\""),
        ("decisions --format xlsx", "PK"),
        ("stats --format csv", "day,"),
        ("stats --format jsonl", "{\"day\""),
        (
            "stats --format json",
            "{\n  \"schema\": \"scrim.statistics/1\"",
        ),
        ("stats --format xlsx", "PK"),
        ("stats --format html", "<!DOCTYPE html>"),
        ("regulator --format csv", "measure,"),
        ("regulator --format jsonl", "{\"measure\""),
        ("regulator --format xlsx", "PK"),
    ] {
        let bytes = in_file(folder, words, "out");
        assert!(bytes.starts_with(starts.as_bytes()), "{words}");
        assert!(in_file(folder, words, "again") == bytes, "{words} twice");
        let output = export(folder, words);
        assert!(output.stdout == bytes, "{words} to standard output");
        assert_eq!(complained(&output), "", "{words}: no bar, no word");
    }
    let each = [
        "decisions --format html",
        "decisions --format json",
        "statements --format csv --rules a --items b",
        "statements --format jsonl",
        "stats --format csv --rules a",
        "regulator --format html",
    ];
    are_refused(|words| export(folder, words), &each);
}

#[test]
fn filters_take_whole_groups_out_of_every_export() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    with_decisions(folder, 9);
    let count = |words: &str| said(&export(folder, words)).lines().count() - 1;
    assert_eq!(count("decisions --format csv --queue queue"), 9);
    assert_eq!(count("decisions --format csv --queue other"), 0);
    assert_eq!(count("stats --format csv --policy spam --action remove"), 5);
    assert_eq!(count("stats --format csv --policy scam"), 0);
    let json = said(&export(folder, "stats --format json --policy scam"));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["count"], &json["filters"]["policy"]),
        (&0.into(), &"scam".into())
    );
}

/// A correction that was made after the period takes the older decision out of it, so that a longer period differs from
/// a shorter one by whole groups.
#[test]
fn what_is_corrected_later_does_not_count_in_a_shorter_period() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = written(folder.path(), 2);
    let correction = scrim_model::Decision {
        supersedes: Some(decision(1).decision_id),
        decided_at: NOW.plus_ms(40 * 86_400_000),
        ..decision(3)
    };
    let salts = &mut || [7; 32];
    store
        .commit_decision(&correction, false, &[], salts)
        .unwrap();
    let stats = said(&export(folder.path(), "stats --format csv"));
    assert!(
        !stats.contains("2026-02-02,") && stats.contains("2026-02-03,"),
        "{stats}"
    );
    let decisions = said(&export(folder.path(), "decisions --format csv"));
    assert!(decisions.contains("decision-1") && !decisions.contains("decision-3"));
}

const RULES: &str = r#"{"policies":{"spam":{"category":"STATEMENT_CATEGORY_SCAMS_AND_FRAUD","ground":"incompatible","reference":"Terms, 4","explanation":"It is unwanted.","facts":"A person looked at it."}}}"#;

#[test]
fn statements_are_written_for_what_is_known_and_the_rest_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut store, _) = written(folder, 4);
    store
        .keep_revert(&decision(4).decision_id, "key", NOW)
        .unwrap();
    for n in [1, 2, 4] {
        let id = decision(n).decision_id;
        store
            .outbox_in_flight(std::slice::from_ref(&id), None)
            .unwrap();
        store.outbox_accepted(&id, "receipt", NOW, false).unwrap();
    }
    std::fs::write(folder.join("rules.json"), RULES).unwrap();
    let item = r#"{"item_id":"item-1","content_date":"2026-01-30","source_type":"SOURCE_ARTICLE_16","automated_detection":true,"content_type":["CONTENT_TYPE_TEXT"]}"#;
    std::fs::write(folder.join("items.jsonl"), format!("{item}\n\n")).unwrap();
    let words = format!(
        "statements --format jsonl --rules {0}/rules.json --items {0}/items.jsonl",
        folder.display()
    );
    let output = export(folder, &words);
    let told = complained(&output);
    assert_eq!(code(&output), 0, "{told}");
    let batch: serde_json::Value = serde_json::from_str(&said(&output)).unwrap();
    let statements = batch["statements"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    assert_eq!(
        statements[0]["decision_visibility"][0],
        "DECISION_VISIBILITY_CONTENT_REMOVED"
    );
    assert!(told.contains("1 statement.\n"), "{told}");
    assert!(told.contains("or are to be: decision-4"), "{told}");
    assert!(
        told.contains("1 decisions gave none: nothing is said of their items: decision-2"),
        "{told}"
    );

    std::fs::write(
        folder.join("items.jsonl"),
        format!("{item}\n{{\"secret\": 1}}\n"),
    )
    .unwrap();
    let output = export(folder, &words);
    let told = complained(&output);
    assert_eq!(code(&output), 65);
    assert!(
        told.contains("--items") && told.contains("line 2") && !told.contains("secret"),
        "{told}"
    );
}

#[test]
fn a_file_of_the_platform_that_cannot_be_used_is_named_by_its_option() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    with_decisions(folder, 1);
    let large = std::fs::File::create(folder.join("large")).unwrap();
    large.set_len((1 << 30) + 1).unwrap();
    std::fs::write(folder.join("rules.json"), RULES).unwrap();
    let target = folder.join("out.csv");
    for (rules, items, expected, words) in [
        ("none", "none", 74, "The file of --rules is not there."),
        (
            "rules.json",
            "none",
            74,
            "The file of --items is not there.",
        ),
        (".", "none", 74, "The file of --rules cannot be read"),
        (
            "rules.json",
            "large",
            65,
            "The file of --items is larger than 1 GiB.",
        ),
        ("large", "none", 65, "The file of --rules is larger"),
    ] {
        let line = format!(
            "regulator --format csv --rules {0}/{rules} --items {0}/{items} -o {1}",
            folder.display(),
            target.display()
        );
        let output = export(folder, &line);
        let told = complained(&output);
        assert_eq!(code(&output), expected, "{words}: {told}");
        assert!(told.contains(words), "{told}");
        assert!(told.contains("Nothing was written."), "{told}");
        assert!(!target.exists(), "{words}");
    }
    let nowhere = format!("stats --format csv -o {}/none/out.csv", folder.display());
    let told = complained(&export(folder, &nowhere));
    assert!(told.contains("its folder is not there"), "{told}");
}

#[test]
fn evidence_is_a_new_folder_of_drafts_about_one_decision() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    with_decisions(folder, 3);
    let pack = folder.join("pack");
    let evidence = |words: &str| {
        let all = format!("export evidence {words}");
        scrim(folder, &all.split(' ').collect::<Vec<_>>(), "")
    };
    let words = format!(
        "--decision decision-2 --reported-on 2026-02-04 -o {}",
        pack.display()
    );
    let output = evidence(&words);
    assert_eq!(code(&output), 0, "{}", complained(&output));
    assert!(said(&output).contains("Nothing was sent"));
    let read = |name: &str| std::fs::read_to_string(pack.join(name)).unwrap();
    let chain: serde_json::Value = serde_json::from_str(&read("DRAFT-chain.json")).unwrap();
    assert_eq!(chain["chain_entries"], 3);
    assert!(chain["header"].as_str().unwrap().contains("\"prev_hash\""));
    assert_eq!(chain["hash"].as_str().unwrap().len(), 64);
    assert!(read("DRAFT-retention.json").contains("2027-02-04"));
    assert!(!read("DRAFT-record.json").contains("handle"));
    for words in ["", " -o pack", " --from 2026-02-01"] {
        let output = scrim(
            folder,
            &format!("export evidence{words}")
                .split(' ')
                .collect::<Vec<_>>(),
            "",
        );
        let told = complained(&output);
        assert_eq!(code(&output), 2, "{told}");
        assert!(
            told.contains("Nothing was written. Name it with --decision ID, and a new folder"),
            "{told}"
        );
    }
    for words in ["stats", "decisions --from 2026-02-01 --to 2026-02-02"] {
        let words = format!("export {words}");
        let output = scrim(folder, &words.split(' ').collect::<Vec<_>>(), "");
        let told = complained(&output);
        assert_eq!(code(&output), 2, "{told}");
        assert!(
            told.contains("Say --from DAY --to DAY --format FORMAT"),
            "{told}"
        );
    }
    // Twice, without a decision, one that is not there, and with words of other exports.
    assert_eq!(code(&evidence(&words)), 74);
    let elsewhere = folder.join("elsewhere");
    for words in [
        "--from 2026-02-01 --to 2026-02-28 --format csv".to_owned(),
        format!("--decision nobody -o {}", elsewhere.display()),
        format!(
            "--decision decision-2 --from 2026-02-01 -o {}",
            elsewhere.display()
        ),
    ] {
        assert_eq!(code(&evidence(&words)), 2, "{words}");
    }
    assert_eq!(
        code(&scrim(
            folder,
            &["export", "stats", "--decision", "decision-2", "-o", "x"],
            ""
        )),
        2
    );
    assert!(!elsewhere.exists());
}

#[test]
fn a_full_disk_leaves_the_older_file_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // Held open, so that the database's own files are there and need not grow.
    let (_store, _) = written(folder, 40);
    let file = folder.join("out");
    std::fs::write(&file, "older").unwrap();
    for words in [
        "decisions --format jsonl",
        "decisions --format xlsx",
        "stats --format html",
    ] {
        // The kernel takes no file beyond this size: at most four kilobytes, whichever unit the shell counts in.
        let before = "trap '' XFSZ; ulimit -f 4; exec";
        let output = in_shell(folder, before, &format!("{words} -o {}", file.display()));
        let told = complained(&output);
        assert_eq!(code(&output), 74, "{words}: {told}");
        assert!(
            told.contains("A file that was there before is unchanged"),
            "{told}"
        );
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "older");
        assert!(leftovers(folder).is_empty());
    }
}

fn leftovers(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".part")).collect()
}

#[test]
fn standard_output_that_takes_nothing_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    with_decisions(folder.path(), 2);
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let words = format!("export stats --format json {FEBRUARY}");
    let output = Command::new(env!("CARGO_BIN_EXE_scrim"))
        .arg("--profile")
        .arg(folder.path())
        .args(words.split(' '))
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(code(&output), 74);
    assert!(complained(&output).contains("writing to standard output"));
}

/// The kernel kills the process in the middle of its writing, when the file is larger than allowed.
#[test]
fn an_export_that_is_killed_leaves_the_older_file_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // Held open, so that the database's own files are there and need not grow.
    let (_store, _) = written(folder, 40);
    let file = folder.join("out");
    std::fs::write(&file, "older").unwrap();
    let words = format!("decisions --format jsonl -o {}", file.display());
    let output = in_shell(folder, "ulimit -c 0; ulimit -f 4; exec", &words);
    assert_eq!(
        output.status.code(),
        None,
        "it was killed: {}",
        complained(&output)
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "older");
    assert_eq!(leftovers(folder), [".out.scrim-1.part"]);
    assert_eq!(code(&export(folder, &words)), 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 40);
    assert!(leftovers(folder).is_empty());
}

#[test]
fn what_a_killed_export_left_goes_with_the_next_one_and_a_living_ones_part_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = with_decisions(folder, 3);
    let log = std::fs::File::create(records.join("exports.log")).unwrap();
    log.lock().unwrap();
    let (file, pack) = (folder.join("out"), folder.join("pack"));
    let table = format!("decisions --format csv {FEBRUARY} -o {}", file.display());
    let evidence = format!("evidence --decision decision-2 -o {}", pack.display());
    let manifest = ".pack.scrim-1.part/DRAFT-manifest.sha256";
    for (words, part) in [(&table, ".out.scrim-1.part"), (&evidence, manifest)] {
        let mut killed = waiting(folder, words.split(' '), &folder.join(part));
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    let mut left = leftovers(folder);
    left.sort();
    assert_eq!(left, [".out.scrim-1.part", ".pack.scrim-1.part"]);
    std::fs::write(folder.join(".out.scrim-1.part"), LEFT).unwrap();

    // What was left goes, and what the second one finds of the first stays.
    let (one, two) = (".out.scrim-1.part", ".out.scrim-2.part");
    let mut first = waiting(folder, table.split(' '), &folder.join(one));
    let mut second = waiting(folder, table.split(' '), &folder.join(two));
    assert!(folder.join(one).exists());
    log.unlock().unwrap();
    assert!(first.wait().unwrap().success() && second.wait().unwrap().success());
    assert_eq!(leftovers(folder), [".pack.scrim-1.part"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 4);
    let evidence = format!("export {evidence}");
    let evidence: Vec<&str> = evidence.split(' ').collect();
    assert_eq!(code(&scrim(folder, &evidence, "")), 0);
    assert!(leftovers(folder).is_empty() && pack.is_dir());
}

#[test]
fn nothing_but_a_file_is_written_over_and_nothing_among_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = with_decisions(folder, 2);
    let file = folder.join("file");
    std::fs::write(&file, "older").unwrap();
    let link = folder.join("link");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let pipe = folder.join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for place in [&link, &pipe, &folder.to_owned()] {
        let output = export(
            folder,
            &format!("stats --format csv -o {}", place.display()),
        );
        assert_eq!(code(&output), 74, "{}", complained(&output));
        assert!(complained(&output).contains("no ordinary file"));
        assert!(!place.symlink_metadata().unwrap().is_file());
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"older");
    let before = std::fs::read(records.join("desk.db")).unwrap();
    let words = format!("stats --format csv -o {}/desk.db", records.display());
    let output = export(folder, &words);
    assert_eq!(code(&output), 2, "{}", complained(&output));
    assert!(complained(&output).contains("the records themselves"));
    assert_eq!(std::fs::read(records.join("desk.db")).unwrap(), before);
    for own in ["sign-in.json", "agent.lock", "keys/new", "desks/new"] {
        let words = format!("stats --format csv -o {}/{own}", folder.display());
        let output = export(folder, &words);
        assert_eq!(code(&output), 2, "{own}: {}", complained(&output));
    }
}
