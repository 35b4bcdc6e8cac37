//! One person at the server: calls as any client makes them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// HTTP's status.
    pub status: u16,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// A good answer's body.
    #[track_caller]
    pub fn good(&self) -> Value {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, 200, "{text}");
        self.json()
    }

    /// A refusal with this status and code, as the protocol writes them. Its body.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{text}");
        assert_eq!(body["code"], code, "{text}");
        let retry = &body["retry"];
        let is_retry =
            ["never", "same_key"].iter().any(|word| retry == word) || retry["after_s"].is_u64();
        assert!(is_retry, "retry says what may be done: {text}");
        let message = body["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "a sentence for people: {text}");
        body
    }

    /// The field that a 422 names.
    #[track_caller]
    pub fn wrong_field(&self) -> String {
        let body = self.refused(422, "invalid");
        body["path"].as_str().unwrap_or_default().to_owned()
    }

    /// The rows of a list.
    #[track_caller]
    pub fn rows(&self, name: &str) -> Vec<Value> {
        let body = self.good();
        let rows = body[name].as_array();
        rows.unwrap_or_else(|| panic!("no list {name}: {body}"))
            .clone()
    }
}

/// Someone with a token.
#[derive(Debug, Clone)]
pub struct Person {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Person {
    /// Speaks to the server at `base`.
    #[must_use]
    pub fn new(base: &str, token: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // A server may end a connection whose request it has refused unread; the next call must
            // not depend on who is quicker.
            .max_idle_connections(0)
            .build();
        Self {
            agent: config.into(),
            base: base.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        }
    }

    /// The same person with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// `GET` with more headers.
    #[track_caller]
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(self.url(path));
        if !self.token.is_empty() {
            request = request.header("Authorization", self.bearer());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answered(request.call())
    }

    /// `GET`.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// `POST` of bytes; without a key if `key` is empty.
    #[track_caller]
    pub fn post_bytes(&self, path: &str, key: &str, kind: &str, body: &[u8]) -> Answer {
        self.post_from(path, key, kind, body, "")
    }

    /// The same, from a desk that names itself.
    #[track_caller]
    fn post_from(&self, path: &str, key: &str, kind: &str, body: &[u8], desk: &str) -> Answer {
        let mut request = self.agent.post(self.url(path)).header("Content-Type", kind);
        if !self.token.is_empty() {
            request = request.header("Authorization", self.bearer());
        }
        if !key.is_empty() {
            request = request.header("Idempotency-Key", key);
        }
        if !desk.is_empty() {
            request = request.header("Scrim-Desk", desk);
        }
        answered(request.send(body))
    }

    /// `POST` of JSON under a key, from a desk.
    #[track_caller]
    pub fn post_at(&self, desk: &str, path: &str, key: &str, body: &Value) -> Answer {
        let body = body.to_string();
        self.post_from(path, key, "application/json", body.as_bytes(), desk)
    }

    /// `POST` of JSON under a key.
    #[track_caller]
    pub fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.post_bytes(path, key, "application/json", body.to_string().as_bytes())
    }

    /// `POST` of JSON under a fresh key.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_keyed(path, &fresh(), body)
    }

    /// Withdraws an item; whether any answer came.
    pub(crate) fn tries_to_withdraw(&self, item: &str) -> bool {
        let request = self
            .agent
            .post(self.url(&format!("/v1/items/{item}/withdraw")));
        let request = request.header("Authorization", self.bearer());
        request
            .header("Idempotency-Key", fresh())
            .send("{}")
            .is_ok()
    }

    /// How one claim stands after a heartbeat.
    #[track_caller]
    pub fn beat(&self, claim: &Value) -> Value {
        let body = json!({"claim_ids": [claim["claim_id"]]});
        let rows = self.post("/v1/claims/heartbeat", &body).rows("claims");
        assert_eq!(rows.len(), 1, "one row for each claim asked for: {rows:?}");
        rows[0].clone()
    }

    /// Gives one claim back.
    #[track_caller]
    pub fn release(&self, claim: &Value, why: &str) {
        let body = json!({"claim_ids": [claim["claim_id"]], "why": why});
        self.post("/v1/claims/release", &body).good();
    }

    /// Sends one decision; its row of the answer.
    #[track_caller]
    pub fn decide(&self, decision: &Value) -> Value {
        let body = json!({"decisions": [decision]});
        let rows = self.post("/v1/decisions", &body).rows("results");
        assert_eq!(rows.len(), 1, "one row for each decision: {rows:?}");
        assert_eq!(rows[0]["decision_id"], decision["decision_id"]);
        rows[0].clone()
    }
}

/// A fresh id: of a call, an item, a decision.
#[must_use]
pub(crate) fn fresh() -> String {
    uuid::Uuid::now_v7().to_string()
}

#[track_caller]
fn answered(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = response.unwrap_or_else(|fault| panic!("no answer: {fault}"));
    let text =
        |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Answer {
        status: response.status().as_u16(),
        headers: response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        bytes: response.body_mut().read_to_vec().unwrap(),
    }
}
