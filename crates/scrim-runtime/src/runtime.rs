//! The loop: one message in, one step of the heart, its effects out, a new model to the window.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use scrim_desk::{Desk, Event, Nudge};
use scrim_media::Pool;
use scrim_model::DeskId;
use scrim_model::settings::ManagedFound;
use scrim_model::view::CoverKey;
use scrim_queue::QueueServer;
use scrim_store::Store;
use scrim_wire::window::{Command, FromWindow, SettingsView, ToWindow, WindowModel};

use crate::clock::{Clock, Randomness};
use crate::inward::Inward;
use crate::jobs::{Threads, stand_back};
use crate::limits::{CALL_THREADS, LOOK_THREADS, MEDIA_THREADS, STOP_WAIT_MAX};
use crate::lists::Lists;
use crate::seams::{Executor, Job, Passage, Seams, Straight, Work};
use crate::shelf::Shelf;
use crate::source::{PassphraseStands, Source};
use crate::team_desk::TeamDesk;
use crate::window_end::WindowEnd;

/// What the agent wants to be told.
pub struct Hooks {
    /// A quiet notification is due.
    pub nudge: Box<dyn FnMut(Nudge) + Send>,
    /// The model has changed.
    pub shown: Box<dyn FnMut(&WindowModel) + Send>,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            nudge: Box::new(|_| {}),
            shown: Box::new(|_| {}),
        }
    }
}

/// What a runtime is put together from.
pub struct Parts {
    /// Time.
    pub clock: Box<dyn Clock>,
    /// Newness.
    pub randomness: Box<dyn Randomness>,
    /// The sole writer's store; `None` while nobody is signed in.
    pub store: Option<Store>,
    /// The queue server; `None` while nobody is signed in.
    pub queue: Option<Arc<dyn QueueServer>>,
    /// The managed file, as read at the start.
    pub managed: ManagedFound,
    /// Where sign-ins come from while the desk runs; `None` where there is only this one.
    pub source: Option<Box<dyn Source>>,
    /// How a passphrase stands at the start.
    pub passphrase: PassphraseStands,
    /// Decoding.
    pub pool: Arc<Pool>,
    /// Hash lists of this desk.
    pub lists: Arc<Lists>,
    /// The folder of reports that a lead asks for.
    pub reports: PathBuf,
    /// Who is told.
    pub hooks: Hooks,
}

/// See the crate.
pub struct Runtime {
    pub(crate) desk: Desk,
    pub(crate) parts: Parts,
    pub(crate) shelf: Shelf,
    pub(crate) team: TeamDesk,
    pub(crate) window: Option<(u64, Box<dyn WindowEnd>)>,
    /// A window that took no message, until the heart has heard of its end.
    let_go: Option<u64>,
    pub(crate) calls: Box<dyn Executor>,
    pub(crate) media: Box<dyn Executor>,
    pub(crate) looks: Box<dyn Executor>,
    passage: Box<dyn Passage>,
    /// Jobs that have not come back.
    pub(crate) in_flight: usize,
    /// A sign-in waits for them.
    pub(crate) wants_sign_in: bool,
    /// Names these records to the server; `None` without a store.
    pub(crate) desk_id: Option<DeskId>,
    shown: Option<WindowModel>,
    /// The settings that the window has.
    shown_settings: Option<u64>,
    inward: Receiver<Inward>,
    sender: Sender<Inward>,
}

impl Runtime {
    /// Puts a runtime together and takes the first step: what the store remembers.
    ///
    /// # Errors
    /// The system gives no threads.
    pub fn start(parts: Parts) -> std::io::Result<Self> {
        let (sender, inward) = channel();
        let pool = Arc::clone(&parts.pool);
        // On the threads that give the jobs: each has its own spare.
        let warm = move || {
            stand_back();
            pool.warm();
        };
        let seams = Seams {
            calls: Box::new(Threads::start("scrim-call", CALL_THREADS, &sender, || {})?),
            looks: Box::new(Threads::start(
                "scrim-look",
                LOOK_THREADS,
                &sender,
                warm.clone(),
            )?),
            media: Box::new(Threads::start("scrim-media", MEDIA_THREADS, &sender, warm)?),
            passage: Box::new(Straight),
        };
        Ok(Self::begin(parts, seams, (sender, inward)))
    }

    /// As [`Runtime::start`], on other seams than a desk's: whoever made them runs the jobs and
    /// brings their messages to [`Runtime::take`].
    #[must_use]
    pub fn start_on(parts: Parts, seams: Seams) -> Self {
        Self::begin(parts, seams, channel())
    }

    fn begin(
        parts: Parts,
        seams: Seams,
        (sender, inward): (Sender<Inward>, Receiver<Inward>),
    ) -> Self {
        let mut runtime = Self {
            desk: Desk::new(),
            calls: seams.calls,
            media: seams.media,
            looks: seams.looks,
            passage: seams.passage,
            parts,
            shelf: Shelf::default(),
            team: TeamDesk::default(),
            window: None,
            let_go: None,
            in_flight: 0,
            wants_sign_in: false,
            desk_id: None,
            shown: None,
            shown_settings: None,
            inward,
            sender,
        };
        let started = runtime.restored();
        runtime.step(started);
        runtime
    }

    /// Where messages for this runtime go.
    #[must_use]
    pub fn sender(&self) -> Sender<Inward> {
        self.sender.clone()
    }

    /// What the window is shown at this moment.
    #[must_use]
    pub fn model(&self) -> WindowModel {
        self.desk.model(self.parts.clock.now())
    }

    /// The settings in force, as the window is told.
    #[must_use]
    pub fn settings(&self) -> SettingsView {
        self.desk.settings_view()
    }

    /// Runs until `Stop`.
    pub fn run(mut self) {
        loop {
            let wait = self.desk.tick_after_ms().min(self.team_after_ms());
            match self.inward.recv_timeout(Duration::from_millis(wait)) {
                Ok(Inward::Stop) => return self.stop(),
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => self.ticked(),
                Err(RecvTimeoutError::Disconnected) => unreachable!("the runtime keeps a sender"),
            }
        }
    }

    /// Carries out everything that has arrived, waits for every job in flight, and leaves the
    /// runtime at rest. For callers that turn the clock themselves.
    pub fn settle(&mut self) {
        loop {
            self.take_arrived();
            if self.in_flight == 0 {
                return;
            }
            self.media.hurry();
            self.looks.hurry();
            let message = self.inward.recv().expect("the runtime keeps a sender");
            self.take(message);
        }
    }

    /// Carries out everything that has arrived, without waiting for more.
    pub fn take_arrived(&mut self) {
        while let Ok(message) = self.inward.try_recv() {
            self.take(message);
        }
    }

    /// Time until the heart wants to be told that time has passed, in milliseconds.
    #[must_use]
    pub fn tick_after_ms(&self) -> u64 {
        self.desk.tick_after_ms()
    }

    /// One tick of the heart, and everything that follows from it.
    pub fn tick(&mut self) {
        self.ticked();
        self.settle();
    }

    fn ticked(&mut self) {
        self.step(Event::Tick);
        self.look_after_team();
    }

    /// Carries out one message.
    pub fn take(&mut self, message: Inward) {
        match message {
            Inward::Event(event) => self.step(event),
            Inward::Done(event) => {
                self.in_flight -= 1;
                self.step(event);
            }
            Inward::Covered {
                key,
                medium,
                whole,
                picture,
                source,
                film,
            } => {
                self.in_flight -= 1;
                if let Some(known) = film {
                    self.know_film(key.clone(), known);
                }
                self.shelve_cover(key, (medium, whole), picture, source);
            }
            Inward::Heard { key, medium, film } => {
                self.in_flight -= 1;
                self.shelve_medium(key.medium.clone(), medium);
                self.know_film(key, film);
            }
            Inward::CalledOff => self.in_flight -= 1,
            Inward::NotCovered {
                key,
                medium,
                reason,
            } => {
                self.in_flight -= 1;
                self.shelve_uncovered(key, medium, reason);
            }
            Inward::Ahead { medium, picture } => {
                self.in_flight -= 1;
                self.shelve_ahead(medium, picture);
            }
            Inward::Clear {
                reveal,
                medium,
                picture,
            } => {
                self.in_flight -= 1;
                self.shelve_clear(reveal, medium, picture);
            }
            Inward::Clip { key, clip } => {
                self.in_flight -= 1;
                self.shelve_clip(key, clip);
            }
            Inward::Team(answer) => {
                self.in_flight -= 1;
                self.team_answered(*answer);
            }
            Inward::TeamForgotten => {
                self.in_flight -= 1;
                self.team_forgotten();
            }
            Inward::WindowOpened { window, end } => self.window_opened(window, end),
            Inward::FromWindow { window, message } => {
                if self.is_window(window) {
                    self.window_said(message);
                }
            }
            Inward::WindowGone { window, crashed } => self.window_gone(window, crashed),
            Inward::Raise => {
                self.look_for_sign_in();
                self.send(ToWindow::Raise, None);
            }
            Inward::Stop => self.end_shift(),
        }
        self.note_missing_walls();
        self.sign_in_if_wanted();
    }

    fn is_window(&self, window: u64) -> bool {
        self.window
            .as_ref()
            .is_some_and(|(number, _)| *number == window)
    }

    /// The end of a window, heard once: from whoever reads its link, or because it took no message.
    fn window_gone(&mut self, window: u64, crashed: bool) {
        let was_let_go = self.let_go.take_if(|let_go| *let_go == window).is_some();
        if self.is_window(window) {
            self.window = None;
        } else if !was_let_go {
            return;
        }
        self.step(Event::WindowGone { crashed });
    }

    fn window_opened(&mut self, window: u64, end: Box<dyn WindowEnd>) {
        // The heart hears of the end of the one before first, whoever was quicker to say it.
        if let Some(before) = self.let_go {
            self.window_gone(before, true);
        }
        self.window = Some((window, end));
        self.shown = None;
        self.shown_settings = None;
        self.close_team();
        self.step(Event::WindowOpened);
        let keys: Vec<CoverKey> = self.shelf.covered.keys().cloned().collect();
        for key in keys {
            self.send_cover(&key);
        }
    }

    fn window_said(&mut self, message: FromWindow) {
        match message {
            FromWindow::Hello { .. } | FromWindow::Closing => {}
            FromWindow::Command(command) => self.step(Event::Command(command)),
            FromWindow::Seen {
                reveal,
                area,
                zoomed,
                played,
            } => self.step(Event::Seen {
                reveal,
                area,
                zoomed,
                played,
            }),
            FromWindow::PlayedTo { run, at_ms } => self.step(Event::PlayedTo { run, at_ms }),
            FromWindow::Covered { reveal, why: _ } => self.step(Event::WindowCovered { reveal }),
            FromWindow::Presented { reveal } => self.step(Event::Presented { reveal }),
            FromWindow::Active => self.step(Event::Active),
        }
    }

    /// One event and everything that the store answers to it at once.
    pub(crate) fn step(&mut self, event: Event) {
        let mut events = std::collections::VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let now = self.parts.clock.now();
            let mut fresh = self.parts.randomness.fresh();
            let event = self.passage.event(event);
            let effects = self.desk.step(now, &mut fresh, event);
            for effect in self.passage.effects(effects) {
                self.carry_out(effect, &mut events);
            }
        }
        self.show();
    }

    /// Sends the model if anything but its number has changed; pings while revealed.
    fn show(&mut self) {
        let settings = self.desk.settings_revision();
        if self.window.is_some() && self.shown_settings != Some(settings) {
            let view = Box::new(self.desk.settings_view());
            self.send(ToWindow::Settings(view), None);
            self.shown_settings = Some(settings);
        }
        let mut model = self.model();
        let same = self.shown.as_ref().is_some_and(|shown| {
            let number = std::mem::replace(&mut model.revision, shown.revision);
            let same = model == *shown;
            model.revision = number;
            same
        });
        if !model.leads {
            self.close_team();
        }
        if !same {
            (self.parts.hooks.shown)(&model);
            self.send(ToWindow::Model(Box::new(model.clone())), None);
            self.shown = Some(model);
        }
        if self.desk.is_revealed() {
            self.send(ToWindow::Ping, None);
        }
    }

    /// Sends to the window; one that does not take it is forgotten, and its process is started anew
    /// by whoever owns it.
    pub(crate) fn send(&mut self, message: ToWindow, picture: Option<std::os::fd::OwnedFd>) {
        let Some((number, end)) = &mut self.window else {
            return;
        };
        let number = *number;
        if end.send(message, picture).is_err() {
            self.window = None;
            self.let_go = Some(number);
            let gone = Inward::WindowGone {
                window: number,
                crashed: true,
            };
            tracing::warn!(
                window = number,
                "the window does not take messages; it is let go"
            );
            self.sender
                .send(gone)
                .expect("the runtime keeps the receiver");
        }
    }

    /// Counts a call to the queue server and has it made.
    pub(crate) fn call(&mut self, ask: impl FnOnce(&dyn QueueServer) -> Event + Send + 'static) {
        let Some(queue) = self.parts.queue.clone() else {
            return;
        };
        self.in_flight += 1;
        let job = Job::new(Work::Call, move || Inward::Done(ask(&*queue)));
        self.calls.run(job);
    }

    fn end_shift(&mut self) {
        self.step(Event::Command(Command::EndShift));
    }

    fn stop(mut self) {
        self.end_shift();
        let until = Instant::now() + STOP_WAIT_MAX;
        while self.in_flight > 0 {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                break;
            };
            match self.inward.recv_timeout(left) {
                Ok(message) => self.take(message),
                Err(_) => break,
            }
        }
        self.shelf.drop_all();
        self.send(ToWindow::Close, None);
        self.calls.let_go();
        self.media.let_go();
        self.looks.let_go();
    }
}
