//! Holds and rules keep parts of records from being erased, whatever becomes of the records meanwhile.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use scrim_model::Timestamp;
use scrim_model::retention::{Authority, Block, RecordPart, Reported};
use scrim_store::{Advice, KEY_BYTES, Key, NewHold, Store, StoreError, Verdict};
use support::*;

const DAY_MS: i64 = 86_400_000;

fn on_all_parts() -> BTreeMap<RecordPart, Option<Timestamp>> {
    RecordPart::ALL.map(|part| (part, None)).into()
}

fn hold(store: &mut Store, n: Option<u32>, salt: u8) -> String {
    let on = n.map(id);
    let hold = NewHold {
        on: on.as_ref(),
        reason: "Case 17/26",
        start: NOW,
        until: on_all_parts(),
    };
    store.set_hold(&hold, NOW, [salt; 32]).unwrap()
}

fn report(to: Authority, on: Timestamp) -> Reported {
    Reported {
        to,
        on,
        reference: Some("No. 4711".to_owned()),
    }
}

/// What kept it, and what was said.
fn kept(done: Result<(), StoreError>) -> (Block, String) {
    match done {
        Err(fault) => {
            let text = fault.to_string();
            assert_eq!(fault.advice(), Advice::AskPerson);
            match fault {
                StoreError::Kept(_, block) => (*block, text),
                other => panic!("another fault: {other}"),
            }
        }
        Ok(()) => panic!("it was erased"),
    }
}

fn is_held(done: Result<(), StoreError>, name: &str) -> String {
    match kept(done) {
        (Block::Hold(hold), text) => {
            assert_eq!(hold.id, name);
            assert_eq!(hold.reason, None, "no reason in an error");
            text
        }
        (other, _) => panic!("kept by {other:?}"),
    }
}

fn two(folder: &tempfile::TempDir) -> Store {
    let mut store = open(folder);
    for n in [1, 2] {
        commit(&mut store, &decision(n));
    }
    store
}

#[test]
fn a_decision_is_kept_as_long_as_somebody_can_complain() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    // Made on 2026-02-02.
    let last = Timestamp::parse("2026-08-02T23:59:59.999Z").unwrap();
    for part in [RecordPart::Judgement, RecordPart::Words] {
        for at in [NOW, last] {
            let (block, text) = kept(store.erase_part(&id(1), part, at));
            assert!(matches!(block, Block::Rule(kept) if kept.rule.id == "eu-complaint"));
            assert!(
                text.contains("until 2026-08-02") && text.contains("Article 20(1)"),
                "{text}"
            );
        }
    }
    // Nothing but a report keeps what was viewed.
    store.erase_part(&id(1), RecordPart::Viewing, NOW).unwrap();
    store
        .erase_part(&id(1), RecordPart::Words, last.plus_ms(1))
        .unwrap();
    let entries = store.head().unwrap().0;
    assert_eq!(entries, 4, "a refusal writes nothing");
    assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
}

#[test]
fn what_was_decided_in_training_is_kept_by_no_rule() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let mut training = decision(1);
    training.training = true;
    commit(&mut store, &training);
    store.erase_part(&id(1), RecordPart::Words, NOW).unwrap();
}

#[test]
fn a_report_begins_the_clocks_of_its_authority() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    let reported = report(Authority::Us, NOW.plus_ms(2 * DAY_MS));
    store.keep_report(&id(1), &reported, NOW).unwrap();
    assert_eq!(store.reports(&id(1)).unwrap(), [reported]);
    assert_eq!(store.reports(&id(2)).unwrap(), []);
    let (block, text) = kept(store.erase_part(&id(1), RecordPart::Viewing, LATER));
    assert!(matches!(block, Block::Rule(kept) if kept.rule.id == "us-report"));
    assert!(
        text.contains("until 2027-02-04") && text.contains("2258A"),
        "{text}"
    );
    // The content's year is over, the reference's five are not.
    let reported = report(Authority::Uk, NOW);
    store.keep_report(&id(2), &reported, NOW).unwrap();
    let three_years = NOW.plus_ms(3 * 366 * DAY_MS);
    store
        .erase_part(&id(2), RecordPart::Viewing, three_years)
        .unwrap();
    let (_, text) = kept(store.erase_part(&id(2), RecordPart::Judgement, three_years));
    assert!(text.contains("until 2031-02-02"), "{text}");
    let unknown = store.keep_report(&id(9), &report(Authority::Uk, NOW), NOW);
    assert!(matches!(unknown, Err(StoreError::UnknownDecision)));
}

#[test]
fn a_hold_keeps_every_part_until_it_is_lifted_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    let name = hold(&mut store, Some(1), 1);
    for part in RecordPart::ALL {
        let text = is_held(store.erase_part(&id(1), part, LATER), &name);
        assert!(
            text.contains("since 2026-02-02, until it is lifted") && !text.contains("Case"),
            "{text}"
        );
        store.erase_part(&id(2), part, LATER).unwrap();
    }
    let empty = store.lift_hold(&name, "  ", LATER, [2; 32]);
    assert!(matches!(empty, Err(StoreError::EmptyHold)));
    store
        .lift_hold(&name, "Case closed", LATER, [2; 32])
        .unwrap();
    let again = store.lift_hold(&name, "Case closed", LATER, [3; 32]);
    assert!(matches!(again, Err(StoreError::UnknownHold)));

    let holds = store.holds(Some(&id(1))).unwrap();
    assert_eq!(holds.len(), 1);
    assert_eq!(holds[0].reason.as_deref(), Some("Case 17/26"));
    let lifted = holds[0].lifted.as_ref().unwrap();
    assert_eq!(
        (lifted.at, lifted.reason.as_deref()),
        (LATER, Some("Case closed"))
    );
    for part in RecordPart::ALL {
        store.erase_part(&id(1), part, LATER).unwrap();
    }
    assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
    let header: String = raw(&folder)
        .query_row("SELECT header FROM journal WHERE kind = 'hold'", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert!(!header.contains("Case"), "what was written is a part");
}

#[test]
fn a_hold_may_end_on_a_day_and_for_one_part_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    let end = LATER.plus_ms(30 * DAY_MS);
    let on = id(1);
    let hold = NewHold {
        on: Some(&on),
        reason: "Case 18/26",
        start: NOW,
        until: BTreeMap::from([(RecordPart::Words, Some(end))]),
    };
    let name = store.set_hold(&hold, NOW, [1; 32]).unwrap();
    let text = is_held(store.erase_part(&on, RecordPart::Words, LATER), &name);
    assert!(text.contains("until 2026-09-"), "{text}");
    store.erase_part(&on, RecordPart::Viewing, LATER).unwrap();
    store.erase_part(&on, RecordPart::Words, end).unwrap();
}

#[test]
fn a_hold_on_everything_is_on_what_was_there_when_it_was_set() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    let name = hold(&mut store, None, 1);
    commit(&mut store, &decision(3));
    for n in [1, 2] {
        is_held(store.erase_part(&id(n), RecordPart::Words, LATER), &name);
    }
    store.erase_part(&id(3), RecordPart::Words, LATER).unwrap();
    assert_eq!(store.holds(Some(&id(3))).unwrap(), []);
    assert_eq!(store.holds(None).unwrap().len(), 1);
}

#[test]
fn what_is_no_hold_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    let before = store.head().unwrap();
    let mut set = |on: u32, reason: &str, until| {
        let on = id(on);
        let hold = NewHold {
            on: Some(&on),
            reason,
            start: NOW,
            until,
        };
        store.set_hold(&hold, NOW, [1; 32]).unwrap_err()
    };
    let long = "x".repeat(501);
    assert!(matches!(
        set(1, "Case", BTreeMap::new()),
        StoreError::EmptyHold
    ));
    assert!(matches!(set(1, " ", on_all_parts()), StoreError::EmptyHold));
    assert!(matches!(
        set(1, &long, on_all_parts()),
        StoreError::ReasonTooLong
    ));
    assert!(matches!(
        set(9, "Case", on_all_parts()),
        StoreError::UnknownDecision
    ));
    let unknown = store.lift_hold("hold-1", "Case", NOW, [1; 32]);
    assert!(matches!(unknown, Err(StoreError::UnknownHold)));
    assert_eq!(store.head().unwrap(), before);
}

#[test]
fn another_key_and_a_backup_take_holds_and_clocks_along() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    let name = hold(&mut store, Some(1), 1);
    store
        .keep_report(&id(2), &report(Authority::Us, NOW), NOW)
        .unwrap();
    let copy = tempfile::tempdir().unwrap();
    let place = copy.path().join("copy");
    assert!(matches!(
        store.backup(&place).unwrap(),
        Verdict::Whole { .. }
    ));
    let other = Key::new([0x4c; KEY_BYTES]);
    store.rekey(&other).unwrap();
    let still = |store: &mut Store| {
        is_held(store.erase_part(&id(1), RecordPart::Words, LATER), &name);
        kept(store.erase_part(&id(2), RecordPart::Viewing, LATER));
    };
    still(&mut store);
    drop(store);
    still(&mut Store::open(folder.path(), &other, NOW).unwrap().0);
    // Put back, as somebody does who recovers a desk from its backup.
    still(&mut Store::open(&place, &key(), NOW).unwrap().0);
}

#[test]
fn an_entry_that_keeps_something_and_cannot_be_read_lets_nothing_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = two(&folder);
    hold(&mut store, Some(1), 1);
    raw(&folder)
        .execute("UPDATE journal SET header = '{' WHERE kind = 'hold'", [])
        .unwrap();
    let done = store.erase_part(&id(1), RecordPart::Words, LATER);
    assert!(matches!(done, Err(StoreError::Unreadable)), "{done:?}");
    store.erase_part(&id(2), RecordPart::Words, LATER).unwrap();
}
