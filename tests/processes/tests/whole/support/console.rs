//! `scrim` as a process, and what it needs beside it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{Running, World, program};

/// The console on the world's profile, with `input` as its standard input.
pub(crate) fn scrim(world: &World, arguments: &[&str], input: &str, bus: Option<&str>) -> Output {
    let command = Command::new(program("scrim", "scrim-cli"));
    scrim_as(command, world, arguments, input, bus)
}

/// The same by way of `command`.
pub(crate) fn scrim_as(
    mut command: Command,
    world: &World,
    arguments: &[&str],
    input: &str,
    bus: Option<&str>,
) -> Output {
    command
        .arg("--profile")
        .arg(world.profile.folder())
        .args(arguments)
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(address) = bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
    }
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[track_caller]
pub(crate) fn says(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
pub(crate) fn sign_in(world: &World, token: &str) {
    let origin = format!("http://{}", world.road.address);
    says(&scrim(world, &["sign-in", &origin], token, None));
}

/// Ids of the decisions that the console exports.
#[track_caller]
pub(crate) fn exported(world: &World, input: &str, bus: Option<&str>) -> BTreeSet<String> {
    let days = ["--from", "2000-01-01", "--to", "2100-01-01"];
    let mut arguments = vec!["export", "decisions", "--format", "jsonl"];
    arguments.extend(days);
    ids(&says(&scrim(world, &arguments, input, bus)))
}

pub(crate) fn ids(lines: &str) -> BTreeSet<String> {
    let id = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["decision_id"].as_str().unwrap().to_owned()
    };
    lines.lines().map(id).collect()
}

/// A real Secret Service with an unlocked keyring of its own.
pub(crate) fn keyring(home: &Path, address: &str) -> Running {
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon
        .args(["--foreground", "--unlock", "--components=secrets"])
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_RUNTIME_DIR", home)
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = daemon.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"password").unwrap();
    let daemon = Running(child);
    let mut wait = Command::new("gdbus");
    wait.args([
        "wait",
        "--session",
        "--timeout",
        "30",
        "org.freedesktop.secrets",
    ])
    .env("DBUS_SESSION_BUS_ADDRESS", address);
    assert!(wait.status().unwrap().success(), "no Secret Service");
    daemon
}
