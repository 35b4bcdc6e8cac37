//! Opening: rights, one writer, versions, damage.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_store::{Advice, DATABASE_FILE, Opening, Store, StoreError, Verdict};
use support::*;

#[cfg(unix)]
#[test]
fn folder_and_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("profile");
    let (mut store, opening) = Store::open(&folder, &key(), NOW).unwrap();
    assert_eq!(opening, Opening::Created);
    commit(&mut store, &decision(1));
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert!(files.len() >= 3, "database, log, lock");
    assert!(files.iter().all(|file| mode(file) == 0o600));

    // Rights that something loosened are tightened at the next start.
    drop(store);
    let database = folder.join(DATABASE_FILE);
    std::fs::set_permissions(&database, PermissionsExt::from_mode(0o644)).unwrap();
    let (_store, opening) = Store::open(&folder, &key(), NOW).unwrap();
    assert_eq!((opening, mode(&database)), (Opening::Found, 0o600));
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let second = Store::open(folder.path(), &key(), NOW).unwrap_err();
    assert!(matches!(second, StoreError::InUse));
    assert!(second.to_string().contains("already open in another Scrim"));
    assert_eq!(second.advice(), Advice::AskPerson);

    let reader = Store::open_read_only(folder.path(), &key()).unwrap();
    commit(&mut store, &decision(1));
    assert_eq!(reader.history(9).unwrap().len(), 1);
    assert!(matches!(
        reader.verify().unwrap(),
        Verdict::Whole { entries: 1, .. }
    ));
    drop(store);
    open(&folder);
}

#[test]
fn a_reader_makes_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let none = Store::open_read_only(folder.path(), &key());
    assert!(matches!(none, Err(StoreError::NoStore)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_newer_database_is_refused_and_left_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    commit(&mut open(&folder), &decision(1));
    raw(&folder)
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let path = folder.path().join(DATABASE_FILE);
    let before = std::fs::read(&path).unwrap();
    for refused in [
        Store::open(folder.path(), &key(), NOW).map(drop),
        Store::open_read_only(folder.path(), &key()).map(drop),
    ] {
        let refused = refused.unwrap_err();
        assert!(matches!(
            refused,
            StoreError::NewerVersion { found: 99, .. }
        ));
        assert!(refused.to_string().contains("Install the newer version"));
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_damaged_database_is_set_aside_and_told() {
    let folder = tempfile::tempdir().unwrap();
    commit(&mut open(&folder), &decision(1));
    let path = folder.path().join(DATABASE_FILE);
    for spoil in [0_usize, 4_096] {
        let mut bytes = std::fs::read(&path).unwrap();
        let end = (spoil + 2_000).min(bytes.len());
        bytes[spoil..end].fill(0x5a);
        std::fs::write(&path, &bytes).unwrap();
        let (mut store, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
        let Opening::SetAside(told) = opening else {
            panic!("the damage was not seen");
        };
        let file_name = &told.file_name;
        assert!(file_name.starts_with("desk-damaged-20260202T024000000Z-"));
        assert_eq!(std::fs::read(folder.path().join(file_name)).unwrap(), bytes);
        assert_eq!(store.history(9).unwrap().len() as u64, told.saved);
        // Without the page of the schema nothing is lost, and without the first of the tables no
        // more than what it held.
        assert!(told.saved + told.lost_known >= 1, "{told:?}");
        assert!(spoil > 0 || told.saved == 1, "{told:?}");
        commit(&mut store, &decision(2));
        drop(store);
    }
    assert!(!open(&folder).history(9).unwrap().is_empty());
}

#[test]
fn the_log_is_grown_ahead_and_not_cut_by_commits() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let log = folder.path().join(format!("{DATABASE_FILE}-wal"));
    let size = || log.metadata().unwrap().len();
    let grown = size();
    assert!(
        grown >= u64::from(scrim_store::limits::WAL_PAGES) * 4_096,
        "{grown}"
    );
    for n in 0..400 {
        commit(&mut store, &decision(n));
    }
    assert_eq!(size(), grown);
    assert!(folder.path().join(DATABASE_FILE).metadata().unwrap().len() > 4_096 * 20);
}
