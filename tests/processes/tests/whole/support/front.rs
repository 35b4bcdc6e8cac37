//! TLS in front of the road, with a certificate that can be changed while a desk is there.

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

use super::road::message;

/// Somebody who signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// A server of this machine with a new certificate.
    fn server(&self) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into());
        Arc::new(config.unwrap())
    }
}

struct State {
    shown: Arc<ServerConfig>,
    desks: Vec<TcpStream>,
    /// Connections, and requests that came inside TLS, since this certificate is shown.
    tried: usize,
    heard: usize,
    over: bool,
}

/// See the module.
pub(crate) struct Front {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    accepting: Option<JoinHandle<()>>,
}

impl Front {
    /// In front of `road`, with a certificate of `authority`.
    pub(crate) fn of(road: SocketAddr, authority: &Authority) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            shown: authority.server(),
            desks: Vec::new(),
            tried: 0,
            heard: 0,
            over: false,
        }));
        let theirs = Arc::clone(&state);
        let accepting = std::thread::spawn(move || {
            for desk in listener.incoming() {
                let desk = desk.unwrap();
                let mut state = theirs.lock().unwrap();
                if state.over {
                    return;
                }
                state.tried += 1;
                state.desks.push(desk.try_clone().unwrap());
                let (shown, shared) = (Arc::clone(&state.shown), Arc::clone(&theirs));
                // A desk that does not believe what it is shown goes away.
                std::thread::spawn(move || drop(carry(desk, road, shown, &shared)));
            }
        });
        Self {
            address,
            state,
            accepting: Some(accepting),
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.address)
    }

    /// From now on it has a certificate of `authority`; whoever is connected is cut off.
    pub(crate) fn shows(&self, authority: &Authority) {
        let mut state = self.state.lock().unwrap();
        state.shown = authority.server();
        (state.tried, state.heard) = (0, 0);
        state.cut_off();
    }

    /// Connections, and requests that came inside TLS, since this certificate is shown.
    pub(crate) fn met(&self) -> (usize, usize) {
        let state = self.state.lock().unwrap();
        (state.tried, state.heard)
    }
}

impl State {
    fn cut_off(&mut self) {
        for desk in self.desks.drain(..) {
            // One that has gone is as good as cut off.
            drop(desk.shutdown(Shutdown::Both));
        }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        {
            let mut state = self.state.lock().unwrap();
            state.over = true;
            state.cut_off();
        }
        // Wakes the accepting thread; if that fails it has ended already.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

/// Request by request, each on a connection of its own to the road.
fn carry(
    mut desk: TcpStream,
    road: SocketAddr,
    shown: Arc<ServerConfig>,
    shared: &Mutex<State>,
) -> std::io::Result<()> {
    let mut connection = ServerConnection::new(shown).map_err(std::io::Error::other)?;
    let mut desk = Stream::new(&mut connection, &mut desk);
    while let Some(request) = message(&mut desk)? {
        shared.lock().unwrap().heard += 1;
        let mut server = TcpStream::connect(road)?;
        server.write_all(&request)?;
        let Some(answer) = message(&mut server)? else {
            return Ok(());
        };
        desk.write_all(&answer)?;
    }
    Ok(())
}
