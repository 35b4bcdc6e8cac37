//! The binary `scrim`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    scrim_cli::run()
}
