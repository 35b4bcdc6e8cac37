//! What holds for every call: tokens, keys, bodies, tags.

use serde_json::json;

use crate::client::fresh;
use crate::{Ground, Held};

pub(super) fn without_a_good_token_nobody_is_let_in(ground: &Ground) -> Held {
    let reads = [
        "/v1/session",
        "/v1/queues",
        "/v1/policies",
        "/v1/decisions",
        "/v1/outcomes",
    ];
    for token in ["", "not-a-token"] {
        let nobody = ground.one.with_token(token);
        for path in reads {
            nobody.get(path).refused(401, "signed_out");
        }
        let body = json!({"count": 1});
        let claim = nobody.post("/v1/claims", &body);
        claim.refused(401, "signed_out");
    }
    Held::Yes
}

pub(super) fn every_write_needs_a_key(ground: &Ground) -> Held {
    let writes = [
        "/v1/claims",
        "/v1/claims/heartbeat",
        "/v1/claims/release",
        "/v1/decisions",
        "/v1/decisions/x/revert",
        "/v1/items/x/consult",
    ];
    for path in writes {
        for key in [String::new(), "k".repeat(129)] {
            let field = ground.one.post_keyed(path, &key, &json!({})).wrong_field();
            assert_eq!(field.to_ascii_lowercase(), "idempotency-key", "{path}");
        }
    }
    Held::Yes
}

pub(super) fn the_same_key_and_body_give_the_first_answer(ground: &Ground) -> Held {
    for _ in 0..3 {
        ground.put(&json!({}));
    }
    let (key, body) = (fresh(), json!({"count": 2, "queues": [ground.queue]}));
    let first = ground
        .one
        .post_keyed("/v1/claims", &key, &body)
        .rows("claims");
    assert_eq!(first.len(), 2);
    let again = ground
        .one
        .post_keyed("/v1/claims", &key, &body)
        .rows("claims");
    assert_eq!(again, first);
    assert_eq!(
        ground.claim(&ground.one, 20).len(),
        1,
        "nothing was claimed twice"
    );
    // Keys belong to one person.
    let theirs = ground
        .two
        .post_keyed("/v1/claims", &key, &body)
        .rows("claims");
    assert!(theirs.is_empty());
    let why = json!({"claim_ids": [first[0]["claim_id"]], "why": "returned"});
    let key = fresh();
    for _ in 0..2 {
        let released = ground.one.post_keyed("/v1/claims/release", &key, &why);
        released.good();
    }
    assert_eq!(ground.claim(&ground.two, 20).len(), 1);
    Held::Yes
}

pub(super) fn the_same_key_with_another_body_is_refused(ground: &Ground) -> Held {
    ground.put(&json!({}));
    let key = fresh();
    let body = json!({"count": 1, "queues": [ground.queue]});
    ground.one.post_keyed("/v1/claims", &key, &body).good();
    let other = json!({"count": 2, "queues": [ground.queue]});
    let refused = ground.one.post_keyed("/v1/claims", &key, &other);
    refused.refused(422, "key_reused");
    ground.one.post_keyed("/v1/claims", &key, &body).good();
    Held::Yes
}

pub(super) fn unknown_fields_are_passed_over(ground: &Ground) -> Held {
    let id = ground.put(&json!({"novel": {"deep": [1, null]}, "kind": "hologram"}));
    let claims = ground.claim_with(&ground.one, &json!({"count": 1, "novel": [true]}));
    assert_eq!(claims[0]["item"]["id"], id.as_str());
    assert_eq!(
        claims[0]["item"]["kind"], "hologram",
        "unknown kinds are kept"
    );
    let decision = ground.decision(&claims[0], &json!({"novel": 1}));
    assert_eq!(ground.one.decide(&decision)["result"], "accepted");
    Held::Yes
}

pub(super) fn a_wrong_field_is_named(ground: &Ground) -> Held {
    let many = |count: usize| vec![json!("x"); count];
    for (path, body, field) in [
        ("/v1/claims", json!({"count": 0}), "count"),
        ("/v1/claims", json!({"count": 21}), "count"),
        ("/v1/claims", json!({"count": "three"}), "count"),
        (
            "/v1/claims",
            json!({"count": 1, "queues": ["no-such-queue"]}),
            "queues[0]",
        ),
        (
            "/v1/claims/heartbeat",
            json!({"claim_ids": []}),
            "claim_ids",
        ),
        (
            "/v1/claims/heartbeat",
            json!({"claim_ids": [7]}),
            "claim_ids[0]",
        ),
        (
            "/v1/claims/release",
            json!({"claim_ids": ["c"], "why": 7}),
            "why",
        ),
        (
            "/v1/claims/release",
            json!({"claim_ids": ["c"], "why": "whim"}),
            "why",
        ),
        ("/v1/decisions", json!({"decisions": []}), "decisions"),
        (
            "/v1/decisions",
            json!({"decisions": [{"decision_id": 7}]}),
            "decisions[0].decision_id",
        ),
    ] {
        let answer = ground.one.post(path, &body);
        assert_eq!(answer.wrong_field(), field, "{path} {body}");
        let said = String::from_utf8_lossy(&answer.bytes).into_owned();
        assert!(!said.contains("whim"), "an error repeats no value: {said}");
    }
    let unread = ground
        .one
        .post_bytes("/v1/claims", &fresh(), "application/json", b"{\"count\"");
    unread.refused(422, "invalid");
    let body = json!({"count": 1, "exclude_items": many(100_000)});
    let answer = ground.one.post("/v1/claims", &body);
    assert!(matches!(answer.status, 413 | 422), "lists have an end");
    Held::Yes
}

pub(super) fn too_large_bodies_are_refused(ground: &Ground) -> Held {
    let limits = &ground.one.get("/v1/session").good()["limits"];
    let Some(bytes_max) = limits["json_bytes_max"].as_u64() else {
        return Held::NotAsked("the session names no json_bytes_max".into());
    };
    let body =
        json!({"count": 1, "languages": ["x".repeat(usize::try_from(bytes_max).unwrap() + 1)]});
    ground
        .one
        .post("/v1/claims", &body)
        .refused(413, "too_large");
    Held::Yes
}

pub(super) fn what_has_not_changed_is_not_sent_again(ground: &Ground) -> Held {
    for path in ["/v1/policies", "/v1/queues"] {
        let first = ground.one.get(path);
        first.good();
        let tag = first
            .headers
            .get("etag")
            .unwrap_or_else(|| panic!("{path} has no ETag"));
        let again = ground.one.get_with(path, &[("If-None-Match", tag)]);
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{path}");
        let other = ground
            .one
            .get_with(path, &[("If-None-Match", "\"another\"")]);
        assert_eq!(other.status, 200, "{path}");
    }
    // A queue that has one more item is another one.
    let before = ground.one.get("/v1/queues").headers["etag"].clone();
    ground.put(&json!({}));
    let after = ground
        .one
        .get_with("/v1/queues", &[("If-None-Match", &before)]);
    assert_eq!(after.status, 200);
    Held::Yes
}

pub(super) fn the_session_says_what_a_desk_must_know(ground: &Ground) -> Held {
    let session = ground.one.get("/v1/session").good();
    for field in ["moderator_id", "display_name", "server_time", "environment"] {
        assert!(session[field].is_string(), "{field}: {session}");
    }
    assert!(
        session["server_time"].as_str().unwrap().ends_with('Z'),
        "UTC"
    );
    let environments = ["production", "test", "training"];
    assert!(
        environments
            .iter()
            .any(|one| session["environment"] == *one)
    );
    let (lease_s, heartbeat_s) = (&session["lease_s"], &session["heartbeat_s"]);
    assert!(heartbeat_s.as_u64().unwrap() <= lease_s.as_u64().unwrap());
    let capabilities = session["capabilities"].as_array().unwrap();
    for needed in ["lease", "fence", "heartbeat", "idempotent_decisions"] {
        assert!(capabilities.contains(&json!(needed)), "{needed}");
    }
    assert!(
        session["roles"]
            .as_array()
            .unwrap()
            .contains(&json!("moderator"))
    );
    Held::Yes
}

pub(super) fn the_document_names_every_call(ground: &Ground) -> Held {
    let document = ground.one.with_token("").get("/v1/openapi.json").good();
    let version = document["openapi"].as_str().unwrap_or_default();
    assert!(version.starts_with("3.1"), "{version}");
    for (path, method) in [
        ("/v1/session", "get"),
        ("/v1/queues", "get"),
        ("/v1/policies", "get"),
        ("/v1/claims", "post"),
        ("/v1/claims/heartbeat", "post"),
        ("/v1/claims/release", "post"),
        ("/v1/decisions", "post"),
        ("/v1/decisions", "get"),
        ("/v1/decisions/{id}/revert", "post"),
        ("/v1/exposure", "get"),
        ("/v1/items/{id}", "get"),
        ("/v1/items/{id}/media/{n}", "get"),
        ("/v1/items/{id}/consult", "post"),
        ("/v1/items", "post"),
        ("/v1/items/{id}/withdraw", "post"),
        ("/v1/outcomes", "get"),
        ("/v1/outcomes/ack", "post"),
    ] {
        assert!(
            document["paths"][path][method].is_object(),
            "{method} {path}"
        );
    }
    Held::Yes
}

pub(super) fn an_unknown_thing_is_404(ground: &Ground) -> Held {
    ground.one.get("/v1/items/none").refused(404, "unknown");
    let body = json!({"reason": ""});
    ground
        .one
        .post("/v1/decisions/none/revert", &body)
        .refused(404, "unknown");
    ground
        .feed
        .post("/v1/items/none/withdraw", &json!({}))
        .refused(404, "unknown");
    ground.one.get("/v1/no-such-call").refused(404, "unknown");
    Held::Yes
}
