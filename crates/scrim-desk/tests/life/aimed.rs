use scrim_desk::limits::CONFIRM_MS;
use scrim_model::ActionKind;
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::{Command, ConfirmWhat, NoticeKey};
use serde_json::{Value, json};

use crate::world::World;

fn by(author: &str, n: u32) -> Value {
    json!({"id": format!("item-{n}"), "kind": "image", "severity_hint": 1,
        "author": {"id": author}, "media": [{"n": 0, "mime": "image/png", "bytes": 10}]})
}

fn three_of_x() -> World {
    World::serving_items(vec![by("x", 0), by("y", 1), by("x", 2), by("x", 3)])
}

#[test]
fn it_is_asked_first_and_then_the_item_and_its_author_are_gone() {
    let mut world = three_of_x();
    world.command(Command::AimedAtMe);
    let asked = world.model().confirm.unwrap();
    assert!(matches!(asked.what, ConfirmWhat::Aimed { .. }) && !asked.ready);
    world.command(Command::Confirm);
    assert_eq!(world.open_item().unwrap().as_str(), "item-0", "too soon");
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    assert_eq!(world.open_item().unwrap().as_str(), "item-1");
    assert!(world.has_notice(NoticeKey::AimedAway));
    world.pass(1_000);
    let given: Vec<_> = world.server.given_back[..2].to_vec();
    assert_eq!((given[0].aimed, given[0].claim_ids.len()), (true, 1));
    assert_eq!(given[0].why, ReleaseWhy::NotMe);
    assert!(given[0].draft.is_none(), "the item's id and nothing else");
    assert_eq!((given[1].aimed, given[1].claim_ids.len()), (false, 2));
    assert_eq!(given[1].why, ReleaseWhy::Returned);
}

#[test]
fn escape_leaves_everything_as_it_was_and_no_other_key_confirms() {
    let mut world = three_of_x();
    world.command(Command::AimedAtMe);
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::AimedAtMe);
    world.pass(CONFIRM_MS);
    world.command(Command::CancelConfirm);
    world.command(Command::Confirm);
    assert_eq!(world.open_item().unwrap().as_str(), "item-0");
    assert!(world.server.given_back.is_empty());
}

#[test]
fn what_was_said_offline_survives_a_restart_and_goes_out_once_with_its_key() {
    let mut world = three_of_x();
    world.server.reachable = false;
    world.command(Command::AimedAtMe);
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    let kept = world.releases.clone();
    assert!(kept[0].1.aimed);
    world.restart();
    assert_eq!(
        world.releases[..kept.len()],
        kept,
        "not forgotten unanswered"
    );
    world.server.reachable = true;
    world.clear_log();
    world.pass(120_000);
    let aimed = world.server.given_back.iter().filter(|given| given.aimed);
    assert_eq!(aimed.count(), 1);
    assert!(world.releases.is_empty(), "answered: nothing waits");
    let first = world.log.iter().find_map(|effect| match effect {
        scrim_desk::Effect::Release { key, .. } => Some(key.clone()),
        _ => None,
    });
    assert_eq!(first.as_ref(), Some(&kept[0].0), "the key of before");
}
