//! A decision about an author: offered for their other items in hand, never made for them unasked.

use scrim_desk::limits::{CONFIRM_MS, UNDO_MS};
use scrim_model::view::ViewState;
use scrim_model::{ActionKind, Decision};
use scrim_wire::window::{Command, ConfirmWhat, CopiesView, Screen};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::server::image;

fn of(author: &str, n: u64) -> Value {
    let mut item = image(n);
    item["author"] = json!({"id": author});
    item["allowed_actions"] = json!([
        "allow",
        "remove",
        "warn_author",
        "suspend_author",
        "escalate"
    ]);
    item
}

fn text(author: &str, n: u64) -> Value {
    let mut item = of(author, n);
    item["kind"] = json!("text");
    item["label"] = json!("Other · report · text");
    item["texts"] = json!([{"id": "t", "body": "see the kite"}]);
    item["media"] = json!([]);
    item
}

/// The first item is decided by `action` under the violence policy.
fn decided(action: ActionKind, others: Vec<Value>) -> World {
    let mut items = vec![of("a", 0)];
    items.extend(others);
    let mut world = World::serving_items(items);
    world.command(Command::Digit(2));
    world.command(Command::Decide(action));
    world
}

fn offer(world: &World) -> Option<CopiesView> {
    let model = world.model();
    (model.screen == Screen::Copies).then(|| model.copies.unwrap())
}

fn of_item<'a>(world: &'a World, item: &str) -> Option<&'a Decision> {
    let of_it = |d: &&Decision| d.item_id.as_str() == item;
    let stands = |d: &&Decision| !world.withdrawn.contains(&d.decision_id);
    world.recorded.values().filter(stands).find(of_it)
}

#[test]
fn other_items_of_the_author_are_listed_without_pictures_and_take_one_key() {
    let mut world = decided(
        ActionKind::SuspendAuthor,
        vec![text("a", 1), of("b", 2), of("a", 3)],
    );
    let listed = offer(&world).unwrap();
    assert_eq!((listed.exact, listed.near.len()), (0, 0));
    let labels: Vec<_> = listed
        .of_author
        .iter()
        .map(|item| &item.label[..])
        .collect();
    assert_eq!(labels, ["Other · report · text", "Other · report · image"]);
    assert_eq!(listed.of.action, ActionKind::SuspendAuthor);
    assert!(world.model().item.is_none());
    world.command(Command::ApplyToAuthor);
    assert!(
        of_item(&world, "item-1").is_none(),
        "before it could be read"
    );
    world.pass(CONFIRM_MS);
    world.command(Command::ApplyToAuthor);
    let source = of_item(&world, "item-0").unwrap().clone();
    for (item, texts, media) in [("item-1", 1, 0), ("item-3", 0, 1)] {
        let repeated = of_item(&world, item).unwrap();
        assert_eq!(repeated.propagated_from.as_ref(), Some(&source.decision_id));
        assert_ne!(repeated.decision_id, source.decision_id);
        assert_eq!(repeated.actions, source.actions);
        assert_eq!(repeated.policy_ids, source.policy_ids);
        assert_eq!(
            (repeated.item_texts, repeated.media.len()),
            (Some(texts), media)
        );
        assert!(repeated.media.iter().all(|m| m.state == ViewState::None));
        assert_eq!(repeated.handle_ms, 0);
    }
    assert!(of_item(&world, "item-2").is_none(), "somebody else's");
    assert_eq!(world.open_item().unwrap().as_str(), "item-2");
    world.command(Command::Undo);
    assert_eq!(world.withdrawn.len(), 3, "taken back together");
    assert_eq!(world.open_item().unwrap().as_str(), "item-0");
}

#[test]
fn nothing_is_offered_of_what_is_not_about_the_author_or_does_not_fit() {
    let others = || vec![of("a", 1)];
    assert!(offer(&decided(ActionKind::Remove, others())).is_none());
    assert!(offer(&decided(ActionKind::Allow, others())).is_none());
    let mut unsure = World::serving_items(vec![of("a", 0), of("a", 1)]);
    unsure.command(Command::Digit(0));
    unsure.command(Command::Digit(2));
    unsure.command(Command::Decide(ActionKind::WarnAuthor));
    assert!(offer(&unsure).is_none());
    let with = |key: &str, value: Value| {
        let mut item = of("a", 1);
        item[key] = value;
        decided(ActionKind::WarnAuthor, vec![item])
    };
    let appeal = json!({"id": "p", "text": "", "decision_id": "d"});
    assert!(offer(&with("appeal", appeal)).is_none());
    assert!(offer(&with("priority", json!(1))).is_none());
    assert!(offer(&with("severity_hint", json!(4))).is_none());
    assert!(offer(&with("allowed_actions", json!(["allow"]))).is_none());
    assert!(offer(&with("label", json!("as it is"))).is_some());
}

#[test]
fn an_account_that_was_judged_stands_for_its_author() {
    let mut account = of("a", 0);
    account["kind"] = json!("account");
    let mut world = World::serving_items(vec![account, of("a", 1)]);
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Remove));
    assert_eq!(offer(&world).unwrap().of_author.len(), 1);
    world.command(Command::LookAtCopies);
    assert_eq!(world.open_item().unwrap().as_str(), "item-1");
    assert!(of_item(&world, "item-1").is_none());
}

#[test]
fn a_grave_decision_about_an_author_is_confirmed_before_it_is_repeated() {
    let mut world = World::serving_items(vec![of("a", 0), of("a", 1)]);
    world.command(Command::Digit(1));
    world.command(Command::Decide(ActionKind::SuspendAuthor));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    world.pass(CONFIRM_MS);
    world.command(Command::ApplyToAuthor);
    assert!(of_item(&world, "item-1").is_none());
    let asked = world.model().confirm.unwrap();
    let what = ConfirmWhat::Copies {
        action: ActionKind::SuspendAuthor,
        count: 1,
        of_author: true,
    };
    assert_eq!(asked.what, what);
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    assert_eq!(of_item(&world, "item-1").unwrap().severity, 4);
}

#[test]
fn what_comes_later_is_offered_too_and_not_after_the_decision_was_taken_back() {
    let mut world = decided(ActionKind::WarnAuthor, vec![of("b", 1)]);
    assert_eq!(world.open_item().unwrap().as_str(), "item-1");
    world.server.open.push_back(of("a", 2));
    world.pass(UNDO_MS + 15_000);
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(offer(&world).unwrap().of_author.len(), 1);

    let mut undone = decided(ActionKind::WarnAuthor, vec![of("a", 1)]);
    undone.command(Command::Undo);
    undone.command(Command::Decide(ActionKind::Allow));
    assert!(offer(&undone).is_none());
    assert_eq!(undone.open_item().unwrap().as_str(), "item-1");
}
