//! A copy of the records: one moment, verified, private, encrypted, and nothing overwritten.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_store::{DATABASE_FILE, Opening, Store, StoreError, Verdict};
use support::*;

#[test]
fn a_copy_is_whole_while_the_store_is_written_and_can_be_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=40 {
        commit(&mut store, &decision(n));
    }
    let place = folder.path().join("copies").join("monday");
    let reader = Store::open_read_only(folder.path(), &key()).unwrap();
    let verdict = reader.backup(&place).unwrap();
    assert_eq!(verdict, store.verify().unwrap());
    commit(&mut store, &decision(41));
    let copy = Store::open_read_only(&place, &key()).unwrap();
    assert_eq!(
        copy.history(99).unwrap().len(),
        40,
        "the moment of the copy"
    );
    let names = std::fs::read_dir(&place).unwrap();
    let mut names: Vec<_> = names
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [DATABASE_FILE, scrim_store::KEY_CHECK_FILE]);
    let marks = ["Reason 2", "decision-1", "journal"].map(|mark| mark.as_bytes().to_vec());
    let noise: Vec<std::path::PathBuf> = Vec::new();
    assert_eq!(pages::files_with(&place, &marks), noise);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(&place), mode(&place.join(DATABASE_FILE))),
            (0o700, 0o600)
        );
    }

    // Put back after a loss: older, whole, and with the same ids, so that nothing is doubled.
    drop(copy);
    drop(reader);
    drop(store);
    let (mut back, opening) = Store::open(&place, &key(), NOW).unwrap();
    assert_eq!(opening, Opening::Found);
    assert_eq!(back.pending_outbox().unwrap().len(), 40);
    commit(&mut back, &decision(40));
    assert_eq!(
        back.pending_outbox().unwrap().len(),
        40,
        "the same id again"
    );
    commit(&mut back, &decision(41));
}

#[test]
fn nothing_is_overwritten_and_an_unfinished_copy_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    let refused = store.backup(folder.path());
    assert!(matches!(refused, Err(StoreError::BackupInTheWay)));
    let place = tempfile::tempdir().unwrap();
    // What a copy that was killed has left.
    std::fs::write(place.path().join("desk.db.unfinished"), "half").unwrap();
    let none = Store::open_read_only(place.path(), &key()).map(drop);
    assert!(matches!(none, Err(StoreError::NoStore)));
    assert!(matches!(
        store.backup(place.path()).unwrap(),
        Verdict::Whole { entries: 1, .. }
    ));
    assert!(!place.path().join("desk.db.unfinished").exists());
    let again = store.backup(place.path());
    assert!(matches!(again, Err(StoreError::BackupInTheWay)));
}

#[test]
fn what_is_wrong_in_the_records_is_found_in_the_copy() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    let edit = raw(&folder);
    edit.execute("UPDATE parts SET body = '{}' WHERE name = 'words'", [])
        .unwrap();
    let place = tempfile::tempdir().unwrap();
    let verdict = store.backup(place.path()).unwrap();
    assert!(matches!(verdict, Verdict::Bad { seq: 1, .. }));
}
