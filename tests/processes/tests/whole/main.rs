//! Real processes: the desk without its window, its workers, and the server; the real agent with the
//! real window on displays of their own.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod behind_tls;
mod covers;
mod edges;
mod killed;
mod leaving;
mod matrix;
mod memory;
mod nasty;
mod once;
mod scripts;
mod sealed;
mod support;
mod traces;
mod tray;
mod unread;
mod walls;
mod weaker_walls;
