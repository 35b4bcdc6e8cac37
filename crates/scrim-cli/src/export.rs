//! `scrim export`: rows from the store, written by `scrim-report`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use clap::ValueEnum;
use scrim_report::statement::{Derived, ItemFacts, PlatformRules, derive, write_statements};
use scrim_report::{
    DecisionRow, Period, ReportError, Selection, StatsTable, Summary, TeamReport, write_atomically,
    write_decisions, write_decisions_xlsx, write_regulator,
};
use scrim_store::{OutboxRow, Reader, RevertState};

use crate::Found;
use crate::cli::{Export, Format, What};
use crate::day::Day;
use crate::error::CliError;
use crate::others::Profiles;
use crate::platform_files::{items, rules};
use crate::progress::Progress;
use crate::terminal::{complain, not_written, now};
use crate::{export_evidence, export_team};

/// From the first instant of `from` to the first instant after `to`.
fn span(from: Day, to: Day) -> Result<Period, CliError> {
    if to < from {
        let text = "--to is before --from. Nothing was written.".to_owned();
        return Err(CliError::Usage(text));
    }
    let ends = from.start().zip(to.next().and_then(Day::start));
    let ends = ends.map(|(from, to)| Period { from, to });
    ends.ok_or_else(|| CliError::Usage("That day is outside the calendar.".to_owned()))
}

pub(crate) fn run(profiles: &Profiles, options: &Export) -> Result<Found, CliError> {
    let (from, to, format) = match (options.what, options.from, options.to, options.format) {
        (What::Evidence, ..) => return export_evidence::run(profiles, options),
        (_, Some(from), Some(to), Some(format)) if options.decision.is_none() => (from, to, format),
        _ => {
            let text = "--decision is for evidence only. Nothing was written.".to_owned();
            return Err(CliError::Usage(text));
        }
    };
    let selection = Selection {
        period: span(from, to)?,
        queue: options.queue.clone(),
        policy: options.policy.clone(),
        action: options.action.clone(),
    };
    fits(options, format, std::io::stdout().is_terminal())?;
    let (origin, records) = profiles.records_of_origin()?;
    if options.what == What::Team {
        let report = export_team::report(&records, options, &selection)?;
        return written(options, |out| team(&report, format, out));
    }
    if options.what == What::TeamDecisions {
        let store = export_team::store(&records)?;
        return written(options, |out| {
            export_team::write_decisions(&store, &selection, table(format), out)
        });
    }
    let undone = undone(&records)?;
    let (rows, training) = read(&records, selection.period, &undone)?;
    let made = made(options, format, &rows, selection, &origin)?;
    let found = written(options, |out| made.write(out))?;
    if training > 0 {
        complain(&format!(
            "{training} decisions made in training are left out."
        ));
    }
    made.tell();
    Ok(found)
}

fn written(
    options: &Export,
    write: impl Fn(&mut dyn Write) -> Result<(), ReportError>,
) -> Result<Found, CliError> {
    match &options.output {
        Some(file) => write_atomically(file, |out| write(out))?,
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
    Ok(Found::AllWell)
}

/// Whether there is such an export.
fn fits(options: &Export, format: Format, to_terminal: bool) -> Result<(), CliError> {
    let tables = &[Format::Csv, Format::Jsonl];
    let (formats, list): (&[Format], _) = match options.what {
        What::Decisions => (
            &[Format::Csv, Format::Jsonl, Format::Xlsx],
            "csv, jsonl or xlsx",
        ),
        What::Stats | What::Team => (Format::value_variants(), "csv, jsonl, json, xlsx or html"),
        What::Regulator | What::TeamDecisions => (tables, "csv or jsonl"),
        What::Statements | What::Evidence => (&[Format::Jsonl], "jsonl"),
    };
    let has_files = [&options.rules, &options.items].map(Option::is_some);
    let wrong = match options.what {
        _ if !formats.contains(&format) => format!(
            "There is no such format of it. Nothing was written. Use --format {list}."
        ),
        _ if format == Format::Xlsx && options.output.is_none() && to_terminal => {
            "A workbook is not for a terminal. Nothing was written. Name a file with -o.".to_owned()
        }
        What::Statements if has_files != [true, true] => {
            "Statements need --rules and --items, the files with what the platform says of its policies and of its items. Nothing was written.".to_owned()
        }
        What::Team | What::TeamDecisions if options.policy.is_some() || options.action.is_some() => {
            "The team's figures can be narrowed to days and a queue only. Nothing was written.".to_owned()
        }
        What::Decisions | What::Stats | What::Team | What::TeamDecisions
            if has_files != [false, false] => {
            "--rules and --items are for statements and regulator only. Nothing was written.".to_owned()
        }
        _ => return Ok(()),
    };
    Err(CliError::Usage(wrong))
}

/// Decisions of the period and, as far as they can be read, those made after it, which say what was corrected. Those
/// made in training are only counted.
fn read(
    records: &Reader,
    period: Period,
    undone: &BTreeSet<String>,
) -> Result<(Vec<DecisionRow>, usize), CliError> {
    let mut rows: Vec<OutboxRow> = Vec::new();
    let mut progress = Progress::over(period, now());
    records.each_decision_between(period.from, period.to, |row| {
        progress.reached(row.decision.decided_at, rows.len());
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    progress.end();
    let mut later = records.decisions_since(period.to, usize::MAX)?;
    later.reverse();
    let inside = |row: &OutboxRow| period.contains(row.decision.decided_at);
    rows.extend(later.into_iter().filter(|row| !inside(row)));
    let training = rows
        .iter()
        .filter(|row| row.decision.training && inside(row))
        .count();
    rows.retain(|row| !row.decision.training);
    let rows = rows.into_iter().map(|row| report_row(row, undone));
    Ok((rows.collect(), training))
}

/// Decisions that the server has undone, or is to undo.
fn undone(records: &Reader) -> Result<BTreeSet<String>, CliError> {
    let undone = records
        .reverts()?
        .into_iter()
        .filter(|row| match row.state {
            RevertState::Waiting | RevertState::Done { .. } | RevertState::Elsewhere => true,
            RevertState::Refused { .. } | RevertState::Moot => false,
        });
    Ok(undone.map(|row| row.decision_id.to_string()).collect())
}

/// What is to be written.
enum Made {
    Decisions(Format, Vec<DecisionRow>),
    Stats(Format, StatsTable),
    Summary(Format, Box<Summary>),
    Statements(Derived),
    Regulator(Format, Box<Regulator>),
}

struct Regulator {
    rows: Vec<DecisionRow>,
    selection: Selection,
    rules: PlatformRules,
    items: BTreeMap<String, ItemFacts>,
}

fn made(
    options: &Export,
    format: Format,
    rows: &[DecisionRow],
    selection: Selection,
    origin: &str,
) -> Result<Made, CliError> {
    Ok(match (options.what, format) {
        (What::Decisions, _) => Made::Decisions(format, selection.of_rows(rows)),
        (What::Stats, Format::Json | Format::Html) => {
            Made::Summary(format, Box::new(Summary::of(rows, &selection, now())))
        }
        (What::Stats, _) => Made::Stats(format, StatsTable::of(rows, &selection, now())),
        (What::Regulator, _) => {
            let (rules, items) = (rules(options)?, items(options)?);
            let regulator = Regulator {
                rows: rows.to_vec(),
                selection,
                rules,
                items,
            };
            Made::Regulator(format, Box::new(regulator))
        }
        (What::Statements | What::Evidence | What::Team | What::TeamDecisions, _) => {
            let (rules, items) = (rules(options)?, items(options)?);
            Made::Statements(derive(rows, &selection, &rules, &items, origin))
        }
    })
}

fn table(format: Format) -> scrim_report::Format {
    match format {
        Format::Csv => scrim_report::Format::Csv,
        _ => scrim_report::Format::JsonLines,
    }
}

fn team(report: &TeamReport, format: Format, out: &mut dyn Write) -> Result<(), ReportError> {
    match format {
        Format::Html => report.write_html(out),
        Format::Json => report.write_json(out),
        Format::Xlsx => report.write_xlsx(out),
        Format::Csv | Format::Jsonl => report.write(out, table(format)),
    }
}

impl Made {
    fn write(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        match self {
            Self::Decisions(Format::Xlsx, rows) => write_decisions_xlsx(out, rows),
            Self::Decisions(format, rows) => write_decisions(out, table(*format), rows),
            Self::Stats(Format::Xlsx, stats) => stats.write_xlsx(out),
            Self::Stats(format, stats) => stats.write(out, table(*format)),
            Self::Summary(Format::Html, summary) => summary.write_html(out),
            Self::Summary(_, summary) => summary.write_json(out),
            Self::Statements(derived) => write_statements(out, &derived.statements),
            Self::Regulator(format, r) => write_regulator(
                out,
                table(*format),
                &r.rows,
                &r.selection,
                &r.rules,
                &r.items,
            ),
        }
    }

    /// Says what is not in it.
    fn tell(&self) {
        let Self::Statements(derived) = self else {
            return;
        };
        let count = derived.statements.len();
        complain(&match count {
            1 => "1 statement.".to_owned(),
            _ => format!("{count} statements."),
        });
        for (why, ids) in &derived.left_out {
            let (count, ids) = (ids.len(), ids.join(" "));
            complain(&format!("{count} decisions gave none: {why}: {ids}"));
        }
    }
}

fn report_row(row: OutboxRow, undone: &BTreeSet<String>) -> DecisionRow {
    DecisionRow {
        undone: undone.contains(row.decision.decision_id.as_str()),
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
        let period = span(day("2026-02-01").unwrap(), day("2026-02-01").unwrap()).unwrap();
        assert_eq!(period.from.to_string(), "2026-02-01T00:00:00.000Z");
        assert_eq!(period.to.to_string(), "2026-02-02T00:00:00.000Z");
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
