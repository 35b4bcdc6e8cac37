//! Ten thousand random days of one person at two desks, on the real heart: restarts, kills, clock
//! and zone changes, suspends, restarts of the machine, lost connections. No cap is passed by any
//! of it.
//!
//! What was seen is added up here a second time, from outside and in floats: from what the window
//! was shown, by a clock that nobody can set.
#![allow(clippy::unwrap_used, reason = "tests")]

mod two;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use two::{Blow, Two};

/// Sequences of one test; there are four of them, so that they run side by side.
const SEQUENCES: u32 = 2_500;

/// The same sequences in every run.
fn runner(seed: u8, cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(
        config,
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
    )
}

fn blows() -> impl Strategy<Value = Vec<Blow>> {
    proptest::collection::vec(any::<u32>().prop_map(Blow), 10..40)
}

fn hostile_days_pass_no_cap(seed: u8) {
    let reached = Cell::new(0_u32);
    let outcome = runner(seed, SEQUENCES).run(&blows(), |blows| {
        let mut two = Two::begin();
        for blow in blows {
            two.suffer(blow);
        }
        two.settle();
        reached.set(reached.get() + u32::from(two.reached()));
        Ok(())
    });
    outcome.unwrap();
    let reached = reached.get();
    assert!(reached > SEQUENCES / 5, "only {reached} came to the cap");
}

#[test]
fn hostile_days_pass_no_cap_1() {
    hostile_days_pass_no_cap(1);
}

#[test]
fn hostile_days_pass_no_cap_2() {
    hostile_days_pass_no_cap(2);
}

#[test]
fn hostile_days_pass_no_cap_3() {
    hostile_days_pass_no_cap(3);
}

#[test]
fn hostile_days_pass_no_cap_4() {
    hostile_days_pass_no_cap(4);
}

#[test]
fn without_kills_the_ledger_is_what_the_window_showed() {
    let outcome = runner(5, 500).run(&blows(), |blows| {
        let mut two = Two::begin();
        two.kills = false;
        for blow in blows {
            two.suffer(blow);
        }
        two.settle();
        two.assert_exact();
        Ok(())
    });
    outcome.unwrap();
}
