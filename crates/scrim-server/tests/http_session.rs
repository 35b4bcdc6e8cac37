//! What a session tells: floor, contacts, one's own day, the chain's head.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{World, decision};
use scrim_model::{Environment, Role};
use scrim_server::storage::{Kept, Storage};
use serde_json::{Value, json};

fn desk(name: &str) -> [(&str, &str); 1] {
    [("Scrim-Desk", name)]
}

#[test]
fn the_floor_and_the_contact_come_with_the_next_session() {
    let world = World::new();
    let person = world.moderator("a");
    let session = person.get("/v1/session").good();
    assert!(session.get("floor").is_none() && session.get("safety_contact").is_none());
    let floor = json!({"cap.weighted_min_day": 120, "cover.blur": {"any": ["thing"]}});
    let contact = json!({"name": "Safety", "reach": "555"});
    let keep = |what, value: &Value| world.storage.keep(what, Some(&value.to_string())).unwrap();
    keep(Kept::Floor, &floor);
    keep(Kept::Lead, &json!({"break.after_min": 25}));
    keep(Kept::SafetyContact, &contact);
    let session = person.get("/v1/session").good();
    assert_eq!(session["floor"], floor);
    assert_eq!(session["lead"], json!({"break.after_min": 25}));
    assert_eq!(session["safety_contact"], contact);
    assert_eq!(session["limits"]["claim_count_max"], 20);
    assert!(
        session["capabilities"]
            .as_array()
            .unwrap()
            .contains(&json!("consult"))
    );
    assert!(
        !session["capabilities"]
            .as_array()
            .unwrap()
            .contains(&json!("events"))
    );
    world.storage.keep(Kept::Floor, None).unwrap();
    assert!(person.get("/v1/session").good().get("floor").is_none());
    // A desk reads it with the protocol's own type.
    serde_json::from_value::<scrim_wire::protocol::Session>(session).unwrap();
}

fn rows(totals: &Value) -> Vec<(u64, u64, u64, u64, u64)> {
    let number = |row: &Value, name: &str| row[name].as_u64().unwrap();
    totals["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                number(row, "severity"),
                number(row, "items"),
                number(row, "ms_covered"),
                number(row, "ms_lens"),
                number(row, "ms_clear"),
            )
        })
        .collect()
}

#[test]
fn the_day_of_ones_other_desks_and_of_nobody_else() {
    let world = World::new();
    for n in 0..4 {
        world.put(json!({"id": format!("i{n}")}));
    }
    let (person, other) = (world.moderator("a"), world.moderator("b"));
    let claims = person.claim(3);
    let decide = |id: &str, claim: &Value, at: &str, desk: &str| {
        let body =
            json!({"decisions": [decision(id, claim, json!({"severity": 3, "decided_at": at}))]});
        let headers = [("Scrim-Desk", desk)];
        person.post_with("/v1/decisions", body, &headers).good();
    };
    decide("d1", &claims[0], "2026-01-01T00:00:00Z", "one");
    decide("d2", &claims[1], "2026-01-01T00:00:00Z", "two");
    // Made yesterday, sent today.
    decide("d3", &claims[2], "2025-12-31T23:00:00Z", "two");
    let day = |headers: &[(&str, &str)], query: &str| {
        person
            .get_with(&format!("/v1/session{query}"), headers)
            .good()["day_totals"]
            .clone()
    };
    let seen = day(&desk("one"), "");
    assert_eq!(seen["other_desks_only"], true);
    assert_eq!(seen["from"], "2026-01-01T00:00:00.000Z");
    assert_eq!(rows(&seen), [(3, 1, 4_244, 0, 77)]);
    assert_eq!(rows(&day(&desk("three"), "")), [(3, 2, 8_488, 0, 154)]);
    assert_eq!(rows(&day(&[], "")), [(3, 2, 8_488, 0, 154)]);
    assert_eq!(
        rows(&day(&desk("one"), "?day_from=2025-12-31T22:00:00Z")),
        [(3, 2, 8_488, 0, 154)]
    );
    let theirs = other.get("/v1/session").good()["day_totals"].clone();
    assert_eq!(rows(&theirs), []);
    for wrong in ["x", "2025-12-01T00:00:00Z", "2026-02-01T00:00:00Z"] {
        let path = format!("/v1/session?day_from={wrong}");
        assert_eq!(
            person.get(&path).refused(422, "invalid")["path"],
            "day_from"
        );
    }
    let lead = world.person("l", &[Role::Lead]);
    let team = lead.get("/v1/decisions?scope=team").good().to_string();
    assert!(!team.contains("ms_clear") && !team.contains("\"two\""));
}

#[test]
fn a_correction_counts_an_items_looks_once() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    person.decide(decision("d1", &claim, json!({"severity": 1})));
    person.decide(decision(
        "d2",
        &claim,
        json!({"severity": 2, "supersedes": "d1", "media": []}),
    ));
    let totals = person.get("/v1/session").good()["day_totals"].clone();
    assert_eq!(rows(&totals), [(2, 1, 4321, 0, 77)]);
}

#[test]
fn the_longest_chain_that_a_desk_told_of_is_told_back() {
    let world = World::new();
    let person = world.moderator("a");
    let tell = |head: &str| {
        let headers = [("Scrim-Desk", "one"), ("Scrim-Chain-Head", head)];
        person.post_with("/v1/claims", json!({"count": 1}), &headers)
    };
    let head = |name| person.get_with("/v1/session", &desk(name)).good()["chain_head"].clone();
    assert_eq!(head("one"), Value::Null);
    let (first, second) = ("a".repeat(64), "b".repeat(64));
    tell(&format!("7:{first}")).good();
    tell(&format!("3:{second}")).good();
    tell(&format!("7:{second}")).good();
    assert_eq!(head("one"), json!({"entries": 7, "hash": first}));
    tell(&format!("8:{second}")).good();
    assert_eq!(head("one"), json!({"entries": 8, "hash": second}));
    assert_eq!(head("two"), Value::Null);
    for wrong in [
        "",
        "7",
        "-1:x",
        "+7:",
        &format!("7:{}", "G".repeat(64)),
        &format!("99999999999999999999:{first}"),
    ] {
        assert_eq!(
            tell(wrong).refused(422, "invalid")["path"],
            "Scrim-Chain-Head"
        );
    }
    let long = "x".repeat(129);
    let refused = person.get_with("/v1/session", &[("Scrim-Desk", &long)]);
    assert_eq!(refused.refused(422, "invalid")["path"], "Scrim-Desk");
}

#[test]
fn training_answers_with_feedback_and_has_no_effect() {
    let world = World::of(Environment::Training);
    let feedback = json!({"policy_ids": ["p"], "explanation": "It repeats one link."});
    let mut whole = serde_json::to_value(common::ingest(json!({"id": "i"}))).unwrap();
    whole["feedback"] = feedback.clone();
    let put = |value: Value| {
        let ingest = serde_json::from_value(value).unwrap();
        world
            .storage
            .put_item(ingest, Vec::new(), scrim_model::Timestamp(common::START_MS))
    };
    put(whole.clone()).unwrap();
    whole["feedback"]["explanation"] = json!("x".repeat(2_001));
    assert!(put(whole).is_err());
    let (person, lead) = (world.moderator("a"), world.person("l", &[Role::Lead]));
    let claim = person.claim(1).remove(0);
    assert!(
        !claim.to_string().contains("repeats"),
        "not before the decision"
    );
    let refused = person.decide(decision("d0", &claim, json!({"severity": 9})));
    assert!(refused.get("feedback").is_none());
    let row = person.decide(decision("d1", &claim, json!({})));
    assert_eq!(
        (&row["result"], &row["feedback"]),
        (&json!("accepted"), &feedback)
    );
    let platform = world.person("platform", &[Role::Effect]);
    assert_eq!(platform.get("/v1/outcomes").good()["outcomes"], json!([]));
    assert_eq!(
        lead.get("/v1/decisions?scope=team").good()["decisions"],
        json!([])
    );
    assert_eq!(
        person.get("/v1/decisions").good()["decisions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    person.post("/v1/decisions/d1/revert", json!({})).good();
    assert_eq!(platform.get("/v1/outcomes").good()["outcomes"], json!([]));
}

#[test]
fn a_known_answer_is_no_work_outside_training() {
    let world = World::new();
    let mut whole = serde_json::to_value(common::ingest(json!({"id": "i"}))).unwrap();
    whole["feedback"] = json!({"policy_ids": [], "explanation": "x"});
    let ingest = serde_json::from_value(whole).unwrap();
    world
        .storage
        .put_item(ingest, Vec::new(), scrim_model::Timestamp(common::START_MS))
        .unwrap();
    let person = world.moderator("a");
    assert!(person.claim(1).is_empty());
    assert_eq!(
        person.get("/v1/queues").good()["queues"][0]["pending"],
        json!(0)
    );
}
