//! Tray and notifications on a desktop that has them, and a desk without any message bus.

use std::time::Instant;

use serde_json::json;

use crate::support::{Agent, PATIENCE, Session, World, program};

/// Longer than anybody works without a break being due.
const WORKED_MS: u64 = 3_600_000;
/// Longer than any break must last.
const RESTED_MS: u64 = 3_600_000;

#[test]
fn the_tray_has_its_entries_and_quit_ends_everything() {
    let (world, mut session) = (World::plain(), Session::open());
    session.hands::<()>("watch_trays", json!([]));
    let mut agent = Agent::open(&world, &mut session);
    let labels: Vec<String> = session.hands("menu", json!(["Quit"]));
    let expected = [
        "Open review",
        "",
        "0 min since your last break",
        "0 waiting to sync",
        "",
        "Take a break",
        "Quit",
    ];
    assert_eq!(labels, expected);

    // The figure is the one of the window.
    session.press("decide.allow");
    session.hands::<Vec<String>>("menu", json!(["1 waiting to sync"]));
    session.hands::<Vec<String>>("menu", json!(["0 waiting to sync"]));

    session.hands::<()>("choose", json!(["Take a break"]));
    session.until("screen.title", "On a break");
    session.press("break.end");
    session.hands::<Vec<String>>("item", json!([]));

    let closed = agent.window;
    session.hands::<()>("close", json!([]));
    session.hands::<()>("ended", json!([closed]));
    session.hands::<()>("choose", json!(["Open review"]));
    agent.window_after(&mut session, closed);
    session.hands::<Vec<String>>("item", json!([]));

    session.hands::<()>("choose", json!(["Quit"]));
    let log = agent.ends(&mut session);
    assert!(
        !log.contains("died"),
        "no window is started again at the end: {log}"
    );
    world.all_hold_the_same(1);
}

#[test]
fn notifications_say_that_a_break_is_due_and_that_it_can_end() {
    for (active_ms, rested_ms, title, body) in [
        (
            WORKED_MS,
            None,
            "Time for a break",
            "You can finish what is open first.",
        ),
        (
            0,
            Some(RESTED_MS),
            "Your break can end",
            "Come back when you are ready.",
        ),
    ] {
        let (world, mut session) = (World::plain(), Session::open());
        world.keep_break(active_ms, rested_ms);
        session.hands::<()>("watch_notifications", json!([]));
        let agent = Agent::start(&world, &mut session);
        let said: Vec<(String, String)> = session.hands("notified", json!([]));
        assert_eq!(said, [(title.to_owned(), body.to_owned())]);
        agent.stop(&mut session);
    }
}

#[test]
fn without_a_tray_a_closed_window_ends_the_agent() {
    let (world, mut session) = (World::plain(), Session::open());
    let agent = Agent::open(&world, &mut session);
    session.hands::<()>("close", json!([]));
    agent.ends(&mut session);
    world.all_hold_the_same(0);
}

#[test]
fn without_any_bus_the_agent_works() {
    let (world, mut session) = (World::plain(), Session::open());
    // Also a notification is due, which nobody can show.
    world.keep_break(WORKED_MS, None);
    let mut command = session.command(&program("scrim-agent", "scrim-agent"));
    command.env_remove("DBUS_SESSION_BUS_ADDRESS");
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window = session.hands("find", json!([agent.id()]));
    // Nothing can be read from the window without a bus: the key is pressed until it has done something.
    let end = Instant::now() + PATIENCE;
    while world.recorded().is_empty() {
        assert!(Instant::now() < end, "{}", agent.log());
        session.hands::<()>("key", json!(["f"]));
    }
    agent.stop(&mut session);
    let count = world.recorded().len();
    let agent = Agent::open(&world, &mut session);
    session.until("status.sync", "all synced");
    agent.stop(&mut session);
    world.all_hold_the_same(count);
}
