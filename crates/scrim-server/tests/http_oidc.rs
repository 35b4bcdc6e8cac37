//! Access tokens of an identity issuer, checked against a real one.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::World;
use scrim_issuer::{AUDIENCE, CLIENT, Issuer};
use scrim_model::{ModeratorId, Role};
use scrim_server::auth::User;
use scrim_server::storage::Storage;
use scrim_server::{OidcSettings, Settings};
use serde_json::json;

fn world(issuer: &Issuer) -> World {
    let world = World::with(Settings {
        oidc: Some(OidcSettings {
            issuer: issuer.url(),
            audience: AUDIENCE.to_owned(),
            client_id: CLIENT.to_owned(),
        }),
        ..Settings::default()
    });
    let user = User {
        id: ModeratorId::new("anna").unwrap(),
        name: "Anna".to_owned(),
        roles: vec![Role::Moderator],
        languages: Vec::new(),
    };
    world.storage.put_user(&user).unwrap();
    world.storage.put_subject(&user.id, "subject-1").unwrap();
    world
}

#[test]
fn a_good_token_is_the_user_whom_the_administrator_named() {
    let issuer = Issuer::start();
    let world = world(&issuer);
    let token = issuer.access_token("subject-1");
    let session = world.bearer(&token).get("/v1/session").good();
    assert_eq!(session["moderator_id"], "anna");
    assert_eq!(session["roles"], json!(["moderator"]));

    // Roles and environment are the server's, whatever the token says.
    let claims = json!({"roles": ["lead", "admin"], "scope": "lead", "environment": "production"});
    let loud = issuer.odd_token("subject-1", &claims);
    let session = world.bearer(&loud).get("/v1/session").good();
    assert_eq!(session["roles"], json!(["moderator"]));
    assert_eq!(session["environment"], "test");
    world
        .bearer(&loud)
        .get("/v1/exposure")
        .refused(403, "not_allowed");
}

#[test]
fn what_is_not_signed_for_this_server_now_is_refused() {
    let issuer = Issuer::start();
    let world = world(&issuer);
    world
        .bearer(&issuer.access_token("subject-1"))
        .get("/v1/session")
        .good();
    let odd = |claims: serde_json::Value| issuer.odd_token("subject-1", &claims);
    for (what, token) in [
        ("a stranger", issuer.access_token("subject-2")),
        (
            "another issuer",
            odd(json!({"iss": "https://other.example"})),
        ),
        ("another audience", odd(json!({"aud": "something-else"}))),
        ("over", odd(json!({"exp": 1_700_000_000}))),
        ("to come", odd(json!({"nbf": 4_000_000_000_u64}))),
        ("no end", odd(json!({"exp": null}))),
        ("no audience", odd(json!({"aud": null}))),
        ("no issuer", odd(json!({"iss": null}))),
        ("no subject", odd(json!({"sub": null}))),
        ("another key", issuer.forged_token("subject-1")),
        ("no signature", issuer.unsigned_token("subject-1")),
        ("nonsense", "a.b.c".to_owned()),
    ] {
        let answer = world.bearer(&token).get("/v1/session");
        assert_eq!(answer.status, 401, "{what}");
        answer.refused(401, "signed_out");
    }
}

#[test]
fn tokens_of_the_server_itself_go_on_and_a_revoked_user_is_out_both_ways() {
    let issuer = Issuer::start();
    let world = world(&issuer);
    let anna = ModeratorId::new("anna").unwrap();
    let own = world.person("anna", &[Role::Moderator]).token;
    world.bearer(&own).get("/v1/session").good();
    let revoked = world
        .storage
        .revoke_tokens(&anna, scrim_model::Timestamp(1));
    assert!(revoked.unwrap() >= 1);
    world
        .bearer(&own)
        .get("/v1/session")
        .refused(401, "signed_out");
    let token = issuer.access_token("subject-1");
    world
        .bearer(&token)
        .get("/v1/session")
        .refused(401, "signed_out");
}

#[test]
fn a_subject_is_one_person() {
    let issuer = Issuer::start();
    let world = world(&issuer);
    world.person("berta", &[Role::Moderator]);
    let berta = ModeratorId::new("berta").unwrap();
    assert!(world.storage.put_subject(&berta, "subject-1").is_err());
    let nobody = ModeratorId::new("nobody").unwrap();
    assert!(world.storage.put_subject(&nobody, "subject-9").is_err());
    world.storage.put_subject(&berta, "subject-3").unwrap();
    let session = world
        .bearer(&issuer.access_token("subject-3"))
        .get("/v1/session")
        .good();
    assert_eq!(session["moderator_id"], "berta");
}

#[test]
fn made_up_keys_do_not_make_the_server_ask_the_issuer_again_and_again() {
    let issuer = Issuer::start();
    let world = world(&issuer);
    world
        .bearer(&issuer.access_token("subject-1"))
        .get("/v1/session")
        .good();
    issuer.change_key();
    for _ in 0..5 {
        let token = issuer.access_token("subject-1");
        world
            .bearer(&token)
            .get("/v1/session")
            .refused(401, "signed_out");
    }
    assert_eq!(issuer.calls(), ["keys"]);
}

#[test]
fn without_its_issuer_the_server_says_that_it_cannot_tell_and_not_that_the_token_is_bad() {
    let issuer = Issuer::start();
    let world = world(&issuer);
    let token = issuer.access_token("subject-1");
    issuer.under_another_name();
    world
        .bearer(&token)
        .get("/v1/session")
        .refused(503, "unavailable");
}

#[test]
fn desks_are_told_where_to_sign_in_and_other_servers_say_nothing() {
    let issuer = Issuer::start();
    let told = world(&issuer).bearer("").get("/v1/sign-in").good();
    assert_eq!(told, json!({"issuer": issuer.url(), "client_id": CLIENT}));
    World::new()
        .bearer("")
        .get("/v1/sign-in")
        .refused(404, "unknown");
}
