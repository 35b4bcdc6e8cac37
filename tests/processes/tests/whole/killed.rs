//! The real agent with the real window: whoever is killed when, a decision arrives exactly once.

use std::collections::BTreeMap;

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Agent, Gate, Session, World, program, signal};

/// Decides the open item as fine; the window shows the next one.
#[track_caller]
fn decide(session: &mut Session) {
    let item: Vec<String> = session.hands("item", json!([]));
    session.press("decide.allow");
    session.hands::<Vec<String>>("next_item", json!([item]));
}

/// An agent that is started anew and sends what is there; then everybody holds the same `count`.
#[track_caller]
fn started_again_it_agrees(world: &World, session: &mut Session, count: usize) {
    let agent = Agent::open(world, session);
    session.until("status.sync", "all synced");
    agent.stop(session);
    world.all_hold_the_same(count);
    world.exports_the_same(count);
}

#[test]
fn the_agent_is_killed_while_a_decision_can_still_be_taken_back() {
    let (world, mut session) = (World::plain(), Session::open());
    let agent = Agent::open(&world, &mut session);
    decide(&mut session);
    agent.kill(&mut session);
    assert_eq!(
        world.road.sent(),
        0,
        "nothing has left before its undo window was over"
    );
    assert_eq!(world.recorded().len(), 1, "it is on disk");
    started_again_it_agrees(&world, &mut session, 1);
}

#[test]
fn the_agent_is_killed_before_the_server_has_heard() {
    let (world, mut session) = (World::plain(), Session::open());
    world.road.set(Gate::LosesRequests);
    let agent = Agent::open(&world, &mut session);
    decide(&mut session);
    world.road.until_lost();
    agent.kill(&mut session);
    assert!(
        world.server.outcomes().is_empty(),
        "the server has not heard"
    );
    world.road.set(Gate::Open);
    started_again_it_agrees(&world, &mut session, 1);
}

#[test]
fn the_agent_is_killed_after_the_server_has_taken_it_and_before_the_receipt() {
    let (world, mut session) = (World::plain(), Session::open());
    world.road.set(Gate::LosesAnswers);
    let agent = Agent::open(&world, &mut session);
    decide(&mut session);
    world.road.until_lost();
    agent.kill(&mut session);
    assert_eq!(
        world.server.outcomes().len(),
        1,
        "the platform has it already"
    );
    assert!(
        world.recorded()[0].receipt.is_none(),
        "the desk has no receipt"
    );
    world.road.set(Gate::Open);
    started_again_it_agrees(&world, &mut session, 1);
    assert_eq!(world.road.sent(), 2, "it went twice under the same id");
}

#[test]
fn the_agent_is_killed_while_the_server_is_down() {
    let (mut world, mut session) = (World::plain(), Session::open());
    let agent = Agent::open(&world, &mut session);
    world.server.kill();
    decide(&mut session);
    decide(&mut session);
    session.until("status.sync", "2 waiting");
    agent.kill(&mut session);
    let address = world.server.start();
    world.road.lead_to(address);
    started_again_it_agrees(&world, &mut session, 2);
}

#[test]
fn a_server_that_was_put_back_is_said_with_how_much_it_has_lost() {
    let (mut world, mut session) = (World::plain(), Session::open());
    let headless = |world: &World, more, all| {
        let mut desk = world.desk(more);
        world.until_taken(all);
        desk.until("every receipt", |desk| {
            let states = desk.decisions();
            states.len() == all && states.values().all(|state| *state == "Accepted")
        });
        desk.stop();
    };
    headless(&world, 1, 1);
    let address = world.server.back_up();
    world.road.lead_to(address);
    headless(&world, 2, 3);
    let address = world.server.put_back();
    world.road.lead_to(address);
    assert_eq!((world.taken().len(), world.recorded().len()), (1, 3));

    let agent = Agent::open(&world, &mut session);
    let says = |session: &mut Session| {
        let texts: BTreeMap<String, Option<String>> = session.hands("says", json!([]));
        format!("{texts:?}")
    };
    let shown = says(&mut session);
    assert!(shown.contains("confirmed and has lost: 2"), "{shown}");
    session.press("history.open");
    session.until("conflict.seen", "Seen");
    session.press("conflict.seen");
    session.press("close.top");
    agent.stop(&mut session);
    assert_eq!(world.taken().len(), 1, "nothing is sent again unasked");
    assert_eq!(world.exported().len(), 3, "all of them are kept");

    // What was read is not said again.
    let agent = Agent::open(&world, &mut session);
    let shown = says(&mut session);
    assert!(!shown.contains("put back"), "{shown}");
    agent.stop(&mut session);
}

#[test]
fn a_killed_window_is_started_again_and_nothing_is_lost() {
    let (world, mut session) = (World::plain(), Session::open());
    let mut agent = Agent::open(&world, &mut session);
    decide(&mut session);
    let item: Vec<String> = session.hands("item", json!([]));
    let before = agent.window;
    signal(before, Signal::KILL);
    agent.window_after(&mut session, before);
    let again: Vec<String> = session.hands("item", json!([]));
    assert_eq!(again, item, "the same item is open");
    decide(&mut session);
    session.until("status.sync", "all synced");
    agent.stop(&mut session);
    world.all_hold_the_same(2);
}

#[test]
fn a_second_start_shows_the_window_of_the_first_and_ends() {
    let (world, mut session) = (World::plain(), Session::open());
    session.hands::<()>("watch_trays", json!([]));
    let mut agent = Agent::open(&world, &mut session);
    let second = |session: &mut Session| {
        let mut command = session.command(&program("scrim-agent", "scrim-agent"));
        let output = command
            .arg("--profile")
            .arg(world.profile.folder())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
    };
    // While the window is open it stays the one.
    second(&mut session);
    let same: u32 = session.hands("open", json!([agent.id(), 0]));
    assert_eq!(same, agent.window);
    // Closed by the moderator, with a tray to come back by, the agent goes on without a window.
    let closed = agent.window;
    session.hands::<()>("close", json!([]));
    session.hands::<()>("ended", json!([closed]));
    second(&mut session);
    agent.window_after(&mut session, closed);
    decide(&mut session);
    session.until("status.sync", "all synced");
    agent.stop(&mut session);
    world.all_hold_the_same(1);
}
