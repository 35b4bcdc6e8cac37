//! `scrim smoke`: becomes `scrim-smoke`, so that test code stays out of what ships to desks.

use std::os::unix::process::CommandExt;
use std::process::Command;

use scrim_runtime::sibling;

use crate::Found;
use crate::cli::Smoke;
use crate::error::CliError;

pub(crate) fn run(options: &Smoke) -> Result<Found, CliError> {
    let program = sibling("scrim-smoke").map_err(|_| CliError::NoSmoke)?;
    let mut command = Command::new(program);
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // Graphics libraries look there for a display server and complain of every start without it.
        command.env("XDG_RUNTIME_DIR", std::env::temp_dir());
    }
    // Comes back only if it failed.
    let error = command.args(&options.arguments).exec();
    Err(CliError::Started {
        program: "scrim-smoke",
        what: format!("cannot be started ({})", error.kind()),
        kept: "Nothing was changed.",
    })
}
