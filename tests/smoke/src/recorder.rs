//! What leaves and what is said: a way to the server that writes every byte down, and a log that
//! does the same at its most talkative.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use crate::stage::Failed;

type Bytes = Arc<Mutex<Vec<u8>>>;

fn add(to: &Bytes, bytes: &[u8]) {
    let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
    to.extend_from_slice(bytes);
}

fn copy_of(bytes: &Bytes) -> Vec<u8> {
    let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
    bytes.clone()
}

/// A way to the server. It ends with the process.
pub(crate) struct Road {
    /// `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    sent: Bytes,
}

impl Road {
    /// Leads to `origin`.
    pub(crate) fn to(origin: &str) -> Result<Self, Failed> {
        let server: SocketAddr = origin.trim_start_matches("http://").parse()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let sent = Bytes::default();
        let theirs = Arc::clone(&sent);
        std::thread::spawn(move || {
            for desk in listener.incoming().flatten() {
                let sent = Arc::clone(&theirs);
                // Either end may go away at any moment; that closes the other one and no more.
                std::thread::spawn(move || drop(carry(desk, server, &sent)));
            }
        });
        Ok(Self { origin, sent })
    }

    /// Every byte that a desk has sent.
    pub(crate) fn sent(&self) -> Vec<u8> {
        copy_of(&self.sent)
    }
}

/// Written down first, then handed on: what the server has is always in the record.
fn carry(desk: TcpStream, server: SocketAddr, sent: &Bytes) -> std::io::Result<()> {
    let server = TcpStream::connect(server)?;
    let (mut answers, mut back) = (server.try_clone()?, desk.try_clone()?);
    std::thread::spawn(move || {
        let copied = std::io::copy(&mut answers, &mut back);
        drop(copied.and_then(|_| back.shutdown(Shutdown::Both)));
    });
    let (mut desk, mut server) = (desk, server);
    let mut buffer = [0_u8; 16 * 1024];
    loop {
        let read = desk.read(&mut buffer)?;
        if read == 0 {
            return server.shutdown(Shutdown::Write);
        }
        add(sent, &buffer[..read]);
        server.write_all(&buffer[..read])?;
    }
}

/// Everything that this process logs from now on, at every level.
#[derive(Clone, Default)]
pub(crate) struct Log(Bytes);

impl Log {
    /// Only one in a process.
    pub(crate) fn begin() -> Result<Self, Failed> {
        let log = Self::default();
        let lines = log.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || lines.clone())
            .try_init()
            .map_err(|fault| Failed::new(fault.to_string()))?;
        Ok(log)
    }

    pub(crate) fn lines(&self) -> Vec<u8> {
        copy_of(&self.0)
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        add(&self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
