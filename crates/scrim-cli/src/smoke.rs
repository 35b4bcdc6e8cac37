//! `scrim smoke`: becomes `scrim-smoke`, so that test code stays out of what ships.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::Found;
use crate::cli::Smoke;
use crate::error::CliError;
use crate::others::beside;

pub(crate) fn run(options: &Smoke) -> Result<Found, CliError> {
    let program = beside("scrim-smoke")?;
    // Comes back only if it failed.
    let error = Command::new(program).args(&options.arguments).exec();
    Err(CliError::Started {
        program: "scrim-smoke",
        what: format!("cannot be started ({})", error.kind()),
        kept: "Nothing was changed.",
    })
}
