//! Blind second reviews, over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::samples::{beat, counts, decided, draw, lead, newest, outcomes, release, revert};
use common::{Person, World, decision, ids};
use scrim_model::Role;
use scrim_server::storage::Storage;
use serde_json::{Value, json};

#[test]
fn a_review_is_kept_without_effect() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    decided(&world, &first, 1, &json!({}));
    let (item_before, told_before) = (
        first.get("/v1/items/i0").good()["state"].clone(),
        outcomes(&world),
    );
    assert_eq!(counts(&draw(&lead, 5)), [1, 0, 0, 0]);
    let claim = second.claim(5).remove(0);
    assert_eq!(claim["item"]["id"], "i0");
    let other = json!({"policy_ids": ["two"], "actions": [{"kind": "allow"}]});
    let row = second.decide(decision("r1", &claim, other));
    assert_eq!(row["result"], "accepted", "no second person is waited for");
    assert_eq!(counts(&newest(&lead)), [1, 1, 1, 0]);
    assert_eq!(outcomes(&world), told_before);
    let after = first.get("/v1/items/i0").good();
    assert_eq!(after["state"], item_before);
    assert_eq!(after["decisions"], json!(["d-i0"]));
    assert!(lead.claim(5).is_empty() && second.claim(5).is_empty());
    // The team reads it as what it is; the person has it among their own.
    let rows = lead.get("/v1/decisions?scope=team").good()["decisions"].clone();
    assert_eq!(rows[1]["team"]["review"], "sample");
    assert_eq!(rows[1]["team"]["of"], rows[0]["decision_id"]);
    assert_eq!(rows[0]["team"]["standing"], "standing");
    let own = second.get("/v1/decisions").good()["decisions"].clone();
    assert_eq!(own[0]["decision_id"], "r1");
    assert_eq!(own[0]["receipt"], row["receipt"]);
    let seen = second.get("/v1/items/i0").good();
    assert_eq!(
        seen["decisions"].as_array().unwrap().last(),
        Some(&json!("r1"))
    );
    assert_eq!(seen["without_effect"], json!(["r1"]));
    assert_eq!(after.get("without_effect"), None);
    // What was looked at counts as for any decision.
    let day = second.get("/v1/session").good()["day_totals"].clone();
    assert_eq!(day["rows"][0]["ms_clear"], 77);
    // Corrected and undone, it still changes nothing for anybody.
    let again = json!({"supersedes": "r1"});
    let row = second.decide(decision("r2", &claim, again));
    assert_eq!(row["result"], "accepted");
    assert_eq!(counts(&newest(&lead)), [1, 1, 0, 0]);
    revert(&second, "r1").refused(409, "too_late");
    revert(&second, "r2").good();
    assert_eq!(counts(&newest(&lead)), [1, 0, 0, 0]);
    assert_eq!(outcomes(&world), told_before);
    assert_eq!(ids(&second.claim(5)), ["i0"], "their own to make again");
}

#[test]
fn who_reviews_sees_no_decision_of_the_item() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let passed = json!({"reason": "a-first-reason", "actions": [{"kind": "escalate"}],
        "escalate": {"to": "danger_to_life", "priority": 1, "reason": "a-first-reason"}});
    decided(&world, &first, 1, &passed);
    draw(&lead, 1);
    let claim = second.claim(1).remove(0);
    let state = second.get("/v1/items/i0").good();
    assert_eq!(
        (&state["state"], &state["decisions"]),
        (&json!("claimed"), &json!([]))
    );
    for said in [&claim, &state] {
        let said = said.to_string();
        for told in ["d-i0", "a-first-reason", "danger_to_life", "escalation"] {
            assert!(!said.contains(told), "{told}: {said}");
        }
    }
    assert_eq!(first.get("/v1/items/i0").good()["state"], "escalated");
    // Nor what became of it, if another one was first.
    world.clock.later_s(301);
    let third = world.moderator("c");
    let theirs = third.claim(1).remove(0);
    third.decide(decision("r3", &theirs, json!({})));
    let late = second.decide(decision("r2", &claim, json!({})));
    assert_eq!(
        (&late["result"], &late["outcome"]),
        (&json!("overtaken"), &json!("reviewed"))
    );
}

#[test]
fn the_first_reviewer_never_gets_it_whatever_they_try() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let own = decided(&world, &first, 1, &json!({})).remove(0);
    draw(&lead, 1);
    let never = |first: &Person<'_>| {
        assert!(first.claim(20).is_empty());
        let all = json!({"count": 20, "queues": ["q"], "severity_max": 4, "languages": ["en"]});
        assert!(first.claim_with(all).is_empty());
    };
    never(&first);
    let claim = second.claim(1).remove(0);
    never(&first);
    // Under the reviewer's claim, or their own old one, nothing is theirs.
    let beside = decision("x1", &claim, json!({}));
    assert_eq!(first.decide(beside)["code"], "not_your_claim");
    assert_eq!(
        first.decide(decision("x2", &own, json!({})))["code"],
        "already_decided"
    );
    // A question of the reviewer's does not reach them, by role or by name.
    for to in [json!({"role": "moderator"}), json!({"person": "a"})] {
        let body = json!({"claim_id": claim["claim_id"], "to": to, "question": "Is it spam?"});
        let asked = second.post("/v1/items/i0/consult", body).good();
        let id = asked["consult_id"].as_str().unwrap();
        assert_eq!(first.get("/v1/consults").good()["consults"], json!([]));
        for (what, body) in [("open", json!({})), ("answer", json!({"answer": "Yes."}))] {
            first
                .post(&format!("/v1/consults/{id}/{what}"), body)
                .refused(404, "unknown");
        }
    }
    // Given back, it goes on to others.
    release(&second, &claim, "returned");
    never(&first);
    release(&second, &second.claim(1)[0], "not_me");
    never(&first);
    assert!(second.claim(1).is_empty(), "not to whom it is kept from");
    assert_eq!(ids(&world.moderator("c").claim(1)), ["i0"]);
    // Undone by themselves it is work again, and theirs to take.
    revert(&first, "d-i0").good();
    assert_eq!(counts(&newest(&lead)), [0, 0, 0, 0]);
    assert_eq!(ids(&first.claim(1)), ["i0"]);
}

#[test]
fn an_appeal_never_goes_to_anyone_whose_decision_it_is_against() {
    let world = World::new();
    let (first, second, third) = (
        world.moderator("a"),
        world.moderator("b"),
        world.moderator("c"),
    );
    world.put(json!({"id": "i"}));
    let two = json!({"policy_ids": ["two"], "severity": 3});
    let claim = first.claim(1).remove(0);
    first.decide(decision("d1", &claim, two.clone()));
    // Who decided first is not asked by who confirms it.
    let claim = second.claim(1).remove(0);
    let ask = |person: &Person<'_>, claim: &Value, to: Value| {
        let item = claim["item"]["id"].as_str().unwrap();
        let body = json!({"claim_id": claim["claim_id"], "to": to, "question": "Is it spam?"});
        person
            .post(&format!("/v1/items/{item}/consult"), body)
            .good()
    };
    ask(&second, &claim, json!({"role": "moderator"}));
    assert_eq!(first.get("/v1/consults").good()["consults"], json!([]));
    second.decide(decision("d2", &claim, two));
    world.put(json!({"id": "appeal", "appeal": {"id": "x", "decision_id": "d2"}}));
    for person in [&first, &second] {
        assert!(person.claim(20).is_empty());
    }
    let claim = third.claim(1).remove(0);
    for name in ["a", "b"] {
        let asked = ask(&third, &claim, json!({"person": name}));
        let id = asked["consult_id"].as_str().unwrap();
        for person in [&first, &second] {
            assert_eq!(person.get("/v1/consults").good()["consults"], json!([]));
            person
                .post(&format!("/v1/consults/{id}/open"), json!({}))
                .refused(404, "unknown");
        }
    }
    release(&third, &claim, "returned");
    for person in [&first, &second] {
        assert!(person.claim(20).is_empty(), "also once it is given back");
    }
    assert_eq!(ids(&third.claim(1)), ["appeal"]);
}

#[test]
fn two_who_race_for_one_review_do_not_both_get_it() {
    let world = World::new();
    let (first, lead) = (world.moderator("a"), lead(&world));
    decided(&world, &first, 6, &json!({}));
    draw(&lead, 6);
    let people: Vec<_> = (0..6).map(|n| world.moderator(&format!("p{n}"))).collect();
    let claims: Vec<Vec<Value>> = std::thread::scope(|scope| {
        let calls: Vec<_> = people
            .iter()
            .map(|person| scope.spawn(|| person.claim(2)))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let all: Vec<&str> = claims.iter().flat_map(|claims| ids(claims)).collect();
    assert_eq!(
        (all.len(), all.iter().collect::<BTreeSet<_>>().len()),
        (6, 6)
    );
    // And each is reviewed once, whoever sends twice at the same time.
    let mut results = Vec::new();
    std::thread::scope(|scope| {
        let mut calls = Vec::new();
        for (person, claims) in people.iter().zip(&claims) {
            for claim in claims {
                let id = format!("r-{}", claim["item"]["id"].as_str().unwrap());
                let body = decision(&id, claim, json!({}));
                for _ in 0..2 {
                    let body = body.clone();
                    calls.push(scope.spawn(move || person.decide(body)["result"].clone()));
                }
            }
        }
        results.extend(calls.into_iter().map(|call| call.join().unwrap()));
    });
    let accepted = results
        .iter()
        .filter(|result| **result == "accepted")
        .count();
    let again = results
        .iter()
        .filter(|result| **result == "duplicate")
        .count();
    assert_eq!((accepted, again), (6, 6));
    assert_eq!(counts(&newest(&lead)), [6, 6, 0, 0]);
}

#[test]
fn a_review_holds_lapses_and_comes_again_like_any_claim() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    decided(&world, &first, 1, &json!({}));
    draw(&lead, 1);
    let claim = second.claim(1).remove(0);
    world.clock.later_s(200);
    assert_eq!(
        beat(&second, &claim)["expires_at"],
        "2026-01-01T00:08:20.000Z"
    );
    let third = world.moderator("c");
    assert!(third.claim(1).is_empty());
    world.clock.later_s(301);
    let theirs = third.claim(1).remove(0);
    assert!(theirs["fence"].as_u64() > claim["fence"].as_u64());
    assert_eq!(beat(&second, &claim)["lost"]["by_role"], "moderator");
    let late = second.decide(decision("r1", &claim, json!({})));
    assert_eq!(
        (&late["result"], &late["outcome"]),
        (&json!("overtaken"), &json!("claimed"))
    );
    // After a restart of the server everything is as it was.
    let again = scrim_server::storage::SqliteStorage::open(&world.folder.path().join("s.db"));
    assert_eq!(again.unwrap().samples().unwrap().samples[0].size, 1);
    assert!(beat(&third, &theirs)["lost"].is_null());
    assert_eq!(
        third.decide(decision("r2", &theirs, json!({})))["result"],
        "accepted"
    );
    assert_eq!(beat(&third, &theirs)["lost"]["by_role"], "decided");
    assert_eq!(counts(&newest(&lead)), [1, 1, 0, 0]);
}

#[test]
fn a_review_of_what_is_undone_meanwhile_is_kept_and_counts_nowhere() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let own = decided(&world, &first, 3, &json!({}));
    draw(&lead, 3);
    let claims = second.claim(3);
    let of = |item: &str| {
        let is_it = |claim: &&Value| claim["item"]["id"] == item;
        claims.iter().find(is_it).unwrap().clone()
    };
    // Undone by the lead; corrected by the first reviewer; withdrawn by the platform.
    revert(&lead, "d-i0").good();
    let fresh = json!({"supersedes": "d-i1"});
    assert_eq!(
        first.decide(decision("d-i1-b", &own[1], fresh))["result"],
        "accepted"
    );
    let feed = world.person("feed", &[Role::Ingest]);
    feed.post("/v1/items/i2/withdraw", json!({})).good();
    let before = outcomes(&world);
    assert_eq!(counts(&newest(&lead)), [0, 0, 0, 0]);
    for item in ["i0", "i1", "i2"] {
        assert!(
            beat(&second, &of(item))["lost"]["by_role"].is_string(),
            "{item}"
        );
    }
    // Somebody works on the item that is open again, and is not disturbed by the late review.
    let third = world.moderator("c");
    let work = third.claim(1).remove(0);
    assert_eq!(work["item"]["id"], "i0");
    let late = |id: &str, item: &str| second.decide(decision(id, &of(item), json!({})));
    assert_eq!(late("r0", "i0")["result"], "accepted");
    assert_eq!(late("r1", "i1")["result"], "accepted");
    assert_eq!(late("r2", "i2")["outcome"], "withdrawn");
    assert!(beat(&third, &work)["lost"].is_null());
    assert_eq!(
        third.decide(decision("d-third", &work, json!({})))["result"],
        "accepted"
    );
    assert_eq!(counts(&newest(&lead)), [0, 0, 0, 0]);
    let told = outcomes(&world);
    assert_eq!(
        told.as_array().unwrap().len(),
        before.as_array().unwrap().len() + 1,
        "of the third person's decision alone"
    );
    // What was corrected can be drawn anew; the same review is not made twice by one person.
    assert_eq!(counts(&draw(&lead, 5))[0], 2);
    assert!(second.claim(5).is_empty());
}

#[test]
fn who_held_the_item_and_could_hear_of_the_outcome_does_not_review() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    world.put(json!({"id": "i"}));
    let old = second.claim(1).remove(0);
    release(&second, &old, "returned");
    let claim = first.claim(1).remove(0);
    first.decide(decision("d1", &claim, json!({})));
    draw(&lead, 1);
    assert!(second.claim(1).is_empty());
    let told = second.decide(decision("x", &old, json!({})));
    assert_eq!(told["outcome"], "remove");
    assert_eq!(ids(&world.moderator("c").claim(1)), ["i"]);
}

#[test]
fn a_colleague_who_looked_does_not_review() {
    let world = World::new();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    world.put(json!({"id": "i"}));
    let claim = first.claim(1).remove(0);
    let body = json!({"claim_id": claim["claim_id"], "to": {"person": "b"}, "question": "Spam?"});
    let asked = first.post("/v1/items/i/consult", body).good();
    let id = asked["consult_id"].as_str().unwrap();
    second
        .post(&format!("/v1/consults/{id}/open"), json!({}))
        .good();
    first.decide(decision("d1", &claim, json!({})));
    draw(&lead, 1);
    assert!(second.claim(1).is_empty());
    assert_eq!(ids(&world.moderator("c").claim(1)), ["i"]);
}
