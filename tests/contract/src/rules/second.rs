//! A second pair of eyes.

use serde_json::json;

use crate::{Ground, Held};

pub(super) fn a_second_person_makes_it_final(ground: &Ground) -> Held {
    let Some(policy) = ground.second_review() else {
        return Held::NotAsked("no policy needs a second review and nothing else".into());
    };
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let item = claim["item"]["id"].as_str().unwrap();
    let grave = json!({"policy_ids": [policy], "severity": 3, "actions": [{"kind": "remove"}]});
    let first = ground.one.decide(&ground.decision(&claim, &grave));
    assert_eq!(first["result"], "awaiting_second");
    assert!(first["receipt"].is_string());
    assert_eq!(ground.state(item), "awaiting_second");
    let only = ground.outcomes(item);
    assert_eq!(only.len(), 1);
    assert_eq!(only[0].2, "restrict", "an interim restriction and no more");
    assert!(
        ground.claim(&ground.one, 20).is_empty(),
        "not to the first person"
    );
    let next = ground.claim(&ground.two, 20).remove(0);
    let said = next.to_string();
    let first_id = first["decision_id"].as_str().unwrap();
    assert!(
        !said.contains(first_id),
        "blind: the first decision is not shown"
    );
    let second = ground.two.decide(&ground.decision(&next, &grave));
    assert_eq!(second["result"], "accepted");
    assert_eq!(ground.state(item), "decided");
    let path = format!("/v1/decisions/{first_id}/revert");
    ground.one.post(&path, &json!({})).refused(409, "too_late");
    Held::Yes
}

pub(super) fn an_appeal_never_goes_to_who_decided_first(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let decision = ground.decision(&claim, &json!({"actions": [{"kind": "remove"}]}));
    ground.one.decide(&decision);
    let appeal = json!({"id": "appeal", "decision_id": decision["decision_id"]});
    ground.put(&json!({"appeal": appeal}));
    assert!(ground.claim(&ground.one, 20).is_empty());
    assert_eq!(ground.claim(&ground.two, 20).len(), 1);
    Held::Yes
}

pub(super) fn a_drawn_decision_is_reviewed_blind_and_without_effect(ground: &Ground) -> Held {
    let session = || ground.lead.get("/v1/session").good();
    let day = || session()["server_time"].as_str().unwrap()[..10].to_owned();
    let offered = session()["capabilities"].clone();
    if !offered
        .as_array()
        .unwrap()
        .contains(&json!("second_review"))
    {
        return Held::NotAsked("the server does not offer second_review".into());
    }
    let from = day();
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let item = claim["item"]["id"].as_str().unwrap();
    let changed = json!({"actions": [{"kind": "remove"}], "reason": "contract-first-words"});
    let first = ground.decision(&claim, &changed);
    assert_eq!(ground.one.decide(&first)["result"], "accepted");
    let told = ground.outcomes(item).len();
    let body = json!({"size": 500, "drawing": "random", "from": from, "to": day(),
        "queues": [ground.queue]});
    let path = "/v1/review-samples";
    ground.one.post(path, &body).refused(403, "not_allowed");
    let sample = ground.lead.post(path, &body).good();
    assert_eq!(
        sample["size"], 1,
        "what was decided in this queue and stands"
    );
    assert!(
        ground.claim(&ground.one, 20).is_empty(),
        "not to who decided first"
    );
    let review = ground.claim(&ground.two, 20).remove(0);
    assert_eq!(review["item"]["id"], item);
    let state = ground.two.get(&format!("/v1/items/{item}")).good();
    assert_eq!(state["decisions"], json!([]), "blind");
    for said in [review.to_string(), state.to_string()] {
        assert!(!said.contains(first["decision_id"].as_str().unwrap()));
        assert!(!said.contains("contract-first-words"));
    }
    let otherwise = json!({"actions": [{"kind": "allow"}], "policy_ids": []});
    let kept = ground.two.decide(&ground.decision(&review, &otherwise));
    assert_eq!(kept["result"], "accepted");
    assert_eq!(ground.state(item), "decided");
    assert_eq!(ground.outcomes(item).len(), told, "nothing to carry out");
    let rows = ground.lead.get(path).rows("samples");
    let row = rows.iter().find(|row| row["id"] == sample["id"]).unwrap();
    assert_eq!((&row["done"], &row["differ"]), (&json!(1), &json!(1)));
    Held::Yes
}
