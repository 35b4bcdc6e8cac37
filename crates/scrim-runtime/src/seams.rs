//! Where a runtime is joined to the rest of a machine: what runs its jobs, and what lies between
//! the heart and the runtime. On a desk these are threads and nothing; the simulation puts its own
//! there, so that one seed decides what runs, when, and how often.

use scrim_desk::{Effect, Event};
use scrim_model::view::CoverKey;
use scrim_model::{MediumKey, RevealId};
use scrim_wire::window::ClipKey;

use crate::inward::Inward;

/// What a job is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A call to the queue server.
    Call,
    /// The team's decisions are read, or the copy of them is taken away.
    Team,
    /// A medium is fetched if need be, and covered.
    Cover(CoverKey),
    /// What a medium is known by.
    Hashes(MediumKey),
    /// Clear pixels ahead of a reveal.
    Ahead(MediumKey),
    /// Clear pixels for a durable reveal.
    Clear(RevealId),
    /// A track of a clip that plays.
    Clip(ClipKey),
}

/// A piece of work that may block. It comes back as exactly one message.
pub struct Job {
    work: Work,
    is_ahead: bool,
    run: Box<dyn FnOnce() -> Inward + Send>,
}

impl Job {
    pub(crate) fn new(work: Work, run: impl FnOnce() -> Inward + Send + 'static) -> Self {
        Self {
            work,
            is_ahead: false,
            run: Box::new(run),
        }
    }

    /// The same job; `is_ahead` if nobody waits for it yet.
    pub(crate) fn made_ahead(self, is_ahead: bool) -> Self {
        Self { is_ahead, ..self }
    }

    /// Whether nobody waits for it yet: others go first.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.is_ahead
    }

    /// What it is about.
    #[must_use]
    pub fn work(&self) -> &Work {
        &self.work
    }

    /// Does it, and says what came of it. The message belongs to the runtime that gave the job.
    #[must_use]
    pub fn run(self) -> Inward {
        (self.run)()
    }
}

/// What runs jobs.
pub trait Executor: Send {
    /// Takes a job, and returns at once. What comes of it reaches the runtime later.
    fn run(&mut self, job: Job);
    /// What is made ahead may begin: somebody waits for all of it.
    fn hurry(&mut self) {}
    /// No job comes any more; those in hand are not waited for.
    fn let_go(&mut self) {}
}

/// What lies between the heart and the runtime. Whatever it gives on is what happens.
pub trait Passage: Send {
    /// An event on its way to the heart.
    fn event(&mut self, event: Event) -> Event {
        event
    }
    /// The effects of one step on their way to be carried out.
    fn effects(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        effects
    }
}

/// Nothing lies there.
pub(crate) struct Straight;

impl Passage for Straight {}

/// All of them.
pub struct Seams {
    /// Runs calls without media.
    pub calls: Box<dyn Executor>,
    /// Fetches media and has their covers made.
    pub media: Box<dyn Executor>,
    /// Has everything else made of media that are here.
    pub looks: Box<dyn Executor>,
    /// Between the heart and the runtime.
    pub passage: Box<dyn Passage>,
}
