//! What the server keeps, seen from outside.
//!
//! [`Storage`] is blocking; the routes call it on threads that may block. Every write goes through
//! [`Storage::apply`], which does three things in **one** transaction: it looks the idempotency
//! key up, carries the change out, and stores the answer under the key. A refused change is rolled
//! back whole and leaves no key behind.
//!
//! `tests/storage_contract.rs` is the suite that every implementation has to pass.

mod candidates;
mod columns;
mod contract;
mod entry;
mod facts;
mod may_take;
mod sqlite;
mod sqlite_claims;
mod sqlite_consults;
mod sqlite_decision_rows;
mod sqlite_decisions;
mod sqlite_exposure;
mod sqlite_items;
mod sqlite_kept;
mod sqlite_not_me;
mod sqlite_outcomes;
mod sqlite_queues;
mod sqlite_records;
mod sqlite_refused;
mod sqlite_reverts;
mod sqlite_reviews;
mod sqlite_samples;
mod sqlite_tasks;
mod sqlite_team;
mod sqlite_telling;
mod sqlite_totals;
mod sqlite_upgrade;
mod sqlite_users;
mod sqlite_views;
mod verdict;

pub use contract::{
    Change, Filed, Kept, LeaseTerms, MediumFacts, Period, QueuesAsked, Scope, SessionFacts,
    Storage, TeamRead, Version, Write,
};
pub use sqlite::SqliteStorage;
