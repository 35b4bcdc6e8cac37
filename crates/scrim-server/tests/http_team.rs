//! What leads and QA read of a team, over real HTTP, and what they cannot learn from it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::samples::lead;
use common::{Person, World, decision};
use scrim_model::Role;
use serde_json::{Value, json};

/// Rows after `since`, and where to go on.
fn page(person: &Person<'_>, since: u64) -> (Vec<Value>, u64) {
    let path = format!("/v1/decisions?scope=team&since={since}");
    let page = person.get(&path).good();
    let rows = page["decisions"].as_array().unwrap().clone();
    (rows, page["next"].as_u64().unwrap())
}

fn team(person: &Person<'_>) -> Vec<Value> {
    page(person, 0).0
}

fn standings(rows: &[Value]) -> Vec<(&str, &str, &str)> {
    rows.iter()
        .map(|row| {
            let text = |name: &str| row["team"][name].as_str().unwrap();
            (
                row["item_id"].as_str().unwrap(),
                text("standing"),
                text("review"),
            )
        })
        .collect()
}

#[test]
fn a_decision_comes_again_whenever_it_stands_otherwise() {
    let world = World::new();
    for id in ["i", "j", "k"] {
        world.put(json!({"id": id}));
    }
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let claims = first.claim(3);
    first.decide(decision("d1", &claims[0], json!({})));
    first.decide(decision(
        "d2",
        &claims[1],
        json!({"policy_ids": ["two"], "severity": 3}),
    ));
    first.decide(decision("d3", &claims[2], json!({})));
    let (rows, next) = page(&lead, 0);
    assert_eq!(
        standings(&rows),
        [
            ("i", "standing", "first"),
            ("j", "interim", "first"),
            ("k", "standing", "first")
        ]
    );
    assert_eq!(page(&lead, next), (Vec::new(), next));
    // Corrected, confirmed by a second person, and undone by the lead.
    first.decide(decision("d4", &claims[0], json!({"supersedes": "d1"})));
    let claim = second.claim(1).remove(0);
    second.decide(decision("d5", &claim, json!({"policy_ids": ["two"]})));
    let undone = rows[2]["decision_id"].as_str().unwrap();
    let path = format!("/v1/decisions/{undone}/revert");
    second.post(&path, json!({})).refused(404, "unknown");
    lead.post(&path, json!({"reason": "Another item was meant."}))
        .good();
    let (later, next) = page(&lead, next);
    assert_eq!(
        standings(&later),
        [
            ("i", "superseded", "first"),
            ("i", "standing", "first"),
            ("j", "standing", "first"),
            ("j", "standing", "second"),
            ("k", "reverted", "first")
        ]
    );
    assert_eq!(later[0]["decision_id"], rows[0]["decision_id"]);
    assert_eq!(later[1]["supersedes"], rows[0]["decision_id"]);
    assert_eq!(later[3]["team"]["of"], rows[1]["decision_id"]);
    assert_eq!(later[4]["revert_reason"], "Another item was meant.");
    assert_eq!(later[4]["reverted"], true);
    // From the start, each is there once, in its newest place.
    assert_eq!(team(&lead), later);
    // The second one is undone: the first waits again.
    second.post("/v1/decisions/d5/revert", json!({})).good();
    let (last, _) = page(&lead, next);
    assert_eq!(
        standings(&last),
        [("j", "reverted", "second"), ("j", "interim", "first")]
    );
}

#[test]
fn a_decision_that_takes_anothers_id_of_the_team_is_not_in_the_way() {
    let world = World::new();
    for id in ["i", "j"] {
        world.put(json!({"id": id}));
    }
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let claim = first.claim(1).remove(0);
    first.decide(decision("d1", &claim, json!({})));
    let id = second.get("/v1/items/i").good()["decisions"][0].clone();
    let id = id.as_str().unwrap();
    let claim = second.claim(1).remove(0);
    second.decide(decision(id, &claim, json!({})));
    let path = format!("/v1/decisions/{id}/revert");
    lead.post(&path, json!({})).good();
    assert_eq!(
        standings(&team(&lead)),
        [("j", "standing", "first"), ("i", "reverted", "first")]
    );
}

#[test]
fn an_appeal_names_the_decision_that_it_is_about_and_a_correction_stays_what_it_was() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    let claim = first.claim(1).remove(0);
    first.decide(decision("d1", &claim, json!({})));
    world.put(json!({"id": "appeal", "appeal": {"id": "x", "decision_id": "d1"}}));
    world.put(json!({"id": "foreign", "appeal": {"id": "y", "decision_id": "elsewhere"}}));
    let claims = second.claim(2);
    second.decide(decision("d2", &claims[0], json!({})));
    second.decide(decision("d3", &claims[0], json!({"supersedes": "d2"})));
    second.decide(decision("d4", &claims[1], json!({})));
    let rows = team(&lead);
    assert_eq!(
        standings(&rows),
        [
            ("i", "standing", "first"),
            ("appeal", "superseded", "appeal"),
            ("appeal", "standing", "appeal"),
            ("foreign", "standing", "appeal")
        ]
    );
    assert_eq!(rows[2]["team"]["of"], rows[0]["decision_id"]);
    assert!(rows[3]["team"]["of"].is_null(), "the server has it not");
    assert!(!json!(rows).to_string().contains("elsewhere"));
}

#[test]
fn what_was_passed_on_is_decided_for_the_first_time_by_whom_it_was_passed_to() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let (first, lead) = (world.moderator("a"), lead(&world));
    let claim = first.claim(1).remove(0);
    let passed = json!({"actions": [{"kind": "escalate"}],
        "escalate": {"to": "lead", "priority": 2, "reason": ""}});
    first.decide(decision("d1", &claim, passed));
    let claim = lead.claim(1).remove(0);
    lead.decide(decision("d2", &claim, json!({})));
    assert_eq!(
        standings(&team(&lead)),
        [("i", "standing", "first"), ("i", "standing", "first")]
    );
}

#[test]
fn a_team_read_tells_what_the_item_was_also_after_it_is_withdrawn() {
    let world = World::new();
    let whole = json!({"id": "i", "reported_at": "2025-12-31T23:30:30Z",
        "due_at": "2026-01-01T00:00:00Z", "reports": [{"class": "spam"}],
        "texts": [{"id": "t", "lang": "de", "body": "Ein Satz."}],
        "signals": [{"name": "spam-net", "version": "2", "score": 9, "threshold": 8},
            {"name": "other", "score": 1, "threshold": 8}]});
    world.put(whole);
    world.put(json!({"id": "late", "due_at": "2025-12-31T23:59:59Z"}));
    let (person, lead) = (world.moderator("a"), lead(&world));
    for (n, claim) in person.claim(2).iter().enumerate() {
        person.decide(decision(&format!("d{n}"), claim, json!({})));
    }
    let before = team(&lead);
    let facts = |id: &str| before.iter().find(|row| row["item_id"] == id).unwrap()["team"].clone();
    assert_eq!(
        facts("i"),
        json!({"standing": "standing", "review": "first", "action_s": 1_740, "due": "met",
            "languages": ["de"], "reported": true,
            "flagged_by": [{"name": "spam-net", "version": "2"}]})
    );
    assert_eq!(
        facts("late"),
        json!({"standing": "standing", "review": "first", "due": "missed", "reported": false})
    );
    let feed = world.person("feed", &[Role::Ingest]);
    feed.post("/v1/items/i/withdraw", json!({})).good();
    assert_eq!(team(&lead), before);
}

/// What a lead can read, with ids replaced by numbers in the order in which they appear.
fn all_that_leads_read(world: &World) -> Vec<Value> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let lead = lead(world);
    let mut read = team(&lead);
    for item in ["i0", "i1", "i2", "i3", "i4", "i5"] {
        read.push(lead.get(&format!("/v1/items/{item}")).good()["decisions"].clone());
    }
    read.push(lead.get("/v1/team-days").good());
    read.push(lead.get("/v1/queues").good());
    let mut number = |value: &mut Value| {
        let Some(text) = value.as_str().filter(|text| text.len() == 32) else {
            return;
        };
        let next = seen.len();
        let n = *seen.entry(text.to_owned()).or_insert(next);
        *value = json!(n);
    };
    for value in &mut read {
        each(value, &mut number);
    }
    read
}

fn each(value: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|inner| each(inner, change)),
        Value::Array(rows) => rows.iter_mut().for_each(|inner| each(inner, change)),
        other => change(other),
    }
}

/// Six items are decided, one of them undone, by whoever `of` names, each at desks of their own with
/// clocks of their own, in calls of `together` claims.
fn decided_by(of: &[&str; 6], together: u32) -> World {
    let world = World::new();
    for n in 0..6 {
        world.put(json!({"id": format!("i{n}"), "reported_at": "2025-12-31T20:00:00Z"}));
    }
    let people: BTreeMap<&str, Person<'_>> = ["a", "b", "c"]
        .into_iter()
        .map(|name| (name, world.moderator(name)))
        .collect();
    for (n, &name) in of.iter().enumerate() {
        let person = &people[name];
        let item = format!("i{n}");
        let claims = person.claim(together.max(6));
        let claim = claims
            .iter()
            .find(|claim| claim["item"]["id"] == item.as_str());
        let own = name.as_bytes()[0];
        let changed = json!({"skew_ms": -7 * i64::from(own), "decided_at": "2026-01-01T00:00:00Z",
            "media": [{"n": 0, "state": "full", "file_viewed": "yes", "ms_covered": own, "ms_clear": own}]});
        // The desk's own id tells a time and a desk, as a UUIDv7 does.
        person.decide(decision(
            &format!("{own:04}-{n}-of-{name}"),
            claim.unwrap(),
            changed,
        ));
        let ids: Vec<&Value> = claims.iter().map(|claim| &claim["claim_id"]).collect();
        let back = json!({"claim_ids": ids, "why": "returned"});
        person.post("/v1/claims/release", back).good();
        world.clock.later_s(30);
    }
    let undone = format!("{:04}-3-of-{}", of[3].as_bytes()[0], of[3]);
    let path = format!("/v1/decisions/{undone}/revert");
    people[of[3]].post(&path, json!({})).good();
    drop(people);
    world.clock.later_s(86_400);
    world
}

#[test]
fn whoever_decides_what_leads_read_the_same() {
    let told = all_that_leads_read(&decided_by(&["a"; 6], 6));
    for (of, together) in [
        (["a", "b", "a", "b", "a", "b"], 6),
        (["a", "a", "a", "b", "b", "b"], 6),
        (["c", "b", "a", "a", "b", "c"], 12),
        (["b"; 6], 6),
    ] {
        assert_eq!(
            all_that_leads_read(&decided_by(&of, together)),
            told,
            "{of:?}"
        );
    }
}

#[test]
fn no_name_claim_receipt_or_id_of_a_desk_is_in_what_leads_read() {
    let world = decided_by(&["a", "b", "c", "a", "b", "c"], 6);
    let person = world.moderator("a");
    let mine = person.get("/v1/decisions").good();
    let lead = lead(&world);
    let mut texts = vec![json!(team(&lead)).to_string()];
    for n in 0..6 {
        texts.push(lead.get(&format!("/v1/items/i{n}")).good().to_string());
    }
    for own in mine["decisions"].as_array().unwrap() {
        for field in ["decision_id", "claim_id", "receipt"] {
            let private = own[field].as_str().unwrap();
            for text in &texts {
                assert!(!text.contains(private), "{field}: {text}");
            }
        }
    }
    for row in team(&lead) {
        assert_eq!(
            (
                &row["claim_id"],
                &row["fence"],
                &row["receipt"],
                &row["skew_ms"]
            ),
            (&json!("-"), &json!(0), &json!(""), &json!(0))
        );
        assert!(row.get("header").is_none());
        serde_json::from_value::<scrim_wire::protocol::HeldDecision>(row).unwrap();
    }
    // A parameter that is no filter is none.
    for asked in ["user=a", "desk=x", "user_id=a&reviewer=a"] {
        let path = format!("/v1/decisions?scope=team&{asked}");
        assert_eq!(lead.get(&path).good()["decisions"], json!(team(&lead)));
    }
    person
        .get("/v1/decisions?scope=team")
        .refused(403, "not_allowed");
}

#[test]
fn a_desk_whose_clock_is_days_off_does_not_stand_out() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    world.put(json!({"id": "j"}));
    let (person, lead) = (world.moderator("a"), lead(&world));
    let claims = person.claim(2);
    let behind = json!({"decided_at": "2025-12-20T10:00:00Z", "skew_ms": 1_000_000_000});
    person.decide(decision("d1", &claims[0], behind));
    let ahead = json!({"decided_at": "2027-01-01T10:00:00Z"});
    person.decide(decision("d2", &claims[1], ahead));
    let days: Vec<Value> = team(&lead)
        .iter()
        .map(|row| row["decided_at"].clone())
        .collect();
    assert_eq!(days, ["2026-01-01T00:00:00.000Z"; 2]);
}

/// `count` decided items: the first one over HTTP, the others copies of its rows in one transaction.
fn decide_many(world: &World, count: usize) {
    world.put(json!({"id": "i00000"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    person.decide(decision("d-i00000", &claim, json!({})));
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    db.execute_batch(&format!(
        "BEGIN IMMEDIATE;
         CREATE TEMP TABLE n AS WITH RECURSIVE n(x) AS
            (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {count} - 1)
            SELECT printf('i%05d', x) AS item FROM n;
         INSERT INTO items (id, queue_id, body, content_sha256, version, rank, priority, due_at,
            aged_at, severity_hint, classes, languages, state)
         SELECT n.item, queue_id, json_set(body, '$.id', n.item), content_sha256, version, rank,
            priority, due_at, aged_at, severity_hint, classes, languages, state FROM n, items;
         INSERT INTO decisions (id, item_id, user_id, role, body, receipt, at, state, training,
            review, team_id, facts)
         SELECT 'd-' || n.item, n.item, user_id, role,
            json_set(body, '$.decision_id', 'd-' || n.item, '$.item_id', n.item), receipt, at, state,
            training, review, lower(hex(randomblob(16))), facts FROM n, decisions;
         INSERT OR IGNORE INTO team_waiting (decision_id, day) SELECT id, 0 FROM decisions;
         COMMIT;"
    ))
    .unwrap();
}

#[test]
fn ten_thousand_decisions_page_by_page_are_each_read_once_while_others_change() {
    const COUNT: usize = 10_000;
    let world = World::new();
    decide_many(&world, COUNT);
    let (person, lead) = (world.moderator("a"), lead(&world));
    let (mut newest, mut since, mut pages): (BTreeMap<String, Value>, u64, usize) =
        (BTreeMap::new(), 0, 0);
    loop {
        let (rows, next) = page(&lead, since);
        if rows.is_empty() {
            break;
        }
        let once: BTreeSet<_> = rows.iter().map(|row| row["decision_id"].as_str()).collect();
        assert_eq!(once.len(), rows.len());
        for row in rows {
            newest.insert(row["item_id"].as_str().unwrap().to_owned(), row);
        }
        since = next;
        pages += 1;
        if pages == 3 {
            // One that was read, one that was not, while the reader is between two pages.
            for id in ["d-i00007", "d-i09999"] {
                let path = format!("/v1/decisions/{id}/revert");
                person.post(&path, json!({})).good();
            }
        }
    }
    assert_eq!(newest.len(), COUNT);
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    let mut statement = db
        .prepare("SELECT item_id, team_id, state FROM decisions")
        .unwrap();
    let held = statement
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                (row.get::<_, String>(1)?, row.get::<_, String>(2)?),
            ))
        })
        .unwrap();
    let held: BTreeMap<_, _> = held.map(Result::unwrap).collect();
    let read: BTreeMap<_, _> = newest
        .into_iter()
        .map(|(item, row)| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (
                item,
                (text(&row["decision_id"]), text(&row["team"]["standing"])),
            )
        })
        .collect();
    assert_eq!(read, held);
    assert_eq!(read["i00007"].1, "reverted");
}
