//! Undoing what was sent, conflicts that were dealt with, a missing tail: on disk and in the chain.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::HeadDiffers;
use scrim_store::{Noted, RevertState, Store, StoreError, TailFound, Verdict};
use scrim_wire::protocol::ChainHead;
use scrim_wire::window::SyncState;
use support::*;

fn on_the_way(folder: &tempfile::TempDir) -> Store {
    let mut store = open(folder);
    for n in 1..=3 {
        commit(&mut store, &decision(n));
    }
    store
        .outbox_in_flight(&[id(1), id(2), id(3)], Some("call"))
        .unwrap();
    store
}

fn sent(folder: &tempfile::TempDir) -> Store {
    let mut store = on_the_way(folder);
    store
        .outbox_accepted(&id(1), "receipt", NOW, false)
        .unwrap();
    store
}

fn entries(store: &Store) -> u64 {
    match store.verify().unwrap() {
        Verdict::Whole { entries, .. } => entries,
        bad => panic!("{bad:?}"),
    }
}

#[test]
fn a_request_to_undo_survives_with_its_key_and_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = sent(&folder);
    store.keep_revert(&id(1), "key", NOW).unwrap();
    let again = store.keep_revert(&id(1), "other", NOW);
    assert!(matches!(again, Err(StoreError::AlreadySent)));
    drop(store);
    let mut store = open(&folder);
    let row = store.reverts().unwrap().remove(0);
    assert_eq!((row.key.as_str(), row.state), ("key", RevertState::Waiting));
    let before = entries(&store);
    let done = RevertState::Done {
        receipt: "undone".into(),
        at: NOW,
    };
    for _ in 0..2 {
        store.revert_ended(&id(1), &done, NOW).unwrap();
    }
    assert_eq!(entries(&store), before + 1);
    let unknown = store.keep_revert(&id(9), "key-9", NOW);
    assert!(matches!(unknown, Err(StoreError::UnknownDecision)));
}

#[test]
fn one_that_was_refused_can_be_asked_anew_and_one_done_elsewhere_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = sent(&folder);
    let refused = RevertState::Refused {
        code: "too_late".into(),
    };
    store.keep_revert(&id(1), "key", NOW).unwrap();
    store.revert_ended(&id(1), &refused, NOW).unwrap();
    assert_eq!(store.reverts().unwrap()[0].state, refused);
    store.keep_revert(&id(1), "newer", NOW).unwrap();
    assert_eq!(store.reverts().unwrap()[0].key, "newer");
    store
        .revert_ended(&id(2), &RevertState::Elsewhere, NOW)
        .unwrap();
    assert_eq!(store.reverts().unwrap().len(), 2);
    entries(&store);
}

#[test]
fn a_conflict_that_was_dealt_with_is_not_listed_and_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = sent(&folder);
    store.outbox_parked(&id(2), "invalid", None, NOW).unwrap();
    assert_eq!(store.conflicts().unwrap().len(), 1);
    store.note_conflict(&id(2), Noted::Lead, NOW).unwrap();
    assert!(store.conflicts().unwrap().is_empty());
    let kept = store.decision(&id(2)).unwrap().unwrap();
    assert_eq!(kept.state, SyncState::Parked);
    // Parked once more it is news again.
    store.outbox_ready(&id(2)).unwrap();
    store.outbox_parked(&id(2), "invalid", None, NOW).unwrap();
    assert_eq!(store.conflicts().unwrap().len(), 1);
    entries(&store);
}

#[test]
fn an_answer_in_part_takes_the_rest_of_a_call_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = on_the_way(&folder);
    let with = |store: &Store| -> Vec<_> {
        let pending = store.pending_outbox().unwrap();
        pending.into_iter().map(|row| row.sent_with).collect()
    };
    assert!(with(&store).iter().all(Option::is_some));
    store
        .outbox_overtaken(&id(2), "lead", "remove", NOW)
        .unwrap();
    assert_eq!(with(&store), [None, None]);
    drop(store);
    assert_eq!(with(&open(&folder)), [None, None], "after a restart too");
}

#[test]
fn those_that_went_together_are_known_by_key_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = on_the_way(&folder);
    let pending = store.pending_outbox().unwrap();
    let with: Vec<_> = pending.iter().map(|row| row.sent_with.clone()).collect();
    let at = |place| Some(("call".to_owned(), place));
    assert_eq!(with, [at(Some(0)), at(Some(1)), at(Some(2))]);
    // One that goes alone takes the others along out of their call.
    store.outbox_in_flight(&[id(2)], None).unwrap();
    let pending = store.pending_outbox().unwrap();
    assert!(pending.iter().all(|row| row.sent_with.is_none()));
    let with = |store: &Store| store.decision(&id(2)).unwrap().unwrap().sent_with;
    // One that was refused goes under a key of its own, also after a restart.
    store.outbox_parked(&id(2), "invalid", None, NOW).unwrap();
    store.outbox_again(&id(2), Some("again")).unwrap();
    store.outbox_in_flight(&[id(2)], None).unwrap();
    drop(store);
    let own = Some(("again".to_owned(), None));
    assert_eq!(with(&open(&folder)), own);
}

#[test]
fn what_is_found_of_the_servers_head_is_recorded_once_for_each_finding() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = sent(&folder);
    let found = TailFound {
        here: 4,
        server: ChainHead {
            entries: 9,
            hash: "f".repeat(64),
        },
        how: HeadDiffers::Shorter,
        at: NOW,
        is_noted: false,
    };
    let before = entries(&store);
    store.tail_found(&found).unwrap();
    store.tail_noted().unwrap();
    store.tail_found(&found).unwrap();
    assert_eq!(entries(&store), before + 1);
    assert!(store.tail().unwrap().unwrap().is_noted);
    let mut longer = found;
    longer.server.entries = 12;
    store.tail_found(&longer).unwrap();
    assert_eq!(entries(&store), before + 2);
    assert!(!store.tail().unwrap().unwrap().is_noted);
    let put_back = TailFound {
        how: HeadDiffers::PutBack { confirmed: 3 },
        server: ChainHead {
            entries: 2,
            ..longer.server
        },
        ..longer
    };
    store.tail_found(&put_back).unwrap();
    store.tail_found(&put_back).unwrap();
    assert_eq!(entries(&store), before + 3);
    let once_more = TailFound {
        how: HeadDiffers::PutBack { confirmed: 5 },
        ..put_back
    };
    store.tail_found(&once_more).unwrap();
    drop(store);
    let store = open(&folder);
    assert_eq!(store.tail().unwrap(), Some(once_more));
    assert_eq!(entries(&store), before + 4);
}
