//! `scrim backup`: a verified copy of the records, also while Scrim runs.

use scrim_store::Verdict;

use crate::Found;
use crate::cli;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::say;

pub(crate) fn run(profiles: &Profiles, options: &cli::Backup) -> Result<Found, CliError> {
    match profiles.records()?.backup(&options.folder)? {
        Verdict::Whole { entries, .. } => {
            say(&format!(
                "Copied and verified: {entries} entries, all as they were written."
            ))?;
            say(
                "The copy is encrypted and opens with the key of these records only. The key is not in it: keep that safe as well, and apart from the copy.",
            )?;
            Ok(Found::AllWell)
        }
        bad => {
            say("Copied, but something in the records is not as it was written:")?;
            crate::verify::tell_bad(&bad)
        }
    }
}
