//! Check-ins in the store: kept, forgotten by the local day, and gone without a trace.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;

use scrim_model::Timestamp;
use scrim_model::checkin::{Answer, CheckIn, When};
use scrim_store::{Store, Verdict, limits::CHECK_INS_MAX};
use support::*;

const TODAY: i64 = 20_486;

fn check_in(date: i64, when: When, answer: u8) -> CheckIn {
    CheckIn {
        date,
        at: Timestamp(date * 86_400_000 + 12_345_678),
        when,
        answer: Answer::try_from(answer).unwrap(),
        go_easy: answer < 3,
    }
}

/// In how many pages below `folder` the instant of a check-in is, as SQLite writes whole numbers.
fn traces(folder: &Path, check_in: &CheckIn) -> usize {
    pages::with(folder, &check_in.at.0.to_be_bytes()[2..])
}

#[test]
fn what_was_answered_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let before = check_in(TODAY, When::Before, 2);
    let after = check_in(TODAY, When::After, 5);
    store.keep_check_in(&before).unwrap();
    store.keep_check_in(&after).unwrap();
    drop(store);
    let store = open(&folder);
    assert_eq!(store.check_ins().unwrap(), [before, after]);
    let asked = store.check_ins_asked().unwrap();
    assert_eq!(asked, [(When::After, TODAY), (When::Before, TODAY)]);
    let verdict = store.verify().unwrap();
    assert!(
        matches!(verdict, Verdict::Whole { entries: 0, .. }),
        "no check-in is an entry of the record"
    );
}

#[test]
fn passing_over_leaves_the_same_trace_as_answering() {
    let (answered, passed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut one, mut other) = (open(&answered), open(&passed));
    one.keep_check_in(&check_in(TODAY, When::Before, 3))
        .unwrap();
    other.check_in_asked(When::Before, TODAY).unwrap();
    assert_eq!(
        one.check_ins_asked().unwrap(),
        other.check_ins_asked().unwrap()
    );
    assert_eq!(other.check_ins().unwrap(), []);
}

#[test]
fn old_days_are_forgotten_by_the_local_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let days = [
        TODAY - 40,
        TODAY - 30,
        TODAY - 29,
        TODAY,
        TODAY + 29,
        TODAY + 400,
    ];
    for date in days {
        store
            .keep_check_in(&check_in(date, When::After, 1))
            .unwrap();
    }
    store.forget_old_check_ins(TODAY, 30).unwrap();
    let left = |store: &Store| -> Vec<i64> {
        let kept = store.check_ins().unwrap();
        kept.iter().map(|c| c.date - TODAY).collect()
    };
    assert_eq!(left(&store), [-29, 0, 29]);
    assert_eq!(
        store.check_ins_asked().unwrap(),
        [],
        "of a day that is no day of these"
    );
    store.forget_old_check_ins(TODAY + 1, 30).unwrap();
    assert_eq!(left(&store), [0, 29]);
    store.forget_old_check_ins(TODAY, 1).unwrap();
    assert_eq!(left(&store), [0]);
}

#[test]
fn what_is_forgotten_is_in_no_file_any_more_and_the_rest_is_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    let old = check_in(TODAY - 31, When::Before, 4);
    let new = check_in(TODAY, When::After, 1);
    store.keep_check_in(&old).unwrap();
    store.keep_check_in(&new).unwrap();
    assert!(traces(folder.path(), &old) > 0 && traces(folder.path(), &new) > 0);

    store.forget_old_check_ins(TODAY, 30).unwrap();
    assert_eq!(traces(folder.path(), &old), 0);
    assert!(traces(folder.path(), &new) > 0);
    store.forget_check_ins().unwrap();
    assert_eq!(traces(folder.path(), &new), 0);
    assert_eq!(store.check_ins().unwrap(), []);
    assert_eq!(store.check_ins_asked().unwrap(), []);

    assert_eq!(store.history(9).unwrap().len(), 1);
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 1, .. }
    ));
}

#[test]
fn a_reader_puts_it_off_until_the_next_start_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let one = check_in(TODAY, When::Before, 4);
    store.keep_check_in(&one).unwrap();
    let reads = raw(&folder);
    reads
        .execute_batch("BEGIN; SELECT count(*) FROM check_ins;")
        .unwrap();
    store.forget_check_ins().unwrap();
    assert_eq!(store.check_ins().unwrap(), []);
    drop(reads);
    drop(store);
    let store = open(&folder);
    assert_eq!(traces(folder.path(), &one), 0);
    drop(store);
}

#[test]
fn there_are_never_more_than_the_limit_and_a_wrong_row_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in 0..CHECK_INS_MAX as i64 + 3 {
        store
            .keep_check_in(&check_in(TODAY + n, When::After, 3))
            .unwrap();
    }
    let kept = store.check_ins().unwrap();
    assert_eq!((kept.len(), kept[0].date), (CHECK_INS_MAX, TODAY + 3));
    let edit = raw(&folder);
    for wrong in ["answer = 6", "answer = 0", "moment = 'during'"] {
        let refused = edit.execute(&format!("UPDATE check_ins SET {wrong}"), []);
        assert!(refused.is_err(), "{wrong}");
    }
}
