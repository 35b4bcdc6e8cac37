//! One machine with one desk on it, and what was truly seen there.

use std::collections::BTreeMap;

use scrim_desk::Desk;
use scrim_model::breaks::{BreakSaved, BreakSettings};
use scrim_model::settings::Protection;
use scrim_model::view::{Part, RevealMode};
use scrim_model::{DecisionId, ItemId};
use scrim_wire::window::{MediumState, WindowModel};

/// Weighted minutes and clear minutes of the day's caps: small, so that a sequence comes to them.
pub(super) const WEIGHTED_MIN: u32 = 1;
pub(super) const CLEAR_MIN: u32 = 1;

/// What was truly seen of one item at one desk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Minutes × (view + sound + colour).
    pub(super) minutes: f64,
    pub(super) clear_min: f64,
    pub(super) hint: u8,
    pub(super) judged: Option<u8>,
}

impl Seen {
    pub(super) fn severity(self) -> u8 {
        self.judged.unwrap_or(self.hint)
    }

    pub(super) fn weighted(self) -> f64 {
        self.minutes * [0.0, 0.25, 0.5, 1.0, 2.0][usize::from(self.severity())]
    }

    pub(super) fn severe_clear(self) -> f64 {
        if self.severity() >= 3 {
            self.clear_min
        } else {
            0.0
        }
    }
}

/// One machine with one desk on it.
pub(super) struct Machine {
    pub(super) desk: Desk,
    pub(super) name: &'static str,
    pub(super) awake_ms: u64,
    pub(super) boot_ms: u64,
    pub(super) boots: u32,
    /// What somebody set the wall to, less the truth.
    pub(super) wall_off_ms: i64,
    pub(super) offset_s: i32,
    pub(super) online: bool,
    pub(super) window: bool,
    pub(super) kept: Option<(Vec<u8>, u64, u32)>,
    pub(super) breaks: BreakSaved,
    /// Awake time of the last input.
    pub(super) input_ms: Option<u64>,
    pub(super) seen: BTreeMap<ItemId, Seen>,
    pub(super) decided: BTreeMap<DecisionId, ItemId>,
    /// Items that were on the screen: they may be finished.
    pub(super) opened: Vec<ItemId>,
    /// What the server told of the other desk, when last asked: weighted, clear.
    pub(super) told: Option<(f64, f64)>,
    pub(super) told_true_ms: u64,
}

pub(super) fn desk() -> Desk {
    let mut protection = Protection::default();
    protection.caps.weighted_min = WEIGHTED_MIN;
    protection.caps.notice_min = 0;
    protection.caps.clear_min = CLEAR_MIN;
    // Breaks are another matter.
    protection.breaks = BreakSettings {
        after_ms: u64::MAX,
        severe_after_ms: u64::MAX,
        ..BreakSettings::default()
    };
    let mut desk = Desk::new();
    desk.set_protection(protection);
    desk
}

pub(super) fn machine(name: &'static str, boot_ms: u64) -> Machine {
    Machine {
        desk: desk(),
        name,
        awake_ms: boot_ms,
        boot_ms,
        boots: 0,
        wall_off_ms: 0,
        offset_s: 0,
        online: true,
        window: false,
        kept: None,
        breaks: BreakSaved::default(),
        input_ms: None,
        seen: BTreeMap::new(),
        decided: BTreeMap::new(),
        opened: Vec::new(),
        told: None,
        told_true_ms: 0,
    }
}

impl Machine {
    /// What the window shows for `ms` is seen, as far as the moderator is there.
    pub(super) fn watch(&mut self, model: &WindowModel, ms: u64) {
        let Some(item) = model.item.as_ref().filter(|_| self.window) else {
            return;
        };
        let reveal = item.reveal.as_ref().filter(|reveal| reveal.open);
        let there_ms = match (reveal, self.input_ms) {
            (Some(_), _) => ms,
            (None, Some(input)) => (input + 15_000).saturating_sub(self.awake_ms).min(ms),
            (None, None) => 0,
        };
        let view = match reveal.map(|reveal| (&reveal.part, reveal.mode)) {
            Some((Part::Medium(_), RevealMode::Full)) => 1.0,
            Some(_) => 0.75,
            None if matches!(item.media[0], MediumState::Covered { .. }) => 0.5,
            None => 0.0,
        };
        let colour = match reveal.is_some_and(|reveal| reveal.colour) {
            true => 0.25,
            false => 0.0,
        };
        let minutes = there_ms as f64 / 60_000.0;
        let seen = self.seen.entry(item.id.clone()).or_default();
        seen.hint = item.severity_hint;
        seen.minutes += minutes * (view + colour);
        if view == 1.0 {
            seen.clear_min += minutes;
        }
    }

    pub(super) fn judge(&mut self, item: &ItemId, severity: Option<u8>) {
        self.seen.entry(item.clone()).or_default().judged = severity;
    }

    pub(super) fn own(&self) -> (f64, f64) {
        let all = self.seen.values();
        all.fold((0.0, 0.0), |(weighted, clear), seen| {
            (weighted + seen.weighted(), clear + seen.severe_clear())
        })
    }

    pub(super) fn all(&self) -> (f64, f64) {
        let (own, told) = (self.own(), self.told.unwrap_or_default());
        (own.0 + told.0, own.1 + told.1)
    }
}
