//! The outer ring: what it needs, and its journeys at the real window.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/junit.rs"]
mod junit;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A display of this test's own; it ends with this value.
struct Display(Child, String);

impl Display {
    fn open() -> Self {
        let mut child = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1366x900x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut number).unwrap();
        Self(child, format!(":{}", number.trim()))
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn smoke(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"));
    command.args(words);
    command
}

fn said(output: &Output) -> String {
    let complained = String::from_utf8_lossy(&output.stderr);
    format!("{}{complained}", String::from_utf8_lossy(&output.stdout))
}

#[test]
fn without_a_display_nothing_is_run_and_the_way_to_one_is_said() {
    for ring in ["outer", "all"] {
        for wayland in [None, Some("wayland-0")] {
            let mut command = smoke(&["--ring", ring]);
            command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
            command.envs(wayland.map(|name| ("WAYLAND_DISPLAY", name)));
            let output = command.output().unwrap();
            let said = said(&output);
            assert_eq!(output.status.code(), Some(4), "{said}");
            for words in ["xvfb-run", "dbus-run-session", "Nothing was run"] {
                assert!(said.contains(words), "{said}");
            }
            assert_eq!(said.contains("Wayland"), wayland.is_some(), "{said}");
            assert!(!said.contains("pass "), "{said}");
        }
    }
}

#[test]
fn a_display_that_does_not_answer_is_said() {
    let mut command = smoke(&["--ring", "outer"]);
    // No display has this number.
    let output = command.env("DISPLAY", ":65000").output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("answers at DISPLAY"), "{said}");
}

#[test]
fn a_server_that_is_there_and_a_ring_or_pictures_are_not_chosen_together() {
    let words = ["--against", "http://127.0.0.1:9", "--token-file", "t"];
    let folder = tempfile::tempdir().unwrap();
    let shots = folder.path().join("shots");
    for other in [
        ["--ring", "outer"],
        ["--screenshots", shots.to_str().unwrap()],
    ] {
        let output = smoke(&words).args(other).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    }
    assert!(!shots.exists(), "nothing was made");
}

#[test]
fn other_words_than_english_are_not_for_the_real_window() {
    let output = smoke(&["--ring", "all", "--locale", "en-xa"])
        .output()
        .unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("Nothing was run"), "{said}");
}

/// Longest time that a machine with other work takes for what is waited for.
const WAIT: Duration = Duration::from_secs(60);

/// Waits for something that another process does.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + WAIT;
    while !is_so() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::yield_now();
    }
}

/// Names of the processes that were started with this folder in their environment.
fn processes_of(folder: &Path) -> BTreeSet<String> {
    let folder = folder.as_os_str().as_encoded_bytes();
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir("/proc").unwrap() {
        let process = entry.unwrap().path();
        // A process can end at any moment, and those of others are not told of.
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        if environment.windows(folder.len()).any(|part| part == folder) {
            let name = std::fs::read_to_string(process.join("comm")).unwrap_or_default();
            names.insert(name.trim().to_owned());
        }
    }
    names
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_killed_run_at_the_real_window_leaves_no_process_and_the_next_run_removes_its_folder() {
    let display = Display::open();
    let all = tempfile::tempdir().unwrap();
    let mut run = smoke(&["--ring", "outer"])
        .env("TMPDIR", all.path())
        .env("DISPLAY", &display.1)
        .env_remove("XAUTHORITY")
        .env_remove("WAYLAND_DISPLAY")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let parts = [
        "dbus-daemon",
        "python3",
        "scrim-agent",
        "scrim-server",
        "scrim-window",
    ];
    until("agent and window", || {
        let names = processes_of(all.path());
        parts.iter().all(|part| names.contains(*part))
    });
    let one_more = || {
        let output = smoke(&["--journey", "start-signed-out"])
            .env("TMPDIR", all.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
    };
    // A run beside it leaves it alone.
    one_more();
    assert_eq!(entries(all.path()), 1);
    run.kill().unwrap();
    run.wait().unwrap();
    until("the end of all of them", || {
        processes_of(all.path()).is_empty()
    });
    assert_eq!(entries(all.path()), 1);
    one_more();
    assert_eq!(entries(all.path()), 0);
}

#[test]
fn the_list_names_the_journeys_of_both_rings() {
    let output = smoke(&["--list"]).output().unwrap();
    let said = said(&output);
    assert!(output.status.success());
    let with = |name: &str| said.lines().any(|line| line.starts_with(name));
    for name in ["covered-first  ", "outer-first-item-covered  "] {
        assert!(with(name), "{said}");
    }
    let outer = said.lines().filter(|line| line.starts_with("outer-"));
    assert!(outer.count() >= 6, "{said}");
}

fn is_picture(path: &Path) -> bool {
    std::fs::read(path).unwrap().starts_with(b"\x89PNG")
}

#[test]
fn every_journey_at_the_real_window_passes() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::open();
    let (report, shots) = (folder.path().join("out.xml"), folder.path().join("shots"));
    let output = smoke(&["--ring", "outer", "--junit"])
        .arg(&report)
        .arg("--screenshots")
        .arg(&shots)
        .env("DISPLAY", &display.1)
        .env_remove("XAUTHORITY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    println!("{said}");
    let cases = junit::cases(&std::fs::read_to_string(report).unwrap());
    assert!(cases.len() >= 6, "{cases:?}");
    for case in &cases {
        assert_eq!(case.failure, None, "{}", case.name);
        assert_eq!(case.class, "scrim.outer", "{}", case.name);
        // The real window keeps what it does to itself.
        assert!(case.actions.is_empty(), "{}", case.name);
    }
    let pictures: Vec<_> = std::fs::read_dir(&shots)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(pictures.len() >= 6, "{pictures:?}");
    assert!(pictures.iter().all(|path| is_picture(path)));
    let failed = |path: &Path| path.to_string_lossy().contains("failed");
    assert!(!pictures.iter().any(|path| failed(path)), "{pictures:?}");
}
