//! `scrim-decode-av`: started by Scrim for one video or sound, see the library of the same name.

#[path = "../../scrim-decode/src/memory.rs"]
mod memory;

use std::process::ExitCode;

fn main() -> ExitCode {
    scrim_decode_av::settle();
    scrim_decode::run::run_with(scrim_decode_av::work).into()
}
