//! The reference server as a process holds to every rule; and the program says so.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use scrim_contract::rules::RULES;
use scrim_contract::{Ground, Held, Tokens};
use tempfile::TempDir;

const POLICIES: &str = r#"{"version": 3, "policies": [
    {"id": "plain", "name": "Plain", "digit": 1, "severity": 1},
    {"id": "two", "name": "Two", "digit": 2, "severity": 3, "needs_second_review": true}]}"#;

struct Server {
    child: Child,
    url: String,
    tokens: Tokens,
    _folder: TempDir,
}

impl Server {
    /// A new database with one queue.
    fn start(lease_s: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let policies = folder.path().join("policies.json");
        std::fs::write(&policies, POLICIES).unwrap();
        let at = folder.path();
        say(
            at,
            &["queue", "add", "--id", "contract", "--name", "Contract"],
        );
        say(at, &["policy", "set", "--file", policies.to_str().unwrap()]);
        let token = |user, role| say(at, &["token", "add", "--user", user, "--role", role]);
        let tokens = Tokens {
            moderator: token("one", "moderator"),
            second: token("two", "moderator"),
            lead: token("lead", "lead"),
            ingest: token("feed", "ingest"),
            effect: token("platform", "effect"),
        };
        let mut child = command(at, &["serve"])
            .args([
                "--environment",
                "test",
                "--lease-s",
                lease_s,
                "--heartbeat-s",
                "1",
                "--parent-watch",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self {
            child,
            url,
            tokens,
            _folder: folder,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let mut found = own.ancestors().skip(1).map(|folder| folder.join(name));
    let Some(path) = found.find(|path| path.is_file()) else {
        panic!("{name} is missing: build it with `cargo build -p {name}` first");
    };
    path
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program("scrim-server"));
    let database = folder.join("s.db");
    command.args(words).arg("--db").arg(database);
    command
}

fn say(folder: &Path, words: &[&str]) -> String {
    let output = command(folder, words).output().unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complained}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn ask(name: &str) {
    let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
    let on = |lease_s| {
        let server = Server::start(lease_s);
        (rule.ask)(&Ground::new(&server.url, "contract", &server.tokens))
    };
    // Leases that nobody waits for, so that a busy machine breaks none; then those that end.
    let held = match on("300") {
        Held::NotAsked(_) => on("3"),
        held => held,
    };
    assert_eq!(held, Held::Yes);
}

mod rule {
    scrim_contract::tests_of_every_rule!(super::ask);
}

fn program_on(server: &Server, url: &str, only: &str) -> (bool, String) {
    let tokens = &server.tokens;
    let output = Command::new(env!("CARGO_BIN_EXE_scrim-contract"))
        .args([url, "--queue", "contract", "--only", only])
        .env("SCRIM_CONTRACT_MODERATOR", &tokens.moderator)
        .env("SCRIM_CONTRACT_SECOND", &tokens.second)
        .env("SCRIM_CONTRACT_LEAD", &tokens.lead)
        .env("SCRIM_CONTRACT_INGEST", &tokens.ingest)
        .env("SCRIM_CONTRACT_EFFECT", &tokens.effect)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), said)
}

#[test]
fn the_program_asks_one_rule_after_the_other_of_one_server() {
    let server = Server::start("300");
    let (is_good, said) = program_on(&server, &server.url, "");
    assert!(is_good, "{said}");
    let all = format!("{} hold, 0 broken, 2 not asked", RULES.len() - 2);
    assert!(said.contains(&all), "{said}");
}

#[test]
fn a_server_that_is_none_breaks_a_rule() {
    let server = Server::start("300");
    let (is_good, said) = program_on(&server, "http://127.0.0.1:1", "an_unknown");
    assert!(!is_good, "{said}");
    assert!(said.contains("1 broken"), "{said}");
}
