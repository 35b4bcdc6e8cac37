//! The agent's options.

use std::path::PathBuf;

use clap::Parser;

/// Scrim's agent. It is usually started from the desktop or by `scrim demo`.
///
/// It keeps the records, talks to the queue server, keeps the time, and opens the review window. One
/// runs for each profile; starting it again shows the window of the one that runs.
#[derive(Parser)]
#[command(name = "scrim-agent", version)]
pub(crate) struct Options {
    /// Folder of the profile; the system's own if left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    /// Say more about what happens, without content.
    #[arg(long)]
    pub(crate) verbose: bool,
}
