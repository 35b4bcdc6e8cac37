//! What a desk, an ingester or anybody asks of the reference server, through its whole router.
//!
//! Input: `METHOD PATH WHO KEY` and a line break, then the body. A path of `/v1/items` gets its
//! body as the part `item` of a form. The server may refuse; it must never say that it failed
//! itself, and what it says is JSON.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use scrim_model::{ModeratorId, Role, Timestamp};
use scrim_server::auth::{User, new_token};
use scrim_server::clock::Clock;
use scrim_server::storage::{SqliteStorage, Storage};
use scrim_server::{Settings, router};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Shape, Target, class_of_text, folder_in_memory};
use crate::mutate::split;

pub(super) const NAME: &str = "server-requests";
/// A world ends after so many requests, so that what an input does depends on few others.
const REQUESTS_MAX: u32 = 2000;
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
const START_MS: i64 = 1_767_225_600_000;
const PEOPLE: [(&str, Role); 6] = [
    ("mod", Role::Moderator),
    ("two", Role::Moderator),
    ("lead", Role::Lead),
    ("in", Role::Ingest),
    ("out", Role::Effect),
    ("admin", Role::Admin),
];
const HEADS: &[&str] = &[
    "GET /v1/session mod -",
    "GET /v1/session?day_from=2026-01-01T00:00:00.000Z mod -",
    "GET /v1/queues mod -",
    "GET /v1/policies mod -",
    "POST /v1/claims mod k1",
    "POST /v1/claims two k2",
    "POST /v1/claims/heartbeat mod k3",
    "POST /v1/claims/release mod k4",
    "POST /v1/decisions mod d1",
    "GET /v1/decisions lead -",
    "GET /v1/decisions?since=1&scope=team lead -",
    "POST /v1/decisions/d1/revert mod k5",
    "GET /v1/exposure lead -",
    "GET /v1/team-days lead -",
    "POST /v1/review-samples lead kc",
    "GET /v1/review-samples lead -",
    "POST /v1/items/i1/consult mod k6",
    "GET /v1/consults lead -",
    "POST /v1/consults/q1/open lead k7",
    "POST /v1/consults/q1/answer lead k8",
    "GET /v1/items/i1 mod -",
    "GET /v1/items/i1/media/0 mod -",
    "POST /v1/items in k9",
    "POST /v1/items/i1/withdraw in ka",
    "GET /v1/outcomes?since=0 out -",
    "POST /v1/outcomes/ack out kb",
    "GET /v1/safety-notices admin -",
    "GET /v1/openapi.json nobody -",
    "GET /v1/test/media-count mod -",
    "PUT /v1/nothing nobody -",
];

struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub(super) struct ServerRequests {
    runtime: tokio::runtime::Runtime,
    world: World,
}

struct World {
    router: Router,
    clock: Arc<SetClock>,
    tokens: Vec<(&'static str, String)>,
    requests: u32,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = folder_in_memory();
        let storage = SqliteStorage::open(&folder.path().join("s.db")).expect("a new database");
        let now = Timestamp(START_MS);
        let queue = json!({"id": "q1", "name": "Queue", "classes": ["spam"], "sla_s": 3600});
        let tree = json!({"version": 3, "policies": [{"id": "p1", "name": "P", "digit": 1, "severity": 1}]});
        let read = "the world's own rows are right";
        storage
            .put_queue(&serde_json::from_value(queue).expect(read))
            .expect(read);
        storage
            .put_policies(&serde_json::from_value(tree).expect(read), now)
            .expect(read);
        for n in 1..=4 {
            let item = json!({"queue_id": "q1", "item": {"id": format!("i{n}"), "kind": "text",
                "allowed_actions": ["allow", "remove", "restrict", "escalate"]}});
            let item = serde_json::from_value(item).expect(read);
            storage.put_item(item, Vec::new(), now).expect(read);
        }
        let tokens = PEOPLE.map(|(name, role)| {
            let user = User {
                id: ModeratorId::new(name).expect(read),
                name: name.to_owned(),
                roles: vec![role],
                languages: Vec::new(),
            };
            storage.put_user(&user).expect(read);
            let (token, hash) = new_token().expect("the system gives random bytes");
            storage.add_token(&user.id, &hash, now).expect(read);
            (name, token)
        });
        let clock = Arc::new(SetClock(AtomicI64::new(START_MS)));
        Self {
            router: router(Settings::default(), Arc::new(storage), clock.clone()),
            clock,
            tokens: tokens.into(),
            requests: 0,
            _folder: folder,
        }
    }

    /// The request of an input, if it can be written at all.
    fn request(&self, head: &str, body: &[u8]) -> Option<Request<Body>> {
        let mut words = head.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        let (who, key) = (words.next().unwrap_or("mod"), words.next().unwrap_or("k"));
        let token = self.tokens.iter().find(|(name, _)| *name == who);
        let mut request = Request::builder().method(method).uri(path);
        if let Some((_, token)) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if key != "-" {
            request = request.header("idempotency-key", key);
        }
        for (name, value) in words.filter_map(|word| word.split_once(':')) {
            request = request.header(name, value);
        }
        if path == "/v1/items" {
            let form = "multipart/form-data; boundary=cut";
            let before = b"--cut\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\n";
            let body = [&before[..], body, b"\r\n--cut--\r\n"].concat();
            return request
                .header("content-type", form)
                .body(Body::from(body))
                .ok();
        }
        request
            .header("content-type", "application/json")
            .body(Body::from(body.to_vec()))
            .ok()
    }
}

impl ServerRequests {
    pub(super) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self {
            runtime: runtime.expect("the system gives an event queue"),
            world: World::new(),
        }
    }
}

impl Target for ServerRequests {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::HeadAndJson { heads: HEADS }
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        if self.world.requests == REQUESTS_MAX {
            self.world = World::new();
        }
        self.world.requests += 1;
        self.world.clock.0.fetch_add(1000, Ordering::SeqCst);
        let (head, body) = split(input);
        let head = String::from_utf8_lossy(head).into_owned();
        let Some(request) = self.world.request(&head, body) else {
            return 0;
        };
        let router = self.world.router.clone();
        let (status, said) = self.runtime.block_on(async {
            let answer = router
                .oneshot(request)
                .await
                .unwrap_or_else(|never| match never {});
            let status = answer.status().as_u16();
            let said = to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await;
            (status, said.expect("an answer has an end"))
        });
        assert!(
            status != 500,
            "the server failed itself: {}",
            String::from_utf8_lossy(&said)
        );
        let route: String = head.split(['?', ' ']).take(2).collect::<Vec<_>>().join(" ");
        if status == 200 && route.contains("/media/") {
            return class_of_text(&route);
        }
        let said: Value = match said.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&said).expect("an answer is JSON"),
        };
        if status >= 400 {
            let told = said["code"].is_string() && said["message"].is_string();
            assert!(told, "a refusal says why: {status} {said}");
        }
        // Ids in the path say nothing, and a refusal's code tells statuses apart.
        class_of_text(&format!("{} {} {route}", status < 300, said["code"]))
    }
}
