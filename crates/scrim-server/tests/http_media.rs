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
    parts_with(item, media, &[], boundary)
}

fn parts_with(item: &Value, media: &[&[u8]], covers: &[(usize, &[u8])], boundary: &str) -> Vec<u8> {
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
    for (n, bytes) in covers {
        part(&format!("cover-{n}"), bytes);
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

#[test]
fn a_smaller_version_is_served_where_one_was_filed() {
    let world = World::new();
    let (feed, person) = (world.person("feed", &[Role::Ingest]), world.moderator("a"));
    let item = json!({"queue_id": "q", "item": {"id": "i", "kind": "image", "media": [
        {"n": 0, "mime": "image/png"}, {"n": 1, "cover": {"bytes": 9}}]}});
    let filed = |covers: &[(usize, &[u8])]| parts_with(&item, &[b"abcdef", b"whole"], covers, "b");
    send(&feed, "k", "b", &filed(&[(0, b"abc")])).good();
    // Another smaller version is another request.
    send(&feed, "k", "b", &filed(&[(0, b"abd")])).refused(422, "key_reused");
    send(&feed, "k2", "b", &filed(&[(0, b"abd")])).refused(422, "invalid");
    send(&feed, "k3", "b", &filed(&[(2, b"abc")])).refused(422, "invalid");
    let large = vec![0; 512 * 1024 + 1];
    send(&feed, "k4", "b", &filed(&[(0, &large)])).refused(413, "too_large");

    let session = person.get("/v1/session").good();
    let can = session["capabilities"].as_array().unwrap();
    assert!(can.contains(&json!("sized_media")));
    let claim = person.claim(1).remove(0);
    let media = &claim["item"]["media"];
    assert_eq!(media[0]["cover"]["bytes"], 3);
    assert!(media[1].get("cover").is_none(), "none was filed: {media}");
    let header = [("Scrim-Claim", claim["claim_id"].as_str().unwrap())];
    let get = |path: &str| person.get_with(&format!("/v1/items/i/media/{path}"), &header);
    let small = get("0?size=cover");
    assert_eq!((small.status, &small.bytes[..]), (200, &b"abc"[..]));
    let digest = base64::engine::general_purpose::STANDARD.encode(sha256(b"abc"));
    assert_eq!(
        small.headers["repr-digest"],
        format!("sha-256=:{digest}:").as_str()
    );
    let hex: String = sha256(b"abc").iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(media[0]["cover"]["sha256"], json!(hex));
    for size in ["?size=full", "?size=fit", ""] {
        assert_eq!(get(&format!("0{size}")).bytes, b"abcdef");
    }
    get("1?size=cover").refused(404, "unknown");
    get("0?size=huge").refused(422, "invalid");
    let count = person.get("/v1/test/media-count").good();
    assert_eq!((&count["served"], &count["covers"]), (&json!(3), &json!(1)));
    world
        .moderator("b")
        .get_with("/v1/items/i/media/0?size=cover", &header)
        .refused(403, "not_allowed");
    feed.post("/v1/items/i/withdraw", json!({})).good();
    get("0?size=cover").refused(404, "unknown");
}
