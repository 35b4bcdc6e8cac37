//! Words to and from a terminal, and the clock.

use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use scrim_model::Timestamp;
use scrim_wire::window::Secret;

use crate::error::CliError;
use crate::limits::PASSPHRASE_BYTES_MAX;

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

/// One line as a passphrase: at a terminal asked for and not shown, otherwise the next line of
/// standard input.
pub(crate) fn passphrase(question: &str) -> Result<Secret, CliError> {
    let failed = CliError::io("reading the passphrase");
    let bytes = if std::io::stdin().is_terminal() {
        secret(question, PASSPHRASE_BYTES_MAX)
    } else {
        let mut line = Vec::new();
        let input = std::io::stdin().lock().take(PASSPHRASE_BYTES_MAX);
        std::io::BufRead::read_until(&mut { input }, b'\n', &mut line).map(|_| line)
    };
    let mut bytes = bytes.map_err(failed)?;
    while bytes
        .last()
        .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
    {
        bytes.pop();
    }
    String::from_utf8(bytes)
        .map(Secret::new)
        .map_err(|_| CliError::Passphrase("it holds unusual characters."))
}

/// Asks whether to go on; anything but "yes" is no, and so is a script's silence.
pub(crate) fn confirmed(question: &str) -> Result<bool, CliError> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    complain(question);
    let mut line = String::new();
    let input = std::io::stdin().lock().take(PASSPHRASE_BYTES_MAX);
    std::io::BufRead::read_line(&mut { input }, &mut line)
        .map_err(CliError::io("reading your answer"))?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

/// This computer's clock.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let ms = since.map_or(0, |since| since.as_millis());
    Timestamp(i64::try_from(ms).unwrap_or(i64::MAX))
}
