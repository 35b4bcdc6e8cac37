#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::limits::NETWORK_LATEST;

const INSIDE: &str = "SCRIM_TEST_IN_A_NETWORK_OF_ITS_OWN";

fn ran(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap()
}

#[track_caller]
fn ip(arguments: &str) {
    let words: Vec<_> = arguments.split(' ').collect();
    let output = ran("ip", &words);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "ip {arguments}: {said}");
}

fn hears(told: &Receiver<()>) -> bool {
    told.recv_timeout(NETWORK_LATEST + NETWORK_QUIET).is_ok()
}

/// Cables, addresses and routes of a kernel that this test has to itself.
#[test]
fn a_real_change_of_the_network_is_told_once() {
    if std::env::var_os(INSIDE).is_some() {
        return changes_are_told();
    }
    // A container may not allow it; what the messages say is tested beside the reader of them.
    if !ran("unshare", &["--user", "--map-root-user", "--net", "true"])
        .status
        .success()
    {
        return eprintln!("this system gives nobody a network of their own: not tested here");
    }
    let itself = std::env::current_exe().unwrap();
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net"])
        .arg(itself)
        .args([
            "--exact",
            "network::tests::a_real_change_of_the_network_is_told_once",
        ])
        .arg("--nocapture")
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

fn changes_are_told() {
    let (tell, told) = channel();
    // What is there before is no change.
    ip("link add near type veth peer name far");
    ip("addr add 192.0.2.1/24 dev near");
    let mut ear = Ear::open().unwrap();
    std::thread::spawn(move || {
        loop {
            ear.wait_for_change().unwrap();
            ear.wait_for_quiet().unwrap();
            if tell.send(()).is_err() {
                return;
            }
        }
    });
    ip("link set lo up");
    ip("link set near mtu 1400");
    ip("addr change 192.0.2.1/24 dev near valid_lft 1000 preferred_lft 1000");
    assert!(
        told.recv_timeout(2 * NETWORK_QUIET).is_err(),
        "nothing goes another way"
    );
    // A cable is put in, an address and a way out come: one change.
    ip("link set near up");
    ip("link set far up");
    ip("addr add 192.0.2.2/24 dev near");
    ip("route add default via 192.0.2.9 dev near");
    assert!(hears(&told));
    assert!(told.recv_timeout(2 * NETWORK_QUIET).is_err(), "told once");
    ip("link set far down");
    assert!(hears(&told), "the cable is pulled");
}
