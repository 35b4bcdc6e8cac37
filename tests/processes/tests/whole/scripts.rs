//! The scripts that drive the real window for people, run as they are, on displays of their own.

use std::process::Command;

use crate::support::{program, repository};

#[track_caller]
fn run(script: &str, arguments: &[&str]) -> String {
    // Everything that is driven has to be there; each is named if it is not.
    for (name, package) in [
        ("scrim", "scrim-cli"),
        ("scrim-window", "scrim-window"),
        ("scrim-decode", "scrim-decode"),
        ("scrim-server", "scrim-server"),
        ("scrim-samples", "scrim-samples"),
    ] {
        program(name, package);
    }
    let agent = program("scrim-agent", "scrim-agent");
    let mut command = Command::new(repository().join(script));
    for other_session in [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "DBUS_SESSION_BUS_ADDRESS",
        "XDG_RUNTIME_DIR",
        "AT_SPI_BUS_ADDRESS",
    ] {
        command.env_remove(other_session);
    }
    let output = command
        .arg("--bin")
        .arg(agent.parent().unwrap())
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    said
}

#[test]
fn every_frame_of_the_real_window_is_covered() {
    let said = run("tests/first_paint/run", &[]);
    assert!(said.contains("Every frame was covered"), "{said}");
}

#[test]
fn the_demo_runs_from_start_to_end_and_nothing_is_lost() {
    let options = ["--items", "60", "--drive", "12"];
    let said = run("tests/demo/run-headless", &options);
    assert!(said.contains("Equal sets, no repeats."), "{said}");
    assert!(
        said.contains("Everything that was started has ended."),
        "{said}"
    );
}
