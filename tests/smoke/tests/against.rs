//! Journeys at a server that is there: only at one that says it is a test server.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use scrim_runtime::sibling;
use scrim_samples::Settings;

/// A queue server with pictures, in an environment; it ends with this value.
struct Server {
    child: Child,
    origin: String,
    token: PathBuf,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn server_command(database: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(sibling("scrim-server").unwrap());
    command
        .env("SCRIM_LOG", "warn")
        .args(words)
        .arg("--db")
        .arg(database);
    command
}

impl Server {
    fn start(environment: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("queue.db");
        let settings = Settings {
            count: 4,
            side_max: Some(640),
            with_broken: false,
            kinds: vec![scrim_model::Kind::Image],
            ..Settings::default()
        };
        let items = folder.path().join("items");
        std::fs::create_dir(&items).unwrap();
        scrim_samples::write_folder(&settings, &items).unwrap();
        let from = items.to_string_lossy();
        let mut seed = server_command(&database, &["seed", "--from", &from]);
        assert!(seed.status().unwrap().success());
        let words = ["token", "add", "--user", "tester", "--role", "moderator"];
        let made = server_command(&database, &words).output().unwrap();
        assert!(made.status.success());
        let token = folder.path().join("token");
        std::fs::write(&token, made.stdout).unwrap();
        let words = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--environment",
            environment,
        ];
        let mut child = server_command(&database, &words)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = child.stdout.take().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let origin = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self {
            child,
            origin,
            token,
            folder,
        }
    }

    fn smoke(&self, token: &Path) -> Output {
        Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
            .args(["--against", &self.origin, "--token-file"])
            .arg(token)
            .output()
            .unwrap()
    }

    /// What the server holds: nothing was decided if it is not there.
    fn decisions(&self) -> usize {
        let token = std::fs::read_to_string(&self.token).unwrap();
        let origin = scrim_queue::Origin::parse(&self.origin).unwrap();
        let queue = scrim_queue::HttpQueue::new(origin, token.trim());
        let held = scrim_queue::QueueServer::own_decisions(&queue, 0).unwrap();
        held.decisions.len()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_server_that_is_no_test_server_is_left_alone() {
    for environment in ["training", "production"] {
        let server = Server::start(environment);
        let output = server.smoke(&server.token);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains(environment), "{}", said(&output));
        assert_eq!(server.decisions(), 0);
    }
}

#[test]
fn at_a_test_server_one_item_is_decided_and_taken_back() {
    let server = Server::start("test");
    let output = server.smoke(&server.token);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        said(&output).contains("2 passed, 0 failed"),
        "{}",
        said(&output)
    );
    assert_eq!(server.decisions(), 1);
}

#[test]
fn without_a_token_that_counts_nothing_is_run() {
    let server = Server::start("test");
    let wrong = server.folder.path().join("wrong");
    std::fs::write(&wrong, "nobody").unwrap();
    let output = server.smoke(&wrong);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for words in ["--token-file", "Nothing was changed there"] {
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    let output = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .args(["--against", &server.origin])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_cannot_be_asked_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("token"), "abc\n").unwrap();
    std::fs::write(file("empty"), "\n").unwrap();
    let nobody = "http://127.0.0.1:9";
    for (origin, token, expected, words) in [
        (nobody, "token", 1, "does not answer at this address"),
        ("foo", "token", 2, "https://host"),
        ("http://queue.example", "token", 2, "Plain http://"),
        (nobody, "none", 2, "--token-file cannot be read"),
        (nobody, "empty", 2, "--token-file holds no token"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
            .args(["--against", origin, "--token-file"])
            .arg(file(token))
            .output()
            .unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(expected), "{said}");
        assert!(
            said.contains(words) && said.contains("Nothing was"),
            "{said}"
        );
        for wrong in ["..", "decided", "pass "] {
            assert!(!said.contains(wrong), "{said}");
        }
    }
}
