//! A decision arrives exactly once, whoever dies when: the desk, the server, or the road between.

use crate::support::{Gate, World};

const COUNT: usize = 3;

/// A desk that decides nothing new until everything old has its receipt; then all must agree.
#[track_caller]
fn started_again_it_agrees(world: &World) {
    let mut again = world.desk(0);
    again.until_all(COUNT, &["Accepted"]);
    again.until("an item", |desk| {
        desk.said.iter().any(|line| line.starts_with("serving "))
    });
    again.stop();
    world.all_hold_the_same(COUNT);
}

#[test]
fn the_desk_dies_while_decisions_can_still_be_taken_back() {
    let world = World::plain();
    let mut desk = world.desk(COUNT);
    desk.until_all(COUNT, &["Held"]);
    desk.kill();
    assert_eq!(
        world.road.sent(),
        0,
        "nothing has left before its undo window was over"
    );
    assert_eq!(world.recorded().len(), COUNT, "all are on disk");
    started_again_it_agrees(&world);
    assert_eq!(world.road.sent(), COUNT);
}

#[test]
fn the_desk_dies_before_the_server_has_heard() {
    let world = World::plain();
    world.road.set(Gate::LosesRequests);
    let mut desk = world.desk(COUNT);
    desk.until_all(COUNT, &["Held", "Waiting", "InFlight"]);
    world.road.until_lost();
    desk.kill();
    world.road.set(Gate::Open);
    started_again_it_agrees(&world);
}

#[test]
fn the_desk_dies_after_the_server_has_taken_it_and_before_the_receipt() {
    let world = World::plain();
    world.road.set(Gate::LosesAnswers);
    let mut desk = world.desk(COUNT);
    desk.until_all(COUNT, &["Held", "Waiting", "InFlight"]);
    world.road.until_lost();
    desk.kill();
    let without = world
        .recorded()
        .iter()
        .filter(|row| row.receipt.is_none())
        .count();
    assert_eq!(without, COUNT, "the desk has no receipt");
    // One alone, or several whose undo windows ended in the same moment.
    let taken = world.server.outcomes().len();
    assert!(taken > 0, "the platform has one already");
    world.road.set(Gate::Open);
    started_again_it_agrees(&world);
    assert_eq!(
        world.road.sent(),
        COUNT + taken,
        "what it has went twice under the same id"
    );
}

#[test]
fn the_desk_dies_after_the_receipts() {
    let world = World::plain();
    let mut desk = world.desk(COUNT);
    desk.until_all(COUNT, &["Accepted"]);
    desk.kill();
    started_again_it_agrees(&world);
    assert_eq!(world.road.sent(), COUNT, "none went again");
}

#[test]
fn the_answer_is_lost_and_nobody_dies() {
    let world = World::plain();
    world.road.set(Gate::LosesAnswers);
    let mut desk = world.desk(COUNT);
    world.road.until_lost();
    world.road.set(Gate::Open);
    desk.until("being offline", |desk| {
        desk.said.iter().any(|line| line == "link offline")
    });
    desk.reconnect();
    desk.until_all(COUNT, &["Accepted"]);
    desk.stop();
    world.all_hold_the_same(COUNT);
}

#[test]
fn the_server_dies_while_decisions_wait() {
    let mut world = World::plain();
    let mut desk = world.desk(COUNT);
    desk.until_all(COUNT, &["Held"]);
    world.server.kill();
    desk.until("every undo window to end without a server", |desk| {
        let waiting = desk.decisions().values().all(|state| *state == "Waiting");
        waiting && desk.said.iter().any(|line| line == "link offline")
    });
    let address = world.server.start();
    world.road.lead_to(address);
    desk.reconnect();
    desk.until_all(COUNT, &["Accepted"]);
    desk.stop();
    world.all_hold_the_same(COUNT);
}
