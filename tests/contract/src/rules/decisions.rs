//! Decisions, their receipts, reverts, and what the platform is told.

use serde_json::{Value, json};

use crate::client::fresh;
use crate::{Ground, Held};

fn item_of(claim: &Value) -> &str {
    claim["item"]["id"].as_str().unwrap()
}

fn row(what: &str, decision: &Value, action: &str) -> (String, String, String) {
    let id = decision["decision_id"].as_str().unwrap();
    (what.to_owned(), id.to_owned(), action.to_owned())
}

pub(super) fn accepted_once_and_duplicate_ever_after(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let decision = ground.decision(&claim, &json!({}));
    let first = ground.one.decide(&decision);
    assert_eq!(first["result"], "accepted");
    assert!(first["receipt"].is_string() && first["at"].is_string());
    // Under the decision's own key the first answer comes again, under another one it is known.
    let body = json!({"decisions": [decision]});
    let key = decision["decision_id"].as_str().unwrap();
    for key in [key, key, &fresh()] {
        let again = ground
            .one
            .post_keyed("/v1/decisions", key, &body)
            .rows("results");
        assert_eq!(again[0]["result"], "duplicate");
        assert_eq!(again[0]["receipt"], first["receipt"]);
    }
    assert_eq!(ground.state(item_of(&claim)), "decided");
    assert_eq!(
        ground.outcomes(item_of(&claim)),
        [row("decision", &decision, "allow")]
    );
    assert!(
        ground.one.beat(&claim)["lost"].is_object(),
        "the claim is used up"
    );
    Held::Yes
}

pub(super) fn one_id_has_one_content(ground: &Ground) -> Held {
    let claims = ground.claimed(&ground.one, 2);
    let decision = ground.decision(&claims[0], &json!({}));
    ground.one.decide(&decision);
    for changed in [
        json!({"severity": 2}),
        json!({"actions": [{"kind": "remove"}]}),
        json!({"item_id": claims[1]["item"]["id"], "claim_id": claims[1]["claim_id"], "fence": claims[1]["fence"]}),
    ] {
        let mut other = decision.clone();
        for (name, value) in changed.as_object().unwrap() {
            other[name] = value.clone();
        }
        let refused = ground.one.decide(&other);
        assert_eq!(
            (&refused["result"], &refused["code"]),
            (&json!("rejected"), &json!("id_reused"))
        );
    }
    assert_eq!(ground.outcomes(item_of(&claims[0])).len(), 1);
    assert!(ground.outcomes(item_of(&claims[1])).is_empty());
    Held::Yes
}

pub(super) fn partial_success_is_normal(ground: &Ground) -> Held {
    let claims = ground.claimed(&ground.one, 2);
    let good = ground.decision(&claims[1], &json!({}));
    let body = json!({"decisions": [
        ground.decision(&claims[0], &json!({"item_id": "no-such-item"})),
        good,
        ground.decision(&claims[0], &json!({"actions": [{"kind": "age_gate"}]})),
        good,
    ]});
    let rows = ground.one.post("/v1/decisions", &body).rows("results");
    assert_eq!(rows[0]["code"], "unknown_item");
    assert_eq!(rows[1]["result"], "accepted");
    assert_eq!(rows[2]["path"], "actions[0].kind");
    assert_eq!(rows[3]["result"], "duplicate");
    let many = vec![good; 51];
    let refused = ground
        .one
        .post("/v1/decisions", &json!({"decisions": many}));
    assert_eq!(refused.wrong_field(), "decisions");
    Held::Yes
}

/// Two calls with the same decision can be on the road at once; whichever comes second must not be
/// judged by what has changed meanwhile.
pub(super) fn the_first_word_on_a_decision_stands_in_every_call(ground: &Ground) -> Held {
    let session = ground.one.get("/v1/session").good();
    let capabilities = session["capabilities"].as_array().unwrap();
    if !capabilities.contains(&json!("batch")) {
        return Held::NotAsked("the session does not offer `batch`".into());
    }
    let claims = ground.claimed(&ground.one, 2);
    let first = ground.decision(&claims[0], &json!({}));
    let corrected = ground.decision(
        &claims[0],
        &json!({"actions": [{"kind": "restrict"}], "supersedes": first["decision_id"]}),
    );
    let other = ground.decision(&claims[1], &json!({}));
    let own_key = corrected["decision_id"].as_str().unwrap();
    let alone = json!({"decisions": [corrected]});
    let many = json!({"decisions": [corrected, other]});
    let said = |key: &str, body: &Value| {
        let rows = ground.one.post_keyed("/v1/decisions", key, body);
        rows.rows("results").remove(0)
    };
    let refused = said(own_key, &alone);
    assert_eq!(refused["code"], "nothing_to_correct");
    assert_eq!(ground.one.decide(&first)["result"], "accepted");
    // Now it could be taken; but the desk was told that it is not, and went on from there.
    assert_eq!(said(&fresh(), &many), refused);
    assert_eq!(said(own_key, &alone), refused);
    // A person has it tried again.
    let again = fresh();
    let taken = said(&again, &alone);
    assert_eq!(taken["result"], "accepted");
    let late = said(&fresh(), &many);
    assert_eq!(
        (&late["result"], &late["receipt"]),
        (&json!("duplicate"), &taken["receipt"])
    );
    assert_eq!(said(own_key, &alone), refused);
    assert_eq!(ground.outcomes(item_of(&claims[0])).len(), 3);
    assert_eq!(ground.outcomes(item_of(&claims[1])).len(), 1);
    Held::Yes
}

pub(super) fn only_the_own_claim_with_its_fence_counts(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let stolen = ground.two.decide(&ground.decision(&claim, &json!({})));
    assert_eq!(stolen["code"], "not_your_claim");
    let fence = claim["fence"].as_u64().unwrap();
    for wrong in [fence + 1, fence.wrapping_sub(1) % 1_000] {
        let changed = json!({"fence": wrong});
        let refused = ground.one.decide(&ground.decision(&claim, &changed));
        assert_eq!(refused["code"], "wrong_fence");
    }
    assert!(ground.outcomes(item_of(&claim)).is_empty());
    Held::Yes
}

pub(super) fn each_fault_has_its_code_and_field(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let long = "x".repeat(10_000);
    for (changed, code, path) in [
        (json!({"queue_id": "elsewhere"}), "wrong_queue", "queue_id"),
        (
            json!({"item_version": 999}),
            "unknown_version",
            "item_version",
        ),
        (json!({"severity": 5}), "out_of_range", "severity"),
        (json!({"reason": long}), "too_long", "reason"),
        (json!({"actions": []}), "action_count", "actions"),
        (
            json!({"actions": [{"kind": "label"}]}),
            "action_not_allowed",
            "actions[0].kind",
        ),
        (
            json!({"actions": [{"kind": "escalate"}]}),
            "bad_escalation",
            "escalate",
        ),
        (
            json!({"policy_ids": ["no-such-policy"]}),
            "unknown_policy",
            "policy_ids[0]",
        ),
        (
            json!({"supersedes": "none"}),
            "nothing_to_correct",
            "supersedes",
        ),
    ] {
        let answer = ground.one.decide(&ground.decision(&claim, &changed));
        let found = (&answer["result"], &answer["code"], &answer["path"]);
        let wanted = (&json!("rejected"), &json!(code), &json!(path));
        assert_eq!(found, wanted, "{answer}");
    }
    let good = ground.one.decide(&ground.decision(&claim, &json!({})));
    assert_eq!(good["result"], "accepted", "the claim is as good as before");
    Held::Yes
}

pub(super) fn a_late_decision_counts_until_someone_is_first(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let item = item_of(&claim);
    let taken = match ground.claim_after_the_lease(&ground.lead, item) {
        Ok(taken) => taken,
        Err(why) => return Held::NotAsked(why),
    };
    let late = ground.one.decide(&ground.decision(&claim, &json!({})));
    assert_eq!(late["result"], "overtaken", "{late}");
    assert_eq!(
        (&late["by_role"], &late["outcome"]),
        (&json!("lead"), &json!("claimed"))
    );
    // Nobody holds it any more and nobody has decided: the late one counts again.
    ground.lead.release(&taken, "returned");
    let late = ground.decision(&claim, &json!({"actions": [{"kind": "remove"}]}));
    assert_eq!(ground.one.decide(&late)["result"], "accepted");
    let other = ground.lead.decide(&ground.decision(&taken, &json!({})));
    assert_eq!(
        (&other["result"], &other["outcome"]),
        (&json!("overtaken"), &json!("remove"))
    );
    assert_eq!(ground.outcomes(item), [row("decision", &late, "remove")]);
    Held::Yes
}

pub(super) fn a_correction_replaces_the_own_decision(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let first = ground.decision(&claim, &json!({}));
    ground.one.decide(&first);
    let mut second = ground.decision(&claim, &json!({"actions": [{"kind": "restrict"}]}));
    assert_eq!(ground.one.decide(&second)["code"], "already_decided");
    second["supersedes"] = first["decision_id"].clone();
    assert_eq!(ground.one.decide(&second)["result"], "accepted");
    assert_eq!(
        ground.outcomes(item_of(&claim)),
        [
            row("decision", &first, "allow"),
            row("revert", &first, "allow"),
            row("decision", &second, "restrict")
        ]
    );
    Held::Yes
}

pub(super) fn a_revert_is_told_once_and_stops_at_what_was_told(ground: &Ground) -> Held {
    let claims = ground.claimed(&ground.one, 2);
    let decision = ground.decision(&claims[0], &json!({"actions": [{"kind": "remove"}]}));
    ground.one.decide(&decision);
    let path = format!(
        "/v1/decisions/{}/revert",
        decision["decision_id"].as_str().unwrap()
    );
    ground
        .two
        .post(&path, &json!({}))
        .refused(403, "not_allowed");
    let (key, why) = (fresh(), json!({"reason": "A slip of the hand"}));
    let receipt = ground.one.post_keyed(&path, &key, &why).good();
    assert!(receipt["receipt"].is_string() && receipt["at"].is_string());
    assert_eq!(ground.one.post_keyed(&path, &key, &why).good(), receipt);
    ground.one.post(&path, &why).refused(409, "too_late");
    assert_eq!(ground.state(item_of(&claims[0])), "open");
    let told = ground.outcomes(item_of(&claims[0]));
    assert_eq!(
        told,
        [
            row("decision", &decision, "remove"),
            row("revert", &decision, "remove")
        ]
    );

    // Who was warned stays warned.
    let warned = ground.decision(&claims[1], &json!({"actions": [{"kind": "warn_author"}]}));
    ground.one.decide(&warned);
    let mut next = 0;
    loop {
        let page = ground
            .effect
            .get(&format!("/v1/outcomes?since={next}"))
            .good();
        if page["outcomes"].as_array().unwrap().is_empty() {
            break;
        }
        next = page["next"].as_u64().unwrap();
    }
    ground
        .effect
        .post("/v1/outcomes/ack", &json!({"up_to": next}))
        .good();
    let path = format!(
        "/v1/decisions/{}/revert",
        warned["decision_id"].as_str().unwrap()
    );
    ground.one.post(&path, &json!({})).refused(409, "too_late");
    Held::Yes
}

pub(super) fn an_escalation_shows_and_goes_on_to_whom_it_names(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let to = json!({"to": "lead", "priority": 2, "reason": "Please look"});
    let changed = json!({"actions": [{"kind": "escalate"}], "escalate": to});
    let decision = ground.decision(&claim, &changed);
    assert_eq!(ground.one.decide(&decision)["result"], "accepted");
    assert_eq!(ground.state(item_of(&claim)), "escalated");
    assert!(
        ground.claim(&ground.two, 20).is_empty(),
        "not to moderators"
    );
    let next = ground.claim(&ground.lead, 20).remove(0);
    assert_eq!(next["escalation"]["reason"], "Please look");
    let last = ground
        .lead
        .decide(&ground.decision(&next, &json!({"actions": [{"kind": "remove"}]})));
    assert_eq!(last["result"], "accepted");
    assert_eq!(ground.state(item_of(&claim)), "decided");
    Held::Yes
}

pub(super) fn decisions_are_read_back_with_their_receipts(ground: &Ground) -> Held {
    let start = ground.one.get("/v1/decisions?since=0").good();
    let mut since = start["next"].as_u64().unwrap();
    // To the end of what is there.
    loop {
        let page = ground
            .one
            .get(&format!("/v1/decisions?since={since}"))
            .good();
        if page["decisions"].as_array().unwrap().is_empty() {
            break;
        }
        since = page["next"].as_u64().unwrap();
    }
    let claims = ground.claimed(&ground.one, 2);
    let made = [0, 1].map(|at| ground.decision(&claims[at], &json!({})));
    let receipts = made
        .each_ref()
        .map(|decision| ground.one.decide(decision)["receipt"].clone());
    let read = ground
        .one
        .get(&format!("/v1/decisions?since={since}"))
        .rows("decisions");
    assert_eq!(read.len(), 2);
    for ((read, sent), receipt) in read.iter().zip(&made).zip(&receipts) {
        assert_eq!(&read["receipt"], receipt);
        for field in ["decision_id", "item_id", "severity", "handle_ms", "actions"] {
            assert_eq!(read[field], sent[field], "{field}");
        }
    }
    let theirs = ground
        .two
        .get(&format!("/v1/decisions?since={since}"))
        .rows("decisions");
    assert!(theirs.is_empty(), "only one's own");
    Held::Yes
}

pub(super) fn outcomes_name_no_reviewer_and_are_acknowledged(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let media =
        json!([{"n": 0, "state": "full", "file_viewed": "yes", "ms_covered": 7, "ms_clear": 77}]);
    let decision = ground.decision(
        &claim,
        &json!({"media": media, "reason": "Written by a person"}),
    );
    ground.one.decide(&decision);
    let me = ground.one.get("/v1/session").good()["moderator_id"].clone();
    let (mut since, mut found) = (0, None);
    loop {
        let page = ground
            .effect
            .get(&format!("/v1/outcomes?since={since}"))
            .good();
        let rows = page["outcomes"].as_array().unwrap();
        if rows.is_empty() {
            break;
        }
        let about = |row: &&Value| row["decision_id"] == decision["decision_id"];
        found = found.or(rows.iter().find(about).cloned());
        since = page["next"].as_u64().unwrap();
    }
    let found = found.expect("an outcome").to_string();
    for private in [
        me.as_str().unwrap(),
        "Written by a person",
        "handle_ms",
        "ms_clear",
        "decided_at",
    ] {
        assert!(!found.contains(private), "{private}: {found}");
    }
    let beyond = ground
        .effect
        .post("/v1/outcomes/ack", &json!({"up_to": since + 1}));
    beyond.refused(422, "invalid");
    ground
        .effect
        .post("/v1/outcomes/ack", &json!({"up_to": since}))
        .good();
    Held::Yes
}
