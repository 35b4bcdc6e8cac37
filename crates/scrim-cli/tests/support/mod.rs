//! The real `scrim`, a throw-away profile, and a real server.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, ItemId, ModeratorId, PolicyId,
    QueueId, Timestamp,
};
use scrim_runtime::{Profile, SignIn, records_key};
use scrim_store::Store;

/// 2026-02-02T02:40:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_770_000_000_000);

/// Runs `scrim --profile PROFILE WORDS…` with `input` on its standard input.
pub(crate) fn scrim(profile: &Path, words: &[&str], input: &str) -> Output {
    scrim_in(profile, words, input, &[])
}

/// The same with these variables in its environment.
pub(crate) fn scrim_in(
    profile: &Path,
    words: &[&str],
    input: &str,
    variables: &[(&str, &str)],
) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scrim"))
        .envs(variables.iter().copied())
        .arg("--profile")
        .arg(profile)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that ended without reading its input is no failure of the test.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

/// In the place of what a killed export wrote, to tell it from what the next one writes under that name.
pub(crate) const LEFT: &[u8] = b"left";

/// An export that has written `part` and waits for the list of exports, which the test has locked.
pub(crate) fn waiting<'a>(
    folder: &Path,
    words: impl Iterator<Item = &'a str>,
    part: &Path,
) -> Child {
    let child = Command::new(env!("CARGO_BIN_EXE_scrim"))
        .arg("--profile")
        .arg(folder)
        .arg("export")
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let last = Instant::now() + Duration::from_secs(60);
    let is_there = || std::fs::read(part).is_ok_and(|it| !it.is_empty() && it != LEFT);
    while !is_there() {
        assert!(Instant::now() < last, "no {} came", part.display());
        std::thread::yield_now();
    }
    child
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// None of these is carried out: it asks for what there is not.
pub(crate) fn are_refused(export: impl Fn(&str) -> Output, each: &[&str]) {
    for words in each {
        let output = export(words);
        assert_eq!(code(&output), 2, "{words}");
        assert!(
            complained(&output).contains("Nothing was written."),
            "{words}"
        );
    }
}

/// A profile signed in to `origin`.
pub(crate) fn signed_in(folder: &Path, origin: &str, token: &str) -> (Profile, SignIn) {
    let profile = Profile::open(Some(folder)).unwrap();
    let sign_in = SignIn {
        origin: origin.to_owned(),
        moderator_id: ModeratorId::new("m1").unwrap(),
        token: token.to_owned(),
        connection: Default::default(),
    };
    profile.keep_sign_in(&sign_in).unwrap();
    (profile, sign_in)
}

/// Decisions 1 to `count`, twelve hours apart, in a closed store. Gives its folder.
pub(crate) fn with_decisions(folder: &Path, count: u32) -> PathBuf {
    written(folder, count).1
}

/// The same in a store that is still open for writing, as an agent's is.
pub(crate) fn written(folder: &Path, count: u32) -> (Store, PathBuf) {
    let (profile, sign_in) = signed_in(folder, "http://127.0.0.1:9", "token");
    let records = profile.store_folder(&sign_in);
    let key = records_key(&profile, &sign_in).unwrap();
    let (mut store, _) = Store::open(&records, &key, NOW).unwrap();
    for n in 1..=count {
        store
            .commit_decision(&decision(n), false, &[], &mut || [7; 32])
            .unwrap();
    }
    (store, records)
}

/// A connection to the closed records of [`written`], as somebody has who knows the key.
pub(crate) fn tampered(folder: &Path) -> rusqlite::Connection {
    let profile = Profile::open(Some(folder)).unwrap();
    let sign_in = profile.sign_in().unwrap().unwrap();
    let key = records_key(&profile, &sign_in).unwrap();
    let digits: String = key.bytes().iter().map(|b| format!("{b:02x}")).collect();
    let database = profile
        .store_folder(&sign_in)
        .join(scrim_store::DATABASE_FILE);
    let conn = rusqlite::Connection::open(database).unwrap();
    conn.pragma_update(None, "key", format!("x'{digits}'"))
        .unwrap();
    conn
}

pub(crate) fn decision(n: u32) -> Decision {
    Decision {
        decision_id: DecisionId::new(format!("decision-{n}")).unwrap(),
        item_id: ItemId::new(format!("item-{n}")).unwrap(),
        item_version: 1,
        queue_id: QueueId::new("queue").unwrap(),
        claim_id: ClaimId::new(format!("claim-{n}")).unwrap(),
        fence: 1,
        policy_version: 2,
        policy_ids: vec![PolicyId::new("spam").unwrap()],
        actions: vec![DecisionAction {
            kind: ActionKind::Remove,
            duration_s: None,
        }],
        severity: 1,
        unsure: false,
        reason: String::new(),
        escalate: None,
        decided_at: NOW.plus_ms(i64::from(n) * 12 * 3_600_000),
        skew_ms: 0,
        training: false,
        handle_ms: 1_000,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: None,
        marks: Vec::new(),
        media: Vec::new(),
    }
}

/// A real server on a free port, ended when dropped.
pub(crate) struct Server {
    child: Child,
    folder: tempfile::TempDir,
    pub(crate) origin: String,
}

fn server_program() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_BIN_EXE_scrim"));
    let program = own.with_file_name("scrim-server");
    let missing = "this test needs scrim-server: cargo build -p scrim-server";
    assert!(program.is_file(), "{missing}");
    program
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With these further words of `scrim-server serve`.
    pub(crate) fn with(words: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(server_program())
            .args(["serve", "--environment", "test", "--parent-watch", "--db"])
            .arg(folder.path().join("server.db"))
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").unwrap();
        Self {
            origin: origin.to_owned(),
            child,
            folder,
        }
    }

    /// Files these items, one a line, in the queue `queue`, with a policy `spam` in version 2 of the tree.
    pub(crate) fn seed(&self, items: &str) {
        let folder = self.folder.path();
        let queues = r#"[{"id":"queue","name":"Queue","classes":[],"pending":0}]"#;
        let policies = r#"{"version":2,"policies":[{"id":"spam","name":"Spam","digit":1}]}"#;
        for (name, text) in [
            ("queues.json", queues),
            ("policies.json", policies),
            ("items.jsonl", items),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let output = Command::new(server_program())
            .args(["seed", "--db", "server.db", "--from", "."])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", complained(&output));
    }

    /// A token for a moderator who leads as well.
    pub(crate) fn token(&self) -> String {
        self.token_of("m1", &["moderator", "lead"])
    }

    /// A user whom the identity issuer calls `subject`.
    pub(crate) fn add_subject(&self, user: &str, subject: &str) {
        let output = Command::new(server_program())
            .args(["user", "add", "--user", user, "--role", "moderator"])
            .args(["--subject", subject, "--db"])
            .arg(self.folder.path().join("server.db"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", complained(&output));
    }

    /// A token for `user` with these roles.
    pub(crate) fn token_of(&self, user: &str, roles: &[&str]) -> String {
        let roles = roles.iter().flat_map(|role| ["--role", role]);
        let output = Command::new(server_program())
            .args(["token", "add", "--user", user])
            .args(roles)
            .arg("--db")
            .arg(self.folder.path().join("server.db"))
            .output()
            .unwrap();
        assert!(output.status.success());
        said(&output).trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
