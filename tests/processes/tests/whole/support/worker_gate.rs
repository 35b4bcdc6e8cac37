//! A gate in front of decode workers: while it is shut, each stands still before it has begun.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::{PATIENCE, program, threads_say};

/// A program to be started in the place of the worker. It becomes the worker, or stops itself first.
pub(crate) struct WorkerGate {
    pub(crate) program: PathBuf,
    hold: PathBuf,
    stopped: Receiver<u32>,
    held: Vec<OwnedFd>,
}

impl WorkerGate {
    /// An open gate; its files are in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        let (hold, at) = (folder.join("hold-workers"), folder.join("at-the-gate"));
        let made = Command::new("mkfifo").arg(&at).status().unwrap();
        assert!(made.success(), "no pipe");
        let gate = folder.join("worker");
        let script = format!(
            "#!/bin/sh\nif [ -e '{}' ]; then echo $$ > '{}'; kill -STOP $$; fi\nexec '{}'\n",
            hold.display(),
            at.display(),
            program("scrim-decode", "scrim-decode").display()
        );
        std::fs::write(&gate, script).unwrap();
        std::fs::set_permissions(&gate, PermissionsExt::from_mode(0o700)).unwrap();
        // Open for both: neither side waits for the other, and there is no end of file.
        let both = File::options().read(true).write(true).open(&at).unwrap();
        let (sender, stopped) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(both).lines().map_while(Result::ok);
            for pid in lines.map_while(|line| line.parse().ok()) {
                if sender.send(pid).is_err() {
                    return;
                }
            }
        });
        Self {
            program: gate,
            hold,
            stopped,
            held: Vec::new(),
        }
    }

    pub(crate) fn shut(&self) {
        std::fs::write(&self.hold, "").unwrap();
    }

    /// Waits until a worker stands still at the gate.
    #[track_caller]
    pub(crate) fn until_held(&mut self) {
        let pid = self.stopped.recv_timeout(PATIENCE).expect("no worker came");
        let end = Instant::now() + PATIENCE;
        while !threads_say(pid, "State").iter().all(|s| s.starts_with('T')) {
            assert!(Instant::now() < end, "the worker goes on");
            std::thread::yield_now();
        }
        let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
        self.held
            .push(pidfd_open(pid, PidfdFlags::empty()).unwrap());
    }

    /// SIGKILL to every worker at the gate, which stays shut.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.held.clear();
    }

    /// Lets those at the gate and those to come pass.
    pub(crate) fn open(&mut self) {
        // It may be open already.
        drop(std::fs::remove_file(&self.hold));
        self.signal(Signal::CONT);
        self.held.clear();
    }

    fn signal(&mut self, signal: Signal) {
        while let Ok(pid) = self.stopped.try_recv() {
            let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
            self.held.extend(pidfd_open(pid, PidfdFlags::empty()));
        }
        for worker in &self.held {
            // One that has ended needs no signal.
            pidfd_send_signal(worker, signal).ok();
        }
    }
}

impl Drop for WorkerGate {
    fn drop(&mut self) {
        self.kill();
    }
}
