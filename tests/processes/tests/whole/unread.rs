//! What a desk remembers cannot be read, or what it says cannot be written: it starts and sends all
//! the same.

use std::fs::OpenOptions;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{World, program};

const COUNT: usize = 3;

#[test]
fn a_desk_whose_remembered_values_cannot_be_read_sends_what_waits() {
    let world = World::plain();
    let mut desk = world.desk(COUNT);
    desk.until_all(COUNT, &["Held"]);
    desk.kill();
    for key in ["policies", "break_timer", "desk_id", "tail"] {
        world.save(key, &json!(["no such thing"]));
    }
    let mut again = world.desk(0);
    again.until_all(COUNT, &["Accepted"]);
    again.stop();
    world.all_hold_the_same(COUNT);
}

/// Exit code of a program that says something about itself into a full disk.
fn code_with_nowhere_to_write(name: &str, package: &str, with: &[&str]) -> Option<i32> {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = Command::new(program(name, package))
        .args(with)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(full)
        .status();
    status.unwrap().code()
}

#[test]
fn agent_server_and_console_do_not_die_of_a_standard_error_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let profile = profile.to_str().unwrap();
    // No file can be below this one.
    let nowhere = "/dev/null/none";
    // A panic would be 101.
    for (name, package, with, code) in [
        ("scrim-agent", "scrim-agent", &["--profile", profile][..], 1),
        (
            "scrim-server",
            "scrim-server",
            &["serve", "--db", nowhere, "--environment", "test"],
            1,
        ),
        ("scrim", "scrim-cli", &["--profile", nowhere, "verify"], 66),
        (
            "headless-desk",
            "scrim-processes",
            &["--profile", nowhere, "--worker", nowhere, "--decide", "0"],
            1,
        ),
    ] {
        let found = code_with_nowhere_to_write(name, package, with);
        assert_eq!(found, Some(code), "{name}");
    }
}
