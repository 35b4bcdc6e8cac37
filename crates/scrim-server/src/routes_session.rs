//! Session, queues and policies.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use scrim_wire::protocol::{Queues, Session};

use crate::app::{App, Caller};
use crate::auth::{hex, sha256};
use crate::error::ServerError;
use crate::receive::JsonText;

/// What this server can do, of the protocol's list.
const CAPABILITIES: &[&str] = &[
    "lease",
    "fence",
    "heartbeat",
    "batch",
    "idempotent_decisions",
    "revert",
    "second_review",
    "proxied_media",
    "team_decisions",
    "outcomes",
];

pub(crate) async fn session(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Json<Session> {
    let user = caller.user;
    Json(Session {
        moderator_id: user.id,
        display_name: user.name,
        roles: user.roles,
        languages: user.languages,
        capabilities: CAPABILITIES.iter().map(|&name| name.to_owned()).collect(),
        server_time: app.clock.now(),
        environment: app.settings.environment.clone(),
        lease_s: app.settings.lease_s,
        heartbeat_s: app.settings.heartbeat_s,
        duty_contacts: app.settings.duty_contacts.clone(),
    })
}

pub(crate) async fn queues(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, ServerError> {
    let queues = app.stored(|storage| storage.queues()).await?;
    tagged(&headers, &Queues { queues })
}

pub(crate) async fn policies(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, ServerError> {
    let tree = app.stored(|storage| storage.policies()).await?;
    tagged(&headers, &tree)
}

/// The answer with its entity tag, or 304 if the client has it already.
fn tagged<T: serde::Serialize>(headers: &HeaderMap, answer: &T) -> Result<Response, ServerError> {
    let body = serde_json::to_string(answer).map_err(|_| ServerError::Corrupt("an answer"))?;
    let tag = format!("\"{}\"", &hex(&sha256(body.as_bytes()))[..32]);
    let value = HeaderValue::from_str(&tag).map_err(|_| ServerError::Corrupt("an entity tag"))?;
    let has_it = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*");
    Ok(if has_it {
        (StatusCode::NOT_MODIFIED, [(header::ETAG, value)]).into_response()
    } else {
        ([(header::ETAG, value)], JsonText(body)).into_response()
    })
}
