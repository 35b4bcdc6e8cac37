//! Covers from smaller versions: the whole of a medium comes when its item opens, once.

use scrim_desk::{Effect, Event, MediumFailure};
use scrim_model::view::RevealMode;
use scrim_model::{ActionKind, MediumKey};
use scrim_wire::window::{Command, MediumState};
use serde_json::json;

use crate::world::World;
use crate::world::server::image;

fn small(n: u64) -> serde_json::Value {
    let mut item = image(n);
    item["media"][0]["cover"] = json!({"bytes": 3});
    item
}

fn serving(count: u64) -> World {
    let mut world = World::serving_items((0..count).map(small).collect());
    world.pass(1_000);
    world
}

/// What was fetched: the number of the item, and `s` for its smaller version.
fn asked(world: &World) -> Vec<String> {
    let asked = world.log.iter().filter_map(|effect| match effect {
        Effect::PrepareCover { key, small, .. } => {
            let item = key.medium.item.as_str().trim_start_matches("item-");
            Some(format!("{item}{}", if *small { "s" } else { "" }))
        }
        _ => None,
    });
    asked.collect()
}

fn open_state(world: &World) -> MediumState {
    world.model().item.unwrap().media[0].clone()
}

#[test]
fn only_the_open_item_is_fetched_whole_and_once() {
    let world = serving(3);
    assert_eq!(asked(&world), ["0s", "1s", "2s", "0"]);
    let whole = MediumState::Covered {
        width: 4,
        height: 3,
        whole: true,
    };
    assert_eq!(open_state(&world), whole);
}

#[test]
fn what_waits_is_fetched_whole_once_it_could_be_a_copy() {
    let mut world = serving(4);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(2_000);
    let asked = asked(&world);
    assert_eq!(asked[..4], ["0s", "1s", "2s", "3s"]);
    assert_eq!(asked[4..], ["0", "1", "2", "3"], "each once");
}

#[test]
fn nothing_is_looked_at_before_the_whole_is_here() {
    let mut world = serving(2);
    let key = world.model().item.map(|item| item.id).unwrap();
    let cover = world.log.iter().find_map(|effect| match effect {
        Effect::PrepareCover { key: cover, .. } if cover.medium.item == key => Some(cover.clone()),
        _ => None,
    });
    // As if the whole had not come yet, over a line that is slow.
    world.event(Event::CoverReady {
        key: cover.unwrap(),
        width: 2,
        height: 1,
        whole: false,
    });
    world.command(Command::Reveal(RevealMode::Full));
    assert!(world.handed.is_none());
    assert!(world.model().item.unwrap().reveal.is_none());
    assert_eq!(asked(&world).len(), 3, "the whole was asked for already");
}

#[test]
fn a_whole_that_does_not_come_is_asked_for_again_and_not_the_small_one() {
    let mut world = serving(1);
    let item = world.open_item().unwrap();
    world.event(Event::MediumFailed {
        medium: MediumKey { item, n: 0 },
        failure: MediumFailure::Unavailable,
    });
    world.command(Command::RetryMedium(0));
    assert_eq!(asked(&world), ["0s", "0", "0"]);
}

#[test]
fn a_server_without_smaller_versions_is_not_asked_for_one() {
    let mut world = World::serving_items(Vec::new());
    world.server.lacks.push("sized_media");
    world.server.open.extend((0..2).map(small));
    world.restart();
    world.pass(5_000);
    assert_eq!(asked(&world), ["0", "1"]);
}

#[test]
fn a_film_is_not_covered_by_a_smaller_picture() {
    let mut film = small(0);
    film["kind"] = json!("video");
    film["media"][0]["mime"] = json!("video/webm");
    let mut world = World::serving_items(vec![film]);
    world.pass(1_000);
    assert_eq!(asked(&world), ["0"]);
}
