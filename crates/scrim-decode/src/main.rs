//! `scrim-decode`: started by Scrim for one picture, see the library of the same name.

mod memory;

use std::process::ExitCode;

fn main() -> ExitCode {
    scrim_decode::run::run().into()
}
