//! Numbers of decisions and back, and two readers of one moment. Inside the crate, because only here a second reader can
//! be looked at.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use scrim_model::team::TeamGroup;
use scrim_wire::protocol::{HeldDecision, HeldDecisions};
use serde_json::{Value, json};

use super::*;
use crate::key::{KEY_BYTES, Key};
use crate::opening::OpenOptions;
use crate::team::TeamStore;

const FROM: &str = "1970-01-01";
const TO: &str = "1970-12-31";
const DAY_MS: i64 = 86_400_000;
/// Enough of them for two readers.
const DAYS: i64 = 3 * TEAM_DAYS_APART as i64;
/// Decisions of a day, so that reading takes a while.
const OF_A_DAY: i64 = 40;
/// Pages that are written while somebody reads.
const LAST: i64 = 30;

fn key() -> Key {
    Key::new([7; KEY_BYTES])
}

fn open(folder: &Path) -> TeamStore {
    TeamStore::open(folder, &key()).unwrap()
}

fn source(folder: &Path) -> Source {
    Source::new(folder, &key(), &OpenOptions::default())
}

/// A decision of severity 1 that counts, with what `decision` and `facts` have besides.
fn held(id: &str, day: i64, decision: Value, facts: Value) -> HeldDecision {
    let mut held = json!({
        "decision_id": id, "item_id": "i", "item_version": 1, "queue_id": "q", "claim_id": "c", "fence": 1,
        "policy_version": 1, "policy_ids": ["p"], "actions": [{"kind": "remove"}], "severity": 1, "unsure": false,
        "decided_at": scrim_model::Timestamp(day * DAY_MS), "skew_ms": 0, "receipt": "r", "cursor": 1,
        "team": {"standing": "standing", "review": "first"},
    });
    let add = |to: &mut Value, what: Value| {
        let to = to.as_object_mut().unwrap();
        to.extend(what.as_object().unwrap().clone());
    };
    add(&mut held, decision);
    add(&mut held["team"], facts);
    serde_json::from_value(held).unwrap()
}

fn page(decisions: Vec<HeldDecision>) -> HeldDecisions {
    HeldDecisions {
        decisions,
        next: 1,
        ..HeldDecisions::default()
    }
}

/// One page with every decision of every day, each of which took so long.
fn all_of(handle_ms: i64) -> HeldDecisions {
    let each = (0..DAYS * OF_A_DAY).map(|n| {
        let decision = json!({"handle_ms": handle_ms});
        held(&format!("d{n}"), n / OF_A_DAY, decision, json!({}))
    });
    page(each.collect())
}

/// The one time that all decisions took.
fn one_time(groups: &[TeamGroup]) -> u32 {
    let mut times: Vec<u32> = groups.iter().flat_map(|g| g.handle_ms.clone()).collect();
    assert_eq!(times.len() as i64, DAYS * OF_A_DAY);
    times.dedup();
    assert_eq!(times.len(), 1, "figures of more than one moment");
    times[0]
}

#[test]
fn figures_are_of_one_moment_while_somebody_writes() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open(folder.path());
    writer.keep(&all_of(1)).unwrap();
    let reader = TeamStore::open_read_only(folder.path(), &key()).unwrap();
    let read = || one_time(&reader.groups(FROM, TO, None).unwrap());
    let mut seen = vec![read()];
    std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            for time in 2..=LAST {
                writer.keep(&all_of(time)).unwrap();
            }
        });
        while !writes.is_finished() {
            seen.push(read());
        }
    });
    seen.push(read());
    assert!(seen.is_sorted(), "what was written is gone again: {seen:?}");
    seen.dedup();
    assert!(seen.len() > 2, "nobody read while somebody wrote");
    assert_eq!(seen.last(), Some(&(LAST as u32)));
}

#[test]
fn a_second_reader_sees_what_the_first_sees_or_is_done_without() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open(folder.path());
    writer.keep(&all_of(1)).unwrap();
    let first = TeamStore::open_read_only(folder.path(), &key()).unwrap();
    let _moment = first.conn.unchecked_transaction().unwrap();
    let of_first = moment(&first.conn).unwrap();
    let source = source(folder.path());
    assert!(second(&source, of_first).is_some());
    writer.keep(&all_of(2)).unwrap();
    assert!(
        second(&source, of_first).is_none(),
        "it is of another moment"
    );
    let groups = first.groups_at_once(FROM, TO, None).unwrap();
    assert_eq!(one_time(&groups), 1);
    drop(_moment);
    assert_eq!(one_time(&first.groups(FROM, TO, None).unwrap()), 2);
}

#[test]
fn a_file_that_was_made_anew_is_another_moment() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let _moment = first.conn.unchecked_transaction().unwrap();
    let of_first = moment(&first.conn).unwrap();
    crate::team::forget(folder.path()).unwrap();
    assert!(
        second(&source(folder.path()), of_first).is_none(),
        "it is gone"
    );
    drop(open(folder.path()));
    assert!(second(&source(folder.path()), of_first).is_none());
}

#[test]
fn a_decision_is_in_its_group_as_it_was_kept_however_large_its_numbers_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    // So that the decision's names have the largest ids.
    let sql = "INSERT INTO names VALUES (?1, 'other')";
    store.conn.execute(sql, [NAMES_MAX as i64 - 7]).unwrap();
    let most = u64::from(u32::MAX);
    let mut check = |handle_ms: u64, action_s: Option<u64>, severity: u8, due: Option<&str>| {
        for unsure in [false, true] {
            let decision = json!({"handle_ms": handle_ms, "severity": severity, "unsure": unsure});
            let facts = json!({"action_s": action_s, "due": due});
            store
                .keep(&page(vec![held("d", 1, decision, facts)]))
                .unwrap();
            let time = (handle_ms > 0).then_some(handle_ms.min(most) as u32);
            let group = TeamGroup {
                day: "1970-01-02".to_owned(),
                queue: "q".to_owned(),
                policy: "p".to_owned(),
                action: "remove".to_owned(),
                count: 1,
                unsure: u64::from(unsure),
                is_grave: severity >= GRAVE_SEVERITY,
                handle_ms: Vec::from_iter(time),
                action_s: Vec::from_iter(action_s.map(|s| s.min(most) as u32)),
                due: u64::from(due.is_some()),
                met: u64::from(due == Some("met")),
            };
            assert_eq!(store.groups(FROM, TO, None).unwrap(), [group]);
        }
    };
    for (handle_ms, action_s) in [
        (0, None),
        (1, Some(0)),
        (most, Some(most)),
        (most + 1, None),
    ] {
        for severity in [0, 2, 3, 4, 7, 8, 255] {
            for due in [None, Some("met"), Some("missed")] {
                check(handle_ms, action_s, severity, due);
            }
        }
    }
}

#[test]
fn more_names_than_there_is_room_for_are_refused_with_their_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let sql = "INSERT INTO names VALUES (?1, 'other')";
    store.conn.execute(sql, [NAMES_MAX as i64 - 1]).unwrap();
    let refused = store.keep(&page(vec![held("d", 1, json!({}), json!({}))]));
    assert!(matches!(refused, Err(StoreError::TooManyNames)));
    assert_eq!(store.cursor().unwrap(), 0);
    assert_eq!(store.groups(FROM, TO, None).unwrap(), []);
}

#[test]
fn the_index_has_both_numbers_of_a_decision_ready() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let sql = format!("EXPLAIN {NUMBERS}");
    let mut statement = store.conn.prepare(&sql).unwrap();
    let steps = statement.query_map([1], |row| row.get(1)).unwrap();
    let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
    let has = |step: &str| steps.iter().any(|one| one == step);
    assert!(has("Column") && has("IdxGT"), "{steps:?}");
    assert!(!has("ShiftLeft") && !has("SorterSort"), "{steps:?}");
}
