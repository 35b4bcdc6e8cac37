//! Session, queues and policies.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_model::{Environment, Role, Timestamp};
use scrim_wire::protocol::{Limits, Queues, Session, SignInOffer};

use crate::app::{App, Caller};
use crate::auth::{hex, sha256};
use crate::error::ServerError;
use crate::limits::{
    CLAIM_COUNT_MAX, CLAIMS_LIVE_MAX, CONSULT_CHARS_MAX, CONSULTS_MAX, DAY_BACK_MAX_MS,
    DECISIONS_MAX, JSON_BYTES_MAX,
};
use crate::receive::{Asked, JsonText, desk};
use crate::storage::QueuesAsked;

/// What this server can do, of the protocol's list.
const CAPABILITIES: &[&str] = &[
    "lease",
    "fence",
    "heartbeat",
    "batch",
    "idempotent_decisions",
    "revert",
    "second_review",
    // Known-answer items may come among others. The team is told so here and by its lead.
    "practice_items",
    "consult",
    "proxied_media",
    "sized_media",
    "team_decisions",
    "outcomes",
];

#[derive(Deserialize)]
pub(crate) struct Day {
    /// When the person's local day began; midnight UTC if it is missing.
    #[serde(default)]
    day_from: Option<String>,
}

const DAY_MS: i64 = 86_400_000;

fn day_from(asked: Option<String>, now: Timestamp) -> Result<Timestamp, ServerError> {
    let Some(text) = asked else {
        return Ok(Timestamp(now.0 - now.0.rem_euclid(DAY_MS)));
    };
    let from = Timestamp::parse(&text)
        .map_err(|_| ServerError::invalid("day_from", "it is no RFC 3339 instant"))?;
    // A clock that is a little ahead is no reason to tell a desk nothing.
    if (-DAY_MS..=DAY_BACK_MAX_MS).contains(&now.since_ms(from)) {
        Ok(from)
    } else {
        Err(ServerError::invalid("day_from", "it is no start of today"))
    }
}

fn limits() -> Limits {
    let small = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Limits {
        claim_count_max: CLAIM_COUNT_MAX,
        claims_live_max: CLAIMS_LIVE_MAX,
        decisions_max: small(DECISIONS_MAX),
        note_chars_max: small(NOTE_CHARS_MAX),
        consult_chars_max: small(CONSULT_CHARS_MAX),
        consults_max: small(CONSULTS_MAX),
        json_bytes_max: JSON_BYTES_MAX as u64,
    }
}

pub(crate) async fn session(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Asked(asked): Asked<Day>,
) -> Result<Json<Session>, ServerError> {
    let user = caller.user;
    let server_time = app.clock.now();
    let from = day_from(asked.day_from, server_time)?;
    let (id, desk) = (user.id.clone(), desk(&headers)?);
    let facts = app
        .stored(move |storage| storage.session_facts(&id, desk.as_ref(), from))
        .await?;
    Ok(Json(Session {
        moderator_id: user.id,
        display_name: user.name,
        roles: user.roles,
        languages: user.languages,
        capabilities: CAPABILITIES.iter().map(|&name| name.to_owned()).collect(),
        server_time,
        environment: app.settings.environment.clone(),
        lease_s: app.settings.lease_s,
        heartbeat_s: app.settings.heartbeat_s,
        duty_contacts: app.settings.duty_contacts.clone(),
        safety_contact: facts.safety_contact,
        floor: facts.floor,
        lead: facts.lead,
        day_totals: Some(facts.day_totals),
        chain_head: facts.chain_head,
        limits: Some(limits()),
    }))
}

pub(crate) async fn sign_in(State(app): State<Arc<App>>) -> Result<Json<SignInOffer>, ServerError> {
    let oidc = app.settings.oidc.as_ref().ok_or(ServerError::Unknown)?;
    Ok(Json(SignInOffer {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
    }))
}

pub(crate) async fn queues(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, ServerError> {
    let leads = caller.user.is_any(&[Role::Lead, Role::Qa]);
    let asked = QueuesAsked {
        for_leads: leads.then(|| app.clock.now()),
        is_training: app.settings.environment == Environment::Training,
    };
    let queues = app.stored(move |storage| storage.queues(asked)).await?;
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
