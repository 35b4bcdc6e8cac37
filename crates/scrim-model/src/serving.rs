//! What may be served next: caps, severe items in a row, opting out, and "go easy on me today".
//!
//! | state | next severe item (3 or more) |
//! | --- | --- |
//! | fewer than `severe_in_row_max` severe items opened in a row | may be opened |
//! | as many | after a lighter item was opened, or `severe_pause_ms` after the last item was left |
//! | going easy | also: after each severe item lighter ones, until severe items are at most half the share that the row alone allows |
//!
//! Items that were not opened do not count. With `n` severe items in a row the share is `n ÷ (n+1)`
//! at most; half of it is `n ÷ (2n+2)`, that is `n + 2` lighter items for every `n` severe ones. A
//! whole pause stands for one lighter item. Pauses run on the boot clock.
//!
//! At a cap, items of severity 0 and 1 are still served, or none (`cap.at_limit`). The item that is
//! open can always be finished.

use serde::{Deserialize, Serialize};

use crate::exposure::{Load, Weighted};
use crate::settings::{AtLimit, Caps, Protection};

/// From this severity on an item is severe.
pub const SEVERE: u8 = 3;
/// The gravest severity that is still served at a cap.
pub const LIGHT_MAX: u8 = 1;

/// Severe items opened in a row. Kept over restarts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SevereRow {
    in_row: u32,
    /// What is owed when going easy: `n + 2` for a severe item, `n` less for a lighter one.
    owed: u32,
    /// Boot clock when the last item was left; `None` while one is open.
    left_boot_ms: Option<u64>,
}

impl SevereRow {
    /// An item was opened.
    pub fn opened(&mut self, severity: u8, protection: &Protection) {
        let n = protection.severe_in_row_max;
        self.left_boot_ms = None;
        if severity >= SEVERE {
            self.in_row = self.in_row.saturating_add(1);
            self.owed = self.owed.saturating_add(n.saturating_add(2));
        } else {
            self.in_row = 0;
            self.owed = self.owed.saturating_sub(n);
        }
    }

    /// An item that was opened before is open again: it counts once, and no pause runs.
    pub fn reopened(&mut self) {
        self.left_boot_ms = None;
    }

    /// The open item was decided, skipped or given back: the pause runs.
    pub fn left(&mut self, boot_ms: u64) {
        self.left_boot_ms.get_or_insert(boot_ms);
    }

    /// After a restart: the pause runs anew, so that a restart never shortens it.
    pub fn resumed(&mut self, boot_ms: u64) {
        self.left_boot_ms = Some(boot_ms);
    }

    /// Counts pauses that are over. To be called before asking.
    pub fn pass(&mut self, boot_ms: u64, protection: &Protection) {
        let Some(left) = self.left_boot_ms else {
            return;
        };
        let pauses = boot_ms.saturating_sub(left) / protection.severe_pause_ms.max(1);
        if pauses > 0 {
            self.in_row = 0;
            let paid = u64::from(protection.severe_in_row_max).saturating_mul(pauses);
            self.owed = self
                .owed
                .saturating_sub(u32::try_from(paid).unwrap_or(u32::MAX));
            let counted = pauses.saturating_mul(protection.severe_pause_ms.max(1));
            self.left_boot_ms = Some(left.saturating_add(counted));
        }
    }

    fn severe_may_open(&self, protection: &Protection, go_easy: bool) -> bool {
        self.in_row < protection.severe_in_row_max
            && (!go_easy || self.owed < protection.severe_in_row_max.max(1))
    }

    fn pause_left_ms(&self, boot_ms: u64, protection: &Protection) -> u64 {
        let rested = self
            .left_boot_ms
            .map_or(0, |left| boot_ms.saturating_sub(left));
        protection.severe_pause_ms.saturating_sub(rested)
    }
}

/// How the day stands against its caps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cap {
    /// Below the notice.
    Under,
    /// At the notice: said once, quietly.
    Notice,
    /// A cap is reached.
    Reached,
}

/// How `today` stands against the caps.
#[must_use]
pub fn cap(protection: &Protection, today: Load) -> Cap {
    let caps = &protection.caps;
    if today.weighted >= Weighted::from_minutes(caps.weighted_min)
        || today.severe_clear_ms >= u64::from(caps.clear_min) * 60_000
    {
        Cap::Reached
    } else if today.weighted >= Weighted::from_minutes(caps.notice_min)
        || today.severe_clear_ms >= clear_notice_ms(caps)
    {
        Cap::Notice
    } else {
        Cap::Under
    }
}

/// The notice of clear view stands at the same share of its cap as that of the weighted minutes.
fn clear_notice_ms(caps: &Caps) -> u64 {
    let share = u64::from(caps.clear_min) * 60_000 * u64::from(caps.notice_min);
    share / u64::from(caps.weighted_min.max(1))
}

/// All that serving depends on.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The settings in force.
    pub protection: &'a Protection,
    /// Today's exposure, other desks counted in.
    pub today: Load,
    /// Severe items in a row; `pass` was called.
    pub row: &'a SevereRow,
    /// "Go easy on me today" was said today.
    pub go_easy: bool,
    /// The boot clock.
    pub boot_ms: u64,
}

/// What the next claim may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimLimits {
    /// Nothing graver than this.
    pub severity_max: u8,
    /// Harm classes left out, sorted.
    pub exclude_classes: Vec<String>,
}

/// Whether an item in hand may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Yes.
    Open,
    /// After a lighter item, or in `left_ms`.
    Pause {
        /// Boot milliseconds.
        left_ms: u64,
    },
    /// Not today: a cap is reached. To be given back.
    Capped,
    /// The moderator opted out of its class. To be given back.
    OptedOut,
}

impl Standing<'_> {
    /// What the next claim may ask for; `None` if the shift ends here.
    #[must_use]
    pub fn claim(&self) -> Option<ClaimLimits> {
        let severity_max = match (
            cap(self.protection, self.today),
            self.protection.caps.at_limit,
        ) {
            (Cap::Reached, AtLimit::EndShift) => return None,
            (Cap::Reached, AtLimit::LightOnly) => LIGHT_MAX,
            _ if !self.severe_may_open() => SEVERE - 1,
            _ => 4,
        };
        Some(ClaimLimits {
            severity_max,
            exclude_classes: self.protection.opt_out.iter().cloned().collect(),
        })
    }

    /// Whether an item in hand may be opened now. `severity` is its hint.
    #[must_use]
    pub fn opening(&self, severity: u8, classes: &[String]) -> Opening {
        let opted_out = classes.iter().any(|c| self.protection.opt_out.contains(c));
        let light_only = self.protection.caps.at_limit == AtLimit::LightOnly;
        if opted_out {
            Opening::OptedOut
        } else if cap(self.protection, self.today) == Cap::Reached
            && !(light_only && severity <= LIGHT_MAX)
        {
            Opening::Capped
        } else if severity >= SEVERE && !self.severe_may_open() {
            Opening::Pause {
                left_ms: self.row.pause_left_ms(self.boot_ms, self.protection),
            }
        } else {
            Opening::Open
        }
    }

    fn severe_may_open(&self) -> bool {
        self.row.severe_may_open(self.protection, self.go_easy)
    }
}

#[cfg(test)]
#[path = "serving_tests.rs"]
mod tests;
