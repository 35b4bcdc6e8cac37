//! Single rows that cannot be read: what is only remembered counts as absent, a decision that waits
//! stays, is named and holds up no other, and nothing says that all is well.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::settings::{KeptSettings, SettingsFound};
use scrim_model::{ClaimId, DeskId, HeadDiffers};
use scrim_store::{Store, StoreError, TailFound, Verdict};
use scrim_wire::protocol::ChainHead;
use support::*;

fn found() -> TailFound {
    TailFound {
        here: 1,
        server: ChainHead {
            entries: 9,
            hash: "9".repeat(64),
        },
        how: HeadDiffers::Shorter,
        at: NOW,
        is_noted: false,
    }
}

fn edited(folder: &tempfile::TempDir, store: Store, edits: &[&str]) -> Store {
    drop(store);
    let edit = raw(folder);
    for sql in edits {
        assert!(edit.execute(sql, []).unwrap() > 0, "{sql}");
    }
    drop(edit);
    open(folder)
}

fn is_beside(store: &Store) -> bool {
    matches!(store.verify().unwrap(), Verdict::Beside { .. })
}

#[test]
fn what_is_only_remembered_and_cannot_be_read_counts_as_absent() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let old = store.desk_id(|| "old".into()).unwrap();
    store.save_settings(&KeptSettings::default()).unwrap();
    store.tail_found(&found()).unwrap();
    let claims = [1, 2].map(|n| (ClaimId::new(format!("claim-{n}")).unwrap(), item(n)));
    store.remember_claims(&claims).unwrap();
    assert!(!is_beside(&store) && store.reads_beside().unwrap());

    let mut store = edited(
        &folder,
        store,
        &[
            "UPDATE saved SET value = substr(value, 1, length(value) - 1)",
            "UPDATE claims SET claim_id = '' WHERE claim_id = 'claim-1'",
            "UPDATE settings SET body = x'ff', sha256 = x''",
        ],
    );
    assert!(is_beside(&store) && !store.reads_beside().unwrap());
    assert!(matches!(
        store.load::<DeskId>("desk_id"),
        Err(StoreError::Unreadable)
    ));
    let new = store.desk_id(|| "new".into()).unwrap();
    assert_ne!(new, old);
    assert_eq!(store.desk_id(|| "newer".into()).unwrap(), new);
    assert_eq!(store.tail().unwrap(), None, "so it is found and said again");
    store.tail_found(&found()).unwrap();
    assert_eq!(store.tail().unwrap(), Some(found()));
    assert_eq!(store.leftover_claims().unwrap(), claims[1..]);
    assert!(matches!(
        store.settings().unwrap(),
        SettingsFound::Doubtful(_)
    ));
    assert!(!is_beside(&store), "what was begun anew can be read");
}

#[test]
fn a_decision_that_cannot_be_read_stays_is_named_and_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=4 {
        commit(&mut store, &decision(n));
    }
    store.outbox_in_flight(&[id(4)], None).unwrap();
    store
        .outbox_accepted(&id(4), "receipt", NOW, false)
        .unwrap();
    store.keep_revert(&id(4), "key", NOW).unwrap();
    assert_eq!(store.unread().unwrap(), [0; 0]);

    let store = edited(
        &folder,
        store,
        &[
            "UPDATE parts SET body = 'x' WHERE seq = 2 AND name = 'judgement'",
            "UPDATE outbox SET sent_key = CAST(x'ff' AS TEXT) WHERE seq = 3",
            "UPDATE reverts SET key = CAST(x'ff' AS TEXT)",
        ],
    );
    assert_eq!(store.unread().unwrap(), [2, 3, 4]);
    let ids = |rows: Vec<scrim_store::OutboxRow>| rows.into_iter().map(|row| row.seq).collect();
    let pending: Vec<u64> = ids(store.pending_outbox().unwrap());
    let history: Vec<u64> = ids(store.history(9).unwrap());
    assert_eq!((pending, history), (vec![1], vec![4, 1]));
    assert_eq!(store.reverts().unwrap(), []);
    assert!(!store.reads_beside().unwrap());
    for n in [2, 3] {
        let one = store.decision(&id(n));
        assert!(matches!(one, Err(StoreError::Unreadable)), "{n}");
    }
    let all = store.decisions_between(scrim_model::Timestamp(0), scrim_model::Timestamp(i64::MAX));
    assert!(all.is_err(), "an export leaves none out without a word");
    let left: i64 = raw(&folder)
        .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 4);
}
