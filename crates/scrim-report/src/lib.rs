//! Exports: decisions and statistics as CSV or JSON Lines.
//!
//! Called by the console's `export`, which reads the rows from the store and hands them over here;
//! this crate knows neither store nor queue. Columns are a contract (frozen by tests, described in
//! `docs/guide/lead.md`), and two exports of the same rows are byte for byte the same.
//!
//! It must never write: media, an item's words, what a moderator wrote, view totals or any other
//! wellbeing data, or a handle time of severity 3 and more. It reads no clock.

mod atomic;
mod decisions;
mod error;
pub mod limits;
mod stats;
mod table;

pub use atomic::write_atomically;
pub use decisions::{DECISION_COLUMNS, DecisionRow, write_decisions};
pub use error::ReportError;
pub use stats::{NOT_DEFINED, STATS_COLUMNS, write_stats};
pub use table::Format;
