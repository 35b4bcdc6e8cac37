use super::*;
use proptest::prelude::*;

const MIN: u64 = 60_000;

fn fresh() -> BreakTimer {
    BreakTimer::restored(BreakSettings::default(), BreakSaved::default(), 0, 0)
}

#[test]
fn due_after_fifty_then_two_snoozes_then_nothing_is_served() {
    let mut timer = fresh();
    timer.worked(50 * MIN - 1);
    assert_eq!(timer.phase(0), BreakPhase::Working);
    assert!(!timer.snooze());
    timer.worked(1);
    for _ in 0..2 {
        assert_eq!(timer.phase(0), BreakPhase::Due);
        assert!(timer.snooze());
        assert_eq!(timer.phase(0), BreakPhase::Working);
        timer.worked(5 * MIN);
    }
    assert_eq!(timer.phase(0), BreakPhase::Exhausted);
    assert!(!timer.snooze());
}

#[test]
fn a_break_cut_short_counts_for_nothing_and_a_whole_one_for_all() {
    let mut timer = fresh();
    timer.worked(50 * MIN);
    timer.take(0);
    assert!(!timer.end(9 * MIN));
    assert_eq!(timer.phase(9 * MIN), BreakPhase::Due);
    timer.take(20 * MIN);
    assert!(timer.end(30 * MIN));
    assert_eq!(timer.active_ms(), 0);
}

#[test]
fn a_restart_in_the_middle_of_a_break_loses_none_of_it() {
    let mut timer = fresh();
    timer.worked(50 * MIN);
    timer.take(0);
    let saved = timer.saved(4 * MIN);
    let back = BreakTimer::restored(BreakSettings::default(), saved, 2 * MIN, 1_000_000);
    assert_eq!(
        back.phase(1_000_000),
        BreakPhase::Resting { left_ms: 4 * MIN }
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

    #[test]
    fn restarting_never_gives_time_back(work in 0_u64..60 * MIN, pause in 0_u64..9 * MIN) {
        let mut timer = fresh();
        timer.worked(work);
        let back = BreakTimer::restored(BreakSettings::default(), timer.saved(0), pause, 77);
        prop_assert_eq!(back.active_ms(), work);
        prop_assert_eq!(back.phase(77), timer.phase(0));
    }
}

#[test]
fn severe_work_is_due_after_twenty_five_and_every_second_break_is_long() {
    let mut timer = fresh();
    for length in [5, 10, 5, 10] {
        timer.worked_severe(25 * MIN - 1);
        assert_eq!(timer.phase(0), BreakPhase::Working);
        timer.worked_severe(1);
        assert_eq!(timer.phase(0), BreakPhase::Due);
        timer.take(0);
        assert_eq!(
            timer.phase(0),
            BreakPhase::Resting {
                left_ms: length * MIN
            }
        );
        assert!(!timer.clone().end(length * MIN - 1));
        assert!(timer.end(length * MIN));
    }
}

#[test]
fn the_bar_fills_towards_whichever_limit_comes_first() {
    let mut timer = fresh();
    timer.worked(10 * 60_000);
    assert_eq!(timer.due_at_ms(), 50 * 60_000);
    timer.worked_severe(5 * 60_000);
    assert_eq!(timer.due_at_ms(), 35 * 60_000);
    timer.worked(30 * 60_000);
    assert_eq!(timer.due_at_ms(), 50 * 60_000);
}

#[test]
fn a_little_severe_work_shortens_no_ordinary_break() {
    let mut timer = fresh();
    timer.worked(48 * MIN);
    timer.worked_severe(MIN);
    assert_eq!(timer.length_due_ms(), 10 * MIN);
    let mut timer = fresh();
    timer.worked_severe(25 * MIN);
    timer.worked(25 * MIN);
    assert_eq!(timer.length_due_ms(), 10 * MIN);
}

#[test]
fn an_early_break_and_a_suspended_machine_count_fully() {
    let mut timer = fresh();
    timer.worked_severe(3 * MIN);
    timer.take(0);
    assert!(timer.end(5 * MIN));
    assert_eq!((timer.active_ms(), timer.severe_ms()), (0, 0));
    timer.worked(30 * MIN);
    timer.away(10 * MIN);
    assert_eq!(timer.active_ms(), 0);
}

/// What a moderator, a machine or a crash may do.
#[derive(Debug, Clone)]
enum Step {
    Work(u64, bool),
    Snooze,
    Take,
    Rest(u64),
    End,
    Away(u64),
    Restart(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_u64..20, any::<bool>()).prop_map(|(m, severe)| Step::Work(m * MIN, severe)),
        2 => Just(Step::Snooze),
        1 => Just(Step::Take),
        2 => (0_u64..12).prop_map(|m| Step::Rest(m * MIN)),
        1 => Just(Step::End),
        1 => (0_u64..12).prop_map(|m| Step::Away(m * MIN)),
        1 => (0_u64..8).prop_map(|m| Step::Restart(m * MIN)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

    /// As long as new items are served, less than limit and snoozes together were worked since the
    /// last stretch of rest that was at least as long as the shortest break; and of two breaks
    /// after severe work one is long.
    #[test]
    fn no_sequence_gives_fewer_breaks_than_the_settings(
        steps in proptest::collection::vec(step(), 1..60)
    ) {
        let s = BreakSettings::default();
        let mut timer = fresh();
        let mut boot_ms = 0;
        // The independent book-keeping: work since the last counted rest, and the rest under way.
        let (mut all, mut severe, mut rest, mut shorts) = (0_u64, 0_u64, None::<u64>, 0_u32);
        for step in steps {
            let before = timer.active_ms();
            let mut stretch = None;
            match step {
                Step::Work(ms, is_severe) => {
                    boot_ms += ms;
                    if is_severe { timer.worked_severe(ms) } else { timer.worked(ms) }
                    match &mut rest {
                        None => { all += ms; severe += if is_severe { ms } else { 0 } }
                        Some(rested) => *rested += ms,
                    }
                }
                Step::Snooze => drop(timer.snooze()),
                Step::Take => { timer.take(boot_ms); rest.get_or_insert(0); }
                Step::Rest(ms) => { boot_ms += ms; if let Some(r) = &mut rest { *r += ms } }
                Step::End => { timer.end(boot_ms); stretch = rest.take(); }
                Step::Away(ms) => {
                    boot_ms += ms;
                    timer.away(ms);
                    match &mut rest { Some(r) => *r += ms, None => stretch = Some(ms) }
                }
                Step::Restart(ms) => {
                    let saved = timer.saved(boot_ms);
                    boot_ms = 5;
                    timer = BreakTimer::restored(s, saved, ms, boot_ms);
                    match &mut rest { Some(r) => *r += ms, None => stretch = Some(ms) }
                }
            }
            if before == 0 && stretch.is_some_and(|rested| rested >= s.length_ms) {
                // Rested long without having worked.
                shorts = 0;
            }
            if before > 0 && timer.active_ms() == 0 {
                let rested = stretch.unwrap_or(0);
                prop_assert!(rested >= s.severe_length_ms, "a break out of nothing");
                shorts = if rested < s.length_ms { shorts + 1 } else { 0 };
                prop_assert!(shorts <= 1, "two short breaks after one another");
                (all, severe) = (0, 0);
            }
            prop_assert_eq!((timer.active_ms(), timer.severe_ms()), (all, severe));
            let snoozes = u64::from(s.snoozes_max) * s.snooze_ms;
            if timer.phase(boot_ms) == BreakPhase::Working {
                prop_assert!(all < s.after_ms + snoozes && severe < s.severe_after_ms + snoozes);
            }
            let unsnoozed = timer.snoozes_left() == s.snoozes_max;
            if unsnoozed && (all >= s.after_ms || severe >= s.severe_after_ms) {
                prop_assert_ne!(timer.phase(boot_ms), BreakPhase::Working);
            }
        }
    }

    /// Stricter settings never have less due, whatever was worked.
    #[test]
    fn stricter_settings_are_due_no_later(
        work in 0_u64..90, severe in 0_u64..60, after in 5_u64..=50, severe_after in 5_u64..=25
    ) {
        let floor = BreakSettings::default();
        let personal = BreakSettings {
            after_ms: after * MIN, severe_after_ms: severe_after * MIN, ..floor
        };
        let phase = |settings| {
            let mut timer = BreakTimer::restored(settings, BreakSaved::default(), 0, 0);
            timer.worked(work * MIN);
            timer.worked_severe(severe * MIN);
            timer.phase(0)
        };
        prop_assert!(phase(floor) == BreakPhase::Working || phase(personal) == BreakPhase::Due);
    }
}
