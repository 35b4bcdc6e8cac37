//! The decisions export.

use std::io::Write;

use scrim_model::limits::GRAVE_SEVERITY;
use scrim_model::view::MediumView;
use scrim_model::{Decision, FileHashes, Timestamp};
use scrim_wire::window::SyncState;

use crate::error::ReportError;
use crate::table::{Cell, Format, write_table};
use crate::xlsx::write_sheet;

/// Characters of a day in a text of an instant.
const DAY_CHARS: usize = 10;

/// A decision to be exported, with how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRow {
    /// The decision.
    pub decision: Decision,
    /// How it stands on its way to the server.
    pub state: SyncState,
    /// The server's proof and when it was given.
    pub receipt: Option<(String, Timestamp)>,
    /// Takes full effect only after a second person.
    pub awaiting_second: bool,
    /// The server has undone it, or is to.
    pub undone: bool,
}

/// Columns of the decisions export, in order. `/v1` of this contract only adds, at the end.
pub const DECISION_COLUMNS: [&str; 28] = [
    "decision_id",
    "item_id",
    "item_version",
    "queue_id",
    "decided_at",
    "skew_ms",
    "policy_version",
    "policy_ids",
    "actions",
    "durations_s",
    "severity",
    "unsure",
    "escalate_to",
    "escalate_priority",
    "handle_ms",
    "supersedes",
    "state",
    "receipt",
    "receipt_at",
    "awaiting_second",
    "media_count",
    "media_sha256",
    "propagated_from",
    "media_md5",
    "media_sha1",
    "media_pdq",
    "media_pdq_quality",
    "media_without_landlock",
];

/// Writes `rows` in their order, with a header line in CSV.
///
/// # Errors
/// [`ReportError::NotWritten`] if `out` does not take it.
pub fn write_decisions<'a>(
    out: &mut dyn Write,
    format: Format,
    rows: impl IntoIterator<Item = &'a DecisionRow>,
) -> Result<(), ReportError> {
    write_table(out, format, &DECISION_COLUMNS, rows.into_iter().map(cells))
}

/// Writes the same table as a workbook.
///
/// # Errors
/// [`ReportError::NotWritten`] if `out` does not take it, [`ReportError::TooManyRows`].
pub fn write_decisions_xlsx<'a>(
    out: &mut dyn Write,
    rows: impl IntoIterator<Item = &'a DecisionRow>,
) -> Result<(), ReportError> {
    write_sheet(
        out,
        "Decisions",
        &DECISION_COLUMNS,
        rows.into_iter().map(cells),
    )
}

/// Columns of a decisions export that names its reviewer.
pub const NAMED_COLUMNS: [&str; 29] = {
    let mut columns = ["reviewer"; 29];
    let mut n = 0;
    while n < DECISION_COLUMNS.len() {
        columns[n] = DECISION_COLUMNS[n];
        n += 1;
    }
    columns
};

/// What stands empty beside a reviewer: it tells which row of an export without names is theirs, how long somebody took or
/// whether they doubted, or, as ids of version 7 do, at which
/// millisecond they were at work.
const NOT_BESIDE_A_REVIEWER: [&str; 14] = [
    "decision_id",
    "item_id",
    "item_version",
    "media_sha256",
    "media_md5",
    "media_sha1",
    "media_pdq",
    "media_pdq_quality",
    "skew_ms",
    "unsure",
    "handle_ms",
    "supersedes",
    "receipt",
    "propagated_from",
];
/// What is rounded to the day there.
const DAYS_BESIDE_A_REVIEWER: [&str; 2] = ["decided_at", "receipt_at"];

fn named_cells(row: &DecisionRow, reviewer: &str) -> [Cell; 29] {
    let mut cells = cells(row).into_iter().zip(DECISION_COLUMNS);
    std::array::from_fn(|_| match cells.next() {
        None => text(reviewer),
        Some((_, name)) if NOT_BESIDE_A_REVIEWER.contains(&name) => Cell::Missing,
        Some((Cell::Text(mut at), name)) if DAYS_BESIDE_A_REVIEWER.contains(&name) => {
            at.truncate(DAY_CHARS);
            Cell::Text(at)
        }
        Some((cell, _)) => cell,
    })
}

/// In the order of what stands in them, which tells nothing more.
fn named(rows: &[DecisionRow], reviewer: &str) -> impl Iterator<Item = [Cell; 29]> + use<> {
    let mut rows: Vec<[Cell; 29]> = rows.iter().map(|row| named_cells(row, reviewer)).collect();
    rows.sort_by_cached_key(|cells| cells.clone().map(Cell::csv));
    rows.into_iter()
}

/// The same table with the reviewer's name, and without what must not stand beside one.
///
/// # Errors
/// As [`write_decisions`].
pub fn write_named_decisions(
    out: &mut dyn Write,
    format: Format,
    rows: &[DecisionRow],
    reviewer: &str,
) -> Result<(), ReportError> {
    write_table(out, format, &NAMED_COLUMNS, named(rows, reviewer))
}

/// The same as a workbook.
///
/// # Errors
/// As [`write_decisions_xlsx`].
pub fn write_named_decisions_xlsx(
    out: &mut dyn Write,
    rows: &[DecisionRow],
    reviewer: &str,
) -> Result<(), ReportError> {
    write_sheet(out, "Decisions", &NAMED_COLUMNS, named(rows, reviewer))
}

fn state_text(state: SyncState) -> &'static str {
    match state {
        SyncState::Held => "held",
        SyncState::Waiting => "waiting",
        SyncState::InFlight => "in_flight",
        SyncState::Accepted => "accepted",
        SyncState::Overtaken => "overtaken",
        SyncState::Parked => "parked",
        SyncState::Withdrawn => "withdrawn",
    }
}

fn text(text: impl ToString) -> Cell {
    Cell::Text(text.to_string())
}

fn or_missing<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
    value.map_or(Cell::Missing, cell)
}

fn cells(row: &DecisionRow) -> [Cell; 28] {
    let d = &row.decision;
    let escalate = d.escalate.as_ref();
    let receipt = row.receipt.as_ref();
    let is_timed = d.severity < GRAVE_SEVERITY && d.propagated_from.is_none();
    let handle = is_timed.then_some(d.handle_ms);
    [
        text(&d.decision_id),
        text(&d.item_id),
        Cell::Number(d.item_version),
        text(&d.queue_id),
        text(d.decided_at),
        Cell::Signed(d.skew_ms),
        Cell::Number(d.policy_version),
        Cell::List(d.policy_ids.iter().map(ToString::to_string).collect()),
        Cell::List(
            d.actions
                .iter()
                .map(|a| a.kind.as_str().to_owned())
                .collect(),
        ),
        Cell::Numbers(d.actions.iter().map(|a| a.duration_s).collect()),
        Cell::Number(d.severity.into()),
        Cell::Bool(d.unsure),
        or_missing(escalate, |e| text(&e.to)),
        or_missing(escalate, |e| Cell::Number(e.priority.into())),
        or_missing(handle, Cell::Number),
        or_missing(d.supersedes.as_ref(), text),
        text(state_text(row.state)),
        or_missing(receipt, |(receipt, _)| text(receipt)),
        or_missing(receipt, |(_, at)| text(at)),
        Cell::Bool(row.awaiting_second),
        Cell::Number(d.media.len() as u64),
        Cell::List(
            d.media
                .iter()
                .map(|m| m.sha256.clone().unwrap_or_default())
                .collect(),
        ),
        or_missing(d.propagated_from.as_ref(), text),
        hashes(d, |found| Some(found.md5.clone())),
        hashes(d, |found| Some(found.sha1.clone())),
        hashes(d, |found| found.picture.map(|of| of.pdq.to_string())),
        Cell::Numbers(
            d.media
                .iter()
                .map(|m| m.hashes.as_ref()?.picture.map(|of| of.quality.into()))
                .collect(),
        ),
        Cell::List(
            d.media
                .iter()
                .map(|m| m.without_landlock.to_string())
                .collect(),
        ),
    ]
}

/// One hash of each medium; empty where it was not found.
fn hashes(decision: &Decision, one: impl Fn(&FileHashes) -> Option<String>) -> Cell {
    let media = decision.media.iter();
    let of = |m: &MediumView| m.hashes.as_ref().and_then(&one).unwrap_or_default();
    Cell::List(media.map(of).collect())
}
