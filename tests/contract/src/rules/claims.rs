//! Who holds which item until when.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::client::fresh;
use crate::{Ground, Held};

fn ids(claims: &[Value]) -> Vec<String> {
    let id = |claim: &Value| claim["item"]["id"].as_str().unwrap().to_owned();
    claims.iter().map(id).collect()
}

pub(super) fn an_item_is_handed_to_one(ground: &Ground) -> Held {
    const ITEMS: usize = 60;
    for _ in 0..ITEMS {
        ground.put(&json!({}));
    }
    let handed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for person in [&ground.one, &ground.two, &ground.lead] {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let claims = ground.claim(person, 3);
                        if claims.is_empty() {
                            return;
                        }
                        handed.lock().unwrap().extend(ids(&claims));
                    }
                });
            }
        }
    });
    let handed = handed.into_inner().unwrap();
    assert_eq!(handed.len(), ITEMS);
    assert_eq!(handed.iter().collect::<BTreeSet<_>>().len(), ITEMS);
    Held::Yes
}

pub(super) fn one_key_at_the_same_time_claims_once(ground: &Ground) -> Held {
    for _ in 0..20 {
        ground.put(&json!({}));
    }
    let (key, body) = (fresh(), json!({"count": 2, "queues": [ground.queue]}));
    let answers: Vec<Vec<String>> = std::thread::scope(|scope| {
        let ask = || {
            let answer = ground.one.post_keyed("/v1/claims", &key, &body);
            // Beside the first one a server may ask for patience, with the same key.
            (answer.status == 200).then(|| ids(&answer.rows("claims")))
        };
        let calls: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        calls
            .into_iter()
            .filter_map(|call| call.join().unwrap())
            .collect()
    });
    assert!(!answers.is_empty());
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(ground.claim(&ground.two, 20).len(), 18);
    Held::Yes
}

pub(super) fn the_most_urgent_comes_first(ground: &Ground) -> Held {
    let late = ground.put(&json!({"priority": 3, "due_at": "2030-01-02T00:00:00Z"}));
    let soon = ground.put(&json!({"priority": 3, "due_at": "2030-01-01T00:00:00Z"}));
    let low = ground.put(&json!({"priority": 4}));
    let urgent = ground.put(&json!({"priority": 1}));
    assert_eq!(
        ids(&ground.claim(&ground.one, 20)),
        [urgent, soon, late, low]
    );
    Held::Yes
}

pub(super) fn filters_hold(ground: &Ground) -> Held {
    ground.put(&json!({"severity_hint": 4}));
    ground.put(&json!({"classes": ["contract-class"]}));
    ground.put(&json!({"texts": [{"id": "t", "lang": "fr", "body": "Une phrase."}]}));
    let held = ground.put(&json!({}));
    let filtered = json!({"count": 20, "severity_max": 3, "exclude_classes": ["contract-class"],
        "languages": ["en"], "exclude_items": [held]});
    assert_eq!(ids(&ground.claim_with(&ground.one, &filtered)), [""; 0]);
    assert_eq!(ground.claim(&ground.one, 20).len(), 4, "for one call only");
    Held::Yes
}

pub(super) fn a_fence_grows_with_each_claim(ground: &Ground) -> Held {
    let mut last = None;
    let id = ground.put(&json!({}));
    for person in [&ground.one, &ground.two, &ground.one] {
        let claim = ground.claim(person, 1).remove(0);
        assert_eq!(claim["item"]["id"], id.as_str());
        let fence = claim["fence"].as_u64();
        assert!(fence > last, "{fence:?} after {last:?}");
        last = fence;
        person.release(&claim, "returned");
    }
    Held::Yes
}

pub(super) fn a_heartbeat_keeps_a_claim_and_tells_of_a_lost_one(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let kept = ground.one.beat(&claim);
    let until = |value: &Value| value["expires_at"].as_str().map(str::to_owned);
    assert!(until(&kept) >= until(&claim), "{kept}");
    assert!(kept["lost"].is_null(), "{kept}");
    ground.one.release(&claim, "returned");
    assert!(ground.one.beat(&claim)["lost"]["by_role"].is_string());
    let none = json!({"claim_id": "no-such-claim"});
    assert!(ground.one.beat(&none)["lost"]["by_role"].is_string());
    Held::Yes
}

pub(super) fn given_back_it_comes_again(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    assert!(ground.claim(&ground.two, 20).is_empty());
    ground.one.release(&claim, "returned");
    // Again is not an error: the claim is not held any more.
    ground.one.release(&claim, "returned");
    assert_eq!(ids(&ground.claim(&ground.two, 20)).len(), 1);
    Held::Yes
}

pub(super) fn not_me_comes_back_to_others_alone(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    ground.one.release(&claim, "not_me");
    assert!(ground.claim(&ground.one, 20).is_empty());
    assert_eq!(ground.claim(&ground.two, 20).len(), 1);
    Held::Yes
}

pub(super) fn handed_over_with_what_was_made(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let draft = json!({"note": "Half of a sentence", "severity": 2, "unsure": true});
    let body = json!({"claim_ids": [claim["claim_id"]], "why": "hand_over", "draft": draft});
    ground.one.post("/v1/claims/release", &body).good();
    let next = ground.claim(&ground.two, 20).remove(0);
    for field in ["note", "severity", "unsure"] {
        assert_eq!(next["draft"][field], draft[field], "{field}");
    }
    Held::Yes
}

pub(super) fn a_stranger_can_neither_keep_nor_release(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    assert!(ground.two.beat(&claim)["lost"].is_object());
    ground.two.release(&claim, "not_me");
    assert!(ground.claim(&ground.two, 20).is_empty());
    assert!(
        ground.one.beat(&claim)["lost"].is_null(),
        "it is held as before"
    );
    Held::Yes
}

pub(super) fn after_the_lease_the_item_goes_to_the_next(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let item = claim["item"]["id"].as_str().unwrap();
    let next = match ground.claim_after_the_lease(&ground.lead, item) {
        Ok(next) => next,
        Err(why) => return Held::NotAsked(why),
    };
    assert!(next["fence"].as_u64() > claim["fence"].as_u64());
    let lost = ground.one.beat(&claim);
    assert_eq!(lost["lost"]["by_role"], "lead", "{lost}");
    assert!(lost["lost"]["at"].is_string());
    Held::Yes
}
