//! Decisions and salts for the store's tests.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(dead_code, reason = "each test file uses its own share")]

pub(crate) mod pages;

use scrim_model::view::{FileViewed, MediumView, Part, RevealMode, ViewInterval, ViewState};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, Escalation, ItemId, PolicyId,
    QueueId, RevealId, Timestamp,
};
use scrim_store::{DATABASE_FILE, KEY_BYTES, Key, Salt, Store};

pub(crate) const NOW: Timestamp = Timestamp(1_770_000_000_000);

/// Two hundred days later: no rule keeps a decision of [`NOW`] any more that was not reported.
pub(crate) const LATER: Timestamp = Timestamp(NOW.0 + 200 * 86_400_000);

pub(crate) fn id(n: u32) -> DecisionId {
    DecisionId::new(format!("decision-{n}")).unwrap()
}

pub(crate) fn item(n: u32) -> ItemId {
    ItemId::new(format!("item-{n}")).unwrap()
}

pub(crate) fn reveal(n: u32) -> RevealId {
    RevealId::new(format!("reveal-{n}")).unwrap()
}

/// Decision `n` on item `n`, made `n` seconds after [`NOW`].
pub(crate) fn decision(n: u32) -> Decision {
    Decision {
        decision_id: id(n),
        item_id: item(n),
        item_version: 3,
        queue_id: QueueId::new("queue").unwrap(),
        claim_id: ClaimId::new(format!("claim-{n}")).unwrap(),
        fence: 7,
        policy_version: 2,
        policy_ids: vec![PolicyId::new("spam").unwrap()],
        actions: vec![DecisionAction {
            kind: ActionKind::Remove,
            duration_s: Some(60),
        }],
        severity: 2,
        unsure: false,
        reason: format!("Reason {n}: \"quoted\", ümläut"),
        escalate: None,
        decided_at: NOW.plus_ms(i64::from(n) * 1_000),
        skew_ms: -12,
        training: false,
        handle_ms: 4_321,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: None,
        marks: Vec::new(),
        media: vec![MediumView {
            n: 0,
            sha256: None,
            state: ViewState::Partial,
            file_viewed: FileViewed::No,
            ms_covered: 1_000,
            ms_clear: 500,
            policy_ids: Vec::new(),
            severity: None,
            loaded_by_choice: false,
            without_landlock: false,
            hashes: None,
        }],
    }
}

pub(crate) fn escalated(n: u32) -> Decision {
    let escalate = Escalation {
        to: "lead".into(),
        priority: 1,
        reason: "Someone may be in danger".into(),
    };
    Decision {
        escalate: Some(escalate),
        ..decision(n)
    }
}

pub(crate) fn interval(n: u32, duration_ms: Option<u64>) -> ViewInterval {
    let opened_at = NOW.plus_ms(i64::from(n));
    ViewInterval {
        duration_ms,
        shown: duration_ms.is_some(),
        ..ViewInterval::opened(reveal(n), Part::Medium(0), RevealMode::Hold, opened_at)
    }
}

/// Salts that differ from call to call and are the same in every run.
pub(crate) fn salts() -> impl FnMut() -> Salt {
    let mut n = 0_u8;
    move || {
        n = n.wrapping_add(1);
        [n; 32]
    }
}

/// The key of every store in these tests, if no other is named.
pub(crate) fn key() -> Key {
    Key::new([0x4b; KEY_BYTES])
}

pub(crate) fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), &key(), NOW).unwrap().0
}

pub(crate) fn commit(store: &mut Store, decision: &Decision) {
    store
        .commit_decision(decision, false, &[], &mut salts())
        .unwrap();
}

/// A second connection to the same database: what another process with the key would see or do.
pub(crate) fn raw(folder: &tempfile::TempDir) -> rusqlite::Connection {
    raw_at(&folder.path().join(DATABASE_FILE))
}

pub(crate) fn raw_at(path: &std::path::Path) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(path).unwrap();
    let digits: String = key().bytes().iter().map(|b| format!("{b:02x}")).collect();
    conn.pragma_update(None, "key", format!("x'{digits}'"))
        .unwrap();
    conn
}
