//! Media: the bytes, for who holds the item's claim, whole or in part.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use scrim_model::{ClaimId, Environment, ItemId};
use scrim_wire::protocol::SCRIM_CLAIM;

use crate::app::{App, Caller, MediaCount};
use crate::error::ServerError;
use crate::receive::{Asked, Ids};
use crate::storage::{MediumFacts, Version};

pub(crate) async fn count(State(app): State<Arc<App>>) -> Result<Json<MediaCount>, ServerError> {
    if app.settings.environment != Environment::Test {
        return Err(ServerError::Unknown);
    }
    Ok(Json(app.media_count()))
}

/// How large a version of a medium is wanted.
#[derive(Deserialize)]
pub(crate) struct Size {
    size: Option<String>,
}

impl Size {
    /// This server decodes nothing, so it has no fitted version: whoever asks for one gets the whole.
    fn version(&self) -> Result<Version, ServerError> {
        match self.size.as_deref() {
            None | Some("full" | "fit") => Ok(Version::Whole),
            Some("cover") => Ok(Version::Cover),
            Some(_) => Err(ServerError::invalid(
                "size",
                "it is none of cover, fit and full",
            )),
        }
    }
}

pub(crate) async fn medium(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Ids((item, n)): Ids<(ItemId, u32)>,
    Asked(size): Asked<Size>,
) -> Result<Response, ServerError> {
    let version = size.version()?;
    // Without a claim of one's own there is nothing to see, and nothing to learn about it either.
    let claim = headers
        .get(SCRIM_CLAIM)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| ClaimId::new(value).ok())
        .ok_or(ServerError::NotAllowed)?;
    let now = app.clock.now();
    let asked = headers.get(header::RANGE).cloned();
    let _held = app.media_permit().await?;
    let (facts, span, bytes) = app
        .stored(move |storage| {
            let facts = storage.medium(&caller.user.id, &claim, (&item, n, version), now)?;
            let asked = asked.as_ref().and_then(|value| value.to_str().ok());
            let span = match asked.and_then(|text| wanted(text, facts.bytes)) {
                Some(Wanted::Nothing) => return Err(ServerError::Range(facts.bytes)),
                Some(Wanted::Span(start, len)) => Some((start, len)),
                None => None,
            };
            let (start, len) = span.unwrap_or((0, facts.bytes));
            let bytes = storage.medium_bytes((&item, n, version), start, len)?;
            Ok((facts, span, bytes))
        })
        .await?;
    app.count_media(version);
    answer(&facts, span, bytes)
}

fn answer(
    facts: &MediumFacts,
    span: Option<(u64, u64)>,
    bytes: Vec<u8>,
) -> Result<Response, ServerError> {
    let status = if span.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    // The digest is of the whole version, also with a part of it (RFC 9530, Repr-Digest).
    let digest = format!("sha-256=:{}:", STANDARD.encode(facts.sha256));
    let text = |value: &str| {
        HeaderValue::from_str(value).map_err(|_| ServerError::Corrupt("a medium's facts"))
    };
    // What the platform gave as a type may be anything; a bad one is told as plain bytes.
    let kind = HeaderValue::from_str(&facts.mime)
        .ok()
        .filter(|value| !value.is_empty())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = (status, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert("repr-digest", text(&digest)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Some((start, len)) = span {
        let place = format!("bytes {start}-{}/{}", start + len - 1, facts.bytes);
        headers.insert(header::CONTENT_RANGE, text(&place)?);
    }
    Ok(response)
}

#[derive(Debug, PartialEq)]
enum Wanted {
    /// Start and length in bytes; the length is at least 1.
    Span(u64, u64),
    /// A range with nothing in it.
    Nothing,
}

/// Reads a `Range` header; `None` means the whole, also for what cannot be read and for several
/// ranges at once (RFC 9110, 14.2: a server may ignore them).
fn wanted(header: &str, len: u64) -> Option<Wanted> {
    let (first, last) = header.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (start, end) = match (first.trim(), last.trim()) {
        ("", count) => (len.saturating_sub(number(count)?), len),
        (first, "") => (number(first)?, len),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(len))
        }
    };
    Some(if start < end {
        Wanted::Span(start, end - start)
    } else {
        Wanted::Nothing
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_rfc_9110_says() {
        for (header, expected) in [
            ("bytes=0-0", Some(Wanted::Span(0, 1))),
            ("bytes=2-5", Some(Wanted::Span(2, 4))),
            ("bytes=5-", Some(Wanted::Span(5, 5))),
            ("bytes=-3", Some(Wanted::Span(7, 3))),
            ("bytes=-30", Some(Wanted::Span(0, 10))),
            ("bytes=8-99", Some(Wanted::Span(8, 2))),
            ("bytes=10-", Some(Wanted::Nothing)),
            ("bytes=-0", Some(Wanted::Nothing)),
            ("bytes=5-2", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-1", None),
            ("bytes=x", None),
        ] {
            assert_eq!(wanted(header, 10), expected, "{header}");
        }
    }
}
