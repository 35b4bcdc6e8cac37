//! `scrim-decode`: started by Scrim for one picture, see the library of the same name.

mod memory;

fn main() {
    std::process::exit(scrim_decode::run::run());
}
