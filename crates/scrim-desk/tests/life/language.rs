use scrim_desk::Effect;
use scrim_model::ItemId;
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::{Command, NoticeKey};
use serde_json::{Value, json};

use crate::world::World;

fn text(n: u32) -> Value {
    json!({"id": format!("item-{n}"), "kind": "text",
        "texts": [{"id": "t", "lang": "de", "body": "ein blauer Drachen"}]})
}

#[test]
fn an_item_in_another_language_goes_to_somebody_else_and_does_not_come_back() {
    let mut world = World::serving_items(vec![text(0), text(1)]);
    world.command(Command::OtherLanguage);
    assert!(world.has_notice(NoticeKey::OtherLanguage));
    assert_eq!(world.open_item().unwrap().as_str(), "item-1");
    world.pass(60_000);
    let given = &world.server.given_back[0];
    assert_eq!(
        (&given.why, given.claim_ids.len()),
        (&ReleaseWhy::Language, 1)
    );
    let excludes = |effect: &Effect| match effect {
        Effect::Claim { request, .. } => Some(request.exclude_items.clone()),
        _ => None,
    };
    let newest = world.log.iter().rev().find_map(excludes).unwrap();
    let given = ItemId::new("item-0").unwrap();
    assert!(newest.contains(&given), "it is asked for again");
}

#[test]
fn a_picture_without_texts_is_in_no_language() {
    let mut world = World::serving(2);
    world.command(Command::OtherLanguage);
    world.pass(1_000);
    assert_eq!(world.open_item().unwrap().as_str(), "item-0");
    assert!(world.server.given_back.is_empty());
}
