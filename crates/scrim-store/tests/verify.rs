//! One changed byte anywhere in journal or parts is found and named.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use proptest::prelude::*;
use rusqlite::params;
use scrim_model::retention::RecordPart;
use scrim_store::{NO_ENTRY, Store, Verdict, What};
use support::*;

/// Seven entries: three decisions, a receipt, a conflict, a withdrawal, an erasure.
fn filled(folder: &tempfile::TempDir) -> Store {
    let mut store = open(folder);
    for n in 1..=3 {
        store
            .commit_decision(&decision(n), false, &[interval(n, Some(9))], &mut salts())
            .unwrap();
    }
    store.outbox_in_flight(&[id(1), id(2)], None).unwrap();
    store
        .outbox_accepted(&id(1), "receipt", NOW, false)
        .unwrap();
    store.outbox_parked(&id(2), "invalid", None, NOW).unwrap();
    store.withdraw(&id(3), NOW).unwrap();
    store.erase_part(&id(2), RecordPart::Words, LATER).unwrap();
    store
}

#[test]
fn an_empty_chain_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let head = NO_ENTRY.to_owned();
    assert_eq!(
        open(&folder).verify().unwrap(),
        Verdict::Whole { entries: 0, head }
    );
}

/// The shape of a header is a contract: a change here breaks every chain that was ever written.
#[test]
fn the_header_is_frozen() {
    let folder = tempfile::tempdir().unwrap();
    commit(&mut open(&folder), &decision(1));
    let (header, hash): (String, String) = raw(&folder)
        .query_row("SELECT header, hash FROM journal", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .unwrap();
    let value: serde_json::Value = serde_json::from_str(&header).unwrap();
    let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "at",
        "entry_id",
        "kind",
        "parts",
        "prev_hash",
        "schema_version",
        "seq",
    ];
    assert_eq!(keys, expected);
    assert!(header.starts_with(r#"{"at":"2026-02-02T02:40:01.000Z","entry_id":"decision-1","kind":"decision","parts":{"judgement":""#));
    assert_eq!(hash, FROZEN_HASH);
}

const FROZEN_HASH: &str = "f8d1fa26130af541d6cc771375697c22afc0b883e42210950d984a855176185a";

/// Every stored cell of the chain: table, column, row id columns.
fn cells(conn: &rusqlite::Connection) -> Vec<(&'static str, &'static str, i64, String, Vec<u8>)> {
    let mut cells = Vec::new();
    for (table, column, key) in [
        ("journal", "entry_id", "''"),
        ("journal", "kind", "''"),
        ("journal", "subject", "''"),
        ("journal", "header", "''"),
        ("journal", "hash", "''"),
        ("parts", "salt", "name"),
        ("parts", "body", "name"),
        ("parts", "name", "name"),
    ] {
        let sql = format!(
            "SELECT seq, {key}, CAST({column} AS BLOB) FROM {table} WHERE {column} IS NOT NULL"
        );
        let mut select = conn.prepare(&sql).unwrap();
        let rows = select
            .query_map([], |r| {
                Ok((
                    r.get::<_, i64>(0)?,
                    r.get::<_, String>(1)?,
                    r.get::<_, Vec<u8>>(2)?,
                ))
            })
            .unwrap();
        for row in rows {
            let (seq, name, bytes) = row.unwrap();
            cells.push((table, column, seq, name, bytes));
        }
    }
    cells
}

fn put(
    conn: &rusqlite::Connection,
    (table, column, seq, name, _): &(&'static str, &'static str, i64, String, Vec<u8>),
    bytes: &[u8],
) -> bool {
    let kind = if *column == "salt" { "BLOB" } else { "TEXT" };
    let and = if *table == "parts" {
        "AND name = ?3"
    } else {
        "AND ?3 IS NOT NULL"
    };
    let sql = format!("UPDATE {table} SET {column} = CAST(?1 AS {kind}) WHERE seq = ?2 {and}");
    match conn.execute(&sql, params![bytes, seq, name]) {
        Ok(changed) => changed == 1,
        Err(error) => {
            // Two entries of the same id: SQLite itself keeps that from being written.
            let code = error.sqlite_error_code();
            assert_eq!(code, Some(rusqlite::ErrorCode::ConstraintViolation));
            false
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn one_flipped_bit_anywhere_is_found_and_named(
        cell in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        thread_local! {
            static FILLED: (tempfile::TempDir, Store, rusqlite::Connection) = {
                let folder = tempfile::tempdir().unwrap();
                let store = filled(&folder);
                let conn = raw(&folder);
                conn.execute_batch("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF").unwrap();
                (folder, store, conn)
            };
        }
        FILLED.with(|(_folder, store, conn)| {
            let cells = cells(conn);
            let cell = cell.get(&cells);
            let mut bytes = cell.4.clone();
            bytes[byte.index(cell.4.len())] ^= 1 << bit;
            // The changed row is put back afterwards, so that every case changes exactly one bit.
            prop_assume!(put(conn, cell, &bytes));
            let verdict = store.verify().unwrap();
            if cell.1 == "name" {
                conn.execute(
                    "UPDATE parts SET name = ?1 WHERE seq = ?2 AND CAST(name AS BLOB) = ?3",
                    params![cell.3, cell.2, bytes],
                ).unwrap();
            } else {
                prop_assert!(put(conn, cell, &cell.4));
            }
            let Verdict::Bad { seq, .. } = verdict else {
                return Err(TestCaseError::fail(format!("{} {} of {} not found", cell.0, cell.1, cell.2)));
            };
            prop_assert_eq!(seq, cell.2);
            let whole = matches!(store.verify().unwrap(), Verdict::Whole { entries: 7, .. });
            prop_assert!(whole);
            Ok(())
        })?;
    }
}

#[test]
fn removed_moved_and_added_rows_are_named() {
    let cases = [
        ("DELETE FROM journal WHERE seq = 2", 3, What::Gap),
        ("UPDATE journal SET seq = 70 WHERE seq = 7", 70, What::Gap),
        ("DELETE FROM parts WHERE seq = 1 AND name = 'words'", 1, What::PartMissing("words".into())),
        ("DELETE FROM parts WHERE seq = 2 AND name = 'viewing'", 2, What::PartMissing("viewing".into())),
        ("UPDATE parts SET seq = 40 WHERE seq = 1 AND name = 'words'", 1, What::PartMissing("words".into())),
        ("INSERT INTO parts VALUES (5, 'more', zeroblob(32), '{}')", 5, What::PartUnknown("more".into())),
        ("INSERT INTO parts VALUES (50, 'more', zeroblob(32), '{}')", 50, What::PartStray("more".into())),
        // Bytes that move from the part to its salt leave the hash as it was.
        (
            "UPDATE parts SET salt = CAST(salt || substr(CAST(body AS BLOB), 1, 1) AS BLOB), body = substr(body, 2)
             WHERE seq = 3 AND name = 'words'",
            3,
            What::Part("words".into()),
        ),
        // The words of decision 2 were erased; putting others in their place is found.
        ("INSERT INTO parts VALUES (2, 'words', zeroblob(32), '{}')", 2, What::Part("words".into())),
    ];
    for (sql, at, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(&folder);
        let conn = raw(&folder);
        conn.execute_batch("PRAGMA foreign_keys=OFF").unwrap();
        assert!(conn.execute(sql, []).unwrap() > 0);
        let Verdict::Bad { seq, what, .. } = store.verify().unwrap() else {
            panic!("not found: {sql}");
        };
        assert_eq!((seq, what), (at, expected), "{sql}");
    }
}

#[test]
fn the_head_is_that_of_the_walk_and_grows_with_every_entry() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    assert_eq!(store.head().unwrap(), (0, NO_ENTRY.to_owned()));
    commit(&mut store, &decision(1));
    let first = store.head().unwrap();
    commit(&mut store, &decision(2));
    let (entries, head) = store.head().unwrap();
    assert_eq!((first.0, entries), (1, 2));
    assert_eq!(store.hash_at(0).unwrap(), Some(NO_ENTRY.to_owned()));
    assert_eq!(store.hash_at(1).unwrap(), Some(first.1));
    assert_eq!(store.hash_at(2).unwrap(), Some(head.clone()));
    assert_eq!(store.hash_at(3).unwrap(), None);
    assert_eq!(store.verify().unwrap(), Verdict::Whole { entries, head });
}
