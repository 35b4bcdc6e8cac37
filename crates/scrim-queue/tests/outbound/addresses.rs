//! Which addresses are contacted, and through what.

use std::sync::{Arc, Mutex};

use scrim_queue::{
    AllowedOrigins, FixedToken, HttpQueue, Origin, Outbound, ProxyAddress, QueueServer, Trust,
};
use scrim_wire::call::CallFailed;

use crate::listeners::{Authority, ConnectProxy, Listener, Shown, TlsServer, answer_sessions};

fn queue(out: Outbound, origin: &str) -> HttpQueue {
    let origin = Origin::parse(origin).unwrap();
    HttpQueue::through(out, origin, Arc::new(FixedToken::new("secret-token")))
}

fn plain() -> (Listener, String) {
    let server = Listener::start(|stream| answer_sessions(stream, &Mutex::new(Vec::new())));
    let origin = format!("http://{}", server.address);
    (server, origin)
}

#[test]
fn an_address_that_is_not_allowed_is_refused_before_a_socket_is_opened() {
    let ((server, address), (allowed, good)) = (plain(), plain());
    let out = Outbound::new(
        AllowedOrigins::new([Origin::parse(&good).unwrap()]),
        Trust::system(),
    );
    assert!(queue(out.clone(), &good).session().is_ok());
    let refused = queue(out.clone(), &address).session();
    assert_eq!(refused.unwrap_err(), CallFailed::NotAllowed);
    // Not even a name is looked up: this one would not be found, which is another failure.
    let refused = queue(out.clone(), "https://nowhere.invalid").session();
    assert_eq!(refused.unwrap_err(), CallFailed::NotAllowed);
    let other_scheme = address.replace("http:", "https:");
    let refused = queue(out, &other_scheme).session();
    assert_eq!(refused.unwrap_err(), CallFailed::NotAllowed);
    assert_eq!((server.accepted(), allowed.accepted()), (0, 1));
}

#[test]
fn everything_goes_through_the_managed_proxy_which_sees_host_names_and_no_token() {
    let authority = Authority::new();
    let (server, proxy) = (
        TlsServer::start(Shown::good(&authority)),
        ConnectProxy::start(),
    );
    let address = ProxyAddress::parse(&format!("http://{}", proxy.listener.address)).unwrap();
    let origin = Origin::parse(&server.origin()).unwrap();
    let trust = Trust::system().with_authorities(authority.pem.as_bytes(), true);
    let out = Outbound::new(
        AllowedOrigins::new([origin]).through(address),
        trust.unwrap(),
    );
    assert!(queue(out.clone(), &server.origin()).session().is_ok());
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1, "{heads:?}");
    let line = format!("CONNECT {} HTTP/1.1", server.listener.address);
    assert!(heads[0].starts_with(&line), "{heads:?}");
    assert!(!heads[0].contains("secret-token"), "{heads:?}");

    // The proxy opens no way to what is not allowed.
    let (other, elsewhere) = plain();
    let refused = queue(out, &elsewhere).session();
    assert_eq!(refused.unwrap_err(), CallFailed::NotAllowed);
    assert_eq!((other.accepted(), proxy.listener.accepted()), (0, 1));
}

#[test]
fn a_managed_proxy_that_is_gone_is_not_gone_around() {
    let (server, origin) = plain();
    let gone = Listener::start(drop);
    let address = ProxyAddress::parse(&format!("http://{}", gone.address)).unwrap();
    drop(gone);
    let allowed = AllowedOrigins::new([Origin::parse(&origin).unwrap()]).through(address);
    let failed = queue(Outbound::new(allowed, Trust::system()), &origin).session();
    assert_eq!(
        failed.unwrap_err(),
        CallFailed::Unreachable { after_s: None }
    );
    assert_eq!(server.accepted(), 0);
}
