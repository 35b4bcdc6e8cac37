//! The ledger: what was seen, by day and severity, and by item as long as its severity may change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{InView, Load, Sight, Weighted, severity_quarters};
use crate::days::{DayClock, date_text};
use crate::ids::ItemId;
use crate::limits::{LEDGER_DAYS_MAX, LEDGER_ITEMS_MAX};
use crate::time::{Now, Timestamp};

/// What was watched since the last step.
#[derive(Debug, Clone, Copy)]
pub struct Watched<'a> {
    /// The item.
    pub item: &'a ItemId,
    /// Its hint; passed over once the item is judged.
    pub severity_hint: u8,
    /// What reached the moderator.
    pub sight: Sight,
    /// For how long (see [`super::active_ms`]).
    pub active_ms: u64,
}

/// One day of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLoad {
    /// Grows by one with each day.
    pub number: u32,
    /// `YYYY-MM-DD`, local.
    pub date: String,
    /// Its exposure.
    pub load: Load,
}

/// A moderator's own exposure on this desk.
#[derive(Clone, PartialEq, Eq)]
pub struct Ledger(pub(super) Kept);

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ledger(private)")
    }
}

/// The store's bytes are no ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALedger;

impl std::fmt::Display for NotALedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the kept exposure cannot be read; decisions are not affected")
    }
}

impl std::error::Error for NotALedger {}

/// The store's own form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    clock: DayClock,
    days: BTreeMap<u32, DayRow>,
    /// Oldest first.
    items: Vec<ItemRow>,
}

#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct DayRow {
    date: i64,
    by_severity: [Tally; 5],
    others: Load,
    /// What was kept of this day could not be read: it counts as full.
    #[serde(default)]
    unknown: bool,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ItemRow {
    item: ItemId,
    severity: u8,
    judged: bool,
    by_day: BTreeMap<u32, Tally>,
}

/// Time before it is weighed by severity.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Tally {
    /// Milliseconds × (view + sound + colour) in quarters.
    quarter_ms: u64,
    clear_ms: u64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.quarter_ms = self.quarter_ms.saturating_add(other.quarter_ms);
        self.clear_ms = self.clear_ms.saturating_add(other.clear_ms);
    }

    fn load(self, severity: u8) -> Load {
        Load {
            weighted: Weighted(self.quarter_ms.saturating_mul(severity_quarters(severity))),
            severe_clear_ms: if severity >= 3 { self.clear_ms } else { 0 },
        }
    }
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn begin(now: Now) -> Self {
        let mut ledger = Self(Kept {
            clock: DayClock::begin(now),
            days: BTreeMap::new(),
            items: Vec::new(),
        });
        ledger.after_step();
        ledger
    }

    /// A ledger in the place of one that cannot be read: how much of today was used up is not known,
    /// so it counts as all of it.
    #[must_use]
    pub fn begin_unknown(now: Now) -> Self {
        let mut ledger = Self::begin(now);
        ledger.today_row().unknown = true;
        ledger
    }

    /// Whether today's figures can be believed.
    #[must_use]
    pub fn today_is_known(&self) -> bool {
        let today = self.0.days.get(&self.day_number());
        today.is_none_or(|day| !day.unknown)
    }

    /// Goes on to `now`; `watched` is what was watched since the last step. To be called at least
    /// whenever item, sight or activity change.
    pub fn step(&mut self, now: Now, watched: Option<Watched<'_>>) {
        match watched {
            None => self.0.clock.step(now, 0, |_, _, _| {}),
            Some(watched) => {
                let mut slices = Vec::new();
                self.0
                    .clock
                    .step(now, watched.active_ms, |number, date, ms| {
                        slices.push((number, date, ms));
                    });
                for (number, date, ms) in slices {
                    self.credit(number, date, ms, &watched);
                }
            }
        }
        self.after_step();
    }

    /// The item's severity was decided (or decided anew): all of its time is weighed with it.
    pub fn judged(&mut self, item: &ItemId, severity: u8) {
        if let Some(row) = self.0.items.iter_mut().find(|row| &row.item == item) {
            row.severity = severity.min(4);
            row.judged = true;
        }
    }

    /// The item's judgement was taken back: its hint counts again.
    pub fn unjudged(&mut self, item: &ItemId, severity_hint: u8) {
        if let Some(row) = self.0.items.iter_mut().find(|row| &row.item == item) {
            row.severity = severity_hint.min(4);
            row.judged = false;
        }
    }

    /// The item's severity will not change any more; its id is forgotten.
    pub fn settle(&mut self, item: &ItemId) {
        if let Some(place) = self.0.items.iter().position(|row| &row.item == item) {
            self.settle_at(place);
        }
    }

    /// What the last run may have shown after it last wrote the ledger down. Counts for the day that
    /// was written; to be called before [`Ledger::resume`].
    pub fn unwritten(&mut self, watched: &Watched<'_>) {
        let (number, date) = (self.0.clock.number(), self.0.clock.date());
        self.credit(number, date, watched.active_ms, watched);
        self.after_step();
    }

    /// After a restart of Scrim; `same_boot` if the machine was not restarted in between.
    pub fn resume(&mut self, now: Now, same_boot: bool) {
        self.0.clock.resume(now, same_boot);
        self.after_step();
    }

    /// The server's UTC, with a session's answer.
    pub fn server_time(&mut self, now: Now, server_utc_ms: i64) {
        if self.0.clock.server_time(now, server_utc_ms) {
            self.take_days_back();
        }
        self.after_step();
    }

    /// What the person's other desks add to today, as the session says. Takes the place of what was
    /// said before.
    pub fn set_others(&mut self, others: Load) {
        self.today_row().others = others;
    }

    /// The day's number. Grows by one with each day.
    #[must_use]
    pub fn day_number(&self) -> u32 {
        self.0.clock.number()
    }

    /// Today's local date: days since 1970-01-01.
    #[must_use]
    pub fn date(&self) -> i64 {
        self.0.clock.date()
    }

    /// When today began, by the wall that is believed.
    #[must_use]
    pub fn day_from(&self) -> Timestamp {
        self.0.clock.began_at()
    }

    /// Whether the server's time was heard since the machine was started.
    #[must_use]
    pub fn has_witness(&self) -> bool {
        self.0.clock.has_witness()
    }

    /// What other desks add to today.
    #[must_use]
    pub fn others(&self) -> Load {
        let today = self.0.days.get(&self.day_number());
        today.map_or_else(Load::default, |day| day.others)
    }

    /// Today, other desks counted in; all there is if it [is not known](Ledger::today_is_known).
    #[must_use]
    pub fn today(&self) -> Load {
        self.load_of(self.day_number())
    }

    /// Today and the six days before it.
    #[must_use]
    pub fn week(&self) -> Load {
        let today = self.day_number();
        (today.saturating_sub(6)..=today)
            .map(|number| self.load_of(number))
            .fold(Load::default(), Load::plus)
    }

    /// The days that are kept, oldest first, those without exposure left out.
    #[must_use]
    pub fn days(&self) -> Vec<DayLoad> {
        self.0
            .days
            .iter()
            .map(|(number, row)| DayLoad {
                number: *number,
                date: date_text(row.date),
                load: self.load_of(*number),
            })
            .filter(|day| day.load != Load::default())
            .collect()
    }

    /// The store's bytes. For the encrypted store, and nothing else.
    #[must_use]
    pub fn to_store(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).expect("numbers and ids are JSON")
    }

    /// Reads [`Ledger::to_store`]; call [`Ledger::resume`] next.
    ///
    /// # Errors
    /// [`NotALedger`] for anything else.
    pub fn from_store(bytes: &[u8]) -> Result<Self, NotALedger> {
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|_| NotALedger)
    }

    fn credit(&mut self, number: u32, date: i64, ms: u64, watched: &Watched<'_>) {
        let hint = watched.severity_hint.min(4);
        let tally = Tally {
            quarter_ms: ms.saturating_mul(watched.sight.weight_quarters()),
            clear_ms: if watched.sight.in_view == InView::Clear {
                ms
            } else {
                0
            },
        };
        self.0.days.entry(number).or_default().date = date;
        let items = &mut self.0.items;
        let place = items
            .iter()
            .rposition(|row| &row.item == watched.item)
            .unwrap_or_else(|| {
                items.push(ItemRow {
                    item: watched.item.clone(),
                    severity: hint,
                    judged: false,
                    by_day: BTreeMap::new(),
                });
                items.len() - 1
            });
        let row = &mut items[place];
        if !row.judged {
            row.severity = hint;
        }
        row.by_day.entry(number).or_default().add(tally);
    }

    fn settle_at(&mut self, place: usize) {
        let row = self.0.items.remove(place);
        for (number, tally) in row.by_day {
            // A day that is no longer kept has its row no more.
            if let Some(day) = self.0.days.get_mut(&number) {
                day.by_severity[usize::from(row.severity.min(4))].add(tally);
            }
        }
    }

    fn load_of(&self, number: u32) -> Load {
        let Some(day) = self.0.days.get(&number) else {
            return Load::default();
        };
        if day.unknown {
            return Load::ALL;
        }
        let settled = (0_u8..).zip(day.by_severity).map(|(s, t)| t.load(s));
        let open = self
            .0
            .items
            .iter()
            .filter_map(|row| row.by_day.get(&number).map(|t| t.load(row.severity)));
        settled.chain(open).fold(day.others, Load::plus)
    }

    fn today_row(&mut self) -> &mut DayRow {
        let (number, date) = (self.0.clock.number(), self.0.clock.date());
        let row = self.0.days.entry(number).or_default();
        row.date = date;
        row
    }

    /// Everything of later days belongs to today after all.
    fn take_days_back(&mut self) {
        let today = self.0.clock.number();
        let later = self.0.days.split_off(&today.saturating_add(1));
        let row = self.today_row();
        for day in later.into_values() {
            for (mine, theirs) in row.by_severity.iter_mut().zip(day.by_severity) {
                mine.add(theirs);
            }
            row.unknown |= day.unknown;
            row.others.weighted = row.others.weighted.max(day.others.weighted);
            row.others.severe_clear_ms = row.others.severe_clear_ms.max(day.others.severe_clear_ms);
        }
        for item in &mut self.0.items {
            let later = item.by_day.split_off(&today.saturating_add(1));
            for tally in later.into_values() {
                item.by_day.entry(today).or_default().add(tally);
            }
        }
    }

    /// Today has its row, and everything is bounded.
    fn after_step(&mut self) {
        self.today_row();
        while self.0.items.len() > LEDGER_ITEMS_MAX {
            self.settle_at(0);
        }
        let kept = u32::try_from(LEDGER_DAYS_MAX).unwrap_or(u32::MAX);
        let last_days = |end: u32| end.saturating_sub(kept - 1)..=end;
        let recent = last_days(self.day_number());
        // A wall that was set far ahead must not push out the days that the server gives back.
        let before = self.0.clock.may_go_back_to().map(last_days);
        let stays =
            |n: &u32| recent.contains(n) || before.as_ref().is_some_and(|days| days.contains(n));
        if !self.0.days.keys().all(stays) {
            self.0.days.retain(|n, _| stays(n));
            for item in &mut self.0.items {
                item.by_day.retain(|n, _| stays(n));
            }
            self.0.items.retain(|item| !item.by_day.is_empty());
        }
    }
}
