//! The binary `scrim-pages`: see the library.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let [folder] = words.as_slice() else {
        return failed(
            "Name the folder for the pages: scrim-pages DIR. Nothing was written.",
            2,
        );
    };
    match scrim_pages::write_all(Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => failed(&format!("The pages could not be written ({fault})."), 74),
    }
}

fn failed(why: &str, code: u8) -> ExitCode {
    // Nobody is left to be told if even that fails.
    writeln!(std::io::stderr().lock(), "{why}").ok();
    ExitCode::from(code)
}
