//! A small, real identity issuer on a loopback port, for tests alone.
//!
//! It speaks OpenID Connect Discovery 1.0, the device grant (RFC 8628) and refresh tokens that are
//! replaced with every use (RFC 6749, with RFC 9700's rule: a second use of an old one ends them
//! all). Access tokens are JWTs signed with ES256. Tests tell it what the person does.
#![allow(clippy::unwrap_used, reason = "test support")]

mod answers;
mod signing;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use signing::SigningKey;

/// The audience of its access tokens.
pub const AUDIENCE: &str = "scrim-queue";
/// The client that it knows.
pub const CLIENT: &str = "scrim";

/// What a person did with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entered {
    Nothing,
    Approved(String),
    Denied,
    Expired,
}

pub(crate) struct Code {
    pub(crate) user_code: String,
    pub(crate) entered: Entered,
}

pub(crate) struct State {
    pub(crate) base: String,
    pub(crate) key: SigningKey,
    pub(crate) codes: HashMap<String, Code>,
    /// Refresh token that is good → subject.
    pub(crate) refresh: HashMap<String, String>,
    /// Refresh tokens that were used, and whose they were.
    pub(crate) used: HashMap<String, String>,
    pub(crate) next: u64,
    pub(crate) interval_s: u64,
    pub(crate) token_lasts_s: u64,
    pub(crate) slow_downs: u32,
    pub(crate) lost_answers: u32,
    pub(crate) approve_next: Option<String>,
    pub(crate) calls: Vec<String>,
    pub(crate) device_flow: bool,
    pub(crate) other_name: bool,
}

/// The running issuer; it ends when it is dropped.
pub struct Issuer {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Issuer {
    /// Starts one on a free loopback port, under a path as large issuers have it.
    ///
    /// # Panics
    /// If it cannot listen.
    #[must_use]
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            base: format!("http://{address}/realms/desks"),
            key: SigningKey::new(1),
            codes: HashMap::new(),
            refresh: HashMap::new(),
            used: HashMap::new(),
            next: 0,
            interval_s: 5,
            token_lasts_s: 300,
            slow_downs: 0,
            lost_answers: 0,
            approve_next: None,
            calls: Vec::new(),
            device_flow: true,
            other_name: false,
        }));
        let router = Router::new()
            .route(
                "/realms/desks/.well-known/openid-configuration",
                get(answers::discovery),
            )
            .route("/realms/desks/keys", get(answers::keys))
            .route("/realms/desks/device", post(answers::device))
            .route("/realms/desks/token", post(answers::token))
            .with_state(state.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            state,
            address,
            runtime: Some(runtime),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Its address, which is its name.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/realms/desks", self.address)
    }

    /// The person enters this code and says yes, as `subject`.
    pub fn approve(&self, user_code: &str, subject: &str) {
        self.enter(user_code, Entered::Approved(subject.to_owned()));
    }

    /// The next code is approved as soon as it is made.
    pub fn approve_next(&self, subject: &str) {
        self.state().approve_next = Some(subject.to_owned());
    }

    /// The person says no.
    pub fn deny(&self, user_code: &str) {
        self.enter(user_code, Entered::Denied);
    }

    /// The code's time is over.
    pub fn expire(&self, user_code: &str) {
        self.enter(user_code, Entered::Expired);
    }

    fn enter(&self, user_code: &str, entered: Entered) {
        let mut state = self.state();
        let mut codes = state.codes.values_mut();
        let code = codes.find(|code| code.user_code == user_code).unwrap();
        code.entered = entered;
    }

    /// The next `n` polls are answered with `slow_down`.
    pub fn slow_down(&self, n: u32) {
        self.state().slow_downs = n;
    }

    /// The next `n` answers of the token endpoint are lost after everything was done for them.
    pub fn lose_answers(&self, n: u32) {
        self.state().lost_answers = n;
    }

    /// How long access tokens are good for, in seconds, from now on.
    pub fn tokens_last(&self, seconds: u64) {
        self.state().token_lasts_s = seconds;
    }

    /// How long desks are told to wait between polls, in seconds.
    pub fn poll_every(&self, seconds: u64) {
        self.state().interval_s = seconds;
    }

    /// The administrator ends everything that `subject` is signed in with.
    pub fn revoke(&self, subject: &str) {
        self.state().refresh.retain(|_, whose| whose != subject);
    }

    /// The issuer has no device flow.
    pub fn without_device_flow(&self) {
        self.state().device_flow = false;
    }

    /// The issuer describes itself under another name.
    pub fn under_another_name(&self) {
        self.state().other_name = true;
    }

    /// Another key signs from now on, and the old one is no longer listed.
    pub fn change_key(&self) {
        let mut state = self.state();
        state.key = SigningKey::new(state.key.number + 1);
    }

    /// What was asked of the token endpoint and the list of keys, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// Refresh tokens that are good now.
    #[must_use]
    pub fn good_refresh_tokens(&self) -> HashSet<String> {
        self.state().refresh.keys().cloned().collect()
    }

    /// A refresh token as a sign-in would have got it.
    #[must_use]
    pub fn refresh_token(&self, subject: &str) -> String {
        self.state().new_refresh(subject)
    }

    /// An access token for `subject` as this issuer makes them.
    #[must_use]
    pub fn access_token(&self, subject: &str) -> String {
        let state = self.state();
        state.key.token(&state.claims(subject))
    }

    /// An access token for `subject` with some claims replaced, or taken out with `null`.
    #[must_use]
    pub fn odd_token(&self, subject: &str, replaced: &Value) -> String {
        let state = self.state();
        let mut claims = state.claims(subject);
        for (name, value) in replaced.as_object().unwrap() {
            let all = claims.as_object_mut().unwrap();
            match value {
                Value::Null => all.remove(name),
                value => all.insert(name.clone(), value.clone()),
            };
        }
        state.key.token(&claims)
    }

    /// A token as good as any, but signed by a key that this issuer does not list, under the name
    /// of the one that it lists.
    #[must_use]
    pub fn forged_token(&self, subject: &str) -> String {
        let state = self.state();
        SigningKey::new(state.key.number).token(&state.claims(subject))
    }

    /// A token without a signature (`alg: none`).
    #[must_use]
    pub fn unsigned_token(&self, subject: &str) -> String {
        let state = self.state();
        signing::unsigned(&state.claims(subject))
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl State {
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn new_refresh(&mut self, subject: &str) -> String {
        let token = format!("refresh-{}", self.number());
        self.refresh.insert(token.clone(), subject.to_owned());
        token
    }

    pub(crate) fn claims(&self, subject: &str) -> Value {
        let now = signing::now_s();
        json!({"iss": self.base, "aud": AUDIENCE, "sub": subject, "iat": now,
            "exp": now + self.token_lasts_s})
    }
}
