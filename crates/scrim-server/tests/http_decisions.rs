//! Decisions, second review, undoing and outcomes over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{World, decision};
use scrim_model::Role;
use serde_json::{Value, json};

fn outcomes(world: &World) -> Vec<(String, String, Value)> {
    let platform = world.person("platform", &[Role::Effect]);
    let answer = platform.get("/v1/outcomes?since=0").good();
    answer["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| {
            let text = |name: &str| o[name].as_str().unwrap().to_owned();
            (
                text("what"),
                text("decision_id"),
                o["actions"][0]["kind"].clone(),
            )
        })
        .collect()
}

fn row(what: &str, id: &str, action: &str) -> (String, String, Value) {
    (what.to_owned(), id.to_owned(), json!(action))
}

#[test]
fn accepted_once_duplicate_ever_after_and_never_another_content() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    let sent = decision("d1", &claim, json!({}));
    let first = person.decide(sent.clone());
    assert_eq!(first["result"], "accepted");
    let again = person.decide(sent);
    assert_eq!(
        (&again["result"], &again["receipt"]),
        (&json!("duplicate"), &first["receipt"])
    );
    let other = person.decide(decision("d1", &claim, json!({"severity": 2})));
    assert_eq!(
        (&other["result"], &other["code"]),
        (&json!("rejected"), &json!("id_reused"))
    );
    assert_eq!(person.get("/v1/items/i").good()["state"], "decided");
    assert!(person.claim(1).is_empty());
    assert_eq!(outcomes(&world), [row("decision", "d1", "remove")]);
}

#[test]
fn partial_success_is_normal() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    world.put(json!({"id": "j"}));
    let person = world.moderator("a");
    let claims = person.claim(2);
    let body = json!({"decisions": [
        decision("d1", &claims[0], json!({"item_id": "none"})),
        decision("d2", &claims[1], json!({})),
        decision("d3", &claims[0], json!({"actions": [{"kind": "age_gate"}]})),
    ]});
    let results = person.post("/v1/decisions", body).good()["results"].clone();
    assert_eq!(results[0]["code"], "unknown_item");
    assert_eq!(results[1]["result"], "accepted");
    assert_eq!(results[2]["path"], "actions[0].kind");
}

#[test]
fn a_late_decision_is_accepted_until_someone_else_claims_or_decides() {
    let world = World::new();
    for id in ["i", "j", "k"] {
        world.put(json!({"id": id}));
    }
    let (slow, quick) = (world.moderator("a"), world.person("b", &[Role::Lead]));
    let claims = slow.claim(3);
    world.clock.later_s(3_600);
    let late = slow.decide(decision("d1", &claims[0], json!({})));
    assert_eq!(late["result"], "accepted");
    let taken = quick.claim(2);
    let overtaken = slow.decide(decision("d2", &claims[1], json!({})));
    assert_eq!(
        (
            &overtaken["result"],
            &overtaken["outcome"],
            &overtaken["by_role"]
        ),
        (&json!("overtaken"), &json!("claimed"), &json!("lead"))
    );
    let done = quick.decide(decision(
        "d3",
        &taken[1],
        json!({"actions": [{"kind": "allow"}], "policy_ids": []}),
    ));
    assert_eq!(done["result"], "accepted");
    let overtaken = slow.decide(decision("d4", &claims[2], json!({})));
    assert_eq!(
        (&overtaken["outcome"], &overtaken["by_role"]),
        (&json!("allow"), &json!("lead"))
    );
    // The other one's claim lapsed as well and nothing was decided: the late one counts again.
    world.clock.later_s(3_600);
    assert_eq!(
        slow.decide(decision("d2", &claims[1], json!({})))["result"],
        "accepted"
    );
}

#[test]
fn only_the_own_claim_with_its_own_fence_counts() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (owner, thief) = (world.moderator("a"), world.moderator("b"));
    let claim = owner.claim(1).remove(0);
    assert_eq!(
        thief.decide(decision("d1", &claim, json!({})))["code"],
        "not_your_claim"
    );
    assert_eq!(
        owner.decide(decision("d2", &claim, json!({"fence": 99})))["code"],
        "wrong_fence"
    );
}

#[test]
fn a_correction_replaces_ones_own_decision() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    person.decide(decision("d1", &claim, json!({})));
    let change = json!({"actions": [{"kind": "restrict"}]});
    let mut second = decision("d2", &claim, change);
    assert_eq!(person.decide(second.clone())["code"], "already_decided");
    second["supersedes"] = json!("d1");
    assert_eq!(person.decide(second)["result"], "accepted");
    assert_eq!(person.get("/v1/items/i").good()["decisions"], json!(["d2"]));
    assert_eq!(
        outcomes(&world),
        [
            row("decision", "d1", "remove"),
            row("revert", "d1", "remove"),
            row("decision", "d2", "restrict")
        ]
    );
}

#[test]
fn second_review_restricts_until_another_person_decides() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, second) = (world.moderator("a"), world.moderator("b"));
    let two = json!({"policy_ids": ["two"], "severity": 3});
    let claim = first.claim(1).remove(0);
    let sent = first.decide(decision("d1", &claim, two.clone()));
    assert_eq!(sent["result"], "awaiting_second");
    assert_eq!(first.get("/v1/items/i").good()["state"], "awaiting_second");
    assert!(first.claim(1).is_empty(), "not to the first person again");
    let claim = second.claim(1).remove(0);
    assert_eq!(
        second.decide(decision("d2", &claim, two))["result"],
        "accepted"
    );
    assert_eq!(second.get("/v1/items/i").good()["state"], "decided");
    // The first one cannot be undone under the second; the second one can, and then it waits again.
    first
        .post("/v1/decisions/d1/revert", json!({"reason": ""}))
        .refused(409, "too_late");
    second.post("/v1/decisions/d2/revert", json!({})).good();
    assert_eq!(second.get("/v1/items/i").good()["state"], "awaiting_second");
    assert_eq!(
        outcomes(&world),
        [
            row("decision", "d1", "restrict"),
            row("revert", "d1", "restrict"),
            row("decision", "d2", "remove"),
            row("revert", "d2", "remove"),
            row("decision", "d1", "restrict"),
        ]
    );
}

#[test]
fn undoing_is_for_the_person_and_the_lead_and_stops_at_what_was_told() {
    let world = World::new();
    for id in ["i", "j"] {
        world.put(json!({"id": id}));
    }
    let (person, other) = (world.moderator("a"), world.moderator("b"));
    let lead = world.person("l", &[Role::Lead]);
    let claims = person.claim(2);
    person.decide(decision("d1", &claims[0], json!({})));
    other
        .post("/v1/decisions/d1/revert", json!({}))
        .refused(403, "not_allowed");
    other
        .post("/v1/decisions/dx/revert", json!({}))
        .refused(404, "unknown");
    lead.post("/v1/decisions/d1/revert", json!({})).good();
    person
        .post("/v1/decisions/d1/revert", json!({}))
        .refused(409, "too_late");
    assert_eq!(person.get("/v1/items/i").good()["state"], "open");
    let told = json!({"actions": [{"kind": "escalate"}],
        "escalate": {"to": "danger_to_life", "priority": 1, "reason": ""}});
    person.decide(decision("d2", &claims[1], told));
    assert_eq!(person.get("/v1/items/j").good()["state"], "escalated");
    let platform = world.person("platform", &[Role::Effect]);
    let next = platform.get("/v1/outcomes").good()["next"].clone();
    let beyond = json!({"up_to": next.as_u64().unwrap() + 1});
    platform
        .post("/v1/outcomes/ack", beyond)
        .refused(422, "invalid");
    platform
        .post("/v1/outcomes/ack", json!({"up_to": next}))
        .good();
    person
        .post("/v1/decisions/d2/revert", json!({}))
        .refused(409, "too_late");
}

#[test]
fn an_appeal_never_goes_to_the_first_reviewer() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, second) = (world.moderator("a"), world.moderator("b"));
    let claim = first.claim(1).remove(0);
    first.decide(decision("d1", &claim, json!({})));
    world.put(json!({"id": "appeal", "appeal": {"id": "x", "decision_id": "d1"}}));
    assert!(first.claim(1).is_empty());
    assert_eq!(second.claim(1).len(), 1);
}

#[test]
fn a_withdrawn_item_takes_no_decision() {
    let world = World::new();
    world.put(json!({"id": "i", "label": "marker"}));
    let person = world.moderator("a");
    let feed = world.person("feed", &[Role::Ingest]);
    let claim = person.claim(1).remove(0);
    feed.post("/v1/items/i/withdraw", json!({})).good();
    let late = person.decide(decision("d1", &claim, json!({})));
    assert_eq!(
        (&late["result"], &late["outcome"]),
        (&json!("overtaken"), &json!("withdrawn"))
    );
    let beat = json!({"claim_ids": [claim["claim_id"]]});
    let row = person.post("/v1/claims/heartbeat", beat).good()["claims"][0].clone();
    assert_eq!(row["lost"]["by_role"], "withdrawn");
    let left = person.get("/v1/items/i").good();
    assert_eq!(
        (&left["state"], &left["item"]["label"]),
        (&json!("withdrawn"), &json!(""))
    );
}

/// All field names anywhere in a value.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            found.push(name.clone());
            names(inner, found);
        }),
        Value::Array(rows) => rows.iter().for_each(|inner| names(inner, found)),
        _ => {}
    }
}

#[test]
fn outcomes_know_no_reviewer_no_views_and_no_times() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.moderator("seeded-reviewer");
    let claim = person.claim(1).remove(0);
    person.decide(decision("d1", &claim, json!({})));
    let platform = world.person("platform", &[Role::Effect]);
    let answer = platform.get("/v1/outcomes").good();
    let mut found = Vec::new();
    names(&answer, &mut found);
    found.sort();
    found.dedup();
    assert_eq!(
        found,
        [
            "actions",
            "cursor",
            "decision_id",
            "item_id",
            "kind",
            "next",
            "outcomes",
            "policy_ids",
            "policy_version",
            "what"
        ]
    );
    assert!(!answer.to_string().contains("seeded-reviewer"));
    assert_eq!(
        platform.get("/v1/outcomes?since=1").good()["outcomes"],
        json!([])
    );
}

#[test]
fn a_team_read_has_no_views_no_names_and_no_handle_time_of_grave_items() {
    let world = World::new();
    for id in ["i", "j"] {
        world.put(json!({"id": id}));
    }
    let (person, lead) = (
        world.moderator("seeded-reviewer"),
        world.person("l", &[Role::Lead]),
    );
    let claims = person.claim(2);
    person.decide(decision("d1", &claims[0], json!({"severity": 2})));
    let clock = json!({"severity": 3, "decided_at": "2026-01-01T17:45:12Z", "skew_ms": -4242});
    person.decide(decision("d2", &claims[1], clock));
    let mine = person.get("/v1/decisions?scope=mine").good();
    assert_eq!(mine["decisions"][1]["handle_ms"], 4321);
    assert_eq!(mine["decisions"][1]["media"][0]["ms_clear"], 77);
    person
        .get("/v1/decisions?scope=team")
        .refused(403, "not_allowed");
    person
        .get("/v1/decisions?scope=all")
        .refused(422, "invalid");
    let team = lead.get("/v1/decisions?scope=team&since=0").good();
    assert!(!team.to_string().contains("seeded-reviewer"));
    assert!(!team.to_string().contains("ms_clear"));
    assert_eq!(team["decisions"][0]["handle_ms"], 4321);
    assert!(team["decisions"][1].get("handle_ms").is_none());
    // The day and not the time; and no clock by which one desk is told from another.
    assert_eq!(
        team["decisions"][1]["decided_at"],
        "2026-01-01T00:00:00.000Z"
    );
    assert_eq!(team["decisions"][1]["skew_ms"], 0);
    assert_eq!(mine["decisions"][1]["skew_ms"], -4242);
    // A desk still reads it with the protocol's own type.
    serde_json::from_value::<scrim_wire::protocol::HeldDecisions>(team).unwrap();
    assert_eq!(lead.get("/v1/decisions").good()["decisions"], json!([]));
}
