//! What can be run: the journeys of both rings and those for a server that is there, chosen, ordered
//! and run one after the other.

use std::time::Instant;

use scrim_faults::Seeded;

use crate::against::{Elsewhere, THERE, There};
use crate::journeys::{self, Journey};
use crate::junit::Row;
use crate::outer::{OUTER, OuterJourney, Ring};
use crate::performed;
use crate::stage::Failed;

/// A journey of any kind.
#[derive(Clone, Copy)]
enum Kind {
    Inner(&'static Journey),
    There(&'static There),
    Outer(&'static OuterJourney),
}

/// One thing to run.
pub(crate) struct Run(Kind);

/// What journeys need that is there before them.
#[derive(Default)]
pub(crate) struct Stand {
    pub(crate) there: Option<Elsewhere>,
    pub(crate) ring: Option<Ring>,
}

/// Those that bring their own server.
pub(crate) fn inner() -> Vec<Run> {
    journeys::all()
        .map(|journey| Run(Kind::Inner(journey)))
        .collect()
}

/// Those at the real window.
pub(crate) fn outer() -> Vec<Run> {
    OUTER
        .iter()
        .map(|journey| Run(Kind::Outer(journey)))
        .collect()
}

/// Those for a server that is there.
pub(crate) fn there() -> Vec<Run> {
    THERE
        .iter()
        .map(|journey| Run(Kind::There(journey)))
        .collect()
}

impl Run {
    fn name(&self) -> &'static str {
        match self.0 {
            Kind::Inner(journey) => journey.name,
            Kind::There(journey) => journey.name,
            Kind::Outer(journey) => journey.name,
        }
    }

    fn about(&self) -> &'static str {
        match self.0 {
            Kind::Inner(journey) => journey.about,
            Kind::There(journey) => journey.about,
            Kind::Outer(journey) => journey.about,
        }
    }

    fn class(&self) -> &'static str {
        match self.0 {
            Kind::Inner(_) => "scrim.inner",
            Kind::There(_) => "scrim.against",
            Kind::Outer(_) => "scrim.outer",
        }
    }

    /// Whether it needs the real window.
    pub(crate) fn is_outer(&self) -> bool {
        matches!(self.0, Kind::Outer(_))
    }

    fn run(&self, stand: &mut Stand) -> Result<(), Failed> {
        match self.0 {
            Kind::Inner(journey) => (journey.run)(),
            Kind::There(journey) => {
                let there = stand.there.as_ref();
                (journey.run)(there.ok_or_else(|| Failed::new("no server is named"))?)
            }
            Kind::Outer(journey) => {
                let ring = stand.ring.as_mut();
                ring.ok_or_else(|| Failed::new("the ring is not open"))?
                    .run(journey)
            }
        }
    }
}

/// Says what there is.
pub(crate) fn list() {
    for (title, runs) in [
        ("", inner()),
        ("\nWith --ring outer:\n", outer()),
        ("\nWith --against:\n", there()),
    ] {
        print!("{title}");
        for run in runs {
            println!("{}  {}", run.name(), run.about());
        }
    }
}

/// A name that none of them has.
pub(crate) fn unknown<'a>(runs: &[Run], names: &'a [String]) -> Option<&'a str> {
    let mut names = names.iter().map(String::as_str);
    names.find(|name| runs.iter().all(|run| run.name() != *name))
}

/// Those with these names (all, if there are none), in the order of `seed`.
pub(crate) fn chosen(mut runs: Vec<Run>, names: &[String], seed: Option<u64>) -> Vec<Run> {
    if !names.is_empty() {
        runs.retain(|run| names.iter().any(|name| name == run.name()));
    }
    if let Some(seed) = seed {
        shuffle(&mut runs, seed);
    }
    runs
}

/// Every order is as likely as any other (Fisher and Yates).
fn shuffle(runs: &mut [Run], seed: u64) {
    let mut random = Seeded::new(seed);
    for last in (1..runs.len()).rev() {
        runs.swap(last, random.index(last + 1));
    }
}

/// Runs them and says how each went.
pub(crate) fn run(runs: &[Run], stand: &mut Stand) -> Vec<Row> {
    let mut results = Vec::new();
    for run in runs {
        let name = run.name();
        let started = Instant::now();
        let outcome = run.run(stand);
        let seconds = started.elapsed().as_secs_f64();
        match &outcome {
            Ok(()) => println!("pass  {name}  ({seconds:.1} s)"),
            Err(why) => println!("FAIL  {name}  ({seconds:.1} s): {why}"),
        }
        results.push(Row {
            name,
            class: run.class(),
            seconds,
            failure: outcome.err().map(|why| why.to_string()),
            actions: performed::take().into_iter().collect(),
        });
    }
    results
}
