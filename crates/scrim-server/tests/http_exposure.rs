//! The exposure view over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{World, decision};
use scrim_model::{Environment, Role};
use scrim_server::storage::{Kept, Storage};
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;

/// Every one of `people` looks at something clear for that many minutes, at severity 3.
fn work(world: &World, people: &[(&str, u64)]) {
    for (name, minutes) in people {
        world.put(json!({"id": format!("item-{name}")}));
        let person = world.moderator(name);
        let claim = person.claim(1).remove(0);
        let media = json!([{"n": 0, "state": "full", "file_viewed": "yes", "ms_covered": 0,
            "ms_clear": minutes * 60_000}]);
        let at = json!({"severity": 3, "media": media, "decided_at": "2026-01-01T12:00:00Z"});
        let row = person.decide(decision(&format!("d-{name}"), &claim, at));
        assert_eq!(row["result"], "accepted");
    }
}

fn weeks(world: &World) -> Vec<Value> {
    let lead = world.person("the-lead", &[Role::Lead]);
    lead.get("/v1/exposure").good()["weeks"]
        .as_array()
        .unwrap()
        .clone()
}

const FIVE: [(&str, u64); 5] = [
    ("p1", 10),
    ("p2", 100),
    ("p3", 181),
    ("p4", 200),
    ("p5", 250),
];

#[test]
fn five_people_are_a_spread_and_nobody_is_named() {
    let world = World::new();
    world.clock.later_s(DAY_S);
    work(&world, &FIVE);
    assert_eq!(
        weeks(&world)[0]["groups"],
        json!([]),
        "the week is not over"
    );
    world.clock.later_s(10 * DAY_S);
    let newest = weeks(&world).remove(0);
    // 1 January 2026 is a Thursday.
    assert_eq!(newest["from"], "2025-12-29T00:00:00.000Z");
    assert_eq!(
        (&newest["notice_min"], &newest["cap_min"]),
        (&json!(180), &json!(240))
    );
    let all = json!({"people": 5, "over_notice": 3, "over_cap": 1,
        "busiest_day": {"q1_min": 105, "median_min": 180, "q3_min": 195}});
    let mut queue = all.clone();
    queue["queue_id"] = json!("q");
    assert_eq!(newest["groups"], json!([all, queue]));
    for (name, _) in FIVE {
        assert!(!newest.to_string().contains(name));
    }
}

#[test]
fn four_people_are_not_shown() {
    let world = World::new();
    world.clock.later_s(DAY_S);
    work(&world, &FIVE[..4]);
    world.clock.later_s(10 * DAY_S);
    let newest = weeks(&world).remove(0);
    assert_eq!(
        (&newest["groups"], &newest["some_hidden"]),
        (&json!([]), &json!(true))
    );
}

#[test]
fn a_floor_can_ask_for_larger_groups_and_never_for_smaller_ones() {
    let world = World::new();
    world.clock.later_s(DAY_S);
    work(&world, &FIVE);
    world.clock.later_s(10 * DAY_S);
    let lead = world.person("the-lead", &[Role::Lead]);
    for (asked, people_min, shown) in [(2, 5, true), (5, 5, true), (6, 6, false)] {
        let floor = json!({"lead.exposure_group_min": asked}).to_string();
        world.storage.keep(Kept::Floor, Some(&floor)).unwrap();
        let told = lead.get("/v1/exposure").good();
        assert_eq!(told["people_min"], json!(people_min), "asked for {asked}");
        let week = &told["weeks"][0];
        assert_eq!(week["groups"] != json!([]), shown, "asked for {asked}");
        assert_eq!(week["some_hidden"], json!(!shown));
    }
}

#[test]
fn a_week_that_was_told_does_not_change_with_who_comes_late() {
    let world = World::new();
    world.clock.later_s(DAY_S);
    work(&world, &FIVE);
    world.clock.later_s(10 * DAY_S);
    let told = weeks(&world).remove(0);
    work(&world, &[("late", 500)]);
    world
        .storage
        .keep(Kept::Floor, Some(r#"{"cap.weighted_min_day": 60}"#))
        .unwrap();
    assert_eq!(weeks(&world).remove(0), told);
}

#[test]
fn the_floors_cap_counts_and_there_are_no_filters() {
    let world = World::new();
    world
        .storage
        .keep(Kept::Floor, Some(r#"{"cap.weighted_min_day": 120}"#))
        .unwrap();
    world.clock.later_s(DAY_S);
    work(&world, &FIVE);
    world.clock.later_s(10 * DAY_S);
    let lead = world.person("the-lead", &[Role::Lead]);
    let plain = lead.get("/v1/exposure").good();
    assert_eq!(plain["weeks"][0]["groups"][0]["over_cap"], 3);
    assert_eq!(plain["weeks"][0]["groups"][0]["over_notice"], 4);
    assert_eq!(
        lead.get("/v1/exposure?user=p1&from=2026-01-01").good(),
        plain
    );
    world
        .moderator("m")
        .get("/v1/exposure")
        .refused(403, "not_allowed");
}

#[test]
fn training_is_in_no_statistics() {
    let world = World::of(Environment::Training);
    world.clock.later_s(DAY_S);
    work(&world, &FIVE);
    world.clock.later_s(10 * DAY_S);
    assert_eq!(weeks(&world)[0]["groups"], json!([]));
}
