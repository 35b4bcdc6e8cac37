//! Spares: workers that have been started ahead of their job, so that a job waits for no start.
//!
//! A spare has its link, its walls and nothing else; it sleeps until its job comes or its link closes. It gets one job
//! and ends, like any worker.
//!
//! The kernel kills a worker when the *thread* that started it ends. So whoever calls the pool should be a thread that
//! lives about as long as the pool. Where it does not, its spares are found dead and passed over: that costs the time of
//! a start, never a picture.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use scrim_wire::worker::Rejection;

use crate::started::Started;

/// The spares of one pool. Dropping it ends and reaps them.
#[derive(Debug)]
pub(crate) struct Spares {
    worker: PathBuf,
    most: usize,
    rack: Mutex<Rack>,
}

#[derive(Debug, Default)]
struct Rack {
    waiting: VecDeque<Started>,
    /// Being started at this moment, outside the lock.
    starting: usize,
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

    /// The longest-waiting spare that lives. Those that have died are reaped.
    pub(crate) fn take(&self) -> Option<Started> {
        loop {
            let mut spare = self.rack().waiting.pop_front()?;
            if spare.lives() {
                return Some(spare);
            }
            tracing::warn!("a spare worker has died while it waited; another is used");
        }
    }

    /// A worker that did not wait.
    pub(crate) fn fresh(&self) -> Result<Started, Rejection> {
        Started::new(&self.worker)
    }

    /// Starts what is missing. Returns when the processes exist; they raise their walls meanwhile. Where none can be
    /// started there are fewer spares: the next job starts its own worker, and says so if that fails.
    pub(crate) fn fill(&self) {
        while self.reserve() {
            let started = self.fresh();
            let mut rack = self.rack();
            rack.starting -= 1;
            match started {
                Ok(spare) => rack.waiting.push_back(spare),
                // It is in the log already.
                Err(_) => return,
            }
        }
    }

    /// Whether one is to be started. The dead make place, so that they are replaced with the one that was used.
    fn reserve(&self) -> bool {
        let mut rack = self.rack();
        rack.waiting.retain_mut(Started::lives);
        let is_missing = rack.waiting.len() + rack.starting < self.most;
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
