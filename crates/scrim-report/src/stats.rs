//! The statistics export.

use std::collections::BTreeSet;
use std::io::Write;

use crate::decisions::DecisionRow;
use crate::error::ReportError;
use crate::limits::HANDLE_TIME_SEVERITY;
use crate::select::standing;
use crate::table::{Cell, Format, write_table};
use crate::xlsx::write_sheet;
use scrim_model::Decision;
use scrim_model::stats::{StatsRow, by_day_queue_policy_action};

/// What stands for a figure that is not defined or not given.
pub const NOT_DEFINED: &str = "not defined";

/// Columns of the statistics export, in order.
pub const STATS_COLUMNS: [&str; 8] = [
    "day",
    "queue",
    "policy",
    "action",
    "count",
    "unsure",
    "handle_ms_median",
    "handle_ms_p90",
];

/// Writes one row per day × queue × policy × action, sorted by these. Withdrawn, overtaken and
/// superseded decisions do not count; one that only a withdrawn decision superseded does.
///
/// A desk's export is one person's. So handle times come only from severities below 3, and a group
/// that holds a graver decision has none at all: from the rest's figures and the count one could
/// tell that person's time for it.
///
/// # Errors
/// [`ReportError::NotWritten`] if `out` does not take it.
pub fn write_stats(
    out: &mut dyn Write,
    format: Format,
    rows: &[DecisionRow],
) -> Result<(), ReportError> {
    write_table(out, format, &STATS_COLUMNS, cells(rows).into_iter())
}

/// Writes the same table as a workbook.
///
/// # Errors
/// [`ReportError::NotWritten`] if `out` does not take it, [`ReportError::TooManyRows`].
pub fn write_stats_xlsx(out: &mut dyn Write, rows: &[DecisionRow]) -> Result<(), ReportError> {
    write_sheet(out, "Statistics", &STATS_COLUMNS, cells(rows).into_iter())
}

fn cells(rows: &[DecisionRow]) -> Vec<[Cell; 8]> {
    let standing = standing(rows);
    let grave = grave_groups(&standing);
    let cells = |row: StatsRow| {
        let open = !grave.contains(&key(&row));
        let time = |ms: Option<f64>| match ms.filter(|_| open) {
            Some(ms) => Cell::Fraction(ms),
            None => Cell::Text(NOT_DEFINED.to_owned()),
        };
        let (median, p90) = (time(row.handle_ms_median), time(row.handle_ms_p90));
        [
            Cell::Text(row.day),
            Cell::Text(row.queue),
            Cell::Text(row.policy),
            Cell::Text(row.action),
            Cell::Number(row.count),
            Cell::Number(row.unsure),
            median,
            p90,
        ]
    };
    let rows = by_day_queue_policy_action(&standing);
    rows.into_iter().map(cells).collect()
}

type Key = (String, String, String, String);

fn key(row: &StatsRow) -> Key {
    (
        row.day.clone(),
        row.queue.clone(),
        row.policy.clone(),
        row.action.clone(),
    )
}

/// The groups that hold a decision of severity 3 or more, found by the same grouping.
fn grave_groups(decisions: &[Decision]) -> BTreeSet<Key> {
    let grave: Vec<Decision> = decisions
        .iter()
        .filter(|d| d.severity >= HANDLE_TIME_SEVERITY)
        .cloned()
        .collect();
    let rows = by_day_queue_policy_action(&grave);
    rows.iter().map(key).collect()
}
