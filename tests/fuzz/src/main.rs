//! `scrim-fuzz [TARGET …]`: runs targets for a while; 1 if a reader fell over something.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a console program: the verdict is its output"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use scrim_fuzz::{Counted, NAMES, Plan, run, supervise};

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// Feeds Scrim's readers of foreign bytes with broken ones.
#[derive(Debug, Parser)]
struct Arguments {
    /// Targets, one after the other; all if none is named.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NAMES))]
    targets: Vec<String>,
    /// Minutes for each target.
    #[arg(long, default_value_t = 1)]
    minutes: u64,
    /// Seconds for each target, in place of minutes.
    #[arg(long)]
    seconds: Option<u64>,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Replaces the corpus by a small part of what was learnt.
    #[arg(long)]
    keep: bool,
    /// The folder with `corpus` and `crashes`.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR")))]
    root: PathBuf,
    /// Runs in this process; the file gets each input before it is tried.
    #[arg(long, hide = true)]
    unwatched: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match all(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::from(2)
        }
    }
}

fn all(arguments: &Arguments) -> std::io::Result<usize> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe()?;
    let named: Vec<String> = NAMES.iter().map(|&name| name.to_owned()).collect();
    let targets = if arguments.targets.is_empty() {
        &named
    } else {
        &arguments.targets
    };
    let mut findings = 0;
    for target in targets {
        let plan = Plan {
            target: target.clone(),
            time: Duration::from_secs(arguments.seconds.unwrap_or(arguments.minutes * 60)),
            seed: arguments.seed,
            keep: arguments.keep,
            root: arguments.root.clone(),
            current: arguments
                .unwatched
                .clone()
                .unwrap_or_else(|| folder.path().join(target)),
        };
        let (said, found) = match arguments.unwatched {
            Some(_) => run(&plan)?,
            None => supervise(&program, &plan)?,
        };
        println!("{}", said.trim_end());
        findings += found;
    }
    Ok(findings)
}
