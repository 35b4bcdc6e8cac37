//! Work that may block, on threads of its own; every job comes back as exactly one message.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::inward::Inward;
use crate::seams::{Executor, Job};

/// A few threads that do one job each at a time, in the order in which they were asked.
pub(crate) struct Threads {
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Threads {
    /// `count` threads named `name`, whose results go to `inward`. Each does `first` before its first job.
    pub(crate) fn start(
        name: &str,
        count: usize,
        inward: &Sender<Inward>,
        first: impl Fn() + Clone + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, waiting) = channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        let threads = (0..count).map(|_| {
            let (waiting, inward) = (Arc::clone(&waiting), inward.clone());
            let first = first.clone();
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || {
                    first();
                    work(&waiting, &inward);
                })
        });
        Ok(Self {
            threads: threads.collect::<Result<_, _>>()?,
            jobs: Some(jobs),
        })
    }
}

impl Executor for Threads {
    fn run(&mut self, job: Job) {
        let jobs = self
            .jobs
            .as_ref()
            .expect("threads live as long as their owner");
        jobs.send(job)
            .expect("the threads wait until the sender is dropped");
    }

    /// Lets the threads end after the jobs in hand, without waiting for them.
    fn let_go(&mut self) {
        self.jobs = None;
        self.threads.clear();
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, inward: &Sender<Inward>) {
    loop {
        let job = waiting
            .lock()
            .expect("no job panics while the queue is locked")
            .recv();
        let Ok(job) = job else { return };
        if inward.send(job.run()).is_err() {
            return;
        }
    }
}
