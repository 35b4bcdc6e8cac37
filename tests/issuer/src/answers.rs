//! What the endpoints answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State as Shared};
use axum::http::StatusCode;
use axum::{Json, response::IntoResponse, response::Response};
use serde_json::{Value, json};

use crate::{CLIENT, Code, Entered, State};

type Held = Shared<Arc<Mutex<State>>>;
type Asked = Form<HashMap<String, String>>;

pub(crate) async fn discovery(Shared(state): Held) -> Json<Value> {
    let state = state.lock().unwrap();
    let base = state.base.as_str();
    let name = if state.other_name {
        "https://other.example"
    } else {
        base
    };
    let mut about = json!({"issuer": name, "jwks_uri": format!("{base}/keys"),
        "token_endpoint": format!("{base}/token"),
        "device_authorization_endpoint": format!("{base}/device")});
    if !state.device_flow {
        about
            .as_object_mut()
            .unwrap()
            .remove("device_authorization_endpoint");
    }
    Json(about)
}

pub(crate) async fn keys(Shared(state): Held) -> Json<Value> {
    let mut state = state.lock().unwrap();
    state.calls.push("keys".to_owned());
    Json(json!({"keys": [state.key.public()]}))
}

fn refused(code: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": code}))).into_response()
}

pub(crate) async fn device(Shared(state): Held, Form(asked): Asked) -> Response {
    let mut state = state.lock().unwrap();
    if asked.get("client_id").map(String::as_str) != Some(CLIENT) {
        return refused("invalid_client");
    }
    let number = state.number();
    let (secret, user_code) = (format!("device-{number}"), format!("CODE-{number}"));
    let entered = match state.approve_next.take() {
        Some(subject) => Entered::Approved(subject),
        None => Entered::Nothing,
    };
    let code = Code {
        user_code: user_code.clone(),
        entered,
    };
    state.codes.insert(secret.clone(), code);
    let address = format!("{}/enter", state.base);
    Json(json!({"device_code": secret, "user_code": user_code,
        "verification_uri": address, "expires_in": 600, "interval": state.interval_s,
        "verification_uri_complete": format!("{address}?code={user_code}")}))
    .into_response()
}

pub(crate) async fn token(Shared(state): Held, Form(asked): Asked) -> Response {
    let mut state = state.lock().unwrap();
    let grant = asked.get("grant_type").cloned().unwrap_or_default();
    state.calls.push(grant.clone());
    let answer = match grant.as_str() {
        "urn:ietf:params:oauth:grant-type:device_code" => polled(&mut state, &asked),
        "refresh_token" => refreshed(&mut state, &asked),
        _ => refused("unsupported_grant_type"),
    };
    if state.lost_answers > 0 {
        state.lost_answers -= 1;
        return StatusCode::BAD_GATEWAY.into_response();
    }
    answer
}

fn polled(state: &mut State, asked: &HashMap<String, String>) -> Response {
    if state.slow_downs > 0 {
        state.slow_downs -= 1;
        return refused("slow_down");
    }
    let Some(code) = asked
        .get("device_code")
        .and_then(|code| state.codes.get(code))
    else {
        return refused("invalid_grant");
    };
    match code.entered.clone() {
        Entered::Nothing => refused("authorization_pending"),
        Entered::Denied => refused("access_denied"),
        Entered::Expired => refused("expired_token"),
        Entered::Approved(subject) => granted(state, &subject),
    }
}

fn refreshed(state: &mut State, asked: &HashMap<String, String>) -> Response {
    let token = asked.get("refresh_token").cloned().unwrap_or_default();
    match state.refresh.remove(&token) {
        Some(subject) => {
            state.used.insert(token, subject.clone());
            granted(state, &subject)
        }
        None => {
            // A second use: perhaps a thief's. Everything of that person ends (RFC 9700, 4.14.2).
            if let Some(subject) = state.used.get(&token).cloned() {
                state.refresh.retain(|_, whose| *whose != subject);
            }
            refused("invalid_grant")
        }
    }
}

fn granted(state: &mut State, subject: &str) -> Response {
    let refresh_token = state.new_refresh(subject);
    let access_token = state.key.token(&state.claims(subject));
    Json(json!({"access_token": access_token, "token_type": "Bearer",
        "expires_in": state.token_lasts_s, "refresh_token": refresh_token}))
    .into_response()
}
