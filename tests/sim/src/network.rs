//! The roads between desks and server, and what becomes of a call on one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use scrim_queue::{Answered, Asking, Road, Severed};
use scrim_runtime::{Executor, Job};
use scrim_wire::protocol::{IDEMPOTENCY_KEY, SCRIM_CHAIN_HEAD};

use crate::audit::Audit;
use crate::fault::Fault;
use crate::passage::Doom;
use crate::server::Server;
use crate::shared::open;
use crate::trace::plain;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    /// It does not reach the server.
    pub(crate) is_lost: bool,
    /// It is lost to the caller, and reaches the server after that.
    pub(crate) comes_late: bool,
    /// It reaches the server twice.
    pub(crate) is_doubled: bool,
    /// Its answer is lost.
    pub(crate) answer_is_lost: bool,
    /// The server is too busy for it.
    pub(crate) is_turned_away: bool,
    /// The server dies after it has carried it out, before it answers.
    pub(crate) server_dies: bool,
}

impl Fate {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self { is_lost: true, .. } => "lost",
            Self {
                comes_late: true, ..
            } => "lost, comes late",
            Self {
                is_turned_away: true,
                ..
            } => "turned away",
            Self {
                server_dies: true, ..
            } => "done, and the server dies",
            Self {
                answer_is_lost: true,
                ..
            } => "done, answer lost",
            Self {
                is_doubled: true, ..
            } => "done twice",
            _ => "done",
        }
    }
}

/// Jobs that the runtime has given and the world has not taken up yet.
#[derive(Clone)]
pub(crate) struct Given {
    jobs: Arc<Mutex<Vec<Job>>>,
    doom: Arc<Mutex<Doom>>,
}

impl Given {
    pub(crate) fn on(doom: &Arc<Mutex<Doom>>) -> Self {
        Self {
            jobs: Arc::default(),
            doom: doom.clone(),
        }
    }

    pub(crate) fn take(&self) -> Vec<Job> {
        std::mem::take(&mut open(&self.jobs))
    }
}

impl Executor for Given {
    fn run(&mut self, job: Job) {
        // Nothing leaves a machine that is dead.
        if !open(&self.doom).is_dead() {
            open(&self.jobs).push(job);
        }
    }
}

/// What the world tells the roads, and they the world.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) fate: Fate,
    /// Requests that will reach the server after their callers gave up.
    pub(crate) late: Vec<(usize, Asking)>,
    /// What the call now made was.
    pub(crate) word: String,
    pub(crate) got_through: bool,
}

/// From one desk to the server.
pub(crate) struct DeskRoad {
    pub(crate) desk: usize,
    pub(crate) server: Arc<Mutex<Server>>,
    pub(crate) traffic: Arc<Mutex<Traffic>>,
    pub(crate) audit: Arc<Mutex<Audit>>,
    pub(crate) fault: Option<Fault>,
    /// How often each decision was on this road.
    pub(crate) sent: Mutex<BTreeMap<String, u32>>,
}

impl DeskRoad {
    /// Bugs that show on the road.
    fn spoil(&self, asking: &mut Asking) {
        if asking.path != "/v1/decisions" {
            return;
        }
        let spoiled = match self.fault {
            Some(Fault::NewKeyOnRetry) => IDEMPOTENCY_KEY,
            Some(Fault::ChainHeadSkipped) => SCRIM_CHAIN_HEAD,
            _ => return,
        };
        let mut headers = asking.headers.iter_mut();
        let Some((name, value)) = headers.find(|(name, _)| name == spoiled) else {
            return;
        };
        if name == SCRIM_CHAIN_HEAD {
            let (entries, hash) = value.split_once(':').unwrap_or(("0", ""));
            *value = format!("{}:{hash}", entries.parse().unwrap_or(0) + 1);
        } else {
            let mut sent = open(&self.sent);
            let times = sent.entry(value.clone()).or_insert(0);
            *times += 1;
            if *times > 1 {
                *value = format!("{value}-{times}");
            }
        }
    }
}

impl Road for DeskRoad {
    fn carry(&self, mut asking: Asking) -> Result<Answered, Severed> {
        self.spoil(&mut asking);
        open(&self.audit).asked(self.desk, &asking);
        let mut traffic = open(&self.traffic);
        let fate = traffic.fate;
        let path = plain(&asking.path);
        traffic.word = format!("{} {path}: {}", asking.method, fate.word());
        if fate.is_lost {
            return Err(Severed);
        }
        if fate.comes_late {
            traffic.late.push((self.desk, asking));
            return Err(Severed);
        }
        if fate.is_turned_away {
            let body = br#"{"code":"slow_down","message":"","retry":{"after_s":3}}"#.to_vec();
            return Ok(Answered { status: 429, body });
        }
        let call = || open(&self.server).call(&asking);
        let mut answer = call();
        if fate.is_doubled {
            answer = call();
        }
        if let Ok(answered) = &answer {
            open(&self.audit).server_did(self.desk, &asking, answered);
        }
        if fate.answer_is_lost || fate.server_dies {
            return Err(Severed);
        }
        traffic.got_through = answer.is_ok();
        answer
    }
}
