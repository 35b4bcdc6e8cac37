//! `scrim hold`, `scrim reported`, `scrim erase`: what keeps a record, and erasing a part of one.
//!
//! Setting, lifting, reporting and erasing write the records, so they hold the profile: no agent runs meanwhile.

use std::fs::File;

use scrim_model::retention::{
    Block, Hold, PartKept, RecordPart, Reported, TABLE_VERSION, last_day_before,
};
use scrim_model::{DecisionId, Timestamp};
use scrim_runtime::{Keys, Randomness, SystemRandomness};
use scrim_store::{NewHold, Reader, Store, StoreError, Verdict};

use crate::Found;
use crate::cli::{self, Erase, HoldDoes};
use crate::error::CliError;
use crate::others::{Profiles, alone, passphrase_of, records_of};
use crate::terminal::{confirmed, now, say};
use crate::verify::tell_bad;

const WARNING: &str = "What is erased cannot be brought back. The chain stays whole and says that it was erased. Erase it? (yes/no)";

const LIFTED: &str = "That it was lifted, when and why stays in these records for ever, and `scrim hold list` and evidence packs show it. Who may lift a hold is not known on this desk and was not checked: if somebody else decides that, tell them now.";

pub(crate) fn run(profiles: &Profiles, options: &cli::Hold) -> Result<Found, CliError> {
    match &options.does {
        HoldDoes::Set(set) => begin(profiles, set),
        HoldDoes::Lift { hold, reason } => lift(profiles, hold, reason),
        HoldDoes::List { record } => list(profiles, record.as_deref()),
    }
}

/// The records, open for writing, and the lock that keeps an agent from starting.
struct Alone {
    store: Store,
    _lock: File,
}

/// Opened for reading first: nothing is made, brought up to date or rebuilt by these commands.
fn open(profiles: &Profiles) -> Result<Alone, CliError> {
    let profile = profiles.existing()?;
    let sign_in = profile.sign_in()?.ok_or(CliError::NotSignedIn)?;
    let lock = alone(&profile)?;
    drop(records_of(&profile, &sign_in)?);
    let keys = Keys::of(&profile, &sign_in);
    let folder = profile.store_folder(&sign_in);
    let (mut store, _, _) = keys.open(&folder, passphrase_of(&keys)?, now())?;
    // The window tells of a rescue.
    store.tell_later();
    Ok(Alone { store, _lock: lock })
}

fn id_of(record: &str) -> Result<DecisionId, CliError> {
    let unknown = |_| CliError::Store(StoreError::UnknownDecision);
    DecisionId::new(record.to_owned()).map_err(unknown)
}

fn begin(profiles: &Profiles, set: &cli::SetHold) -> Result<Found, CliError> {
    let on = set.record.as_deref().map(id_of).transpose()?;
    let until = set.until.map(|day| day.after().ok_or_else(outside));
    let until = until.transpose()?;
    let start = set.start.map(|day| day.start().ok_or_else(outside));
    let at = now();
    let parts: Vec<RecordPart> = match set.part.is_empty() {
        true => RecordPart::ALL.to_vec(),
        false => set.part.iter().map(|part| part.part()).collect(),
    };
    let hold = NewHold {
        on: on.as_ref(),
        reason: &set.reason,
        start: start.transpose()?.unwrap_or(at),
        until: parts.into_iter().map(|part| (part, until)).collect(),
    };
    if until.is_some_and(|until| until <= at) {
        let text = "--until is over already. Nothing was changed.".to_owned();
        return Err(CliError::Usage(text));
    }
    let mut alone = open(profiles)?;
    let name = alone.store.set_hold(&hold, at, SystemRandomness.salt())?;
    say(&format!("Set {name}. What it holds cannot be erased."))?;
    Ok(Found::AllWell)
}

fn outside() -> CliError {
    CliError::Usage("That day is outside the calendar.".to_owned())
}

fn lift(profiles: &Profiles, named: &str, reason: &str) -> Result<Found, CliError> {
    let mut alone = open(profiles)?;
    let name = hold_named(&alone.store, named)?;
    let salt = SystemRandomness.salt();
    alone.store.lift_hold(&name, reason, now(), salt)?;
    say(&format!(
        "Lifted {name}. Rules and other holds may still keep what it held."
    ))?;
    say(LIFTED)?;
    Ok(Found::AllWell)
}

/// A hold by its own name, or the only one that is in force on the record of that name.
fn hold_named(records: &Reader, named: &str) -> Result<String, CliError> {
    let holds = records.holds(None)?;
    if holds.iter().any(|hold| hold.id == named) {
        return Ok(named.to_owned());
    }
    let of_it = |hold: &&Hold| hold.on.as_ref().is_some_and(|on| on.as_str() == named);
    let mut of_it = holds
        .iter()
        .filter(|hold| hold.lifted.is_none())
        .filter(of_it);
    match (of_it.next(), of_it.next()) {
        (Some(hold), None) => Ok(hold.id.clone()),
        (Some(_), Some(_)) => Err(CliError::Usage(
            "Several holds are on that record. Nothing was changed. Name one as `scrim hold list` shows it.".to_owned(),
        )),
        (None, _) => Err(StoreError::UnknownHold.into()),
    }
}

fn list(profiles: &Profiles, record: Option<&str>) -> Result<Found, CliError> {
    let records = profiles.records()?;
    let id = record.map(id_of).transpose()?;
    let holds = records.holds(id.as_ref())?;
    if holds.is_empty() {
        say("There are no holds.")?;
    }
    for hold in &holds {
        say(&hold_line(hold))?;
    }
    let Some(id) = id else {
        return Ok(Found::AllWell);
    };
    say(&format!(
        "How long it is kept (rules, version {TABLE_VERSION}):"
    ))?;
    let at = now();
    for kept in records.kept(&id)? {
        for line in kept_lines(&kept, at) {
            say(&line)?;
        }
    }
    Ok(Found::AllWell)
}

fn shown(text: &str) -> String {
    text.escape_debug().to_string()
}

fn reason_shown(reason: Option<&String>) -> String {
    match reason {
        Some(reason) => format!("\u{201c}{}\u{201d}", shown(reason)),
        None => "(the reason is lost)".to_owned(),
    }
}

fn hold_line(hold: &Hold) -> String {
    let on = match &hold.on {
        Some(on) => format!("on {}", shown(on.as_str())),
        None => "on every record before it".to_owned(),
    };
    let until = hold.until.iter().map(|(part, until)| match until {
        Some(until) => format!("{} until {}", part.as_str(), last_day_before(*until)),
        None => part.as_str().to_owned(),
    });
    let parts: Vec<String> = until.collect();
    let mut line = format!(
        "{} {on}, since {}: {}; {}",
        hold.id,
        hold.start.utc_day(),
        parts.join(", "),
        reason_shown(hold.reason.as_ref()),
    );
    if let Some(lifted) = &hold.lifted {
        let why = reason_shown(lifted.reason.as_ref());
        line.push_str(&format!("; lifted {}, {why}", lifted.at.utc_day()));
    }
    line
}

fn kept_lines(kept: &PartKept, at: Timestamp) -> Vec<String> {
    let part = kept.part.as_str();
    if kept.is_erased {
        return vec![format!("  {part}: erased")];
    }
    let blocked = match kept.block(at) {
        None => "may be erased".to_owned(),
        Some(Block::Hold(hold)) => format!("under {}", hold.id),
        Some(Block::Rule(kept)) => format!("until {}, that day included", kept.last_day),
    };
    let mut lines = vec![format!("  {part}: {blocked}")];
    for kept in &kept.kept {
        lines.push(format!(
            "    {} until {} ({})",
            kept.rule.what, kept.last_day, kept.rule.source
        ));
    }
    lines
}

/// `scrim reported`: begins the clocks of an authority.
pub(crate) fn reported(profiles: &Profiles, options: &cli::Report) -> Result<Found, CliError> {
    let id = id_of(&options.record)?;
    let on = options.on.start().ok_or_else(outside)?;
    let at = now();
    if on > at {
        let text = "That day has not begun. Nothing was changed.".to_owned();
        return Err(CliError::Usage(text));
    }
    let report = Reported {
        to: options.to.authority(),
        on,
        reference: options.reference.clone(),
    };
    let mut alone = open(profiles)?;
    // Its clocks run from that day: one before the decision would end them at once.
    let decided = alone
        .store
        .decision(&id)?
        .map(|row| row.decision.decided_at);
    if decided.is_some_and(|decided| on.utc_day() < decided.utc_day()) {
        let text = "That day is before the decision was made. Nothing was changed. Check the year.";
        return Err(CliError::Usage(text.to_owned()));
    }
    alone.store.keep_report(&id, &report, at)?;
    say("Kept with the record. Nothing was sent: Scrim reports nothing itself.")?;
    for kept in alone.store.kept(&id)? {
        if let Some(day) = kept.retain_until() {
            say(&format!("{} is kept until {day}.", kept.part.as_str()))?;
        }
    }
    Ok(Found::AllWell)
}

/// `scrim erase`: one part of one record, if nothing keeps it.
pub(crate) fn erase(profiles: &Profiles, options: &Erase) -> Result<Found, CliError> {
    let id = id_of(&options.record)?;
    let part = options.part.part();
    let mut alone = open(profiles)?;
    // What keeps it is read from the chain, so the chain has to be as it was written.
    match alone.store.verify()? {
        Verdict::Whole { .. } | Verdict::Beside { .. } => {}
        bad => {
            say("Nothing was erased.")?;
            return tell_bad(&bad);
        }
    }
    let at = now();
    let kept = alone.store.kept(&id)?;
    let of_part = kept.into_iter().find(|kept| kept.part == part);
    match of_part.and_then(|kept| kept.block(at)) {
        // The store refuses, and says why; the reason of a hold is told here alone.
        Some(Block::Hold(hold)) => say(&hold_line(&hold))?,
        Some(Block::Rule(_)) => {}
        None if !options.yes && !confirmed(WARNING)? => return Err(CliError::NotErased),
        None => {}
    }
    alone.store.erase_part(&id, part, at)?;
    // A lead's copy of the team's decisions has their own words as well; what may be read comes again from the server.
    alone.store.team_place().forget()?;
    say("Erased here. What the queue server, a backup or an export holds of it is not touched.")?;
    let aside = alone.store.set_aside_files()?;
    if !aside.is_empty() {
        say(&format!(
            "It may still be in records that were set aside as damaged; delete them when nobody needs them: {}",
            aside.join(" ")
        ))?;
    }
    Ok(Found::AllWell)
}
