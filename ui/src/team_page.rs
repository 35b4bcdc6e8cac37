//! What the window keeps of the lead's view while it is open.

use egui::Id;
use scrim_wire::protocol::Drawing;
use scrim_wire::window::{TeamQuery, TeamTableKind, TeamView};

use crate::day::Day;
use crate::limits::{TEAM_DAYS_MAX, TEAM_SAMPLE_DEFAULT, TEAM_SAMPLE_MAX};

/// Periods that are offered, in days; the second one is shown first.
pub(crate) const PERIODS: [i64; 3] = [7, 28, 90];

/// Somewhere on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Contents,
    Table(TeamTableKind),
    Disagreements,
    Samples,
}

impl Place {
    /// Every place that the contents name, in the order of the page.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let tables = TeamTableKind::ALL.into_iter().map(Self::Table);
        tables.chain([Self::Disagreements, Self::Samples])
    }

    /// Locale-free id; its title in the catalogue is `team-<id>-title`.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Contents => "contents",
            Self::Table(kind) => kind.id(),
            Self::Disagreements => "disagreements",
            Self::Samples => "samples",
        }
    }
}

/// Why a period cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeriodFault {
    NotADay,
    Reversed,
    NotBegun,
    TooLong,
}

/// What is typed on the page, and the view that it shows.
#[derive(Default)]
pub(crate) struct TeamPage {
    /// What was asked for last; `None` while the page is closed.
    pub(crate) query: Option<TeamQuery>,
    pub(crate) view: Option<Box<TeamView>>,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) size: String,
    pub(crate) practice: String,
    pub(crate) drawing: Option<Drawing>,
    /// Another period or queue was asked for, and the figures are still those from before.
    pub(crate) waits_for_view: bool,
    /// A sample was asked for, and the list of samples is still the one from before.
    pub(crate) waits_for_sample: bool,
    /// The first of the disagreements that are listed.
    pub(crate) disagreements_from: usize,
    /// Where the focus is to go.
    pub(crate) goes_to: Option<Place>,
}

impl TeamPage {
    pub(crate) fn open(query: TeamQuery) -> Self {
        Self {
            from: query.from.clone(),
            to: query.to.clone(),
            query: Some(query),
            size: TEAM_SAMPLE_DEFAULT.to_string(),
            practice: "0".to_owned(),
            ..Self::default()
        }
    }

    /// The period that is typed, or why it cannot be shown.
    pub(crate) fn typed(&self, today: Day) -> Result<(Day, Day), PeriodFault> {
        let read = |text: &str| Day::parse(text.trim()).ok_or(PeriodFault::NotADay);
        let (from, to) = (read(&self.from)?, read(&self.to)?);
        if from > to {
            Err(PeriodFault::Reversed)
        } else if to > today {
            Err(PeriodFault::NotBegun)
        } else if to.0 - from.0 >= TEAM_DAYS_MAX {
            Err(PeriodFault::TooLong)
        } else {
            Ok((from, to))
        }
    }

    /// How many decisions and how many known-answer items the form asks for; `None` if that is no sample.
    pub(crate) fn sample(&self) -> Option<(u32, u32)> {
        let size: u32 = self.size.trim().parse().ok()?;
        let practice: u32 = self.practice.trim().parse().ok()?;
        let fits = (1..=TEAM_SAMPLE_MAX).contains(&size) && practice <= TEAM_SAMPLE_MAX;
        fits.then_some((size, practice))
    }
}

/// The last `days` days that are over.
pub(crate) fn last_days(today: Day, days: i64) -> (Day, Day) {
    (today.before(days), today.before(1))
}

/// Identities of the page's text fields.
pub(crate) fn field_id(name: &str) -> Id {
    Id::unique(format!("team.{name}"))
}

/// Whether `id` is one of the page's text fields.
pub(crate) fn is_field(id: Id) -> bool {
    let names = ["from", "to", "sample.size", "sample.practice"];
    names.into_iter().any(|name| field_id(name) == id)
}
