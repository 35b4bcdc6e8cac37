//! Work that may block, on threads of its own; every job comes back as exactly one message.

use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use rustix::process::setpriority_process;

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
        // All of them: one that waits for what is made ahead may be woken for this, and another must wait in its place.
        self.waiting.changed.notify_all();
    }

    fn hurry(&mut self) {
        let now = Instant::now();
        for (begins, _) in &mut self.waiting.jobs().ahead {
            *begins = now;
        }
        self.waiting.changed.notify_all();
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
    use std::time::Duration;

    use scrim_desk::Event;
    use scrim_model::{ItemId, MediumKey};

    use super::*;
    use crate::seams::Work;

    /// Longest wait for something that should come at once.
    const PATIENCE: Duration = Duration::from_secs(20);

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
    fn a_long_job_that_was_made_ahead_keeps_no_other_waiting() {
        let (inward, done) = channel();
        let mut threads = Threads::start("test", 2, &inward, || {}).unwrap();
        let (let_go, held) = channel::<()>();
        let long = named("long", true);
        threads.run(
            Job::new(long.work().clone(), move || {
                held.recv().unwrap();
                long.run()
            })
            .made_ahead(true),
        );
        threads.run(named("short", true));
        let next = || name_of(done.recv_timeout(PATIENCE).unwrap());
        assert_eq!(next(), "short");
        let_go.send(()).unwrap();
        assert_eq!(next(), "long");
    }
}
