//! Drafts: kept, replaced, bounded, forgotten, and there again after a restart.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::mark::{Mark, Region};
use scrim_model::{ItemDraft, ItemId, KeptDraft, PolicyId, Timestamp};
use scrim_store::limits::{DRAFT_BYTES_MAX, DRAFTS_MAX};
use scrim_store::{Store, StoreError};
use support::key;

fn item(n: usize) -> ItemId {
    ItemId::new(format!("item-{n}")).unwrap()
}

fn draft(n: usize, note: &str, at_ms: i64) -> KeptDraft {
    KeptDraft {
        item: item(n),
        version: u64::MAX,
        at: Timestamp(at_ms),
        draft: ItemDraft {
            chosen: Some(PolicyId::new("violence").unwrap()),
            note: note.to_owned(),
            marks: vec![Mark::Region(Region::middle(0))],
            ..ItemDraft::default()
        },
    }
}

#[test]
fn the_newest_draft_of_an_item_comes_back_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    store.keep_draft(&draft(1, "first", 1)).unwrap();
    store.keep_draft(&draft(1, "second", 2)).unwrap();
    drop(store);
    let (mut store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    assert_eq!(store.draft(&item(1)).unwrap(), Some(draft(1, "second", 2)));
    assert_eq!(store.draft(&item(2)).unwrap(), None);
    store.forget_draft(&item(1)).unwrap();
    store.forget_draft(&item(1)).unwrap();
    assert_eq!(store.draft(&item(1)).unwrap(), None);
}

#[test]
fn the_ones_not_touched_for_longest_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    for n in 0..DRAFTS_MAX {
        store.keep_draft(&draft(n, "note", n as i64)).unwrap();
    }
    store.keep_draft(&draft(0, "again", 10_000)).unwrap();
    store.keep_draft(&draft(DRAFTS_MAX, "new", 10_001)).unwrap();
    assert!(store.draft(&item(0)).unwrap().is_some());
    assert!(store.draft(&item(1)).unwrap().is_none());
    assert!(store.draft(&item(2)).unwrap().is_some());
    assert!(store.draft(&item(DRAFTS_MAX)).unwrap().is_some());
}

#[test]
fn a_draft_that_is_too_large_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    store.keep_draft(&draft(1, "short", 1)).unwrap();
    let huge = draft(1, &"x".repeat(DRAFT_BYTES_MAX), 2);
    assert!(matches!(store.keep_draft(&huge), Err(StoreError::TooLarge)));
    assert_eq!(store.draft(&item(1)).unwrap().unwrap().draft.note, "short");
}
