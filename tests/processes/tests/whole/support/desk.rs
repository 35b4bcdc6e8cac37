//! `headless-desk` as a process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use super::PATIENCE;

const PRIVATE_FOLDERS: [&str; 7] = [
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
];

pub(crate) struct Desk {
    child: Child,
    lines: Receiver<String>,
    /// Everything that it has said so far.
    pub(crate) said: Vec<String>,
}

impl Desk {
    /// What it logs is added to `desk.err` in `folder`.
    pub(crate) fn start(
        folder: &Path,
        profile: &Path,
        worker: &Path,
        count: usize,
        more: &[&str],
    ) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("desk.err"))
            .unwrap();
        // Everything that a program could write to without being asked lies in here.
        let home = folder.join("home");
        std::fs::create_dir_all(&home).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_headless-desk"))
            .envs(PRIVATE_FOLDERS.map(|name| (name, &home)))
            .arg("--profile")
            .arg(profile)
            .arg("--worker")
            .arg(worker)
            .args(["--decide", &count.to_string()])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            // A killed desk ends in the middle of whatever it was saying.
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// Reads on until `enough` of what was said.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, enough: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !enough(self) {
            match self
                .lines
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.said.push(line),
                Err(_) => panic!("waiting for {what}; the desk said: {:#?}", self.said),
            }
        }
    }

    /// The newest state of each decision, by id.
    pub(crate) fn decisions(&self) -> BTreeMap<&str, &str> {
        let rows = self
            .said
            .iter()
            .filter_map(|line| line.strip_prefix("decision "));
        rows.map(|row| {
            let mut words = row.split(' ');
            let id = words.next().unwrap();
            (id, words.nth(1).unwrap())
        })
        .collect()
    }

    /// Waits until `count` decisions are there and every one stands at one of `states`.
    #[track_caller]
    pub(crate) fn until_all(&mut self, count: usize, states: &[&str]) {
        self.until(&format!("{count} {states:?}"), |desk| {
            let decisions = desk.decisions();
            decisions.len() == count && decisions.values().all(|state| states.contains(state))
        });
    }

    /// Of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn reconnect(&mut self) {
        self.tell("reconnect");
    }

    /// A line to its standard input.
    pub(crate) fn tell(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// What followed `word` in each line that began with it.
    pub(crate) fn said_of(&self, word: &str) -> impl DoubleEndedIterator<Item = &str> {
        let word = format!("{word} ");
        let lines = self.said.iter();
        lines.filter_map(move |line| line.strip_prefix(&word))
    }

    /// Whether its process is there.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The end of its input: it ends as at a sign-out of the system, some time.
    pub(crate) fn leave(&mut self) {
        drop(self.child.stdin.take());
    }

    /// SIGKILL, and its end. All that it has said.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // What it had said before it died is still on its way.
        self.said.extend(self.lines.iter());
        std::mem::take(&mut self.said)
    }

    /// Ends it as a sign-out of the system would, and waits until it is gone.
    pub(crate) fn stop(mut self) {
        self.leave();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // After `kill` and `stop` there is nothing left to end.
        if matches!(self.child.try_wait(), Ok(None)) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}
