//! Words to and from a terminal.

use std::io::{ErrorKind, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::error::CliError;

/// One line on standard output, at once.
pub(crate) fn say(line: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(not_written)
}

/// A reader that has gone, as `head` does, is told apart from a real failure.
pub(crate) fn not_written(error: std::io::Error) -> CliError {
    if error.kind() == ErrorKind::BrokenPipe {
        CliError::ReaderGone
    } else {
        CliError::io("writing to standard output")(error)
    }
}

/// One line on standard error. There is nobody left to tell if even that fails.
pub(crate) fn complain(line: &str) {
    writeln!(std::io::stderr().lock(), "{line}").ok();
}

/// Reads at most `bytes_max` bytes of standard input. At a terminal it asks with `question`, reads
/// one line, and does not show what is typed.
pub(crate) fn secret(question: &str, bytes_max: u64) -> std::io::Result<Vec<u8>> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        let mut bytes = Vec::new();
        input.lock().take(bytes_max).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    complain(question);
    let usual = tcgetattr(&input)?;
    let mut silent = usual.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Flush, &silent)?;
    let mut line = Vec::new();
    let read = std::io::BufRead::read_until(&mut input.lock().take(bytes_max), b'\n', &mut line);
    // Put back before anything else, whatever the reading said.
    tcsetattr(&input, OptionalActions::Flush, &usual)?;
    read.map(|_| line)
}
