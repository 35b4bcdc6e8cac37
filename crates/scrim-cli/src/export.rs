//! `scrim export`: rows from the store, written by `scrim-report`.

use std::io::Write;

use scrim_model::Timestamp;
use scrim_report::{DecisionRow, ReportError, write_atomically, write_decisions, write_stats};
use scrim_store::OutboxRow;

use crate::Found;
use crate::cli::{Export, Format, What};
use crate::day::Day;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::{complain, not_written};

/// From the first instant of `from` to the first instant after `to`.
fn span(from: Day, to: Day) -> Result<(Timestamp, Timestamp), CliError> {
    if to < from {
        let text = "--to is before --from. Nothing was written.".to_owned();
        return Err(CliError::Usage(text));
    }
    let ends = from.start().zip(to.next().and_then(Day::start));
    ends.ok_or_else(|| CliError::Usage("That day is outside the calendar.".to_owned()))
}

pub(crate) fn run(profiles: &Profiles, options: &Export) -> Result<Found, CliError> {
    let (from, to) = span(options.from, options.to)?;
    let (training, made): (Vec<OutboxRow>, Vec<OutboxRow>) = profiles
        .records()?
        .decisions_between(from, to)?
        .into_iter()
        .partition(|row| row.decision.training);
    let rows: Vec<DecisionRow> = made.into_iter().map(report_row).collect();
    let write = |out: &mut dyn Write| write_rows(out, options, &rows);
    match &options.output {
        Some(file) => write_atomically(file, write)?,
        // Made in memory first: a table that stops in the middle could be taken for a whole one.
        None => {
            let mut table = Vec::new();
            write(&mut table)?;
            let mut out = std::io::stdout().lock();
            out.write_all(&table)
                .and_then(|()| out.flush())
                .map_err(not_written)?;
        }
    }
    if !training.is_empty() {
        let count = training.len();
        complain(&format!("{count} decisions made in training are left out."));
    }
    Ok(Found::AllWell)
}

fn write_rows(
    out: &mut dyn Write,
    options: &Export,
    rows: &[DecisionRow],
) -> Result<(), ReportError> {
    let format = match options.format {
        Format::Csv => scrim_report::Format::Csv,
        Format::Jsonl => scrim_report::Format::JsonLines,
    };
    match options.what {
        What::Decisions => write_decisions(out, format, rows),
        What::Stats => write_stats(out, format, rows),
    }
}

fn report_row(row: OutboxRow) -> DecisionRow {
    DecisionRow {
        decision: row.decision,
        state: row.state,
        awaiting_second: row.receipt.as_ref().is_some_and(|r| r.awaiting_second),
        receipt: row.receipt.map(|r| (r.receipt, r.at)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn days_are_days_and_the_last_one_is_inside() {
        let day = |text: &str| text.parse::<Day>();
        let (from, to) = span(day("2026-02-01").unwrap(), day("2026-02-01").unwrap()).unwrap();
        assert_eq!(from.to_string(), "2026-02-01T00:00:00.000Z");
        assert_eq!(to.to_string(), "2026-02-02T00:00:00.000Z");
        for bad in [
            "",
            "today",
            "2026-02-30",
            "20260201",
            "2026-02-01T00:00:00Z",
        ] {
            assert!(day(bad).is_err(), "{bad}");
        }
        assert!(span(day("2026-02-02").unwrap(), day("2026-02-01").unwrap()).is_err());
        assert!(span(day("2026-02-02").unwrap(), day("9999-12-31").unwrap()).is_err());
    }
}
