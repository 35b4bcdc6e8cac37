//! Stopped after any step of a remake: nothing is lost, and it is certain which key is the right one.
//! Inside the crate, because only here each step can be looked at.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use rusqlite::OpenFlags;

use super::Step;
use crate::source::Source;
use crate::support::*;
use crate::{DATABASE_FILE, KEY_BYTES, Key, OpenOptions, Opening, Store, StoreError, Verdict};

fn other() -> Key {
    Key::new([0x4c; KEY_BYTES])
}

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
    to
}

/// A store as an older Scrim left it: not encrypted, some of it still in the log. Gives the
/// connection that keeps the log there, as a process that was killed does.
fn plain(folder: &Path) -> rusqlite::Connection {
    let made = tempfile::tempdir().unwrap();
    let mut store = open(&made);
    for n in 1..=30 {
        commit(&mut store, &decision(n));
    }
    let source = Source::new(folder, &key(), &OpenOptions::default());
    let how = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let old = source.connect_plain(how).unwrap();
    let conn = &store.reader.conn;
    let path = folder.join(DATABASE_FILE);
    conn.execute("ATTACH ? AS plain KEY ''", [path.to_str().unwrap()])
        .unwrap();
    conn.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))
        .unwrap();
    let version: i64 = conn
        .pragma_query_value(None, "user_version", |r| r.get(0))
        .unwrap();
    conn.execute("DETACH plain", []).unwrap();
    old.pragma_update(None, "user_version", version).unwrap();
    old.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
        .unwrap();
    old.execute("INSERT INTO saved VALUES ('late', '7')", [])
        .unwrap();
    old
}

fn holds_all(store: &Store, entries: u64) {
    let whole = store.verify().unwrap();
    assert!(
        matches!(whole, Verdict::Whole { entries: n, .. } if n == entries),
        "{whole:?}"
    );
    assert_eq!(store.pending_outbox().unwrap().len() as u64, entries);
}

#[test]
fn an_older_database_is_encrypted_and_nothing_is_lost_after_any_step() {
    let folder = tempfile::tempdir().unwrap();
    let old = plain(folder.path());
    let log = crate::files::suffixed(folder.path(), DATABASE_FILE, "-wal");
    assert!(
        log.metadata().unwrap().len() > 0,
        "something is in the log only"
    );
    let refused = Store::open_read_only(folder.path(), &key()).map(drop);
    assert!(matches!(refused, Err(StoreError::OlderVersion { .. })));
    let killed = copy(folder.path());
    drop(old);

    let mut stops = vec![copy(killed.path())];
    let source = Source::new(killed.path(), &key(), &OpenOptions::default());
    let mut steps = Vec::new();
    super::encrypt_plain(&source, &mut |step| {
        steps.push(step);
        stops.push(copy(killed.path()));
    })
    .unwrap();
    assert_eq!(
        steps,
        [Step::Folded, Step::Written, Step::Cleared, Step::Replaced]
    );
    for stop in &stops {
        let (mut store, opening) = Store::open(stop.path(), &key(), NOW).unwrap();
        assert_eq!(opening, Opening::Found);
        holds_all(&store, 30);
        assert_eq!(store.load::<u8>("late").unwrap(), Some(7));
        commit(&mut store, &decision(31));
        drop(store);
        let left = pages::files_with(stop.path(), &[b"Reason 1".to_vec(), b"journal".to_vec()]);
        assert_eq!(left, Vec::<std::path::PathBuf>::new());
        let fresh = stop.path().join(super::FRESH_FILE);
        assert!(!fresh.exists());
        holds_all(&open(stop), 31);
    }
}

#[test]
fn stopped_at_any_step_one_key_opens_the_store_and_the_other_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=30 {
        commit(&mut store, &decision(n));
    }
    let mut stops = Vec::new();
    store
        .rekey_by_steps(&other(), &mut |step| {
            stops.push((step, copy(folder.path())))
        })
        .unwrap();
    holds_all(&store, 30);
    assert_eq!(stops.len(), 5);
    for (step, stop) in stops {
        let (right, wrong) = match step {
            Step::Replaced => (other(), key()),
            _ => (key(), other()),
        };
        assert!(Store::fits(stop.path(), &right).unwrap());
        assert!(!Store::fits(stop.path(), &wrong).unwrap());
        let refused = Store::open(stop.path(), &wrong, NOW).map(drop);
        assert!(matches!(refused, Err(StoreError::WrongKey)), "{step:?}");
        let (mut store, opening) = Store::open(stop.path(), &right, NOW).unwrap();
        assert_eq!(opening, Opening::Found);
        holds_all(&store, 30);
        commit(&mut store, &decision(31));
    }
}

#[test]
fn a_key_is_not_changed_under_a_reader_and_the_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    let reads = raw(&folder);
    reads
        .execute_batch("BEGIN; SELECT count(*) FROM journal;")
        .unwrap();
    let refused = store.rekey(&other());
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    commit(&mut store, &decision(2));
    holds_all(&store, 2);
    drop(reads);
    store.rekey(&other()).unwrap();
    holds_all(&store, 2);
}

#[test]
fn a_newer_plain_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let old = plain(folder.path());
    old.pragma_update(None, "user_version", 99).unwrap();
    drop(old);
    let before = std::fs::read(folder.path().join(DATABASE_FILE)).unwrap();
    let refused = Store::open(folder.path(), &key(), NOW).map(drop);
    assert!(matches!(
        refused,
        Err(StoreError::NewerVersion { found: 99, .. })
    ));
    assert!(std::fs::read(folder.path().join(DATABASE_FILE)).unwrap() == before);
}
