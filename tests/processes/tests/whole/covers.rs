//! What covers an open picture from outside, measured on the pixels of the real window.

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Agent, Session, World, signal};

/// Longest time from an agent that says nothing any more to a covered screen: the window's own
/// deadline is 500 ms after the last message.
const SILENT_MS_MAX: u64 = 600;
/// Longest time from the signal of a screen lock to a covered screen.
const LOCKED_MS_MAX: u64 = 500;

/// One picture, drawn so that it shows whether it is covered.
fn world() -> World {
    World::new(|folder| {
        let mut samples = scrim_samples::checkered(&scrim_samples::Settings::default());
        samples.truncate(1);
        scrim_samples::write_samples(samples, folder, |_| {}).unwrap();
    })
}

#[track_caller]
fn uncover(world: &World, session: &mut Session) {
    let samples = world.folder.path().join("samples");
    session.hands::<()>("uncover", json!([samples]));
}

#[test]
fn an_agent_that_hangs_leaves_nothing_uncovered() {
    let (world, mut session) = (world(), Session::open());
    let agent = Agent::open(&world, &mut session);
    uncover(&world, &mut session);
    let after_ms: u64 = session.hands("covered_after", json!(["stop", agent.id()]));
    println!("covered {after_ms} ms after the agent was stopped");
    signal(agent.id(), Signal::CONT);
    assert!(after_ms <= SILENT_MS_MAX, "{after_ms} ms");
    // It goes on where it was, and still covered.
    session.press("decide.allow");
    session.hands::<()>("gone", json!(["item.label"]));
    session.until("status.sync", "all synced");
    agent.stop(&mut session);
    world.all_hold_the_same(1);
}

#[test]
fn a_screen_lock_covers_at_once() {
    let (world, mut session) = (world(), Session::with_system_bus());
    let agent = Agent::open(&world, &mut session);
    let logind = "org.freedesktop.login1";
    session.hands::<()>("own", json!(["system", logind]));
    for (bus, path, interface, member, flag) in [
        (
            "session",
            "/org/freedesktop/ScreenSaver",
            "org.freedesktop.ScreenSaver",
            "ActiveChanged",
            Some(true),
        ),
        (
            "session",
            "/org/gnome/ScreenSaver",
            "org.gnome.ScreenSaver",
            "ActiveChanged",
            Some(true),
        ),
        (
            "system",
            "/org/freedesktop/login1/session/_31",
            "org.freedesktop.login1.Session",
            "Lock",
            None,
        ),
        (
            "system",
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            "PrepareForSleep",
            Some(true),
        ),
    ] {
        session.hands::<()>("hear", json!([bus, interface]));
        uncover(&world, &mut session);
        let emit = json!(["emit", bus, path, interface, member, flag]);
        let after_ms: u64 = session.hands("covered_after", emit);
        println!("covered {after_ms} ms after {interface}.{member}");
        assert!(after_ms <= LOCKED_MS_MAX, "{interface}: {after_ms} ms");
        session.until("screen.title", "Locked");
        session.press("desk.unlock");
        session.hands::<Vec<String>>("item", json!([]));
    }
    agent.stop(&mut session);
}
