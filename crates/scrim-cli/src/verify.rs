//! `scrim verify`: is every record as it was written?

use scrim_store::Verdict;

use crate::Found;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::say;

const TAIL: &str = "The tail was not checked: whether entries are missing at the end, only a comparison with the queue server can tell.";

pub(crate) fn run(profiles: &Profiles) -> Result<Found, CliError> {
    match profiles.records()?.verify()? {
        Verdict::Whole { entries, head } => {
            say(&match entries {
                1 => "1 entry, and it is as it was written.".to_owned(),
                n => format!("{n} entries, all as they were written."),
            })?;
            say(&format!("Head of the chain: {head}"))?;
            say(TAIL)?;
            Ok(Found::AllWell)
        }
        Verdict::Bad {
            seq,
            entry_id,
            what,
        } => {
            // What was tampered with may hold anything, so it is shown escaped.
            let id = entry_id.escape_debug();
            say(&format!(
                "Entry {seq} ({id}) is not as it was written: {what}."
            ))?;
            say("Nothing was changed. Keep a copy of the profile's folder and tell your lead.")?;
            say(TAIL)?;
            Ok(Found::SomethingBad)
        }
    }
}
