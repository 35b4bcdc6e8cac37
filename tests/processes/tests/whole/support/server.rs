//! `scrim-server` as a process.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::program;

pub(crate) struct Server {
    folder: PathBuf,
    /// More to tell it at each start.
    more: &'static [&'static str],
    running: Option<(Child, SocketAddr)>,
}

impl Server {
    /// Seeds a database in `folder` from its `samples`, and serves it.
    pub(crate) fn seeded(folder: &Path, more: &'static [&'static str]) -> Self {
        let mut server = Self {
            folder: folder.to_owned(),
            more,
            running: None,
        };
        server.command(&["seed", "--db", "s.db", "--from", "samples"]);
        server.start();
        server
    }

    fn command(&self, arguments: &[&str]) -> String {
        let output = Command::new(program("scrim-server", "scrim-server"))
            .args(arguments)
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts on a port of its own; what it logs is added to `server.err`.
    pub(crate) fn start(&mut self) -> SocketAddr {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let mut child = Command::new(program("scrim-server", "scrim-server"))
            .args([
                "serve",
                "--db",
                "s.db",
                "--environment",
                "test",
                "--parent-watch",
            ])
            .args(self.more)
            .current_dir(&self.folder)
            .env("SCRIM_LOG", "trace")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap()
            .parse()
            .unwrap();
        self.running = Some((child, address));
        address
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("server.err")
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().1
    }

    /// SIGKILL, and its end.
    pub(crate) fn kill(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Copies its database, as a backup would, and starts it again.
    pub(crate) fn back_up(&mut self) -> SocketAddr {
        self.kill();
        self.copy(&self.folder, &self.folder.join("backup"));
        self.start()
    }

    /// Puts the copy in the place of its database and starts it again.
    pub(crate) fn put_back(&mut self) -> SocketAddr {
        self.kill();
        self.copy(&self.folder.join("backup"), &self.folder);
        self.start()
    }

    /// The shared memory beside the log is made anew from it.
    fn copy(&self, from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for name in ["s.db", "s.db-wal"] {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
        drop(std::fs::remove_file(to.join("s.db-shm")));
    }

    pub(crate) fn token(&self, user: &str, role: &str) -> String {
        let name = "MARKER-xyzzy-name";
        self.command(&[
            "token", "add", "--db", "s.db", "--user", user, "--role", role, "--name", name,
        ])
    }

    /// No token of the user is taken any more.
    pub(crate) fn revoke(&self, user: &str) {
        self.command(&["token", "revoke", "--db", "s.db", "--user", user]);
    }

    /// Ids of `GET /v1/decisions`.
    pub(crate) fn decisions(&self, token: &str) -> Vec<String> {
        self.ids(token, "decisions")
    }

    /// Ids of `GET /v1/outcomes`.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        self.ids(&self.token("platform", "effect"), "outcomes")
    }

    /// All pages of a list, straight from the server.
    fn ids(&self, token: &str, list: &str) -> Vec<String> {
        let (mut ids, mut since) = (Vec::new(), 0);
        loop {
            let text = ureq::get(format!("http://{}/v1/{list}?since={since}", self.address()))
                .header("authorization", format!("Bearer {token}"))
                .call()
                .unwrap()
                .body_mut()
                .read_to_string()
                .unwrap();
            let page: Value = serde_json::from_str(&text).unwrap();
            let rows = page[list].as_array().unwrap();
            if rows.is_empty() {
                return ids;
            }
            ids.extend(
                rows.iter()
                    .map(|row| row["decision_id"].as_str().unwrap().to_owned()),
            );
            since = page["next"].as_u64().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
