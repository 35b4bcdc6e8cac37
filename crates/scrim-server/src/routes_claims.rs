//! Claiming, keeping and giving back.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::HeaderMap;

use scrim_model::limits::{MARKS_MAX, MEDIA_MAX, NOTE_CHARS_MAX};
use scrim_wire::protocol::{ClaimsRequest, HeartbeatRequest, ReleaseRequest, ReleaseWhy};

use crate::app::{App, Caller};
use crate::auth::sha256;
use crate::error::ServerError;
use crate::limits::{CLAIM_COUNT_MAX, CLAIM_IDS_MAX, CLAIM_LIST_MAX, POLICY_IDS_MAX};
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
    let write = write(&app, &caller, &headers, identity(&request)?)?;
    app.stored(move |storage| storage.apply(&write, Change::Claim(request)))
        .await
        .map(JsonText)
}

/// What the key is bound to: the request without what is kept about nobody. A hash of so few
/// possible values would give them away to whoever tries them all.
fn identity(request: &ClaimsRequest) -> Result<[u8; 32], ServerError> {
    let bound = ClaimsRequest {
        severity_max: None,
        exclude_classes: Vec::new(),
        ..request.clone()
    };
    serde_json::to_vec(&bound)
        .map(|bytes| sha256(&bytes))
        .map_err(|_| ServerError::Corrupt("a request"))
}

fn check_draft(request: &ReleaseRequest) -> Result<(), ServerError> {
    if request.aimed && request.why != ReleaseWhy::NotMe {
        return Err(ServerError::invalid("aimed", "it goes with not_me only"));
    }
    let Some(draft) = &request.draft else {
        return Ok(());
    };
    let wrong = |path: &str, why| Err(ServerError::invalid(path, why));
    if request.why != ReleaseWhy::HandOver || request.claim_ids.len() != 1 {
        return wrong("draft", "it goes with hand_over and one claim only");
    }
    if draft.note.chars().count() > NOTE_CHARS_MAX {
        return wrong("draft.note", "it is too long");
    }
    if draft.policy_ids.len() > POLICY_IDS_MAX {
        return wrong("draft.policy_ids", "the list is too long");
    }
    if draft.media.len() > MEDIA_MAX {
        return wrong("draft.media", "the list is too long");
    }
    if draft.places.len() > MEDIA_MAX {
        return wrong("draft.places", "the list is too long");
    }
    if draft.marks.len() > MARKS_MAX {
        return wrong("draft.marks", "the list is too long");
    }
    if draft.severity.is_some_and(|severity| severity > 4) {
        return wrong("draft.severity", "it is not 0 to 4");
    }
    Ok(())
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
    check_draft(&sent.value)?;
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Release(sent.value)))
        .await
        .map(JsonText)
}
