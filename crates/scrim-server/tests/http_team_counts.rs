//! What leads and QA are told in numbers: items given back, overdue, and left to nobody; over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::samples::lead;
use common::{Person, START_MS, World, decision};
use scrim_model::{ModeratorId, Role, Timestamp};
use scrim_server::storage::Storage;
use serde_json::json;

/// One day: `decided` items decided, `not_me` given back by so many people in turn.
fn a_day(world: &World, name: &str, (decided, not_me, people): (usize, usize, usize)) {
    for n in 0..decided + not_me {
        world.put(json!({"id": format!("{name}-{n}")}));
    }
    let person = world.moderator(name);
    for (n, claim) in person.claim(20).iter().take(decided).enumerate() {
        person.decide(decision(&format!("{name}-d{n}"), claim, json!({})));
    }
    world.clock.later_s(301);
    for n in 0..not_me {
        let person = world.moderator(&format!("{name}-{}", n % people));
        let claim = person.claim(1).remove(0);
        let back = json!({"claim_ids": [claim["claim_id"]], "why": "not_me"});
        person.post("/v1/claims/release", back.clone()).good();
        person.post("/v1/claims/release", back).good();
    }
    // What is left goes away, so that the next day has only its own.
    let feed = world.person("feed", &[Role::Ingest]);
    for n in 0..decided + not_me {
        feed.post(&format!("/v1/items/{name}-{n}/withdraw"), json!({}))
            .good();
    }
}

#[test]
fn not_me_is_told_for_finished_days_and_only_of_five_people_or_more() {
    let world = World::new();
    let (lead, qa) = (lead(&world), world.person("q", &[Role::Qa]));
    for (name, counts) in [
        ("a", (5, 5, 5)),
        ("b", (5, 9, 4)),
        ("c", (4, 5, 5)),
        ("e", (0, 6, 6)),
        ("f", (6, 9, 5)),
    ] {
        a_day(&world, name, counts);
        world.clock.later_s(86_400 - 301);
    }
    a_day(&world, "g", (9, 9, 9));
    let told = lead.get("/v1/team-days").good();
    assert_eq!(told["count_min"], 5);
    assert_eq!(
        told["days"],
        json!([
            {"day": "2026-01-01", "queue_id": "q", "not_me": 5},
            {"day": "2026-01-02", "queue_id": "q"},
            {"day": "2026-01-03", "queue_id": "q"},
            {"day": "2026-01-05", "queue_id": "q", "not_me": 9}])
    );
    assert_eq!(qa.get("/v1/team-days").good(), told);
    world
        .moderator("a")
        .get("/v1/team-days")
        .refused(403, "not_allowed");
    // Nothing of the counts is with a person or an item, and who they were is kept for a day.
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let columns = "SELECT name FROM pragma_table_info('not_me_days') ORDER BY cid";
    assert_eq!(texts(columns), ["day", "queue_id", "count", "people"]);
    let kept = texts("SELECT DISTINCT user_id FROM not_me_people ORDER BY 1");
    assert!(kept.iter().all(|user| user.starts_with("g-")), "{kept:?}");
}

#[test]
fn leads_are_told_what_is_overdue_and_what_nobody_can_take_and_never_why() {
    let world = World::new();
    let queue = |person: &Person<'_>| person.get("/v1/queues").good()["queues"][0].clone();
    let (first, second, lead) = (world.moderator("a"), world.moderator("b"), lead(&world));
    world.put(json!({"id": "i", "due_at": "2025-12-31T00:00:00Z",
        "reported_at": "2025-12-30T00:00:00Z"}));
    world.put(json!({"id": "j", "due_at": "2026-01-02T00:00:00Z"}));
    let told = queue(&lead);
    assert_eq!(
        (&told["pending"], &told["overdue"], &told["unassignable"]),
        (&json!(2), &json!(1), &json!({"count": 0}))
    );
    for person in [&first, &second, &lead] {
        let claim = person.claim(1).remove(0);
        assert_eq!(claim["item"]["id"], "i");
        let back = json!({"claim_ids": [claim["claim_id"]], "why": "not_me"});
        person.post("/v1/claims/release", back).good();
    }
    let told = queue(&lead);
    let nobodys = json!({"count": 1, "oldest_at": "2025-12-30T00:00:00.000Z"});
    assert_eq!(
        (&told["pending"], &told["unassignable"]),
        (&json!(2), &nobodys)
    );
    let moderators = queue(&first);
    assert!(moderators.get("unassignable").is_none() && moderators.get("overdue").is_none());
    // Whoever joins may take it; whoever cannot sign in is nobody.
    let joined = world.moderator("new");
    assert_eq!(queue(&lead)["unassignable"]["count"], 0);
    world
        .storage
        .revoke_tokens(&ModeratorId::new("new").unwrap(), Timestamp(START_MS))
        .unwrap();
    joined.get("/v1/session").refused(401, "signed_out");
    assert_eq!(queue(&lead)["unassignable"], nobodys);
}

/// Whether an item was in time goes by its first decision, so that one which waits for a second person is not late again.
#[test]
fn what_waits_for_a_second_person_is_not_overdue() {
    let world = World::new();
    let (first, lead) = (world.moderator("a"), lead(&world));
    world.put(json!({"id": "i", "due_at": "2025-12-31T00:00:00Z"}));
    let counted = || {
        let queue = lead.get("/v1/queues").good()["queues"][0].clone();
        (queue["pending"].clone(), queue["overdue"].clone())
    };
    assert_eq!(counted(), (json!(1), json!(1)));
    let claim = first.claim(1).remove(0);
    let two = json!({"policy_ids": ["two"], "severity": 3});
    let sent = first.decide(decision("d1", &claim, two));
    assert_eq!(sent["result"], "awaiting_second");
    assert_eq!(counted(), (json!(1), json!(0)));
}

#[test]
fn languages_first_reviewers_and_authors_leave_items_to_nobody() {
    let world = World::new();
    let speaks = |id: &str, language: &str| {
        let person = world.moderator(id);
        let user = scrim_server::auth::User {
            id: ModeratorId::new(id).unwrap(),
            name: String::new(),
            roles: vec![Role::Moderator],
            languages: vec![language.to_owned()],
        };
        world.storage.put_user(&user).unwrap();
        person
    };
    let qa = world.person("q", &[Role::Qa]);
    let qas = scrim_server::auth::User {
        id: ModeratorId::new("q").unwrap(),
        name: String::new(),
        roles: vec![Role::Qa],
        languages: vec!["en".to_owned()],
    };
    world.storage.put_user(&qas).unwrap();
    let (first, second) = (speaks("a", "en"), speaks("b", "en-GB"));
    let count = || qa.get("/v1/queues").good()["queues"][0]["unassignable"]["count"].clone();
    world.put(json!({"id": "fr", "texts": [{"id": "t", "lang": "fr-CA", "body": "Une phrase."}]}));
    assert_eq!(count(), 1);
    let polyglot = speaks("c", "fr");
    assert_eq!(count(), 0);
    world.put(json!({"id": "two"}));
    let english = |person: &Person<'_>| {
        person.claim_with(json!({"count": 9, "languages": ["en"], "exclude_items": ["fr"]}))
    };
    let claim = english(&first).remove(0);
    first.decide(decision("d1", &claim, json!({"policy_ids": ["two"]})));
    assert_eq!(count(), 0);
    for person in [&second, &polyglot, &qa] {
        let claim = english(person).remove(0);
        let back = json!({"claim_ids": [claim["claim_id"]], "why": "not_me"});
        person.post("/v1/claims/release", back).good();
    }
    assert_eq!(count(), 1, "who decided first cannot confirm it");
}
