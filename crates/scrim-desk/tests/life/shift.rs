use scrim_model::ActionKind;
use scrim_wire::window::{Command, PolicyChange, PolicyChanged, Screen};

use crate::world::World;

/// One policy is gone, one is different, one is new.
fn change(world: &mut World) {
    let tree = &mut world.server.policies;
    tree.version += 1;
    tree.policies
        .retain(|policy| policy.id.as_str() != "safety");
    let graphic = tree
        .policies
        .iter_mut()
        .find(|p| p.id.as_str() == "graphic");
    graphic.unwrap().needs_reason = true;
    let mut added = tree.policies[0].clone();
    added.id = scrim_model::PolicyId::new("spam").unwrap();
    added.name = "Spam".into();
    added.digit = None;
    tree.policies.push(added);
}

fn expected() -> Vec<PolicyChange> {
    [
        ("Graphic", PolicyChanged::Changed),
        ("Spam", PolicyChanged::Added),
        ("Child safety", PolicyChanged::Removed),
    ]
    .map(|(name, what)| PolicyChange {
        name: name.into(),
        what,
    })
    .to_vec()
}

#[test]
fn changes_since_last_time_are_read_before_the_first_item() {
    let mut world = World::serving(2);
    assert!(
        world.model().policy_changes.is_empty(),
        "the first time all is new"
    );
    change(&mut world);
    for _ in 0..2 {
        // Not read means listed again after a restart.
        world.restart();
        assert_eq!(world.model().screen, Screen::PoliciesChanged);
        assert_eq!(world.model().policy_changes, expected());
    }
    world.command(Command::PoliciesRead);
    world.pass(1_000);
    assert_eq!(world.model().screen, Screen::Serving);
    world.restart();
    assert_eq!(world.model().screen, Screen::Serving);
}

#[test]
fn a_new_shift_asks_again_and_an_open_item_is_finished_first() {
    let mut world = World::serving(3);
    change(&mut world);
    world.command(Command::EndShift);
    world.command(Command::StartShift);
    assert_eq!(world.model().screen, Screen::PoliciesChanged);
    world.command(Command::PoliciesRead);
    world.pass(1_000);
    world.server.policies.policies[0].severity = 3;
    world.server.reachable = false;
    world.pass(61_000);
    world.server.reachable = true;
    world.pass(61_000);
    assert_eq!(
        world.model().screen,
        Screen::Serving,
        "the open item goes on"
    );
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(world.model().screen, Screen::PoliciesChanged);
    assert!(world.model().item.is_none());
}
