//! `scrim-sim`: many seeds, or one with its whole trace.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is what it is for"
)]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Parser;
use scrim_sim::{Fault, Report, kept_seeds, limits, run};

/// Worlds after which a run says how far it is.
const TOLD_EVERY: usize = 500;

/// Runs seeded worlds and holds every promise against them.
#[derive(Parser)]
struct Asked {
    /// How many seeds, besides the kept ones.
    #[arg(long, default_value_t = limits::SEEDS)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// Put this bug in; then the auditor must find it.
    #[arg(long)]
    fault: Option<Fault>,
    /// This seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// Print every step.
    #[arg(long)]
    trace: bool,
    /// Worlds at the same time.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let asked = Asked::parse();
    if let Some(seed) = asked.seed {
        let report = run(seed, asked.fault, asked.trace);
        tell(&report);
        return ended(report.is_good(), asked.fault);
    }
    // A panic is a finding like any other, and told with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    let mut seeds = if asked.fault.is_none() {
        kept_seeds()
    } else {
        Vec::new()
    };
    seeds.extend(asked.first..asked.first.saturating_add(asked.seeds));
    let began = Instant::now();
    let reports = run_all(&seeds, &asked);
    let bad: Vec<&Report> = reports.iter().filter(|report| !report.is_good()).collect();
    if let Some(first) = bad.first() {
        tell(first);
    }
    summary(&reports, began.elapsed().as_secs_f64());
    for report in &bad {
        println!("seed {}: {}", report.seed, why(report));
    }
    ended(bad.is_empty(), asked.fault)
}

/// A fault that was put in must be found; without one nothing may be.
fn ended(is_good: bool, fault: Option<Fault>) -> ExitCode {
    match is_good != fault.is_some() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// All seeds, in their order; a fault that was put in needs to be found once. A finding is said at
/// once: a run that is stopped early has then lost nothing.
fn run_all(seeds: &[u64], asked: &Asked) -> Vec<Report> {
    let threads = asked
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let next = AtomicUsize::new(0);
    let reports = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = run(*seed, asked.fault, asked.trace);
                    if asked.fault.is_some() && !report.is_good() {
                        next.store(seeds.len(), Ordering::Relaxed);
                    }
                    if asked.fault.is_none() && !report.is_good() {
                        eprintln!("found: seed {}: {}", report.seed, why(&report));
                    }
                    if let Ok(mut reports) = reports.lock() {
                        reports.push(report);
                        tell_how_far(&reports, seeds.len());
                    }
                }
            });
        }
    });
    let mut reports = reports.into_inner().unwrap_or_default();
    reports.sort_by_key(|report| report.seed);
    reports
}

/// A long run says where it is, and what it has found so far.
fn tell_how_far(reports: &[Report], of: usize) {
    if reports.len().is_multiple_of(TOLD_EVERY) && reports.len() < of {
        let bad = reports.iter().filter(|report| !report.is_good()).count();
        eprintln!("{} of {of} worlds, {bad} not good", reports.len());
    }
}

fn why(report: &Report) -> String {
    let breach = report
        .went
        .breach
        .as_ref()
        .map(|breach| format!("not kept: {breach}"));
    report
        .fault
        .clone()
        .or(breach)
        .unwrap_or_else(|| "good".to_owned())
}

fn tell(report: &Report) {
    for step in &report.steps {
        println!("{step}");
    }
    println!(
        "seed {}: {}; {} steps, trace {:016x}",
        report.seed,
        why(report),
        report.went.steps,
        report.went.hash
    );
}

fn summary(reports: &[Report], seconds: f64) {
    let sum = |of: fn(&Report) -> usize| reports.iter().map(of).sum::<usize>();
    println!(
        "{} worlds in {seconds:.1} s ({:.1}/s): {} decisions, {} of them in conflict, {} deaths, {} calls without an answer, {} calls of many",
        reports.len(),
        reports.len() as f64 / seconds.max(0.001),
        sum(|report| report.went.decisions),
        sum(|report| report.went.conflicts),
        sum(|report| report.went.deaths),
        sum(|report| report.went.lost_calls),
        sum(|report| report.went.calls_of_many),
    );
}
