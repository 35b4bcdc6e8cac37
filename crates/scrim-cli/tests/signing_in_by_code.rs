//! `sign-in --oidc` with a real issuer and a real server, and what a sign-in trusts and contacts.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;

use scrim_issuer::{AUDIENCE, CLIENT, Issuer};
use scrim_runtime::{Profile, SignIn};
use support::*;

fn world() -> (Issuer, Server, tempfile::TempDir) {
    let issuer = Issuer::start();
    issuer.poll_every(1);
    let url = issuer.url();
    let server = Server::with(&["--oidc-issuer", &url, "--oidc-audience", AUDIENCE]);
    server.add_subject("m1", "subject-1");
    (issuer, server, tempfile::tempdir().unwrap())
}

fn stored(folder: &Path) -> Option<SignIn> {
    Profile::open(Some(folder)).unwrap().sign_in().unwrap()
}

fn doctor(folder: &Path) -> serde_json::Value {
    let output = scrim(folder, &["doctor", "--json"], "");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn finding<'a>(report: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["id"] == id).unwrap()
}

#[test]
fn a_code_that_is_approved_signs_in_at_the_issuer_that_the_server_names() {
    let (issuer, server, folder) = world();
    issuer.approve_next("subject-1");
    let output = scrim(folder.path(), &["sign-in", &server.origin, "--oidc"], "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    let words = said(&output);
    assert!(words.contains("Enter the code: CODE-1"), "{words}");
    assert!(
        words.contains("/enter") && words.contains("Roles: moderator."),
        "{words}"
    );
    let first = stored(folder.path()).unwrap();
    assert_eq!(first.moderator_id.as_str(), "m1");
    assert_eq!(first.connection.oidc.as_ref().unwrap().client_id, CLIENT);
    assert!(!words.contains(&first.token));
    assert_eq!(issuer.good_refresh_tokens(), [first.token.clone()].into());

    // Every command renews with what the one before left, and the server takes it.
    for _ in 0..2 {
        let report = doctor(folder.path());
        assert_eq!(finding(&report, "server")["standing"], "good", "{report}");
        let origins = finding(&report, "origins")["says"].as_str().unwrap();
        assert!(origins.contains("identity issuer"), "{origins}");
    }
    let third = stored(folder.path()).unwrap();
    assert!(third.token != first.token && first.goes_on_as(&third));

    // The administrator of the issuer ends it: sign in again, nothing else.
    issuer.revoke("subject-1");
    let report = doctor(folder.path());
    let says = finding(&report, "server")["says"].as_str().unwrap();
    assert!(says.contains("Sign in again; nothing is lost"), "{says}");
}

#[test]
fn a_refused_code_a_stranger_and_a_server_without_issuer_change_nothing() {
    let (issuer, server, folder) = world();
    let at = issuer.url();
    let sign_in = |issuer: &str| {
        scrim(
            folder.path(),
            &["sign-in", &server.origin, "--oidc", issuer],
            "",
        )
    };
    // The issuer knows them, the administrator of the server has not added them.
    issuer.approve_next("subject-2");
    let stranger = sign_in(&at);
    assert_eq!(code(&stranger), 77, "{}", complained(&stranger));
    let wrong = sign_in("http://127.0.0.1:1/realms/desks");
    assert_eq!(code(&wrong), 69, "{}", complained(&wrong));
    assert!(complained(&wrong).contains("does not answer"));
    assert_eq!(code(&sign_in("http://id.example")), 2);
    let plain = Server::start();
    let none = scrim(folder.path(), &["sign-in", &plain.origin, "--oidc"], "");
    assert_eq!(code(&none), 69, "{}", complained(&none));
    assert!(complained(&none).contains("names no identity issuer"));
    assert!(stored(folder.path()).is_none());
}

#[test]
fn what_a_sign_in_trusts_is_checked_before_anybody_is_contacted() {
    let folder = tempfile::tempdir().unwrap();
    let nonsense = folder.path().join("ca.pem");
    std::fs::write(&nonsense, "no certificate").unwrap();
    let nonsense = nonsense.to_str().unwrap();
    let url = "https://127.0.0.1:9";
    for words in [
        vec!["sign-in", url, "--ca", nonsense],
        vec!["sign-in", url, "--pin", "sha256:abc"],
        vec!["sign-in", url, "--only-this-ca"],
        vec!["sign-in"],
    ] {
        let output = scrim(folder.path(), &words, "token\n");
        assert_eq!(code(&output), 2, "{words:?} {}", complained(&output));
        assert!(stored(folder.path()).is_none());
    }
}

#[test]
fn a_proxy_that_the_environment_names_is_not_used() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let at = format!("http://{}", proxy.local_addr().unwrap());
    let names = [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ];
    let variables = names.map(|name| (name, at.as_str()));
    let words = ["sign-in", &server.origin];
    let output = scrim_in(folder.path(), &words, &server.token(), &variables);
    assert_eq!(code(&output), 0, "{}", complained(&output));
    assert!(proxy.accept().is_err(), "nobody came to the proxy");
}
