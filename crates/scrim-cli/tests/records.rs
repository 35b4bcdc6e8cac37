//! `export` and `verify` on records that the store made.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::Decision;
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::records_key;
use scrim_store::{DATABASE_FILE, Store};
use scrim_wire::protocol::{ChainHead, ChainTold};
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
    let whole = std::fs::read(&file).unwrap();
    // The first page, and the last one that was written.
    for (at, entries) in [(900, 1..=1), (whole.len() - 1_000, 1..=3)] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        let output = scrim(folder.path(), &["verify"], "");
        let said = said(&output);
        assert_eq!(
            (code(&output), complained(&output)),
            (1, String::new()),
            "{said}"
        );
        let named = |n: u32| {
            said.contains(&format!(
                "Entry {n} is not as it was written: it cannot be read"
            ))
        };
        assert!(
            entries.clone().any(named) || said.contains("something beside them"),
            "{said}"
        );
    }
}

#[test]
fn verify_new_walks_from_where_all_was_well() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = written(folder.path(), 3);
    let new = || said(&scrim(folder.path(), &["verify", "--new"], ""));
    assert!(new().contains("3 new entries after entry 0"), "{}", new());
    store
        .commit_decision(&decision(4), false, &[], &mut || [7; 32])
        .unwrap();
    assert!(new().contains("1 new entries after entry 3"));
    let all = said(&scrim(folder.path(), &["verify"], ""));
    assert!(all.contains("4 entries, all"), "{all}");
    assert!(new().contains("0 new entries after entry 4"));
}

#[test]
fn verify_online_finds_a_deleted_tail_and_a_fork() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let token = server.token();
    let (profile, sign_in) = signed_in(folder.path(), &server.origin, &token);
    let key = records_key(&profile, &sign_in).unwrap();
    let place = profile.store_folder(&sign_in);
    let (mut store, _) = Store::open(&place, &key, NOW).unwrap();
    let desk = store.desk_id(|| "desk-1".to_owned()).unwrap();
    for n in 1..=3 {
        store
            .commit_decision(&decision(n), false, &[], &mut || [7; 32])
            .unwrap();
    }
    let online = || {
        let output = scrim(folder.path(), &["verify", "--online"], "");
        (code(&output), said(&output) + &complained(&output))
    };
    let (nothing, words) = online();
    assert!(
        nothing == 0 && words.contains("nothing to compare"),
        "{words}"
    );
    let origin = Origin::parse(&server.origin).unwrap();
    let queue = HttpQueue::new(origin, &token).for_desk(desk);
    let tell = |n: u32, entries: u64, hash: String| {
        let head = ChainHead { entries, hash };
        // The server takes no decision of an item that it does not have; it keeps the head.
        let chain = ChainTold {
            head: Some(head),
            records: Vec::new(),
        };
        drop(queue.send_row(&decision(n), chain));
    };
    tell(1, 2, store.hash_at(2).unwrap().unwrap());
    let (whole, words) = online();
    assert!(
        whole == 0 && words.contains("seen 2 entries, and they are these. 1 came after"),
        "{words}"
    );
    store
        .outbox_in_flight(&[decision(3).decision_id], None)
        .unwrap();
    store
        .outbox_accepted(&decision(3).decision_id, "receipt", NOW, false)
        .unwrap();
    let (back, words) = online();
    assert!(
        back == 1 && words.contains("confirmed 1 decisions that came after"),
        "{words}"
    );
    tell(2, 6, "a".repeat(64));
    let (missing, words) = online();
    assert!(
        missing == 1 && words.contains("Entries 5 to 6 are missing"),
        "{words}"
    );
    for n in 4..=5 {
        store
            .commit_decision(&decision(n), false, &[], &mut || [7; 32])
            .unwrap();
    }
    let (fork, words) = online();
    assert!(
        fork == 1 && words.contains("Entry 6 is another one"),
        "{words}"
    );
    drop(server);
    let (unheard, words) = online();
    assert!(
        unheard == 0 && words.contains("the tail was not checked"),
        "{words}"
    );
}

#[test]
fn a_backup_is_made_while_the_store_is_open_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let (_agent, _) = written(folder.path(), 3);
    let copy = folder.path().join("copy");
    let words = ["backup", copy.to_str().unwrap()];
    let output = scrim(folder.path(), &words, "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    assert!(said(&output).contains("Copied and verified: 3 entries"));
    let before = std::fs::read(copy.join(DATABASE_FILE)).unwrap();
    let output = scrim(folder.path(), &words, "");
    assert_eq!(code(&output), 74);
    assert!(complained(&output).contains("Nothing was overwritten"));
    assert!(std::fs::read(copy.join(DATABASE_FILE)).unwrap() == before);
}

#[test]
fn verify_without_records_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    signed_in(folder.path(), "http://127.0.0.1:9", "t");
    assert_eq!(code(&scrim(folder.path(), &["verify"], "")), 66);
}

#[test]
fn a_key_that_is_gone_is_said_and_none_is_made_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    drop(written(folder.path(), 2));
    let keys = std::fs::read_dir(folder.path().join("keys")).unwrap();
    for key in keys {
        std::fs::remove_file(key.unwrap().path()).unwrap();
    }
    let commands = [
        "doctor",
        "verify",
        "export decisions --from 2026-02-01 --to 2026-02-28 --format csv",
        "exports",
        "hold list",
        "reported decision-1 --to us --on 2026-02-04",
        "erase decision-1 --part words --yes",
        "backup copy",
        "recover --out unsent.jsonl --yes",
    ];
    for line in commands {
        let words: Vec<&str> = line.split(' ').collect();
        let output = scrim(folder.path(), &words, "");
        let told = said(&output) + &complained(&output);
        assert_eq!(code(&output), 1, "{line}: {told}");
        let page = scrim_cli::help::page_of(&format!("scrim {line}")).unwrap();
        assert!(page.codes.contains(&1), "{line}");
        assert!(told.contains("The key of your records is gone"), "{told}");
        assert!(
            !told.contains("none yet") && !told.contains("no key yet"),
            "{told}"
        );
    }
    let mut left = std::fs::read_dir(folder.path().join("keys")).unwrap();
    assert!(left.next().is_none(), "no new key was made");
}
