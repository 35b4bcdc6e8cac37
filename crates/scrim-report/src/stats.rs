//! The statistics export.

use std::io::Write;

use scrim_model::Timestamp;

use crate::decisions::DecisionRow;
use crate::error::ReportError;
use crate::select::Selection;
use crate::suppress::{Figure, Group, Times, groups};
use crate::table::{Cell, Format, write_table};
use crate::xlsx::write_sheet;

/// Columns of the statistics export, in order.
pub const STATS_COLUMNS: [&str; 7] = [
    "day",
    "queue",
    "policy",
    "action",
    "count",
    "handle_ms_median",
    "handle_ms_p90",
];

/// The statistics as a table: one row per day × queue × policy × action, sorted by these.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsTable {
    rows: Vec<[Cell; 7]>,
}

impl StatsTable {
    /// Of what `selection` takes of `rows` and of what counts, as [`crate::Summary::of`]. Where a group's times are not
    /// told, a word stands in their place ([`Figure::word`]).
    #[must_use]
    pub fn of(rows: &[DecisionRow], selection: &Selection, now: Timestamp) -> Self {
        let decisions = selection.decisions(rows);
        let groups = groups(&decisions, &now.utc_day());
        Self {
            rows: groups.iter().map(cells).collect(),
        }
    }

    /// Writes it as CSV or JSON Lines.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write(&self, out: &mut dyn Write, format: Format) -> Result<(), ReportError> {
        write_table(out, format, &STATS_COLUMNS, self.rows.iter().cloned())
    }

    /// Writes it as a workbook.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it, [`ReportError::TooManyRows`].
    pub fn write_xlsx(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        write_sheet(out, "Statistics", &STATS_COLUMNS, self.rows.iter().cloned())
    }
}

fn cells(group: &Group<'_>) -> [Cell; 7] {
    let (day, queue, policy, action) = &group.key;
    let times = Times::of(std::iter::once(group));
    let text = |text: &str| Cell::Text(text.to_owned());
    [
        text(day),
        text(queue),
        text(policy),
        text(action),
        Cell::Number(group.count()),
        cell(times.median),
        cell(times.p90),
    ]
}

/// A figure, or the word for why there is none.
pub(crate) fn cell(figure: Figure) -> Cell {
    match (figure.value(), figure.word()) {
        (Some(value), _) => Cell::Fraction(value),
        (None, word) => Cell::Text(word.unwrap_or_default().to_owned()),
    }
}
