//! `scrim verify`: is every record as it was written?

use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::SignIn;
use scrim_store::{Reader, StoreError, Verdict, What};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::ChainHead;

use crate::Found;
use crate::cli;
use crate::error::CliError;
use crate::others::{Profiles, records_of};
use crate::terminal::say;

const TAIL: &str = "The tail was not checked: whether entries are missing at the end, only a comparison with the queue server can tell (--online).";
const KEEP: &str = "Nothing was changed. Keep a copy of the profile's folder and tell your lead.";

pub(crate) fn run(profiles: &Profiles, options: &cli::Verify) -> Result<Found, CliError> {
    let profile = profiles.existing()?;
    let sign_in = profile.sign_in()?.ok_or(CliError::NotSignedIn)?;
    let records = match records_of(&profile, &sign_in) {
        Err(CliError::Store(StoreError::Damaged)) => {
            return tell_bad(&Verdict::Bad {
                seq: 1,
                entry_id: String::new(),
                what: What::Unreadable,
            });
        }
        opened => opened?,
    };
    let since = records.kept_head()?;
    let verdict = match options.new {
        true => records.verify_since(&since)?,
        false => records.verify()?,
    };
    let (entries, hash) = match verdict {
        Verdict::Whole { entries, head } => (entries, head),
        other => return tell_bad(&other),
    };
    say(&match (options.new, entries) {
        (true, _) => format!(
            "{} new entries after entry {}, all as they were written.",
            entries - since.entries,
            since.entries
        ),
        (false, 1) => "1 entry, and it is as it was written.".to_owned(),
        (false, n) => format!("{n} entries, all as they were written."),
    })?;
    say(&format!("Head of the chain: {hash}"))?;
    let found = match options.online {
        true => tail(&records, &sign_in, entries)?,
        false => {
            say(TAIL)?;
            Found::AllWell
        }
    };
    if found == Found::AllWell {
        records.keep_head(&ChainHead { entries, hash })?;
    }
    Ok(found)
}

/// Says what a verdict other than "whole" found.
pub(crate) fn tell_bad(verdict: &Verdict) -> Result<Found, CliError> {
    match verdict {
        Verdict::Bad {
            seq,
            entry_id,
            what,
        } => {
            // What was tampered with may hold anything, so it is shown escaped.
            let id = match entry_id.escape_debug().to_string() {
                id if id.is_empty() => id,
                id => format!(" ({id})"),
            };
            say(&format!(
                "Entry {seq}{id} is not as it was written: {what}."
            ))?;
        }
        Verdict::Beside { entries } => say(&format!(
            "{entries} entries, all as they were written; but something beside them cannot be read from the disk (what waits to be sent, looks, settings or drafts)."
        ))?,
        Verdict::Whole { .. } => return Ok(Found::AllWell),
    }
    say(KEEP)?;
    say(TAIL)?;
    Ok(Found::SomethingBad)
}

/// Compares the end of the chain with what the queue server saw of it.
fn tail(records: &Reader, sign_in: &SignIn, entries: u64) -> Result<Found, CliError> {
    let Some(desk) = records.kept_desk_id()? else {
        say("This desk has not been started yet, so the queue server has seen nothing of it.")?;
        return Ok(Found::AllWell);
    };
    // Before it is asked: what a running desk hears afterwards its answer may not hold yet.
    let last_accepted = records.last_accepted()?;
    let origin = Origin::parse(&sign_in.origin)?;
    let session = HttpQueue::new(origin, &sign_in.token)
        .for_desk(desk)
        .session();
    let seen = match session {
        Ok(session) => session.chain_head,
        Err(CallFailed::Unreachable { .. }) => {
            say("The queue server does not answer, so the tail was not checked.")?;
            return Ok(Found::AllWell);
        }
        Err(other) => return Err(CliError::Asking(other)),
    };
    let Some(seen) = seen else {
        say(
            "The queue server has seen no entry of this desk yet, so there is nothing to compare.",
        )?;
        if last_accepted > 0 {
            let accepted = records.accepted_after(0)?;
            say(&format!(
                "It has confirmed {accepted} decisions all the same: it keeps no chains, or it has lost them. Ask those who run it."
            ))?;
        }
        return Ok(Found::AllWell);
    };
    let has_lost = last_accepted > seen.entries;
    match records.hash_at(seen.entries)? {
        Some(hash) if hash == seen.hash && has_lost => {
            let lost = records.accepted_after(seen.entries)?;
            say(&format!(
                "The queue server has seen {} entries, and they are these; but it has confirmed {lost} decisions that came after them. It was put back to an earlier state: those decisions have no effect there any more. They are kept here (scrim export). Tell those who run the server.",
                seen.entries
            ))?;
            Ok(Found::SomethingBad)
        }
        Some(hash) if hash == seen.hash => {
            say(&format!(
                "The tail was checked: the queue server has seen {} entries, and they are these. {} came after them.",
                seen.entries,
                entries - seen.entries
            ))?;
            Ok(Found::AllWell)
        }
        Some(_) => {
            say(&format!(
                "Entry {} is another one than the queue server has seen: the chain was written anew from there or from before.",
                seen.entries
            ))?;
            say(KEEP)?;
            Ok(Found::SomethingBad)
        }
        None => {
            say(&format!(
                "Entries {} to {} are missing: the queue server has seen {} entries of this desk.",
                entries + 1,
                seen.entries,
                seen.entries
            ))?;
            say(KEEP)?;
            Ok(Found::SomethingBad)
        }
    }
}
