//! What `demo` refuses before it starts anything. The whole demo is run by `tests/demo`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

fn demo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrim"));
    command.arg("demo").env_remove("WAYLAND_DISPLAY");
    command
}

#[test]
fn without_a_display_nothing_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let mut command = demo();
    command.env_remove("DISPLAY").arg("--keep").arg(&kept);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(69));
    assert!(!kept.exists());
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine"), "x").unwrap();
    let mut command = demo();
    command
        .env("DISPLAY", ":nowhere")
        .arg("--keep")
        .arg(folder.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
