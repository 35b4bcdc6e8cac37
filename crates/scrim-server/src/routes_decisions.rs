//! Decisions, their undoing, and what the platform carries out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_model::{Decision, DecisionId, Environment, Role};
use scrim_wire::protocol::{
    DecisionsRequest, Exposure, Outcomes, OutcomesAck, RevertRequest, SafetyNotices, TeamDays,
};

use crate::app::{App, Caller};
use crate::auth::sha256;
use crate::error::ServerError;
use crate::limits::DECISIONS_MAX;
use crate::receive::{Asked, Ids, JsonText, Sent, write};
use crate::storage::{Change, Scope, TeamRead};

#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    since: u64,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    mark: Option<String>,
}

pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Sent<DecisionsRequest>,
) -> Result<JsonText, ServerError> {
    let request = sent.value;
    if !(1..=DECISIONS_MAX).contains(&request.decisions.len()) {
        return Err(ServerError::invalid("decisions", "there are not 1 to 50"));
    }
    each_record_has_its_decision(&request)?;
    let write = write(&app, &caller, &headers, said(caller.route, &request)?)?;
    app.stored(move |storage| storage.apply(&write, Change::Decide(request)))
        .await
        .map(JsonText)
}

fn each_record_has_its_decision(request: &DecisionsRequest) -> Result<(), ServerError> {
    for (at, record) in request.records.iter().enumerate() {
        let id = &record.decision_id;
        let is_sent = request.decisions.iter().any(|d| &d.decision_id == id);
        let is_first = request.records[..at].iter().all(|r| &r.decision_id != id);
        if !is_sent || !is_first {
            let path = format!("records[{at}].decision_id");
            return Err(ServerError::invalid(
                path,
                "it is not one decision's of this call",
            ));
        }
    }
    Ok(())
}

/// What a key is bound to: the decisions alone. Their entries may be others when the same call comes
/// again, from a desk whose database was damaged or whose words were erased.
fn said(route: &str, request: &DecisionsRequest) -> Result<[u8; 32], ServerError> {
    #[derive(Serialize)]
    struct Said<'a> {
        decisions: &'a [Decision],
    }
    let said = Said {
        decisions: &request.decisions,
    };
    let said = serde_json::to_vec(&said).map_err(|_| ServerError::Corrupt("a request"))?;
    Ok(sha256(&[route.as_bytes(), b"\n", &said].concat()))
}

pub(crate) async fn revert(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Ids(id): Ids<DecisionId>,
    sent: Sent<RevertRequest>,
) -> Result<JsonText, ServerError> {
    if sent.value.reason.chars().count() > NOTE_CHARS_MAX {
        return Err(ServerError::invalid("reason", "it is too long"));
    }
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Revert(id, sent.value.reason)))
        .await
        .map(JsonText)
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Asked(asked): Asked<Since>,
) -> Result<JsonText, ServerError> {
    let scope = match asked.scope.as_deref() {
        None | Some("mine") => Scope::Mine(caller.user.id),
        Some("team") if caller.user.is_any(&[Role::Lead, Role::Qa]) => {
            Scope::Team(team_read(&app, asked.mark))
        }
        Some("team") => return Err(ServerError::NotAllowed),
        Some(_) => return Err(ServerError::invalid("scope", "it is neither mine nor team")),
    };
    app.stored(move |storage| storage.decisions(asked.since, &scope))
        .await
        .map(JsonText)
}

fn team_read(app: &App, mark: Option<String>) -> TeamRead {
    TeamRead {
        now: app.clock.now(),
        at_once: app.settings.tells_at_once(),
        mark,
    }
}

pub(crate) async fn team_days(State(app): State<Arc<App>>) -> Result<Json<TeamDays>, ServerError> {
    let asked = team_read(&app, None);
    let is_training = app.settings.environment == Environment::Training;
    let told = app.stored(move |storage| storage.team_days(&asked)).await?;
    Ok(Json(TeamDays {
        // In training, appeals are practice.
        appeals: told.appeals.filter(|_| !is_training),
        ..told
    }))
}

pub(crate) async fn exposure(State(app): State<Arc<App>>) -> Result<Json<Exposure>, ServerError> {
    let now = app.clock.now();
    app.stored(move |storage| storage.exposure(now))
        .await
        .map(Json)
}

pub(crate) async fn safety_notices(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<Since>,
) -> Result<Json<SafetyNotices>, ServerError> {
    app.stored(move |storage| storage.safety_notices(asked.since))
        .await
        .map(Json)
}

pub(crate) async fn outcomes(
    State(app): State<Arc<App>>,
    Asked(asked): Asked<Since>,
) -> Result<Json<Outcomes>, ServerError> {
    app.stored(move |storage| storage.outcomes(asked.since))
        .await
        .map(Json)
}

pub(crate) async fn acknowledge(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Sent<OutcomesAck>,
) -> Result<JsonText, ServerError> {
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Acknowledge(sent.value.up_to)))
        .await
        .map(JsonText)
}
