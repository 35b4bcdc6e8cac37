//! A session of the ring's own on the display that is there: a message bus, an accessibility bus, and
//! hands. Whatever else runs on the machine is not spoken to, and all of it ends with this process.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::lacks::{Lacks, Part};
use crate::stage::Failed;

/// Makes the kernel kill the program that it becomes when the thread that started it ends; with the
/// main thread that is this process, however it ends.
const WITH_PARENT: [&str; 3] = ["setpriv", "--pdeathsig", "KILL"];
/// What it ends with if that program is not there.
const NOT_FOUND: i32 = 127;

/// The system's own, which sees the system's packages; a virtual environment's does not.
const PYTHON: &str = "/usr/bin/python3";

/// What the hands are made of, by the folder and name that they find each other by.
const SCRIPTS: &[(&str, &str)] = &[
    ("smoke/needs.py", include_str!("../../needs.py")),
    ("smoke/ring.py", include_str!("../../ring.py")),
    (
        "processes/hands.py",
        include_str!("../../../processes/hands.py"),
    ),
    (
        "processes/desktop.py",
        include_str!("../../../processes/desktop.py"),
    ),
    ("demo/drive.py", include_str!("../../../demo/drive.py")),
    (
        "first_paint/first_paint.py",
        include_str!("../../../first_paint/first_paint.py"),
    ),
    (
        "first_paint/frames.py",
        include_str!("../../../first_paint/frames.py"),
    ),
];

/// Writes them below `folder`; where the ring's own are.
pub(super) fn write_scripts(folder: &Path) -> std::io::Result<PathBuf> {
    for (name, text) in SCRIPTS {
        let path = folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(folder.join("smoke"))
}

/// A started program that ends with this value.
pub(super) struct Running(pub(super) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // What has ended by itself needs no end.
        if matches!(self.0.try_wait(), Ok(None)) {
            drop(self.0.kill());
            drop(self.0.wait());
        }
    }
}

/// See the module. Fields are dropped, and so ended, from the first to the last.
pub(super) struct Session {
    hands: Hands,
    _bus: Running,
    display: OsString,
    folder: PathBuf,
}

impl Session {
    /// Opens it, with the hands in the folder `scripts` and all else in `folder`.
    pub(super) fn open(display: OsString, scripts: &Path, folder: &Path) -> Result<Self, Lacks> {
        let of_session = |program: &str| command(program.as_ref(), &display, folder);
        let bus = bus(folder)?;
        let mut needs = of_session(PYTHON);
        let out = needs.arg(scripts.join("needs.py")).output();
        let out = out.map_err(not_started)?;
        // A script that falls over says nothing on its output.
        let parts: Vec<Part> = serde_json::from_slice(&out.stdout).map_err(|_| {
            let said = String::from_utf8_lossy(&out.stderr);
            Lacks::part(
                &format!("a whole Python ({})", said.trim()),
                "python3 python3-gi",
            )
        })?;
        if !parts.is_empty() {
            return Err(Lacks::Parts(parts));
        }
        let mut python = of_session(PYTHON);
        let hands = Hands::start(python.arg(scripts.join("ring.py")));
        Ok(Self {
            hands: hands.map_err(Lacks::folder)?,
            _bus: bus,
            display,
            folder: folder.to_owned(),
        })
    }

    /// A program that will run in this session and in no other.
    pub(super) fn command(&self, program: &Path) -> Command {
        command(program.as_os_str(), &self.display, &self.folder)
    }

    /// One command of `ring.py`.
    pub(super) fn hands<T: DeserializeOwned>(
        &mut self,
        name: &str,
        arguments: Value,
    ) -> Result<T, Failed> {
        self.hands.ask(name, arguments)
    }
}

/// `program`, which ends with this process.
fn dependent(program: &OsStr) -> Command {
    let [first, rest @ ..] = WITH_PARENT;
    let mut command = Command::new(first);
    command.args(rest).arg(program);
    command
}

/// Why a [`dependent`] program was not started.
fn not_started(fault: std::io::Error) -> Lacks {
    match fault.kind() {
        ErrorKind::NotFound => Lacks::part(WITH_PARENT[0], "util-linux"),
        _ => Lacks::folder(fault),
    }
}

fn command(program: &OsStr, display: &OsStr, folder: &Path) -> Command {
    let mut command = dependent(program);
    command
        .env("DISPLAY", display)
        .env("XDG_RUNTIME_DIR", folder)
        .env("DBUS_SESSION_BUS_ADDRESS", address(folder))
        .env("NO_AT_BRIDGE", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("AT_SPI_BUS_ADDRESS");
    command
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("bus").display())
}

/// A message bus; it says one line when it is ready.
fn bus(folder: &Path) -> Result<Running, Lacks> {
    let mut command = dependent("dbus-daemon".as_ref());
    let started = command
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address={}", address(folder)))
        // Of what it starts on demand.
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = Running(started.map_err(not_started)?);
    let mut line = String::new();
    let read = match child.0.stdout.take() {
        Some(out) => BufReader::new(out).read_line(&mut line),
        None => Ok(0),
    };
    if matches!(read, Ok(1..)) {
        return Ok(child);
    }
    // Its output is closed, so it has ended or is about to.
    let status = child.0.wait().map_err(Lacks::folder)?;
    let what = match status.code() {
        Some(NOT_FOUND) => "dbus-daemon",
        _ => "a message bus that starts",
    };
    Err(Lacks::part(what, "dbus-daemon"))
}

/// `ring.py`.
struct Hands {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _process: Running,
}

impl Hands {
    fn start(python: &mut Command) -> std::io::Result<Self> {
        let piped = python.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn()?;
        let lost = || std::io::Error::from(ErrorKind::BrokenPipe);
        Ok(Self {
            input: child.stdin.take().ok_or_else(lost)?,
            output: BufReader::new(child.stdout.take().ok_or_else(lost)?),
            _process: Running(child),
        })
    }

    fn ask<T: DeserializeOwned>(&mut self, name: &str, arguments: Value) -> Result<T, Failed> {
        let mut words = vec![Value::from(name)];
        match arguments {
            Value::Array(more) => words.extend(more),
            other => words.push(other),
        }
        writeln!(self.input, "{}", Value::from(words))?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(Failed::new(format!(
                "the hands that use the window died at {name}"
            )));
        }
        let mut answer: Value = serde_json::from_str(&line)?;
        if let Some(fault) = answer["fault"].as_str() {
            return Err(Failed::new(format!("{name}: {fault}")));
        }
        Ok(serde_json::from_value(answer["is"].take())?)
    }
}
