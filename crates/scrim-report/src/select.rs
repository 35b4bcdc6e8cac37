//! Which decisions an export is about.

use std::collections::BTreeSet;

use scrim_model::{Decision, Timestamp};
use scrim_wire::window::SyncState;

use crate::decisions::DecisionRow;

/// From `from` (with it) to `to` (without it), both being the first instants of days in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First instant.
    pub from: Timestamp,
    /// Instant after the last one.
    pub to: Timestamp,
}

impl Period {
    /// Whether `at` lies inside.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// First day.
    #[must_use]
    pub fn first_day(&self) -> String {
        self.from.utc_day()
    }

    /// Last day, which is inside.
    #[must_use]
    pub fn last_day(&self) -> String {
        self.to.plus_ms(-1).utc_day()
    }
}

/// What an export is narrowed to. Each part chooses whole groups of the statistics (day × queue × policy × action), so
/// that no two selections differ by less than a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The days.
    pub period: Period,
    /// One queue.
    pub queue: Option<String>,
    /// Decisions whose first policy is this one.
    pub policy: Option<String>,
    /// Decisions whose first action is this one.
    pub action: Option<String>,
}

impl Selection {
    /// All of a period.
    #[must_use]
    pub fn of(period: Period) -> Self {
        Self {
            period,
            queue: None,
            policy: None,
            action: None,
        }
    }

    /// Whether the decision belongs to it.
    #[must_use]
    pub fn takes(&self, decision: &Decision) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        self.period.contains(decision.decided_at)
            && is(&self.queue, decision.queue_id.as_str())
            && is(&self.policy, decision.first_policy())
            && is(&self.action, decision.headline())
    }

    /// Those of `rows` that it takes, in their order.
    #[must_use]
    pub fn of_rows(&self, rows: &[DecisionRow]) -> Vec<DecisionRow> {
        let taken = rows.iter().filter(|row| self.takes(&row.decision));
        taken.cloned().collect()
    }

    /// Decisions that count, of those that it takes. `rows` as for [`Selection::of_standing`].
    pub(crate) fn decisions(&self, rows: &[DecisionRow]) -> Vec<Decision> {
        let mut decisions = standing(rows);
        decisions.retain(|decision| self.takes(decision));
        decisions
    }

    /// Those that it takes and that would count, had the server not undone them.
    pub(crate) fn of_undone<'a>(&self, rows: &'a [DecisionRow]) -> Vec<&'a DecisionRow> {
        let counts = standing_ids(rows);
        let counts =
            |row: &&DecisionRow| row.undone && counts(&row.decision) && self.takes(&row.decision);
        rows.iter().filter(counts).collect()
    }

    /// Those that it takes and that count. `rows` must hold what was decided after the period as well: a correction
    /// made later must not give a longer period another group than a shorter one.
    #[must_use]
    pub fn of_standing(&self, rows: &[DecisionRow]) -> Vec<DecisionRow> {
        let counts = standing_ids(rows);
        let counts = |row: &&DecisionRow| {
            is_in_force(row) && counts(&row.decision) && self.takes(&row.decision)
        };
        rows.iter().filter(counts).cloned().collect()
    }
}

/// Neither taken back here nor turned away by the server.
fn is_taken(row: &DecisionRow) -> bool {
    !matches!(
        row.state,
        SyncState::Withdrawn | SyncState::Overtaken | SyncState::Parked
    )
}

/// The same, and the server has not undone it.
fn is_in_force(row: &DecisionRow) -> bool {
    !row.undone && is_taken(row)
}

/// Whether a decision is superseded by none. What the server took in its place replaced it for good: to undo that one
/// opens the item and brings nothing back.
fn standing_ids(rows: &[DecisionRow]) -> impl Fn(&Decision) -> bool {
    let taken = rows.iter().filter(|row| is_taken(row));
    let superseded: BTreeSet<_> = taken
        .filter_map(|row| row.decision.supersedes.clone())
        .collect();
    move |decision| !superseded.contains(&decision.decision_id)
}

/// Decisions that count, of all `rows`.
pub(crate) fn standing(rows: &[DecisionRow]) -> Vec<Decision> {
    let counts = standing_ids(rows);
    let standing = rows
        .iter()
        .filter(|row| is_in_force(row) && counts(&row.decision));
    standing.map(|row| row.decision.clone()).collect()
}
