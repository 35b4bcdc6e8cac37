//! What leads are told of appeals and of languages; over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::samples::{lead, revert};
use common::{Person, World, decision};
use scrim_model::{Environment, ModeratorId, Role, Timestamp};
use scrim_server::Settings;
use scrim_server::auth::User;
use scrim_server::storage::Storage;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;

/// An item that `person` decides as `changed` says, and an appeal against it.
fn appealed(world: &World, person: &Person<'_>, (name, at): (&str, &str), changed: &Value) {
    let (item, id) = (format!("i-{name}"), format!("d-{name}"));
    world.put(json!({"id": item}));
    let claim = person.claim(1).remove(0);
    assert_eq!(claim["item"]["id"], *item);
    person.decide(decision(&id, &claim, changed.clone()));
    appeal(world, (name, at), &id);
}

fn appeal(world: &World, (name, at): (&str, &str), against: &str) {
    let mut appeal = json!({"id": name, "decision_id": against});
    if !at.is_empty() {
        appeal["at"] = json!(at);
    }
    world.put(json!({"id": name, "reported_at": "2025-12-01T00:00:00Z", "appeal": appeal}));
}

/// Decides the appeal of this name.
fn decides(person: &Person<'_>, name: &str, changed: Value) -> Value {
    let claim = person.claim(1).remove(0);
    assert_eq!(claim["item"]["id"], name);
    person.decide(decision(&format!("a-{name}"), &claim, changed))
}

fn told(lead: &Person<'_>) -> Value {
    lead.get("/v1/team-days").good()["appeals"]["days"].clone()
}

fn day(day: &str, [received, upheld, reversed]: [u64; 3], took_days: &[u64]) -> Value {
    json!({"day": day, "queue_id": "q", "received": received, "upheld": upheld,
        "reversed": reversed, "took_days": took_days})
}

#[test]
fn appeals_are_counted_by_the_day_they_were_made_and_the_day_they_were_decided() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let remove = json!({});
    appealed(&world, &first, ("same", "2025-12-30T23:59:59Z"), &remove);
    decides(&second, "same", json!({"severity": 2, "reason": "r"}));
    appealed(&world, &first, ("action", "2026-01-01T00:00:00Z"), &remove);
    decides(&second, "action", json!({"actions": [{"kind": "allow"}]}));
    appealed(&world, &first, ("policy", "2026-01-01T00:00:00Z"), &remove);
    decides(&second, "policy", json!({"policy_ids": []}));
    // The day goes on.
    assert_eq!(told(&lead), json!([day("2025-12-30", [1, 0, 0], &[])]));
    world.clock.later_s(DAY_S);
    let days = [
        day("2025-12-30", [1, 0, 0], &[]),
        day("2026-01-01", [2, 1, 2], &[0, 0, 2]),
    ];
    assert_eq!(told(&lead), json!(days));
    // Against nothing that the server has: decided, and neither of the two. Without a time of its own: the report's.
    appeal(&world, ("unknown", ""), "not-here");
    decides(&second, "unknown", json!({}));
    // Undone: it waits again.
    appealed(&world, &first, ("undone", "2026-01-02T00:00:00Z"), &remove);
    decides(&second, "undone", json!({}));
    revert(&second, "a-undone").good();
    world.clock.later_s(DAY_S);
    let [made, decided] = days;
    let rest = [
        day("2025-12-01", [1, 0, 0], &[]),
        made,
        decided,
        day("2026-01-02", [1, 0, 0], &[32]),
    ];
    assert_eq!(told(&lead), json!(rest));
    let qa = world.person("q", &[Role::Qa]);
    assert_eq!(told(&qa), json!(rest));
}

#[test]
fn what_is_taken_back_changes_a_finished_day_when_its_own_day_is_over() {
    let world = World::of(Environment::Production);
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    appealed(&world, &first, ("same", "2026-01-01T00:00:00Z"), &json!({}));
    decides(&second, "same", json!({}));
    world.clock.later_s(DAY_S);
    let decided = json!([day("2026-01-01", [1, 1, 0], &[0])]);
    assert_eq!(told(&lead), decided);
    revert(&second, "a-same").good();
    assert_eq!(
        told(&lead),
        decided,
        "whoever asks all the time sees no moment"
    );
    world.clock.later_s(DAY_S);
    assert_eq!(told(&lead), json!([day("2026-01-01", [1, 0, 0], &[])]));
}

#[test]
fn an_appeal_that_was_passed_on_or_waits_for_a_second_person_is_decided_by_whoever_decides_it() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let grave = json!({"policy_ids": ["two"], "severity": 3});
    appealed(
        &world,
        &first,
        ("passed", "2026-01-01T00:00:00Z"),
        &json!({}),
    );
    let escalate = json!({"actions": [{"kind": "escalate"}],
        "escalate": {"to": "lead", "priority": 2, "reason": "r"}});
    assert_eq!(decides(&second, "passed", escalate)["result"], "accepted");
    world.clock.later_s(DAY_S);
    let made = day("2026-01-01", [1, 0, 0], &[]);
    assert_eq!(told(&lead), json!([made]), "passing on decides nothing");
    let claim = lead.claim(1).remove(0);
    lead.decide(decision("a-2", &claim, json!({})));
    // Waiting for a second person it is not decided either.
    appealed(&world, &first, ("two", "2026-01-02T00:00:00Z"), &json!({}));
    let sent = decides(&second, "two", grave.clone());
    assert_eq!(sent["result"], "awaiting_second");
    world.clock.later_s(DAY_S);
    let upheld = day("2026-01-02", [1, 1, 0], &[1]);
    assert_eq!(told(&lead), json!([made, upheld]));
    let third = world.moderator("c");
    let claims = third.claim(9);
    let claim = claims
        .iter()
        .find(|claim| claim["item"]["id"] == "two")
        .unwrap();
    third.decide(decision("a-3", claim, grave));
    world.clock.later_s(DAY_S);
    let reversed = day("2026-01-03", [0, 0, 1], &[1]);
    assert_eq!(told(&lead), json!([made, upheld, reversed]));
    // A withdrawal empties the item, and changes nothing of what became of it.
    let feed = world.person("feed", &[Role::Ingest]);
    feed.post("/v1/items/two/withdraw", json!({})).good();
    assert_eq!(told(&lead), json!([made, upheld, reversed]));
}

#[test]
fn appeals_of_training_are_practice_and_old_ones_are_not_counted() {
    let world = World::with(Settings {
        environment: Environment::Training,
        ..Settings::default()
    });
    appeal(&world, ("x", "2026-01-01T00:00:00Z"), "d");
    world.clock.later_s(DAY_S);
    let told_in_training = lead(&world).get("/v1/team-days").good();
    assert!(told_in_training.get("appeals").is_none());
    let world = World::new();
    appeal(&world, ("old", "2023-10-24T00:00:00Z"), "d");
    appeal(&world, ("new", "2023-10-25T00:00:00Z"), "d");
    world.clock.later_s(DAY_S);
    let told = lead(&world).get("/v1/team-days").good()["appeals"].clone();
    assert_eq!(told["from"], "2023-10-25");
    assert_eq!(told["days"], json!([day("2023-10-25", [1, 0, 0], &[])]));
}

fn speaks(world: &World, id: &str, roles: &[Role], languages: &[&str]) {
    world.person(id, roles);
    let user = User {
        id: ModeratorId::new(id).unwrap(),
        name: String::new(),
        roles: roles.to_vec(),
        languages: languages.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    world.storage.put_user(&user).unwrap();
}

#[test]
fn languages_are_told_with_how_many_review_in_them_from_five_on() {
    let world = World::new();
    let moderator = [Role::Moderator];
    for n in 0..4 {
        speaks(
            &world,
            &format!("m{n}"),
            &moderator,
            &["de", "en-GB", "en-US"],
        );
    }
    // Who does not decide is no reviewer.
    speaks(&world, "feed", &[Role::Ingest], &["de"]);
    let lead = lead(&world);
    let reviewers = || lead.get("/v1/team-days").good()["reviewers"].clone();
    let few = json!([{"language": ""}, {"language": "de"}, {"language": "en"}]);
    assert_eq!(reviewers(), few);
    speaks(&world, "qa", &[Role::Qa], &["EN"]);
    // Five do, and one does not: that would be about one person.
    assert_eq!(reviewers(), few);
    for n in 0..4 {
        speaks(&world, &format!("n{n}"), &moderator, &["de"]);
    }
    let five = json!([{"language": ""}, {"language": "de"}, {"language": "en", "people": 5}]);
    assert_eq!(reviewers(), five);
    // Nor is who cannot sign in any more.
    let gone = ModeratorId::new("m0").unwrap();
    world
        .storage
        .revoke_tokens(&gone, Timestamp(common::START_MS))
        .unwrap();
    assert_eq!(reviewers(), few);
}
