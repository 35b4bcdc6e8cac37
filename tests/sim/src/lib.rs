//! One seed, one world. Two to five real desks - heart, runtime, store - and a real server live on
//! one thread, under a clock that jumps from one thing that is due to the next. The network loses,
//! delays, doubles and reorders; agents, windows and the server die at any moment; machines sleep
//! and their clocks are wrong. An auditor knows the truth and holds everything against it.
//!
//! A world first storms, then calms down: in the calm whatever was decided must reach its end within
//! a bounded time. The same seed gives the same world, step by step.
//!
//! Called by `./dev sim` and by tests. It must never be a part of anything that ships, and Scrim's
//! own crates hold no line for it but their seams: `scrim_runtime::Seams`, `scrim_queue::Road`,
//! `scrim_server::router`.
//!
//! | module | what |
//! | --- | --- |
//! | `world`, `steps`, `blows` | what is due, what happens, what goes wrong |
//! | `desk`, `disk`, `clocks`, `newness`, `window`, `moderator` | one desk and everything around it |
//! | `server`, `network`, `items` | the server, the roads to it, what is flagged |
//! | `passage`, `fault` | between heart and runtime; bugs put in on purpose |
//! | `audit` | the promises |
//! | `trace`, `rng` | replaying |

mod audit;
mod blows;
mod clocks;
mod desk;
mod disk;
mod fault;
mod items;
pub mod limits;
mod moderator;
mod network;
mod newness;
mod passage;
mod rng;
mod server;
mod shared;
mod steps;
mod trace;
mod window;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

pub use audit::Breach;
pub use fault::Fault;
pub use world::Went;

use shared::open;
use trace::Trace;
use world::World;

/// Seeds that once showed something: they are always run first.
#[must_use]
pub fn kept_seeds() -> Vec<u64> {
    let lines = include_str!("../seeds.txt").lines();
    let numbers = lines.filter_map(|line| line.split_whitespace().next()?.parse().ok());
    numbers.collect()
}

/// How a seed went.
#[derive(Debug, Clone)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What happened in its world.
    pub went: Went,
    /// A part of Scrim panicked, or the world could not go on.
    pub fault: Option<String>,
    /// The last steps, or all of them.
    pub steps: Vec<String>,
}

impl Report {
    /// Whether every promise was kept.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.fault.is_none() && self.went.breach.is_none()
    }
}

/// Runs one world; `whole` keeps all of its trace.
#[must_use]
pub fn run(seed: u64, fault: Option<Fault>, whole: bool) -> Report {
    let trace = Arc::new(Mutex::new(Trace::new(whole)));
    let mut went = Went::default();
    let live = AssertUnwindSafe(|| {
        let mut world = World::begin(seed, fault, trace.clone())?;
        let ran = world.run();
        went = world.went.clone();
        ran
    });
    let fault = match catch_unwind(live) {
        Ok(Ok(())) => None,
        Ok(Err(unfit)) => Some(unfit.to_string()),
        Err(panic) => Some(said(panic.as_ref())),
    };
    let steps = open(&trace).last();
    Report {
        seed,
        went,
        fault,
        steps,
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("without a word"))
}
