//! What is fed, withdrawn, and fetched.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::fresh;
use crate::{Answer, Ground, Held, Person};

fn bytes() -> Vec<u8> {
    (0..=255).cycle().take(1_000).collect()
}

fn picture(ground: &Ground, bytes: &[u8]) -> String {
    let media = json!([{"n": 0, "mime": "image/png"}]);
    ground.put_with(&json!({"kind": "image", "media": media}), &[bytes])
}

fn fetch(person: &Person, claim: &Value, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("Scrim-Claim", claim["claim_id"].as_str().unwrap())];
    headers.extend(more);
    let item = claim["item"]["id"].as_str().unwrap();
    person.get_with(&format!("/v1/items/{item}/media/0"), &headers)
}

pub(super) fn what_is_fed_is_hashed_and_retried(ground: &Ground) -> Held {
    let bytes = bytes();
    let item = ground.item(&json!({"kind": "image", "media": [{"n": 0, "mime": "image/png"}]}));
    let key = fresh();
    let first = ground.send_item(&key, &item, &[&bytes]).good();
    assert_eq!(ground.send_item(&key, &item, &[&bytes]).good(), first);
    ground
        .send_item(&key, &item, &[b"other"])
        .refused(422, "key_reused");
    ground
        .send_item(&fresh(), &item, &[b"other"])
        .refused(422, "invalid");
    let few = ground.item(&json!({"media": [{"n": 0}, {"n": 1}]}));
    let refused = ground.send_item(&fresh(), &few, &[b"one"]);
    assert_eq!(refused.wrong_field(), "item.media");
    let wrong = ground.item(&json!({"priority": "high"}));
    let refused = ground.send_item(&fresh(), &wrong, &[]);
    assert_eq!(refused.wrong_field(), "item.priority");
    let claims = ground.claim(&ground.one, 20);
    assert_eq!(claims.len(), 1, "one item, however often it came");
    let hex: String = Sha256::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let medium = &claims[0]["item"]["media"][0];
    assert_eq!(
        (&medium["bytes"], &medium["sha256"]),
        (&json!(1_000), &json!(hex))
    );
    Held::Yes
}

pub(super) fn what_is_withdrawn_is_gone(ground: &Ground) -> Held {
    let id = picture(ground, &bytes());
    let claim = ground.claim(&ground.one, 1).remove(0);
    let other = ground.put(&json!({"label": "A label of a sentence"}));
    for item in [&id, &other] {
        let path = format!("/v1/items/{item}/withdraw");
        ground.feed.post(&path, &json!({})).good();
    }
    assert_eq!(ground.one.beat(&claim)["lost"]["by_role"], "withdrawn");
    let late = ground.one.decide(&ground.decision(&claim, &json!({})));
    assert_eq!(
        (&late["result"], &late["outcome"]),
        (&json!("overtaken"), &json!("withdrawn"))
    );
    fetch(&ground.one, &claim, &[]).refused(404, "unknown");
    assert!(ground.claim(&ground.one, 20).is_empty());
    let left = ground.lead.get(&format!("/v1/items/{other}")).good();
    assert_eq!(left["state"], "withdrawn");
    assert!(!left.to_string().contains("A label of a sentence"));
    Held::Yes
}

pub(super) fn media_go_to_who_holds_the_claim(ground: &Ground) -> Held {
    let bytes = bytes();
    picture(ground, &bytes);
    let claim = ground.claim(&ground.one, 1).remove(0);
    let whole = fetch(&ground.one, &claim, &[]);
    assert_eq!((whole.status, &whole.bytes), (200, &bytes));
    assert_eq!(whole.headers["content-type"], "image/png");
    assert_eq!(whole.headers["content-length"], "1000");
    assert_eq!(whole.headers["cache-control"], "no-store");
    assert!(whole.headers["repr-digest"].starts_with("sha-256=:"));
    for person in [&ground.two, &ground.lead] {
        fetch(person, &claim, &[]).refused(403, "not_allowed");
    }
    let item = claim["item"]["id"].as_str().unwrap();
    let bare = ground.one.get(&format!("/v1/items/{item}/media/0"));
    bare.refused(403, "not_allowed");
    let header = [("Scrim-Claim", claim["claim_id"].as_str().unwrap())];
    let none = ground
        .one
        .get_with(&format!("/v1/items/{item}/media/1"), &header);
    none.refused(404, "unknown");
    ground.one.release(&claim, "returned");
    fetch(&ground.one, &claim, &[]).refused(409, "claim_lost");
    Held::Yes
}

pub(super) fn ranges_are_parts_of_the_whole(ground: &Ground) -> Held {
    let bytes = bytes();
    picture(ground, &bytes);
    let claim = ground.claim(&ground.one, 1).remove(0);
    let digest = fetch(&ground.one, &claim, &[]).headers["repr-digest"].clone();
    for (range, from, to) in [
        ("bytes=16-31", 16, 32),
        ("bytes=990-", 990, 1_000),
        ("bytes=-10", 990, 1_000),
    ] {
        let part = fetch(&ground.one, &claim, &[("Range", range)]);
        assert_eq!(
            (part.status, &part.bytes[..]),
            (206, &bytes[from..to]),
            "{range}"
        );
        let said = format!("bytes {from}-{}/1000", to - 1);
        assert_eq!(part.headers["content-range"], said);
        assert_eq!(part.headers["repr-digest"], digest, "of the whole");
    }
    let beyond = fetch(&ground.one, &claim, &[("Range", "bytes=1000-")]);
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.headers["content-range"], "bytes */1000");
    Held::Yes
}
