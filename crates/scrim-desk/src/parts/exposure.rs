//! The day's exposure, as the heart holds it.

use scrim_model::exposure::{Ledger, Load, Weighted, severity_quarters};
use scrim_model::serving::{Cap, SEVERE, SevereRow};
use scrim_model::{ItemId, Timestamp};
use scrim_wire::protocol::DayTotals;

use crate::clock::Now;
use crate::event::Event;

/// What the heart knows of exposure besides the settings.
#[derive(Default)]
pub(crate) struct Exposure {
    /// `None` before the first event.
    pub(crate) ledger: Option<Ledger>,
    pub(crate) row: SevereRow,
    pub(crate) go_easy_on: Option<u32>,
    pub(crate) told: Option<(u32, Cap)>,
    /// What was on the screen when the store last wrote.
    pub(crate) written: Option<(ItemId, u8)>,
    /// Awake time at which something new was to be written.
    pub(crate) due_since_awake_ms: Option<u64>,
    pub(crate) next_save_awake_ms: u64,
    /// The other desks' totals were heard on this connection.
    pub(crate) day_heard: bool,
    /// And the server tells them.
    pub(crate) others_told: bool,
    pub(crate) asking_day: bool,
    pub(crate) next_day_boot_ms: u64,
}

impl Exposure {
    pub(crate) fn today(&self) -> Load {
        self.ledger.as_ref().map_or(Load::ALL, Ledger::today)
    }

    pub(crate) fn day(&self) -> Option<u32> {
        self.ledger.as_ref().map(Ledger::day_number)
    }

    /// Today's local date: days since 1970-01-01.
    pub(crate) fn date(&self) -> Option<i64> {
        self.ledger.as_ref().map(Ledger::date)
    }

    /// When today began.
    pub(crate) fn day_from(&self) -> Option<Timestamp> {
        self.ledger.as_ref().map(Ledger::day_from)
    }

    pub(crate) fn goes_easy(&self) -> bool {
        self.go_easy_on.is_some() && self.go_easy_on == self.day()
    }

    pub(crate) fn write_soon(&mut self, now: Now) {
        self.due_since_awake_ms.get_or_insert(now.awake_ms);
    }

    pub(crate) fn judged(&mut self, now: Now, item: &ItemId, severity: u8) {
        self.write_soon(now);
        if let Some(ledger) = &mut self.ledger {
            ledger.judged(item, severity);
        }
    }

    pub(crate) fn unjudged(&mut self, now: Now, item: &ItemId, severity_hint: u8) {
        self.write_soon(now);
        if let Some(ledger) = &mut self.ledger {
            ledger.unjudged(item, severity_hint);
        }
    }

    /// The connection is gone: the other desks are not heard any more.
    pub(crate) fn is_alone(&mut self) {
        self.day_heard = false;
        self.others_told = false;
        self.next_day_boot_ms = 0;
    }
}

/// Weighs what the person's other desks decided. Sound and colour are in no decision's totals.
pub(crate) fn load_of(totals: &DayTotals) -> Load {
    let rows = totals.rows.iter().map(|row| {
        let looked = row
            .ms_covered
            .saturating_mul(2)
            .saturating_add(row.ms_lens.saturating_mul(3))
            .saturating_add(row.ms_clear.saturating_mul(4));
        Load {
            weighted: Weighted(looked.saturating_mul(severity_quarters(row.severity))),
            severe_clear_ms: if row.severity >= SEVERE {
                row.ms_clear
            } else {
                0
            },
        }
    });
    rows.fold(Load::default(), Load::plus)
}

/// Steps that answer a key: no write to the disk may stand between them and the window.
pub(crate) fn answers_a_key(event: &Event) -> bool {
    matches!(
        event,
        Event::Command(_)
            | Event::RevealRecorded { .. }
            | Event::DecisionRecorded { .. }
            | Event::Withdrawn { .. }
            | Event::Presented { .. }
            | Event::ClearReady { .. }
            | Event::ViewsRecalled { .. }
            | Event::CoverReady { .. }
            | Event::WithoutLandlock(_)
    )
}
