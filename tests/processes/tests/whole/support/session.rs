//! A desktop session of a test's own: display, window manager, message bus, accessibility bus, and
//! hands to drive the real window with. Everything is ended by process id.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::repository;

/// A started program that ends with this value.
pub(crate) struct Running(pub(crate) Child);

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
pub(crate) struct Session {
    hands: Hands,
    _system_bus: Option<Running>,
    _window_manager: Running,
    _display: Running,
    _bus: Running,
    display: String,
    folder: TempDir,
}

impl Session {
    /// Opens everything but a system bus.
    pub(crate) fn open() -> Self {
        Self::with(false)
    }

    /// With a system bus that is this session's own as well.
    pub(crate) fn with_system_bus() -> Self {
        Self::with(true)
    }

    fn with(has_system_bus: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(folder.path(), private).unwrap();
        let bus = message_bus(folder.path(), "session");
        let system_bus = has_system_bus.then(|| message_bus(folder.path(), "system"));
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1366x900x24"]);
        let (display, number) = first_line(xvfb.args(["-nolisten", "tcp"]));
        let display_name = format!(":{number}");
        let of_session = |program: &str| command(program.as_ref(), folder.path(), &display_name);
        let window_manager = Running(quiet(&mut of_session("openbox")).spawn().unwrap());
        listen_to_windows(&of_session);
        let hands = Hands::start(&mut of_session("/usr/bin/python3"));
        Self {
            hands,
            _system_bus: system_bus,
            _window_manager: window_manager,
            _display: display,
            _bus: bus,
            display: display_name,
            folder,
        }
    }

    /// A program that will run in this session and in no other.
    pub(crate) fn command(&self, program: &Path) -> Command {
        command(program, self.folder.path(), &self.display)
    }

    /// Its runtime folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where its message bus listens.
    pub(crate) fn bus(&self) -> String {
        address(self.folder.path(), "session")
    }

    /// One command of `hands.py`.
    #[track_caller]
    pub(crate) fn hands<T: DeserializeOwned>(&mut self, name: &str, arguments: Value) -> T {
        self.hands.ask(name, arguments)
    }

    /// Activates a control of the window.
    #[track_caller]
    pub(crate) fn press(&mut self, control: &str) {
        self.hands("do", json!([control]))
    }

    /// Waits until a node of the window has the words.
    #[track_caller]
    pub(crate) fn until(&mut self, node: &str, words: &str) -> String {
        self.hands("until", json!([node, words]))
    }
}

fn command(program: &Path, folder: &Path, display: &str) -> Command {
    let address = |bus| address(folder, bus);
    let mut command = Command::new(program);
    command
        .env("DISPLAY", display)
        .env("XDG_RUNTIME_DIR", folder)
        .env("DBUS_SESSION_BUS_ADDRESS", address("session"))
        // Nothing is there unless the session has one: never the machine's own.
        .env("DBUS_SYSTEM_BUS_ADDRESS", address("system"))
        .env("NO_AT_BRIDGE", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XAUTHORITY")
        .env_remove("AT_SPI_BUS_ADDRESS");
    command
}

fn address(folder: &Path, bus: &str) -> String {
    format!("unix:path={}", folder.join(bus).display())
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

/// Starts a program that says one line when it is ready.
fn first_line(command: &mut Command) -> (Running, String) {
    let mut child = quiet(command).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "{command:?} did not start");
    (Running(child), line.trim().to_owned())
}

fn message_bus(folder: &Path, name: &str) -> Running {
    let mut command = Command::new("dbus-daemon");
    command
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!(
            "--address=unix:path={}",
            folder.join(name).display()
        ))
        // Of what it starts on demand.
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    first_line(&mut command).0
}

/// Without these two, toolkits keep their accessible trees to themselves.
fn listen_to_windows(of_session: &dyn Fn(&str) -> Command) {
    for property in ["IsEnabled", "ScreenReaderEnabled"] {
        let mut set = of_session("dbus-send");
        set.args(["--session", "--print-reply", "--dest=org.a11y.Bus"])
            .args(["/org/a11y/bus", "org.freedesktop.DBus.Properties.Set"])
            .args(["string:org.a11y.Status", &format!("string:{property}")])
            .arg("variant:boolean:true");
        assert!(
            quiet(&mut set).status().unwrap().success(),
            "no accessibility bus"
        );
    }
}

/// `hands.py`.
struct Hands {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _process: Running,
}

impl Hands {
    fn start(python: &mut Command) -> Self {
        let script: PathBuf = repository().join("tests/processes/hands.py");
        let mut child = python
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            _process: Running(child),
        }
    }

    #[track_caller]
    fn ask<T: DeserializeOwned>(&mut self, name: &str, arguments: Value) -> T {
        let Value::Array(mut words) = arguments else {
            panic!("arguments are a list")
        };
        words.insert(0, name.into());
        writeln!(self.input, "{}", Value::from(words)).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).expect("hands.py answers");
        if let Some(fault) = answer.get("fault") {
            panic!("{name}: {}", fault.as_str().unwrap());
        }
        serde_json::from_value(answer["is"].take()).unwrap()
    }
}
