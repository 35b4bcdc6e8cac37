//! Writing down that an export is made, and `scrim exports`, which tells what was.

use std::collections::BTreeMap;
use std::path::Path;

use scrim_report::{
    ExportLog, ExportMade, ListEnd, ReportError, Sealed, log_export_with, read_export_log,
};

use crate::Found;
use crate::error::CliError;
use crate::others::{Desk, Profiles};
use crate::terminal::{now, say};

const KEEP: &str = "Nothing was changed, and the records are not touched by it. Keep a copy of the folder, and tell your lead. If the records were put back from a backup, put exports.log and exports.seal back with them.";

/// What an export is, before its content is known.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) what: &'static str,
    pub(crate) format: &'static str,
    pub(crate) filters: BTreeMap<String, String>,
    pub(crate) columns: Vec<String>,
    pub(crate) records: usize,
    /// Whether it names whoever is signed in, and why.
    pub(crate) named_because: Option<String>,
}

impl Draft {
    /// Adds what it is narrowed to, if it is.
    pub(crate) fn narrowed(&mut self, to: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.filters.insert(to.to_owned(), value.to_string());
        }
    }

    /// Writes it down; `sha256` is of what is written to `file`, or to standard output.
    pub(crate) fn write_down(
        self,
        desk: &Desk,
        file: Option<&Path>,
        sha256: String,
    ) -> Result<(), ReportError> {
        let name = file.and_then(Path::file_name);
        let export = ExportMade {
            at: now(),
            server: desk.origin.clone(),
            moderator: desk.moderator.clone(),
            what: self.what.to_owned(),
            format: self.format.to_owned(),
            filters: self.filters,
            columns: self.columns,
            records: self.records as u64,
            file: name.map(|name| name.to_string_lossy().into_owned()),
            sha256,
            names: match self.named_because {
                Some(_) => vec![desk.moderator.clone()],
                None => Vec::new(),
            },
            reason: self.named_because,
        };
        let key = || match desk.exports_key() {
            // With it no seal can be checked either, and the next start makes another.
            Err(fault) if fault.is_unreadable() => Ok(None),
            key => key.map_err(|fault| ReportError::NotRead(fault.to_string())),
        };
        log_export_with(&desk.export_log, key, &export)
    }
}

/// `scrim exports`: what was exported from this desk.
pub(crate) fn run(profiles: &Profiles) -> Result<Found, CliError> {
    let desk = profiles.desk()?;
    // In this order: the list goes on from what was known before, also if Scrim is started meanwhile.
    let known = desk.records.kept_exports_end()?;
    let known = known.map(|end| ListEnd {
        n: end.lines,
        last: end.last,
    });
    let mut log = read_export_log(&desk.export_log, desk.exports_key()?.as_ref())?;
    if let Some(end) = &known {
        log = log.held_against(end);
    }
    if log.exports.is_empty() && log.is_whole() {
        say("Nothing was exported from this desk.")?;
    }
    for (n, export) in (1..).zip(&log.exports) {
        for line in lines(n, export) {
            say(&line)?;
        }
    }
    let wrong = wrong(&log, known.as_ref());
    for line in told(&log).iter().chain(&wrong) {
        say(line)?;
    }
    match wrong.is_empty() {
        true => Ok(Found::AllWell),
        false => {
            say(KEEP)?;
            Ok(Found::SomethingBad)
        }
    }
}

/// What a crash leaves, and what could not be looked at.
fn told(log: &ExportLog) -> Vec<String> {
    let mut told = Vec::new();
    if log.is_cut_off {
        told.push("The last line was cut off while it was written; that export was not made.");
    }
    match log.sealed {
        Sealed::OneMore => told.push(
            "The last line has no seal: Scrim was stopped right after writing it, or the line or an older seal was put there. That export may not have been made.",
        ),
        Sealed::NotLookedAt if !log.exports.is_empty() => told.push(
            "The end of the list was not checked: it is sealed once Scrim has been started with these records.",
        ),
        Sealed::NotLookedAt | Sealed::Whole | Sealed::Broken(_) => {}
    }
    told.into_iter().map(str::to_owned).collect()
}

/// What is not as it was written. `known` is how the list ended at a start of Scrim.
fn wrong(log: &ExportLog, known: Option<&ListEnd>) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some((n, what)) = log.broken {
        wrong.push(format!(
            "Line {n} is not as it was written: {what}. What follows it is not told."
        ));
    } else if let Sealed::Broken(what) = log.sealed {
        wrong.push(format!("The list does not end as it was written: {what}."));
    }
    if let Some(end) = known.filter(|end| !log.goes_on_from(end)) {
        wrong.push(format!(
            "This is not the list that Scrim found at an earlier start: that one had {} lines, and this one does not go on from there.",
            end.n
        ));
    }
    wrong
}

fn lines(n: u64, export: &ExportMade) -> Vec<String> {
    let shown = |text: &str| text.escape_debug().to_string();
    let file = match &export.file {
        Some(name) => format!("to the file {}", shown(name)),
        None => "to standard output".to_owned(),
    };
    let (what, format) = (shown(&export.what), shown(&export.format));
    let mut told = vec![format!(
        "{n}. {}, by {}: {what} as {format} {file}, {} decisions",
        export.at,
        shown(&export.moderator),
        export.records
    )];
    let filters = export.filters.iter();
    let filters: Vec<String> = filters
        .map(|(name, value)| format!("{} {}", shown(name), shown(value)))
        .collect();
    if !filters.is_empty() {
        told.push(format!("   only {}", filters.join(", ")));
    }
    if !export.columns.is_empty() {
        let columns: Vec<String> = export.columns.iter().map(|name| shown(name)).collect();
        told.push(format!("   with {}", columns.join(", ")));
    }
    if !export.names.is_empty() {
        let names: Vec<String> = export.names.iter().map(|name| shown(name)).collect();
        let why = export.reason.as_deref().map(shown).unwrap_or_default();
        let names = names.join(", ");
        told.push(format!("   it names {names}, because: {why}"));
    }
    told
}
