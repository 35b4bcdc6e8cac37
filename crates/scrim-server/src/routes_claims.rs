//! Claiming, keeping and giving back.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::HeaderMap;

use scrim_wire::protocol::{ClaimsRequest, HeartbeatRequest, ReleaseRequest};

use crate::app::{App, Caller};
use crate::error::ServerError;
use crate::limits::{CLAIM_COUNT_MAX, CLAIM_IDS_MAX, CLAIM_LIST_MAX};
use crate::receive::{JsonText, Sent, write};
use crate::storage::Change;

pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Sent<ClaimsRequest>,
) -> Result<JsonText, ServerError> {
    let request = sent.value;
    if !(1..=CLAIM_COUNT_MAX).contains(&request.count) {
        return Err(ServerError::invalid("count", "it is not 1 to 20"));
    }
    for (path, len) in [
        ("queues", request.queues.len()),
        ("exclude_classes", request.exclude_classes.len()),
        ("languages", request.languages.len()),
        ("exclude_items", request.exclude_items.len()),
    ] {
        if len > CLAIM_LIST_MAX {
            return Err(ServerError::invalid(path, "the list is too long"));
        }
    }
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Claim(request)))
        .await
        .map(JsonText)
}

fn check_count(claims: usize) -> Result<(), ServerError> {
    if (1..=CLAIM_IDS_MAX).contains(&claims) {
        Ok(())
    } else {
        Err(ServerError::invalid("claim_ids", "there are not 1 to 200"))
    }
}

pub(crate) async fn heartbeat(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Sent<HeartbeatRequest>,
) -> Result<JsonText, ServerError> {
    check_count(sent.value.claim_ids.len())?;
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Heartbeat(sent.value)))
        .await
        .map(JsonText)
}

pub(crate) async fn release(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Sent<ReleaseRequest>,
) -> Result<JsonText, ServerError> {
    check_count(sent.value.claim_ids.len())?;
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Release(sent.value)))
        .await
        .map(JsonText)
}
