//! Bad input from a queue server, through the real connector: every row ends in a typed failure or
//! in a sane answer without the bad item, never in a panic, and no failure repeats what the server
//! said.
#![allow(clippy::unwrap_used, reason = "tests")]

mod content;
mod scripted;
mod transport;

/// Stands wherever a server could say something; must not be in any failure's text.
const MARKER: &str = "MARKER-xyzzy";
