//! Rules of every call: tokens, roles, keys, limits, tags, and the document.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::{World, agent, taken};
use scrim_model::{ModeratorId, Role};
use scrim_server::error::ServerError;
use scrim_server::routes::{Access, Method, ROUTES};
use scrim_server::storage::Storage;
use serde_json::{Value, json};

/// Who may call what, written down a second time and by hand: a slip in the server's own table
/// shows here. m moderator, l lead, q qa, i ingest, e effect, a admin.
const MATRIX: &[(&str, &str, &str)] = &[
    ("GET", "/v1/session", "mlqiea"),
    ("GET", "/v1/queues", "mlqiea"),
    ("GET", "/v1/policies", "mlqiea"),
    ("POST", "/v1/claims", "mlq"),
    ("POST", "/v1/claims/heartbeat", "mlq"),
    ("POST", "/v1/claims/release", "mlq"),
    ("POST", "/v1/decisions", "mlq"),
    ("GET", "/v1/decisions", "mlq"),
    ("POST", "/v1/decisions/{id}/revert", "mlq"),
    ("GET", "/v1/items/{id}", "mlqi"),
    ("GET", "/v1/items/{id}/media/{n}", "mlq"),
    ("POST", "/v1/items", "i"),
    ("POST", "/v1/items/{id}/withdraw", "i"),
    ("POST", "/v1/review-samples", "l"),
    ("GET", "/v1/review-samples", "lq"),
    ("GET", "/v1/team-days", "lq"),
    ("GET", "/v1/exposure", "l"),
    ("POST", "/v1/items/{id}/consult", "mlq"),
    ("GET", "/v1/consults", "mlq"),
    ("POST", "/v1/consults/{id}/open", "mlq"),
    ("POST", "/v1/consults/{id}/answer", "mlq"),
    ("GET", "/v1/safety-notices", "ea"),
    ("GET", "/v1/outcomes", "e"),
    ("POST", "/v1/outcomes/ack", "e"),
    ("GET", "/v1/test/media-count", "mlqiea"),
];

fn role(letter: char) -> Role {
    match letter {
        'm' => Role::Moderator,
        'l' => Role::Lead,
        'q' => Role::Qa,
        'i' => Role::Ingest,
        'e' => Role::Effect,
        _ => Role::Admin,
    }
}

#[test]
fn roles_are_as_the_matrix_says() {
    let world = World::new();
    let listed: BTreeSet<_> = MATRIX.iter().map(|(m, p, _)| (*m, *p)).collect();
    let guarded = ROUTES
        .iter()
        .filter(|route| !matches!(route.access, Access::Everyone))
        .map(|route| (route.method.as_str(), route.path))
        .collect();
    assert_eq!(listed, guarded, "a route is missing in the matrix");
    for letter in "mlqiea".chars() {
        let person = world.person(&format!("u-{letter}"), &[role(letter)]);
        for (method, path, allowed) in MATRIX {
            let path = path.replace("{id}", "x").replace("{n}", "0");
            let answer = if *method == "GET" {
                // A claim header gets past the claim's own 403 to the unknown item's 404.
                person.get_with(&path, &[("Scrim-Claim", "c")])
            } else {
                person.post(&path, json!({"why": 1}))
            };
            let let_in = answer.status != 403;
            assert_eq!(let_in, allowed.contains(letter), "{letter} {method} {path}");
        }
    }
}

#[test]
fn without_a_good_token_nobody_is_let_in() {
    let world = World::new();
    let person = world.moderator("a");
    for (method, path, _) in MATRIX {
        let path = path.replace("{id}", "x").replace("{n}", "0");
        let url = format!("{}{path}", world.base);
        for token in ["", "Bearer ", "Bearer nonsense", "Basic x"] {
            let answer = if *method == "GET" {
                taken(agent().get(&url).header("Authorization", token).call())
            } else {
                taken(
                    agent()
                        .post(&url)
                        .header("Authorization", token)
                        .send_empty(),
                )
            };
            answer.refused(401, "signed_out");
        }
    }
    person.get("/v1/session").good();
    let id = ModeratorId::new("a").unwrap();
    let revoked = world
        .storage
        .revoke_tokens(&id, scrim_model::Timestamp(0))
        .unwrap();
    assert_eq!(revoked, 1);
    let slip = ModeratorId::new("A").unwrap();
    let refused = world
        .storage
        .revoke_tokens(&slip, scrim_model::Timestamp(0));
    assert!(matches!(refused, Err(ServerError::Unknown)));
    person.get("/v1/session").refused(401, "signed_out");
}

#[test]
fn the_session_tells_what_a_desk_must_know() {
    let world = World::new();
    let session = world
        .person("a", &[Role::Moderator, Role::Lead])
        .get("/v1/session")
        .good();
    assert_eq!(session["moderator_id"], "a");
    assert_eq!(session["environment"], "test");
    assert_eq!(
        (&session["lease_s"], &session["heartbeat_s"]),
        (&json!(300), &json!(60))
    );
    assert_eq!(session["server_time"], "2026-01-01T00:00:00.000Z");
    assert!(
        session["capabilities"]
            .as_array()
            .unwrap()
            .contains(&json!("idempotent_decisions"))
    );
}

#[test]
fn every_write_needs_a_key() {
    let world = World::new();
    for route in ROUTES.iter().filter(|route| route.method == Method::Post) {
        let person = world.person("all", &[role('m'), role('l'), role('i'), role('e')]);
        let url = format!("{}{}", world.base, route.path.replace("{id}", "x"));
        for key in [None, Some(""), Some("k".repeat(129).as_str())] {
            let mut request = agent()
                .post(&url)
                .header("Authorization", format!("Bearer {}", person.token));
            if let Some(key) = key {
                request = request.header("Idempotency-Key", key);
            }
            let body = taken(request.send("{}")).refused(422, "invalid");
            assert_eq!(body["path"], "Idempotency-Key", "{}", route.path);
        }
    }
}

#[test]
fn wrong_bodies_name_the_field_and_large_ones_are_refused() {
    let world = World::new();
    let person = world.moderator("a");
    let path = |answer: common::Answer| answer.refused(422, "invalid")["path"].clone();
    assert_eq!(
        path(person.post("/v1/claims", json!({"count": 0}))),
        "count"
    );
    assert_eq!(
        path(person.post("/v1/claims", json!({"count": 21}))),
        "count"
    );
    assert_eq!(
        path(person.post("/v1/claims", json!({"count": "x"}))),
        "count"
    );
    let unknown = json!({"count": 1, "queues": ["q", "none"]});
    assert_eq!(path(person.post("/v1/claims", unknown)), "queues[1]");
    assert_eq!(
        path(person.post("/v1/decisions", json!({"decisions": []}))),
        "decisions"
    );
    let wrong = json!({"decisions": [{"decision_id": "d", "item_id": 7}]});
    assert_eq!(
        path(person.post("/v1/decisions", wrong)),
        "decisions[0].item_id"
    );
    let large = json!({"count": 1, "languages": ["x".repeat(5 * 1024 * 1024)]});
    person.post("/v1/claims", large).refused(413, "too_large");
}

#[test]
fn wrong_types_and_sizes_are_refused_everywhere_with_the_field() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.person("a", &[role('m'), role('i'), role('e')]);
    let claim = person.claim(1).remove(0);
    let id = &claim["claim_id"];
    let good = common::decision("d", &claim, json!({}));
    let with = |changed: Value| {
        let mut decision = good.clone();
        for (name, value) in changed.as_object().unwrap() {
            decision[name] = value.clone();
        }
        json!({"decisions": [decision]})
    };
    let many = |count: usize, value: Value| Value::Array(vec![value; count]);
    let (claims, beat, release) = ("/v1/claims", "/v1/claims/heartbeat", "/v1/claims/release");
    let (decide, ask) = ("/v1/decisions", "/v1/items/i/consult");
    #[rustfmt::skip]
    let table = [
        (claims, json!({"count": -1}), "count"),
        (claims, json!({"count": 1.5}), "count"),
        (claims, json!({"count": 99_999_999_999_u64}), "count"),
        (claims, json!({}), "."),
        (claims, json!([]), "."),
        (claims, json!("text"), "."),
        (claims, json!({"count": 1, "severity_max": -1}), "severity_max"),
        (claims, json!({"count": 1, "severity_max": 256}), "severity_max"),
        (claims, json!({"count": 1, "severity_max": "x"}), "severity_max"),
        (claims, json!({"count": 1, "exclude_classes": "spam"}), "exclude_classes"),
        (claims, json!({"count": 1, "exclude_classes": [1]}), "exclude_classes[0]"),
        (claims, json!({"count": 1, "exclude_classes": many(1_001, json!("x"))}), "exclude_classes"),
        (claims, json!({"count": 1, "languages": many(1_001, json!("x"))}), "languages"),
        (claims, json!({"count": 1, "exclude_items": many(1_001, json!("x"))}), "exclude_items"),
        (claims, json!({"count": 1, "exclude_items": ["a b"]}), "exclude_items[0]"),
        (claims, json!({"count": 1, "queues": many(1_001, json!("q"))}), "queues"),
        (beat, json!({"claim_ids": []}), "claim_ids"),
        (beat, json!({"claim_ids": many(201, json!("c"))}), "claim_ids"),
        (beat, json!({"claim_ids": [-1]}), "claim_ids[0]"),
        (beat, json!({"claim_ids": ["x".repeat(129)]}), "claim_ids[0]"),
        (release, json!({"claim_ids": [id], "why": 7}), "why"),
        (release, json!({"claim_ids": [id], "why": "not_me", "aimed": "yes"}), "aimed"),
        (release, json!({"claim_ids": [id], "why": "hand_over", "draft": {"note": 1}}), "draft.note"),
        (decide, json!({"decisions": many(51, good.clone())}), "decisions"),
        (decide, with(json!({"severity": -1})), "decisions[0].severity"),
        (decide, with(json!({"severity": 300})), "decisions[0].severity"),
        (decide, with(json!({"handle_ms": -5})), "decisions[0].handle_ms"),
        (decide, with(json!({"skew_ms": 1e300})), "decisions[0].skew_ms"),
        (decide, with(json!({"decided_at": "yesterday"})), "decisions[0].decided_at"),
        (decide, with(json!({"media": [{"n": -1}]})), "decisions[0].media[0].n"),
        (ask, json!({"claim_id": id, "to": "lead", "question": "x"}), "to"),
        (ask, json!({"claim_id": id, "to": {"role": 1}, "question": "x"}), "to.role"),
        (ask, json!({"claim_id": -1, "to": {"role": "lead"}, "question": "x"}), "claim_id"),
        ("/v1/outcomes/ack", json!({"up_to": -1}), "up_to"),
        ("/v1/outcomes/ack", json!({"up_to": u64::MAX}), "up_to"),
        ("/v1/decisions/d/revert", json!({"reason": "x".repeat(2_001)}), "reason"),
        ("/v1/decisions/d/revert", json!({"reason": 5}), "reason"),
    ];
    for (path, body, field) in table {
        let shown = body.to_string();
        let refused = person.post(path, body).refused(422, "invalid");
        assert_eq!(
            refused["path"],
            field,
            "{path} {}",
            &shown[..shown.len().min(200)]
        );
    }
    // The extremes of what can be written are taken without a panic, and change no sum's sign.
    let edge = json!({"handle_ms": u64::MAX, "skew_ms": i64::MIN,
        "media": []});
    let row = person.post(decide, with(edge)).good()["results"][0].clone();
    assert_eq!(row["result"], "accepted", "{row}");
    let totals = person
        .get("/v1/session?day_from=2025-12-31T00:00:00Z")
        .good();
    assert!(totals["day_totals"]["rows"].as_array().unwrap().is_empty());
}

#[test]
fn unknown_addresses_and_methods_are_told_in_the_same_shape() {
    let world = World::new();
    let person = world.moderator("a");
    person.get("/v1/nothing").refused(404, "unknown");
    person.get("/v1/claims").refused(405, "unknown");
    person.get("/v1/items/none").refused(404, "unknown");
    person.get("/v1/items/a%20b").refused(404, "unknown");
    person
        .get("/v1/outcomes?since=x")
        .refused(403, "not_allowed");
    person.get("/v1/decisions?since=x").refused(422, "invalid");
}

#[test]
fn tags_spare_what_is_known_already() {
    let world = World::new();
    let person = world.moderator("a");
    for path in ["/v1/queues", "/v1/policies"] {
        let first = person.get(path);
        assert_eq!(first.status, 200);
        let tag = first.headers["etag"].clone();
        let again = person.get_with(path, &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        assert_eq!(again.headers["etag"], tag);
    }
    let tag = person.get("/v1/queues").headers["etag"].clone();
    world.put(json!({"id": "i"}));
    let changed = person
        .get_with("/v1/queues", &[("If-None-Match", &tag)])
        .good();
    assert_eq!(changed["queues"][0]["pending"], 1);
}

#[test]
fn the_document_and_the_router_hold_the_same_calls() {
    let world = World::new();
    let document = taken(
        agent()
            .get(format!("{}/v1/openapi.json", world.base))
            .call(),
    )
    .good();
    assert_eq!(document["openapi"], "3.1.0");
    let mut in_document = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            in_document.insert((method.to_uppercase(), path.clone()));
        }
    }
    let in_table: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.method.as_str().to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(in_document, in_table);
    // What the router says: each call of the document is answered, and each path refuses the
    // methods that the document does not have.
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let paths: BTreeSet<_> = in_document.iter().map(|(_, path)| path.clone()).collect();
    for path in paths {
        let url = format!(
            "{}{}",
            world.base,
            path.replace("{id}", "x").replace("{n}", "0")
        );
        for method in methods {
            let request = ureq::http::Request::builder()
                .method(method)
                .uri(&url)
                .body(())
                .unwrap();
            let is_there = taken(agent().run(request)).status != 405;
            let is_told = in_document.contains(&(method.to_owned(), path.clone()));
            assert_eq!(is_there, is_told, "{method} {path}");
        }
    }
}

#[test]
fn answers_fit_the_documents_schemas() {
    let world = World::new();
    world.put(json!({"id": "i", "texts": [{"id": "t", "body": "x"}]}));
    let person = world.moderator("a");
    let document = person.get("/v1/openapi.json").good();
    let claims = person.post("/v1/claims", json!({"count": 1})).good();
    for (name, answer) in [
        ("Session", person.get("/v1/session").good()),
        ("Queues", person.get("/v1/queues").good()),
        ("PolicyTree", person.get("/v1/policies").good()),
        ("ClaimsAnswer", claims),
        ("ItemState", person.get("/v1/items/i").good()),
        ("Consults", person.get("/v1/consults").good()),
        (
            "Exposure",
            world.person("l", &[role('l')]).get("/v1/exposure").good(),
        ),
        (
            "Samples",
            world
                .person("l", &[role('l')])
                .get("/v1/review-samples")
                .good(),
        ),
        (
            "TeamDays",
            world.person("l", &[role('l')]).get("/v1/team-days").good(),
        ),
        (
            "SafetyNotices",
            world
                .person("e", &[role('e')])
                .get("/v1/safety-notices")
                .good(),
        ),
        ("HeldDecisions", person.get("/v1/decisions").good()),
        ("ErrorBody", person.get("/v1/items/none").json()),
    ] {
        let schema = &document["components"]["schemas"][name];
        assert!(fits(&document, schema, &answer), "{name}: {answer}");
    }
}

/// As much of JSON Schema as the document uses.
fn fits(document: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return fits(document, document.pointer(pointer).unwrap(), value);
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(schemas) = schema[several].as_array() {
            return schemas.iter().any(|schema| fits(document, schema, value));
        }
    }
    match schema["type"].as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64(),
        Some("string") => value.is_string(),
        Some("array") => value
            .as_array()
            .is_some_and(|rows| rows.iter().all(|row| fits(document, &schema["items"], row))),
        Some("object") => {
            let required = schema["required"].as_array().unwrap();
            value.is_object()
                && required
                    .iter()
                    .all(|name| value.get(name.as_str().unwrap()).is_some())
                && schema["properties"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .all(|(name, schema)| {
                        value
                            .get(name)
                            .is_none_or(|inner| fits(document, schema, inner))
                    })
        }
        _ => true,
    }
}
