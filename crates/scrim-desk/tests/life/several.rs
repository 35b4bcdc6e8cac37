//! Items with several media: each is judged by itself, and the item's values follow from them.

use scrim_desk::Effect;
use scrim_desk::limits::CONFIRM_MS;
use scrim_model::view::{Part, ViewState};
use scrim_model::{ActionKind, Decision, PolicyId};
use scrim_wire::window::{Command, NoticeKey};
use serde_json::json;

use crate::world::World;
use crate::world::server::image;

/// A post of four pictures and a line.
fn post() -> World {
    let mut item = image(0);
    item["kind"] = json!("post");
    item["texts"] = json!([{"id": "t", "body": "see the kite"}]);
    item["media"] = (0..4)
        .map(|n| json!({"n": n, "mime": "image/png"}))
        .collect();
    World::serving_items(vec![item, image(1)])
}

fn show(world: &mut World, n: u32) {
    world.command(Command::Select(Part::Medium(n)));
}

fn decided(world: &World) -> &Decision {
    world.recorded.values().next().unwrap()
}

fn ids(names: &[&str]) -> Vec<PolicyId> {
    let id = |name: &&str| PolicyId::new(*name).unwrap();
    names.iter().map(id).collect()
}

#[test]
fn each_medium_is_judged_by_itself_and_the_item_by_all() {
    let mut world = post();
    show(&mut world, 1);
    world.command(Command::Digit(2));
    world.command(Command::Digit(1));
    show(&mut world, 3);
    assert_eq!(world.model().draft.chosen, None);
    world.command(Command::Digit(2));
    let draft = world.model().draft;
    assert_eq!(
        (draft.of_medium, draft.chosen),
        (Some(3), Some(ids(&["violence"])[0].clone()))
    );
    world.command(Command::Decide(ActionKind::Remove));
    let decision = decided(&world);
    assert_eq!(decision.policy_ids, ids(&["graphic", "violence"]));
    assert_eq!(decision.severity, 3);
    let found: Vec<_> = decision
        .media
        .iter()
        .map(|m| (m.policy_ids.clone(), m.severity))
        .collect();
    let none = (Vec::new(), None);
    let (graphic, violence) = ((ids(&["graphic"]), Some(3)), (ids(&["violence"]), Some(2)));
    assert_eq!(found, [none.clone(), graphic, none, violence]);
}

#[test]
fn the_level_of_the_digits_belongs_to_the_shown_medium() {
    let mut world = post();
    show(&mut world, 0);
    world.command(Command::Digit(2));
    assert!(world.model().draft.parent.is_some());
    show(&mut world, 1);
    assert_eq!(
        world.model().draft.parent,
        None,
        "another picture, another judgement"
    );
    show(&mut world, 0);
    assert_eq!(
        world.model().draft.parent,
        Some(ids(&["violence"])[0].clone())
    );
    world.command(Command::PolicyBack);
    assert!(world.model().draft.media.is_empty());
}

#[test]
fn words_are_judged_with_the_item_as_a_whole() {
    let mut world = post();
    world.command(Command::Select(Part::Words));
    world.command(Command::Digit(2));
    show(&mut world, 2);
    world.command(Command::Digit(2));
    world.command(Command::Digit(1));
    let draft = world.model().draft;
    assert_eq!(draft.of_item, Some(ids(&["violence"])[0].clone()));
    world.command(Command::Decide(ActionKind::Restrict));
    assert_eq!(decided(&world).policy_ids, ids(&["violence", "graphic"]));
    assert_eq!(decided(&world).severity, 3);
}

#[test]
fn the_gravest_medium_asks_for_the_confirmation_of_all() {
    let mut world = post();
    show(&mut world, 2);
    world.command(Command::Digit(1));
    show(&mut world, 0);
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Remove));
    assert!(world.model().confirm.is_some() && world.recorded.is_empty());
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    assert_eq!(decided(&world).severity, 4);
}

#[test]
fn a_fine_item_cites_nothing_whatever_was_chosen() {
    let mut world = post();
    show(&mut world, 2);
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Allow));
    let decision = decided(&world);
    assert!(decision.policy_ids.is_empty() && decision.severity == 0);
    assert!(
        decision
            .media
            .iter()
            .all(|m| m.policy_ids.is_empty() && m.severity.is_none())
    );
}

#[test]
fn a_policy_that_is_chosen_for_one_medium_is_enough() {
    let mut world = post();
    world.command(Command::Decide(ActionKind::Remove));
    assert!(world.has_notice(NoticeKey::PolicyNeeded));
    show(&mut world, 3);
    world.command(Command::Digit(2));
    show(&mut world, 0);
    world.command(Command::Decide(ActionKind::Remove));
    assert_eq!(world.recorded.len(), 1);
}

#[test]
fn what_was_found_of_each_comes_back_after_a_restart() {
    let mut world = post();
    show(&mut world, 1);
    world.command(Command::Digit(2));
    world.pass(2_000);
    world.restart();
    while world.open_item().unwrap().as_str() != "item-0" {
        world.command(Command::Decide(ActionKind::Allow));
    }
    let media = world.model().draft.media;
    assert_eq!(media, [(1, ids(&["violence"])[0].clone())]);
}

#[test]
fn small_pictures_in_the_strip_count_as_covered_on_the_screen() {
    let mut world = post();
    world.event(scrim_desk::Event::Active);
    world.pass(5_000);
    world.command(Command::Decide(ActionKind::Allow));
    for medium in &decided(&world).media {
        assert_eq!(medium.state, ViewState::Covered);
        assert!(medium.ms_covered >= 5_000);
    }
}

/// The draft that was handed over last.
fn handed(world: &World) -> serde_json::Value {
    let draft = world.log.iter().rev().find_map(|effect| match effect {
        Effect::Release { request, .. } => request.draft.clone(),
        _ => None,
    });
    serde_json::to_value(draft.unwrap()).unwrap()
}

#[test]
fn what_was_chosen_for_single_media_goes_with_a_hand_over() {
    let mut mine = post();
    show(&mut mine, 1);
    mine.command(Command::Digit(2));
    mine.command(Command::HandOver);
    let draft = handed(&mine);
    assert_eq!(draft["policy_ids"], json!(["violence"]));
    assert_eq!(draft["media"], json!([{"n": 1, "policy_id": "violence"}]));
    assert!(draft.get("item_policy_id").is_none(), "{draft}");

    let taken = |mut draft: serde_json::Value, media: serde_json::Value| {
        draft["media"] = media;
        let mut theirs = World::serving(0);
        theirs.server.draft = Some(draft);
        theirs.server.open = post().server.held.into_values().take(1).collect();
        theirs.pass(15_000);
        theirs.model().draft
    };
    let here = taken(draft.clone(), draft["media"].clone());
    assert_eq!(here.media, [(1, ids(&["violence"])[0].clone())]);
    assert_eq!(here.of_item, None, "nobody chose it for the item");
    let beyond = taken(draft.clone(), json!([{"n": 9, "policy_id": "violence"}]));
    assert_eq!((beyond.media, beyond.of_item), (Vec::new(), None));
    // A desk that knows nothing of single media names one list.
    let older = taken(draft, json!([]));
    assert_eq!(older.of_item, Some(ids(&["violence"])[0].clone()));
}
