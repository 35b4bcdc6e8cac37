//! Feeds the readers of foreign bytes with broken ones.
//!
//! A reader may refuse; it must never panic, abort, take longer than
//! [`limits::HANG_AFTER`] or more memory than [`limits::MEMORY_BYTES_MAX`], and what it lets pass
//! must keep its own promises, which the targets assert.
//!
//! `./dev fuzz` runs every target for a while with the compiler's edge counters; a test runs the
//! kept inputs and a fixed share of new ones without. What once failed lies in `crashes/` and is
//! tried first, for ever. Nothing here reaches out or reads a clock for anything but hangs.
//!
//! | module | what |
//! | --- | --- |
//! | `targets` | one file for each reader: how bytes get there, what must hold |
//! | `mutate`, `json` | new inputs from old ones: bytes, lines, JSON |
//! | `engine` | tries inputs, keeps those that did something new |
//! | `coverage`, `memory` | edges taken and memory used; with `unsafe` |
//! | `corpus` | the kept inputs |
//! | `supervise` | a process for each run, so that an abort is found as well |

mod corpus;
mod coverage;
mod engine;
mod json;
pub mod limits;
mod memory;
mod mutate;
mod supervise;
mod targets;

pub use corpus::{kept_crashes, kept_inputs};
pub use engine::{Engine, Finding};
pub use memory::Counted;
pub use supervise::{Plan, run, supervise};
pub use targets::{NAMES, Shape, Target, named};
