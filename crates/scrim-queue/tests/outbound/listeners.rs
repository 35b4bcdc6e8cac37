//! A TLS queue server and a CONNECT proxy on loopback ports, each counting what reaches it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use sha2::{Digest, Sha256};

const SESSION: &str = r#"{"moderator_id":"m1","display_name":"M","roles":["moderator"],
    "server_time":"2026-01-01T00:00:00Z","environment":"test"}"#;

/// Accepts until it is dropped; `each` gets every connection on a thread of its own.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    accepted: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Listener {
    pub(crate) fn start(each: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (accepted, over) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (count, ended, each) = (accepted.clone(), over.clone(), Arc::new(each));
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let each = each.clone();
                std::thread::spawn(move || each(stream.unwrap()));
            }
        });
        Self {
            address,
            accepted,
            over,
            accepting: Some(accepting),
        }
    }

    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread; if that fails it has ended already.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

/// Reads one request's head; false at the end of the stream or when the other side goes away.
fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Answers every request as a queue server answers `GET /v1/session`.
pub(crate) fn answer_sessions(mut stream: impl Read + Write, heads: &Mutex<Vec<String>>) {
    while let Some(head) = read_head(&mut stream) {
        heads.lock().unwrap().push(head);
        let length = SESSION.len();
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{SESSION}");
        // A desk that went away reads no more; the next read ends this.
        drop(stream.write_all(answer.as_bytes()));
    }
}

/// An authority of one's own.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        params
            .distinguished_name
            .push(DnType::CommonName, "Test authority");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }
}

/// What a server shows of itself.
pub(crate) struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Shown {
    pub(crate) fn signed_by(authority: &Authority, name: &str, years: (i32, i32)) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let chain = vec![
            params
                .signed_by(&key, &authority.issuer)
                .unwrap()
                .der()
                .clone(),
        ];
        Self { chain, key }
    }

    /// Good for 127.0.0.1, now.
    pub(crate) fn good(authority: &Authority) -> Self {
        Self::signed_by(authority, "127.0.0.1", (2020, 2120))
    }

    /// Sends this certificate of another server along.
    pub(crate) fn and(mut self, other: &Shown) -> Self {
        self.chain.extend(other.chain.iter().cloned());
        self
    }

    /// `sha256:` and the hash of its public key, as an administrator writes it down.
    pub(crate) fn pin(&self) -> String {
        let pem = self.key.public_key_pem();
        let spki = <rustls::pki_types::SubjectPublicKeyInfoDer as rustls::pki_types::pem::PemObject>::from_pem_slice(pem.as_bytes()).unwrap();
        let hash = Sha256::digest(spki.as_ref());
        let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{digits}")
    }
}

/// A queue server behind TLS.
pub(crate) struct TlsServer {
    pub(crate) listener: Listener,
    pub(crate) heads: Arc<Mutex<Vec<String>>>,
}

impl TlsServer {
    pub(crate) fn start(shown: Shown) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivatePkcs8KeyDer::from(shown.key.serialize_der());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(shown.chain, key.into())
            .unwrap();
        let (config, heads) = (Arc::new(config), Arc::new(Mutex::new(Vec::new())));
        let seen = heads.clone();
        let listener = Listener::start(move |mut socket| {
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            answer_sessions(Stream::new(&mut connection, &mut socket), &seen);
        });
        Self { listener, heads }
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.listener.address)
    }

    /// Heads of requests that arrived inside TLS.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// A proxy that knows CONNECT and nothing else.
pub(crate) struct ConnectProxy {
    pub(crate) listener: Listener,
    heads: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    pub(crate) fn start() -> Self {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = heads.clone();
        let listener = Listener::start(move |mut desk| {
            let Some(head) = read_head(&mut desk) else {
                return;
            };
            let target = head.split(' ').nth(1).unwrap().to_owned();
            seen.lock().unwrap().push(head);
            let mut server = TcpStream::connect(target).unwrap();
            desk.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let (mut from_desk, mut to_server) =
                (desk.try_clone().unwrap(), server.try_clone().unwrap());
            let up = std::thread::spawn(move || {
                drop(std::io::copy(&mut from_desk, &mut to_server));
                drop(to_server.shutdown(std::net::Shutdown::Write));
            });
            drop(std::io::copy(&mut server, &mut desk));
            drop(desk.shutdown(std::net::Shutdown::Write));
            drop(up.join());
        });
        Self { listener, heads }
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}
