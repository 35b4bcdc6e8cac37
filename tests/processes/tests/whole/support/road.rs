//! The way from desk to server: a small proxy whose gate can lose decisions on either leg.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use super::PATIENCE;

/// What happens to `POST /v1/decisions`. Everything else passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// The request never arrives, and no answer comes.
    LosesRequests,
    /// The server takes it, and its answer never arrives.
    LosesAnswers,
}

struct State {
    gate: Gate,
    server: SocketAddr,
    over: bool,
    /// Decisions that came to the gate.
    sent: usize,
    /// Decisions that stand at a closed gate.
    lost: usize,
}

type Shared = Arc<(Mutex<State>, Condvar)>;

pub(crate) struct Road {
    pub(crate) address: SocketAddr,
    shared: Shared,
    accepting: Option<JoinHandle<()>>,
}

impl Road {
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            gate: Gate::Open,
            server,
            over: false,
            sent: 0,
            lost: 0,
        };
        let shared: Shared = Arc::new((Mutex::new(state), Condvar::new()));
        let theirs = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if theirs.0.lock().unwrap().over {
                    return;
                }
                let (stream, shared) = (stream.unwrap(), Arc::clone(&theirs));
                // Either end may go away at any moment; that closes the other one and no more.
                std::thread::spawn(move || drop(carry(stream, &shared)));
            }
        });
        Self {
            address,
            shared,
            accepting: Some(accepting),
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.0.lock().unwrap());
        self.shared.1.notify_all();
    }

    /// Decisions that stand at a closed gate go no further when it opens: their connection ends.
    pub(crate) fn set(&self, gate: Gate) {
        self.change(|state| state.gate = gate);
    }

    /// Where the server is after a restart.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        self.change(|state| state.server = server);
    }

    /// Decisions that came to the gate so far.
    pub(crate) fn sent(&self) -> usize {
        self.shared.0.lock().unwrap().sent
    }

    /// Waits until a decision stands at the closed gate.
    #[track_caller]
    pub(crate) fn until_lost(&self) {
        let state = self.shared.0.lock().unwrap();
        let (state, _) = self
            .shared
            .1
            .wait_timeout_while(state, PATIENCE, |s| s.lost == 0)
            .unwrap();
        assert!(state.lost > 0, "no decision came");
    }
}

impl Drop for Road {
    fn drop(&mut self) {
        self.change(|state| state.over = true);
        // Wakes the accepting thread; if that fails it has ended already.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

/// Request by request, each on a connection of its own to wherever the server is now.
fn carry(mut desk: TcpStream, shared: &Shared) -> std::io::Result<()> {
    while let Some(request) = message(&mut desk)? {
        let is_decision = request.starts_with(b"POST /v1/decisions ");
        let (gate, at) = {
            let mut state = shared.0.lock().unwrap();
            state.sent += usize::from(is_decision);
            (
                if is_decision { state.gate } else { Gate::Open },
                state.server,
            )
        };
        if gate == Gate::LosesRequests {
            return wait_at(gate, shared);
        }
        let mut server = TcpStream::connect(at)?;
        server.write_all(&request)?;
        let answer = message(&mut server)?;
        if gate == Gate::LosesAnswers {
            return wait_at(gate, shared);
        }
        let Some(answer) = answer else { return Ok(()) };
        desk.write_all(&answer)?;
    }
    Ok(())
}

/// Holds the desk's connection open, without a word, for as long as the gate is as it is.
fn wait_at(gate: Gate, shared: &Shared) -> std::io::Result<()> {
    let mut state = shared.0.lock().unwrap();
    state.lost += 1;
    shared.1.notify_all();
    drop(
        shared
            .1
            .wait_while(state, |state| state.gate == gate && !state.over)
            .unwrap(),
    );
    Ok(())
}

/// One HTTP message with its body; `None` at the end of the stream.
fn message(stream: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut byte = [0; 1];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    assert!(
        !head.contains("transfer-encoding"),
        "both ends say how long their bodies are"
    );
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.map_or(0, |n| n.trim().parse().unwrap());
    let start = bytes.len();
    bytes.resize(start + length, 0);
    stream.read_exact(&mut bytes[start..])?;
    Ok(Some(bytes))
}
