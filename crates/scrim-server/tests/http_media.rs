//! Media and ingest over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use base64::Engine;
use common::{Answer, Person, World, agent, taken};
use scrim_model::{Environment, Role};
use scrim_server::auth::sha256;
use serde_json::{Value, json};

fn with_picture(world: &World) -> Vec<u8> {
    let bytes: Vec<u8> = (0..=255).collect();
    let media = json!([{"n": 0, "mime": "image/png"}]);
    world.put_with(
        json!({"id": "i", "kind": "image", "media": media}),
        vec![bytes.clone()],
    );
    bytes
}

fn fetch(person: &Person<'_>, claim: &Value, range: Option<&str>) -> Answer {
    let claim = claim["claim_id"].as_str().unwrap();
    let mut headers = vec![("Scrim-Claim", claim)];
    headers.extend(range.map(|range| ("Range", range)));
    person.get_with("/v1/items/i/media/0", &headers)
}

#[test]
fn the_claim_holder_gets_the_bytes_with_their_digest() {
    let world = World::new();
    let bytes = with_picture(&world);
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    let answer = fetch(&person, &claim, None);
    assert_eq!((answer.status, &answer.bytes), (200, &bytes));
    let digest = base64::engine::general_purpose::STANDARD.encode(sha256(&bytes));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-length", "256"),
        ("cache-control", "no-store"),
        ("repr-digest", &format!("sha-256=:{digest}:")),
    ] {
        assert_eq!(answer.headers[name], value);
    }
    assert_eq!(claim["item"]["media"][0]["bytes"], 256);
    let hex: String = sha256(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(claim["item"]["media"][0]["sha256"], json!(hex));
}

#[test]
fn ranges_are_served_and_counted() {
    let world = World::new();
    let bytes = with_picture(&world);
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    let part = fetch(&person, &claim, Some("bytes=16-31"));
    assert_eq!((part.status, &part.bytes[..]), (206, &bytes[16..32]));
    assert_eq!(part.headers["content-range"], "bytes 16-31/256");
    assert!(part.headers["repr-digest"].starts_with("sha-256=:"));
    let beyond = fetch(&person, &claim, Some("bytes=256-"));
    beyond.refused(416, "invalid");
    assert_eq!(beyond.headers["content-range"], "bytes */256");
    assert_eq!(person.get("/v1/test/media-count").good()["served"], 1);
}

#[test]
fn nobody_else_gets_them_and_nobody_after_the_claim() {
    let world = World::new();
    with_picture(&world);
    let (person, other) = (world.moderator("a"), world.person("l", &[Role::Lead]));
    let claim = person.claim(1).remove(0);
    fetch(&other, &claim, None).refused(403, "not_allowed");
    person
        .get("/v1/items/i/media/0")
        .refused(403, "not_allowed");
    let header = [("Scrim-Claim", claim["claim_id"].as_str().unwrap())];
    person
        .get_with("/v1/items/i/media/1", &header)
        .refused(404, "unknown");
    person
        .get_with("/v1/items/j/media/0", &header)
        .refused(404, "unknown");
    world.clock.later_s(300);
    fetch(&person, &claim, None).refused(409, "claim_lost");
    let feed = world.person("feed", &[Role::Ingest]);
    feed.post("/v1/items/i/withdraw", json!({})).good();
    fetch(&person, &claim, None).refused(404, "unknown");
    assert_eq!(person.get("/v1/test/media-count").good()["served"], 0);
}

#[test]
fn the_count_exists_in_test_environments_only() {
    let world = World::of(Environment::Training);
    world
        .moderator("a")
        .get("/v1/test/media-count")
        .refused(404, "unknown");
}

fn parts(item: &Value, media: &[&[u8]], boundary: &str) -> Vec<u8> {
    let mut body = Vec::new();
    let mut part = |name: &str, bytes: &[u8]| {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    part("item", item.to_string().as_bytes());
    for (n, bytes) in media.iter().enumerate() {
        part(&format!("media-{n}"), bytes);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

fn send(feed: &Person<'_>, key: &str, boundary: &str, body: &[u8]) -> Answer {
    taken(
        agent()
            .post(format!("{}/v1/items", feed.world.base))
            .header("Authorization", format!("Bearer {}", feed.token))
            .header("Idempotency-Key", key)
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={boundary}"),
            )
            .send(body),
    )
}

#[test]
fn a_platform_feeds_the_queue() {
    let world = World::new();
    let (feed, person) = (world.person("feed", &[Role::Ingest]), world.moderator("a"));
    let item = json!({"queue_id": "q", "item": {"id": "i", "kind": "image", "media": [{"n": 0}, {"n": 1}]}});
    let sent = send(&feed, "k", "one", &parts(&item, &[b"abc", b"defg"], "one")).good();
    assert_eq!(sent, json!({"item_id": "i"}));
    // A retry has another boundary and is the same request; other bytes are not.
    send(&feed, "k", "two", &parts(&item, &[b"abc", b"defg"], "two")).good();
    send(&feed, "k", "one", &parts(&item, &[b"abc", b"xxxx"], "one")).refused(422, "key_reused");
    send(&feed, "k2", "one", &parts(&item, &[b"abc", b"xxxx"], "one")).refused(422, "invalid");
    let short = send(&feed, "k3", "one", &parts(&item, &[b"abc"], "one")).refused(422, "invalid");
    assert_eq!(short["path"], "item.media");
    let mut bad = item.clone();
    bad["item"]["priority"] = json!("high");
    let bad =
        send(&feed, "k4", "one", &parts(&bad, &[b"abc", b"d"], "one")).refused(422, "invalid");
    assert_eq!(bad["path"], "item.priority");
    let claim = person.claim(5).remove(0);
    assert_eq!(claim["item"]["media"][1]["bytes"], 4);
    assert_eq!(fetch(&person, &claim, None).bytes, b"abc");
}
