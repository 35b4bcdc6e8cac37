//! The database file itself: older versions, and how long answers are kept.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{World, decision};
use scrim_model::{ModeratorId, Role, Timestamp};
use scrim_server::auth::sha256;
use scrim_server::error::ServerError;
use scrim_server::storage::{Scope, SqliteStorage, Storage, TeamRead};
use serde_json::{Value, json};

fn rows(world: &World) -> Vec<(String, String)> {
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    let mut statement = db
        .prepare("SELECT route, key FROM answers ORDER BY route, key")
        .unwrap();
    let found = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    found.map(Result::unwrap).collect()
}

#[test]
fn answers_that_nobody_can_ask_for_go_and_all_others_stay() {
    let world = World::new();
    for id in ["i", "j", "k"] {
        world.put(json!({"id": id}));
    }
    let person = world.moderator("a");
    let take = |key: &str| {
        let answer = person
            .post_keyed("/v1/claims", key, &json!({"count": 1}))
            .good();
        answer["claims"][0].clone()
    };
    let beat = |key: &str, claim: &Value| {
        let body = json!({"claim_ids": [claim["claim_id"]]});
        person.post_keyed("/v1/claims/heartbeat", key, &body).good();
    };
    let (first, kept, over) = (take("first"), take("kept"), take("over"));
    beat("old", &first);
    let sent = json!({"decisions": [decision("d1", &first, json!({}))]});
    let answer = person.post_keyed("/v1/decisions", "d1", &sent).good();
    let back = json!({"claim_ids": [over["claim_id"]], "why": "returned"});
    person
        .post_keyed("/v1/claims/release", "back", &back)
        .good();
    // Eight days in which one claim is held on to.
    for n in 0..(8 * 48) {
        world.clock.later_s(1_800);
        beat(&format!("n{n:03}"), &kept);
    }
    let left = rows(&world);
    let has = |route: &str, key: &str| left.contains(&(route.to_owned(), key.to_owned()));
    assert!(has("/v1/decisions", "d1"), "kept as long as the decision");
    assert!(has("/v1/claims", "kept"), "its claim is still held");
    assert!(!has("/v1/claims", "first") && !has("/v1/claims", "over"));
    assert!(!has("/v1/claims/heartbeat", "old") && !has("/v1/claims/release", "back"));
    assert!(has("/v1/claims/heartbeat", "n383"));
    assert!(left.len() < 7 * 48 + 10, "{}", left.len());
    assert_eq!(
        person.post_keyed("/v1/decisions", "d1", &sent).good(),
        answer
    );
    assert_eq!(take("kept")["claim_id"], kept["claim_id"]);
}

#[test]
fn a_database_of_version_1_is_brought_up_and_another_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let decided = decision(
        "d1",
        &json!({"item": {"id": "i", "version": 0}, "queue_id": "q", "claim_id": "c", "fence": 1}),
        json!({"actions": [{"kind": "escalate"}],
            "escalate": {"to": "lead", "priority": 2, "reason": ""}, "severity": 2}),
    );
    {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch(include_str!("schema_1.sql")).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        db.execute_batch(
            r#"INSERT INTO users VALUES ('a', 'A', '["moderator"]', '[]'), ('l', 'L', '["lead"]', '[]');
            INSERT INTO queues VALUES ('q', 'Q', '[]', NULL);
            INSERT INTO items (id, queue_id, body, content_sha256, version, rank, priority, due_at,
                aged_at, severity_hint, classes, languages, state)
            VALUES ('i', 'q', '{"id":"i","kind":"text","author":{"id":"x"}}', x'00', 0, 4, 4, 0, 0, 0,
                '[]', '[]', 'escalated');"#,
        )
        .unwrap();
        db.execute(
            "INSERT INTO decisions (id, item_id, user_id, role, body, receipt, at, state)
             VALUES ('d1', 'i', 'a', 'moderator', ?1, 'r', ?2, 'standing')",
            rusqlite::params![decided.to_string(), common::START_MS],
        )
        .unwrap();
    }
    for _ in 0..2 {
        let storage = SqliteStorage::open(&path).unwrap();
        let user = ModeratorId::new("a").unwrap();
        let facts = storage
            .session_facts(&user, None, Timestamp(common::START_MS))
            .unwrap();
        let row = &facts.day_totals.rows[0];
        assert_eq!((row.severity, row.ms_covered, row.ms_clear), (2, 4_244, 77));
    }
    let db = rusqlite::Connection::open(&path).unwrap();
    let item: (String, String) = db
        .query_row("SELECT author, escalated_to FROM items", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(item, ("x".to_owned(), "lead".to_owned()));
    db.pragma_update(None, "user_version", 5).unwrap();
    drop(db);
    assert!(matches!(
        SqliteStorage::open(&path),
        Err(ServerError::Corrupt(_))
    ));
}

#[test]
fn team_reads_of_a_database_of_version_2_tell_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(include_str!("schema_2.sql")).unwrap();
    db.pragma_update(None, "user_version", 2).unwrap();
    db.execute_batch(r#"INSERT INTO queues VALUES ('q', 'Q', '[]', NULL);"#)
        .unwrap();
    let item = |id: &str, appeal_of: Option<&str>| {
        let body = json!({"id": id, "kind": "text", "due_at": "2026-01-01T00:00:00Z"});
        db.execute(
            "INSERT INTO items (id, queue_id, body, content_sha256, version, rank, priority, due_at,
                aged_at, severity_hint, classes, languages, state, appeal_of)
             VALUES (?1, 'q', ?2, x'00', 0, 4, 4, 0, 0, 0, '[]', '[]', 'decided', ?3)",
            rusqlite::params![id, body.to_string(), appeal_of],
        )
        .unwrap();
    };
    item("i", None);
    item("appeal", Some("d2"));
    let decide = |id: &str,
                  (item, user): (&str, &str),
                  state: &str,
                  training: bool,
                  changed: Value| {
        let claim = json!({"item": {"id": item, "version": 0}, "queue_id": "q", "claim_id": "c", "fence": 1});
        db.execute(
            "INSERT INTO decisions (id, item_id, user_id, role, body, receipt, at, state, training)
             VALUES (?1, ?2, ?3, 'moderator', ?4, 'r', ?5, ?6, ?7)",
            rusqlite::params![
                id,
                item,
                user,
                decision(id, &claim, changed).to_string(),
                common::START_MS,
                state,
                training
            ],
        )
        .unwrap();
    };
    decide("d1", ("i", "a"), "superseded", false, json!({}));
    decide(
        "d2",
        ("i", "a"),
        "standing",
        false,
        json!({"supersedes": "d1"}),
    );
    decide("d3", ("i", "b"), "standing", false, json!({}));
    decide("d4", ("appeal", "c"), "reverted", false, json!({}));
    decide("d5", ("i", "t"), "standing", true, json!({}));
    drop(db);
    let storage = SqliteStorage::open(&path).unwrap();
    let read = all_of_the_team(&storage);
    let rows = read["decisions"].as_array().unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let text = |name: &str| row["team"][name].as_str().unwrap();
            (text("review"), text("standing"), text("due"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("first", "superseded", "met"),
            ("first", "standing", "met"),
            ("second", "standing", "met"),
            ("appeal", "reverted", "met")
        ]
    );
    assert_eq!(rows[1]["supersedes"], rows[0]["decision_id"]);
    assert_eq!(rows[2]["team"]["of"], rows[1]["decision_id"]);
    assert_eq!(rows[3]["team"]["of"], rows[1]["decision_id"]);
    let again = SqliteStorage::open(&path).unwrap();
    assert_eq!(all_of_the_team(&again), read, "brought up once");
}

fn all_of_the_team(storage: &SqliteStorage) -> Value {
    let scope = Scope::Team(TeamRead {
        now: Timestamp(common::START_MS),
        at_once: true,
        mark: None,
    });
    serde_json::from_str(&storage.decisions(0, &scope).unwrap()).unwrap()
}

#[test]
fn what_a_database_of_version_3_had_told_is_told_once_more_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(include_str!("schema_3.sql")).unwrap();
    db.pragma_update(None, "user_version", 3).unwrap();
    db.execute_batch(
        r#"INSERT INTO queues VALUES ('q', 'Q', '[]', NULL);
        INSERT INTO items (id, queue_id, body, content_sha256, version, rank, priority, due_at,
            aged_at, severity_hint, classes, languages, state)
        VALUES ('i', 'q', '{"id":"i","kind":"text"}', x'00', 0, 4, 4, 0, 0, 0, '[]', '[]', 'decided');
        INSERT INTO not_me_days VALUES (1, 'q', 7);"#,
    )
    .unwrap();
    let claim =
        json!({"item": {"id": "i", "version": 0}, "queue_id": "q", "claim_id": "c", "fence": 1});
    for (n, id) in ["d1", "d2", "d3"].into_iter().enumerate() {
        db.execute(
            r#"INSERT INTO decisions (id, item_id, user_id, role, body, receipt, at, state, team_id, facts)
             VALUES (?1, 'i', 'a', 'moderator', ?2, 'r', ?3, 'standing', 't-' || ?1,
                '{"standing":"standing","review":"first","action_s":60}')"#,
            rusqlite::params![
                id,
                decision(id, &claim, json!({})).to_string(),
                common::START_MS + n as i64
            ],
        )
        .unwrap();
    }
    db.execute(
        "UPDATE decisions SET state = 'reverted' WHERE id = 'd1'",
        [],
    )
    .unwrap();
    drop(db);
    let storage = SqliteStorage::open(&path).unwrap();
    let read = all_of_the_team(&storage);
    let told: Vec<_> = read["decisions"].as_array().unwrap().iter().collect();
    let standings: Vec<_> = told
        .iter()
        .map(|row| (&row["decision_id"], &row["team"]["standing"]))
        .collect();
    let (standing, reverted) = (&json!("standing"), &json!("reverted"));
    assert_eq!(
        standings,
        [
            (&json!("t-d2"), standing),
            (&json!("t-d3"), standing),
            (&json!("t-d1"), reverted)
        ]
    );
    assert_eq!(told[0]["team"]["action_s"], 60);
    let db = rusqlite::Connection::open(&path).unwrap();
    let left: (i64, i64, i64) = db
        .query_row(
            "SELECT (SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'), count, people
             FROM not_me_days",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert_eq!(left, (0, 7, 0), "how many people they were was never kept");
}

#[test]
fn what_was_taken_back_is_kept_once_whatever_becomes_of_the_decision() {
    let world = World::new();
    world.put(json!({"id": "i"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    let header = |seq: u64, kind: &str, id: &str| {
        json!({"seq": seq, "entry_id": id, "kind": kind, "prev_hash": "0".repeat(64)}).to_string()
    };
    let taken_back = [header(2, "withdrawn", "w2"), header(4, "withdrawn", "w4")];
    let send = |id: &str, changed: Value| {
        let record = json!({"decision_id": id, "header": header(5, "decision", id),
            "withdrawn": taken_back});
        let body = json!({"decisions": [decision(id, &claim, changed)], "records": [record]});
        let headers = [("Idempotency-Key", id), ("Scrim-Desk", "desk")];
        let answer = person.post_with("/v1/decisions", body, &headers).good();
        answer["results"][0]["result"].clone()
    };
    assert_eq!(send("d1", json!({"severity": 9})), "rejected");
    assert_eq!(send("d2", json!({})), "accepted");
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    let mut statement = db
        .prepare("SELECT seq, header FROM withdrawn WHERE user_id = 'a' AND desk = 'desk'")
        .unwrap();
    let kept: Vec<(i64, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let [first, second] = taken_back;
    assert_eq!(kept, [(2, first), (4, second)]);
}

#[test]
fn a_token_is_in_the_database_only_as_its_hash() {
    let world = World::new();
    let person = world.person("a", &[Role::Moderator]);
    let found = world
        .storage
        .user_by_token(&sha256(person.token.as_bytes()))
        .unwrap();
    assert_eq!(found.unwrap().id.as_str(), "a");
    let mut bytes = std::fs::read(world.folder.path().join("s.db")).unwrap();
    bytes.extend(std::fs::read(world.folder.path().join("s.db-wal")).unwrap());
    assert!(
        !bytes
            .windows(person.token.len())
            .any(|w| w == person.token.as_bytes())
    );
}
