//! The real `scrim-agent` as a process, and the window that it keeps.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::{Session, World, program};

pub(crate) struct Agent {
    child: Child,
    /// Its window's process.
    pub(crate) window: u32,
    log: PathBuf,
}

impl Agent {
    /// Starts it and waits for its window and for a covered item.
    pub(crate) fn open(world: &World, session: &mut Session) -> Self {
        let agent = Self::start(world, session);
        session.hands::<Vec<String>>("item", json!([]));
        agent
    }

    /// Starts it and waits for its window.
    pub(crate) fn start(world: &World, session: &mut Session) -> Self {
        let mut command = session.command(&program("scrim-agent", "scrim-agent"));
        let mut agent = Self::spawn(world, &mut command);
        agent.window_after(session, 0);
        agent
    }

    /// How to start it so that a test can look into it and its window. Whoever is not root is the
    /// root of a user namespace around them.
    pub(crate) fn open_to_us(session: &Session) -> Command {
        let agent = program("scrim-agent", "scrim-agent");
        if rustix::process::getuid().is_root() {
            return session.command(&agent);
        }
        let mut unshare = session.command("unshare".as_ref());
        unshare.args(["--user", "--map-root-user", "--"]).arg(agent);
        unshare
    }

    /// Starts it as `command` says; what it and its window log is added to `agent.err`.
    pub(crate) fn spawn(world: &World, command: &mut Command) -> Self {
        let log = world.folder.path().join("agent.err");
        let file = File::options().create(true).append(true).open(&log);
        let child = command
            .args(["--verbose", "--profile"])
            .arg(world.profile.folder())
            .stdin(std::process::Stdio::null())
            .stderr(file.unwrap())
            .spawn()
            .unwrap();
        Self {
            child,
            window: 0,
            log,
        }
    }

    /// Waits for a window that is not process `before`.
    pub(crate) fn window_after(&mut self, session: &mut Session, before: u32) {
        self.window = session.hands("open", json!([self.id(), before]));
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it and its window have logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGKILL, and its end and its window's.
    pub(crate) fn kill(mut self, session: &mut Session) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        session.hands::<()>("ended", json!([self.window]));
    }

    /// SIGABRT, as a crash ends it, and its window's end.
    pub(crate) fn abort(mut self, session: &mut Session) -> ExitStatus {
        signal(self.id(), Signal::ABORT);
        let status = self.child.wait().unwrap();
        session.hands::<()>("ended", json!([self.window]));
        status
    }

    /// Ends it as a sign-out of the system would; it and its window end well. What was logged.
    pub(crate) fn stop(self, session: &mut Session) -> String {
        signal(self.id(), Signal::TERM);
        self.ends(session)
    }

    /// Waits until it and its window have ended by themselves. What was logged.
    pub(crate) fn ends(mut self, session: &mut Session) -> String {
        session.hands::<()>("ended", json!([self.id()]));
        let status: ExitStatus = self.child.wait().unwrap();
        assert!(status.success(), "{status}\n{}", self.log());
        session.hands::<()>("ended", json!([self.window]));
        self.log()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            if std::thread::panicking() {
                eprintln!("--- the agent's log\n{}", self.log());
            }
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

pub(crate) fn signal(process: u32, signal: Signal) {
    let pid = Pid::from_raw(process.try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// A line of `/proc/PROCESS/status` of each of its threads.
pub(crate) fn threads_say(process: u32, field: &str) -> Vec<String> {
    let tasks = Path::new("/proc").join(process.to_string()).join("task");
    let statuses = std::fs::read_dir(tasks).unwrap().filter_map(|task| {
        // A thread that has ended since it was listed says nothing.
        let text = std::fs::read_to_string(task.unwrap().path().join("status")).ok()?;
        let mut lines = text.lines().filter_map(|line| line.strip_prefix(field));
        let value = lines.next().unwrap().trim_start_matches(':').trim();
        Some(value.to_owned())
    });
    statuses.collect()
}
