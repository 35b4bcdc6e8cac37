use scrim_desk::limits::UNDO_MS;
use scrim_model::ActionKind;
use scrim_wire::window::{Command, Later};

use crate::world::World;

/// One sent decision, and its id.
fn sent() -> (World, String) {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Remove));
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Remove));
    world.pass(UNDO_MS + 1_000);
    let id = world.model().history[0].decision_id.as_str().to_owned();
    (world, id)
}

fn later(world: &mut World) -> Later {
    world.command(Command::ReadLater);
    world.pass(1_000);
    world.model().history[0].later
}

#[test]
fn the_list_of_own_decisions_says_what_became_of_them() {
    let (mut world, own) = sent();
    assert_eq!(
        world.model().history[0].later,
        Later::Unknown,
        "nobody asked"
    );
    world.server.stands = vec![own.clone()];
    assert_eq!(later(&mut world), Later::Stands);
    world.server.stands.push("of-the-lead".to_owned());
    assert_eq!(later(&mut world), Later::Changed);
    world.server.stands.clear();
    assert_eq!(later(&mut world), Later::Undone);
    world.server.later = "withdrawn";
    assert_eq!(later(&mut world), Later::Withdrawn);
}

#[test]
fn without_a_connection_it_stays_as_it_was_and_nothing_is_asked_for_again_by_itself() {
    let (mut world, own) = sent();
    world.server.stands = vec![own];
    world.server.reachable = false;
    assert_eq!(later(&mut world), Later::Unknown);
    world.server.reachable = true;
    world.clear_log();
    world.pass(120_000);
    let asked = world.order_of(&["ReadLater"]).len();
    assert!(asked <= 1, "asked {asked} times");
}

#[test]
fn ones_own_correction_is_told_apart() {
    let (mut world, first) = sent();
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    let second = world.model().history[0].decision_id.as_str().to_owned();
    world.server.stands = vec![first.clone(), second];
    world.command(Command::ReadLater);
    world.pass(1_000);
    let history = world.model().history;
    let of_first = history.iter().find(|row| row.decision_id.as_str() == first);
    let of_item = |world: &World| -> Vec<Later> {
        let rows = world.model().history;
        rows.iter().map(|row| row.later).collect()
    };
    assert_eq!(of_first.unwrap().later, Later::Corrected);
    assert_eq!(of_item(&world)[0], Later::Stands);
    world.server.stands.pop();
    world.command(Command::ReadLater);
    world.pass(1_000);
    assert_eq!(
        of_item(&world)[0],
        Later::Undone,
        "the one before counts again"
    );
}
