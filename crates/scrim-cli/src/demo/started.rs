//! Processes that the demo starts, and ends by their own descriptors, never by a name or a number
//! that another process could have by then.

use std::io::{BufRead, BufReader, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::NOTHING_KEPT;
use crate::error::CliError;
use crate::limits::{LINE_BYTES_MAX, SERVER_START_MAX, STOP_WAIT_MAX};

/// A running process. Dropping it kills and reaps it.
#[derive(Debug)]
pub(super) struct Started {
    program: &'static str,
    child: Child,
    pidfd: OwnedFd,
}

fn failed(program: &'static str, what: impl Into<String>) -> CliError {
    CliError::Started {
        program,
        what: what.into(),
        kept: NOTHING_KEPT,
    }
}

impl Started {
    pub(super) fn new(program: &'static str, command: &mut Command) -> Result<Self, CliError> {
        let cannot = |kind| failed(program, format!("cannot be started ({kind})"));
        let mut child = command.spawn().map_err(|error| cannot(error.kind()))?;
        match pidfd_open(Pid::from_child(&child), PidfdFlags::empty()) {
            Ok(pidfd) => Ok(Self {
                program,
                child,
                pidfd,
            }),
            Err(error) => {
                end(&mut child);
                Err(cannot(error.kind()))
            }
        }
    }

    /// Its standard output, once.
    pub(super) fn output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end, however long.
    pub(super) fn wait(&mut self) -> Result<ExitStatus, CliError> {
        let ended = self.child.wait();
        ended.map_err(CliError::io("waiting for a program to end"))
    }

    /// Asks it to end and waits; kills it if it takes too long.
    pub(super) fn stop(mut self) -> Result<(), CliError> {
        // Refused only if it has ended already, which the wait below finds at once.
        pidfd_send_signal(&self.pidfd, Signal::TERM).ok();
        if self.ended_in_time() {
            return self.wait().map(drop);
        }
        Err(failed(
            self.program,
            "did not stop when asked and was ended",
        ))
    }

    fn ended_in_time(&self) -> bool {
        let mut fds = [PollFd::new(&self.pidfd, PollFlags::IN)];
        let limit = Timespec {
            tv_sec: i64::try_from(STOP_WAIT_MAX.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: 0,
        };
        matches!(poll(&mut fds, Some(&limit)), Ok(1..))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Both calls fail only if it has ended and been waited for already.
fn end(child: &mut Child) {
    child.kill().ok();
    child.wait().ok();
}

/// Runs a program to its end and gives its standard output. What it complains of goes on to the
/// terminal.
pub(super) fn run_to_end(program: &'static str, command: &mut Command) -> Result<String, CliError> {
    let done = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(program, format!("cannot be started ({})", error.kind())))?;
    if done.status.success() {
        String::from_utf8(done.stdout).map_err(|_| failed(program, "gave no text"))
    } else {
        Err(failed(program, format!("failed ({})", done.status)))
    }
}

/// The first line that a program writes.
pub(super) fn first_line(
    program: &'static str,
    output: Option<ChildStdout>,
) -> Result<String, CliError> {
    let output = output.ok_or_else(|| failed(program, "has no output"))?;
    let (said, hears) = sync_channel(1);
    // A thread, because reading a pipe has no deadline. It goes on reading, so that the program is
    // never stopped by a full pipe, and ends with it.
    std::thread::Builder::new()
        .name("demo-listener".to_owned())
        .spawn(move || {
            let mut reader = BufReader::new(output);
            let mut line = String::new();
            let read = reader.by_ref().take(LINE_BYTES_MAX).read_line(&mut line);
            said.send(read.map(|_| line)).ok();
            std::io::copy(&mut reader, &mut std::io::sink()).ok();
        })
        .map_err(CliError::io("starting"))?;
    match hears.recv_timeout(SERVER_START_MAX) {
        Ok(Ok(line)) if line.ends_with('\n') => Ok(line),
        Ok(_) => Err(failed(program, "ended before it was ready")),
        Err(_) => Err(failed(program, "did not become ready in time")),
    }
}

/// Whether a signal asked for the end.
#[derive(Debug, Clone)]
pub(super) struct Told(Arc<AtomicBool>);

impl Told {
    pub(super) fn were_told(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// From now on SIGINT and SIGTERM ask `agent` to end, so that this process can tidy up after it.
pub(super) fn stop_on_signals(agent: &Started) -> Result<Told, CliError> {
    let failed = || CliError::io("listening for signals");
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(failed())?;
    let pidfd = agent.pidfd.as_fd().try_clone_to_owned().map_err(failed())?;
    let told = Told(Arc::new(AtomicBool::new(false)));
    let tells = told.clone();
    std::thread::Builder::new()
        .name("demo-signals".to_owned())
        .spawn(move || {
            for _ in signals.forever() {
                tells.0.store(true, Ordering::SeqCst);
                // Refused only if it has ended already.
                pidfd_send_signal(&pidfd, Signal::TERM).ok();
            }
        })
        .map_err(failed())?;
    Ok(told)
}
