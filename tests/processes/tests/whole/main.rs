//! Real processes: the desk without its window, its workers, and the server.
#![allow(clippy::unwrap_used, reason = "tests")]

mod edges;
mod once;
mod support;
