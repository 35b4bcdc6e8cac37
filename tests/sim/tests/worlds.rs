//! A thousand worlds keep every promise, and each of the bugs that are put in is found.
#![allow(
    clippy::print_stdout,
    reason = "tests say at which seed a bug is found"
)]

use scrim_sim::{Fault, Report, Went, kept_seeds, limits::SEEDS, run};

/// Tests among which the seeds are shared, so that they run beside each other.
const SHARES: u64 = 8;

fn told(report: &Report) -> String {
    let breach = report.went.breach.as_ref().map(ToString::to_string);
    let why = report.fault.clone().or(breach).unwrap_or_default();
    let steps = report.steps.join("\n");
    format!(
        "{steps}\nseed {}: {why}. Again: ./dev sim --seed {} --trace",
        report.seed, report.seed
    )
}

fn good(seed: u64) -> Report {
    let report = run(seed, None, false);
    assert!(report.is_good(), "{}", told(&report));
    report
}

fn share(n: u64) {
    let seeds = (1..=SEEDS).filter(|seed| seed % SHARES == n);
    let went: Vec<_> = seeds.map(|seed| good(seed).went).collect();
    // A world in which nothing happens is good as well.
    let sum = |of: fn(&Went) -> usize| went.iter().map(of).sum::<usize>();
    for (what, happened) in [
        ("decisions", sum(|went| went.decisions)),
        ("conflicts", sum(|went| went.conflicts)),
        ("deaths", sum(|went| went.deaths)),
        ("lost calls", sum(|went| went.lost_calls)),
        ("calls of many", sum(|went| went.calls_of_many)),
    ] {
        assert!(happened > 20, "{happened} {what}");
    }
}

#[test]
fn seeds_that_once_showed_something_are_good() {
    for seed in kept_seeds() {
        good(seed);
    }
}

#[test]
fn a_seed_gives_the_same_world_each_time() {
    let (first, second) = (run(7, None, true), run(7, None, true));
    assert!(first.went.steps > 500, "a world with little in it");
    assert_eq!(first.steps, second.steps);
    assert_eq!(first.went, second.went);
    assert_ne!(run(8, None, false).went.hash, first.went.hash);
}

#[test]
fn worlds_0() {
    share(0);
}

#[test]
fn worlds_1() {
    share(1);
}

#[test]
fn worlds_2() {
    share(2);
}

#[test]
fn worlds_3() {
    share(3);
}

#[test]
fn worlds_4() {
    share(4);
}

#[test]
fn worlds_5() {
    share(5);
}

#[test]
fn worlds_6() {
    share(6);
}

#[test]
fn worlds_7() {
    share(7);
}

/// The auditor is good for something: it finds `fault` within a thousand seeds, and by a promise.
fn assert_found(fault: Fault) {
    // A world that only cannot go on, as on a disk that lies while a store is made, shows nothing.
    let found = (1..=SEEDS).find_map(|seed| run(seed, Some(fault), false).went.breach);
    let breach = found.expect("no world shows it by a promise that is not kept");
    println!("{fault:?} is found: {breach}");
}

#[test]
fn send_before_commit_is_found() {
    assert_found(Fault::SendBeforeCommit);
}

#[test]
fn new_key_on_retry_is_found() {
    assert_found(Fault::NewKeyOnRetry);
}

#[test]
fn order_swapped_is_found() {
    assert_found(Fault::OrderSwapped);
}

#[test]
fn receipt_lost_resend_with_new_id_is_found() {
    assert_found(Fault::ReceiptLostResendWithNewId);
}

#[test]
fn heartbeat_ignored_is_found() {
    assert_found(Fault::HeartbeatIgnored);
}

#[test]
fn escalation_assumed_is_found() {
    assert_found(Fault::EscalationAssumed);
}

#[test]
fn undo_after_send_is_found() {
    assert_found(Fault::UndoAfterSend);
}

#[test]
fn chain_head_skipped_is_found() {
    assert_found(Fault::ChainHeadSkipped);
}

#[test]
fn disk_lies_is_found() {
    assert_found(Fault::DiskLies);
}
