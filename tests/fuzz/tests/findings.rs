//! A reader that fails is found out, however it fails.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;
use std::time::Duration;

use scrim_fuzz::{Plan, supervise};

/// A program that dies of its input is found by whoever watches, which keeps that input.
#[test]
fn a_process_that_dies_leaves_its_input() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("dies");
    let text = "#!/bin/sh\nfor last; do :; done\nprintf '\\003\\0\\0\\0\\0\\0\\0\\0bad' > \"$last\"\nkill -ABRT $$\n";
    std::fs::write(&script, text).unwrap();
    let made = Command::new("chmod")
        .arg("700")
        .arg(&script)
        .status()
        .unwrap();
    assert!(made.success());
    let plan = Plan {
        target: "settings-file".into(),
        time: Duration::from_millis(300),
        seed: 1,
        keep: false,
        root: folder.path().to_owned(),
        current: folder.path().join("current"),
    };
    let (_, findings) = supervise(&script, &plan).unwrap();
    assert!(findings > 0);
    let kept = scrim_fuzz::kept_crashes(folder.path(), "settings-file").unwrap();
    assert!(kept.contains(&b"bad".to_vec()));
}

#[test]
fn the_program_runs_a_target_and_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_scrim-fuzz"))
        .args([
            "worker-link",
            "--seconds",
            "1",
            "--seed",
            "5",
            "--keep",
            "--root",
        ])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(
        said.starts_with("worker-link: ") && said.contains(" 0 findings"),
        "{said}"
    );
    let kept = scrim_fuzz::kept_inputs(folder.path(), "worker-link").unwrap();
    assert!(kept.len() > 3, "the corpus was written: {}", kept.len());
}
