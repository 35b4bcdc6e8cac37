//! Who may do what, and what nobody may see of whom.

use serde_json::{Value, json};

use crate::{Ground, Held};

pub(super) fn roles_bound_every_call(ground: &Ground) -> Held {
    let reviewers = [&ground.one, &ground.lead];
    for person in reviewers {
        person.get("/v1/outcomes").refused(403, "not_allowed");
        let ack = json!({"up_to": 0});
        person
            .post("/v1/outcomes/ack", &ack)
            .refused(403, "not_allowed");
        person
            .post("/v1/items/x/withdraw", &json!({}))
            .refused(403, "not_allowed");
    }
    for person in [&ground.feed, &ground.effect] {
        let claim = json!({"count": 1});
        person
            .post("/v1/claims", &claim)
            .refused(403, "not_allowed");
        let none = json!({"decisions": []});
        person
            .post("/v1/decisions", &none)
            .refused(403, "not_allowed");
        person.get("/v1/decisions").refused(403, "not_allowed");
        person.get("/v1/exposure").refused(403, "not_allowed");
        for path in ["/v1/session", "/v1/queues", "/v1/policies"] {
            person.get(path).good();
        }
    }
    ground.feed.get("/v1/outcomes").refused(403, "not_allowed");
    ground
        .effect
        .post("/v1/items/x/withdraw", &json!({}))
        .refused(403, "not_allowed");
    Held::Yes
}

pub(super) fn a_team_read_shows_no_views_and_no_times(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let media =
        json!([{"n": 0, "state": "full", "file_viewed": "yes", "ms_covered": 7, "ms_clear": 77}]);
    let changed = json!({"severity": 3, "media": media, "decided_at": "2026-01-01T17:45:12Z", "skew_ms": -4242});
    let decision = ground.decision(&claim, &changed);
    ground.one.decide(&decision);
    ground
        .one
        .get("/v1/decisions?scope=team")
        .refused(403, "not_allowed");
    ground
        .lead
        .get("/v1/decisions?scope=everybody")
        .refused(422, "invalid");
    let (found, through) = in_team(ground, &decision["item_id"]);
    let found = match (found, through) {
        (Some(found), _) => found,
        (None, Some(day)) => {
            let why = format!("the server tells a day when it is over, and is at {day}");
            return Held::NotAsked(why);
        }
        (None, None) => panic!("the team's list does not have it"),
    };
    let me = ground.one.get("/v1/session").good();
    for private in [
        me["moderator_id"].as_str().unwrap(),
        "ms_clear",
        "ms_covered",
        // A desk's id tells when it was made.
        decision["decision_id"].as_str().unwrap(),
        decision["claim_id"].as_str().unwrap(),
    ] {
        assert!(!found.to_string().contains(private), "{private}: {found}");
    }
    assert_eq!(found["receipt"], "");
    assert_eq!(found["team"]["standing"], "standing");
    assert_eq!(found["team"]["review"], "first");
    assert!(found["handle_ms"].is_null(), "none at severity 3 and above");
    let day = found["decided_at"].as_str().unwrap();
    assert!(day.contains("T00:00:00"), "the day alone: {day}");
    // Under its id in the team's list a lead undoes it, and then it comes again, further on.
    let id = found["decision_id"].as_str().unwrap();
    let path = format!("/v1/decisions/{id}/revert");
    ground.lead.post(&path, &json!({})).good();
    let (later, _) = in_team(ground, &decision["item_id"]);
    let later = later.expect("the team's list has it");
    assert_eq!(later["decision_id"], id);
    assert_eq!(later["team"]["standing"], "reverted");
    assert!(later["cursor"].as_u64() > found["cursor"].as_u64());
    Held::Yes
}

/// The newest row of the team's list about an item, and up to which day the list goes, where it says.
fn in_team(ground: &Ground, item: &Value) -> (Option<Value>, Option<String>) {
    let (mut since, mut found): (u64, Option<Value>) = (0, None);
    loop {
        let path = format!("/v1/decisions?scope=team&since={since}");
        let page = ground.lead.get(&path).good();
        let rows = page["decisions"].as_array().unwrap();
        if rows.is_empty() {
            return (found, page["through"].as_str().map(str::to_owned));
        }
        let about = |row: &&Value| &row["item_id"] == item;
        found = rows.iter().rfind(about).cloned().or(found);
        since = page["next"].as_u64().unwrap();
    }
}

pub(super) fn what_is_counted_by_day_is_for_leads_and_never_small(ground: &Ground) -> Held {
    ground.one.get("/v1/team-days").refused(403, "not_allowed");
    let whole = ground.lead.get("/v1/team-days").good();
    let min = whole["count_min"].as_u64().unwrap();
    assert!(min >= 5, "{whole}");
    for day in whole["days"].as_array().unwrap() {
        assert!(day["not_me"].is_null() || day["not_me"].as_u64() >= Some(min));
    }
    // What a server does not count it leaves out.
    for of in whole["reviewers"].as_array().into_iter().flatten() {
        assert!(of["people"].is_null() || of["people"].as_u64() >= Some(min));
    }
    let told = |person: &crate::Person| {
        let rows = person.get("/v1/queues").rows("queues");
        rows.iter().all(|row| row["unassignable"].is_object())
    };
    assert!(told(&ground.lead) && !told(&ground.one));
    Held::Yes
}

pub(super) fn exposure_is_for_leads_and_has_no_filters(ground: &Ground) -> Held {
    ground.one.get("/v1/exposure").refused(403, "not_allowed");
    let whole = ground.lead.get("/v1/exposure").good();
    assert!(whole["people_min"].as_u64() >= Some(5), "{whole}");
    let filtered = ground
        .lead
        .get("/v1/exposure?queue=contract&user=somebody&from=2026-01-01");
    // Refused or passed over, and never a narrower view.
    if filtered.status == 200 {
        assert_eq!(filtered.json()["weeks"], whole["weeks"]);
    }
    Held::Yes
}

pub(super) fn a_question_goes_to_who_is_asked_and_ends_once(ground: &Ground) -> Held {
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let item = claim["item"]["id"].as_str().unwrap();
    let path = format!("/v1/items/{item}/consult");
    let body =
        json!({"claim_id": claim["claim_id"], "to": {"role": "lead"}, "question": "Is this spam?"});
    let stranger = ground.two.post(&path, &body);
    assert_ne!(stranger.status, 200, "only who holds the item asks");
    let id = ground.one.post(&path, &body).good()["consult_id"].clone();
    let listed = |person: &crate::Person| {
        let rows = person.get("/v1/consults").rows("consults");
        rows.into_iter().find(|row| row["consult_id"] == id)
    };
    assert!(listed(&ground.two).is_none());
    let question = listed(&ground.lead).expect("the lead is asked");
    assert_eq!(question["question"], "Is this spam?");
    let path = |what: &str| format!("/v1/consults/{}/{what}", id.as_str().unwrap());
    ground
        .two
        .post(&path("open"), &json!({}))
        .refused(404, "unknown");
    let look = ground.lead.post(&path("open"), &json!({})).good();
    assert_eq!(look["item"]["id"], item);
    let mut under_look = claim.clone();
    under_look["claim_id"] = look["claim_id"].clone();
    let decided = ground
        .lead
        .decide(&ground.decision(&under_look, &json!({})));
    assert_eq!(decided["code"], "not_your_claim", "a look decides nothing");
    ground
        .lead
        .post(&path("answer"), &json!({"answer": "Yes."}))
        .good();
    let second = ground.lead.post(&path("answer"), &json!({"answer": "No."}));
    second.refused(409, "too_late");
    let told = ground.one.get(&format!("/v1/items/{item}")).good();
    assert_eq!(told["consults"][0]["answer"], "Yes.");
    assert!(
        ground.one.beat(&claim)["lost"].is_null(),
        "the claim was kept"
    );
    Held::Yes
}
