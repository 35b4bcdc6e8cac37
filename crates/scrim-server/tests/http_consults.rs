//! Asking a colleague, handing over, and passing on, over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Person, World, decision, ids};
use scrim_model::Role;
use serde_json::{Value, json};

fn ask(person: &Person<'_>, claim: &Value, to: Value) -> common::Answer {
    let body = json!({"claim_id": claim["claim_id"], "to": to, "question": "Is this spam?"});
    person.post("/v1/items/i/consult", body)
}

fn list(person: &Person<'_>) -> Vec<Value> {
    person.get("/v1/consults").good()["consults"]
        .as_array()
        .unwrap()
        .clone()
}

fn medium(person: &Person<'_>, claim: &Value) -> common::Answer {
    person.get_with(
        "/v1/items/i/media/0",
        &[("Scrim-Claim", claim.as_str().unwrap())],
    )
}

#[test]
fn a_colleague_looks_answers_and_decides_nothing() {
    let world = World::new();
    world.put_with(
        json!({"id": "i", "media": [{"n": 0, "mime": "image/png"}]}),
        vec![vec![1, 2]],
    );
    let (asker, other) = (world.moderator("a"), world.moderator("b"));
    let lead = world.person("l", &[Role::Lead]);
    let claim = asker.claim(1).remove(0);
    let id = ask(&asker, &claim, json!({"role": "lead"})).good()["consult_id"].clone();
    assert_eq!(
        (list(&asker).len(), list(&other).len()),
        (0, 0),
        "only who is asked"
    );
    let question = list(&lead).remove(0);
    assert_eq!(
        (&question["consult_id"], &question["question"]),
        (&id, &json!("Is this spam?"))
    );
    assert!(
        !question.to_string().contains("name of a"),
        "the asker is not named"
    );
    let path = |what: &str| format!("/v1/consults/{}/{what}", id.as_str().unwrap());
    other.post(&path("open"), json!({})).refused(404, "unknown");
    other
        .post(&path("answer"), json!({"answer": "x"}))
        .refused(404, "unknown");
    let opened = lead.post_keyed(&path("open"), "look", &json!({})).good();
    assert_eq!(
        lead.post_keyed(&path("open"), "look", &json!({})).json(),
        opened
    );
    assert_eq!(opened["item"]["id"], "i");
    let look = &opened["claim_id"];
    assert_eq!(medium(&lead, look).bytes, [1, 2]);
    medium(&other, look).refused(403, "not_allowed");
    // Nothing else works under it, and the asker's claim is kept.
    let mut as_claim = claim.clone();
    as_claim["claim_id"] = look.clone();
    assert_eq!(
        lead.decide(decision("d0", &as_claim, json!({})))["code"],
        "not_your_claim"
    );
    let beat = lead
        .post("/v1/claims/heartbeat", json!({"claim_ids": [look]}))
        .good();
    assert_eq!(beat["claims"][0]["lost"]["by_role"], "unknown");
    lead.post(
        "/v1/claims/release",
        json!({"claim_ids": [look], "why": "returned"}),
    )
    .good();
    assert_eq!(asker.get("/v1/items/i").good()["state"], "claimed");
    for wrong in [
        json!({"answer": " "}),
        json!({"answer": "x".repeat(1_001)}),
        json!({"answer": 1}),
    ] {
        let refused = lead.post(&path("answer"), wrong).refused(422, "invalid");
        assert_eq!(refused["path"], "answer");
    }
    let answer = json!({"answer": "Yes."});
    lead.post_keyed(&path("answer"), "k", &answer).good();
    lead.post_keyed(&path("answer"), "k", &answer).good();
    lead.post(&path("answer"), json!({"answer": "No."}))
        .refused(409, "too_late");
    lead.post(&path("open"), json!({})).refused(409, "too_late");
    medium(&lead, look).refused(409, "claim_lost");
    let told = asker.get("/v1/items/i").good()["consults"].clone();
    assert_eq!(
        (&told[0]["answer"], &told[0]["by_role"]),
        (&json!("Yes."), &json!("lead"))
    );
    assert!(
        other.get("/v1/items/i").good().get("consults").is_none(),
        "for the asker alone"
    );
    let done = asker.decide(decision(
        "d1",
        &claim,
        json!({"actions": [{"kind": "remove"}]}),
    ));
    assert_eq!(done["result"], "accepted");
}

#[test]
fn only_the_holder_asks_only_a_reviewer_and_only_so_much() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (asker, other) = (world.moderator("a"), world.moderator("b"));
    world.person("feed", &[Role::Ingest]);
    let claim = asker.claim(1).remove(0);
    ask(&other, &claim, json!({"role": "lead"})).refused(403, "not_allowed");
    for (to, path) in [
        (json!({"role": "ingest"}), "to.role"),
        (json!({"role": "whoever"}), "to.role"),
        (json!({"person": "a"}), "to.person"),
        (json!({"person": "feed"}), "to.person"),
        (json!({"person": "nobody"}), "to.person"),
    ] {
        assert_eq!(
            ask(&asker, &claim, to).refused(422, "invalid")["path"],
            path
        );
    }
    for question in [json!(""), json!("x".repeat(1_001)), json!(null), json!(-1)] {
        let body =
            json!({"claim_id": claim["claim_id"], "to": {"role": "lead"}, "question": question});
        assert_eq!(
            asker
                .post("/v1/items/i/consult", body)
                .refused(422, "invalid")["path"],
            "question"
        );
    }
    for _ in 0..4 {
        ask(&asker, &claim, json!({"person": "b"})).good();
    }
    assert_eq!(
        ask(&asker, &claim, json!({"person": "b"})).refused(422, "invalid")["path"],
        "question"
    );
    assert_eq!(list(&other).len(), 4);
    world.clock.later_s(301);
    ask(&asker, &claim, json!({"role": "lead"})).refused(409, "claim_lost");
    // Decided: what is not answered is closed.
    asker.decide(decision("d1", &claim, json!({})));
    assert!(list(&other).is_empty());
    assert_eq!(
        asker.get("/v1/items/i").good()["consults"][0]["state"],
        "closed"
    );
}

#[test]
fn who_keeps_away_is_not_asked_and_a_withdrawal_empties_the_question() {
    let world = World::new();
    world.put(json!({"id": "i", "author": {"id": "author-1"}}));
    let (asker, away) = (world.moderator("a"), world.moderator("b"));
    let (lead, feed) = (
        world.person("l", &[Role::Lead]),
        world.person("f", &[Role::Ingest]),
    );
    let claim = away.claim(1).remove(0);
    let body = json!({"claim_ids": [claim["claim_id"]], "why": "not_me"});
    away.post("/v1/claims/release", body).good();
    let claim = asker.claim(1).remove(0);
    ask(&asker, &claim, json!({"person": "b"})).good();
    ask(&asker, &claim, json!({"role": "lead"})).good();
    assert!(list(&away).is_empty());
    let id = list(&lead)[0]["consult_id"].clone();
    let open = format!("/v1/consults/{}/open", id.as_str().unwrap());
    lead.post_keyed(&open, "look", &json!({})).good();
    feed.post("/v1/items/i/withdraw", json!({})).good();
    lead.post_keyed(&open, "look", &json!({}))
        .refused(409, "too_late");
    let left = asker.get("/v1/items/i").good()["consults"].clone();
    assert_eq!(
        (&left[0]["state"], &left[0]["question"]),
        (&json!("closed"), &json!(""))
    );
}

#[test]
fn a_draft_goes_to_whoever_goes_on_and_names_nobody() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    world.put(json!({"id": "j", "priority": 4}));
    let (first, second) = (world.moderator("seeded-first"), world.moderator("b"));
    let claims = first.claim(2);
    let draft = json!({"policy_ids": ["p"], "note": "Half done.", "severity": 2, "unsure": true});
    let release = |changed: Value| {
        let mut body =
            json!({"claim_ids": [claims[0]["claim_id"]], "why": "hand_over", "draft": draft});
        for (name, value) in changed.as_object().unwrap() {
            body[name] = value.clone();
        }
        first.post("/v1/claims/release", body)
    };
    for (wrong, path) in [
        (json!({"why": "returned"}), "draft"),
        (
            json!({"claim_ids": [claims[0]["claim_id"], claims[1]["claim_id"]]}),
            "draft",
        ),
        (json!({"draft": {"note": "x".repeat(2_001)}}), "draft.note"),
        (json!({"draft": {"severity": 5}}), "draft.severity"),
        (json!({"draft": {"severity": -1}}), "draft.severity"),
        (
            json!({"draft": {"policy_ids": vec!["p"; 33]}}),
            "draft.policy_ids",
        ),
        (json!({"draft": 7}), "draft"),
        (json!({"aimed": true}), "aimed"),
    ] {
        assert_eq!(release(wrong).refused(422, "invalid")["path"], path);
    }
    release(json!({})).good();
    let body = json!({"count": 1});
    let taken = second.post_keyed("/v1/claims", "k", &body).good()["claims"][0].clone();
    assert_eq!(taken["draft"], draft);
    assert!(!taken.to_string().contains("seeded-first"));
    assert_eq!(
        second.post_keyed("/v1/claims", "k", &body).good()["claims"][0],
        taken
    );
    // Given back without another draft, it is still there; decided, it is gone.
    second
        .post(
            "/v1/claims/release",
            json!({"claim_ids": [taken["claim_id"]], "why": "language"}),
        )
        .good();
    let again = second.claim(1).remove(0);
    assert_eq!(again["draft"], draft);
    second.decide(decision("d1", &again, json!({})));
    second.post("/v1/decisions/d1/revert", json!({})).good();
    assert!(second.claim(1)[0].get("draft").is_none());
}

#[test]
fn what_is_aimed_at_someone_tells_the_item_and_keeps_the_author_away() {
    let world = World::new();
    for (id, author) in [("i1", "x"), ("i2", "x"), ("i3", "y")] {
        world.put(json!({"id": id, "author": {"id": author}}));
    }
    world.put(json!({"id": "i4"}));
    let (aimed_at, other) = (world.moderator("seeded-person"), world.moderator("b"));
    let claim = aimed_at.claim(1).remove(0);
    let body = json!({"claim_ids": [claim["claim_id"]], "why": "not_me", "aimed": true});
    aimed_at.post_keyed("/v1/claims/release", "k", &body).good();
    aimed_at.post_keyed("/v1/claims/release", "k", &body).good();
    aimed_at.post("/v1/claims/release", body).good();
    assert_eq!(ids(&aimed_at.claim(20)), ["i3", "i4"]);
    assert_eq!(ids(&other.claim(20)), ["i1", "i2"]);
    world.put(json!({"id": "i5", "author": {"id": "x"}}));
    assert!(aimed_at.claim(1).is_empty(), "also what comes later");
    let told = world
        .person("e", &[Role::Effect])
        .get("/v1/safety-notices?since=0")
        .good();
    assert_eq!(
        told,
        json!({"notices": [{"cursor": 1, "item_id": "i1"}], "next": 1})
    );
    let later = world
        .person("ad", &[Role::Admin])
        .get("/v1/safety-notices?since=1")
        .good();
    assert_eq!(later["notices"], json!([]));
}

#[test]
fn what_is_passed_to_the_lead_comes_to_leads_alone() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    world.put(json!({"id": "j", "priority": 4}));
    let (first, second) = (world.moderator("a"), world.moderator("b"));
    let (lead, duty) = (
        world.person("l", &[Role::Lead]),
        world.person("m", &[Role::Lead]),
    );
    let claims = first.claim(2);
    let up = |to: &str| {
        json!({"actions": [{"kind": "escalate"}],
            "escalate": {"to": to, "priority": 2, "reason": "Look at the end."}})
    };
    first.decide(decision("d1", &claims[0], up("lead")));
    first.decide(decision("d2", &claims[1], up("danger_to_life")));
    assert!(second.claim(20).is_empty());
    let taken = lead.claim(20);
    assert_eq!(ids(&taken), ["i"], "not what went to someone else");
    assert_eq!(taken[0]["escalation"]["reason"], "Look at the end.");
    assert_eq!(
        first.get("/v1/items/i").good()["state"],
        "escalated",
        "while the lead holds it"
    );
    let beat = lead
        .post(
            "/v1/claims/heartbeat",
            json!({"claim_ids": [taken[0]["claim_id"]]}),
        )
        .good();
    assert!(beat["claims"][0]["lost"].is_null());
    assert!(duty.claim(1).is_empty());
    let done = lead.decide(decision("d3", &taken[0], json!({})));
    assert_eq!(done["result"], "accepted");
    assert_eq!(first.get("/v1/items/i").good()["state"], "decided");
    // Undone, it is escalated again, and comes to a lead again.
    lead.post("/v1/decisions/d3/revert", json!({"reason": "Too quick."}))
        .good();
    assert_eq!(first.get("/v1/items/i").good()["state"], "escalated");
    assert_eq!(ids(&duty.claim(1)), ["i"]);
    let held = lead.get("/v1/decisions").good()["decisions"][0].clone();
    assert_eq!(
        (&held["reverted"], &held["revert_reason"]),
        (&json!(true), &json!("Too quick."))
    );
    let platform = world
        .person("p", &[Role::Effect])
        .get("/v1/outcomes")
        .good();
    let seen: Vec<_> = platform["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| {
            format!(
                "{} {}",
                o["what"].as_str().unwrap(),
                o["decision_id"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "decision d1",
            "decision d2",
            "revert d1",
            "decision d3",
            "revert d3",
            "decision d1"
        ]
    );
}

#[test]
fn an_older_claim_does_not_overtake_an_escalation() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (slow, quick) = (world.moderator("a"), world.moderator("b"));
    let old = slow.claim(1).remove(0);
    world.clock.later_s(301);
    let new = quick.claim(1).remove(0);
    quick.decide(decision(
        "d1",
        &new,
        json!({"actions": [{"kind": "escalate"}],
        "escalate": {"to": "lead", "priority": 2, "reason": ""}}),
    ));
    assert_eq!(
        slow.decide(decision("d2", &old, json!({})))["result"],
        "overtaken"
    );
}

#[test]
fn a_warning_that_was_sent_cannot_be_undone_and_a_removal_can() {
    let world = World::new();
    for (id, actions) in [("i", json!(["warn_author"])), ("j", json!(["remove"]))] {
        world.put(json!({"id": id, "allowed_actions": actions}));
    }
    let person = world.moderator("a");
    let platform = world.person("p", &[Role::Effect]);
    let claims = person.claim(2);
    person.decide(decision(
        "d1",
        &claims[0],
        json!({"actions": [{"kind": "warn_author"}]}),
    ));
    person.decide(decision("d2", &claims[1], json!({})));
    let next = platform.get("/v1/outcomes").good()["next"].clone();
    platform
        .post("/v1/outcomes/ack", json!({"up_to": next}))
        .good();
    person
        .post("/v1/decisions/d1/revert", json!({}))
        .refused(409, "too_late");
    let first = person
        .post_keyed("/v1/decisions/d2/revert", "k", &json!({}))
        .good();
    assert_eq!(
        person
            .post_keyed("/v1/decisions/d2/revert", "k", &json!({}))
            .good(),
        first
    );
    let last = platform.get(&format!("/v1/outcomes?since={next}")).good();
    assert_eq!(last["outcomes"][0]["what"], "revert");
}
