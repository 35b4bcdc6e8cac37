//! The way from desk to server: a small proxy whose gate can stop a call on either leg, and which
//! keeps the books of claims.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::PATIENCE;
use super::books::{Books, decisions_in};

/// Longest wait of one look at what was bent.
const MOMENT: Duration = Duration::from_millis(300);

/// The calls that a gate can stand in front of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Claims,
    Decisions,
    Item,
    Medium,
    Release,
}

impl Call {
    fn is(self, request: &[u8]) -> bool {
        let line = request.split(|byte| *byte == b'\r').next().unwrap();
        let line = String::from_utf8_lossy(line);
        let starts = |words: &str| line.starts_with(words);
        match self {
            Self::Claims => starts("POST /v1/claims "),
            Self::Decisions => starts("POST /v1/decisions "),
            Self::Item => starts("GET /v1/items/") && !line.contains("/media/"),
            Self::Medium => starts("GET /v1/items/") && line.contains("/media/"),
            Self::Release => starts("POST /v1/claims/release "),
        }
    }
}

/// What happens to one kind of call. Everything else passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// The request waits, and goes on when the gate opens.
    HoldsRequests,
    /// The request never arrives, and no answer comes.
    LosesRequests,
    /// The server takes it, and its answer never arrives.
    LosesAnswers,
}

/// What becomes of an answer on its way to the desk.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    /// These bytes; the conversation goes on.
    Bytes(Vec<u8>),
    /// These bytes, and the end of the stream.
    Half(Vec<u8>),
    /// These bytes, and a reset.
    Reset(Vec<u8>),
    /// These bytes, one whenever the desk has been silent for a moment, and the end of the stream.
    Trickle(Vec<u8>),
}

/// Makes something else of an answer: the request's first line, and the answer.
pub(crate) type Bend = Box<dyn FnMut(&str, Vec<u8>) -> Told + Send>;

struct State {
    bend: Option<Bend>,
    /// Answers that were bent, and those of them to decisions.
    bent: (usize, usize),
    call: Call,
    gate: Gate,
    books: Books,
    server: SocketAddr,
    over: bool,
    /// Decisions that came to the gate.
    sent: usize,
    /// Calls that have come to the gate since it was closed.
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
            bend: None,
            bent: (0, 0),
            call: Call::Decisions,
            gate: Gate::Open,
            books: Books::default(),
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

    /// The gate in front of decisions. What was lost goes no further when it opens: its connection ends.
    pub(crate) fn set(&self, gate: Gate) {
        self.set_for(Call::Decisions, gate);
    }

    /// The same in front of another call. There is one gate at a time.
    pub(crate) fn set_for(&self, call: Call, gate: Gate) {
        self.change(|state| {
            (state.call, state.gate) = (call, gate);
            if gate != Gate::Open {
                state.lost = 0;
            }
        });
    }

    /// From now on each answer is bent; `None`: the road is honest again.
    pub(crate) fn bend(&self, bend: Option<Bend>) {
        self.change(|state| state.bend = bend);
    }

    /// Answers that were bent so far and those of them to decisions, after another one or a moment.
    pub(crate) fn bent(&self) -> (usize, usize) {
        let state = self.shared.0.lock().unwrap();
        let before = state.bent;
        let same = |s: &mut State| s.bent == before;
        let waited = self.shared.1.wait_timeout_while(state, MOMENT, same);
        waited.unwrap().0.bent
    }

    /// Lets everything pass.
    pub(crate) fn open(&self) {
        self.change(|state| state.gate = Gate::Open);
    }

    /// What the server granted and got back so far.
    pub(crate) fn books(&self) -> Books {
        self.shared.0.lock().unwrap().books.clone()
    }

    /// Where the server is after a restart.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        self.change(|state| state.server = server);
    }

    /// Decisions that came to the gate so far.
    pub(crate) fn sent(&self) -> usize {
        self.shared.0.lock().unwrap().sent
    }

    /// Waits until a call stands at the closed gate.
    #[track_caller]
    pub(crate) fn until_lost(&self) {
        let state = self.shared.0.lock().unwrap();
        let (state, _) = self
            .shared
            .1
            .wait_timeout_while(state, PATIENCE, |s| s.lost == 0)
            .unwrap();
        let (lost, call) = (state.lost, state.call);
        drop(state);
        assert!(lost > 0, "no {call:?} came");
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
        let gate = {
            let mut state = shared.0.lock().unwrap();
            if Call::Decisions.is(&request) {
                state.sent += decisions_in(&request);
            }
            let is_stopped = state.call.is(&request);
            if is_stopped { state.gate } else { Gate::Open }
        };
        match gate {
            Gate::LosesRequests => return wait_at(gate, shared),
            Gate::HoldsRequests => wait_at(gate, shared)?,
            Gate::Open | Gate::LosesAnswers => {}
        }
        let at = shared.0.lock().unwrap().server;
        let mut server = TcpStream::connect(at)?;
        server.write_all(&request)?;
        let Some(answer) = message(&mut server)? else {
            return Ok(());
        };
        shared.0.lock().unwrap().books.keep(&request, &answer);
        if gate == Gate::LosesAnswers {
            return wait_at(gate, shared);
        }
        match bent(&request, answer, shared) {
            Told::Bytes(bytes) => desk.write_all(&bytes)?,
            Told::Half(bytes) => return desk.write_all(&bytes),
            Told::Trickle(bytes) => return trickle(&mut desk, &bytes),
            Told::Reset(bytes) => {
                desk.write_all(&bytes)?;
                set_socket_linger(&desk, Some(Duration::ZERO))?;
                return Ok(());
            }
        }
    }
    Ok(())
}

fn bent(request: &[u8], answer: Vec<u8>, shared: &Shared) -> Told {
    let line = request.split(|byte| *byte == b'\r').next().unwrap();
    let line = String::from_utf8_lossy(line);
    let mut state = shared.0.lock().unwrap();
    let Some(bend) = &mut state.bend else {
        return Told::Bytes(answer);
    };
    let told = bend(&line, answer);
    state.bent.0 += 1;
    state.bent.1 += usize::from(Call::Decisions.is(request));
    shared.1.notify_all();
    told
}

fn trickle(desk: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    desk.set_read_timeout(Some(Duration::from_millis(5)))?;
    for byte in bytes {
        match desk.read(&mut [0; 1]) {
            // It has gone, or says something in the middle of an answer.
            Ok(_) => return Ok(()),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(e) => return Err(e),
        }
        desk.write_all(&[*byte])?;
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
pub(super) fn message(stream: &mut impl Read) -> std::io::Result<Option<Vec<u8>>> {
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
