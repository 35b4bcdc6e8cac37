//! `scrim-smoke`: what a moderator does, as journeys in two rings.
//!
//! | Ring | What is real | What is not |
//! | --- | --- | --- |
//! | inner | views, heart, store, workers, server | the window's shell (eframe) and Tauri; the clock is turned by the journeys, and there is no display |
//! | outer | everything: agent, window, display | nothing |
//!
//! It never touches a server that it has not started itself, unless that says that it is a test
//! server. Desks do not have it: it is in a package of its own.
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
mod judging_journeys;
mod junit;
mod keeping_journeys;
mod key_journeys;
mod lead_journeys;
mod limit_journeys;
mod lock_journeys;
mod looking_journeys;
mod outer;
mod performed;
#[path = "../../../ui/src/pseudo.rs"]
mod pseudo;
mod recorder;
mod row_journeys;
mod run_folder;
mod runs;
mod served;
mod several_journeys;
mod shots;
mod stage;
mod states;
#[path = "../../../ui/src/system_fonts.rs"]
mod system_fonts;
mod team_states;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::against::{Elsewhere, Refused};
use crate::chosen::{Chosen, Locale, Theme};
use crate::junit::Row;
use crate::outer::Ring;
use crate::run_folder::RunFolder;
use crate::runs::{Run, Stand};

/// Runs Scrim's user journeys.
///
/// Exit codes: 0 all passed; 1 a journey failed, the server of --against could not be asked, or a report or picture
/// could not be written after all; 2 wrong usage: an option or a journey that there is not, or a file or folder that
/// cannot be used, and nothing was run; 3 the server is no test server; 4 no display (or what else the outer ring needs)
/// is there; 69, of `scrim smoke`, scrim-smoke is not installed beside scrim.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Only list the journeys.
    #[arg(long)]
    list: bool,
    /// Which journeys: those that need no display, those at the real window, or both.
    #[arg(long, value_enum, default_value_t = RingName::Inner)]
    ring: RingName,
    /// Run only this journey; may be given several times.
    #[arg(long, value_name = "NAME")]
    journey: Vec<String>,
    /// Write a JUnit report here.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write screenshots into this folder: of the outer ring, those of the real window, also where a journey fails.
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
    /// and the decision is taken back. There are no screenshots of them.
    #[arg(
        long,
        value_name = "URL",
        requires = "token_file",
        conflicts_with_all = ["ring", "screenshots"]
    )]
    against: Option<String>,
    /// File with a moderator's token for that server.
    #[arg(long, value_name = "FILE", requires = "against")]
    token_file: Option<PathBuf>,
}

/// See the table at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RingName {
    /// Without a display.
    Inner,
    /// At the real window.
    Outer,
    /// Both.
    All,
}

impl RingName {
    fn runs(self) -> Vec<Run> {
        match self {
            Self::Inner => runs::inner(),
            Self::Outer => runs::outer(),
            Self::All => runs::inner().into_iter().chain(runs::outer()).collect(),
        }
    }
}

/// Something in the command line is wrong.
const USAGE: u8 = 2;
/// The server is no test server.
const REFUSED: u8 = 3;
/// The outer ring cannot run here.
const NO_DISPLAY: u8 = 4;

fn main() -> ExitCode {
    let options = Options::parse();
    chosen::choose(Chosen {
        theme: options.theme,
        locale: options.locale,
        scale_pct: options.scale,
    });
    if options.list {
        runs::list();
        return ExitCode::SUCCESS;
    }
    let runs = match &options.against {
        Some(_) => runs::there(),
        None => options.ring.runs(),
    };
    if let Some(why) = wrong(&options, &runs) {
        println!("{why}");
        return ExitCode::from(USAGE);
    }
    let runs = runs::chosen(runs, &options.journey, options.seed);
    let _folder = match RunFolder::open() {
        Ok(folder) => folder,
        Err(fault) => {
            let all = std::env::temp_dir();
            println!(
                "No folder for this run can be made in {}: {fault}. Nothing was run. Make room there, or name another folder in TMPDIR.",
                all.display()
            );
            return ExitCode::FAILURE;
        }
    };
    let stand = match stand(&options, &runs) {
        Ok(stand) => stand,
        Err(code) => return code,
    };
    match run(&options, stand, &runs) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// What of the options cannot be done, of all that can be `runs`.
fn wrong(options: &Options, runs: &[Run]) -> Option<String> {
    if let Some(name) = runs::unknown(runs, &options.journey) {
        return Some(format!(
            "There is no journey {name} here. `scrim smoke --list` shows them all."
        ));
    }
    if options.locale != Locale::En && runs.iter().any(Run::is_outer) {
        return Some(
            "The real window speaks English only: other words are for the inner ring. Nothing was run."
                .to_owned(),
        );
    }
    let report = options.junit.as_deref();
    let report = report.map_or(Ok(()), junit::may_be_written);
    let both = report.and_then(|()| {
        let folder = options.screenshots.as_deref();
        folder.map_or(Ok(()), shots::may_be_taken)
    });
    let why = both.err()?;
    Some(format!("{why} Nothing was run. Name another place."))
}

/// What the journeys need before the first of them, or with what code the program ends without it.
fn stand(options: &Options, runs: &[Run]) -> Result<Stand, ExitCode> {
    let mut stand = Stand::default();
    if let (Some(origin), Some(token)) = (&options.against, &options.token_file) {
        stand.there = Some(Elsewhere::ask(origin, token).map_err(refused)?);
    }
    if runs.iter().any(Run::is_outer) {
        let ring = Ring::open(options.screenshots.as_deref());
        stand.ring = Some(ring.map_err(|lacks| {
            println!("{lacks}");
            ExitCode::from(NO_DISPLAY)
        })?);
    }
    Ok(stand)
}

fn refused(why: Refused) -> ExitCode {
    match why {
        Refused::NotTest(says) => {
            println!(
                "That server says it is \"{says}\". Journeys decide items, so they run at test servers only. Nothing was changed there."
            );
            ExitCode::from(REFUSED)
        }
        Refused::Usage(why) => {
            println!("{why}");
            ExitCode::from(USAGE)
        }
        Refused::Failed(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all passed and was written. Pictures of the views are taken beside the journeys: they share nothing.
fn run(options: &Options, mut stand: Stand, runs: &[Run]) -> bool {
    if let Some(seed) = options.seed {
        println!("order of seed {seed}");
    }
    let of_views = options.ring != RingName::Outer;
    let folder = options.screenshots.as_deref();
    let (results, pictures) = std::thread::scope(|scope| {
        let pictures = folder
            .filter(|_| of_views)
            .map(|folder| scope.spawn(|| shots::take(folder)));
        let results = runs::run(runs, &mut stand);
        let died = |_| Err(stage::Failed::new("they were cut off by a fault"));
        let pictures = pictures.map(|thread| thread.join().unwrap_or_else(died));
        (results, pictures)
    });
    let report = options.junit.as_deref();
    let is_reported = report.is_none_or(|file| write_report(file, &results));
    let pictures = folder.zip(pictures);
    let is_pictured = pictures.is_none_or(|(folder, taken)| tell_pictures(folder, taken));
    let failed = results.iter().filter(|row| row.failure.is_some()).count();
    let seconds: f64 = results.iter().map(|row| row.seconds).sum();
    println!(
        "{} passed, {failed} failed in {seconds:.0} s",
        results.len() - failed
    );
    failed == 0 && is_reported && is_pictured
}

/// Writes the report, or says why not; whether it is written.
fn write_report(file: &Path, results: &[Row]) -> bool {
    let now = scrim_runtime::Clock::now(&scrim_runtime::SystemClock).utc();
    match junit::write(file, &junit::report(results, now)) {
        Ok(()) => true,
        Err(why) => {
            println!("{why}");
            false
        }
    }
}

/// Says how many pictures of the views there are, or why not all; whether all are there.
fn tell_pictures(folder: &Path, taken: Result<usize, stage::Failed>) -> bool {
    let folder = folder.display();
    match taken {
        Ok(count) => {
            println!("{count} screenshots in {folder}");
            true
        }
        Err(why) => {
            println!(
                "Not all screenshots could be taken: {why}\nThose in {folder} are not complete; the results are those above. Make room there if there is none, and run it again."
            );
            false
        }
    }
}
