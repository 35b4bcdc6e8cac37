//! The real program, as a process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use super::{Answer, agent, taken};

pub const BINARY: &str = env!("CARGO_BIN_EXE_scrim-server");

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[track_caller]
pub fn good(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Three items, one with a picture, as the sample maker writes them.
pub fn samples(folder: &Path) {
    let actions = json!(["allow", "remove"]);
    let line = |id: &str, files: Value, media: Value| {
        json!({"queue_id": "q", "files": files, "item": {"id": id, "kind": "image",
            "label": "marker-label", "media": media, "allowed_actions": actions}})
        .to_string()
    };
    std::fs::create_dir_all(folder.join("media")).unwrap();
    std::fs::write(folder.join("media/0001-0.jpg"), b"picture").unwrap();
    let lines = [
        line(
            "i1",
            json!(["media/0001-0.jpg"]),
            json!([{"n": 0, "mime": "image/jpeg"}]),
        ),
        line("i2", json!([]), json!([])),
        line("i3", json!([]), json!([])),
    ];
    std::fs::write(folder.join("items.jsonl"), lines.join("\n")).unwrap();
    std::fs::write(
        folder.join("queues.json"),
        r#"[{"id": "q", "name": "Queue"}]"#,
    )
    .unwrap();
    let tree = r#"{"version": 3, "policies": [{"id": "p", "name": "P", "digit": 1}]}"#;
    std::fs::write(folder.join("policies.json"), tree).unwrap();
}

pub struct Server {
    pub child: Child,
    pub base: String,
}

impl Server {
    pub fn start(folder: &Path) -> Self {
        let mut child = Command::new(BINARY)
            .args([
                "serve",
                "--db",
                "s.db",
                "--port-file",
                "port",
                "--environment",
                "test",
            ])
            .args(["--parent-watch", "--duty-contact", "Duty=+00 000"])
            .current_dir(folder)
            .env("SCRIM_LOG", "trace")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        let port = std::fs::read_to_string(folder.join("port")).unwrap();
        assert!(base.starts_with("http://127.0.0.1:"));
        assert!(base.ends_with(&format!(":{}", port.trim())));
        child.stdout = Some(out.into_inner());
        Self { child, base }
    }

    pub fn get(&self, token: &str, path: &str, claim: &str) -> Answer {
        let request = agent().get(format!("{}{path}", self.base));
        let request = request.header("Authorization", format!("Bearer {token}"));
        taken(request.header("Scrim-Claim", claim).call())
    }

    pub fn post(&self, token: &str, path: &str, key: &str, body: &Value) -> Answer {
        let request = agent().post(format!("{}{path}", self.base));
        let request = request.header("Authorization", format!("Bearer {token}"));
        taken(
            request
                .header("Idempotency-Key", key)
                .send(body.to_string().as_bytes()),
        )
    }

    /// Waits for the end; standard output after the first line, and standard error.
    pub fn ended(mut self) -> (String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut out)
            .unwrap();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        assert!(self.child.wait().unwrap().success(), "{err}");
        (out, err)
    }

    pub fn close_input(mut self) -> (String, String) {
        drop(self.child.stdin.take());
        self.ended()
    }
}
