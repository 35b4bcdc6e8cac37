//! The binary `scrim-server`: see [`scrim_server::cli`].

use std::process::ExitCode;

use clap::Parser;
use tracing::level_filters::LevelFilter;

fn main() -> ExitCode {
    let cli = scrim_server::cli::Cli::parse();
    let level = std::env::var("SCRIM_LOG")
        .ok()
        .and_then(|level| level.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO);
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_writer(std::io::stderr)
        // It would tell standard error, and panic, of a standard error that cannot be written.
        .log_internal_errors(false)
        .with_ansi(false)
        .init();
    match scrim_server::cli::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
