//! `sign-in` and `doctor` against a real server.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use scrim_runtime::Profile;
use support::*;

fn stored(folder: &Path) -> Option<String> {
    let profile = Profile::open(Some(folder)).unwrap();
    profile.sign_in().unwrap().map(|sign_in| sign_in.token)
}

fn doctor(folder: &Path) -> (i32, serde_json::Value) {
    let output = scrim(folder, &["doctor", "--json"], "");
    (
        code(&output),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

fn standing<'a>(report: &'a serde_json::Value, id: &str) -> &'a str {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["id"] == id);
    found.map_or("missing", |finding| finding["standing"].as_str().unwrap())
}

#[test]
fn a_good_token_is_kept_privately_and_the_server_is_described() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let token = server.token();
    let output = scrim(
        folder.path(),
        &["sign-in", &server.origin],
        &format!("{token}\n"),
    );
    assert_eq!(code(&output), 0, "{}", complained(&output));
    let words = said(&output);
    assert!(
        words.contains("Environment: test") && words.contains("moderator"),
        "{words}"
    );
    assert!(!words.contains(&token));
    assert_eq!(stored(folder.path()), Some(token.clone()));

    let file = folder.path().join("token");
    std::fs::write(&file, &token).unwrap();
    let words = [
        "sign-in",
        &server.origin,
        "--token-file",
        file.to_str().unwrap(),
    ];
    assert_eq!(code(&scrim(folder.path(), &words, "")), 0);

    let (_, report) = doctor(folder.path());
    assert_eq!(standing(&report, "server"), "good", "{report}");
    assert_eq!(standing(&report, "sign_in"), "good");
    assert_eq!(standing(&report, "records"), "note");
    assert_eq!(standing(&report, "encryption"), "note");
    assert!(report["skew_ms"].as_i64().unwrap().abs() < 60_000);
}

#[test]
fn only_who_reviews_nothing_is_told_that_no_items_come() {
    let server = Server::start();
    for (role, is_handed_items) in [
        ("moderator", true),
        ("lead", true),
        ("qa", true),
        ("ingest", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let token = server.token_of(role, &[role]);
        let output = scrim(folder.path(), &["sign-in", &server.origin], &token);
        assert_eq!(code(&output), 0, "{}", complained(&output));
        let words = said(&output);
        let is_told = words.contains("hands no items to this desk");
        assert_eq!(is_told, !is_handed_items, "{role}: {words}");
    }
}

#[test]
fn a_refused_sign_in_changes_nothing() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    signed_in(folder.path(), &server.origin, "earlier");
    let path = format!("{}/v1", server.origin);
    let too_long = "a".repeat(5_000);
    for (url, token, expected, words) in [
        (
            server.origin.as_str(),
            "wrong",
            77,
            "does not take this token",
        ),
        ("http://queue.example", "t", 2, "Plain http://"),
        ("queue.example", "t", 2, "https://host"),
        (path.as_str(), "t", 2, "without a path"),
        ("http://127.0.0.1:9", "t", 69, "does not answer"),
        (server.origin.as_str(), "", 2, "it is empty"),
        (server.origin.as_str(), "two words", 2, "spaces"),
        (server.origin.as_str(), too_long.as_str(), 2, "too long"),
    ] {
        let output = scrim(folder.path(), &["sign-in", url], token);
        let complained = complained(&output);
        assert_eq!(code(&output), expected, "{url}: {complained}");
        assert!(complained.contains(words), "{url}: {complained}");
        assert_eq!(stored(folder.path()).as_deref(), Some("earlier"), "{url}");
    }
}

/// A server that is no queue server: it answers everything with 404.
#[test]
fn a_server_that_is_none_is_told_apart() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        let _ = stream.read(&mut asked).unwrap();
        let answer = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let output = scrim(folder.path(), &["sign-in", &origin], "t");
    answering.join().unwrap();
    assert_eq!(code(&output), 69);
    assert!(
        complained(&output).contains("no queue server"),
        "{}",
        complained(&output)
    );
    assert_eq!(stored(folder.path()), None);
}

#[test]
fn doctor_finds_an_open_token_file_and_a_silent_server() {
    let folder = tempfile::tempdir().unwrap();
    signed_in(folder.path(), "http://127.0.0.1:9", "t");
    let file = folder.path().join("sign-in.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (exit, report) = doctor(folder.path());
    assert_eq!((exit, report["ok"].as_bool()), (1, Some(false)));
    assert_eq!(standing(&report, "sign_in"), "broken");
    assert_eq!(standing(&report, "server"), "broken");

    let words = said(&scrim(folder.path(), &["doctor"], ""));
    assert!(words.contains("Encryption at rest: the records are encrypted"));
}

#[test]
fn a_damaged_sign_in_and_a_missing_profile_are_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sign-in.json"), "{").unwrap();
    let (exit, report) = doctor(folder.path());
    assert_eq!((exit, standing(&report, "sign_in")), (1, "broken"));
    let (exit, report) = doctor(&folder.path().join("typo"));
    assert_eq!((exit, standing(&report, "profile")), (1, "broken"));
}

#[test]
fn exposure_is_for_leads_and_says_so_to_others() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    signed_in(folder.path(), &server.origin, &server.token());
    let output = scrim(folder.path(), &["exposure"], "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    let words = said(&output);
    assert!(words.contains("fewer than 5 people"), "{words}");
    assert_eq!(words.matches("Nothing was decided.").count(), 4, "{words}");
    let output = scrim(folder.path(), &["exposure", "--json"], "");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["people_min"], 5);

    signed_in(
        folder.path(),
        &server.origin,
        &server.token_of("m2", &["moderator"]),
    );
    let output = scrim(folder.path(), &["exposure"], "");
    assert_eq!(code(&output), 77);
    assert!(complained(&output).contains("to leads only"));
    signed_in(folder.path(), "http://127.0.0.1:9", "t");
    let output = scrim(folder.path(), &["exposure"], "");
    assert_eq!(code(&output), 69);
    let told = complained(&output);
    assert!(told.contains("does not answer") && told.contains("try again"));
    assert!(!told.contains("decided"), "nothing was: {told}");
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(code(&scrim(empty.path(), &["exposure"], "")), 66);
}
