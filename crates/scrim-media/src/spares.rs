//! Spares: workers that have been started ahead of their job, so that a job waits for no start.
//!
//! A spare has its link, its walls and nothing else; it sleeps until its job comes or its link closes. It gets one job
//! and ends, like any worker.
//!
//! The kernel kills a worker when the *thread* that started it ends. So a spare belongs to the thread that started it and
//! is given that thread's jobs only: nobody else's end can take it away in the middle of one. A thread waits for one job
//! at a time, so one spare each is enough; threads that live as long as the pool always find theirs. The spare of a
//! thread that has ended makes place for another; one that was not yet able to hear of the end is ended then.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use scrim_wire::worker::Rejection;

use crate::started::Started;

thread_local! {
    /// Lives as long as its thread.
    static THREAD: Arc<()> = Arc::default();
}

/// The thread that calls.
fn this_thread() -> Weak<()> {
    THREAD.with(Arc::downgrade)
}

/// The spares of one pool. Dropping it ends and reaps them.
#[derive(Debug)]
pub(crate) struct Spares {
    worker: PathBuf,
    most: usize,
    rack: Mutex<Rack>,
}

#[derive(Debug, Default)]
struct Rack {
    waiting: Vec<Spare>,
    /// Being started at this moment, outside the lock.
    starting: usize,
}

#[derive(Debug)]
struct Spare {
    /// The thread that started it, and alone may give it a job.
    owner: Weak<()>,
    worker: Started,
}

impl Spare {
    fn is_of(&self, thread: &Weak<()>) -> bool {
        Weak::ptr_eq(&self.owner, thread)
    }

    /// Whether it can still be given a job.
    fn is_of_use(&mut self) -> bool {
        self.owner.strong_count() > 0 && self.worker.lives()
    }
}

impl Spares {
    /// None yet; up to `most` later.
    pub(crate) fn new(worker: PathBuf, most: usize) -> Self {
        Self {
            worker,
            most,
            rack: Mutex::default(),
        }
    }

    /// This thread's spare, if it has one that lives.
    pub(crate) fn take(&self) -> Option<Started> {
        let mut rack = self.rack();
        let owner = this_thread();
        let at = rack.waiting.iter().position(|spare| spare.is_of(&owner))?;
        let mut spare = rack.waiting.swap_remove(at).worker;
        drop(rack);
        if spare.lives() {
            return Some(spare);
        }
        tracing::warn!("a spare worker has died while it waited; another is used");
        None
    }

    /// A worker that did not wait.
    pub(crate) fn fresh(&self) -> Result<Started, Rejection> {
        Started::new(&self.worker)
    }

    /// Starts this thread's spare, if it has none and there is place. Returns when the process exists; it raises its
    /// walls meanwhile. Where none can be started, the next job starts its own worker, and says so if that fails.
    pub(crate) fn fill(&self) {
        let owner = this_thread();
        if !self.reserve(&owner) {
            return;
        }
        let started = self.fresh();
        let mut rack = self.rack();
        rack.starting -= 1;
        // Why there is none is in the log already.
        if let Ok(worker) = started {
            rack.waiting.push(Spare { owner, worker });
        }
    }

    /// Whether one is to be started. Those that are of no use any more make place.
    fn reserve(&self, owner: &Weak<()>) -> bool {
        let mut rack = self.rack();
        rack.waiting.retain_mut(Spare::is_of_use);
        let has_one = rack.waiting.iter().any(|spare| spare.is_of(owner));
        let is_missing = !has_one && rack.waiting.len() + rack.starting < self.most;
        if is_missing {
            rack.starting += 1;
        }
        is_missing
    }

    fn rack(&self) -> MutexGuard<'_, Rack> {
        // Each change is one step, so a panic elsewhere cannot have left it half done.
        self.rack.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
