//! `scrim-smoke`: what a moderator does, on the real views, the real heart, store, workers and
//! server, without a display and with a clock that the journeys turn themselves.
//!
//! Only the window's shell (eframe) and Tauri are left out. It never touches a server that it has
//! not started itself, and nothing of it is in what ships.
#![allow(clippy::print_stdout, reason = "a console program")]

mod apart_journeys;
mod broken_journeys;
mod check_in_journeys;
mod clock;
mod colleague_journeys;
mod conflict_journeys;
mod copies_journeys;
mod covering_journeys;
mod film_journeys;
mod floor_journeys;
mod journeys;
mod junit;
mod keeping_journeys;
mod key_journeys;
mod limit_journeys;
mod lock_journeys;
mod looking_journeys;
mod recorder;
mod served;
mod several_journeys;
mod shots;
mod stage;
mod states;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

/// Runs Scrim's user journeys without a display.
///
/// Exit codes: 0 all passed, 1 a journey failed, 2 wrong usage.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Only list the journeys.
    #[arg(long)]
    list: bool,
    /// Run only this journey; may be given several times.
    #[arg(long, value_name = "NAME")]
    journey: Vec<String>,
    /// Write a JUnit report here.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write screenshots into this folder.
    #[arg(long, value_name = "DIR")]
    screenshots: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.list {
        for journey in journeys::all() {
            println!("{}  {}", journey.name, journey.about);
        }
        return ExitCode::SUCCESS;
    }
    let unknown = options
        .journey
        .iter()
        .find(|name| journeys::all().all(|j| j.name != name.as_str()));
    if let Some(name) = unknown {
        println!("There is no journey {name}. `scrim smoke --list` shows them all.");
        return ExitCode::from(2);
    }
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all passed. Pictures are taken beside the journeys: they share nothing.
fn run(options: &Options) -> Result<bool, stage::Failed> {
    let (results, pictures) = std::thread::scope(|scope| {
        let folder = options.screenshots.as_deref();
        let pictures = folder.map(|folder| scope.spawn(|| shots::take(folder)));
        let results = run_journeys(&options.journey);
        let died = |_| Err(stage::Failed::new("the pictures were cut off by a fault"));
        let pictures = pictures.map(|thread| thread.join().unwrap_or_else(died));
        (results, pictures)
    });
    if let (Some(folder), Some(count)) = (&options.screenshots, pictures) {
        println!("{} screenshots in {}", count?, folder.display());
    }
    if let Some(file) = &options.junit {
        std::fs::write(file, junit::report(&results)).map_err(|fault| {
            let file = file.display();
            stage::Failed::new(format!(
                "The report could not be written to {file}: {fault}. The results are those above."
            ))
        })?;
    }
    let failed = results.iter().filter(|row| row.failure.is_some()).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    Ok(failed == 0)
}

/// Runs those that are named; all if none is.
fn run_journeys(named: &[String]) -> Vec<junit::Row> {
    let is_wanted = |name: &str| named.is_empty() || named.iter().any(|wanted| wanted == name);
    let mut results = Vec::new();
    for journey in journeys::all().filter(|journey| is_wanted(journey.name)) {
        let started = Instant::now();
        let outcome = (journey.run)();
        let seconds = started.elapsed().as_secs_f64();
        match &outcome {
            Ok(()) => println!("pass  {}  ({seconds:.1} s)", journey.name),
            Err(why) => println!("FAIL  {}  ({seconds:.1} s): {why}", journey.name),
        }
        results.push(junit::Row {
            name: journey.name,
            seconds,
            failure: outcome.err().map(|why| why.to_string()),
        });
    }
    results
}
