//! The queue protocol as rules that are asked of a server at an address, whoever wrote it.
//!
//! `scrim-contract URL --queue ID --token-…` asks a server that is yours; the tests of this package
//! ask the reference server as a process. A rule feeds its own items through `POST /v1/items`, and
//! withdraws what it has fed, so that the next rule finds the queue as this one did. Give it a queue
//! and people of its own: while it runs, nobody else may claim there.
//!
//! **Must never**: know a type or a table of Scrim's (it reads JSON as any other client would),
//! or need a server's clock, database or insides.
#![allow(clippy::unwrap_used, reason = "a rule that does not hold ends itself")]

mod client;
mod ground;
pub mod rules;

pub use client::{Answer, Person};
pub use ground::{Ground, Tokens};

/// What a rule came to; one that is broken panics with what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// The server holds to it.
    Yes,
    /// It cannot be asked here, and why.
    NotAsked(String),
}

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// What it says, as the name of a test.
    pub name: &'static str,
    /// Asks the server.
    pub ask: fn(&Ground) -> Held,
}
