//! What is drawn for second reviews, in which order it comes, and practice; over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::samples::{counts, decided, draw, drawing, lead, newest, outcomes, release, revert};
use common::{World, decision, ids};
use scrim_model::{Role, Timestamp};
use scrim_server::storage::Storage;
use serde_json::{Value, json};

/// A known-answer item.
fn put_known(world: &World, id: &str, severity_hint: u8) {
    let item = common::ingest(json!({"id": id, "severity_hint": severity_hint}));
    let mut whole = serde_json::to_value(item).unwrap();
    whole["feedback"] = json!({"policy_ids": ["p"], "explanation": "It repeats one link."});
    let ingest = serde_json::from_value(whole).unwrap();
    world
        .storage
        .put_item(ingest, Vec::new(), Timestamp(common::START_MS))
        .unwrap();
}

#[test]
fn samples_are_for_leads_and_say_what_is_wrong() {
    let world = World::new();
    let (first, lead) = (world.moderator("a"), lead(&world));
    decided(&world, &first, 1, &json!({}));
    for person in [
        &first,
        &world.person("q", &[Role::Qa]),
        &world.person("f", &[Role::Ingest]),
    ] {
        person
            .post("/v1/review-samples", drawing(1, json!({})))
            .refused(403, "not_allowed");
    }
    first.get("/v1/review-samples").refused(403, "not_allowed");
    for (changed, path) in [
        (json!({"size": 0}), "size"),
        (json!({"size": 501}), "size"),
        (json!({"size": -1}), "size"),
        (json!({"practice": 501}), "practice"),
        (json!({"drawing": "by-person"}), "drawing"),
        (json!({"from": "2026-1-1"}), "from"),
        (json!({"from": "2026-02-30"}), "from"),
        (json!({"to": "today"}), "to"),
        (json!({"to": "2025-12-31"}), "to"),
        (json!({"from": "2024-01-01"}), "to"),
        (json!({"queues": ["q", "none"]}), "queues[1]"),
    ] {
        let refused = lead.post("/v1/review-samples", drawing(1, changed));
        assert_eq!(refused.refused(422, "invalid")["path"], path);
    }
    assert_eq!(lead.get("/v1/review-samples").good()["samples"], json!([]));
    // One key draws once.
    let body = drawing(1, json!({}));
    let made = lead.post_keyed("/v1/review-samples", "k", &body);
    assert_eq!(
        lead.post_keyed("/v1/review-samples", "k", &body).bytes,
        made.bytes
    );
    lead.post_keyed("/v1/review-samples", "k", &drawing(2, json!({})))
        .refused(422, "key_reused");
    assert_eq!(newest(&lead), made.good());
    let qa = world.person("q", &[Role::Qa]);
    assert_eq!(
        qa.get("/v1/review-samples").good()["samples"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_is_drawn_stands_is_of_the_days_and_queues_and_is_drawn_once() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let other = json!({"id": "other", "name": "Other"});
    world
        .storage
        .put_queue(&serde_json::from_value(other).unwrap())
        .unwrap();
    decided(&world, &first, 6, &json!({}));
    // Undone, corrected, waiting for a second person, withdrawn, an appeal: none of them is drawn.
    revert(&first, "d-i0").good();
    let claim = first.claim_with(json!({"count": 1})).remove(0);
    first.decide(decision(
        "d-i0-b",
        &claim,
        json!({"policy_ids": ["two"], "severity": 3}),
    ));
    let feed = world.person("feed", &[Role::Ingest]);
    feed.post("/v1/items/i1/withdraw", json!({})).good();
    world.put(json!({"id": "appeal", "appeal": {"id": "x", "decision_id": "d-i2"}}));
    let claim = second
        .claim_with(json!({"count": 1, "exclude_items": ["i0"]}))
        .remove(0);
    assert_eq!(claim["item"]["id"], "appeal");
    second.decide(decision("d-appeal", &claim, json!({})));
    let ask = |changed: Value| {
        let made = lead
            .post("/v1/review-samples", drawing(500, changed))
            .good();
        counts(&made)[0]
    };
    assert_eq!(ask(json!({"queues": ["other"]})), 0);
    assert_eq!(ask(json!({"from": "2025-12-01", "to": "2025-12-31"})), 0);
    assert_eq!(ask(json!({"from": "2026-01-02", "to": "2026-01-09"})), 0);
    assert_eq!(ask(json!({"queues": ["q"]})), 4);
    assert_eq!(ask(json!({})), 0, "each is drawn once");
    // Who reviewed the appeal knows what was decided; the others do not.
    let drawn = second.claim_with(json!({"count": 20, "exclude_items": ["i0"]}));
    let drawn: BTreeSet<_> = ids(&drawn).into_iter().collect();
    assert_eq!(drawn, ["i3", "i4", "i5"].into());
}

#[test]
fn fresh_urgent_and_severe_work_goes_before_reviews() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    decided(&world, &first, 1, &json!({}));
    draw(&lead, 1);
    world.put(json!({"id": "slow", "priority": 4}));
    world.put(json!({"id": "middle", "priority": 3}));
    // "slow" has no due time; the review is due after what the queue promises.
    let claims = second.claim(9);
    assert_eq!(ids(&claims), ["middle", "i0", "slow"]);
    claims
        .iter()
        .for_each(|claim| release(&second, claim, "returned"));
    world.put(json!({"id": "severe", "priority": 4, "severity_hint": 3}));
    world.put(json!({"id": "urgent", "priority": 1}));
    assert_eq!(
        ids(&second.claim(9)),
        ["urgent", "middle", "slow", "severe", "i0"]
    );
    let third = world.moderator("c");
    assert!(third.claim(9).is_empty(), "one has it all");
}

#[test]
fn a_review_that_waited_as_long_as_its_queue_promises_goes_before_severe_work() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    decided(&world, &first, 1, &json!({}));
    draw(&lead, 1);
    let order = || {
        let claims = second.claim(9);
        claims
            .iter()
            .for_each(|claim| release(&second, claim, "returned"));
        ids(&claims)
            .iter()
            .map(|id| (*id).to_owned())
            .collect::<Vec<_>>()
    };
    // Severe, with nothing by which it is due, and more of it coming in.
    for n in 0..3 {
        world.put(json!({"id": format!("severe{n}"), "severity_hint": 4, "priority": 4}));
        assert_eq!(order().last().unwrap(), "i0");
        world.clock.later_s(1_100);
    }
    // An hour is over, which is what the queue promises.
    world.clock.later_s(300);
    world.put(json!({"id": "urgent", "priority": 1}));
    assert_eq!(order()[..3], ["urgent", "i0", "severe0"]);
}

#[test]
fn a_sample_of_nothing_is_answered_and_not_kept() {
    let world = World::new();
    let (first, lead) = (world.moderator("a"), lead(&world));
    let asked = drawing(3, json!({"practice": 3}));
    let made = lead.post_keyed("/v1/review-samples", "k", &asked);
    assert_eq!(counts(&made.good()), [0, 0, 0, 0]);
    assert!(!made.good()["id"].as_str().unwrap().is_empty());
    let again = lead.post_keyed("/v1/review-samples", "k", &asked);
    assert_eq!(again.bytes, made.bytes, "one key, one answer");
    assert_eq!(lead.get("/v1/review-samples").good()["samples"], json!([]));
    // Practice alone is a sample.
    put_known(&world, "known", 1);
    let made = lead.post("/v1/review-samples", asked).good();
    assert_eq!(counts(&made), [0, 0, 0, 1]);
    assert_eq!(newest(&lead), made);
    decided(&world, &first, 1, &json!({}));
    assert_eq!(counts(&draw(&lead, 1)), [1, 0, 0, 0]);
}

#[test]
fn practice_is_mixed_in_and_is_in_no_statistics() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    for n in 0..3 {
        put_known(&world, &format!("known{n}"), n);
    }
    put_known(&world, "severe", 3);
    decided(&world, &first, 2, &json!({}));
    let asked = drawing(2, json!({"practice": 9}));
    let made = lead.post("/v1/review-samples", asked.clone()).good();
    assert_eq!(counts(&made), [2, 0, 0, 3], "of severity 2 at most");
    let before = outcomes(&world);
    let claims = second.claim(20);
    assert_eq!(claims.len(), 5);
    assert!(
        !json!(claims).to_string().contains("repeats"),
        "not the answer"
    );
    for claim in &claims {
        let item = claim["item"]["id"].as_str().unwrap();
        let row = second.decide(decision(
            &format!("r-{item}"),
            claim,
            json!({"policy_ids": []}),
        ));
        assert_eq!(row["result"], "accepted");
        assert!(row.get("feedback").is_none());
        // A review and practice look the same to who made them.
        let seen = second.get(&format!("/v1/items/{item}")).good();
        assert_eq!(seen["without_effect"], json!([format!("r-{item}")]));
    }
    assert_eq!(counts(&newest(&lead)), [2, 2, 2, 3]);
    assert_eq!(outcomes(&world), before);
    let rows = lead.get("/v1/decisions?scope=team").good()["decisions"].clone();
    let practice = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["item_id"].as_str().unwrap().starts_with("known"));
    let facts: Vec<_> = practice.map(|row| row["team"].clone()).collect();
    assert_eq!(facts.len(), 3);
    for facts in facts {
        assert_eq!(facts["review"], "practice");
        for none in ["of", "due", "action_s"] {
            assert!(facts.get(none).is_none(), "{none}");
        }
    }
    // Five decisions of the day are no five: two have effect.
    world.clock.later_s(86_400);
    let days = lead.get("/v1/team-days").good()["days"].clone();
    assert_eq!(days, json!([{"day": "2026-01-01", "queue_id": "q"}]));
    // Again, to others.
    let again = lead.post("/v1/review-samples", asked).good();
    assert_eq!(counts(&again), [0, 0, 0, 3]);
    assert!(second.claim(20).is_empty());
    assert_eq!(first.claim(20).len(), 3);
    let told = first.get("/v1/session").good()["capabilities"].clone();
    assert!(told.as_array().unwrap().contains(&json!("practice_items")));
}

#[test]
fn stratified_and_weighted_drawings_are_taken() {
    let world = World::new();
    let (first, lead) = (world.moderator("a"), lead(&world));
    decided(&world, &first, 8, &json!({}));
    for (drawing_kind, size) in [("stratified", 3), ("risk_weighted", 3), ("random", 2)] {
        let asked = drawing(3, json!({"drawing": drawing_kind}));
        let made = lead.post("/v1/review-samples", asked).good();
        assert_eq!(
            (counts(&made)[0], &made["drawing"]),
            (size, &json!(drawing_kind))
        );
    }
    let listed = lead.get("/v1/review-samples").good()["samples"].clone();
    let kinds: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["drawing"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [Some("random"), Some("risk_weighted"), Some("stratified")]
    );
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    let twice: i64 = db
        .query_row(
            "SELECT count(*) - count(DISTINCT decision_id) FROM tasks",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(twice, 0);
    assert_eq!(world.moderator("b").claim(20).len(), 8, "to one who joins");
}
