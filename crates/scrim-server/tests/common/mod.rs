//! A server in this process, with a clock that tests set, spoken to over real HTTP.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(unreachable_pub, reason = "shared by the test files only")]
#![allow(clippy::unwrap_used, reason = "tests")]

pub mod process;
pub mod samples;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use scrim_model::{Environment, ModeratorId, Role, Timestamp};
use scrim_server::auth::{User, new_token};
use scrim_server::clock::Clock;
use scrim_server::storage::{SqliteStorage, Storage};
use scrim_server::{Settings, serve};
use serde_json::{Value, json};
use tokio::sync::oneshot;

pub const START_MS: i64 = 1_767_225_600_000;

pub struct SetClock(AtomicI64);

impl SetClock {
    pub fn later_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub storage: Arc<SqliteStorage>,
    pub clock: Arc<SetClock>,
    pub base: String,
    pub folder: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<tokio::runtime::Runtime>,
    keys: AtomicU64,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: std::collections::BTreeMap<String, String>,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// Asserts an error's status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!(
            (self.status, body["code"].as_str().unwrap()),
            (status, code),
            "{body}"
        );
        assert!(body["retry"].is_string() || body["retry"].is_object());
        assert!(!body["message"].as_str().unwrap().is_empty());
        body
    }

    #[track_caller]
    pub fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }
}

impl World {
    pub fn new() -> Self {
        Self::of(Environment::Test)
    }

    pub fn clock_ms(&self) -> i64 {
        self.clock.now().0
    }

    pub fn clock_text(&self) -> String {
        self.clock.now().to_string()
    }

    pub fn of(environment: Environment) -> Self {
        Self::with(Settings {
            environment,
            ..Settings::default()
        })
    }

    pub fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = Arc::new(SqliteStorage::open(&folder.path().join("s.db")).unwrap());
        fill(storage.as_ref());
        let clock = Arc::new(SetClock(AtomicI64::new(START_MS)));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        runtime.spawn(serve(
            listener,
            settings,
            storage.clone(),
            clock.clone(),
            async {
                stopped.await.ok();
            },
        ));
        Self {
            storage,
            clock,
            base,
            folder,
            stop: Some(stop),
            runtime: Some(runtime),
            keys: AtomicU64::new(0),
        }
    }

    /// A signed-in person.
    pub fn person(&self, id: &str, roles: &[Role]) -> Person<'_> {
        let user = User {
            id: ModeratorId::new(id).unwrap(),
            name: format!("name of {id}"),
            roles: roles.to_vec(),
            languages: Vec::new(),
        };
        self.storage.put_user(&user).unwrap();
        let (token, hash) = new_token().unwrap();
        self.storage
            .add_token(&user.id, &hash, self.clock.now())
            .unwrap();
        Person { world: self, token }
    }

    /// Whoever this token says.
    pub fn bearer(&self, token: &str) -> Person<'_> {
        Person {
            world: self,
            token: token.to_owned(),
        }
    }

    pub fn moderator(&self, id: &str) -> Person<'_> {
        self.person(id, &[Role::Moderator])
    }

    pub fn put(&self, item: Value) {
        self.put_with(item, Vec::new());
    }

    pub fn put_with(&self, item: Value, media: Vec<Vec<u8>>) {
        let media = media.into_iter().map(Into::into).collect();
        self.storage
            .put_item(ingest(item), media, self.clock.now())
            .unwrap();
    }
}

pub fn ingest(mut item: Value) -> scrim_wire::protocol::IngestItem {
    if item["kind"].is_null() {
        item["kind"] = json!("text");
    }
    if item["allowed_actions"].is_null() {
        item["allowed_actions"] = json!(["allow", "remove", "restrict", "escalate"]);
    }
    serde_json::from_value(json!({"queue_id": "q", "item": item})).unwrap()
}

/// One queue and one tree.
pub fn fill(storage: &dyn Storage) {
    let queue = json!({"id": "q", "name": "Queue", "classes": ["spam"], "sla_s": 3600});
    storage
        .put_queue(&serde_json::from_value(queue).unwrap())
        .unwrap();
    let tree = json!({"version": 3, "policies": [
        {"id": "p", "name": "P", "digit": 1, "severity": 1},
        {"id": "two", "name": "Two", "digit": 2, "severity": 3, "needs_second_review": true}]});
    storage
        .put_policies(&serde_json::from_value(tree).unwrap(), Timestamp(START_MS))
        .unwrap();
}

pub struct Person<'w> {
    pub world: &'w World,
    pub token: String,
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}

pub fn taken(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = response.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        bytes: response.body_mut().read_to_vec().unwrap(),
    }
}

impl Person<'_> {
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent()
            .get(format!("{}{path}", self.world.base))
            .header("Authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        taken(request.call())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        taken(
            agent()
                .post(format!("{}{path}", self.world.base))
                .header("Authorization", format!("Bearer {}", self.token))
                .header("Idempotency-Key", key)
                .send(body.to_string().as_bytes()),
        )
    }

    pub fn post_with(&self, path: &str, body: Value, headers: &[(&str, &str)]) -> Answer {
        let n = self.world.keys.fetch_add(1, Ordering::SeqCst);
        let mut request = agent()
            .post(format!("{}{path}", self.world.base))
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Idempotency-Key", format!("key-{n}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        taken(request.send(body.to_string().as_bytes()))
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        let n = self.world.keys.fetch_add(1, Ordering::SeqCst);
        self.post_keyed(path, &format!("key-{n}"), &body)
    }

    /// Claims up to `count` items.
    #[track_caller]
    pub fn claim(&self, count: u32) -> Vec<Value> {
        self.claim_with(json!({"count": count}))
    }

    #[track_caller]
    pub fn claim_with(&self, request: Value) -> Vec<Value> {
        let answer = self.post("/v1/claims", request).good();
        answer["claims"].as_array().unwrap().clone()
    }

    /// Sends one decision; the row of the answer.
    #[track_caller]
    pub fn decide(&self, decision: Value) -> Value {
        let answer = self.post("/v1/decisions", json!({"decisions": [decision]}));
        answer.good()["results"][0].clone()
    }
}

/// A decision on a claimed item; `changed` overrides fields.
pub fn decision(id: &str, claim: &Value, changed: Value) -> Value {
    let mut whole = json!({
        "decision_id": id, "item_id": claim["item"]["id"],
        "item_version": claim["item"]["version"], "queue_id": claim["queue_id"],
        "claim_id": claim["claim_id"], "fence": claim["fence"], "policy_version": 3,
        "policy_ids": ["p"], "actions": [{"kind": "remove"}], "severity": 1, "unsure": false,
        "reason": "", "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0, "handle_ms": 4321,
        "media": [{"n": 0, "state": "full", "file_viewed": "yes", "ms_covered": 7, "ms_clear": 77}],
    });
    for (name, value) in changed.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}

pub fn ids(claims: &[Value]) -> Vec<&str> {
    claims
        .iter()
        .map(|claim| claim["item"]["id"].as_str().unwrap())
        .collect()
}
