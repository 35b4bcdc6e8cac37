//! A gate in front of decode workers: while it is shut, none goes on, and those that wait for a job stand still.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use scrim_runtime::limits::{LOOK_THREADS, MEDIA_THREADS};

use super::{PATIENCE, program};

/// A program to be started in the place of the worker. It says that it has come, waits while the gate is shut, and
/// becomes the worker.
pub(crate) struct WorkerGate {
    pub(crate) program: PathBuf,
    /// Locked while the gate is shut.
    lock: File,
    is_shut: bool,
    came: Receiver<u32>,
    /// Those that have come and have not ended.
    living: Vec<OwnedFd>,
    /// How many wait when no job is under way.
    spares: usize,
}

impl WorkerGate {
    /// An open gate; its files are in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        let (lock, at) = (folder.join("gate-lock"), folder.join("at-the-gate"));
        let made = Command::new("mkfifo").arg(&at).status().unwrap();
        assert!(made.success(), "no pipe");
        let gate = folder.join("worker");
        // The link is the worker's only: it must close when that is killed.
        let script = format!(
            "#!/bin/sh\necho $$ > '{}'\nflock -s '{}' true 3>&-\nexec '{}'\n",
            at.display(),
            lock.display(),
            program("scrim-decode", "scrim-decode").display()
        );
        std::fs::write(&gate, script).unwrap();
        std::fs::set_permissions(&gate, PermissionsExt::from_mode(0o700)).unwrap();
        // Open for both: neither side waits for the other, and there is no end of file.
        let both = File::options().read(true).write(true).open(&at).unwrap();
        let (sender, came) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(both).lines().map_while(Result::ok);
            for pid in lines.map_while(|line| line.parse().ok()) {
                if sender.send(pid).is_err() {
                    return;
                }
            }
        });
        Self {
            lock: File::create(lock).unwrap(),
            spares: MEDIA_THREADS + LOOK_THREADS,
            program: gate,
            is_shut: false,
            came,
            living: Vec::new(),
        }
    }

    /// Nobody passes, and the spares of a desk that runs already stand still. No job may be under way.
    pub(crate) fn shut(&mut self) {
        flock(&self.lock, FlockOperation::LockExclusive).unwrap();
        self.is_shut = true;
        self.look();
        if !self.living.is_empty() {
            self.until_living(self.spares);
        }
        self.signal(Signal::STOP);
    }

    /// Waits until a worker that stands still has a job: its place as a spare has been filled then.
    #[track_caller]
    pub(crate) fn until_held(&mut self) {
        self.until_living(self.spares + 1);
    }

    /// SIGKILL to every worker, and to the one that then gets the job, which none of them had read. The gate stays shut,
    /// and is not to be shut again: a thread whose spare was killed has none before its next job.
    #[track_caller]
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        // Nothing but a job starts one now.
        self.until_living(1);
        self.signal(Signal::KILL);
    }

    /// Lets those at the gate and those to come pass.
    pub(crate) fn open(&mut self) {
        flock(&self.lock, FlockOperation::Unlock).unwrap();
        self.is_shut = false;
        self.signal(Signal::CONT);
    }

    #[track_caller]
    fn until_living(&mut self, count: usize) {
        let end = Instant::now() + PATIENCE;
        self.look();
        while self.living.len() < count {
            assert!(Instant::now() < end, "no worker came");
            std::thread::yield_now();
            self.look();
        }
    }

    /// Who has come, and who has ended.
    fn look(&mut self) {
        while let Ok(pid) = self.came.try_recv() {
            let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
            let Ok(worker) = pidfd_open(pid, PidfdFlags::empty()) else {
                continue;
            };
            if self.is_shut {
                // It may have passed just before.
                pidfd_send_signal(&worker, Signal::STOP).ok();
            }
            self.living.push(worker);
        }
        self.living.retain(|worker| {
            let mut ended = [PollFd::new(worker, PollFlags::IN)];
            poll(&mut ended, Some(&Timespec::default())).unwrap() == 0
        });
    }

    fn signal(&mut self, signal: Signal) {
        self.look();
        for worker in &self.living {
            // One that has ended needs no signal.
            pidfd_send_signal(worker, signal).ok();
        }
        if signal == Signal::KILL {
            self.living.clear();
        }
    }
}

impl Drop for WorkerGate {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}
