//! Which day it is for the caps, under clocks that may lie.
//!
//! The moderator's day is the local calendar day. A new one begins only when **both** agree:
//!
//! 1. the local date is later than the day's own date, **and** at least [`DAY_MS_MIN`] (23 h, the
//!    shortest day that any calendar has: the one on which summer time begins) of *witnessed* time
//!    have passed since the day began;
//! 2. or [`DAY_MS_MAX`] (36 h) of witnessed time have passed, whatever the date says: a clock that
//!    once stood a year ahead must not keep a cap closed for a year. 36 h is a day on which someone
//!    flew west for twelve hours.
//!
//! **Witnessed time** is what the boot clock says; sleep counts, and neither the wall nor the time
//! zone can change it. A restart of Scrim in the same boot is bridged by the boot clock too. A
//! restart of the machine is bridged by the wall, counted only beyond the latest wall ever seen (so
//! that setting a clock back and forth again earns nothing), and by at least the time since boot.
//!
//! So no clock change, zone change or restart of Scrim gives a day shorter than 23 h. What a desk
//! alone cannot tell from a night's rest is a restart of the whole machine together with a wall set
//! ahead. The server's time tells it: [`DayClock::server_time`] takes such a day back, and from
//! then on the wall of this boot is the server's.
//!
//! Numbers of days grow by one with each day, also over days on which the desk was off; the date is
//! a name for people.

use serde::{Deserialize, Serialize};

use crate::time::{Now, Timestamp};

const HOUR_MS: u64 = 3_600_000;
const CALENDAR_DAY_MS: i64 = 86_400_000;
/// No day is shorter than this, in witnessed milliseconds.
pub const DAY_MS_MIN: u64 = 23 * HOUR_MS;
/// No day is longer than this, in witnessed milliseconds.
pub const DAY_MS_MAX: u64 = 36 * HOUR_MS;
/// A gap longer than this is as good as this one: everything kept is older then.
const GAP_MS_MAX: u64 = 400 * 24 * HOUR_MS;
/// Server and desk may differ by this much before a day is taken back.
const SERVER_TOLERANCE_MS: i64 = 3_600_000;
/// Largest offset from UTC that is believed, in seconds.
const OFFSET_S_MAX: i32 = 26 * 3_600;

/// Tells days apart. Kept in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayClock {
    day: Day,
    awake_ms: u64,
    boot_ms: u64,
    /// The wall as believed, and the offset with it.
    wall_ms: i64,
    offset_s: i32,
    /// Latest wall ever believed.
    high_ms: i64,
    /// The server's time in this boot: (boot clock, server's UTC).
    anchor: Option<(u64, i64)>,
    /// The server's time, carried on by witnessed time through later boots.
    carried_ms: Option<i64>,
    /// Where the day stood when the machine was restarted, until the server's time is heard.
    before_boot: Option<BeforeBoot>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Day {
    number: u32,
    /// Days since 1970-01-01, local.
    date: i64,
    /// Witnessed time since it began.
    lived_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct BeforeBoot {
    day: Day,
    offset_s: i32,
    carried_ms: i64,
}

impl DayClock {
    /// The first day of a new desk.
    #[must_use]
    pub fn begin(now: Now) -> Self {
        let mut clock = Self {
            day: Day {
                number: 1,
                date: 0,
                lived_ms: 0,
            },
            awake_ms: now.awake_ms,
            boot_ms: now.boot_ms,
            wall_ms: now.utc_ms,
            offset_s: believed(now.offset_s),
            high_ms: now.utc_ms,
            anchor: None,
            carried_ms: None,
            before_boot: None,
        };
        clock.day.date = clock.local_date();
        clock.day.lived_ms = clock.local_ms().rem_euclid(CALENDAR_DAY_MS).unsigned_abs();
        clock
    }

    /// The day's number; grows by one with each day.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.day.number
    }

    /// The day's date: days since 1970-01-01.
    #[must_use]
    pub fn date(&self) -> i64 {
        self.day.date
    }

    /// When the day began, UTC, by the wall that is believed.
    #[must_use]
    pub fn began_at(&self) -> Timestamp {
        let lived = i64::try_from(self.day.lived_ms).unwrap_or(i64::MAX);
        Timestamp(self.wall_ms.saturating_sub(lived))
    }

    /// Whether the server's time was heard since the machine was started.
    #[must_use]
    pub fn has_witness(&self) -> bool {
        self.anchor.is_some()
    }

    /// The day that may still be taken back to: the one on which the machine was restarted, until
    /// the server's time is heard.
    #[must_use]
    pub fn may_go_back_to(&self) -> Option<u32> {
        self.before_boot.map(|before| before.day.number)
    }

    /// Goes on to `now`. `active_ms` of the time since the last step, at its beginning, was active;
    /// it is handed to `credit` with the number and the date of the day that it belongs to, split
    /// where a day began. More active time than the awake clock has counted is passed over.
    pub fn step(&mut self, now: Now, active_ms: u64, mut credit: impl FnMut(u32, i64, u64)) {
        let awake = now.awake_ms.saturating_sub(self.awake_ms);
        let passed = now.boot_ms.saturating_sub(self.boot_ms).max(awake);
        let active_ms = active_ms.min(awake);
        // Active time goes on from the old wall: a wall that was set meanwhile moves none of it.
        self.run(active_ms, &mut credit);
        self.run(passed - active_ms, &mut |_, _, _| {});
        self.believe(now);
    }

    /// Goes on after a restart of Scrim; `same_boot` if the machine was not restarted.
    pub fn resume(&mut self, now: Now, same_boot: bool) {
        let gap_ms = if same_boot {
            now.boot_ms.saturating_sub(self.boot_ms)
        } else {
            if let Some(carried_ms) = self.carried_ms {
                self.before_boot.get_or_insert(BeforeBoot {
                    day: self.day,
                    offset_s: self.offset_s,
                    carried_ms,
                });
            }
            self.anchor = None;
            let by_wall = now.utc_ms.saturating_sub(self.high_ms).max(0);
            by_wall.unsigned_abs().max(now.boot_ms)
        };
        self.run(gap_ms, &mut |_, _, _| {});
        self.believe(now);
    }

    /// The server's UTC, heard at `now`. The first time in each boot counts. Returns whether days
    /// were taken back: then everything of later days belongs to the one of [`DayClock::number`].
    pub fn server_time(&mut self, now: Now, server_utc_ms: i64) -> bool {
        self.step(now, 0, |_, _, _| {});
        if self.anchor.is_some() {
            return false;
        }
        let before = self.before_boot.take();
        let ahead = self
            .carried_ms
            .map_or(0, |carried| server_utc_ms.saturating_sub(carried));
        let rewound = match before {
            Some(before) if ahead < -SERVER_TOLERANCE_MS => {
                let number = self.day.number;
                self.day = before.day;
                self.wall_ms = before.carried_ms;
                self.offset_s = before.offset_s;
                let truly = server_utc_ms.saturating_sub(before.carried_ms).max(0);
                self.run(truly.unsigned_abs(), &mut |_, _, _| {});
                self.day.number < number
            }
            _ => {
                // Time that no clock of the desk has seen, for example with an empty battery.
                self.run(ahead.max(0).unsigned_abs(), &mut |_, _, _| {});
                false
            }
        };
        self.anchor = Some((now.boot_ms, server_utc_ms));
        self.carried_ms = Some(server_utc_ms);
        self.high_ms = server_utc_ms;
        self.believe(now);
        rewound
    }

    fn local_ms(&self) -> i64 {
        self.wall_ms
            .saturating_add(i64::from(self.offset_s) * 1_000)
    }

    fn local_date(&self) -> i64 {
        self.local_ms().div_euclid(CALENDAR_DAY_MS)
    }

    /// Witnessed time until the next day begins.
    fn turn_in_ms(&self) -> u64 {
        let next_midnight = self
            .day
            .date
            .saturating_add(1)
            .saturating_mul(CALENDAR_DAY_MS);
        let by_date = next_midnight.saturating_sub(self.local_ms()).max(0);
        by_date
            .unsigned_abs()
            .max(DAY_MS_MIN.saturating_sub(self.day.lived_ms))
            .min(DAY_MS_MAX.saturating_sub(self.day.lived_ms))
    }

    /// Lets `ms` of witnessed time pass.
    fn run(&mut self, ms: u64, credit: &mut dyn FnMut(u32, i64, u64)) {
        let mut left = ms.min(GAP_MS_MAX);
        loop {
            let turn_in = self.turn_in_ms();
            let slice = left.min(turn_in);
            if slice > 0 {
                credit(self.day.number, self.day.date, slice);
                self.pass(slice);
                left -= slice;
            }
            if slice < turn_in {
                return;
            }
            self.day = Day {
                number: self.day.number.saturating_add(1),
                date: self.local_date(),
                lived_ms: 0,
            };
        }
    }

    fn pass(&mut self, ms: u64) {
        let signed = i64::try_from(ms).unwrap_or(i64::MAX);
        self.day.lived_ms = self.day.lived_ms.saturating_add(ms);
        self.wall_ms = self.wall_ms.saturating_add(signed);
        self.carried_ms = self.carried_ms.map(|at| at.saturating_add(signed));
    }

    /// Takes over the clocks of `now`; a day whose turn it is begins.
    fn believe(&mut self, now: Now) {
        self.awake_ms = now.awake_ms;
        self.boot_ms = now.boot_ms;
        self.offset_s = believed(now.offset_s);
        self.wall_ms = match self.anchor {
            Some((boot_ms, utc_ms)) => {
                let since = now.boot_ms.saturating_sub(boot_ms);
                utc_ms.saturating_add(i64::try_from(since).unwrap_or(i64::MAX))
            }
            None => now.utc_ms,
        };
        self.high_ms = self.high_ms.max(self.wall_ms);
        self.run(0, &mut |_, _, _| {});
    }
}

fn believed(offset_s: i32) -> i32 {
    offset_s.clamp(-OFFSET_S_MAX, OFFSET_S_MAX)
}

/// Days since 1970-01-01 of a date written as `YYYY-MM-DD`; `None` if it is none.
#[must_use]
pub fn date_number(date: &str) -> Option<i64> {
    let start = Timestamp::parse(&format!("{date}T00:00:00Z")).ok()?;
    Some(start.0.div_euclid(CALENDAR_DAY_MS))
}

/// A date as `YYYY-MM-DD`.
#[must_use]
pub fn date_text(days_since_1970: i64) -> String {
    Timestamp(days_since_1970.saturating_mul(CALENDAR_DAY_MS)).utc_day()
}

#[cfg(test)]
#[path = "days_tests.rs"]
mod tests;
