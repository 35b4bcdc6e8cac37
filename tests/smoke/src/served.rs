//! A real queue server in a process of its own, with the items that a journey wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use scrim_model::{Decision, DecisionId, DeskId, PolicyTree};
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::{Clock, SystemClock, sibling};
use scrim_samples::{Line, POLICIES_JSON, QUEUES_JSON, Sample};
use scrim_wire::protocol::{
    Claim, ClaimsRequest, DecisionResult, HeldDecisions, Outcome, Outcomes, OutcomesAck, ReleaseWhy,
};
use serde_json::json;

use crate::stage::Failed;

/// Below the ports that the kernel gives away: nobody else gets that of a server while it is down.
const FIRST_PORT: u32 = 20_000;
const PORTS: u32 = 12_000;
/// Most ports that are tried for a server.
const TRIES: u32 = 5;

/// A running server. It ends with its owner.
pub(crate) struct Served {
    folder: PathBuf,
    child: Option<Child>,
    environment: &'static str,
    /// `http://127.0.0.1:PORT`, the same over restarts.
    pub(crate) origin: String,
    pub(crate) token: String,
}

impl Served {
    /// Seeds a database in `folder` with `samples` and serves it.
    pub(crate) fn start(
        folder: &Path,
        samples: &[Sample],
        environment: &'static str,
    ) -> Result<Self, Failed> {
        let items = folder.join("items");
        write_items(&items, samples)?;
        let mut served = Self {
            folder: folder.to_owned(),
            child: None,
            environment,
            origin: String::new(),
            token: String::new(),
        };
        served.command(&["seed", "--from", &items.to_string_lossy()])?;
        served.token = served.token_of("moderator-1", "moderator")?;
        served.serve_first()?;
        Ok(served)
    }

    /// A server that somebody else runs. Nothing can be set up there.
    pub(crate) fn elsewhere(origin: String, token: String) -> Self {
        Self {
            folder: PathBuf::new(),
            child: None,
            environment: "test",
            origin,
            token,
        }
    }

    fn program(&self, arguments: &[&str]) -> Result<Command, Failed> {
        let mut command = Command::new(sibling("scrim-server")?);
        if std::env::var_os("SCRIM_LOG").is_none() {
            command.env("SCRIM_LOG", "warn");
        }
        command
            .args(arguments)
            .arg("--db")
            .arg(self.folder.join("queue.db"));
        Ok(command)
    }

    fn command(&self, arguments: &[&str]) -> Result<String, Failed> {
        let out = self.program(arguments)?.output()?;
        if !out.status.success() {
            return Err(Failed::new(String::from_utf8_lossy(&out.stderr)));
        }
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }

    /// Serves at the first port that is free.
    fn serve_first(&mut self) -> Result<(), Failed> {
        for _ in 1..TRIES {
            if self.serve(&next_address()).is_ok() {
                return Ok(());
            }
        }
        // What is wrong with all of them is said of the last one.
        self.serve(&next_address())
    }

    fn serve(&mut self, listen: &str) -> Result<(), Failed> {
        let arguments = [
            "serve",
            "--listen",
            listen,
            "--environment",
            self.environment,
            "--duty-contact",
            "Duty=555 0100",
            // It ends with this process, however that ends.
            "--parent-watch",
        ];
        let mut child = self
            .program(&arguments)?
            .stdout(Stdio::piped())
            .stdin(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take();
        self.child = Some(child);
        match origin_said(out) {
            Ok(origin) => self.origin = origin,
            Err(failed) => {
                self.kill()?;
                return Err(failed);
            }
        }
        Ok(())
    }

    /// The moderator's decisions, as the server holds them.
    pub(crate) fn decisions(&self) -> Result<Vec<Decision>, Failed> {
        let body = self.get("/v1/decisions?scope=mine", &self.token)?;
        let held: HeldDecisions = serde_json::from_str(&body)?;
        Ok(held.decisions.into_iter().map(|row| row.decision).collect())
    }

    /// What the platform is told to carry out.
    pub(crate) fn outcomes(&self) -> Result<Vec<Outcome>, Failed> {
        let token = self.token_of("platform", "effect")?;
        let body = self.get("/v1/outcomes?since=0", &token)?;
        let told: Outcomes = serde_json::from_str(&body)?;
        Ok(told.outcomes)
    }

    /// How often a medium's bytes were handed out since the server started.
    pub(crate) fn media_served(&self) -> Result<u64, Failed> {
        self.counted("served")
    }

    /// The same of smaller versions.
    pub(crate) fn covers_served(&self) -> Result<u64, Failed> {
        self.counted("covers")
    }

    fn counted(&self, what: &str) -> Result<u64, Failed> {
        let body = self.get("/v1/test/media-count", &self.token)?;
        let count: serde_json::Value = serde_json::from_str(&body)?;
        let counted = count[what].as_u64();
        counted.ok_or_else(|| Failed::new(format!("the server counts {body}")))
    }

    fn get(&self, path: &str, token: &str) -> Result<String, Failed> {
        self.call(&format!("GET {path} HTTP/1.1"), token, "")
    }

    /// The body of the answer; what is no success is a failure.
    fn call(&self, head: &str, token: &str, body: &str) -> Result<String, Failed> {
        let address = self.origin.trim_start_matches("http://");
        let mut line = TcpStream::connect(address)?;
        write!(
            line,
            "{head}\r\nHost: {address}\r\n\
             Authorization: Bearer {token}\r\nConnection: close\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        match answer.split_once("\r\n\r\n") {
            Some((said, body)) if said.starts_with("HTTP/1.1 2") => Ok(body.to_owned()),
            _ => Err(Failed::new(format!("the server answers {answer:?}"))),
        }
    }

    /// Sets the protection floor, as whoever runs the server does.
    pub(crate) fn set_floor(&self, floor: &serde_json::Value) -> Result<(), Failed> {
        let file = self.folder.join("floor.json");
        std::fs::write(&file, floor.to_string())?;
        self.command(&["floor", "set", &file.to_string_lossy()])
            .map(drop)
    }

    /// The policies are another version from now on.
    pub(crate) fn set_policies(&self, tree: &PolicyTree) -> Result<(), Failed> {
        let file = self.folder.join("policies-new.json");
        std::fs::write(&file, serde_json::to_string(tree)?)?;
        self.command(&["policy", "set", "--file", &file.to_string_lossy()])
            .map(drop)
    }

    /// Names a safety contact, as whoever runs the server does.
    pub(crate) fn set_safety_contact(&self, contact: &str) -> Result<(), Failed> {
        self.command(&["safety-contact", "set", contact]).map(drop)
    }

    /// What the safety contact is told: a line an item.
    pub(crate) fn safety_notices(&self) -> Result<String, Failed> {
        self.command(&["safety-contact", "notices"])
    }

    /// The moderator undoes a decision elsewhere.
    pub(crate) fn revert(&self, decision: &DecisionId) -> Result<(), Failed> {
        let queue = HttpQueue::new(Origin::parse(&self.origin)?, &self.token);
        queue
            .revert(&format!("elsewhere-{decision}"), decision, "")
            .map(drop)
            .map_err(Failed::from)
    }

    /// The platform has carried out everything that it was told; from then on who was told stays told.
    pub(crate) fn carried_out(&self) -> Result<(), Failed> {
        let token = self.token_of("platform", "effect")?;
        let told: Outcomes = serde_json::from_str(&self.get("/v1/outcomes?since=0", &token)?)?;
        let body = serde_json::to_string(&OutcomesAck { up_to: told.next })?;
        let head = format!(
            "POST /v1/outcomes/ack HTTP/1.1\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nIdempotency-Key: carried-out",
            body.len()
        );
        self.call(&head, &token, &body).map(drop)
    }

    /// The item is taken in once more, as a newer version.
    pub(crate) fn change(&self, sample: &Sample) -> Result<(), Failed> {
        let folder = self.folder.join("changed");
        write_items(&folder, std::slice::from_ref(sample))?;
        self.command(&["seed", "--from", &folder.to_string_lossy()])
            .map(drop)
    }

    /// The claim of a decision that waits at the desk ends, and somebody of this role decides the
    /// item in the meantime.
    pub(crate) fn decide_first(&self, waiting: &Decision, role: &str) -> Result<(), Failed> {
        let own = HttpQueue::new(Origin::parse(&self.origin)?, &self.token);
        let claim = std::slice::from_ref(&waiting.claim_id);
        own.release("elsewhere-release", claim, &ReleaseWhy::Returned)?;
        let other = self.person("somebody-else", role)?;
        let request = ClaimsRequest {
            count: 8,
            ..ClaimsRequest::default()
        };
        let taken = other.claim("somebody-else-claim", &request)?.claims;
        let (first, others): (Vec<_>, Vec<_>) = taken
            .into_iter()
            .partition(|claim| claim.item.id == waiting.item_id);
        let spare: Vec<_> = others.into_iter().map(|claim| claim.claim_id).collect();
        if !spare.is_empty() {
            other.release("somebody-else-release", &spare, &ReleaseWhy::Returned)?;
        }
        let first = first
            .first()
            .ok_or_else(|| Failed::new("the item is not served to anybody else"))?;
        decide(&other, first, "decision-first", 0)
    }

    /// A token of somebody else.
    pub(crate) fn person(&self, user: &str, role: &str) -> Result<HttpQueue, Failed> {
        let token = self.token_of(user, role)?;
        Ok(HttpQueue::new(Origin::parse(&self.origin)?, &token))
    }

    /// Somebody decides what they have claimed.
    pub(crate) fn judge(
        &self,
        who: &HttpQueue,
        claim: &Claim,
        id: &str,
        judged: &Judged<'_>,
    ) -> Result<(), Failed> {
        decide_as(who, claim, id, judged)
    }

    pub(crate) fn token_of(&self, user: &str, role: &str) -> Result<String, Failed> {
        let made = self.command(&["token", "add", "--user", user, "--role", role])?;
        Ok(made.trim().to_owned())
    }

    /// The same person decides an item at another desk, of which they saw `clear_ms` clear at
    /// severity 3.
    pub(crate) fn decide_elsewhere(&self, clear_ms: u64) -> Result<(), Failed> {
        let desk = DeskId::new("another-desk")?;
        let queue = HttpQueue::new(Origin::parse(&self.origin)?, &self.token).for_desk(desk);
        let request = ClaimsRequest {
            count: 1,
            ..ClaimsRequest::default()
        };
        let taken = queue.claim("claim-elsewhere", &request)?;
        let claim = taken
            .claims
            .into_iter()
            .next()
            .ok_or_else(|| Failed::new("nothing is left for another desk"))?;
        decide(&queue, &claim, "decision-elsewhere", clear_ms)
    }

    /// Kills the server, as a power cut would.
    pub(crate) fn kill(&mut self) -> Result<(), Failed> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Serves the same database at the same address again.
    pub(crate) fn back(&mut self) -> Result<(), Failed> {
        let listen = self.origin.trim_start_matches("http://").to_owned();
        self.serve(&listen)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // The process is a child of this one: if it cannot be killed, it has ended by itself.
        drop(self.kill());
    }
}

/// An address that no other server of this process has had, and hardly one of another process.
fn next_address() -> String {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    // Processes that run at once have ids that are near: a prime takes their ports apart.
    let n = std::process::id().wrapping_mul(7_919);
    let n = n.wrapping_add(TRIED.fetch_add(1, Ordering::Relaxed));
    format!("127.0.0.1:{}", FIRST_PORT + n % PORTS)
}

/// The first line of a server is where it listens.
fn origin_said(out: Option<ChildStdout>) -> Result<String, Failed> {
    let out = out.ok_or_else(|| Failed::new("the server has no output"))?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let origin = line.trim().strip_prefix("listening on ");
    let origin = origin.ok_or_else(|| Failed::new("the server did not start"))?;
    Ok(origin.to_owned())
}

/// What somebody finds.
pub(crate) struct Judged<'a> {
    policies: &'a [&'a str],
    action: &'a str,
    severity: u8,
    clear_ms: u64,
}

impl Judged<'_> {
    /// Removed for violence.
    pub(crate) const REMOVED: Judged<'static> = Judged {
        policies: &["violence"],
        action: "remove",
        severity: 3,
        clear_ms: 1_000,
    };
    /// Nothing against it.
    pub(crate) const ALLOWED: Judged<'static> = Judged {
        policies: &[],
        action: "allow",
        severity: 0,
        clear_ms: 1_000,
    };
}

/// A removal for violence, by whoever has the claim.
fn decide(queue: &HttpQueue, claim: &Claim, id: &str, clear_ms: u64) -> Result<(), Failed> {
    let judged = Judged {
        clear_ms,
        ..Judged::REMOVED
    };
    decide_as(queue, claim, id, &judged)
}

fn decide_as(
    queue: &HttpQueue,
    claim: &Claim,
    id: &str,
    judged: &Judged<'_>,
) -> Result<(), Failed> {
    let policies = queue.policies()?;
    let clear_ms = judged.clear_ms;
    let decision: Decision = serde_json::from_value(json!({
        "decision_id": id, "item_id": claim.item.id,
        "item_version": claim.item.version, "queue_id": claim.queue_id,
        "claim_id": claim.claim_id, "fence": claim.fence, "policy_version": policies.version,
        "policy_ids": judged.policies, "actions": [{"kind": judged.action}],
        "severity": judged.severity,
        "unsure": false, "decided_at": SystemClock.now().utc(), "skew_ms": 0,
        "handle_ms": clear_ms, "media": [{"n": 0, "state": "full", "file_viewed": "yes",
            "ms_covered": 0, "ms_clear": clear_ms}]}))?;
    match queue.send(&decision)? {
        DecisionResult::Accepted { .. } => Ok(()),
        other => Err(Failed::new(format!("the decision {id}: {other:?}"))),
    }
}

fn write_items(folder: &Path, samples: &[Sample]) -> Result<(), Failed> {
    std::fs::create_dir_all(folder.join("media"))?;
    std::fs::write(folder.join("policies.json"), POLICIES_JSON)?;
    std::fs::write(folder.join("queues.json"), QUEUES_JSON)?;
    let mut lines = std::fs::File::create(folder.join("items.jsonl"))?;
    for sample in samples {
        for (name, bytes) in sample.files.iter().chain(sample.covers.iter().flatten()) {
            std::fs::write(folder.join(name), bytes)?;
        }
        let files = sample.files.iter().map(|(name, _)| name.clone()).collect();
        serde_json::to_writer(
            &mut lines,
            &Line {
                ingest: sample.ingest.clone(),
                files,
                covers: sample.cover_names(),
            },
        )?;
        lines.write_all(b"\n")?;
    }
    Ok(())
}
