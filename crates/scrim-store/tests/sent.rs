//! What a server is sent of a decision's entry.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::retention::RecordPart;
use scrim_model::{DecisionId, Timestamp};
use scrim_store::{Store, StoreError};
use scrim_wire::protocol::{RECORD_BROKEN, RECORD_WITHDRAWN_MAX};
use sha2::{Digest, Sha256};
use support::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_entry_is_sent_as_it_is_written_and_its_hashes_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let made = escalated(1);
    store
        .commit_decision(&made, false, &[interval(1, None)], &mut salts())
        .unwrap();
    let sent = store.sent_record(&made.decision_id).unwrap().unwrap();
    let (entries, hash) = store.head().unwrap();
    assert_eq!((entries, hex(&Sha256::digest(&sent.header))), (1, hash));
    let header: serde_json::Value = serde_json::from_str(&sent.header).unwrap();
    let names: Vec<_> = sent.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["judgement", "words"], "the view log stays here");
    assert!(header["parts"]["viewing"].is_string());
    for part in &sent.parts {
        let salt: Vec<u8> = (0..part.salt.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&part.salt[at..at + 2], 16).unwrap())
            .collect();
        let hash = hex(&Sha256::digest([&salt, part.body.as_bytes()].concat()));
        assert_eq!(header["parts"][&part.name], hash.as_str());
    }
    // Later entries change nothing of it; what is erased is sent no more.
    store
        .erase_part(&made.decision_id, RecordPart::Words, LATER)
        .unwrap();
    let left = store.sent_record(&made.decision_id).unwrap().unwrap();
    assert_eq!(
        (&left.header, &left.parts[..]),
        (&sent.header, &sent.parts[..1])
    );
    let unknown = store.sent_record(&decision(2).decision_id);
    assert!(matches!(unknown, Err(StoreError::UnknownDecision)));
}

#[test]
fn what_was_taken_back_goes_with_the_next_decision_that_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let made = |store: &mut Store, n| {
        commit(store, &decision(n));
        id(n)
    };
    let back = |store: &mut Store, n| {
        let id = made(store, n);
        store.withdraw(&id, Timestamp(9)).unwrap();
    };
    let told = |store: &Store, id: &DecisionId| -> Vec<String> {
        let sent = store.sent_record(id).unwrap().unwrap();
        let headers = sent.withdrawn.iter();
        let read = headers.map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        read.map(|header| {
            assert_eq!(header["kind"], "withdrawn");
            header["subject"].as_str().unwrap().to_owned()
        })
        .collect()
    };
    let names = |numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|n| id(*n).as_str().to_owned()).collect()
    };
    back(&mut store, 1);
    let first = made(&mut store, 2);
    assert_eq!(told(&store, &first), names(&[1]));
    // Nothing has left yet: whichever goes first takes along what lies before it.
    back(&mut store, 3);
    let second = made(&mut store, 4);
    assert_eq!(told(&store, &second), names(&[1, 3]));
    store
        .outbox_in_flight(std::slice::from_ref(&first), None)
        .unwrap();
    assert_eq!(told(&store, &first), names(&[1]), "the same each time");
    assert_eq!(told(&store, &second), names(&[3]));
    back(&mut store, 5);
    for n in 6..6 + RECORD_WITHDRAWN_MAX as u32 {
        back(&mut store, n);
    }
    let last = made(&mut store, 99);
    store.outbox_in_flight(&[second], None).unwrap();
    let left = told(&store, &last);
    assert_eq!(left.len(), RECORD_WITHDRAWN_MAX);
    assert_eq!(left[0], id(6).as_str(), "of too many the newest");
}

#[test]
fn one_whose_entry_was_refused_goes_again_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(7));
    store.withdraw(&id(7), Timestamp(9)).unwrap();
    commit(&mut store, &decision(1));
    store.outbox_in_flight(&[id(1)], None).unwrap();
    assert!(store.sent_record(&id(1)).unwrap().is_some());
    let path = Some("records[0].header");
    store
        .outbox_parked(&id(1), RECORD_BROKEN, path, Timestamp(9))
        .unwrap();
    store.outbox_again(&id(1), Some("again")).unwrap();
    store.outbox_in_flight(&[id(1)], None).unwrap();
    assert_eq!(store.sent_record(&id(1)).unwrap(), None);
    // What it would have told of goes with the next one.
    commit(&mut store, &decision(2));
    let next = store.sent_record(&id(2)).unwrap().unwrap();
    assert_eq!(next.withdrawn.len(), 1);
}
