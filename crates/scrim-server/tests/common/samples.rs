//! What tests of second reviews do again and again.

use scrim_model::Role;
use serde_json::{Value, json};

use super::{Answer, Person, World, decision};

pub fn lead(world: &World) -> Person<'_> {
    world.person("the-lead", &[Role::Lead])
}

/// `count` items, each decided by `person` as `changed` says.
pub fn decided(world: &World, person: &Person<'_>, count: usize, changed: &Value) -> Vec<Value> {
    for n in 0..count {
        world.put(json!({"id": format!("i{n}")}));
    }
    let mut claims = Vec::new();
    while claims.len() < count {
        claims.extend(person.claim(20));
    }
    for claim in &claims {
        let id = format!("d-{}", claim["item"]["id"].as_str().unwrap());
        let sent = person.decide(decision(&id, claim, changed.clone()));
        assert!(sent["receipt"].is_string(), "{sent}");
    }
    claims
}

pub fn drawing(size: u32, changed: Value) -> Value {
    let mut whole =
        json!({"size": size, "drawing": "random", "from": "2026-01-01", "to": "2026-01-01"});
    for (name, value) in changed.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}

#[track_caller]
pub fn draw(lead: &Person<'_>, size: u32) -> Value {
    lead.post("/v1/review-samples", drawing(size, json!({})))
        .good()
}

pub fn newest(lead: &Person<'_>) -> Value {
    lead.get("/v1/review-samples").good()["samples"][0].clone()
}

pub fn counts(sample: &Value) -> [u64; 4] {
    ["size", "done", "differ", "practice"].map(|name| sample[name].as_u64().unwrap())
}

pub fn outcomes(world: &World) -> Value {
    let platform = world.person("platform", &[Role::Effect]);
    platform.get("/v1/outcomes").good()["outcomes"].clone()
}

pub fn release(person: &Person<'_>, claim: &Value, why: &str) {
    let body = json!({"claim_ids": [claim["claim_id"]], "why": why});
    person.post("/v1/claims/release", body).good();
}

pub fn beat(person: &Person<'_>, claim: &Value) -> Value {
    let body = json!({"claim_ids": [claim["claim_id"]]});
    person.post("/v1/claims/heartbeat", body).good()["claims"][0].clone()
}

pub fn revert(person: &Person<'_>, id: &str) -> Answer {
    person.post(&format!("/v1/decisions/{id}/revert"), json!({}))
}
