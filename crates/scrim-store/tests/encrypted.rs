//! Nothing of the records is in any file in the clear, and a wrong key is never taken for damage.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;

use scrim_model::retention::RecordPart;
use scrim_store::{
    Advice, DATABASE_FILE, KEY_BYTES, KEY_CHECK_FILE, Key, OpenOptions, Opening, Store, StoreError,
    Verdict,
};
use support::*;

/// What must be in no file: words, ids, names of tables.
fn marks() -> Vec<Vec<u8>> {
    let words = [
        "Reason 1",
        "Reason 2",
        "decision-1",
        "item-2",
        "queue",
        "journal",
        "SQLite format",
    ];
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn other() -> Key {
    Key::new([0x4c; KEY_BYTES])
}

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = files
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, std::fs::read(file.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_file_is_noise_without_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=40 {
        commit(&mut store, &decision(n));
    }
    assert!(
        pages::with(folder.path(), b"Reason 2") > 0,
        "they are there"
    );
    let none: Vec<std::path::PathBuf> = Vec::new();
    assert_eq!(pages::files_with(folder.path(), &marks()), none, "open");
    drop(store);
    assert_eq!(pages::files_with(folder.path(), &marks()), none, "closed");
    let plain = rusqlite::Connection::open(folder.path().join(DATABASE_FILE)).unwrap();
    let refused = plain.query_row("SELECT count(*) FROM journal", [], |_| Ok(()));
    let code = refused.unwrap_err().sqlite_error_code();
    assert_eq!(code, Some(rusqlite::ErrorCode::NotADatabase));
    drop(plain);

    // Set aside as well.
    let path = folder.path().join(DATABASE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[5_000] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let (store, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
    assert!(matches!(opening, Opening::SetAside(_)));
    assert_eq!(
        pages::files_with(folder.path(), &marks()),
        none,
        "set aside"
    );
    drop(store);
}

#[test]
fn a_wrong_key_is_refused_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    commit(&mut open(&folder), &decision(1));
    for with_check in [true, false] {
        if !with_check {
            std::fs::remove_file(folder.path().join(KEY_CHECK_FILE)).unwrap();
        }
        let before = files(folder.path());
        for refused in [
            Store::open(folder.path(), &other(), NOW).map(drop),
            Store::open_read_only(folder.path(), &other()).map(drop),
        ] {
            let refused = refused.unwrap_err();
            assert!(matches!(refused, StoreError::WrongKey), "{refused:?}");
            assert_eq!(refused.advice(), Advice::AskPerson);
            assert!(refused.to_string().contains("nothing was set aside"));
        }
        assert!(!Store::fits(folder.path(), &other()).unwrap());
        assert!(Store::fits(folder.path(), &key()).unwrap());
        assert!(
            files(folder.path()) == before,
            "with the check: {with_check}"
        );
    }
    assert_eq!(open(&folder).history(9).unwrap().len(), 1);
    assert!(folder.path().join(KEY_CHECK_FILE).exists(), "made again");
}

#[test]
fn a_damaged_beginning_is_no_wrong_key() {
    let folder = tempfile::tempdir().unwrap();
    commit(&mut open(&folder), &decision(1));
    let path = folder.path().join(DATABASE_FILE);
    let whole = std::fs::read(&path).unwrap();
    let spoil = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&path, bytes).unwrap();
    };
    // The first 16 bytes are a copy of what the key says, so their damage costs nothing.
    spoil(3);
    let refused = Store::open_read_only(folder.path(), &other()).map(drop);
    assert!(matches!(refused, Err(StoreError::WrongKey)));
    let (store, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
    assert_eq!(
        (opening, store.history(9).unwrap().len()),
        (Opening::Found, 1)
    );
    drop(store);
    // The rest of the page is damage, and said to be that.
    spoil(100);
    let refused = Store::open_read_only(folder.path(), &key()).map(drop);
    assert!(matches!(refused, Err(StoreError::Damaged)));
    let (_, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
    assert!(matches!(opening, Opening::SetAside(_)));
}

#[test]
fn another_key_takes_over_and_the_old_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=40 {
        commit(&mut store, &decision(n));
    }
    let before = store.verify().unwrap();
    store.rekey(&other()).unwrap();
    assert_eq!(store.verify().unwrap(), before);
    commit(&mut store, &decision(41));
    drop(store);
    let refused = Store::open(folder.path(), &key(), NOW);
    assert!(matches!(refused, Err(StoreError::WrongKey)));
    let (store, opening) = Store::open(folder.path(), &other(), NOW).unwrap();
    assert_eq!(opening, Opening::Found);
    let whole = store.verify().unwrap();
    assert!(matches!(whole, Verdict::Whole { entries: 41, .. }));
    assert_eq!(
        pages::with(folder.path(), b"Reason 2"),
        0,
        "nothing is under the old key"
    );
}

#[test]
fn an_erased_part_is_in_no_page_and_no_frame_even_for_who_has_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=12 {
        commit(&mut store, &decision(n));
    }
    // Once in the database and once in the log.
    drop(store);
    let mut store = open(&folder);
    commit(&mut store, &decision(13));
    let holds = |n: u32| pages::with(folder.path(), format!("Reason {n}:").as_bytes());
    for n in [7, 13] {
        assert!(holds(n) > 0);
        store.erase_part(&id(n), RecordPart::Words, LATER).unwrap();
        assert_eq!(holds(n), 0, "{n}");
    }
    assert!(holds(8) > 0, "the others are untouched");
    let whole = store.verify().unwrap();
    assert!(
        matches!(whole, Verdict::Whole { entries: 15, .. }),
        "{whole:?}"
    );

    // A reader puts it off until the next start and no longer.
    let reads = raw(&folder);
    reads
        .execute_batch("BEGIN; SELECT count(*) FROM parts;")
        .unwrap();
    store.erase_part(&id(8), RecordPart::Words, LATER).unwrap();
    drop(reads);
    drop(store);
    let store = open(&folder);
    assert_eq!(holds(8), 0);
    drop(store);
}

#[test]
fn opening_is_cheap_without_a_grown_log() {
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        grow_wal: false,
        ..OpenOptions::default()
    };
    let (mut store, _) = Store::open_with(folder.path(), &key(), NOW, &options).unwrap();
    commit(&mut store, &decision(1));
    let log = folder.path().join(format!("{DATABASE_FILE}-wal"));
    assert!(log.metadata().unwrap().len() < 300_000);
    let unknown = OpenOptions {
        vfs: Some("no such".to_owned()),
        ..options
    };
    assert!(Store::open_read_only_with(folder.path(), &key(), &unknown).is_err());
}
