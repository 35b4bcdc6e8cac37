//! Scrim's console: what can be done with a desk from a terminal, without a window.
//!
//! People at a terminal, scripts and `./dev` call it. It reads the store through
//! [`scrim_store::Reader`] only, also while an agent runs.
//!
//! It must never: write the store (but for `key rotate`, `hold`, `reported` and `erase`, which hold the profile so that
//! no agent runs), decode or show media, take a token as an argument (others can read a process's arguments), print a
//! token, or print an item's words.
//!
//! Exit codes: 0 all is well, 1 something bad was found, 2 the command was written wrongly; of `smoke` alone, 3 refused
//! and 4 no display; from 64 on what `sysexits.h` says (65 bad data, 66 nothing to read, 69 something is not there, 70 a bug, 74 reading or
//! writing failed, 77 not allowed).

mod audit;
mod backup;
mod cli;
mod day;
mod demo;
mod doctor;
mod doctor_network;
mod doctor_report;
mod doctor_safety;
mod error;
mod export;
mod export_evidence;
mod export_team;
mod exposure;
mod hash_list;
pub mod help;
mod hold;
mod key;
mod limits;
mod others;
mod platform_files;
mod progress;
mod recover;
mod sign_in;
mod sign_in_by_code;
mod sign_out;
mod smoke;
mod terminal;
mod verify;

use std::process::ExitCode;

use clap::FromArgMatches;

use cli::{Cli, Command};
use error::CliError;
use others::Profiles;

/// How a command that was carried out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Exit code 0.
    AllWell,
    /// Exit code 1; what is bad has been said.
    SomethingBad,
}

/// Carries out what the process's arguments say, and says on standard error what failed.
#[must_use]
pub fn run() -> ExitCode {
    let parsed = help::command()
        .try_get_matches()
        .and_then(|found| Cli::from_arg_matches(&found));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(said) => {
            // Help and version come this way as well. A terminal that has gone takes no words.
            said.print().ok();
            return ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(error::USAGE));
        }
    };
    match carry_out(cli) {
        Ok(Found::AllWell) => ExitCode::SUCCESS,
        Ok(Found::SomethingBad) => ExitCode::from(1),
        Err(CliError::ReaderGone) => ExitCode::SUCCESS,
        Err(failed) => {
            terminal::complain(&failed.to_string());
            ExitCode::from(failed.exit_code())
        }
    }
}

fn carry_out(cli: Cli) -> Result<Found, CliError> {
    let profiles = Profiles::new(cli.profile);
    match cli.command {
        Command::Demo(options) => demo::run(&options),
        Command::SignIn(options) => sign_in::run(&profiles, &options),
        Command::SignOut => sign_out::run(&profiles),
        Command::Key(options) => key::run(&profiles, &options),
        Command::Recover(options) => recover::run(&profiles, &options),
        Command::Doctor(options) => doctor::run(&profiles, &options),
        Command::Export(options) => export::run(&profiles, &options),
        Command::Hold(options) => hold::run(&profiles, &options),
        Command::Reported(options) => hold::reported(&profiles, &options),
        Command::Erase(options) => hold::erase(&profiles, &options),
        Command::Exports => audit::run(&profiles),
        Command::Exposure(options) => exposure::run(&profiles, &options),
        Command::HashList(options) => hash_list::run(&profiles, &options),
        Command::Verify(options) => verify::run(&profiles, &options),
        Command::Backup(options) => backup::run(&profiles, &options),
        Command::Smoke(options) => smoke::run(&options),
    }
}
