//! Whose certificate is believed.

use std::sync::Arc;

use scrim_queue::{
    AllowedOrigins, FixedToken, HttpQueue, Origin, Outbound, Pin, QueueServer, Trust,
};
use scrim_wire::call::{CallFailed, Untrusted};

use crate::listeners::{Authority, Listener, Shown, TlsServer};

fn desk(server: &str, trust: Trust) -> HttpQueue {
    let origin = Origin::parse(server).unwrap();
    let out = Outbound::new(AllowedOrigins::new([origin.clone()]), trust);
    HttpQueue::through(out, origin, Arc::new(FixedToken::new("secret-token")))
}

fn session(server: &str, trust: Trust) -> Result<(), CallFailed> {
    desk(server, trust).session().map(drop)
}

fn trusting(authority: &Authority) -> Trust {
    let trust = Trust::system();
    trust
        .with_authorities(authority.pem.as_bytes(), true)
        .unwrap()
}

fn pinned(authority: &Authority, pins: &[&str]) -> Trust {
    let pins = pins.iter().map(|pin| Pin::parse(pin).unwrap()).collect();
    trusting(authority).with_pins(pins).unwrap()
}

/// The call fails for that reason, and no request, so no token, came to the server.
fn refused(server: &TlsServer, trust: Trust, why: Untrusted) {
    assert_eq!(
        session(&server.origin(), trust),
        Err(CallFailed::Untrusted { why })
    );
    assert_eq!(server.requests(), Vec::<String>::new());
    assert!(server.listener.accepted() > 0, "the server was asked");
}

#[test]
fn an_authority_of_ones_own_is_trusted_alone_or_beside_the_systems() {
    let authority = Authority::new();
    let server = TlsServer::start(Shown::good(&authority));
    assert_eq!(session(&server.origin(), trusting(&authority)), Ok(()));
    let beside = Trust::system();
    let beside = beside.with_authorities(authority.pem.as_bytes(), false);
    assert_eq!(session(&server.origin(), beside.unwrap()), Ok(()));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].contains("Bearer secret-token"), "{requests:?}");
}

/// A kept one would keep what was read last.
#[test]
fn no_connection_outlives_its_call() {
    let authority = Authority::new();
    let server = TlsServer::start(Shown::good(&authority));
    let desk = desk(&server.origin(), trusting(&authority));
    for calls in 1..=3 {
        desk.session().unwrap();
        assert_eq!(server.listener.accepted(), calls);
    }
}

#[test]
fn a_server_that_nobody_trusted_has_signed_gets_no_token() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let server = TlsServer::start(Shown::good(&theirs));
    refused(&server, trusting(&ours), Untrusted::Authority);
    refused(&server, Trust::system(), Untrusted::Authority);
}

#[test]
fn another_name_and_dates_that_are_over_or_to_come_are_told_apart() {
    let authority = Authority::new();
    for (name, years, why) in [
        ("queue.example", (2020, 2120), Untrusted::Name),
        ("127.0.0.1", (2001, 2002), Untrusted::Expired),
        ("127.0.0.1", (2100, 2120), Untrusted::NotYet),
    ] {
        let server = TlsServer::start(Shown::signed_by(&authority, name, years));
        refused(&server, trusting(&authority), why);
    }
}

#[test]
fn a_pin_is_the_servers_own_key_and_only_refuses_more() {
    let authority = Authority::new();
    let (shown, next, other) = (
        Shown::good(&authority),
        Shown::good(&authority),
        Shown::good(&authority),
    );
    let (pin, next, other_pin) = (shown.pin(), next.pin(), other.pin());
    let server = TlsServer::start(shown);
    let good = pinned(&authority, &[&next, &pin]);
    assert_eq!(session(&server.origin(), good), Ok(()));

    // A pinned certificate that is only sent along does not count.
    let impostor = TlsServer::start(Shown::good(&authority).and(&other));
    refused(&impostor, pinned(&authority, &[&other_pin]), Untrusted::Pin);

    // A pin makes nobody trusted.
    let stranger = Shown::good(&Authority::new());
    let known = stranger.pin();
    let stranger = TlsServer::start(stranger);
    refused(
        &stranger,
        pinned(&authority, &[&known]),
        Untrusted::Authority,
    );
}

#[test]
fn a_server_without_tls_is_no_silent_server() {
    let server = Listener::start(|mut stream| {
        drop(std::io::Write::write_all(
            &mut stream,
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
        ));
    });
    assert_eq!(
        session(&format!("https://{}", server.address), Trust::system()),
        Err(CallFailed::Untrusted {
            why: Untrusted::Handshake
        })
    );
    let gone = format!("https://{}", server.address);
    drop(server);
    assert_eq!(
        session(&gone, Trust::system()),
        Err(CallFailed::Unreachable { after_s: None })
    );
}
