//! Weighted minutes of exposure, and the moderator's own ledger of them.
//!
//! `E = Σ (duration_s / 60) × w_severity × (w_view + w_sound + w_colour)`
//!
//! | weight | values |
//! | --- | --- |
//! | severity | S0 0, S1 0.25, S2 0.5, S3 1, S4 2 |
//! | view | hidden 0, covered 0.5, lens or partial 0.75, clear 1 |
//! | sound, colour | +0.5, +0.25; 0 when off |
//!
//! The weights are a starting point. All of them are quarters, so everything is kept in whole
//! sixteenths of a millisecond ([`Weighted`]): sums have no rounding and no order.
//!
//! The ledger never leaves the machine: it cannot be serialised but into the store's bytes, and its
//! debug output says nothing. Which day time belongs to is decided in [`crate::days`].

mod kept;
mod ledger;

use serde::{Deserialize, Serialize};

pub use kept::KeptExposure;
pub use ledger::{DayLoad, Ledger, NotALedger, Watched};

use crate::limits::IDLE_MS;

/// How much of an item is in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InView {
    /// Nothing.
    Hidden,
    /// Under a cover.
    Covered,
    /// Through a lens, or in part.
    Partial,
    /// Clear.
    Clear,
}

/// What of an item reaches the moderator at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sight {
    /// The picture, or the words.
    pub in_view: InView,
    /// Sound is on.
    pub sound: bool,
    /// Colour is on.
    pub colour: bool,
}

impl Sight {
    /// Covered, grey and silent.
    pub const COVERED: Sight = Sight {
        in_view: InView::Covered,
        sound: false,
        colour: false,
    };

    /// `w_view + w_sound + w_colour`, in quarters.
    #[must_use]
    pub fn weight_quarters(self) -> u64 {
        let view = match self.in_view {
            InView::Hidden => 0,
            InView::Covered => 2,
            InView::Partial => 3,
            InView::Clear => 4,
        };
        view + 2 * u64::from(self.sound) + u64::from(self.colour)
    }
}

/// `w_severity` in quarters; above 4 counts as 4.
#[must_use]
pub fn severity_quarters(severity: u8) -> u64 {
    match severity {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        _ => 8,
    }
}

/// Weighted time in sixteenths of a millisecond.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Weighted(pub u64);

/// Sixteenths of a millisecond in a minute.
const PER_MINUTE: u64 = 16 * 60_000;

impl Weighted {
    /// Exposure of one interval.
    #[must_use]
    pub fn of(duration_ms: u64, severity: u8, sight: Sight) -> Self {
        Self(
            duration_ms
                .saturating_mul(severity_quarters(severity))
                .saturating_mul(sight.weight_quarters()),
        )
    }

    /// Whole weighted minutes.
    #[must_use]
    pub fn from_minutes(minutes: u32) -> Self {
        Self(u64::from(minutes) * PER_MINUTE)
    }

    /// Whole weighted minutes, rounded down.
    #[must_use]
    pub fn whole_minutes(self) -> u64 {
        self.0 / PER_MINUTE
    }

    /// Weighted minutes, for show.
    #[must_use]
    pub fn minutes(self) -> f64 {
        self.0 as f64 / PER_MINUTE as f64
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Exposure of one day, one week or one other desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Load {
    /// Weighted time.
    pub weighted: Weighted,
    /// Clear view at severity 3 or more, in milliseconds.
    pub severe_clear_ms: u64,
}

impl Load {
    /// More than any cap.
    pub const ALL: Load = Load {
        weighted: Weighted(u64::MAX),
        severe_clear_ms: u64::MAX,
    };

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            weighted: self.weighted.plus(other.weighted),
            severe_clear_ms: self.severe_clear_ms.saturating_add(other.severe_clear_ms),
        }
    }
}

/// Active milliseconds between two readings of the awake clock: up to 15 s after the last key or
/// pointer, and all of it while `engaged` (a reveal is open, or something plays).
#[must_use]
pub fn active_ms(
    from_awake_ms: u64,
    now_awake_ms: u64,
    last_input_awake_ms: Option<u64>,
    engaged: bool,
) -> u64 {
    let until = match (engaged, last_input_awake_ms) {
        (true, _) => now_awake_ms,
        (false, Some(at)) => now_awake_ms.min(at.saturating_add(IDLE_MS)),
        (false, None) => from_awake_ms,
    };
    until.saturating_sub(from_awake_ms)
}

#[cfg(test)]
#[path = "exposure/tests.rs"]
mod tests;
