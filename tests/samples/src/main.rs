//! `scrim-samples`: writes a folder of demo data. See the library for what it may hold.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use scrim_model::{Kind, Timestamp};
use scrim_samples::{
    COUNT_MAX, NOW_DEFAULT, Settings, checkered, write_folder_with, write_samples,
};

/// Writes generated, harmless sample items: the same seed gives the same bytes.
#[derive(Debug, Parser)]
#[command(name = "scrim-samples", version)]
struct Arguments {
    /// Chooses everything that is not fixed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many items.
    #[arg(long, default_value_t = 300, value_parser = count)]
    count: usize,
    /// Folder to write to; made if it is missing.
    #[arg(long)]
    out: PathBuf,
    /// The instant that all times are counted from (RFC 3339).
    #[arg(long, default_value_t = NOW_DEFAULT, value_parser = Timestamp::parse)]
    now: Timestamp,
    /// Only these kinds (image, text, conversation, account, link, post, hologram).
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<String>,
    /// Longest side of a picture, in pixels.
    #[arg(long, value_parser = clap::value_parser!(u32).range(16..))]
    side_max: Option<u32>,
    /// Leave broken files out.
    #[arg(long)]
    no_broken: bool,
    /// Instead: one item of every kind, with pictures for measuring covers.
    #[arg(long, conflicts_with_all = ["count", "kinds", "side_max", "no_broken"])]
    checkered: bool,
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= COUNT_MAX => Ok(count),
        _ => Err(format!("a number from 0 to {COUNT_MAX} is needed")),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = Settings {
        seed: arguments.seed,
        count: arguments.count,
        now: arguments.now,
        kinds: arguments.kinds.into_iter().map(Kind::from).collect(),
        side_max: arguments.side_max,
        with_broken: !arguments.no_broken,
        with_covers: true,
    };
    let shows_progress = std::io::stderr().is_terminal();
    // A terminal that has gone away must not end the writing.
    let tell = |text: String| drop(std::io::stderr().write_all(text.as_bytes()));
    let progress = |done| {
        if shows_progress {
            tell(format!("\r{done} items"));
        }
    };
    let written = if arguments.checkered {
        write_samples(checkered(&settings), &arguments.out, progress)
    } else {
        write_folder_with(&settings, &arguments.out, progress)
    };
    if shows_progress {
        tell("\n".to_owned());
    }
    match written {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            tell(format!("{error}\n"));
            ExitCode::FAILURE
        }
    }
}
