//! A disk without room. Inside the crate, because only the writing connection can be told how many
//! pages the database may have.
#![allow(clippy::unwrap_used, reason = "tests")]

use crate::support::*;
use crate::{Advice, StoreError, Verdict};

fn pages_max(store: &crate::Store, pages: i64) {
    store
        .reader
        .conn
        .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        .unwrap();
}

#[test]
fn a_full_disk_loses_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let pages: i64 = store
        .reader
        .conn
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    pages_max(&store, pages + 3);
    let mut recorded = 0;
    let refused = loop {
        let (made, views) = (decision(recorded), [interval(recorded, None)]);
        match store.commit_decision(&made, false, &views, &mut salts()) {
            Ok(()) => recorded += 1,
            Err(refused) => break refused,
        }
        assert!(recorded < 1_000, "the disk never filled");
    };
    assert!(matches!(refused, StoreError::DiskFull));
    assert_eq!(refused.advice(), Advice::AskPerson);
    assert!(recorded > 0);

    let whole = |store: &crate::Store, count: u32| {
        assert_eq!(store.history(1_000).unwrap().len(), count as usize);
        let expected = u64::from(count);
        let verdict = store.verify().unwrap();
        assert!(matches!(verdict, Verdict::Whole { entries, .. } if entries == expected));
    };
    whole(&store, recorded);
    assert_eq!(store.intervals_of(&item(recorded)).unwrap(), []);

    // Room again: the same call now succeeds, without a restart.
    pages_max(&store, 1_000_000);
    commit(&mut store, &decision(recorded));
    whole(&store, recorded + 1);
}

#[test]
fn a_read_only_connection_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store
        .reader
        .conn
        .pragma_update(None, "query_only", true)
        .unwrap();
    let mut store = store;
    let refused = store.save("key", &1).unwrap_err();
    assert!(matches!(refused, StoreError::NotWritable));
    assert_eq!(store.load::<u8>("key").unwrap(), None);
}
