//! A process that is killed: what was committed is there, what was not is not.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use scrim_store::{Store, Verdict};
use scrim_wire::window::SyncState;
use support::*;

const FOLDER: &str = "SCRIM_STORE_CRASH_FOLDER";
const STOP_AT: &str = "SCRIM_STORE_CRASH_AT_SALT";

/// The process to be killed: records decision 1, then stops inside the commit of decision 2 when
/// its salt number `STOP_AT` is asked for, or right after that commit.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return; // Run by itself this is nobody's child.
    };
    let stop_at: u8 = std::env::var(STOP_AT).unwrap().parse().unwrap();
    let (mut store, _) = Store::open(folder.as_ref(), &key(), NOW).unwrap();
    commit(&mut store, &decision(1));
    let mut asked = 0;
    let mut salt = || {
        if asked == stop_at {
            wait_to_be_killed();
        }
        asked += 1;
        [asked; 32]
    };
    store
        .commit_decision(&decision(2), false, &[interval(2, None)], &mut salt)
        .unwrap();
    wait_to_be_killed();
}

fn wait_to_be_killed() {
    let mut out = std::io::stdout();
    out.write_all(b"\nREADY\n").unwrap();
    out.flush().unwrap();
    let mut never = [0];
    std::io::stdin().read_exact(&mut never).unwrap();
}

/// Runs the child until it is ready, kills it with SIGKILL, and waits for its end.
fn killed(folder: &tempfile::TempDir, stop_at: u8) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder.path())
        .env(STOP_AT, stop_at.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.map(Result::unwrap).any(|line| line == "READY");
    assert!(ready, "the child ended before it was killed");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn killed_inside_a_commit_nothing_of_it_is_there() {
    for stop_at in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        killed(&folder, stop_at);
        // A reader comes first: it must cope with the log that the dead process left.
        let reader = Store::open_read_only(folder.path(), &key()).unwrap();
        assert_eq!(reader.history(9).unwrap().len(), 1);
        drop(reader);
        let mut store = open(&folder);
        let rows = store.pending_outbox().unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].decision, decision(1));
        assert_eq!(store.intervals_of(&item(2)).unwrap(), []);
        assert!(matches!(
            store.verify().unwrap(),
            Verdict::Whole { entries: 1, .. }
        ));
        commit(&mut store, &decision(2));
    }
}

#[test]
fn killed_after_a_commit_all_of_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    killed(&folder, 99);
    let store = open(&folder);
    let rows = store.pending_outbox().unwrap();
    let states: Vec<_> = rows
        .iter()
        .map(|row| (row.decision.clone(), row.state))
        .collect();
    assert_eq!(
        states,
        [
            (decision(1), SyncState::Held),
            (decision(2), SyncState::Held)
        ]
    );
    assert_eq!(store.intervals_of(&item(2)).unwrap().len(), 1);
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 2, .. }
    ));
}
