//! The wellbeing timer: when a rest is due, how often it may be put off, when it has been taken.
//!
//! | state | enters on | leaves on |
//! | --- | --- | --- |
//! | working | start, break over | active time reaches the limit → due |
//! | due | active time at the limit, or at the end of a snooze | snooze (twice) → working; take a break → resting |
//! | exhausted | due with no snooze left | take a break → resting |
//! | resting | take a break at any time | `length_ms` of boot time later → may end → working |
//!
//! In `due` the open item can be finished and the next ones are still served; in `exhausted` no
//! new item is served. Active time runs on the awake clock, a rest on the boot clock (a suspended
//! machine rests as well). An absence as long as a break *is* a break.
//!
//! The defaults, 50 minutes and 10 minutes, are the upper end of HSE's "5–10 minutes after 50–60
//! minutes of continuous screen work"; the two snoozes of 5 minutes are a starting point.

use serde::{Deserialize, Serialize};

/// Length settings of the timer, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakSettings {
    /// Active time until a break is due.
    pub after_ms: u64,
    /// Length of a break.
    pub length_ms: u64,
    /// Length of one snooze, in active time.
    pub snooze_ms: u64,
    /// Snoozes between two breaks.
    pub snoozes_max: u8,
}

impl Default for BreakSettings {
    fn default() -> Self {
        Self {
            after_ms: 50 * 60_000,
            length_ms: 10 * 60_000,
            snooze_ms: 5 * 60_000,
            snoozes_max: 2,
        }
    }
}

/// What must survive a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BreakSaved {
    /// Active time since the last break.
    pub active_ms: u64,
    /// Snoozes used since then.
    pub snoozes_used: u8,
    /// Rest taken so far, if a break was under way.
    pub rested_ms: Option<u64>,
}

/// Where the timer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BreakPhase {
    /// Nothing due.
    Working,
    /// A break is due and can be put off.
    Due,
    /// A break is due and cannot be put off: no new item is served.
    Exhausted,
    /// Resting; `left_ms` of it to go, 0 when it may end.
    Resting {
        /// Milliseconds to go.
        left_ms: u64,
    },
}

/// The timer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakTimer {
    settings: BreakSettings,
    active_ms: u64,
    snoozes_used: u8,
    /// Rest taken before `resting_since_boot_ms`, and that instant.
    resting: Option<(u64, u64)>,
}

impl BreakTimer {
    /// A timer that goes on where `saved` stopped. `away_ms` is the time between saving and now;
    /// negative differences of a wall clock must come in as 0.
    #[must_use]
    pub fn restored(
        settings: BreakSettings,
        saved: BreakSaved,
        away_ms: u64,
        boot_ms: u64,
    ) -> Self {
        let mut timer = Self {
            settings,
            active_ms: saved.active_ms,
            snoozes_used: saved.snoozes_used,
            resting: None,
        };
        match saved.rested_ms {
            Some(rested) => timer.resting = Some((rested.saturating_add(away_ms), boot_ms)),
            None => timer.away(away_ms),
        }
        timer
    }

    /// What to write down now.
    #[must_use]
    pub fn saved(&self, boot_ms: u64) -> BreakSaved {
        BreakSaved {
            active_ms: self.active_ms,
            snoozes_used: self.snoozes_used,
            rested_ms: self
                .resting
                .map(|(before, since)| before + boot_ms.saturating_sub(since)),
        }
    }

    /// Adds active time; passed over while resting.
    pub fn worked(&mut self, active_ms: u64) {
        if self.resting.is_none() {
            self.active_ms = self.active_ms.saturating_add(active_ms);
        }
    }

    /// The moderator was away, or the machine asleep, for `away_ms`: as long as a break is a break.
    pub fn away(&mut self, away_ms: u64) {
        if self.resting.is_none() && away_ms >= self.settings.length_ms {
            self.active_ms = 0;
            self.snoozes_used = 0;
        }
    }

    /// Puts a due break off. `false` if none is due or no snooze is left.
    #[must_use]
    pub fn snooze(&mut self) -> bool {
        if self.phase(0) != BreakPhase::Due {
            return false;
        }
        self.snoozes_used += 1;
        true
    }

    /// Starts a break, due or not; a second start changes nothing.
    pub fn take(&mut self, boot_ms: u64) {
        self.resting.get_or_insert((0, boot_ms));
    }

    /// Ends the break. A break cut short counts for nothing: the active time stays.
    /// Returns whether the whole length was rested.
    pub fn end(&mut self, boot_ms: u64) -> bool {
        let whole = matches!(self.phase(boot_ms), BreakPhase::Resting { left_ms: 0 });
        if whole {
            self.active_ms = 0;
            self.snoozes_used = 0;
        }
        self.resting = None;
        whole
    }

    /// Active milliseconds since the last break.
    #[must_use]
    pub fn active_ms(&self) -> u64 {
        self.active_ms
    }

    /// Snoozes left.
    #[must_use]
    pub fn snoozes_left(&self) -> u8 {
        self.settings.snoozes_max.saturating_sub(self.snoozes_used)
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> BreakSettings {
        self.settings
    }

    /// Where the timer stands at `boot_ms` (only resting depends on it).
    #[must_use]
    pub fn phase(&self, boot_ms: u64) -> BreakPhase {
        if let Some((before, since)) = self.resting {
            let rested = before.saturating_add(boot_ms.saturating_sub(since));
            return BreakPhase::Resting {
                left_ms: self.settings.length_ms.saturating_sub(rested),
            };
        }
        let snoozed = self
            .settings
            .snooze_ms
            .saturating_mul(u64::from(self.snoozes_used));
        if self.active_ms < self.settings.after_ms.saturating_add(snoozed) {
            BreakPhase::Working
        } else if self.snoozes_left() > 0 {
            BreakPhase::Due
        } else {
            BreakPhase::Exhausted
        }
    }
}

#[cfg(test)]
mod tests {
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
        #[test]
        fn restarting_never_gives_time_back(work in 0_u64..60 * MIN, pause in 0_u64..9 * MIN) {
            let mut timer = fresh();
            timer.worked(work);
            let back = BreakTimer::restored(BreakSettings::default(), timer.saved(0), pause, 77);
            prop_assert_eq!(back.active_ms(), work);
            prop_assert_eq!(back.phase(77), timer.phase(0));
        }
    }
}
