//! The wellbeing timer: when a rest is due, how often it may be put off, when it has been taken.
//!
//! | state | enters on | leaves on |
//! | --- | --- | --- |
//! | working | start, break over | active time reaches a limit → due |
//! | due | active time at a limit, or at the end of a snooze | snooze (twice) → working; take a break → resting |
//! | exhausted | due with no snooze left | take a break → resting |
//! | resting | take a break at any time | [`BreakTimer::length_due_ms`] of boot time later → may end → working |
//!
//! In `due` the open item can be finished and the next ones are still served; in `exhausted` no
//! new item is served. Active time runs on the awake clock, a rest on the boot clock (a suspended
//! machine rests as well). An absence as long as a break *is* a break, and an early break counts
//! as fully as a due one.
//!
//! **Severe work** (severity 3 and more) has a limit of its own beside the common one; a break is
//! due at whichever comes first. The short break answers it, every second one the long one. It is
//! short only if most of the active time since the last break was severe and the common limit was
//! not reached, so that a minute of severe work never shortens an ordinary break.
//!
//! The defaults, 50 minutes and 10 minutes, are the upper end of HSE's "5–10 minutes after 50–60
//! minutes of continuous screen work"; 25 / 5 / 10 and two snoozes of 5 minutes are a starting
//! point.

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
    /// Active time at severity 3 or more until a break is due.
    pub severe_after_ms: u64,
    /// Length of a break after severe work.
    pub severe_length_ms: u64,
    /// Length of every second one of those.
    pub severe_second_length_ms: u64,
}

impl Default for BreakSettings {
    fn default() -> Self {
        Self {
            after_ms: 50 * 60_000,
            length_ms: 10 * 60_000,
            snooze_ms: 5 * 60_000,
            snoozes_max: 2,
            severe_after_ms: 25 * 60_000,
            severe_length_ms: 5 * 60_000,
            severe_second_length_ms: 10 * 60_000,
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
    /// Of the active time, that at severity 3 or more.
    #[serde(default)]
    pub severe_ms: u64,
    /// The last break was a short one after severe work.
    #[serde(default)]
    pub last_was_short: bool,
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
    severe_ms: u64,
    snoozes_used: u8,
    last_was_short: bool,
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
            severe_ms: saved.severe_ms.min(saved.active_ms),
            snoozes_used: saved.snoozes_used,
            last_was_short: saved.last_was_short,
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
            rested_ms: self.rested_so_far(boot_ms),
            severe_ms: self.severe_ms,
            last_was_short: self.last_was_short,
        }
    }

    /// Adds active time at severity 0 to 2; passed over while resting.
    pub fn worked(&mut self, active_ms: u64) {
        if self.resting.is_none() {
            self.active_ms = self.active_ms.saturating_add(active_ms);
        }
    }

    /// Adds active time at severity 3 or more; passed over while resting.
    pub fn worked_severe(&mut self, active_ms: u64) {
        if self.resting.is_none() {
            self.active_ms = self.active_ms.saturating_add(active_ms);
            self.severe_ms = self.severe_ms.saturating_add(active_ms);
        }
    }

    /// The moderator was away, or the machine asleep, for `away_ms`: as long as a break is a break.
    pub fn away(&mut self, away_ms: u64) {
        if self.resting.is_none() && away_ms >= self.length_due_ms() {
            self.rested(away_ms);
        }
    }

    /// New settings; what was worked and rested stays.
    pub fn set_settings(&mut self, settings: BreakSettings) {
        self.settings = settings;
    }

    /// How long a break must be to count, if it is taken now.
    #[must_use]
    pub fn length_due_ms(&self) -> u64 {
        let s = &self.settings;
        let mostly_severe = self.severe_ms > 0 && self.severe_ms >= self.active_ms.div_ceil(2);
        if !mostly_severe || self.active_ms >= s.after_ms {
            s.length_ms
        } else if self.last_was_short {
            s.severe_second_length_ms
        } else {
            s.severe_length_ms
        }
    }

    fn rested(&mut self, rested_ms: u64) {
        let long = self
            .settings
            .length_ms
            .min(self.settings.severe_second_length_ms);
        self.last_was_short = rested_ms < long;
        self.active_ms = 0;
        self.severe_ms = 0;
        self.snoozes_used = 0;
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
        let Some(rested_ms) = self.rested_so_far(boot_ms) else {
            return false;
        };
        let whole = rested_ms >= self.length_due_ms();
        self.resting = None;
        if whole {
            self.rested(rested_ms);
        }
        whole
    }

    fn rested_so_far(&self, boot_ms: u64) -> Option<u64> {
        self.resting
            .map(|(before, since)| before.saturating_add(boot_ms.saturating_sub(since)))
    }

    /// Active milliseconds since the last break.
    #[must_use]
    pub fn active_ms(&self) -> u64 {
        self.active_ms
    }

    /// Of them, those at severity 3 or more.
    #[must_use]
    pub fn severe_ms(&self) -> u64 {
        self.severe_ms
    }

    /// Active milliseconds since the last break at which the next one is due, if work goes on as
    /// severe as the gravest so far.
    #[must_use]
    pub fn due_at_ms(&self) -> u64 {
        let s = &self.settings;
        if self.severe_ms == 0 {
            return s.after_ms;
        }
        let severe_left = s.severe_after_ms.saturating_sub(self.severe_ms);
        s.after_ms.min(self.active_ms.saturating_add(severe_left))
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
        if let Some(rested) = self.rested_so_far(boot_ms) {
            return BreakPhase::Resting {
                left_ms: self.length_due_ms().saturating_sub(rested),
            };
        }
        let snoozed = self
            .settings
            .snooze_ms
            .saturating_mul(u64::from(self.snoozes_used));
        let under = |worked: u64, limit: u64| worked < limit.saturating_add(snoozed);
        if under(self.active_ms, self.settings.after_ms)
            && under(self.severe_ms, self.settings.severe_after_ms)
        {
            BreakPhase::Working
        } else if self.snoozes_left() > 0 {
            BreakPhase::Due
        } else {
            BreakPhase::Exhausted
        }
    }
}

#[cfg(test)]
#[path = "breaks_tests.rs"]
mod tests;
