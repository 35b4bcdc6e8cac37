//! Verifying what is new, and comparing the chain with where it was.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::retention::RecordPart;
use scrim_store::{KEPT_HEAD_FILE, NO_ENTRY, Store, Verdict, What};
use scrim_wire::protocol::ChainHead;
use support::*;

fn head(store: &Store) -> ChainHead {
    let (entries, hash) = store.head().unwrap();
    ChainHead { entries, hash }
}

fn bad(verdict: Verdict) -> (i64, What) {
    match verdict {
        Verdict::Bad { seq, what, .. } => (seq, what),
        other => panic!("not found: {other:?}"),
    }
}

#[test]
fn only_what_is_new_is_walked_and_what_is_wrong_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    assert_eq!(store.kept_head().unwrap().hash, NO_ENTRY);
    for n in 1..=5 {
        commit(&mut store, &decision(n));
    }
    let kept = head(&store);
    store.keep_head(&kept).unwrap();
    for n in 6..=9 {
        commit(&mut store, &decision(n));
    }
    assert_eq!(store.kept_head().unwrap(), kept);
    let whole = store.verify_since(&kept).unwrap();
    assert!(matches!(whole, Verdict::Whole { entries: 9, .. }));

    let edit = raw(&folder);
    let change = |seq: i64| {
        let sql = "UPDATE parts SET body = '{}' WHERE seq = ? AND name = 'words'";
        assert_eq!(edit.execute(sql, [seq]).unwrap(), 1);
    };
    change(3);
    let whole = store.verify_since(&kept).unwrap();
    assert!(matches!(whole, Verdict::Whole { .. }), "3 is not new");
    change(8);
    let words = What::Part("words".to_owned());
    assert_eq!(bad(store.verify_since(&kept).unwrap()), (8, words.clone()));
    assert_eq!(bad(store.verify().unwrap()), (3, words));
}

#[test]
fn an_erasure_of_an_old_part_is_no_fault_of_the_new_entries() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    let kept = head(&store);
    store.erase_part(&id(1), RecordPart::Words, LATER).unwrap();
    let whole = store.verify_since(&kept).unwrap();
    assert!(matches!(whole, Verdict::Whole { entries: 2, .. }));
}

#[test]
fn a_cut_off_or_rewritten_chain_is_found_where_it_was_whole_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=5 {
        commit(&mut store, &decision(n));
    }
    let kept = head(&store);
    let edit = raw(&folder);
    edit.execute_batch(
        "PRAGMA foreign_keys=OFF; DELETE FROM parts WHERE seq > 3; DELETE FROM journal WHERE seq > 3;
         DELETE FROM outbox WHERE seq > 3",
    )
    .unwrap();
    assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
    assert_eq!(
        bad(store.verify_since(&kept).unwrap()),
        (4, What::Missing(5))
    );
    // Others in their place.
    commit(&mut store, &decision(8));
    commit(&mut store, &decision(9));
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 5, .. }
    ));
    assert_eq!(
        bad(store.verify_since(&kept).unwrap()),
        (5, What::NotTheSame)
    );
}

#[test]
fn a_file_that_says_nothing_means_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    store.keep_head(&head(&store)).unwrap();
    let file = folder.path().join(KEPT_HEAD_FILE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let long = "1 ".to_owned() + &"0".repeat(9_999);
    for spoilt in ["", "1\n", "x y\n", "-1 00\n", "1 zz\n", &long] {
        std::fs::write(&file, spoilt).unwrap();
        assert_eq!(store.kept_head().unwrap().entries, 0, "{spoilt}");
    }
}
