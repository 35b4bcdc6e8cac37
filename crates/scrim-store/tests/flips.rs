//! One changed byte anywhere in the files: of no effect, or found and named.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use proptest::prelude::*;
use scrim_model::Timestamp;
use scrim_store::{
    DATABASE_FILE, OpenOptions, OutboxRow, Reader, Store, StoreError, Verdict, What,
};
use support::*;

/// The files of a store whose process was killed, and what they held.
struct Killed {
    folder: tempfile::TempDir,
    files: [(String, Vec<u8>); 2],
    rows: Vec<OutboxRow>,
    verdict: Verdict,
}

fn rows(reader: &Reader) -> Result<Vec<OutboxRow>, StoreError> {
    reader.decisions_between(Timestamp(0), Timestamp(i64::MAX))
}

fn killed() -> Killed {
    let made = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        grow_wal: false,
        ..OpenOptions::default()
    };
    // Some of it is in the database, and as much in the log only.
    let mut store = open(&made);
    for n in 1..=20 {
        commit(&mut store, &decision(n));
    }
    drop(store);
    let (mut store, _) = Store::open_with(made.path(), &key(), NOW, &options).unwrap();
    for n in 21..=32 {
        commit(&mut store, &decision(n));
    }
    store.withdraw(&id(32), NOW).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = ["", "-wal"].map(|suffix| {
        let name = format!("{DATABASE_FILE}{suffix}");
        let bytes = std::fs::read(made.path().join(&name)).unwrap();
        assert!(bytes.len() > 50_000, "{name} has nothing in it");
        std::fs::write(folder.path().join(&name), &bytes).unwrap();
        (name, bytes)
    });
    let check = scrim_store::KEY_CHECK_FILE;
    std::fs::copy(made.path().join(check), folder.path().join(check)).unwrap();
    let (rows, verdict) = (rows(&store).unwrap(), store.verify().unwrap());
    assert!(matches!(verdict, Verdict::Whole { entries: 33, .. }));
    Killed {
        folder,
        files,
        rows,
        verdict,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn one_changed_byte_in_any_file_has_no_effect_or_is_named(
        of_log in any::<bool>(),
        at in any::<prop::sample::Index>(),
        by in 1_u8..,
    ) {
        thread_local!(static KILLED: Killed = killed());
        KILLED.with(|killed| {
            let (name, bytes) = &killed.files[usize::from(of_log)];
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= by;
            let folder = killed.folder.path();
            let shared = folder.join(format!("{DATABASE_FILE}-shm"));
            std::fs::remove_file(&shared).ok();
            std::fs::write(folder.join(name), &changed).unwrap();
            let found = Store::open_read_only(folder, &key())
                .and_then(|reader| Ok((reader.verify()?, rows(&reader))));
            std::fs::write(folder.join(name), bytes).unwrap();
            match found {
                // `scrim verify` names the first entry then.
                Err(StoreError::Damaged) => {}
                Err(other) => return Err(TestCaseError::fail(format!("{other:?}"))),
                Ok((Verdict::Bad { seq, .. }, _)) => prop_assert!((1..=34).contains(&seq)),
                Ok((Verdict::Beside { entries }, _)) => prop_assert_eq!(entries, 33),
                Ok((whole, rows)) => {
                    prop_assert_eq!(&whole, &killed.verdict);
                    prop_assert!(rows.unwrap() == killed.rows, "whole with other content");
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn an_entry_on_a_page_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=60 {
        commit(&mut store, &decision(n));
    }
    drop(store);
    // The words of the fortieth, on whatever pages they are.
    assert!(pages::spoil(folder.path(), b"Reason 40:") > 0);
    let reader = Store::open_read_only(folder.path(), &key()).unwrap();
    let Verdict::Bad { seq, what, .. } = reader.verify().unwrap() else {
        panic!("not found");
    };
    assert_eq!(what, What::Unreadable);
    assert!((2..=40).contains(&seq), "{seq}");
    let said = what.to_string();
    assert_eq!(said, "it cannot be read from the disk");
}

#[test]
fn what_is_beside_the_chain_is_looked_at_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    store.save("break_timer", &17).unwrap();
    drop(store);
    assert!(pages::spoil(folder.path(), b"break_timer") > 0);
    let reader = Store::open_read_only(folder.path(), &key()).unwrap();
    assert_eq!(reader.verify().unwrap(), Verdict::Beside { entries: 1 });
}

#[test]
fn a_log_that_breaks_off_at_the_last_commit_does_not_pass_for_a_shorter_chain() {
    let killed = killed();
    let folder = killed.folder.path();
    let (name, bytes) = &killed.files[1];
    let mut changed = bytes.clone();
    let last = changed.len() - 1_000;
    changed[last] ^= 1;
    std::fs::write(folder.join(name), changed).unwrap();
    let reader = Store::open_read_only(folder, &key()).unwrap();
    assert!(
        rows(&reader).unwrap() != killed.rows,
        "SQLite itself says nothing"
    );
    let Verdict::Bad { seq, what, .. } = reader.verify().unwrap() else {
        panic!("not found");
    };
    assert_eq!((seq, what), (33, What::LogCut));
}

#[test]
fn an_honest_log_is_not_cut_whatever_was_written_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..3 {
        // Opened again and again, each time with a log that is grown and taken back.
        let mut store = open(&folder);
        for d in 0..5 {
            commit(&mut store, &decision(n * 5 + d));
            let whole = store.verify().unwrap();
            assert!(matches!(whole, Verdict::Whole { .. }), "{whole:?}");
        }
        // Killed: what is on the disk now is what the next start finds.
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        let whole = open(&copy).verify().unwrap();
        assert!(matches!(whole, Verdict::Whole { .. }), "{whole:?}");
    }
}
