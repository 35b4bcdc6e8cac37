use super::*;

const H: u64 = HOUR_MS;
const HI: i64 = 3_600_000;

/// A desk's clocks and the true time; starts at 09:00 UTC.
struct Desk {
    now: Now,
    clock: DayClock,
}

impl Desk {
    fn new() -> Self {
        let now = Now {
            awake_ms: H,
            boot_ms: H,
            utc_ms: 20_000 * CALENDAR_DAY_MS + 9 * HI,
            offset_s: 0,
        };
        Self {
            now,
            clock: DayClock::begin(now),
        }
    }

    fn pass(&mut self, hours: u64) -> u32 {
        self.now.awake_ms += hours * H;
        self.now.boot_ms += hours * H;
        self.now.utc_ms += i64::try_from(hours * H).unwrap();
        self.seen()
    }

    fn set(&mut self, hours: i64, zone: i32) -> u32 {
        self.now.utc_ms += hours * HI;
        self.now.offset_s = zone * 3_600;
        self.seen()
    }

    fn seen(&mut self) -> u32 {
        self.clock.step(self.now, 0, |_, _, _| {});
        self.clock.number()
    }

    /// The machine is off for `hours`, and its wall is set by `lie` hours meanwhile.
    fn reboot(&mut self, hours: u64, lie: i64) -> u32 {
        self.now.utc_ms += i64::try_from(hours * H).unwrap() + lie * HI;
        self.now.awake_ms = 1_000;
        self.now.boot_ms = 1_000;
        self.clock.resume(self.now, false);
        self.clock.number()
    }
}

#[test]
fn the_day_ends_at_local_midnight() {
    let mut desk = Desk::new();
    assert_eq!(desk.pass(14), 1);
    assert_eq!(desk.pass(1), 2);
    assert_eq!(date_text(desk.clock.date()), date_text(20_001));
    assert_eq!(desk.pass(23), 2);
    assert_eq!(desk.pass(1), 3);
}

#[test]
fn a_wall_set_ahead_begins_no_day_before_23_hours() {
    let mut desk = Desk::new();
    assert_eq!(desk.set(24, 0), 1);
    assert_eq!(desk.pass(13), 1, "22 h of this day");
    assert_eq!(desk.pass(1), 2, "23 h of it, and the date is later");
    assert_eq!(desk.set(24 * 300, 0), 2);
    assert_eq!(desk.pass(22), 2);
    assert_eq!(desk.pass(1), 3);
}

#[test]
fn flying_east_and_west_and_summer_time() {
    let mut east = Desk::new();
    assert_eq!(east.set(0, 14), 1, "09:00 is 23:00 there");
    assert_eq!(east.pass(1), 1, "midnight there, but after 10 h only");
    assert_eq!(east.pass(13), 2);
    let mut west = Desk::new();
    west.set(0, -10);
    assert_eq!(west.pass(24), 1, "23:00 there");
    assert_eq!(west.pass(1), 2);
    let mut summer = Desk::new();
    assert_eq!(summer.pass(15), 2);
    summer.set(0, 1);
    assert_eq!(summer.pass(22), 2);
    assert_eq!(summer.pass(1), 3, "the day of 23 h");
}

#[test]
fn a_wall_set_right_again_after_years_ahead_closes_no_cap_for_years() {
    let mut desk = Desk::new();
    desk.set(24 * 400, 0);
    assert_eq!(desk.pass(15), 2);
    desk.set(-24 * 400, 0);
    assert_eq!(desk.pass(24), 2);
    assert_eq!(desk.pass(12), 3, "36 h at the latest");
    assert_eq!(date_text(desk.clock.date()), date_text(20_002));
}

#[test]
fn a_night_off_is_a_night() {
    let mut desk = Desk::new();
    desk.pass(8);
    assert_eq!(desk.reboot(16, 0), 2);
    assert_eq!(desk.pass(14), 2);
    assert_eq!(desk.pass(1), 3, "midnight again");
}

#[test]
fn back_and_forth_over_reboots_earns_nothing() {
    let mut desk = Desk::new();
    assert_eq!(desk.reboot(0, 24), 2, "a lie that no desk can see");
    for _ in 0..10 {
        assert_eq!(desk.reboot(0, -24), 2);
        assert_eq!(desk.reboot(0, 24), 2);
    }
}

#[test]
fn the_servers_time_takes_a_forged_day_back() {
    let mut desk = Desk::new();
    let truth = desk.now.utc_ms;
    assert!(!desk.clock.server_time(desk.now, truth));
    desk.pass(2);
    assert_eq!(desk.reboot(0, 30), 2);
    assert!(desk.clock.server_time(desk.now, truth + 2 * HI));
    assert_eq!(desk.clock.number(), 1);
    assert_eq!(date_text(desk.clock.date()), date_text(20_000));
    assert_eq!(desk.pass(12), 1);
    assert_eq!(desk.pass(1), 2, "true midnight");
    desk.set(24 * 9, 0);
    assert_eq!(desk.pass(23), 2, "this boot's wall is the server's");
    assert_eq!(desk.pass(1), 3);
}

#[test]
fn an_empty_battery_loses_no_day_once_the_server_is_heard() {
    let mut desk = Desk::new();
    let truth = desk.now.utc_ms;
    desk.clock.server_time(desk.now, truth);
    desk.pass(8);
    assert_eq!(desk.reboot(16, -24 * 365 * 6), 1);
    assert!(!desk.clock.server_time(desk.now, truth + 24 * HI));
    assert_eq!(desk.clock.number(), 2);
    assert_eq!(date_text(desk.clock.date()), date_text(20_001));
}

#[test]
fn clocks_at_their_ends_do_no_harm() {
    for utc_ms in [i64::MIN, i64::MAX] {
        for offset_s in [i32::MIN, i32::MAX] {
            let now = Now {
                awake_ms: u64::MAX,
                boot_ms: u64::MAX,
                utc_ms,
                offset_s,
            };
            let mut clock = DayClock::begin(Now::default());
            clock.step(now, u64::MAX, |_, _, _| {});
            clock.resume(Now::default(), false);
            clock.resume(now, true);
            clock.server_time(now, i64::MAX);
            let mut clock = DayClock::begin(now);
            clock.step(Now::default(), 9, |_, _, _| {});
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 10_000, ..crate::tests_seed() })]

    /// Hour by hour, with whatever is done to wall, zone and Scrim: 23 to 36 hours between two days.
    #[test]
    fn every_day_has_23_to_36_hours(
        hours in proptest::collection::vec((-60_i64..60, -14_i32..=14, 0_u8..6), 100..200)
    ) {
        let mut desk = Desk::new();
        let (mut number, mut began) = (1, None);
        for (hour, (jump, zone, what)) in (0_u64..).zip(hours) {
            desk.pass(1);
            match what {
                0 => drop(desk.set(jump, 0)),
                1 => drop(desk.set(0, zone)),
                2 => {
                    desk.now.utc_ms += jump * HI;
                    desk.clock.resume(desk.now, true);
                }
                _ => {}
            }
            if desk.clock.number() > number {
                proptest::prop_assert_eq!(desk.clock.number(), number + 1);
                if let Some(began) = began {
                    // Days begin inside an hour; both ends are rounded up to it.
                    let lasted: u64 = hour - began;
                    proptest::prop_assert!((23..=36).contains(&lasted), "{lasted} h");
                }
                (number, began) = (number + 1, Some(hour));
            }
            proptest::prop_assert!(began.is_none_or(|began| hour - began < 36));
        }
    }
}
