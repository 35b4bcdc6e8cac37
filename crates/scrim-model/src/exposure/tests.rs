use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::days::DAY_MS_MIN;
use crate::ids::ItemId;
use crate::time::Now;

const HOUR: u64 = 3_600_000;
const DAY: i64 = 86_400_000;

#[derive(Deserialize)]
struct Row {
    weighted_minutes: f64,
    severe_clear_ms: u64,
    intervals: Vec<Interval>,
}

#[derive(Deserialize)]
struct Interval {
    ms: u64,
    severity: u8,
    view: InView,
    sound: bool,
    colour: bool,
}

fn item(n: u32) -> ItemId {
    ItemId::new(format!("i{n}")).unwrap()
}

fn at(awake_ms: u64, utc_ms: i64) -> Now {
    Now {
        awake_ms,
        boot_ms: awake_ms,
        utc_ms,
        offset_s: 0,
    }
}

fn clear() -> Sight {
    Sight {
        in_view: InView::Clear,
        ..Sight::COVERED
    }
}

/// The formula as it is written, in floats.
fn as_written(ms: u64, severity: u8, sight: Sight) -> f64 {
    let by_severity = [0.0, 0.25, 0.5, 1.0, 2.0][usize::from(severity)];
    let by_view = match sight.in_view {
        InView::Hidden => 0.0,
        InView::Covered => 0.5,
        InView::Partial => 0.75,
        InView::Clear => 1.0,
    };
    let sound = if sight.sound { 0.5 } else { 0.0 };
    let colour = if sight.colour { 0.25 } else { 0.0 };
    ms as f64 / 1_000.0 / 60.0 * by_severity * (by_view + sound + colour)
}

#[test]
fn twenty_worked_rows_come_out_to_1e_9_through_a_ledger() {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("../../tests/golden/exposure_rows.json")).unwrap();
    assert_eq!(rows.len(), 20);
    for (n, row) in rows.iter().enumerate() {
        // Long rows would cross midnight: the week holds all of it.
        let mut ledger = Ledger::begin(at(0, 0));
        let (mut now_ms, mut second, mut clear_ms) = (0, 0.0, 0);
        for (place, one) in (0_u32..).zip(&row.intervals) {
            let sight = Sight {
                in_view: one.view,
                sound: one.sound,
                colour: one.colour,
            };
            now_ms += one.ms;
            let id = item(place);
            let watched = Watched {
                item: &id,
                severity_hint: one.severity,
                sight,
                active_ms: one.ms,
            };
            ledger.step(at(now_ms, i64::try_from(now_ms).unwrap()), Some(watched));
            second += as_written(one.ms, one.severity, sight);
            clear_ms += Load::default().severe_clear_ms
                + if one.severity >= 3 && one.view == InView::Clear {
                    one.ms
                } else {
                    0
                };
        }
        let week = ledger.week();
        assert!(
            (week.weighted.minutes() - row.weighted_minutes).abs() < 1e-9,
            "row {n}"
        );
        assert!((second - row.weighted_minutes).abs() < 1e-9, "row {n}");
        assert_eq!(week.severe_clear_ms, row.severe_clear_ms, "row {n}");
        assert_eq!(clear_ms, row.severe_clear_ms, "row {n}");
    }
    assert!((rows[0].weighted_minutes - 0.666_666_666_666_666_6).abs() < 1e-12);
}

#[test]
fn the_decided_severity_takes_the_place_of_the_hint_for_all_of_the_items_time() {
    let mut ledger = Ledger::begin(at(0, 0));
    let id = item(1);
    let watched = |severity_hint| Watched {
        item: &id,
        severity_hint,
        sight: clear(),
        active_ms: 60_000,
    };
    ledger.step(at(60_000, 60_000), Some(watched(1)));
    assert_eq!(
        ledger.today().weighted,
        Weighted(Weighted::from_minutes(1).0 / 4)
    );
    ledger.judged(&id, 4);
    assert_eq!(ledger.today().weighted, Weighted::from_minutes(2));
    assert_eq!(ledger.today().severe_clear_ms, 60_000);
    // Seen again after the decision: the decided severity holds.
    ledger.step(at(120_000, 120_000), Some(watched(1)));
    assert_eq!(ledger.today().weighted, Weighted::from_minutes(4));
    ledger.judged(&id, 3);
    ledger.settle(&id);
    ledger.judged(&id, 0);
    assert_eq!(ledger.today().weighted, Weighted::from_minutes(2));
    assert!(!String::from_utf8(ledger.to_store()).unwrap().contains("i1"));
}

#[test]
fn other_desks_count_today_and_not_tomorrow() {
    let mut ledger = Ledger::begin(at(0, 0));
    ledger.set_others(Load {
        weighted: Weighted::from_minutes(100),
        severe_clear_ms: 7,
    });
    assert_eq!(ledger.today().weighted, Weighted::from_minutes(100));
    ledger.set_others(Load {
        weighted: Weighted::from_minutes(30),
        severe_clear_ms: 7,
    });
    assert_eq!(ledger.today().weighted, Weighted::from_minutes(30));
    ledger.step(at(24 * HOUR, DAY), None);
    assert_eq!(ledger.today(), Load::default());
    assert_eq!(ledger.week().weighted, Weighted::from_minutes(30));
}

#[test]
fn idle_over_fifteen_seconds_is_out_but_never_while_engaged() {
    assert_eq!(active_ms(0, 60_000, Some(0), false), 15_000);
    assert_eq!(active_ms(10_000, 12_000, Some(0), false), 2_000);
    assert_eq!(active_ms(20_000, 60_000, Some(0), false), 0);
    assert_eq!(active_ms(20_000, 60_000, Some(0), true), 40_000);
    assert_eq!(active_ms(20_000, 60_000, None, false), 0);
    assert_eq!(active_ms(60_000, 20_000, Some(0), true), 0);
}

#[test]
fn debug_output_and_broken_bytes_say_nothing() {
    assert_eq!(format!("{:?}", Ledger::begin(at(0, 0))), "Ledger(private)");
    assert_eq!(Ledger::from_store(b"{}").err(), Some(NotALedger));
}

#[test]
fn a_judgement_that_is_taken_back_leaves_the_hint() {
    let mut ledger = Ledger::begin(at(0, 0));
    let id = item(1);
    let watched = Watched {
        item: &id,
        severity_hint: 3,
        sight: clear(),
        active_ms: 60_000,
    };
    ledger.step(at(60_000, 60_000), Some(watched));
    ledger.judged(&id, 0);
    assert_eq!(ledger.today(), Load::default());
    ledger.unjudged(&id, 3);
    assert_eq!(ledger.today().weighted, Weighted::from_minutes(1));
    ledger.unwritten(&Watched {
        active_ms: 30_000,
        ..watched
    });
    assert_eq!(ledger.today().severe_clear_ms, 90_000);
}

#[test]
fn a_day_that_cannot_be_read_counts_as_full_until_it_is_over() {
    let mut ledger = Ledger::begin_unknown(at(0, 0));
    ledger.set_others(Load::default());
    assert!(!ledger.today_is_known());
    assert_eq!(ledger.today(), Load::ALL);
    let kept = KeptExposure {
        ledger,
        row: crate::serving::SevereRow::default(),
        go_easy_on: Some(1),
        told: None,
        watching: Some((item(7), 3)),
    };
    assert_eq!(format!("{kept:?}"), "KeptExposure(private)");
    let mut back = KeptExposure::from_store(&kept.to_store()).unwrap();
    assert!(back == kept);
    assert!(KeptExposure::from_store(b"{}").is_err());
    assert_eq!(back.ledger.today(), Load::ALL);
    back.ledger.resume(at(24 * HOUR, DAY), true);
    assert_eq!(back.ledger.today(), Load::default());
    assert!(back.ledger.today_is_known());
}

#[test]
fn the_day_began_where_the_server_says_whatever_the_wall_does() {
    let mut ledger = Ledger::begin(at(1_000, 9 * 3_600_000));
    assert!(!ledger.has_witness());
    assert_eq!(ledger.day_from().0, 0);
    ledger.server_time(at(1_000, 9 * 3_600_000), 9 * 3_600_000);
    assert!(ledger.has_witness());
    ledger.step(at(2_000, 300 * DAY), None);
    assert_eq!(ledger.day_from().0, 0);
}

#[test]
fn a_wall_set_years_ahead_pushes_nothing_out_before_the_server_is_heard() {
    let mut ledger = Ledger::begin(at(1_000, 1_000));
    ledger.server_time(at(1_000, 1_000), 1_000);
    let id = item(1);
    let watched = Watched {
        item: &id,
        severity_hint: 3,
        sight: clear(),
        active_ms: 60_000,
    };
    ledger.step(at(61_000, 61_000), Some(watched));
    ledger.settle(&id);
    let seen = ledger.today();
    ledger.resume(at(500, 900 * DAY), false);
    assert_eq!(ledger.today(), Load::default());
    ledger.server_time(at(600, 900 * DAY), 62_000);
    assert_eq!(ledger.today(), seen);
}

#[test]
fn many_items_and_days_are_bounded_and_lose_nothing_of_this_week() {
    let mut ledger = Ledger::begin(at(0, 0));
    let mut now_ms = 0;
    for n in 0..1_500 {
        now_ms += HOUR;
        let id = item(n);
        let watched = Watched {
            item: &id,
            severity_hint: 3,
            sight: clear(),
            active_ms: 1_000,
        };
        ledger.step(at(now_ms, i64::try_from(now_ms).unwrap()), Some(watched));
    }
    assert!(ledger.days().len() <= 35);
    let whole_days = 6 * 24 + now_ms / HOUR % 24;
    // Each step's second lies at its beginning, so the item of the hour that ends at midnight
    // belongs to the old day.
    assert_eq!(ledger.week().severe_clear_ms, whole_days * 1_000);
    assert!(ledger.to_store().len() < 200_000);
}

/// What may happen to a desk between two looks.
#[derive(Debug, Clone)]
enum Step {
    Watch(u64, u8, Sight, u32),
    Off(u64),
    Suspend(u64),
    SetWall(i64),
    SetZone(i32),
    Restart(u64),
    Judge(u32, u8),
    Settle(u32),
}

fn sight() -> impl Strategy<Value = Sight> {
    let view = prop_oneof![
        Just(InView::Hidden),
        Just(InView::Covered),
        Just(InView::Partial),
        Just(InView::Clear)
    ];
    (view, any::<bool>(), any::<bool>()).prop_map(|(in_view, sound, colour)| Sight {
        in_view,
        sound,
        colour,
    })
}

fn honest() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..2 * HOUR, 0_u8..=4, sight(), 0_u32..6)
            .prop_map(|(ms, s, sight, n)| Step::Watch(ms, s, sight, n)),
        1 => (0..12 * HOUR).prop_map(Step::Off),
        1 => (0..16 * HOUR).prop_map(Step::Suspend),
        1 => (0..16 * HOUR).prop_map(Step::Restart),
        1 => (0_u32..6, 0_u8..=4).prop_map(|(n, s)| Step::Judge(n, s)),
        1 => (0_u32..6).prop_map(Step::Settle),
    ]
}

fn hostile() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => honest(),
        2 => (-40 * DAY..40 * DAY).prop_map(Step::SetWall),
        1 => (-14_i32..=14).prop_map(|h| Step::SetZone(h * 3_600)),
    ]
}

/// The world as it truly is, and a second, simple book-keeping of it.
struct World {
    now: Now,
    ledger: Ledger,
    true_ms: u64,
    /// (true time at which it began, ms, sight, item)
    seen: Vec<(u64, u64, Sight, u32)>,
    severity: [(u8, bool); 6],
    settled: Vec<(u64, u64, Sight, u8)>,
}

impl World {
    fn new() -> Self {
        let now = at(5 * HOUR, 20_000 * DAY + 9 * 3_600_000);
        Self {
            now,
            ledger: Ledger::begin(now),
            true_ms: 0,
            seen: Vec::new(),
            severity: [(0, false); 6],
            settled: Vec::new(),
        }
    }

    fn pass(&mut self, ms: u64, awake: bool) {
        self.true_ms += ms;
        self.now.boot_ms += ms;
        self.now.utc_ms += i64::try_from(ms).unwrap();
        self.now.awake_ms += if awake { ms } else { 0 };
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Watch(ms, hint, sight, n) => {
                let severity = &mut self.severity[n as usize];
                if !severity.1 {
                    severity.0 = hint;
                }
                if ms > 0 {
                    self.seen.push((self.true_ms, ms, sight, n));
                }
                self.pass(ms, true);
                let id = item(n);
                let watched = Watched {
                    item: &id,
                    severity_hint: hint,
                    sight,
                    active_ms: ms,
                };
                self.ledger.step(self.now, Some(watched));
            }
            Step::Off(ms) => {
                self.pass(ms, true);
                self.ledger.step(self.now, None);
            }
            Step::Suspend(ms) => {
                self.pass(ms, false);
                self.ledger.step(self.now, None);
            }
            Step::SetWall(by) => {
                self.now.utc_ms += by;
                self.ledger.step(self.now, None);
            }
            Step::SetZone(offset_s) => {
                self.now.offset_s = offset_s;
                self.ledger.step(self.now, None);
            }
            Step::Restart(ms) => {
                let bytes = self.ledger.to_store();
                self.pass(ms, true);
                self.ledger = Ledger::from_store(&bytes).unwrap();
                self.ledger.resume(self.now, true);
            }
            Step::Judge(n, severity) => {
                // Only an item that was seen since it was last settled has a row to judge.
                if self.seen.iter().any(|s| s.3 == n) {
                    self.severity[n as usize] = (severity, true);
                }
                self.ledger.judged(&item(n), severity);
            }
            Step::Settle(n) => {
                let severity = self.severity[n as usize].0;
                let gone = self.seen.extract_if(.., |s| s.3 == n);
                self.settled.extend(gone.map(|s| (s.0, s.1, s.2, severity)));
                self.severity[n as usize] = (0, false);
                self.ledger.settle(&item(n));
            }
        }
    }

    /// All that was seen: (true time, length, sight, severity).
    fn all(&self) -> Vec<(u64, u64, Sight, u8)> {
        let open = self
            .seen
            .iter()
            .map(|s| (s.0, s.1, s.2, self.severity[s.3 as usize].0));
        open.chain(self.settled.iter().copied()).collect()
    }
}

fn kept(ledger: &Ledger) -> Load {
    ledger
        .days()
        .into_iter()
        .map(|day| day.load)
        .fold(Load::default(), Load::plus)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

    #[test]
    fn one_interval_is_the_formula(ms in 0_u64..100_000_000, severity in 0_u8..=4, sight in sight()) {
        let ours = Weighted::of(ms, severity, sight).minutes();
        prop_assert!((ours - as_written(ms, severity, sight)).abs() < 1e-9 * ours.max(1.0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

    /// Whatever is done to wall, zone, machine and Scrim: all that was seen is in the ledger once,
    /// and no day is shorter than 23 true hours, so no cap can be passed that way.
    #[test]
    fn clocks_zones_suspend_and_restarts_neither_lose_nor_invent(
        steps in proptest::collection::vec(hostile(), 1..40)
    ) {
        let mut world = World::new();
        let (mut number, mut began_ms) = (world.ledger.day_number(), None::<u64>);
        for step in &steps {
            world.apply(step);
            let seen: Vec<_> = world.all();
            let truth = seen.iter().fold(Load::default(), |sum, &(_, ms, sight, severity)| {
                sum.plus(Load {
                    weighted: Weighted::of(ms, severity, sight),
                    severe_clear_ms: if severity >= 3 && sight.in_view == InView::Clear { ms } else { 0 },
                })
            });
            prop_assert_eq!(kept(&world.ledger), truth);
            let new = world.ledger.day_number();
            if new > number {
                // The day began in this step; the next one is at least 23 h after its beginning.
                if let Some(began) = began_ms {
                    let days = u64::from(new - number);
                    prop_assert!(world.true_ms - began >= days * DAY_MS_MIN);
                }
                let last = match step {
                    Step::Watch(ms, ..) | Step::Off(ms) | Step::Suspend(ms) | Step::Restart(ms) => *ms,
                    _ => 0,
                };
                // Not earlier than the step itself.
                began_ms = Some(world.true_ms - last);
                number = new;
            }
        }
    }

    /// Under an honest clock the days are the calendar's, to the millisecond.
    #[test]
    fn an_honest_clock_splits_at_local_midnight(
        steps in proptest::collection::vec(honest(), 1..40)
    ) {
        let mut world = World::new();
        let start = world.now;
        for step in &steps {
            world.apply(step);
        }
        let mut by_date = std::collections::BTreeMap::<i64, Load>::new();
        for (from, ms, sight, severity) in world.all() {
            let (mut from, mut left) = (start.utc_ms + i64::try_from(from).unwrap(), ms);
            while left > 0 {
                let today = u64::try_from(DAY - from.rem_euclid(DAY)).unwrap().min(left);
                let load = by_date.entry(from.div_euclid(DAY)).or_default();
                *load = load.plus(Load {
                    weighted: Weighted::of(today, severity, sight),
                    severe_clear_ms: if severity >= 3 && sight.in_view == InView::Clear { today } else { 0 },
                });
                from += i64::try_from(today).unwrap();
                left -= today;
            }
        }
        let ours: Vec<_> = world.ledger.days().into_iter().map(|d| (d.date, d.load)).collect();
        let theirs: Vec<_> = by_date
            .into_iter()
            .filter(|(_, load)| *load != Load::default())
            .map(|(date, load)| (crate::days::date_text(date), load))
            .collect();
        prop_assert_eq!(ours, theirs);
    }
}
