//! Asking a colleague, and being asked.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use serde::de::IgnoredAny;

use scrim_model::ItemId;
use scrim_wire::protocol::{AnswerRequest, ConsultRequest, Consults};

use crate::app::{App, Caller};
use crate::error::ServerError;
use crate::limits::CONSULT_CHARS_MAX;
use crate::receive::{Ids, JsonText, Sent, write};
use crate::storage::Change;

fn check_words(path: &str, words: &str) -> Result<(), ServerError> {
    if words.trim().is_empty() {
        Err(ServerError::invalid(path, "nothing is written"))
    } else if words.chars().count() > CONSULT_CHARS_MAX {
        Err(ServerError::invalid(path, "it is too long"))
    } else {
        Ok(())
    }
}

pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Ids(id): Ids<ItemId>,
    sent: Sent<ConsultRequest>,
) -> Result<JsonText, ServerError> {
    check_words("question", &sent.value.question)?;
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Ask(id, sent.value)))
        .await
        .map(JsonText)
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Consults>, ServerError> {
    app.stored(move |storage| storage.consults(&caller.user.id))
        .await
        .map(Json)
}

pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Ids(id): Ids<String>,
    sent: Sent<IgnoredAny>,
) -> Result<JsonText, ServerError> {
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::OpenConsult(id)))
        .await
        .map(JsonText)
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Ids(id): Ids<String>,
    sent: Sent<AnswerRequest>,
) -> Result<JsonText, ServerError> {
    check_words("answer", &sent.value.answer)?;
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::AnswerConsult(id, sent.value.answer)))
        .await
        .map(JsonText)
}
