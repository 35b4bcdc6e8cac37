//! `scrim-smoke`: what a moderator does, on the real views, the real heart, store, workers and
//! server, without a display and with a clock that the journeys turn themselves.
//!
//! Only the window's shell (eframe) and Tauri are left out. It never touches a server that it has
//! not started itself, and nothing of it is in what ships.
#![allow(clippy::print_stdout, reason = "a console program")]

mod against;
mod apart_journeys;
mod broken_journeys;
mod check_in_journeys;
mod chosen;
mod clock;
mod colleague_journeys;
mod conflict_journeys;
mod copies_journeys;
mod covering_journeys;
#[path = "../../../ui/src/demo_team.rs"]
mod demo_team;
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
mod team_states;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use scrim_faults::Seeded;

use crate::against::{Elsewhere, Refused};
use crate::chosen::{Chosen, Locale, Theme};

/// Runs Scrim's user journeys without a display.
///
/// Exit codes: 0 all passed, 1 a journey failed, 2 wrong usage, 3 the server is no test server.
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
    /// Runs the journeys in an order of its own: none may lean on another.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Words of the window.
    #[arg(long, value_enum, default_value_t = Locale::En)]
    locale: Locale,
    /// Size of everything in the window, in percent, on a screen of 1280 × 800 pixels.
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u16).range(100..=200))]
    scale: u16,
    /// Colours of the window.
    #[arg(long, value_enum, default_value_t = Theme::Dark)]
    theme: Theme,
    /// Runs the journeys for a server that is there, at this one. It must be a test server; one item is decided there
    /// and the decision is taken back.
    #[arg(long, value_name = "URL", requires = "token_file")]
    against: Option<String>,
    /// File with a moderator's token for that server.
    #[arg(long, value_name = "FILE", requires = "against")]
    token_file: Option<PathBuf>,
}

/// What can be run: a name, what it shows, and the journey.
struct Run {
    name: &'static str,
    about: &'static str,
    run: Box<dyn Fn() -> Result<(), stage::Failed>>,
}

/// The server is no test server.
const REFUSED: u8 = 3;

fn main() -> ExitCode {
    let options = Options::parse();
    chosen::choose(Chosen {
        theme: options.theme,
        scale_pct: options.scale,
    });
    // Only English so far, which is what the window speaks by itself.
    let Locale::En = options.locale;
    if options.list {
        for journey in here() {
            println!("{}  {}", journey.name, journey.about);
        }
        println!("\nWith --against:");
        for journey in against::THERE {
            println!("{}  {}", journey.name, journey.about);
        }
        return ExitCode::SUCCESS;
    }
    let runs = match (&options.against, &options.token_file) {
        (Some(origin), Some(token)) => match Elsewhere::ask(origin, token) {
            Ok(there) => at(there),
            Err(Refused::NotTest(says)) => {
                println!(
                    "That server says it is \"{says}\". Journeys decide items, so they run at test servers only. Nothing was changed there."
                );
                return ExitCode::from(REFUSED);
            }
            Err(Refused::Failed(why)) => {
                println!("{why}");
                return ExitCode::FAILURE;
            }
        },
        _ => here(),
    };
    let unknown = options
        .journey
        .iter()
        .find(|name| runs.iter().all(|run| run.name != name.as_str()));
    if let Some(name) = unknown {
        println!("There is no journey {name} here. `scrim smoke --list` shows them all.");
        return ExitCode::from(2);
    }
    match run(&options, runs) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Those that bring their own server.
fn here() -> Vec<Run> {
    let journeys = journeys::all().map(|journey| Run {
        name: journey.name,
        about: journey.about,
        run: Box::new(journey.run),
    });
    journeys.collect()
}

/// Those for a server that is there.
fn at(there: Elsewhere) -> Vec<Run> {
    let journeys = against::THERE.iter().map(|journey| {
        let there = there.clone();
        Run {
            name: journey.name,
            about: journey.about,
            run: Box::new(move || (journey.run)(&there)),
        }
    });
    journeys.collect()
}

/// Whether all passed. Pictures are taken beside the journeys: they share nothing.
fn run(options: &Options, mut runs: Vec<Run>) -> Result<bool, stage::Failed> {
    let is_wanted = |name: &str| {
        let named = &options.journey;
        named.is_empty() || named.iter().any(|wanted| wanted == name)
    };
    runs.retain(|run| is_wanted(run.name));
    if let Some(seed) = options.seed {
        println!("order of seed {seed}");
        shuffle(&mut runs, seed);
    }
    let (results, pictures) = std::thread::scope(|scope| {
        let folder = options.screenshots.as_deref();
        let pictures = folder.map(|folder| scope.spawn(|| shots::take(folder)));
        let results = run_journeys(&runs);
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

/// Every order is as likely as any other (Fisher and Yates).
fn shuffle(runs: &mut [Run], seed: u64) {
    let mut random = Seeded::new(seed);
    for last in (1..runs.len()).rev() {
        runs.swap(last, random.index(last + 1));
    }
}

fn run_journeys(runs: &[Run]) -> Vec<junit::Row> {
    let mut results = Vec::new();
    for journey in runs {
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
