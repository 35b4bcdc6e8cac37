//! Work that may block, on threads of its own; every job comes back as exactly one message.

use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use rustix::process::setpriority_process;
use scrim_model::ItemId;

use crate::inward::Inward;
use crate::limits::{AHEAD_AFTER, MEDIA_NICE};
use crate::seams::{Executor, Job};

/// A few threads that do one job each at a time, in the order in which they were asked; what is made ahead comes after
/// everything else, and a moment after it was asked for: the window draws what changed meanwhile.
pub(crate) struct Threads {
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

#[derive(Default)]
struct Jobs {
    now: VecDeque<Job>,
    /// Each with the instant before which it does not begin.
    ahead: VecDeque<(Instant, Job)>,
    /// No more will come.
    is_last: bool,
}

impl Threads {
    /// `count` threads named `name`, whose results go to `inward`. Each does `first` before its first job.
    pub(crate) fn start(
        name: &str,
        count: usize,
        inward: &Sender<Inward>,
        first: impl Fn() + Clone + Send + 'static,
    ) -> std::io::Result<Self> {
        let waiting = Arc::new(Waiting::default());
        let threads = Self {
            waiting: Arc::clone(&waiting),
        };
        for _ in 0..count {
            let (waiting, inward, first) = (Arc::clone(&waiting), inward.clone(), first.clone());
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || {
                    first();
                    while let Some(job) = waiting.next() {
                        if inward.send(job.run()).is_err() {
                            return;
                        }
                    }
                })?;
        }
        Ok(threads)
    }
}

impl Executor for Threads {
    fn run(&mut self, job: Job) {
        let mut jobs = self.waiting.jobs();
        if job.is_ahead() {
            jobs.ahead.push_back((Instant::now() + AHEAD_AFTER, job));
        } else {
            jobs.now.push_back(job);
        }
        drop(jobs);
        self.waiting.changed.notify_one();
    }

    fn take_back(&mut self, item: &ItemId) -> usize {
        let mut jobs = self.waiting.jobs();
        let count = |jobs: &Jobs| jobs.now.len() + jobs.ahead.len();
        let before = count(&jobs);
        jobs.now.retain(|job| job.work().prepares() != Some(item));
        let ahead = &mut jobs.ahead;
        ahead.retain(|(_, job)| job.work().prepares() != Some(item));
        before - count(&jobs)
    }

    /// Lets the threads end after the jobs in hand, without waiting for them.
    fn let_go(&mut self) {
        self.waiting.jobs().is_last = true;
        self.waiting.changed.notify_all();
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Waiting {
    /// The next job, when there is one; none if no more will come.
    fn next(&self) -> Option<Job> {
        let mut jobs = self.jobs();
        loop {
            if let Some(job) = jobs.now.pop_front() {
                return Some(job);
            }
            let begins = jobs.ahead.front().map(|(begins, _)| *begins);
            let left = begins.map(|begins| begins.saturating_duration_since(Instant::now()));
            jobs = match left {
                Some(left) if left.is_zero() || jobs.is_last => {
                    return jobs.ahead.pop_front().map(|(_, job)| job);
                }
                None if jobs.is_last => return None,
                Some(left) => {
                    let woken = self.changed.wait_timeout(jobs, left);
                    woken.expect("no job panics while the queue is locked").0
                }
                None => {
                    let woken = self.changed.wait(jobs);
                    woken.expect("no job panics while the queue is locked")
                }
            };
        }
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs
            .lock()
            .expect("no job panics while the queue is locked")
    }
}

/// Lets the window and the records go before this thread and the processes that it starts. Where the system does not
/// allow that, everything goes at the same pace.
pub(crate) fn stand_back() {
    // Linux takes "this process" for the calling thread (setpriority(2), "C library/kernel differences").
    if let Err(error) = setpriority_process(None, MEDIA_NICE) {
        tracing::warn!(kind = ?error.kind(), "media get as much of the processor as the window");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::mpsc::channel;

    use scrim_desk::Event;
    use scrim_model::MediumKey;

    use super::*;
    use crate::seams::Work;

    /// A job that says its name when it is done.
    fn named(name: &str, is_ahead: bool) -> Job {
        let key = MediumKey {
            item: ItemId::new(name).unwrap(),
            n: 0,
        };
        let said = key.clone();
        let job = Job::new(Work::Hashes(key), move || {
            Inward::Event(Event::MediumFailed {
                medium: said,
                failure: scrim_desk::MediumFailure::Unavailable,
            })
        });
        job.made_ahead(is_ahead)
    }

    fn name_of(message: Inward) -> String {
        match message {
            Inward::Event(Event::MediumFailed { medium, .. }) => medium.item.to_string(),
            _ => panic!("another message"),
        }
    }

    #[test]
    fn what_is_made_ahead_comes_after_everything_else_and_nothing_is_left_undone() {
        let (inward, done) = channel();
        let mut threads = Threads::start("test", 1, &inward, || {}).unwrap();
        let began = Instant::now();
        for (name, is_ahead) in [("a", true), ("b", true), ("c", false), ("d", false)] {
            threads.run(named(name, is_ahead));
        }
        let names: Vec<String> = done.iter().take(4).map(name_of).collect();
        assert_eq!(names, ["c", "d", "a", "b"]);
        assert!(began.elapsed() >= AHEAD_AFTER);
        // What waits when no more will come is done at once, and then the threads end.
        threads.run(named("e", true));
        drop(threads);
        drop(inward);
        assert_eq!(done.iter().map(name_of).collect::<Vec<_>>(), ["e"]);
    }

    #[test]
    fn what_was_prepared_of_an_item_that_is_gone_is_taken_back() {
        let (inward, done) = channel();
        let mut threads = Threads::start("test", 1, &inward, || {}).unwrap();
        for name in ["a", "b", "a", "c"] {
            threads.run(named(name, true));
        }
        assert_eq!(threads.take_back(&ItemId::new("a").unwrap()), 2);
        assert_eq!(threads.take_back(&ItemId::new("a").unwrap()), 0);
        drop(threads);
        drop(inward);
        assert_eq!(done.iter().map(name_of).collect::<Vec<_>>(), ["b", "c"]);
    }
}
