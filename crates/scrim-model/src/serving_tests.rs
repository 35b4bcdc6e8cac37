use proptest::prelude::*;

use super::*;

fn minutes(weighted: u32, severe_clear: u64) -> Load {
    Load {
        weighted: Weighted::from_minutes(weighted),
        severe_clear_ms: severe_clear * 60_000,
    }
}

fn standing<'a>(protection: &'a Protection, row: &'a SevereRow, today: Load) -> Standing<'a> {
    Standing {
        protection,
        today,
        row,
        go_easy: false,
        boot_ms: 0,
    }
}

#[test]
fn notice_at_180_cap_at_240_or_at_sixty_clear_minutes() {
    let p = Protection::default();
    let at = |load| cap(&p, load);
    assert_eq!(at(minutes(179, 44)), Cap::Under);
    assert_eq!(at(minutes(180, 0)), Cap::Notice);
    // The same share of sixty minutes as 180 is of 240.
    assert_eq!(at(minutes(0, 45)), Cap::Notice);
    assert_eq!(at(Load::ALL), Cap::Reached);
    assert_eq!(at(minutes(240, 0)), Cap::Reached);
    assert_eq!(at(minutes(0, 60)), Cap::Reached);
    let just_under = Load {
        weighted: Weighted(Weighted::from_minutes(240).0 - 1),
        severe_clear_ms: 0,
    };
    assert_eq!(at(just_under), Cap::Notice);
}

#[test]
fn an_item_that_is_opened_again_counts_once_and_is_no_pause() {
    let p = Protection::default();
    let mut row = SevereRow::default();
    row.opened(3, &p);
    row.left(1_000);
    row.reopened();
    row.pass(1_000_000, &p);
    assert_eq!(row.in_row, 1);
    row.left(1_000_000);
    row.pass(1_000_000 + p.severe_pause_ms, &p);
    assert_eq!(row.in_row, 0);
}

#[test]
fn at_the_cap_only_light_items_or_the_end_of_the_shift() {
    let mut p = Protection::default();
    let row = SevereRow::default();
    let capped = standing(&p, &row, minutes(240, 0));
    assert_eq!(capped.claim().unwrap().severity_max, 1);
    assert_eq!(capped.opening(1, &[]), Opening::Open);
    assert_eq!(capped.opening(2, &[]), Opening::Capped);
    p.caps.at_limit = AtLimit::EndShift;
    let ended = standing(&p, &row, minutes(240, 0));
    assert_eq!(ended.claim(), None);
    assert_eq!(ended.opening(0, &[]), Opening::Capped);
}

#[test]
fn opting_out_goes_into_the_claim_and_stops_what_is_in_hand() {
    let p = Protection {
        opt_out: ["b".to_owned(), "a".to_owned()].into(),
        ..Protection::default()
    };
    let row = SevereRow::default();
    let standing = standing(&p, &row, Load::default());
    assert_eq!(standing.claim().unwrap().exclude_classes, ["a", "b"]);
    assert_eq!(standing.opening(0, &["b".into()]), Opening::OptedOut);
}

#[test]
fn after_three_severe_a_lighter_one_or_sixty_seconds() {
    let p = Protection::default();
    let mut row = SevereRow::default();
    for _ in 0..3 {
        assert_eq!(
            standing(&p, &row, Load::default()).opening(4, &[]),
            Opening::Open
        );
        row.opened(4, &p);
    }
    row.left(1_000);
    row.pass(21_000, &p);
    let mut now = standing(&p, &row, Load::default());
    now.boot_ms = 21_000;
    assert_eq!(now.opening(3, &[]), Opening::Pause { left_ms: 40_000 });
    assert_eq!(now.opening(2, &[]), Opening::Open);
    assert_eq!(now.claim().unwrap().severity_max, 2);
    let mut paused = row.clone();
    paused.pass(61_000, &p);
    assert_eq!(
        standing(&p, &paused, Load::default()).opening(4, &[]),
        Opening::Open
    );
    row.opened(2, &p);
    assert_eq!(
        standing(&p, &row, Load::default()).opening(4, &[]),
        Opening::Open
    );
}

#[test]
fn a_restart_does_not_shorten_the_pause() {
    let p = Protection::default();
    let mut row = SevereRow {
        in_row: 3,
        ..SevereRow::default()
    };
    row.left(1_000_000);
    row.resumed(5_000);
    row.pass(64_999, &p);
    assert_eq!(row.in_row, 3);
    row.pass(65_000, &p);
    assert_eq!(row.in_row, 0);
}

/// Severities of what a greedy desk opens, and pauses of a minute.
fn offers() -> impl Strategy<Value = Vec<(u8, bool)>> {
    proptest::collection::vec((0_u8..=4, proptest::bool::weighted(0.1)), 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

    #[test]
    fn the_row_and_half_the_share_hold_for_every_order(
        offers in offers(), n in 1_u32..6, go_easy in any::<bool>()
    ) {
        let p = Protection { severe_in_row_max: n, ..Protection::default() };
        let mut row = SevereRow::default();
        let mut boot_ms = 0;
        let (mut severe, mut light, mut in_row) = (0_u32, 0_u32, 0_u32);
        for (severity, pause) in offers {
            if pause { boot_ms += 60_000; }
            row.pass(boot_ms, &p);
            if pause { light += 1; in_row = 0; }
            let standing = Standing {
                protection: &p, today: Load::default(), row: &row, go_easy, boot_ms
            };
            let opening = standing.opening(severity, &[]);
            // A claim never asks for what could not be opened.
            let limits = standing.claim().unwrap();
            prop_assert_eq!(severity > limits.severity_max, opening != Opening::Open);
            if opening != Opening::Open { continue; }
            row.opened(severity, &p);
            row.left(boot_ms);
            if severity >= SEVERE { severe += 1; in_row += 1; } else { light += 1; in_row = 0; }
            prop_assert!(in_row <= n);
            if go_easy {
                // Half of n / (n + 1), but for what one severe item at the start may run ahead.
                prop_assert!(severe * (n + 2) <= light * n + 2 * n + 2, "{severe} : {light}");
            }
        }
    }

    #[test]
    fn more_exposure_never_opens_more(
        a in 0_u32..600, more in 0_u32..100, clear in 0_u64..100, severity in 0_u8..=4
    ) {
        let p = Protection::default();
        let row = SevereRow::default();
        let less = standing(&p, &row, minutes(a, clear));
        let after = standing(&p, &row, minutes(a + more, clear));
        prop_assert!(after.opening(severity, &[]) != Opening::Open
            || less.opening(severity, &[]) == Opening::Open);
        prop_assert!(after.claim().unwrap().severity_max <= less.claim().unwrap().severity_max);
    }
}
