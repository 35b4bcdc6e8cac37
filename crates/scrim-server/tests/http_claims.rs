//! Claims over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;
use std::sync::Mutex;

use common::{World, ids};
use serde_json::{Value, json};

#[test]
fn fifty_claimers_share_three_hundred_items_and_none_twice() {
    let world = World::new();
    for n in 0..300 {
        world.put(json!({"id": format!("i{n}")}));
    }
    let people: Vec<_> = (0..50).map(|n| world.moderator(&format!("u{n}"))).collect();
    let claimed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for person in &people {
            let claimed = &claimed;
            scope.spawn(move || {
                loop {
                    let claims = person.claim(4);
                    if claims.is_empty() {
                        return;
                    }
                    let got = ids(&claims).into_iter().map(str::to_owned);
                    claimed.lock().unwrap().extend(got);
                }
            });
        }
    });
    let claimed = claimed.into_inner().unwrap();
    assert_eq!(claimed.len(), 300);
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 300);
}

#[test]
fn urgent_then_exact_hits_then_priority_then_due_then_age() {
    let world = World::new();
    let known = |kind| json!([{"n": 0, "known": {"list": "l", "match": kind}}]);
    world.put(json!({"id": "later", "priority": 2, "due_at": "2026-01-03T00:00:00Z"}));
    world.put(json!({"id": "young", "priority": 2, "reported_at": "2025-12-02T00:00:00Z"}));
    world.put(json!({"id": "old", "priority": 2, "reported_at": "2025-12-01T00:00:00Z"}));
    world.put(json!({"id": "sooner", "priority": 2, "due_at": "2026-01-02T00:00:00Z"}));
    world.put_with(
        json!({"id": "near", "priority": 4, "media": known("near")}),
        vec![vec![1]],
    );
    world.put_with(
        json!({"id": "exact", "priority": 4, "media": known("exact")}),
        vec![vec![1]],
    );
    world.put(json!({"id": "urgent", "priority": 1}));
    let claims = world.moderator("u").claim(20);
    assert_eq!(
        ids(&claims),
        ["urgent", "exact", "sooner", "later", "old", "young", "near"]
    );
}

#[test]
fn filters_hold_for_one_call_and_are_kept_nowhere() {
    let world = World::new();
    world.put(json!({"id": "grave", "severity_hint": 3}));
    world.put(json!({"id": "spam", "classes": ["spam"]}));
    world.put(json!({"id": "french", "texts": [{"id": "t", "lang": "fr", "body": "x"}]}));
    world.put(json!({"id": "held"}));
    let person = world.moderator("u");
    let filtered = json!({"count": 20, "severity_max": 2, "exclude_classes": ["spam"],
        "languages": ["en"], "exclude_items": ["held"], "queues": ["q"]});
    assert!(person.claim_with(filtered).is_empty());
    assert_eq!(person.claim(20).len(), 4);
    let whole = std::fs::read(world.folder.path().join("s.db")).unwrap();
    let log = std::fs::read(world.folder.path().join("s.db-wal")).unwrap();
    for marker in ["severity_max", "exclude_classes"] {
        for bytes in [&whole, &log] {
            let found = bytes.windows(marker.len()).any(|w| w == marker.as_bytes());
            assert!(!found, "{marker} is stored");
        }
    }
}

#[test]
fn a_lapsed_claim_goes_to_the_next_person_with_a_higher_fence() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, second) = (
        world.moderator("a"),
        world.person("b", &[scrim_model::Role::Lead]),
    );
    let claim = first.claim(1).remove(0);
    assert_eq!(claim["fence"], 1);
    assert_eq!(claim["expires_at"], "2026-01-01T00:05:00.000Z");
    assert_eq!(claim["offline_until"], "2026-01-01T00:35:00.000Z");
    world.clock.later_s(299);
    assert!(second.claim(1).is_empty());
    world.clock.later_s(1);
    assert_eq!(second.claim(1)[0]["fence"], 2);
    let beat = |claim: &Value| {
        let body = json!({"claim_ids": [claim["claim_id"]]});
        first.post("/v1/claims/heartbeat", body).good()["claims"][0].clone()
    };
    assert_eq!(
        beat(&claim)["lost"],
        json!({"by_role": "lead", "at": "2026-01-01T00:05:00.000Z"})
    );
    assert_eq!(
        beat(&json!({"claim_id": "nobody"}))["lost"]["by_role"],
        "unknown"
    );
}

#[test]
fn heartbeats_keep_a_claim_and_unreachable_is_not_lost() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    let beat = || {
        let body = json!({"claim_ids": [claim["claim_id"]]});
        person.post("/v1/claims/heartbeat", body).good()["claims"][0].clone()
    };
    world.clock.later_s(200);
    assert_eq!(beat()["expires_at"], "2026-01-01T00:08:20.000Z");
    // Away beyond the lease, nobody took the item: taken up again.
    world.clock.later_s(1_000);
    assert_eq!(beat()["expires_at"], "2026-01-01T00:25:00.000Z");
    // Away beyond `offline_until`: lost to the clock.
    world.clock.later_s(300 + 1_801);
    assert_eq!(beat()["lost"]["by_role"], "expired");
}

#[test]
fn not_me_keeps_the_item_from_that_person_alone() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, second) = (world.moderator("a"), world.moderator("b"));
    let release = |claim: &Value, why| {
        let body = json!({"claim_ids": [claim["claim_id"]], "why": why});
        first.post("/v1/claims/release", body)
    };
    release(&first.claim(1)[0], "returned").good();
    let claim = first.claim(1).remove(0);
    release(&claim, "whim").refused(422, "invalid");
    release(&claim, "not_me").good();
    assert!(first.claim(1).is_empty());
    assert_eq!(second.claim(1).len(), 1);
}

#[test]
fn a_stranger_cannot_release_or_keep_a_claim() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, second) = (world.moderator("a"), world.moderator("b"));
    let claim = first.claim(1).remove(0);
    let body = json!({"claim_ids": [claim["claim_id"]], "why": "not_me"});
    second.post("/v1/claims/release", body).good();
    assert!(second.claim(1).is_empty());
    let body = json!({"claim_ids": [claim["claim_id"]]});
    let row = second.post("/v1/claims/heartbeat", body).good()["claims"][0].clone();
    assert_eq!(row["lost"]["by_role"], "unknown");
}

#[test]
fn the_same_key_gives_the_first_answer_and_another_body_is_refused() {
    let world = World::new();
    for n in 0..10 {
        world.put(json!({"id": format!("i{n}")}));
    }
    let (person, other) = (world.moderator("a"), world.moderator("b"));
    let body = json!({"count": 2});
    let first = person.post_keyed("/v1/claims", "k", &body);
    assert_eq!(
        person.post_keyed("/v1/claims", "k", &body).bytes,
        first.bytes
    );
    person
        .post_keyed("/v1/claims", "k", &json!({"count": 3}))
        .refused(422, "key_reused");
    // Another person's and another route's keys are other keys.
    let theirs = other.post_keyed("/v1/claims", "k", &body).good();
    assert_ne!(theirs["claims"], first.json()["claims"]);
    let beat = json!({"claim_ids": ["c"]});
    person.post_keyed("/v1/claims/heartbeat", "k", &beat).good();
}

#[test]
fn the_same_key_at_the_same_time_claims_once() {
    let world = World::new();
    for n in 0..40 {
        world.put(json!({"id": format!("i{n}")}));
    }
    let person = world.moderator("a");
    let body = json!({"count": 2});
    let answers: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| person.post_keyed("/v1/claims", "k", &body).bytes))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(person.claim(20).len() + person.claim(20).len(), 38);
}
