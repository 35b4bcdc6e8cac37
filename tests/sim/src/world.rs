//! One seed, one world: what is due happens in the order of true time, one thing after the other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use scrim_model::{ItemId, ModeratorId};
use scrim_queue::Asking;
use scrim_runtime::{Inward, Job};

use crate::audit::{Audit, Breach};
use crate::clocks::{MachineClock, TrueTime};
use crate::desk::{Around, Desk, token};
use crate::fault::Fault;
use crate::items;
use crate::limits::{ACT_MS, BLOW_MS, DESKS, ITEMS, SAFETY_MS};
use crate::network::Traffic;
use crate::rng::Rng;
use crate::server::Server;
use crate::shared::open;
use crate::trace::Trace;

/// The simulation itself cannot go on: no finding about Scrim.
#[derive(Debug)]
pub(crate) struct Unfit(String);

impl Unfit {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Unfit {
    fn from(fault: E) -> Self {
        Self(format!("the world cannot go on: {fault:?}"))
    }
}

/// How a world went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Went {
    /// The first promise that was broken.
    pub breach: Option<Breach>,
    /// Of the whole trace.
    pub hash: u64,
    /// Steps of the trace.
    pub steps: u64,
    /// Decisions made.
    pub decisions: usize,
    /// Those that did not go through as made, and were listed so.
    pub conflicts: usize,
    /// Agents and servers that ended without a word.
    pub deaths: usize,
    /// Calls that did not get through.
    pub lost_calls: usize,
    /// Calls with more than one decision.
    pub calls_of_many: usize,
}

/// What is due.
pub(crate) enum Due {
    /// A desk's time passes.
    Tick { desk: usize, life: u64 },
    /// A moderator does something.
    Act { desk: usize },
    /// A call is on the road.
    Call { desk: usize, life: u64, job: Job },
    /// A request reaches the server after its caller gave up.
    LateRequest { desk: usize, asking: Asking },
    /// Something reaches a runtime.
    Message {
        desk: usize,
        life: u64,
        message: Inward,
    },
    /// Something happens to the world.
    Blow,
    /// An agent starts again.
    Start { desk: usize },
    /// A window is started again.
    Window { desk: usize, life: u64 },
    /// A machine wakes up after so long.
    Wake { desk: usize, ms: u64 },
    /// A line is there again.
    LineUp { desk: usize },
    /// The server starts again.
    ServerStart,
}

/// See the module.
pub(crate) struct World {
    pub(crate) rng: Rng,
    pub(crate) time: TrueTime,
    pub(crate) around: Around,
    pub(crate) desks: Vec<Desk>,
    pub(crate) trace: Arc<Mutex<Trace>>,
    pub(crate) items: Vec<ItemId>,
    pub(crate) policies: u64,
    /// Moderators work and things break.
    pub(crate) is_stormy: bool,
    pub(crate) went: Went,
    users: usize,
    due: BTreeMap<(u64, u64), Due>,
    dues: u64,
    _folder: tempfile::TempDir,
}

/// The id of user `user`.
pub(crate) fn user_id(user: usize) -> Result<ModeratorId, Unfit> {
    Ok(ModeratorId::new(format!("user-{user}"))?)
}

impl World {
    pub(crate) fn begin(
        seed: u64,
        fault: Option<Fault>,
        trace: Arc<Mutex<Trace>>,
    ) -> Result<Self, Unfit> {
        let mut rng = Rng::new(seed, 0);
        let folder = folder()?;
        let time = TrueTime::default();
        let lease = *rng.pick(&[(60, 15), (120, 30), (300, 60)]);
        let server = Server::start(folder.path(), &time, lease)?;
        let count = usize::try_from(rng.between(DESKS.0, DESKS.1))?;
        // Now and then two desks are one person's.
        let users: Vec<usize> = (0..count)
            .map(|at| {
                if at > 0 && rng.chance(120) {
                    at - 1
                } else {
                    at
                }
            })
            .collect();
        let machine = |rng: &mut Rng| MachineClock::new(&time, wall(rng));
        let desks: Vec<_> = users
            .iter()
            .map(|user| (*user, machine(&mut rng)))
            .collect();
        let audit = Audit::new(&time, desks.clone());
        let mut world = Self {
            around: Around {
                server: Arc::new(Mutex::new(server)),
                traffic: Arc::new(Mutex::new(Traffic::default())),
                audit: Arc::new(Mutex::new(audit)),
                fault,
            },
            rng,
            time,
            desks: Vec::new(),
            trace,
            items: Vec::new(),
            policies: 1,
            is_stormy: true,
            went: Went::default(),
            users: count,
            due: BTreeMap::new(),
            dues: 0,
            _folder: folder,
        };
        world.furnish()?;
        for (at, (user, clock)) in desks.into_iter().enumerate() {
            let rng = Rng::new(seed, at as u64 + 1);
            let desk = Desk::new(at, user, clock, rng, world._folder.path())?;
            world.desks.push(desk);
            world.start_desk(at)?;
        }
        world.later(BLOW_MS, Due::Blow);
        Ok(world)
    }

    fn furnish(&mut self) -> Result<(), Unfit> {
        let server = self.around.server.clone();
        let server = open(&server);
        for user in 0..self.users {
            let lead = user == 1 && self.rng.chance(400);
            server.put_user(&user_id(user)?, lead, &token(user))?;
        }
        for queue in items::queues()? {
            server.put_queue(&queue)?;
        }
        server.put_policies(&items::policies(self.policies)?)?;
        for _ in 0..self.rng.between(ITEMS.0, ITEMS.1) {
            let item = items::item(self.items.len() as u64, &mut self.rng)?;
            self.items.push(server.put_item(item)?);
        }
        Ok(())
    }

    /// The storm, and then the calm in which everything must come to its end.
    pub(crate) fn run(&mut self) -> Result<(), Unfit> {
        let storm_ms = self.rng.between(SAFETY_MS.0, SAFETY_MS.1);
        self.pass(storm_ms)?;
        if self.broken().is_none() {
            self.calm()?;
        }
        let audit = open(&self.around.audit);
        let trace = open(&self.trace);
        let (decisions, conflicts) = audit.counts();
        self.went = Went {
            breach: audit.broken(),
            hash: trace.hash(),
            steps: trace.steps(),
            decisions,
            conflicts,
            calls_of_many: audit.calls_of_many,
            ..self.went.clone()
        };
        Ok(())
    }

    pub(crate) fn broken(&self) -> Option<Breach> {
        open(&self.around.audit).broken()
    }

    /// Everything that is due within `ms` happens, or everything up to the first broken promise.
    pub(crate) fn pass(&mut self, ms: u64) -> Result<(), Unfit> {
        let until = self.time.ms() + ms;
        while self.broken().is_none() {
            let Some((&(at, n), _)) = self
                .due
                .first_key_value()
                .filter(|((at, _), _)| *at <= until)
            else {
                self.time.set(until);
                return Ok(());
            };
            let Some(due) = self.due.remove(&(at, n)) else {
                return Ok(());
            };
            self.time.set(at.max(self.time.ms()));
            self.happen(due)?;
        }
        Ok(())
    }

    /// `due` is due after `ms`.
    pub(crate) fn after(&mut self, ms: u64, due: Due) {
        self.dues += 1;
        self.due.insert((self.time.ms() + ms, self.dues), due);
    }

    /// `due` is due at some time between these.
    pub(crate) fn later(&mut self, (from, to): (u64, u64), due: Due) {
        let ms = self.rng.between(from, to);
        self.after(ms, due);
    }

    pub(crate) fn note(&self, what: &str) {
        open(&self.trace).step(self.time.ms(), what);
    }

    /// What is due at a machine that sleeps waits for it.
    fn waits(&self, due: &Due) -> Option<u64> {
        match due {
            Due::Tick { desk, .. }
            | Due::Act { desk }
            | Due::Message { desk, .. }
            | Due::Window { desk, .. } => self.desks[*desk].wakes_ms,
            _ => None,
        }
    }

    fn happen(&mut self, due: Due) -> Result<(), Unfit> {
        if let Some(wakes_ms) = self.waits(&due) {
            let ms = wakes_ms.saturating_sub(self.time.ms());
            self.after(ms, due);
            return Ok(());
        }
        match due {
            Due::Tick { desk, life } => self.tick(desk, life),
            Due::Act { desk } => {
                self.act(desk);
                if self.is_stormy {
                    self.later(ACT_MS, Due::Act { desk });
                }
            }
            Due::Call { desk, life, job } => self.call(desk, life, job),
            Due::LateRequest { desk, asking } => self.late_request(desk, &asking),
            Due::Message {
                desk,
                life,
                message,
            } => self.message(desk, life, message),
            Due::Blow if self.is_stormy => {
                self.blow()?;
                self.later(BLOW_MS, Due::Blow);
            }
            Due::Blow => {}
            Due::Start { desk } => self.start_desk(desk)?,
            Due::Window { desk, life } => self.window_starts(desk, life),
            Due::Wake { desk, ms } => {
                self.note(&format!("desk {desk}: wakes up"));
                self.desks[desk].wakes_ms = None;
                self.desks[desk].clock.slept(ms);
            }
            Due::LineUp { desk } => {
                self.note(&format!("desk {desk}: the line is there again"));
                self.desks[desk].line_is_up = true;
            }
            Due::ServerStart => {
                self.note("the server starts");
                open(&self.around.server).begin()?;
            }
        }
        Ok(())
    }
}

/// How wrong a wall is: mostly a little, sometimes by hours.
pub(crate) fn wall(rng: &mut Rng) -> i64 {
    let most = if rng.chance(150) {
        4 * 3_600_000
    } else {
        30_000
    };
    let off = i64::try_from(rng.below(2 * most + 1)).unwrap_or(0);
    off - i64::try_from(most).unwrap_or(0)
}

/// A folder in memory, if the system has one.
fn folder() -> Result<tempfile::TempDir, Unfit> {
    let memory = std::path::Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    })
}
