//! `scrim export`: rows from the store, written by `scrim-report`.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use clap::ValueEnum;
use scrim_report::statement::{Derived, derive, write_statements};
use scrim_report::{
    DECISION_COLUMNS, DecisionRow, Hashed, NAMED_COLUMNS, Period, REGULATOR_COLUMNS,
    RegulatorCounts, RegulatorOthers, RegulatorTable, ReportError, STATS_COLUMNS, Selection,
    StatsTable, Summary, TEAM_COLUMNS, TEAM_DECISION_COLUMNS, TeamReport, write_atomically_after,
    write_decisions, write_decisions_xlsx, write_named_decisions, write_named_decisions_xlsx,
};
use scrim_store::{OutboxRow, Reader, RevertState};

use crate::Found;
use crate::audit::Draft;
use crate::cli::{Export, Format, What};
use crate::day::Day;
use crate::error::CliError;
use crate::others::{Desk, Profiles};
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
            let text = match options.decision {
                Some(_) => "--decision is for evidence only. Nothing was written.",
                None => {
                    "This export needs its first and last day and a format. Nothing was written. Say --from DAY --to DAY --format FORMAT."
                }
            };
            return Err(CliError::Usage(text.to_owned()));
        }
    };
    let selection = Selection {
        period: span(from, to)?,
        queue: options.queue.clone(),
        policy: options.policy.clone(),
        action: options.action.clone(),
    };
    fits(options, format, std::io::stdout().is_terminal())?;
    let desk = profiles.desk()?;
    if options.what.is_of_team() {
        return of_team(&desk, options, format, &selection);
    }
    let undone = undone(&desk.records)?;
    let (rows, training) = read(&desk.records, selection.period, &undone)?;
    let mut draft = draft(options, format, &selection);
    draft.records = selection.of_standing(&rows).len();
    let made = made(options, format, &rows, selection, &desk)?;
    made.count_in(&mut draft);
    let records = draft.records;
    written(&desk, options, draft, |out| {
        made.write(out)?;
        Ok(records)
    })?;
    tell_if_empty(options, records);
    if training > 0 {
        complain(&format!(
            "{training} decisions made in training are left out."
        ));
    }
    made.tell();
    Ok(Found::AllWell)
}

/// Figures, decisions or the regulator's table of the team.
fn of_team(
    desk: &Desk,
    options: &Export,
    format: Format,
    selection: &Selection,
) -> Result<Found, CliError> {
    let draft = draft(options, format, selection);
    let store = export_team::store(&desk.records)?;
    let missing = export_team::missing(&store, selection)?;
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let records = match options.what {
        What::TeamDecisions => written(desk, options, draft, |out| {
            export_team::write_decisions(&store, selection, table(format), out)
        })?,
        What::TeamRegulator => {
            let (made, decisions) = export_team::regulator(&store, options, selection)?;
            written(desk, options, draft, |out| {
                write_regulator(&made, format, out)?;
                Ok(count(decisions))
            })?
        }
        _ => {
            let report = export_team::report(&desk.records, &store, options, selection)?;
            written(desk, options, draft, |out| {
                write_team(&report, format, out)?;
                Ok(count(report.count()))
            })?
        }
    };
    tell_if_empty(options, records);
    if let Some(missing) = missing {
        complain(&missing);
    }
    Ok(Found::AllWell)
}

/// A name that was mistyped must not become a document that says 0. Of statements it is said why there is none.
fn tell_if_empty(options: &Export, records: usize) {
    if options.what == What::Statements {
        return;
    }
    let is_narrowed = [&options.queue, &options.policy, &options.action].map(Option::is_some);
    match (records, is_narrowed.contains(&true)) {
        (0, true) => complain(
            "No decision of these days with that queue, policy or action belongs in this export, so there is none in it. Check the ids.",
        ),
        (0, false) => {
            complain("No decision of these days belongs in this export, so there is none in it.")
        }
        _ => {}
    }
}

/// Has `write` write the export, which says how many records it is of, and says so. It is written down, with the hash of
/// its content, before it gets its name or goes to standard output.
fn written(
    desk: &Desk,
    options: &Export,
    draft: Draft,
    write: impl Fn(&mut dyn Write) -> Result<usize, ReportError>,
) -> Result<usize, CliError> {
    let file = options.output.as_deref();
    if let Some(file) = file {
        desk.not_among_records(file)?;
    }
    let found = OnceCell::new();
    let hashed = |out: &mut dyn Write| {
        let mut out = Hashed::new(out);
        let records = write(&mut out)?;
        let known = found.set((records, out.sha256()));
        debug_assert!(known.is_ok(), "an export is written once");
        Ok(())
    };
    let first = || {
        let (records, sha256) = found.get().cloned().unwrap_or_default();
        let draft = Draft { records, ..draft };
        draft.write_down(desk, file, sha256)
    };
    match file {
        Some(file) => write_atomically_after(file, hashed, first)?,
        // Made in memory first: a table that stops in the middle could be taken for a whole one.
        None => {
            let mut table = Vec::new();
            hashed(&mut table)?;
            first()?;
            let mut out = std::io::stdout().lock();
            out.write_all(&table)
                .and_then(|()| out.flush())
                .map_err(not_written)?;
        }
    }
    Ok(found.get().map_or(0, |(records, _)| *records))
}

/// What is written down of it.
fn draft(options: &Export, format: Format, selection: &Selection) -> Draft {
    let (what, columns): (_, &[&str]) = match options.what {
        What::Decisions if options.named => ("decisions", &NAMED_COLUMNS),
        What::Decisions => ("decisions", &DECISION_COLUMNS),
        What::Stats if matches!(format, Format::Json | Format::Html) => ("stats", &[]),
        What::Stats => ("stats", &STATS_COLUMNS),
        What::Team if matches!(format, Format::Json | Format::Html) => ("team", &[]),
        What::Team => ("team", &TEAM_COLUMNS),
        What::TeamDecisions => ("team-decisions", &TEAM_DECISION_COLUMNS),
        What::Regulator => ("regulator", &REGULATOR_COLUMNS),
        What::TeamRegulator => ("team-regulator", &REGULATOR_COLUMNS),
        What::Statements => ("statements", &[]),
        What::Evidence => ("evidence", &[]),
    };
    let mut draft = Draft {
        what,
        format: format.name(),
        columns: columns.iter().map(ToString::to_string).collect(),
        named_because: options.reason.clone(),
        ..Draft::default()
    };
    draft.narrowed("from", Some(selection.period.first_day()));
    draft.narrowed("to", Some(selection.period.last_day()));
    draft.narrowed("queue", options.queue.as_ref());
    draft.narrowed("policy", options.policy.as_ref());
    draft.narrowed("action", options.action.as_ref());
    draft
}

/// Whether there is such an export.
fn fits(options: &Export, format: Format, to_terminal: bool) -> Result<(), CliError> {
    let (formats, list): (&[Format], _) = match options.what {
        What::Decisions | What::Regulator | What::TeamRegulator => (
            &[Format::Csv, Format::Jsonl, Format::Xlsx],
            "csv, jsonl or xlsx",
        ),
        What::Stats | What::Team => (Format::value_variants(), "csv, jsonl, json, xlsx or html"),
        What::TeamDecisions => (&[Format::Csv, Format::Jsonl], "csv or jsonl"),
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
        _ if options.named && options.what != What::Decisions => {
            "--named is for decisions only. Nothing was written.".to_owned()
        }
        _ if options.reason.as_ref().is_some_and(|why| why.trim().is_empty()) => {
            "--reason is empty. Nothing was written. Say why the reviewer is named.".to_owned()
        }
        what if what.is_of_team() && (options.policy.is_some() || options.action.is_some()) => {
            "The team's figures can be narrowed to days and a queue only. Nothing was written.".to_owned()
        }
        What::Decisions | What::Stats | What::Team | What::TeamDecisions
            if has_files != [false, false] => {
            "--rules and --items are for statements and the tables for a regulator only. Nothing was written.".to_owned()
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
    /// The same with whose they are.
    Named(Format, Vec<DecisionRow>, String),
    Stats(Format, StatsTable),
    Summary(Format, Box<Summary>),
    Statements(Derived),
    Regulator(Format, RegulatorTable),
}

fn made(
    options: &Export,
    format: Format,
    rows: &[DecisionRow],
    selection: Selection,
    desk: &Desk,
) -> Result<Made, CliError> {
    Ok(match (options.what, format) {
        (What::Decisions, _) if options.named => {
            Made::Named(format, selection.of_rows(rows), desk.moderator.clone())
        }
        (What::Decisions, _) => Made::Decisions(format, selection.of_rows(rows)),
        (What::Stats, Format::Json | Format::Html) => {
            Made::Summary(format, Box::new(Summary::of(rows, &selection, now())))
        }
        (What::Stats, _) => Made::Stats(format, StatsTable::of(rows, &selection, now())),
        (What::Regulator, _) => {
            let (rules, items) = (rules(options)?, items(options)?);
            let reports = desk.records.all_reports()?;
            let others = RegulatorOthers::of_desk(rows, &selection, &reports);
            let counts = RegulatorCounts::of_desk(rows, &selection, &rules, &items);
            Made::Regulator(format, counts.table(&others))
        }
        (
            What::Statements
            | What::Evidence
            | What::Team
            | What::TeamDecisions
            | What::TeamRegulator,
            _,
        ) => {
            let (rules, items) = (rules(options)?, items(options)?);
            Made::Statements(derive(rows, &selection, &rules, &items, &desk.origin))
        }
    })
}

fn table(format: Format) -> scrim_report::Format {
    match format {
        Format::Csv => scrim_report::Format::Csv,
        _ => scrim_report::Format::JsonLines,
    }
}

fn write_team(report: &TeamReport, format: Format, out: &mut dyn Write) -> Result<(), ReportError> {
    match format {
        Format::Html => report.write_html(out),
        Format::Json => report.write_json(out),
        Format::Xlsx => report.write_xlsx(out),
        Format::Csv | Format::Jsonl => report.write(out, table(format)),
    }
}

fn write_regulator(
    made: &RegulatorTable,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    match format {
        Format::Xlsx => made.write_xlsx(out),
        _ => made.write(out, table(format)),
    }
}

impl Made {
    fn write(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        match self {
            Self::Decisions(Format::Xlsx, rows) => write_decisions_xlsx(out, rows),
            Self::Decisions(format, rows) => write_decisions(out, table(*format), rows),
            Self::Named(Format::Xlsx, rows, who) => write_named_decisions_xlsx(out, rows, who),
            Self::Named(format, rows, who) => write_named_decisions(out, table(*format), rows, who),
            Self::Stats(Format::Xlsx, stats) => stats.write_xlsx(out),
            Self::Stats(format, stats) => stats.write(out, table(*format)),
            Self::Summary(Format::Html, summary) => summary.write_html(out),
            Self::Summary(_, summary) => summary.write_json(out),
            Self::Statements(derived) => write_statements(out, &derived.statements),
            Self::Regulator(format, made) => write_regulator(made, *format, out),
        }
    }

    /// Decisions that it is made of, where those are others than the ones that count.
    fn count_in(&self, draft: &mut Draft) {
        match self {
            Self::Decisions(_, rows) | Self::Named(_, rows, _) => draft.records = rows.len(),
            Self::Statements(derived) => draft.records = derived.statements.len(),
            Self::Stats(..) | Self::Summary(..) | Self::Regulator(..) => {}
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
