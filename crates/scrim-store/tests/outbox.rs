//! The outbox: sending order, answers, what may follow what.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use proptest::prelude::*;
use scrim_model::{ClaimId, Timestamp};
use scrim_store::{ConflictWhat, Store, StoreError, Verdict};
use scrim_wire::protocol::{DecisionResult, ReleaseRequest, ReleaseWhy};
use scrim_wire::window::SyncState;
use support::*;

fn order(store: &Store) -> Vec<String> {
    let rows = store.pending_outbox().unwrap();
    rows.iter()
        .map(|row| row.decision.decision_id.to_string())
        .collect()
}

#[test]
fn urgent_goes_first_then_oldest_and_one_item_stays_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    commit(&mut store, &decision(2));
    let mut correction = escalated(3); // Urgent, and corrects what was decided on item 2.
    correction.item_id = item(2);
    correction.supersedes = Some(id(2));
    commit(&mut store, &correction);
    store
        .commit_decision(&decision(4), true, &[], &mut salts())
        .unwrap();
    let expected = ["decision-2", "decision-3", "decision-4", "decision-1"];
    assert_eq!(order(&store), expected);
}

#[test]
fn a_parked_decision_blocks_nobody_and_is_never_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in [1, 2] {
        commit(&mut store, &decision(n));
        store.outbox_ready(&id(n)).unwrap();
    }
    store.outbox_in_flight(&[id(1), id(2)], None).unwrap();
    store
        .outbox_parked(&id(1), "invalid", Some("actions/0"), NOW)
        .unwrap();
    assert_eq!(order(&store), ["decision-2"]);
    drop(store);
    let mut store = open(&folder);
    let conflicts = store.conflicts().unwrap();
    let conflict = conflicts[0].conflict.clone().unwrap();
    let path = Some("actions/0".to_owned());
    let code = "invalid".to_owned();
    assert_eq!(
        (conflict.what, conflict.at),
        (ConflictWhat::Parked { code, path }, NOW)
    );
    store.outbox_ready(&id(1)).unwrap();
    assert_eq!(order(&store), ["decision-1", "decision-2"]);
    assert_eq!(store.conflicts().unwrap(), []);
}

#[test]
fn every_answer_of_the_server_lands_in_row_and_chain() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let at = Timestamp(NOW.0 + 5);
    let receipt = || "receipt".to_owned();
    let answers = [
        DecisionResult::Accepted {
            receipt: receipt(),
            at,
        },
        DecisionResult::Duplicate {
            receipt: receipt(),
            at,
        },
        DecisionResult::AwaitingSecond { receipt: receipt() },
        DecisionResult::Overtaken {
            by_role: "lead".into(),
            at,
            outcome: "allow".into(),
        },
        DecisionResult::Rejected {
            code: "invalid".into(),
            path: None,
        },
    ];
    for (n, answer) in (1..).zip(&answers) {
        commit(&mut store, &decision(n));
        store.outbox_in_flight(&[id(n)], None).unwrap();
        for _ in 0..2 {
            store.outbox_answered(&id(n), answer, at).unwrap();
        }
    }
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 10, .. }
    ));
    let rows = store.decisions_between(NOW, NOW.plus_ms(60_000)).unwrap();
    let states: Vec<_> = rows.iter().map(|row| row.state).collect();
    use SyncState::{Accepted, Overtaken, Parked};
    assert_eq!(states, [Accepted, Accepted, Accepted, Overtaken, Parked]);
    let seconds: Vec<_> = rows
        .iter()
        .map(|row| row.receipt.as_ref().map(|r| (r.awaiting_second, r.at)))
        .collect();
    assert_eq!(
        seconds,
        [
            Some((false, at)),
            Some((false, at)),
            Some((true, at)),
            None,
            None
        ]
    );
    assert_eq!(order(&store), Vec::<String>::new());
}

#[test]
fn what_may_have_reached_the_server_cannot_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 1..=3 {
        commit(&mut store, &decision(n));
    }
    store.withdraw(&id(1), NOW).unwrap();
    store.withdraw(&id(1), NOW).unwrap();
    store.outbox_ready(&id(2)).unwrap();
    store.withdraw(&id(2), NOW).unwrap();
    store.outbox_in_flight(&[id(3)], None).unwrap();
    let in_flight = store.withdraw(&id(3), NOW);
    assert!(matches!(in_flight, Err(StoreError::NotAllowed { .. })));
    store.outbox_ready(&id(3)).unwrap(); // Sending failed; the answer may have been lost.
    assert!(matches!(
        store.withdraw(&id(3), NOW),
        Err(StoreError::AlreadySent)
    ));
    assert_eq!(store.history(1).unwrap()[0].state, SyncState::Waiting);
    assert_eq!(order(&store), ["decision-3"]);
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 5, .. }
    ));

    let withdrawn = store.outbox_in_flight(&[id(3), id(1)], None);
    assert!(matches!(withdrawn, Err(StoreError::NotAllowed { .. })));
    assert_eq!(store.history(1).unwrap()[0].attempts, 1, "none is marked");
    let unknown = store.outbox_ready(&id(9));
    assert!(matches!(unknown, Err(StoreError::UnknownDecision)));
}

/// What can be asked of one decision.
fn ask(store: &mut Store, what: u8) -> Result<(), StoreError> {
    match what {
        0 => store.outbox_ready(&id(1)),
        1 => store.outbox_in_flight(&[id(1)], None),
        2 => store.outbox_accepted(&id(1), "receipt", NOW, false),
        3 => store.outbox_overtaken(&id(1), "lead", "allow", NOW),
        4 => store.outbox_parked(&id(1), "invalid", None, NOW),
        _ => store.withdraw(&id(1), NOW),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is asked in whatever order: the chain stays whole, a final state stays, and the
    /// decision is never lost nor doubled.
    #[test]
    fn no_order_of_events_loses_or_doubles_a_decision(asked in prop::collection::vec(0_u8..6, 1..20)) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder);
        commit(&mut store, &decision(1));
        let mut last = SyncState::Held;
        for what in asked {
            let done = ask(&mut store, what);
            let rows = store.history(9).unwrap();
            prop_assert_eq!(rows.len(), 1);
            let state = rows[0].state;
            prop_assert_eq!(&rows[0].decision, &decision(1));
            if done.is_err() {
                prop_assert_eq!(state, last);
            }
            if matches!(last, SyncState::Accepted | SyncState::Overtaken | SyncState::Withdrawn) {
                prop_assert_eq!(state, last);
            }
            let final_or_parked = !matches!(state, SyncState::Held | SyncState::Waiting | SyncState::InFlight);
            prop_assert_eq!(store.pending_outbox().unwrap().is_empty(), final_or_parked);
            last = state;
        }
        let whole = matches!(store.verify().unwrap(), Verdict::Whole { .. });
        prop_assert!(whole);
    }
}

#[test]
fn told_by_phone_is_an_entry_of_the_chain_and_changes_no_state() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &escalated(1));
    let before = store.pending_outbox().unwrap();
    store.told_by_phone(&id(1), Timestamp(2)).unwrap();
    let mut after = store.pending_outbox().unwrap();
    assert!(after[0].told && !before[0].told);
    after[0].told = false;
    assert_eq!(after, before);
    let verdict = store.verify().unwrap();
    assert!(matches!(verdict, Verdict::Whole { entries: 2, .. }));
    let refused = store.told_by_phone(&id(2), Timestamp(2));
    assert!(matches!(refused, Err(StoreError::UnknownDecision)));
}

#[test]
fn an_escalation_waits_until_it_is_confirmed_and_that_is_an_entry_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &escalated(1));
    commit(&mut store, &decision(2));
    assert!(
        store.unconfirmed_escalations().unwrap().is_empty(),
        "not sent"
    );
    for n in [1, 2] {
        store.outbox_in_flight(&[id(n)], None).unwrap();
        let at = Timestamp(3);
        store.outbox_accepted(&id(n), "r", at, false).unwrap();
    }
    drop(store);
    let mut store = open(&folder);
    let waiting = store.unconfirmed_escalations().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].decision.decision_id, id(1));
    for _ in 0..2 {
        store.escalation_confirmed(&id(1), Timestamp(4)).unwrap();
    }
    assert!(store.unconfirmed_escalations().unwrap().is_empty());
    let verdict = store.verify().unwrap();
    assert!(matches!(verdict, Verdict::Whole { entries: 5, .. }));
    for _ in 0..2 {
        store.escalation_settled(&id(2), Timestamp(5)).unwrap();
    }
    let verdict = store.verify().unwrap();
    assert!(matches!(verdict, Verdict::Whole { entries: 6, .. }));
    let refused = store.escalation_confirmed(&id(9), Timestamp(4));
    assert!(matches!(refused, Err(StoreError::UnknownDecision)));
}

#[test]
fn what_is_given_back_keeps_its_key_until_it_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let claim = |n: u32| ClaimId::new(format!("claim-{n}")).unwrap();
    let request = |n: u32| ReleaseRequest {
        claim_ids: vec![claim(n)],
        why: ReleaseWhy::NotMe,
        draft: None,
        aimed: n == 1,
    };
    let held = [1, 2, 3].map(|n| (claim(n), item(n)));
    store.remember_claims(&held).unwrap();
    for n in [2, 1] {
        store
            .keep_release(&format!("key-{n}"), &request(n))
            .unwrap();
    }
    store.keep_release("key-2", &request(3)).unwrap();
    drop(store);
    let store = open(&folder);
    let kept = [2, 1].map(|n| (format!("key-{n}"), Some(request(n))));
    assert_eq!(
        store.releases().unwrap(),
        kept,
        "in order, the first body of a key"
    );
    assert!(store.leftover_claims().unwrap().is_empty());
    drop(store);
    let damage = raw(&folder);
    damage
        .execute("UPDATE releases SET body = '{' WHERE key = 'key-1'", [])
        .unwrap();
    drop(damage);
    let mut store = open(&folder);
    let read = store.releases().unwrap();
    assert_eq!(read[0], kept[0], "one that is none spoils no other");
    assert_eq!(read[1], ("key-1".to_owned(), None));
    store.forget_release("key-1").unwrap();
    store.forget_release("key-2").unwrap();
    store.forget_release("unknown").unwrap();
    assert_eq!(store.releases().unwrap(), []);
    let mut huge = request(4);
    huge.claim_ids = (0..30_000).map(claim).collect();
    let refused = store.keep_release("key-4", &huge);
    assert!(matches!(refused, Err(StoreError::TooLarge)));
}
