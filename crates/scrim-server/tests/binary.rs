//! The real binary: commands, start, stop, restart, and what it logs.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::process::Command;

use common::decision;
use common::process::{Server, good, run, samples};
use serde_json::json;

#[test]
fn seeded_served_stopped_and_served_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    samples(folder);
    for _ in 0..2 {
        let said = good(folder, &["seed", "--db", "s.db", "--from", "."]);
        assert_eq!(said, "1 queues, 1 policies, 3 items\n");
    }
    let token = good(
        folder,
        &[
            "token",
            "add",
            "--db",
            "s.db",
            "--user",
            "marker-user",
            "--role",
            "moderator",
            "--name",
            "marker-name",
        ],
    );
    let token = token.trim();
    assert_eq!(token.len(), 43);
    let server = Server::start(folder);
    let session = server.get(token, "/v1/session", "").good();
    assert_eq!(session["display_name"], "marker-name");
    assert_eq!(session["duty_contacts"][0]["reach"], "+00 000");
    let claims = server
        .post(token, "/v1/claims", "k1", &json!({"count": 3}))
        .good();
    let claims = claims["claims"].as_array().unwrap().clone();
    assert_eq!(claims.len(), 3);
    let first = claims[0]["claim_id"].as_str().unwrap();
    assert_eq!(
        server.get(token, "/v1/items/i1/media/0", first).bytes,
        b"picture"
    );
    let body =
        json!({"decisions": [decision("d1", &claims[0], json!({"reason": "marker-reason"}))]});
    let results = server.post(token, "/v1/decisions", "k2", &body);
    assert_eq!(results.good()["results"][0]["result"], "accepted");
    let (out, log) = server.close_input();
    assert_eq!(out, "", "only the one line");
    assert!(
        log.contains("/v1/items/{id}/media/{n}") && log.contains("200"),
        "{log}"
    );
    for marker in ["marker", token, "i1", first] {
        assert!(!log.contains(marker), "{marker} is in the log");
    }

    let server = Server::start(folder);
    let again = server.post(token, "/v1/decisions", "k2", &body);
    assert_eq!(again.bytes, results.bytes);
    let left = server.get(token, "/v1/items/i1", "").good();
    assert_eq!(
        (&left["state"], &left["decisions"]),
        (&json!("decided"), &json!(["d1"]))
    );
    // A command works while the server runs.
    good(
        folder,
        &["token", "revoke", "--db", "s.db", "--user", "marker-user"],
    );
    server
        .get(token, "/v1/session", "")
        .refused(401, "signed_out");
    server.close_input();
}

#[cfg(unix)]
#[test]
fn a_review_goes_on_after_the_server_was_killed_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    samples(folder);
    good(folder, &["seed", "--db", "s.db", "--from", "."]);
    let token = |user, role| {
        let said = good(
            folder,
            &[
                "token", "add", "--db", "s.db", "--user", user, "--role", role,
            ],
        );
        said.trim().to_owned()
    };
    let (first, second, lead) = (
        token("a", "moderator"),
        token("b", "moderator"),
        token("l", "lead"),
    );
    let mut server = Server::start(folder);
    let one = json!({"count": 1});
    let claim = server.post(&first, "/v1/claims", "c1", &one).good()["claims"][0].clone();
    let day = || {
        let session = server.get(&lead, "/v1/session", "").good();
        session["server_time"].as_str().unwrap()[..10].to_owned()
    };
    let from = day();
    let body = json!({"decisions": [decision("d1", &claim, json!({}))]});
    server.post(&first, "/v1/decisions", "d1", &body).good();
    let asked = json!({"size": 5, "drawing": "stratified", "from": from, "to": day()});
    let drawn = server
        .post(&lead, "/v1/review-samples", "s1", &asked)
        .good();
    assert_eq!(drawn["size"], 1);
    let others = json!({"count": 9});
    let claims = server.post(&second, "/v1/claims", "c2", &others).good();
    let review = claims["claims"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(review["item"]["id"], claim["item"]["id"]);
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let server = Server::start(folder);
    assert_eq!(
        server.post(&second, "/v1/claims", "c2", &others).good(),
        claims
    );
    assert_eq!(
        server
            .post(&lead, "/v1/review-samples", "s1", &asked)
            .good(),
        drawn
    );
    let body = json!({"decisions": [decision("r1", &review, json!({"severity": 0}))]});
    let kept = server.post(&second, "/v1/decisions", "r1", &body);
    assert_eq!(kept.good()["results"][0]["result"], "accepted");
    let again = server.post(&second, "/v1/decisions", "r1", &body);
    assert_eq!(again.bytes, kept.bytes);
    let listed = server.get(&lead, "/v1/review-samples", "").good()["samples"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        (&listed[0]["done"], &listed[0]["differ"]),
        (&json!(1), &json!(0))
    );
    server.close_input();
}

#[test]
fn a_termination_signal_stops_it_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let told = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    server.ended();
}

#[test]
fn plain_http_stays_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "serve",
        "--db",
        "s.db",
        "--listen",
        "0.0.0.0:0",
        "--environment",
        "production",
    ];
    let output = run(folder.path(), &arguments);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--behind-tls-proxy"));
    assert!(!folder.path().join("s.db").exists());
}

#[test]
fn users_queues_and_policies_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    samples(folder);
    good(
        folder,
        &[
            "user", "add", "--db", "s.db", "--user", "u", "--role", "lead", "--role", "qa",
        ],
    );
    assert_eq!(
        good(folder, &["user", "list", "--db", "s.db"]),
        "u\t\tlead,qa\n"
    );
    good(
        folder,
        &[
            "queue", "add", "--db", "s.db", "--id", "q", "--name", "Queue",
        ],
    );
    assert_eq!(
        good(folder, &["queue", "list", "--db", "s.db"]),
        "q\tQueue\t0\n"
    );
    good(
        folder,
        &["policy", "set", "--db", "s.db", "--file", "policies.json"],
    );
    assert!(
        !run(
            folder,
            &[
                "token", "add", "--db", "s.db", "--user", "u", "--role", "king"
            ]
        )
        .status
        .success()
    );
    assert!(
        !run(folder, &["user", "add", "--db", "s.db", "--user", "a b"])
            .status
            .success()
    );
}

#[test]
fn a_folder_that_leads_elsewhere_or_is_broken_is_refused_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for line in [
        json!({"queue_id": "q", "files": ["../secret"], "item": {"id": "x", "kind": "image", "media": [{"n": 0}]}}).to_string(),
        "{".to_owned(),
    ] {
        samples(folder);
        let items = std::fs::read_to_string(folder.join("items.jsonl")).unwrap();
        std::fs::write(folder.join("items.jsonl"), format!("{items}\n{line}\n")).unwrap();
        let output = run(folder, &["seed", "--db", "s.db", "--from", "."]);
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("line 4"));
    }
}

#[test]
fn what_a_claim_excludes_is_in_no_file_and_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    samples(folder);
    good(folder, &["seed", "--db", "s.db", "--from", "."]);
    let add = [
        "token",
        "add",
        "--db",
        "s.db",
        "--user",
        "u",
        "--role",
        "moderator",
    ];
    let token = good(folder, &add).trim().to_owned();
    let server = Server::start(folder);
    let body = |severity: u8, class: &str| json!({"count": 1, "severity_max": severity, "exclude_classes": [class]});
    let first = server.post(&token, "/v1/claims", "k", &body(3, "marker-class"));
    assert_eq!(first.good()["claims"].as_array().unwrap().len(), 1);
    // Not even a hash of it is kept: with other values the same key brings the first answer.
    let other = server.post(&token, "/v1/claims", "k", &body(1, "other-class"));
    assert_eq!(other.bytes, first.bytes);
    let claim = &first.json()["claims"][0];
    let question = json!({"claim_id": claim["claim_id"], "to": {"role": "lead"}, "question": "marker-question"});
    server
        .post(&token, "/v1/items/i1/consult", "k", &question)
        .good();
    let draft = json!({"claim_ids": [claim["claim_id"]], "why": "hand_over", "draft": {"note": "marker-note"}});
    server
        .post(&token, "/v1/claims/release", "k", &draft)
        .good();
    let search = |marker: &str| {
        ["s.db", "s.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
            bytes.windows(marker.len()).any(|w| w == marker.as_bytes())
        })
    };
    assert!(
        search("marker-note") && search("marker-question"),
        "the search finds what is there"
    );
    for gone in [
        "marker-class",
        "other-class",
        "exclude_classes",
        "severity_max",
    ] {
        assert!(!search(gone), "{gone} is stored");
    }
    let (_, log) = server.close_input();
    assert!(
        log.contains("/v1/claims") && !log.contains("marker"),
        "{log}"
    );
    for gone in [
        "marker-class",
        "other-class",
        "exclude_classes",
        "severity_max",
    ] {
        assert!(!search(gone), "{gone} is stored after the end");
    }
}

#[test]
fn the_floor_and_the_contact_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("floor.json"), r#"{"media.mute": true}"#).unwrap();
    let set = ["floor", "set", "--db", "s.db", "floor.json"];
    good(folder, &set);
    good(
        folder,
        &[
            "floor",
            "set",
            "--db",
            "s.db",
            "--who",
            "lead",
            "floor.json",
        ],
    );
    assert_eq!(
        good(folder, &["floor", "show", "--db", "s.db"]),
        "{\"media.mute\":true}\n"
    );
    for wrong in [
        "[1]",
        "{",
        r#"{"Bad Key": 1}"#,
        r#"{"a": null}"#,
        "\"text\"",
    ] {
        std::fs::write(folder.join("floor.json"), wrong).unwrap();
        assert!(!run(folder, &set).status.success(), "{wrong}");
    }
    std::fs::write(
        folder.join("floor.json"),
        format!(r#"{{"a": "{}"}}"#, "x".repeat(20_000)),
    )
    .unwrap();
    assert!(!run(folder, &set).status.success());
    assert_eq!(
        good(folder, &["floor", "show", "--db", "s.db"]),
        "{\"media.mute\":true}\n"
    );
    good(folder, &["floor", "clear", "--db", "s.db"]);
    assert_eq!(good(folder, &["floor", "show", "--db", "s.db"]), "none\n");
    assert_eq!(
        good(folder, &["floor", "show", "--db", "s.db", "--who", "lead"]),
        "{\"media.mute\":true}\n"
    );
    good(
        folder,
        &["safety-contact", "set", "--db", "s.db", "Safety=555"],
    );
    let shown = good(folder, &["safety-contact", "show", "--db", "s.db"]);
    assert_eq!(shown, "{\"name\":\"Safety\",\"reach\":\"555\"}\n");
    let long = format!("Safety={}", "5".repeat(300));
    for wrong in ["Safety", "=5", "Safety=", long.as_str()] {
        assert!(
            !run(folder, &["safety-contact", "set", "--db", "s.db", wrong])
                .status
                .success()
        );
    }
    assert_eq!(
        good(folder, &["safety-contact", "notices", "--db", "s.db"]),
        ""
    );
    good(folder, &["safety-contact", "clear", "--db", "s.db"]);
    assert_eq!(
        good(folder, &["safety-contact", "show", "--db", "s.db"]),
        "none\n"
    );
}
