//! What keeps a record goes on keeping it when damaged records are rebuilt; where it may be lost, everything is kept.
#![allow(clippy::unwrap_used, reason = "tests")]

use scrim_model::retention::{Authority, Block, RecordPart, Reported};

use super::tests::{copy, filled, opened};
use crate::limits::PAGE_BYTES;
use crate::support::*;
use crate::{DATABASE_FILE, NewHold, Opening, Store, StoreError, Verdict};

/// A hold on decision 10, one on decision 11 that was lifted, and a report of decision 12. Gives the first one's name.
fn with_holds(folder: &tempfile::TempDir) -> String {
    filled(folder);
    let mut store = open(folder);
    let set = |store: &mut Store, n: u32| {
        let on = id(n);
        let hold = NewHold {
            on: Some(&on),
            reason: "Case 17/26",
            start: NOW,
            until: RecordPart::ALL.map(|part| (part, None)).into(),
        };
        store.set_hold(&hold, NOW, [n as u8; 32]).unwrap()
    };
    let name = set(&mut store, 10);
    let other = set(&mut store, 11);
    store.lift_hold(&other, "Over", NOW, [1; 32]).unwrap();
    let report = Reported {
        to: Authority::Us,
        on: NOW,
        reference: None,
    };
    store.keep_report(&id(12), &report, NOW).unwrap();
    name
}

fn is_in_doubt(store: &Store) -> bool {
    let holds = store.holds(None).unwrap();
    holds.iter().any(|hold| hold.id.starts_with("hold-doubt-"))
}

fn kept_by(done: Result<(), StoreError>) -> Block {
    match done {
        Err(StoreError::Kept(_, block)) => *block,
        other => panic!("not kept: {other:?}"),
    }
}

/// Damages one page; nothing if nothing was in it.
fn damaged(folder: &tempfile::TempDir, page: usize) -> Option<Store> {
    let path = folder.path().join(DATABASE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[page * PAGE_BYTES as usize + 900] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    let (store, how) = Store::open(folder.path(), &key(), NOW).unwrap();
    matches!(how, Opening::SetAside(_)).then_some(store)
}

#[test]
fn holds_and_reports_survive_damage_of_any_page() {
    let whole = tempfile::tempdir().unwrap();
    let name = with_holds(&whole);
    let length = std::fs::metadata(whole.path().join(DATABASE_FILE)).unwrap();
    let pages = length.len() as usize / PAGE_BYTES as usize;
    let (mut sure, mut in_doubt) = (0, 0);
    for page in 0..pages {
        let folder = copy(whole.path());
        let Some(mut store) = damaged(&folder, page) else {
            continue;
        };
        let doubt = is_in_doubt(&store);
        for n in [10, 11, 12] {
            if store.decision(&id(n)).unwrap().is_none() {
                continue;
            }
            let done = store.erase_part(&id(n), RecordPart::Viewing, LATER);
            match (doubt, n) {
                (true, _) => assert!(matches!(kept_by(done), Block::Hold(_)), "page {page}"),
                (false, 10) => {
                    assert!(matches!(kept_by(done), Block::Hold(hold) if hold.id == name));
                }
                (false, 11) => done.unwrap(),
                (false, _) => assert!(matches!(kept_by(done), Block::Rule(_))),
            }
            *(if doubt { &mut in_doubt } else { &mut sure }) += 1;
        }
        assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
    }
    assert!(sure > 0 && in_doubt > 0, "{sure} sure, {in_doubt} in doubt");
}

#[test]
fn a_hold_that_is_lost_keeps_everything_until_somebody_has_looked() {
    let folder = tempfile::tempdir().unwrap();
    with_holds(&folder);
    assert!(pages::spoil(folder.path(), b"\"what\":\"hold_set\"") > 0);
    let (mut store, _) = opened(folder.path());
    assert!(is_in_doubt(&store));
    let rows = store.history(1).unwrap();
    let saved = rows[0].decision.decision_id.clone();
    let done = store.erase_part(&saved, RecordPart::Viewing, LATER);
    let Block::Hold(hold) = kept_by(done) else {
        panic!("kept by a rule");
    };
    assert_eq!(hold.on, None);
    let told = store.holds(Some(&saved)).unwrap();
    assert!(
        told[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("may have been lost")
    );
    // What comes afterwards is not held.
    commit(&mut store, &decision(90));
    store.erase_part(&id(90), RecordPart::Words, LATER).unwrap();
    store
        .lift_hold(&hold.id, "Looked at", NOW, [9; 32])
        .unwrap();
    store
        .erase_part(&saved, RecordPart::Viewing, LATER)
        .unwrap();
}

#[test]
fn whoever_shows_the_records_to_nobody_leaves_it_to_the_next_one_to_tell() {
    let folder = tempfile::tempdir().unwrap();
    with_holds(&folder);
    assert!(pages::spoil(folder.path(), b"break_timer") > 0);
    let (mut store, told) = opened(folder.path());
    store.tell_later();
    drop(store);
    assert_eq!(opened(folder.path()).1, told);
}

#[test]
fn a_second_rescue_keeps_what_the_first_one_kept() {
    let folder = tempfile::tempdir().unwrap();
    let name = with_holds(&folder);
    for _ in 0..2 {
        assert!(pages::spoil(folder.path(), b"break_timer") > 0);
        let (mut store, _) = opened(folder.path());
        assert!(!is_in_doubt(&store));
        let done = store.erase_part(&id(10), RecordPart::Words, LATER);
        assert!(matches!(kept_by(done), Block::Hold(hold) if hold.id == name));
        let lifted = store.holds(Some(&id(11))).unwrap();
        assert!(lifted[0].lifted.is_some());
        assert_eq!(store.reports(&id(12)).unwrap().len(), 1);
        store.save("break_timer", &17).unwrap();
    }
}
