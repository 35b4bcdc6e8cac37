//! A decision from the key to the next item: on record, sent, its receipt on record, the next claim;
//! through the real connector to a real server. Against it: Label Studio's API, submit and next.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use scrim_bench::{Outcome, Rounds, decision, fresh, looks, say};
use scrim_model::Timestamp;
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_store::{Key, Store};
use scrim_wire::protocol::{Claim, ClaimsRequest, DecisionResult};
use serde_json::{Value, json};

#[derive(Parser)]
struct Options {
    /// Folder on the disk that the records are kept on.
    #[arg(long)]
    folder: PathBuf,
    /// Address of the queue server.
    #[arg(long)]
    server: String,
    /// File with a moderator's token.
    #[arg(long)]
    token_file: PathBuf,
    /// Address of Label Studio; without one only Scrim is measured.
    #[arg(long, requires_all = ["peer_token", "peer_project"])]
    peer: Option<String>,
    /// Its token.
    #[arg(long)]
    peer_token: Option<String>,
    /// A project of it whose tasks are not done.
    #[arg(long)]
    peer_project: Option<u64>,
    /// Rounds.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Items in a round.
    #[arg(long, default_value_t = 5)]
    steps: usize,
}

struct Desk {
    queue: HttpQueue,
    store: Store,
    policy_version: u64,
    open: Claim,
}

impl Desk {
    fn new(options: &Options) -> Outcome<Self> {
        let token = std::fs::read_to_string(&options.token_file)?;
        let queue = HttpQueue::new(Origin::parse(&options.server)?, token.trim());
        let folder = options.folder.join("records");
        let (store, _) = Store::open(&folder, &Key::new([7; 32]), now()?)?;
        Ok(Self {
            policy_version: queue.policies()?.version,
            open: next(&queue)?,
            queue,
            store,
        })
    }

    fn step(&mut self) -> Outcome<()> {
        let at = now()?;
        let made = decision(&self.open, self.policy_version, Vec::new(), at)?;
        let (id, mut salts) = (made.decision_id.clone(), || [9; 32]);
        self.store
            .commit_decision(&made, false, &looks(at)?, &mut salts)?;
        self.store.outbox_ready(&id)?;
        self.store
            .outbox_in_flight(std::slice::from_ref(&id), None)?;
        match self.queue.send(&made)? {
            DecisionResult::Accepted { receipt, at } => {
                self.store.outbox_accepted(&id, &receipt, at, false)?;
            }
            other => return Err(format!("the server did not accept: {other:?}").into()),
        }
        self.open = next(&self.queue)?;
        Ok(())
    }
}

fn next(queue: &HttpQueue) -> Outcome<Claim> {
    let request = ClaimsRequest {
        count: 1,
        ..Default::default()
    };
    let mut taken = queue.claim(&fresh(), &request)?;
    taken.claims.pop().ok_or_else(|| "no item is left".into())
}

fn now() -> Outcome<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_millis())?))
}

/// Label Studio, spoken to as its own page does.
struct Peer {
    agent: ureq::Agent,
    address: String,
    token: String,
    project: u64,
    open: u64,
}

impl Peer {
    fn new(address: &str, token: &str, project: u64) -> Outcome<Self> {
        let mut peer = Self {
            agent: ureq::Agent::new_with_defaults(),
            address: address.to_owned(),
            token: format!("Token {token}"),
            project,
            open: 0,
        };
        peer.next()?;
        Ok(peer)
    }

    fn next(&mut self) -> Outcome<()> {
        let url = format!("{}/api/projects/{}/next", self.address, self.project);
        let asked = self.agent.get(url).header("authorization", &self.token);
        let task: Value = asked.call()?.body_mut().read_json()?;
        self.open = task["id"].as_u64().ok_or("no task is left")?;
        Ok(())
    }

    fn step(&mut self) -> Outcome<()> {
        let url = format!("{}/api/tasks/{}/annotations/", self.address, self.open);
        let choice = json!({"from_name": "action", "to_name": "text", "type": "choices",
            "value": {"choices": ["allow"]}});
        let body = json!({"result": [choice], "lead_time": 4.3});
        let sent = self.agent.post(url).header("authorization", &self.token);
        sent.send_json(&body)?.body_mut().read_to_vec()?;
        self.next()
    }
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let mut desk = Desk::new(&options)?;
    let mut peer = match (&options.peer, &options.peer_token, options.peer_project) {
        (Some(address), Some(token), Some(project)) => Some(Peer::new(address, token, project)?),
        _ => None,
    };
    // Both have done their first ones before anything is measured.
    let mut rounds = Rounds::default();
    for round in 0..=options.rounds {
        let base = || peer.as_mut().map_or(Ok(()), Peer::step);
        rounds.round(options.steps, || desk.step(), base)?;
        if round == 0 {
            rounds = Rounds::default();
        }
    }
    if peer.is_none() {
        rounds.base.clear();
    }
    say(&rounds)
}
