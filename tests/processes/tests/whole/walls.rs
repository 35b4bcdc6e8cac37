//! The walls of the running programs, seen from outside, and what is done without one of them.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, prlimit};
use scrim_model::Kind;
use scrim_samples::Settings;
use serde_json::json;

use crate::support::{Agent, PATIENCE, Running, Session, World, program, signal, threads_say};

/// A filter of system calls is in force; more rights cannot be had by running a program.
#[track_caller]
fn is_walled(process: u32) {
    for (field, value) in [("Seccomp", "2"), ("NoNewPrivs", "1")] {
        let threads = threads_say(process, field);
        assert!(!threads.is_empty());
        assert!(
            threads.iter().all(|one| one == value),
            "{field}: {threads:?}"
        );
    }
}

#[test]
fn every_thread_of_the_running_window_is_walled_in() {
    let (world, mut session) = (World::plain(), Session::open());
    let agent = Agent::open(&world, &mut session);
    is_walled(agent.window);
    let posture = "window walls: landlock on, seccomp on, not dumpable on";
    let log = agent.stop(&mut session);
    assert!(log.contains(posture), "{log}");
    assert!(!log.contains("died"), "{log}");
}

#[test]
fn an_agent_and_a_window_that_crash_leave_no_core_file() {
    let (world, mut session) = (World::plain(), Session::open());
    let here = tempfile::tempdir().unwrap();
    let mut command = session.command(&program("scrim-agent", "scrim-agent"));
    let mut agent = Agent::spawn(&world, command.current_dir(here.path()));
    agent.window_after(&mut session, 0);
    session.hands::<Vec<String>>("item", json!([]));

    let window = agent.window;
    may_leave_core_files(window);
    signal(window, Signal::ABORT);
    agent.window_after(&mut session, window);
    may_leave_core_files(agent.id());
    let status = agent.abort(&mut session);
    assert!(!status.core_dumped(), "{status}");
    let left: Vec<_> = std::fs::read_dir(here.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Lifts the limit of core files as far as the system lets it, as a desk set up for debugging has it.
fn may_leave_core_files(process: u32) {
    let pid = Pid::from_raw(process.try_into().unwrap());
    let hard = getrlimit(Resource::Core).maximum;
    let lifted = Rlimit {
        current: hard,
        maximum: hard,
    };
    prlimit(pid, Resource::Core, lifted).unwrap();
}

#[test]
fn a_running_worker_is_walled_in_before_it_has_read_its_job() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut command = Command::new(program("scrim-decode", "scrim-decode"));
    command.env_clear().stdin(OwnedFd::from(theirs));
    let worker = Running(command.spawn().unwrap());
    let end = Instant::now() + PATIENCE;
    // The filter is the last wall; after it comes the job, which never does.
    while threads_say(worker.0.id(), "Seccomp") != ["2"] {
        assert!(Instant::now() < end, "no wall was raised");
        std::thread::yield_now();
    }
    is_walled(worker.0.id());
    let limits = Path::new("/proc")
        .join(worker.0.id().to_string())
        .join("limits");
    let limits = std::fs::read_to_string(limits).unwrap();
    // The standard three, of which one is the link, and the two that come with the job.
    for (what, most) in [
        ("Max open files", "5"),
        ("Max processes", "0"),
        ("Max core file size", "0"),
    ] {
        let line = limits.lines().find(|line| line.starts_with(what)).unwrap();
        let words: Vec<&str> = line[what.len()..].split_whitespace().collect();
        assert_eq!(words[..2], [most, most], "{line}");
    }
    let open = Path::new("/proc")
        .join(worker.0.id().to_string())
        .join("fd");
    let mut open: Vec<_> = std::fs::read_dir(open)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    open.sort();
    assert_eq!(open, ["0", "1", "2"]);
    drop(ours);
}

#[test]
fn without_a_sandbox_nothing_is_decoded_and_items_can_be_decided() {
    let world = World::new(|folder| {
        let settings = Settings {
            count: 3,
            side_max: Some(48),
            with_broken: false,
            kinds: vec![Kind::Image],
            ..Default::default()
        };
        scrim_samples::write_folder(&settings, folder).unwrap();
    });
    let mut session = Session::open();
    let without_landlock = |session: &Session, name: &str, package: &str| {
        let wrapper = Path::new(env!("CARGO_BIN_EXE_without-landlock"));
        let mut command = session.command(wrapper);
        command.arg(program(name, package));
        command
    };
    let mut command = without_landlock(&session, "scrim-agent", "scrim-agent");
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window_after(&mut session, 0);
    let says = session.until("medium.0", "could not be shown safely");
    assert!(says.contains("scrim doctor"), "{says}");
    let item: Vec<String> = session.hands("item", json!([]));
    session.press("decide.allow");
    session.hands::<Vec<String>>("next_item", json!([item]));
    session.until("medium.0", "could not be shown safely");
    session.until("status.sync", "all synced");

    let mut doctor = without_landlock(&session, "scrim", "scrim-cli");
    let output = doctor
        .arg("--profile")
        .arg(world.profile.folder())
        .arg("doctor")
        .stderr(File::create(world.folder.path().join("doctor.err")).unwrap())
        .output()
        .unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success(), "{report}");
    let line = report
        .lines()
        .find(|line| line.contains("Sandbox of the worker"));
    let line = line.unwrap_or_else(|| panic!("{report}"));
    assert!(line.starts_with("broken"), "{line}");
    assert!(line.contains("Landlock version 0"), "{line}");
    assert!(line.contains("no media are opened"), "{line}");

    assert!(
        agent
            .log()
            .contains("window walls: landlock OFF, seccomp on"),
        "{}",
        agent.log()
    );
    agent.stop(&mut session);
    world.all_hold_the_same(1);
}
