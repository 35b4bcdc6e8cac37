//! What comes in over HTTP, checked once.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use scrim_model::{DeskId, Environment, Role};
use scrim_wire::protocol::{ChainHead, IDEMPOTENCY_KEY, SCRIM_CHAIN_HEAD, SCRIM_DESK};

use crate::app::{App, Caller};
use crate::auth::sha256;
use crate::error::ServerError;
use crate::limits::{DISCARDED_BYTES_MAX, JSON_BYTES_MAX, KEY_BYTES_MAX};
use crate::storage::Write;

/// Ids from the path; what is no id is unknown.
pub(crate) struct Ids<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ServerError> {
        let Path(ids) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| ServerError::Unknown)?;
        Ok(Self(ids))
    }
}

/// The query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ServerError> {
        let Query(asked) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| ServerError::invalid("query", "it cannot be read"))?;
        Ok(Self(asked))
    }
}

/// A JSON body and what identifies the request: SHA-256 of its path and its body.
pub(crate) struct Sent<T> {
    pub(crate) value: T,
    pub(crate) sha256: [u8; 32],
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = ServerError;
    async fn from_request(request: Request, _: &S) -> Result<Self, ServerError> {
        // The key is looked at first: a write without one is refused whatever it holds.
        key(request.headers())?;
        let path = request.uri().path().to_owned();
        let body = read_body(request.into_body()).await?;
        let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
        Ok(Self {
            value: from_json(body)?,
            sha256: sha256(&[path.as_bytes(), b"\n", body].concat()),
        })
    }
}

/// The whole body, up to [`JSON_BYTES_MAX`].
async fn read_body(mut body: Body) -> Result<Vec<u8>, ServerError> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        // A client that went away reads no answer.
        let frame = frame.map_err(|_| ServerError::Interrupted)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen <= JSON_BYTES_MAX {
            kept.extend_from_slice(&data);
        } else if seen > DISCARDED_BYTES_MAX {
            break;
        } else {
            kept = Vec::new();
        }
    }
    if seen > JSON_BYTES_MAX {
        return Err(ServerError::TooLarge);
    }
    Ok(kept)
}

/// Reads JSON.
///
/// # Errors
/// [`ServerError::Invalid`] with the path of the first field that is wrong.
pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ServerError> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let why = match error.inner().classify() {
            serde_json::error::Category::Data => "it is missing or not of the type it should be",
            _ => "the body is not JSON",
        };
        ServerError::invalid(error.path().to_string(), why)
    })?;
    reader
        .end()
        .map_err(|_| ServerError::invalid(".", "something follows the JSON"))?;
    Ok(value)
}

/// The write's key.
pub(crate) fn key(headers: &HeaderMap) -> Result<String, ServerError> {
    headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .filter(|key| !key.is_empty() && key.len() <= KEY_BYTES_MAX)
        .map(str::to_owned)
        .ok_or_else(|| {
            ServerError::invalid("Idempotency-Key", "every write needs one of 1 to 128 bytes")
        })
}

/// Everything that the storage needs to know of a write.
pub(crate) fn write(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    body_sha256: [u8; 32],
) -> Result<Write, ServerError> {
    Ok(Write {
        user: caller.user.id.clone(),
        role: caller.user.acting_role(),
        is_lead: caller.user.is_any(&[Role::Lead]),
        route: caller.route,
        key: key(headers)?,
        body_sha256,
        desk: desk(headers)?,
        chain_head: chain_head(headers)?,
        is_training: app.settings.environment == Environment::Training,
        tells_at_once: app.settings.tells_at_once(),
        now: app.clock.now(),
        terms: app.terms(),
    })
}

/// The desk that calls, if it says so.
pub(crate) fn desk(headers: &HeaderMap) -> Result<Option<DeskId>, ServerError> {
    headers
        .get(SCRIM_DESK)
        .map(|value| value.to_str().ok().and_then(|text| DeskId::new(text).ok()))
        .map(|desk| desk.ok_or_else(|| ServerError::invalid("Scrim-Desk", "it is no id")))
        .transpose()
}

/// How far that desk's chain of records goes, if it says so: `entries:sha256`.
fn chain_head(headers: &HeaderMap) -> Result<Option<ChainHead>, ServerError> {
    let read = |text: &str| {
        let (entries, hash) = text.split_once(':')?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let digits = entries.bytes().all(|byte| byte.is_ascii_digit());
        let entries: u64 = entries.parse().ok().filter(|n| digits && *n < 1 << 53)?;
        (hash.len() == 64 && hash.bytes().all(is_hex)).then(|| ChainHead {
            entries,
            hash: hash.to_owned(),
        })
    };
    headers
        .get(SCRIM_CHAIN_HEAD)
        .map(|value| value.to_str().ok().and_then(read))
        .map(|head| {
            head.ok_or_else(|| {
                ServerError::invalid("Scrim-Chain-Head", "it is not written as entries:sha256")
            })
        })
        .transpose()
}

/// An answer that is JSON text already.
pub(crate) struct JsonText(pub(crate) String);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("application/json");
        ([(CONTENT_TYPE, kind)], self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scrim_wire::protocol::ClaimsRequest;

    #[test]
    fn wrong_json_names_the_field_and_never_the_value() {
        let error = from_json::<ClaimsRequest>(br#"{"count": 1, "queues": ["a", "marker x"]}"#)
            .expect_err("an id with a blank");
        let ServerError::Invalid { path, .. } = &error else {
            panic!("another error: {error}");
        };
        assert_eq!(path, "queues[1]");
        assert!(!error.to_string().contains("marker"));
        assert!(from_json::<ClaimsRequest>(b"{\"count\": 1} x").is_err());
    }
}
