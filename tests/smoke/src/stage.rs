//! One desk on a stage: real runtime, real views, real server, and a clock that is turned by hand.

mod look;
mod seen;

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use image::RgbaImage;
use scrim_media::{Pool, PoolSettings};
use scrim_model::settings::{KeptSettings, Key, ManagedFound, SettingsFound, Value};
use scrim_model::view::ViewInterval;
use scrim_model::{Decision, ItemId};
use scrim_queue::{HttpQueue, Origin};
use scrim_runtime::{Hooks, Inward, Lists, Parts, Runtime, SystemRandomness, WindowEnd, sibling};
use scrim_samples::Sample;
use scrim_store::{Store, StoreError};
use scrim_window::{Arrival, Speaker, WindowState};
use scrim_wire::link::LinkError;
use scrim_wire::shared::map_read;
use scrim_wire::window::{Command, TeamView, ToWindow, WindowModel};
use tempfile::TempDir;

use crate::clock::TurnedClock;
use crate::performed;
use crate::run_folder;
use crate::served::Served;

pub(crate) use look::{Look, SystemFont, window};
pub(crate) use seen::with_id;

/// Why a journey failed.
#[derive(Debug)]
pub(crate) struct Failed(String);

impl Failed {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(fault: E) -> Self {
        Self(fault.to_string())
    }
}

/// The key of the stage's records.
pub(crate) fn key() -> scrim_store::Key {
    scrim_store::Key::new([0x53; scrim_store::KEY_BYTES])
}

/// Holds `$what` to be true, or fails with its text.
macro_rules! hold {
    ($what:expr, $($why:tt)+) => {
        let holds: bool = $what;
        if !holds {
            return Err($crate::stage::Failed::new(format!($($why)+)));
        }
    };
}
pub(crate) use hold;

/// A lock that was let go is free within this.
const FREE_WITHIN: Duration = Duration::from_secs(5);

/// What came out of the window's speaker since it was silent last, and how often it fell silent.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) samples: Vec<i16>,
    pub(crate) silenced: usize,
}

struct Ear(Arc<Mutex<Heard>>);

impl Speaker for Ear {
    fn play(&mut self, samples: Vec<i16>) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.samples.extend(samples);
    }

    fn silence(&mut self) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.samples.clear();
        heard.silenced += 1;
    }

    fn is_absent(&self) -> bool {
        false
    }
}

struct InProcessEnd(Sender<(ToWindow, Option<OwnedFd>)>);

impl WindowEnd for InProcessEnd {
    fn send(&mut self, message: ToWindow, picture: Option<OwnedFd>) -> Result<(), LinkError> {
        self.0
            .send((message, picture))
            .map_err(|_| LinkError::Closed)
    }
}

/// See the module.
pub(crate) struct Stage {
    pub(crate) served: Served,
    pub(crate) clock: TurnedClock,
    look: Look,
    runtime: Option<Runtime>,
    harness: Harness<'static, WindowState>,
    arrivals: Receiver<(ToWindow, Option<OwnedFd>)>,
    window: u64,
    heard: Arc<Mutex<Heard>>,
    /// What the next start finds of the managed file.
    pub(crate) managed: ManagedFound,
    folder: TempDir,
}

impl Stage {
    /// A moderator sits down at a desk whose queue holds `samples`.
    pub(crate) fn set(samples: &[Sample], look: Look) -> Result<Self, Failed> {
        Self::set_at(samples, look, "test")
    }

    /// The same at a server of this environment.
    pub(crate) fn set_at(
        samples: &[Sample],
        look: Look,
        environment: &'static str,
    ) -> Result<Self, Failed> {
        let mut stage = Self::empty(samples, look, environment)?;
        stage.start_desk()?;
        Ok(stage)
    }

    /// The same before the moderator sits down.
    pub(crate) fn empty(
        samples: &[Sample],
        look: Look,
        environment: &'static str,
    ) -> Result<Self, Failed> {
        let folder = run_folder::tempdir()?;
        let served = Served::start(folder.path(), samples, environment)?;
        Ok(Self::beside(served, look, folder))
    }

    /// A desk at a server that is there, before the moderator sits down.
    pub(crate) fn at(served: Served, look: Look) -> Result<Self, Failed> {
        Ok(Self::beside(served, look, run_folder::tempdir()?))
    }

    fn beside(served: Served, look: Look, folder: TempDir) -> Self {
        let clock = TurnedClock::default();
        let harness = window(look, &clock);
        let (_, nobody) = channel();
        Self {
            served,
            clock,
            look,
            runtime: None,
            harness,
            arrivals: nobody,
            window: 0,
            heard: Arc::default(),
            managed: ManagedFound::Absent,
            folder,
        }
    }

    /// Starts the agent's part over the same records, with a window.
    pub(crate) fn start_desk(&mut self) -> Result<(), Failed> {
        self.runtime = None;
        let mut store = self.store()?;
        let desk = store.desk_id(|| scrim_runtime::Randomness::id(&mut SystemRandomness))?;
        let queue = HttpQueue::new(Origin::parse(&self.served.origin)?, &self.served.token);
        let parts = Parts {
            lists: std::sync::Arc::new(Lists::in_folder(self.folder().join("hash-lists"))),
            source: None,
            passphrase: scrim_runtime::PassphraseStands::Unset,
            clock: Box::new(self.clock.clone()),
            randomness: Box::new(SystemRandomness),
            store: Some(store),
            queue: Some(Arc::new(queue.for_desk(desk))),
            managed: self.managed.clone(),
            pool: Arc::new(Pool::new(PoolSettings::new(sibling("scrim-decode")?))),
            reports: self.folder().to_owned(),
            hooks: Hooks::default(),
        };
        self.start_with(parts)
    }

    /// Starts the agent's part of these parts, with a window.
    pub(crate) fn start_with(&mut self, parts: Parts) -> Result<(), Failed> {
        self.runtime = Some(Runtime::start(parts)?);
        self.open_window();
        Ok(())
    }

    /// Somebody writes other settings into the records while Scrim is not running.
    pub(crate) fn tamper(&mut self, edit: impl FnOnce(&mut KeptSettings)) -> Result<(), Failed> {
        self.runtime = None;
        let mut store = self.store()?;
        let mut kept = match store.settings()? {
            SettingsFound::Kept(kept) => *kept,
            other => return Err(Failed::new(format!("the records hold {other:?}"))),
        };
        edit(&mut kept);
        Ok(store.save_settings(&kept)?)
    }

    /// The agent's part ends.
    pub(crate) fn stop_desk(&mut self) {
        self.runtime = None;
    }

    /// Where everything of this stage is, the server's part as well.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the records are.
    pub(crate) fn records(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    /// The records, while no desk writes them.
    pub(crate) fn store(&self) -> Result<Store, Failed> {
        let now = scrim_runtime::Clock::now(&self.clock).utc();
        let until = Instant::now() + FREE_WITHIN;
        loop {
            match Store::open(&self.records(), &key(), now) {
                // Another stage of this process starts a worker: until that runs, it holds a copy
                // of every descriptor, and with it of the lock that was just let go.
                Err(StoreError::InUse) if Instant::now() < until => std::thread::yield_now(),
                opened => return Ok(opened?.0),
            }
        }
    }

    /// What is in force, as the desk tells the window.
    pub(crate) fn setting(&mut self, key: Key) -> Option<Value> {
        let view = self.desk().settings();
        let row = view.rows.into_iter().find(|row| row.key == key);
        row.map(|row| row.value)
    }

    /// A new window, as after the first start or a crash.
    pub(crate) fn open_window(&mut self) {
        let (sender, arrivals) = channel();
        self.arrivals = arrivals;
        self.harness = window(self.look, &self.clock);
        let ear = Box::new(Ear(Arc::clone(&self.heard)));
        self.harness.state_mut().set_speaker(ear);
        self.harness.state_mut().set_witness(performed::witness());
        self.window += 1;
        let opened = Inward::WindowOpened {
            window: self.window,
            end: Box::new(InProcessEnd(sender)),
        };
        self.desk().take(opened);
        self.pump();
    }

    /// The window dies.
    pub(crate) fn crash_window(&mut self) {
        let window = self.window;
        self.desk().take(Inward::WindowGone {
            window,
            crashed: true,
        });
    }

    fn desk(&mut self) -> &mut Runtime {
        self.runtime
            .as_mut()
            .expect("a desk is started before it is used")
    }

    /// What the view log on disk holds of an item, oldest first.
    pub(crate) fn intervals_of(&self, item: &ItemId) -> Result<Vec<ViewInterval>, Failed> {
        let records = Store::open_read_only(&self.records(), &key())?;
        Ok(records.intervals_of(item)?)
    }

    /// Types into whatever has the focus.
    pub(crate) fn text(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.pump();
    }

    /// What can be heard of the window.
    pub(crate) fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the desk shows.
    pub(crate) fn model(&mut self) -> WindowModel {
        self.desk().model()
    }

    /// The window's own state.
    pub(crate) fn view(&self) -> &WindowState {
        self.harness.state()
    }

    /// The lead's figures, as the window has them.
    pub(crate) fn team(&self) -> Option<&TeamView> {
        self.view().team()
    }

    /// Carries everything to and fro until nothing moves any more.
    pub(crate) fn pump(&mut self) {
        loop {
            self.desk().settle();
            let mut moved = false;
            let now_ms = self.clock.ms();
            while let Ok((message, picture)) = self.arrivals.try_recv() {
                moved |= !matches!(message, ToWindow::Ping);
                self.harness
                    .state_mut()
                    .receive(arrival(message, picture), now_ms);
            }
            self.harness.step();
            let said = self.harness.state_mut().take_outgoing();
            if said.is_empty() && !moved {
                return;
            }
            for message in said {
                let window = self.window;
                self.desk().take(Inward::FromWindow { window, message });
            }
        }
    }

    /// Time passes in steps of a tenth of a second.
    pub(crate) fn pass(&mut self, ms: u64) {
        self.pass_by(ms, 100);
    }

    fn pass_by(&mut self, ms: u64, step_ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(step_ms);
            left -= step;
            self.clock.turn(step);
            self.desk().tick();
            self.pump();
        }
    }

    /// Minutes of work: a key now and then. In coarse steps.
    pub(crate) fn work(&mut self, minutes: u64) {
        for _ in 0..minutes * 6 {
            self.harness
                .event(egui::Event::PointerMoved(egui::pos2(3.0, 3.0)));
            self.pump();
            self.pass_by(10_000, 10_000);
        }
    }

    /// A key goes down.
    pub(crate) fn down(&mut self, key: egui::Key) {
        self.key(key, true, egui::Modifiers::NONE);
    }

    /// A key comes up.
    pub(crate) fn up(&mut self, key: egui::Key) {
        self.key(key, false, egui::Modifiers::NONE);
    }

    fn key(&mut self, key: egui::Key, pressed: bool, modifiers: egui::Modifiers) {
        let event = egui::Event::Key {
            key,
            physical_key: Some(key),
            pressed,
            repeat: false,
            modifiers,
        };
        self.harness.event_modifiers(event, modifiers);
        self.pump();
    }

    /// A key is pressed and let go, as slowly as a hand does it.
    pub(crate) fn press(&mut self, key: egui::Key) {
        self.press_with(key, egui::Modifiers::NONE);
    }

    pub(crate) fn press_with(&mut self, key: egui::Key, modifiers: egui::Modifiers) {
        self.key(key, true, modifiers);
        self.pass(100);
        self.key(key, false, modifiers);
        self.pass(100);
    }

    /// Words are typed into what has the focus.
    pub(crate) fn type_in(&mut self, words: &str) {
        self.harness.event(egui::Event::Text(words.to_owned()));
        self.pump();
    }

    /// The desktop's own lock comes up.
    pub(crate) fn lock(&mut self) {
        self.desk().take(scrim_runtime::locked());
        self.pump();
    }

    /// Decisions that have no final answer yet, as the records hold them, oldest first.
    pub(crate) fn waiting(&self) -> Result<Vec<Decision>, Failed> {
        let records = Store::open_read_only(&self.records(), &key())?;
        let rows = records.pending_outbox()?;
        Ok(rows.into_iter().map(|row| row.decision).collect())
    }

    /// Says something to the desk that has no key.
    pub(crate) fn command(&mut self, command: Command) {
        self.desk().take(scrim_runtime::command(command));
        self.pump();
    }

    /// The focus goes to another program, or comes back.
    pub(crate) fn focus(&mut self, focused: bool) {
        self.harness.input_mut().focused = focused;
        self.harness.event(egui::Event::WindowFocused(focused));
        self.pump();
    }

    /// How much larger than usual everything is drawn.
    pub(crate) fn scale(&self) -> f32 {
        self.harness.ctx.zoom_factor()
    }

    /// The window's pixels.
    pub(crate) fn picture(&mut self) -> Result<RgbaImage, Failed> {
        self.harness.step();
        self.harness.render().map_err(Failed::new)
    }
}

fn arrival(message: ToWindow, picture: Option<OwnedFd>) -> Arrival {
    let length = message.bytes_behind();
    let pixels = picture.zip(length).map(|(fd, len)| {
        let mapping = map_read(fd, len)
            .expect("the runtime hands over sealed pictures of the size that it names");
        Box::new(mapping) as scrim_window::picture::PixelBytes
    });
    Arrival { message, pixels }
}
