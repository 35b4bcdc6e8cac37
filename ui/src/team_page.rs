//! What the window keeps of the lead's view, and how it is opened, asked and left.
//!
//! | State | Event | Then |
//! | --- | --- | --- |
//! | closed | the key, with the right to it | open: asks for the last 28 days that are over |
//! | open | the view comes, or a newer one | shown |
//! | open | the key, `Esc`, another page, the lock, no right any more | closed: nothing of it is kept, the agent is told |
//! | open | the agent closes it | closed |
//! | closed | a view comes late | nothing of it is kept |

use egui::Id;
use scrim_model::Timestamp;
use scrim_wire::protocol::Drawing;
use scrim_wire::window::{Command, TeamAsk, TeamQuery, TeamTableKind, TeamView};

use crate::day::Day;
use crate::limits::{TEAM_DAYS_MAX, TEAM_SAMPLE_DEFAULT, TEAM_SAMPLE_MAX};
use crate::state::{Overlay, WindowState, is_blank};

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
    fn open(query: TeamQuery) -> Self {
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

impl WindowState {
    /// The wall clock, from the shell: what “the last 28 days” are. Before the first frame, and
    /// whenever one is drawn.
    pub fn set_wall(&mut self, now: Timestamp) {
        self.today = Day::of(now);
    }

    /// Whether this sign-in may see the page at this moment.
    fn may_see_team(&self) -> bool {
        let leads = self.model.as_ref().is_some_and(|model| model.leads);
        leads && !self.link_lost
    }

    /// Opens the page, or leaves it.
    pub(crate) fn toggle_team(&mut self) {
        if self.team.query.is_some() {
            self.overlay = None;
            return self.settle_team();
        }
        if !self.may_see_team() || is_blank(&self.screen()) {
            return;
        }
        self.toggle_overlay(Overlay::Team);
        let (from, to) = last_days(self.today, PERIODS[1]);
        let query = TeamQuery {
            from: from.text(),
            to: to.text(),
            queue: None,
        };
        self.team = TeamPage::open(query.clone());
        self.command(Command::Team(TeamAsk::Show(query)));
    }

    /// Carries out what the page asks for; nothing once it is closed.
    pub(crate) fn ask_team(&mut self, ask: TeamAsk) {
        if self.team.query.is_none() || !self.may_see_team() {
            return;
        }
        match &ask {
            TeamAsk::Show(query) => {
                self.team.from.clone_from(&query.from);
                self.team.to.clone_from(&query.to);
                self.team.query = Some(query.clone());
                self.team.waits_for_view = true;
                self.team.disagreements_from = 0;
            }
            TeamAsk::CloseRecords => {
                if let Some(view) = &mut self.team.view {
                    view.records = None;
                }
            }
            TeamAsk::Draw { .. } => self.team.waits_for_sample = true,
            TeamAsk::Records(_) | TeamAsk::Export | TeamAsk::Close => {}
        }
        self.command(Command::Team(ask));
    }

    /// Takes the view, or its end.
    pub(crate) fn take_team(&mut self, view: Option<Box<TeamView>>) {
        if self.team.query.is_none() {
            return;
        }
        let Some(view) = view else {
            self.forget_team();
            return;
        };
        let before = self.team.view.as_ref().map(|old| &old.samples);
        if view.problem.is_some() || before != Some(&view.samples) {
            self.team.waits_for_sample = false;
        }
        self.team.waits_for_view = false;
        let last = view.disagreements.len().saturating_sub(1);
        self.team.disagreements_from = self.team.disagreements_from.min(last);
        self.team.view = Some(view);
    }

    /// Leaves the records behind a row; `false` if none are listed.
    pub(crate) fn close_team_records(&mut self) -> bool {
        let view = self.team.view.as_ref();
        let has_records = view.is_some_and(|view| view.records.is_some());
        if has_records {
            self.ask_team(TeamAsk::CloseRecords);
        }
        has_records
    }

    /// The page does not outlive what it is shown by: its place in the window, and the right to it.
    pub(crate) fn settle_team(&mut self) {
        let is_shown = self.overlay == Some(Overlay::Team) && self.may_see_team();
        if self.team.query.is_some() && !is_shown {
            self.forget_team();
            self.command(Command::Team(TeamAsk::Close));
        }
    }

    /// Nothing of the view stays here.
    fn forget_team(&mut self) {
        self.team = TeamPage::default();
        if self.overlay == Some(Overlay::Team) {
            self.overlay = None;
        }
    }
}
