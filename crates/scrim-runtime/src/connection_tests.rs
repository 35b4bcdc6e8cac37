//! Refresh tokens that several processes renew, and what the managed file overrules.
#![allow(clippy::unwrap_used, reason = "tests")]

use scrim_issuer::{CLIENT, Issuer as RealIssuer};
use scrim_model::ModeratorId;
use scrim_queue::ProxyAddress;

use super::*;
use crate::managed_network::NetworkRules;
use crate::profile::OidcClient;

fn signed_in(real: &RealIssuer, folder: &std::path::Path) -> (Profile, SignIn) {
    let profile = Profile::open(Some(folder)).unwrap();
    let sign_in = SignIn {
        origin: "https://queue.example".into(),
        moderator_id: ModeratorId::new("anna").unwrap(),
        token: real.refresh_token("anna"),
        connection: Connection {
            oidc: Some(OidcClient {
                issuer: real.url(),
                client_id: CLIENT.into(),
                began: "sign-in-1".into(),
            }),
            ..Connection::default()
        },
    };
    profile.keep_sign_in(&sign_in).unwrap();
    (profile, sign_in)
}

/// The tokens as a process has them that started with `sign_in`.
fn process(profile: &Profile, sign_in: &SignIn) -> RenewedTokens {
    let reach = Reach::new(&sign_in.origin, &sign_in.connection, &Managed::absent()).unwrap();
    let keeper = KeptInProfile {
        profile: profile.clone(),
        desk: sign_in.clone(),
        key: None,
    };
    RenewedTokens::new(reach.issuer.unwrap(), Arc::new(keeper))
}

#[test]
fn agent_and_console_renew_one_after_the_other_and_never_use_a_token_twice() {
    let (real, folder) = (RealIssuer::start(), tempfile::tempdir().unwrap());
    let (profile, sign_in) = signed_in(&real, folder.path());
    let processes: Vec<_> = (0..4).map(|_| process(&profile, &sign_in)).collect();
    std::thread::scope(|scope| {
        for tokens in &processes {
            scope.spawn(|| {
                let first = tokens.token().unwrap();
                assert_ne!(tokens.renewed(&first).unwrap().unwrap(), first);
            });
        }
    });
    // A second use of any of them would have ended them all.
    let kept = profile.sign_in().unwrap().unwrap();
    assert_eq!(real.good_refresh_tokens(), [kept.token.clone()].into());
    assert_eq!(real.calls().len(), 8);
    // The next start goes on from there.
    assert!(process(&profile, &kept).token().is_ok());
    assert!(sign_in.goes_on_as(&kept));
}

#[test]
fn a_token_that_was_renewed_is_on_the_disk_before_it_is_used() {
    let (real, folder) = (RealIssuer::start(), tempfile::tempdir().unwrap());
    let (profile, sign_in) = signed_in(&real, folder.path());
    let keeper = KeptInProfile {
        profile: profile.clone(),
        desk: sign_in.clone(),
        key: None,
    };
    let reach = Reach::new(&sign_in.origin, &sign_in.connection, &Managed::absent()).unwrap();
    let issuer = reach.issuer.unwrap();
    let granted = keeper
        .renewing(&mut |refresh| {
            assert_eq!(refresh, sign_in.token);
            Ok(issuer.refresh(refresh).unwrap())
        })
        .unwrap();
    let on_disk = profile.sign_in().unwrap().unwrap().token;
    assert_eq!(granted.refresh_token, Some(on_disk));
    // What cannot be kept is not used: the call waits, the stored token is as it was.
    let before = profile.sign_in().unwrap().unwrap();
    std::fs::create_dir(folder.path().join("sign-in.json.new")).unwrap();
    let failed = keeper.renewing(&mut |_| Ok(granted.clone()));
    assert_eq!(failed.unwrap_err(), LATER);
    assert!(profile.sign_in().unwrap().unwrap().token == before.token);
}

#[test]
fn a_sign_in_of_somebody_else_and_a_sign_out_end_it_without_asking_the_issuer() {
    let (real, folder) = (RealIssuer::start(), tempfile::tempdir().unwrap());
    let (profile, sign_in) = signed_in(&real, folder.path());
    let tokens = process(&profile, &sign_in);
    let other = SignIn {
        moderator_id: ModeratorId::new("berta").unwrap(),
        ..sign_in.clone()
    };
    profile.keep_sign_in(&other).unwrap();
    assert_eq!(tokens.token(), Err(CallFailed::SignedOut));
    std::fs::remove_file(folder.path().join("sign-in.json")).unwrap();
    assert_eq!(tokens.token(), Err(CallFailed::SignedOut));
    assert!(real.calls().is_empty());
    assert!(!sign_in.goes_on_as(&other));
    // The same person again is another sign-in, which a running agent takes up.
    let mut again = sign_in.clone();
    let oidc = again.connection.oidc.as_mut().unwrap();
    oidc.began = "sign-in-2".into();
    assert!(!sign_in.goes_on_as(&again));
}

fn ruled(rules: NetworkRules) -> Managed {
    Managed {
        network: Ok(rules),
        ..Managed::absent()
    }
}

#[test]
fn a_managed_server_issuer_and_trust_are_not_changed_by_a_sign_in() {
    let only = ruled(NetworkRules {
        server: Some(Origin::parse("https://queue.example").unwrap()),
        issuer: Some(IssuerAddress::parse("https://id.example").unwrap()),
        trust: Some(Trust::system()),
        ..NetworkRules::default()
    });
    let with = |origin: &str, connection: &Connection| Reach::new(origin, connection, &only);
    let plain = Connection::default();
    assert!(with("https://queue.example:443", &plain).is_ok());
    let other = with("https://other.example", &plain).unwrap_err();
    assert!(matches!(other, ConnectError::OtherServer), "{other}");
    let issuer = Connection {
        oidc: Some(OidcClient {
            issuer: "https://other.example".into(),
            client_id: CLIENT.into(),
            began: "sign-in-1".into(),
        }),
        ..Connection::default()
    };
    let other = with("https://queue.example", &issuer).unwrap_err();
    assert!(matches!(other, ConnectError::OtherIssuer), "{other}");
    let pinned = Connection {
        pins: vec![format!("sha256:{}", "ab".repeat(32))],
        ..Connection::default()
    };
    let other = with("https://queue.example", &pinned).unwrap_err();
    assert!(matches!(other, ConnectError::TrustManaged), "{other}");
}

#[test]
fn a_managed_file_that_cannot_be_used_closes_the_way_out_and_its_proxy_is_the_only_way() {
    let unusable = Managed {
        network: Err("proxy.url must be …".into()),
        ..Managed::absent()
    };
    let closed_off = Reach::new("https://queue.example", &Connection::default(), &unusable);
    let said = closed_off.unwrap_err().to_string();
    assert!(said.contains("proxy.url") && said.contains("no server is contacted"));
    let origin = Origin::parse("http://127.0.0.1:9").unwrap();
    let refused = scrim_queue::QueueServer::session(&closed(origin)).unwrap_err();
    assert_eq!(refused, CallFailed::NotAllowed);

    // Nothing listens at the proxy: then nothing is reached, though the server is there.
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let managed = ruled(NetworkRules {
        proxy: Some(ProxyAddress::parse("http://127.0.0.1:1").unwrap()),
        ..NetworkRules::default()
    });
    let origin = format!("http://{}", server.local_addr().unwrap());
    let reach = Reach::new(&origin, &Connection::default(), &managed).unwrap();
    let queue = reach.queue(Arc::new(FixedToken::new("token")));
    assert_eq!(
        scrim_queue::QueueServer::session(&queue).unwrap_err(),
        LATER
    );
    assert!(server.accept().is_err(), "nobody came to the server");
}

#[test]
fn a_sign_in_of_an_older_version_is_read() {
    let old = r#"{"origin":"https://q","moderator_id":"m","token":"t"}"#;
    let read: SignIn = serde_json::from_str(old).unwrap();
    assert_eq!(read.connection, Connection::default());
}
