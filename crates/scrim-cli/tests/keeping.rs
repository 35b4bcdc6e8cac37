//! `hold`, `reported` and `erase` on real records, with and without an agent beside them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::Output;

use scrim_model::{Decision, Timestamp};
use scrim_runtime::Profile;
use support::*;

/// 2017-07-14: no rule keeps a decision of that day, whatever day it is now.
const LONG_AGO: Timestamp = Timestamp(1_500_000_000_000);

fn run(profile: &Path, line: &str) -> Output {
    scrim(profile, &line.split('|').collect::<Vec<_>>(), "")
}

/// Its answer, which has to be that it was done.
fn done(profile: &Path, line: &str) -> String {
    let output = run(profile, line);
    assert_eq!(code(&output), 0, "{line}: {}", complained(&output));
    said(&output)
}

/// Decisions 1 and 2 of long ago, and decision 3 of this day.
fn desk(folder: &Path) {
    let (mut store, _) = written(folder, 0);
    let today = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let today = Timestamp(i64::try_from(today.as_millis()).unwrap());
    for (n, decided_at) in [(1, LONG_AGO), (2, LONG_AGO), (3, today)] {
        let made = Decision {
            decided_at,
            reason: format!("Note {n}"),
            ..decision(n)
        };
        store
            .commit_decision(&made, false, &[], &mut || [7; 32])
            .unwrap();
    }
}

#[test]
fn a_hold_is_set_listed_and_lifted_and_keeps_a_part_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    let told = done(folder, "hold|set|decision-1|--reason|Case 17/26");
    let name = told
        .split_whitespace()
        .nth(1)
        .unwrap()
        .trim_end_matches('.');
    assert!(name.starts_with("hold-"), "{told}");
    let listed = done(folder, "hold|list");
    assert!(
        listed.contains(name) && listed.contains("decision-1") && listed.contains("Case 17/26"),
        "{listed}"
    );
    let refused = run(folder, "erase|decision-1|--part|words|--yes");
    assert_eq!(code(&refused), 77);
    assert!(complained(&refused).contains("until it is lifted"));
    assert!(said(&refused).contains("Case 17/26"), "{}", said(&refused));

    let lifted = done(folder, &format!("hold|lift|{name}|--reason|Closed"));
    assert!(lifted.contains(name));
    assert!(done(folder, "hold|list").contains("lifted"));
    assert!(done(folder, "erase|decision-1|--part|words|--yes").contains("Erased here"));
    let of_it = done(folder, "hold|list|decision-1");
    assert!(of_it.contains("words: erased"), "{of_it}");
    let whole = done(folder, "verify");
    assert!(whole.contains("6 entries, all"), "{whole}");
    let again = run(folder, "erase|decision-1|--part|words|--yes");
    assert_eq!(code(&again), 2);
}

/// Roles are not known on a desk: lifting needs a reason, says what was not checked, and cannot be hidden.
#[test]
fn lifting_needs_a_reason_and_stays_in_the_chain_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    done(folder, "hold|set|decision-1|--reason|Case 17/26");
    for line in ["hold|lift|decision-1", "hold|lift|decision-1|--reason| "] {
        assert_eq!(code(&run(folder, line)), 2, "{line}");
    }
    let told = done(folder, "hold|lift|decision-1|--reason|Order 8/26");
    assert!(
        told.contains("stays in these records for ever") && told.contains("was not checked"),
        "{told}"
    );
    // Whatever is erased afterwards: the entry and its reason are there, and taking them out is found.
    for part in ["words", "judgement", "viewing"] {
        done(folder, &format!("erase|decision-1|--part|{part}|--yes"));
    }
    let listed = done(folder, "hold|list|decision-1");
    assert!(
        listed.contains("lifted") && listed.contains("Order 8/26"),
        "{listed}"
    );
    let records = tampered(folder);
    let gone = records.execute("DELETE FROM parts WHERE name = 'reason' AND seq = 5", []);
    assert_eq!(gone.unwrap(), 1);
    drop(records);
    assert_eq!(code(&run(folder, "verify")), 1);
}

#[test]
fn a_record_is_named_in_the_place_of_its_only_hold() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    let none = run(folder, "hold|lift|decision-1|--reason|x");
    assert_eq!(code(&none), 2);
    done(folder, "hold|set|decision-1|--reason|One");
    done(folder, "hold|lift|decision-1|--reason|Over");
    done(folder, "hold|set|decision-1|--reason|Two");
    done(folder, "hold|set|decision-1|--reason|Three|--part|words");
    let several = run(folder, "hold|lift|decision-1|--reason|Over");
    assert_eq!(code(&several), 2);
    assert!(complained(&several).contains("Several holds"));
}

#[test]
fn a_hold_on_everything_with_a_day_keeps_that_part_of_every_record() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    done(
        folder,
        "hold|set|--all|--part|words|--until|9998-12-31|--start|2026-01-05|--reason|Order 3",
    );
    for n in [1, 2] {
        let refused = run(folder, &format!("erase|decision-{n}|--part|words|--yes"));
        assert_eq!(code(&refused), 77);
        let told = complained(&refused);
        assert!(
            told.contains("since 2026-01-05, until 9998-12-31"),
            "{told}"
        );
    }
    done(folder, "erase|decision-1|--part|viewing|--yes");
}

#[test]
fn a_rule_refuses_with_its_source_and_a_report_begins_another() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    let refused = run(folder, "erase|decision-3|--part|judgement|--yes");
    assert_eq!(code(&refused), 77);
    let told = complained(&refused);
    assert!(told.contains("Article 20(1)") && told.contains("Nothing was erased"));
    // A report of long ago keeps nothing any more; the reference's five years are over as well.
    let told = done(folder, "reported|decision-1|--to|uk|--on|2017-07-20");
    assert!(
        told.contains("judgement is kept until 2022-07-20"),
        "{told}"
    );
    assert!(told.contains("Nothing was sent"));
    done(folder, "erase|decision-1|--part|judgement|--yes");
    let listed = done(folder, "hold|list|decision-3");
    assert!(
        listed.contains("rules, version 1") && listed.contains("EU: what a complaint"),
        "{listed}"
    );
    let future = run(folder, "reported|decision-2|--to|us|--on|9998-01-01");
    assert_eq!(code(&future), 2);
}

#[test]
fn while_scrim_runs_nothing_is_changed_and_everything_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    let profile = Profile::open(Some(folder)).unwrap();
    let running = profile.lock().unwrap();
    for line in [
        "hold|set|decision-1|--reason|Case",
        "hold|lift|hold-1|--reason|Case",
        "reported|decision-1|--to|us|--on|2026-01-01",
        "erase|decision-1|--part|words|--yes",
    ] {
        let output = run(folder, line);
        assert_eq!(code(&output), 69, "{line}");
        assert!(complained(&output).contains("Scrim is running"), "{line}");
    }
    assert_eq!(done(folder, "hold|list"), "There are no holds.\n");
    drop(running);
    assert!(done(folder, "verify").contains("3 entries"));
}

#[test]
fn what_cannot_be_done_is_said_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    for line in [
        "hold|set|nobody|--reason|Case",
        "hold|set|decision-1|--reason| ",
        "hold|set|decision-1",
        "hold|set|--reason|Case",
        "hold|set|decision-1|--all|--reason|Case",
        "hold|set|decision-1|--reason|Case|--until|2020-01-01",
        "hold|list|nobody",
        "erase|nobody|--part|words|--yes",
        "erase|decision-1|--yes",
        "reported|nobody|--to|us|--on|2026-01-01",
    ] {
        let output = run(folder, line);
        assert_eq!(code(&output), 2, "{line}: {}", complained(&output));
    }
    let long = format!("hold|set|decision-1|--reason|{}", "x".repeat(501));
    let told = complained(&run(folder, &long));
    assert!(
        told.contains("more than 500 characters") && told.contains("Nothing was changed"),
        "{told}"
    );
    // A script's silence is no yes.
    let unasked = run(folder, "erase|decision-1|--part|words");
    assert_eq!(code(&unasked), 2);
    assert!(complained(&unasked).contains("Nothing was erased"));
    assert!(done(folder, "verify").contains("3 entries"));
}

#[test]
fn records_that_are_not_whole_are_not_made_less() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    tampered(folder)
        .execute("UPDATE journal SET hash = '00' WHERE seq = 2", [])
        .unwrap();
    let output = run(folder, "erase|decision-1|--part|words|--yes");
    assert_eq!(code(&output), 1);
    assert!(said(&output).contains("Nothing was erased") && said(&output).contains("Entry 2"));
}
