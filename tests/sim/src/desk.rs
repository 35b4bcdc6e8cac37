//! One desk: a machine, its records, and the agent that runs on it, or does not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use scrim_media::{Pool, PoolSettings};
use scrim_model::settings::ManagedFound;
use scrim_queue::{HttpQueue, Origin};
use scrim_runtime::{Clock, Hooks, Inward, Parts, PassphraseStands, Randomness, Runtime, Seams};

use crate::audit::Audit;
use crate::clocks::MachineClock;
use crate::disk::Disk;
use crate::fault::Fault;
use crate::network::{DeskRoad, Given, Traffic};
use crate::newness::Newness;
use crate::passage::{Between, Doom};
use crate::rng::Rng;
use crate::server::Server;
use crate::shared::open;
use crate::window::{Shown, SimWindow};
use crate::world::Unfit;

/// One life of the agent.
pub(crate) struct Run {
    pub(crate) runtime: Runtime,
    pub(crate) calls: Given,
    pub(crate) media: Given,
    pub(crate) doom: Arc<Mutex<Doom>>,
    pub(crate) shown: Arc<Mutex<Shown>>,
}

/// What all desks of a world share.
#[derive(Clone)]
pub(crate) struct Around {
    pub(crate) server: Arc<Mutex<Server>>,
    pub(crate) traffic: Arc<Mutex<Traffic>>,
    pub(crate) audit: Arc<Mutex<Audit>>,
    pub(crate) fault: Option<Fault>,
}

/// See the module.
pub(crate) struct Desk {
    at: usize,
    pub(crate) user: usize,
    token: String,
    pub(crate) clock: MachineClock,
    rng: Rng,
    disk: Disk,
    pub(crate) line_is_up: bool,
    /// True time at which the machine wakes up, while it sleeps.
    pub(crate) wakes_ms: Option<u64>,
    pub(crate) run: Option<Run>,
    /// Lives so far: what belongs to an earlier one reaches nobody.
    pub(crate) lives: u64,
    windows: u64,
}

impl Desk {
    pub(crate) fn new(
        at: usize,
        user: usize,
        clock: MachineClock,
        mut rng: Rng,
        world: &Path,
    ) -> Result<Self, Unfit> {
        let disk = Disk::new(world, at, &mut rng)?;
        Ok(Self {
            at,
            user,
            token: token(user),
            clock,
            rng,
            disk,
            line_is_up: true,
            wakes_ms: None,
            run: None,
            lives: 0,
            windows: 0,
        })
    }

    /// The agent starts over the records that it finds.
    pub(crate) fn start(&mut self, around: &Around) -> Result<(), Unfit> {
        self.lives += 1;
        let mut newness = Newness {
            rng: Rng::new(self.rng.next(), self.lives),
            clock: self.clock.clone(),
        };
        if around.fault == Some(Fault::DiskLies) {
            self.disk.lies();
        }
        let Some(mut store) = self.disk.store(self.clock.now().utc())? else {
            let promise = "records are found as they were left";
            open(&around.audit).demand(self.at, false, promise);
            return Ok(());
        };
        let id = store.desk_id(|| newness.id())?;
        open(&around.audit).begins(self.at, self.disk.reader()?);
        let road = DeskRoad {
            desk: self.at,
            server: around.server.clone(),
            traffic: around.traffic.clone(),
            audit: around.audit.clone(),
            fault: around.fault,
            sent: Mutex::new(BTreeMap::new()),
        };
        let origin = Origin::parse("https://queue.example")?;
        let queue = HttpQueue::on_road(origin, &self.token, Box::new(road)).for_desk(id);
        let doom = Arc::new(Mutex::new(Doom::on(self.disk.faulty.clone())));
        let (calls, media) = (Given::on(&doom), Given::on(&doom));
        let passage = Between {
            desk: self.at,
            audit: around.audit.clone(),
            doom: doom.clone(),
            fault: around.fault,
            left: Default::default(),
        };
        let parts = Parts {
            lists: std::sync::Arc::default(),
            clock: Box::new(self.clock.clone()),
            randomness: Box::new(newness),
            store: Some(store),
            queue: Some(Arc::new(queue)),
            managed: ManagedFound::Absent,
            source: None,
            passphrase: PassphraseStands::Unset,
            pool: Arc::new(Pool::new(PoolSettings::new(PathBuf::from("no-worker")))),
            reports: std::path::PathBuf::new(),
            hooks: Hooks::default(),
        };
        let seams = Seams {
            calls: Box::new(calls.clone()),
            media: Box::new(media.clone()),
            looks: Box::new(media.clone()),
            passage: Box::new(passage),
        };
        self.run = Some(Run {
            runtime: Runtime::start_on(parts, seams),
            calls,
            media,
            doom,
            shown: Arc::default(),
        });
        self.open_window(around);
        Ok(())
    }

    /// A window comes up.
    pub(crate) fn open_window(&mut self, around: &Around) {
        let Some(run) = &mut self.run else { return };
        self.windows += 1;
        run.shown = Arc::default();
        let end = SimWindow {
            desk: self.at,
            audit: around.audit.clone(),
            doom: run.doom.clone(),
            shown: run.shown.clone(),
        };
        run.runtime.take(Inward::WindowOpened {
            window: self.windows,
            end: Box::new(end),
        });
    }

    /// The number of the newest window.
    pub(crate) fn window(&self) -> u64 {
        self.windows
    }

    /// Nothing that the agent does has any effect any more.
    pub(crate) fn is_dead(&self) -> bool {
        self.run
            .as_ref()
            .is_some_and(|run| open(&run.doom).is_dead())
    }

    /// The agent ends without a word: alone, or with its machine, which loses power.
    pub(crate) fn die(&mut self, around: &Around, power: bool) {
        let Some(run) = self.run.take() else {
            return;
        };
        open(&run.doom).kill();
        if power {
            self.disk.power_dies(&mut self.rng);
            self.clock.reboot();
        } else {
            self.disk.process_dies();
        }
        open(&around.audit).ends(self.at);
    }

    /// Its records, once no agent runs.
    pub(crate) fn records(&self) -> Result<scrim_store::Reader, Unfit> {
        self.disk.reader()
    }
}

/// The token of a user.
pub(crate) fn token(user: usize) -> String {
    format!("token-of-{user}")
}
