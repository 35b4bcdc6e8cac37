//! What a server is sent of a decision's entry.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::Timestamp;
use scrim_store::{StoreError, WORDS};
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
    let sent = store.sent_record(&made.decision_id).unwrap();
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
        .erase_part(&made.decision_id, WORDS, Timestamp(9))
        .unwrap();
    let left = store.sent_record(&made.decision_id).unwrap();
    assert_eq!(
        (&left.header, &left.parts[..]),
        (&sent.header, &sent.parts[..1])
    );
    let unknown = store.sent_record(&decision(2).decision_id);
    assert!(matches!(unknown, Err(StoreError::UnknownDecision)));
}
