//! Figures about a team: the tables of the lead's view, and the same as documents.
//!
//! Times, and shares of unsure, are told by the rules of [`crate::suppress`], of whole groups. Other shares are about items
//! and not about how people work: of everything that is selected, from five on. What the queue server does not say is
//! "not known" and never 0.

mod agreement;
mod document;
mod html;
mod lines;
mod says;
mod tables;

use scrim_model::days::{date_number, date_text};
use scrim_model::team::{DetectorCount, TeamGroup, TeamPair};
use scrim_model::{PolicyTree, Timestamp};
use scrim_wire::protocol::{QueueInfo, TeamDay};
use scrim_wire::window::{TeamFigure, TeamQuery, TeamRow, TeamTable, TeamTableKind};

pub use document::{TEAM_COLUMNS, TeamReport};
pub use lines::{TEAM_DECISION_COLUMNS, TeamLines};

use crate::suppress::{Figure, Shape};
use crate::table::Cell;

/// What the figures are made of, all of the query's days and queue.
#[derive(Debug, Clone, Copy)]
pub struct TeamSource<'a> {
    /// What it is about.
    pub query: &'a TeamQuery,
    /// Groups of decisions that count.
    pub groups: &'a [TeamGroup],
    /// Decisions and the reviews of them.
    pub pairs: &'a [TeamPair],
    /// What became of flagged items.
    pub detectors: &'a [DetectorCount],
    /// "Not me", by day and queue.
    pub not_me: &'a [TeamDay],
    /// The queues as they are now.
    pub queues: &'a [QueueInfo],
    /// Names of the policies.
    pub policies: &'a PolicyTree,
    /// Says which days are over, and how old what waits is.
    pub now: Timestamp,
    /// The newest day of which the server tells decisions, where it tells a day when it is over.
    pub through: Option<&'a str>,
}

/// Every table, in the order of [`TeamTableKind::ALL`].
#[must_use]
pub fn team_tables(source: &TeamSource<'_>) -> Vec<TeamTable> {
    let policy = |id: &str| source.policy_name(id).unwrap_or_default().to_owned();
    let queue = |id: &str| queue_name(source, id);
    let rows = |kind| match kind {
        TeamTableKind::Days => tables::days(source),
        TeamTableKind::Policies => tables::timed(source, |group| &group.policy, policy),
        TeamTableKind::Actions => tables::timed(source, |group| &group.action, |_| String::new()),
        TeamTableKind::TimeToAction => tables::time_to_action(source),
        TeamTableKind::Sla => tables::sla(source),
        TeamTableKind::Backlog => tables::backlog(source),
        TeamTableKind::UnsureByQueue => tables::unsure(source, |group| &group.queue, queue),
        TeamTableKind::UnsureByPolicy => tables::unsure(source, |group| &group.policy, policy),
        TeamTableKind::NotMe => tables::not_me(source),
        TeamTableKind::Overturns => tables::overturns(source),
        TeamTableKind::Agreement => agreement::rows(source),
        TeamTableKind::Detectors => tables::detectors(source.detectors),
    };
    let table = |kind: TeamTableKind| {
        let (n, rows) = rows(kind);
        TeamTable { kind, n, rows }
    };
    TeamTableKind::ALL.into_iter().map(table).collect()
}

/// The table of detectors for other documents: each one's name, and how many decisions on what it flagged there are, in
/// how many of them a policy was found to apply, the share, and the ends of its interval.
pub(crate) fn detectors(counts: &[DetectorCount]) -> Vec<(String, Vec<Cell>)> {
    let (_, rows) = tables::detectors(counts);
    let cells = |row: TeamRow| row.cells.into_iter().map(document::cell).collect();
    rows.into_iter()
        .map(|row| (row.name.clone(), cells(row)))
        .collect()
}

impl TeamSource<'_> {
    /// The first day that is not over, or not told yet.
    fn today(&self) -> String {
        let today = self.now.utc_day();
        match self.through.and_then(date_number) {
            Some(through) => today.min(date_text(through + 1)),
            None => today,
        }
    }

    /// Whether the server tells decisions of this day.
    fn is_told(&self, day: &str) -> bool {
        self.through.is_none_or(|through| day <= through)
    }

    fn shape(&self, group: &TeamGroup) -> Shape {
        Shape {
            count: group.count,
            timed: group.handle_ms.len() as u64,
            is_grave: group.is_grave,
            is_over: group.day < self.today(),
        }
    }

    /// What the queue is called; `None` for one that there is not any more.
    #[must_use]
    pub fn queue_name(&self, id: &str) -> Option<&str> {
        let found = self.queues.iter().find(|queue| queue.id.as_str() == id);
        found.map(|queue| queue.name.as_str())
    }

    /// What the policy is called; `None` for one that there is not any more.
    #[must_use]
    pub fn policy_name(&self, id: &str) -> Option<&str> {
        let mut all = self.policies.policies.iter();
        let found = all.find(|policy| policy.id.as_str() == id);
        found.map(|policy| policy.name.as_str())
    }
}

/// For a row; empty for a queue that there is not any more.
fn queue_name(source: &TeamSource<'_>, id: &str) -> String {
    source.queue_name(id).unwrap_or_default().to_owned()
}

fn told(figure: Figure) -> TeamFigure {
    match figure {
        Figure::Is(value) => TeamFigure::Is(value),
        Figure::NotDefined => TeamFigure::NotDefined,
        Figure::TooFew => TeamFigure::TooFew,
        Figure::Withheld => TeamFigure::Withheld,
        Figure::DayNotOver => TeamFigure::DayNotOver,
    }
}

fn count(n: u64) -> TeamFigure {
    TeamFigure::Is(n as f64)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
