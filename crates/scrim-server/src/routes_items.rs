//! Items: reading, taking in, withdrawing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Extension, Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use serde::de::IgnoredAny;

use scrim_model::ItemId;
use scrim_model::limits::{COVER_BYTES_MAX, MEDIA_MAX, MEDIUM_BYTES_MAX};
use scrim_wire::protocol::{IngestItem, ItemState};

use crate::app::{App, Caller};
use crate::auth::sha256;
use crate::error::ServerError;
use crate::limits::JSON_BYTES_MAX;
use crate::receive::{Ids, JsonText, Sent, from_json, key, write};
use crate::storage::{Change, Filed};

pub(crate) async fn item(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Ids(id): Ids<ItemId>,
) -> Result<Json<ItemState>, ServerError> {
    let now = app.clock.now();
    app.stored(move |storage| storage.item(&id, &caller.user.id, now))
        .await
        .map(Json)
}

pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Ids(id): Ids<ItemId>,
    sent: Sent<IgnoredAny>,
) -> Result<JsonText, ServerError> {
    let write = write(&app, &caller, &headers, sent.sha256)?;
    app.stored(move |storage| storage.apply(&write, Change::Withdraw(id)))
        .await
        .map(JsonText)
}

pub(crate) async fn ingest(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<JsonText, ServerError> {
    key(&headers)?;
    let parts = parts.map_err(|_| ServerError::invalid("Content-Type", "it is not multipart"))?;
    let held = app.ingest_permit().await?;
    let (item, media, sha256) = read_parts(parts).await?;
    let write = write(&app, &caller, &headers, sha256)?;
    app.stored(move |storage| {
        let _held = held;
        storage.apply(&write, Change::Ingest(Box::new(item), media))
    })
    .await
    .map(JsonText)
}

/// The item, its media in order, and a hash that does not depend on the parts' boundaries.
async fn read_parts(
    mut parts: Multipart,
) -> Result<(IngestItem, Vec<Filed>, [u8; 32]), ServerError> {
    let (mut item, mut media, mut covers) = (None, BTreeMap::new(), BTreeMap::new());
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(refused)?;
        if name == "item" {
            if bytes.len() > JSON_BYTES_MAX {
                return Err(ServerError::TooLarge);
            }
            item = Some(bytes);
            continue;
        }
        let (into, bytes_max, n) = match (name.strip_prefix("media-"), name.strip_prefix("cover-"))
        {
            (Some(n), _) => (&mut media, MEDIUM_BYTES_MAX, n),
            (None, Some(n)) => (&mut covers, COVER_BYTES_MAX, n),
            (None, None) => return Err(unknown_part()),
        };
        let n: usize = n.parse().map_err(|_| unknown_part())?;
        if n >= MEDIA_MAX {
            return Err(unknown_part());
        }
        if bytes.len() as u64 > bytes_max {
            return Err(ServerError::TooLarge);
        }
        into.insert(n, bytes.to_vec());
    }
    let item = item.ok_or_else(|| ServerError::invalid("item", "the part is missing"))?;
    if media.keys().enumerate().any(|(place, &n)| place != n) {
        return Err(ServerError::invalid(
            "parts",
            "media are not numbered 0, 1, 2, …",
        ));
    }
    if covers.keys().any(|n| !media.contains_key(n)) {
        return Err(ServerError::invalid("parts", "a cover has no medium"));
    }
    let mut whole = sha256(&item).to_vec();
    for bytes in media.values() {
        whole.extend(sha256(bytes));
    }
    for (n, bytes) in &covers {
        whole.extend(n.to_be_bytes());
        whole.extend(sha256(bytes));
    }
    let filed = media.into_iter().map(|(n, bytes)| Filed {
        bytes,
        cover: covers.remove(&n),
    });
    let filed = filed.collect();
    Ok((from_json(&item)?, filed, sha256(&whole)))
}

fn unknown_part() -> ServerError {
    ServerError::invalid("parts", "a part is neither item, media-n nor cover-n")
}

fn refused(error: MultipartError) -> ServerError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ServerError::TooLarge
    } else {
        ServerError::invalid("parts", "they cannot be read")
    }
}
