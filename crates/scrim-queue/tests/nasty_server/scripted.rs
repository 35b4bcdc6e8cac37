//! A queue server that answers exactly what it was told to, byte by byte.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// What every connection is answered with.
pub(crate) enum Script {
    /// These bytes for every request; the connection stays open.
    Bytes(Vec<u8>),
    /// These bytes, then the end of the stream.
    BytesThenEnd(Vec<u8>),
    /// These bytes, and a reset: the rest of the request is never read.
    BytesThenReset(Vec<u8>),
    /// The first bytes, then the second ones again and again until the desk goes away.
    Endless(Vec<u8>, Vec<u8>),
    /// The first bytes, then one byte at a time, slowly, until the desk goes away.
    Trickle(Vec<u8>),
}

/// Listens on a free loopback port for as long as it lives.
pub(crate) struct ScriptedServer {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl ScriptedServer {
    pub(crate) fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, over) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (count, ended, script) = (
            Arc::clone(&connections),
            Arc::clone(&over),
            Arc::new(script),
        );
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let (stream, script) = (stream.unwrap(), Arc::clone(&script));
                // The desk may go away at any moment; that ends the conversation and no more.
                std::thread::spawn(move || drop(converse(stream, &script)));
            }
        });
        Self {
            address,
            connections,
            over,
            accepting: Some(accepting),
        }
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread; if that fails it has ended already.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

fn converse(mut stream: TcpStream, script: &Script) -> std::io::Result<()> {
    if let Script::BytesThenReset(bytes) = script {
        // What is unread when a socket is closed makes the system send a reset.
        stream.read_exact(&mut [0; 4])?;
        return stream.write_all(bytes);
    }
    while read_request(&mut stream)? {
        match script {
            Script::Bytes(bytes) => stream.write_all(bytes)?,
            Script::BytesThenEnd(bytes) => return stream.write_all(bytes),
            Script::BytesThenReset(_) => unreachable!("handled above"),
            Script::Endless(first, again) => {
                stream.write_all(first)?;
                loop {
                    stream.write_all(again)?;
                }
            }
            Script::Trickle(first) => {
                stream.write_all(first)?;
                return trickle(stream);
            }
        }
    }
    Ok(())
}

/// One byte whenever the desk has been silent for a moment.
fn trickle(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(20)))?;
    loop {
        match stream.read(&mut [0; 64]) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                stream.write_all(b" ")?;
            }
            Err(e) => return Err(e),
        }
    }
}

/// Reads one request with its body; false at the end of the stream.
fn read_request(stream: &mut TcpStream) -> std::io::Result<bool> {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(false);
        }
        head.push(byte[0]);
        // A desk that speaks TLS to a plain server never ends its head.
        if head.first() == Some(&0x16) {
            return Ok(true);
        }
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.map_or(0, |n| n.trim().parse().unwrap());
    stream.read_exact(&mut vec![0; length])?;
    Ok(true)
}

/// An answer with a right `Content-Length`; `headers` end in CR LF each.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
