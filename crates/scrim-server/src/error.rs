//! The one error type, and how it is told to a client.
//!
//! Texts name fields and rules, never content, people or files.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use scrim_wire::protocol::{ErrorBody, ErrorCode, Retry};

/// Everything that a call or a command can fail with.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The token is not (any longer) good.
    #[error("you are signed out; sign in again, nothing that was sent before is lost")]
    SignedOut,
    /// The identity issuer's keys are needed and cannot be read.
    #[error(
        "the identity issuer does not answer, so the server cannot tell who you are; nothing is lost, try again"
    )]
    IssuerSilent,
    /// The role, or the claim, does not allow it.
    #[error("your role or your claim does not allow this call; nothing was changed")]
    NotAllowed,
    /// There is no such thing.
    #[error("the server does not know this; nothing was changed")]
    Unknown,
    /// The route exists with another method.
    #[error("this address does not take that method; nothing was changed")]
    Method,
    /// The claim has ended.
    #[error("the claim has ended; claim the item again")]
    ClaimLost,
    /// The effect cannot be undone.
    #[error("this cannot be undone any more; the decision stands")]
    TooLate,
    /// A question to a colleague is over.
    #[error("this question is answered or its item is closed; nothing was changed")]
    ConsultClosed,
    /// A body or a medium is beyond a named limit.
    #[error("the request is larger than the server takes; nothing was stored")]
    TooLarge,
    /// A field is wrong.
    #[error("the field {path} is wrong: {why}; nothing was changed")]
    Invalid {
        /// The field, as a path.
        path: String,
        /// The rule that it breaks.
        why: Cow<'static, str>,
    },
    /// The same key came with another body.
    #[error("this idempotency key was used for another request; nothing was changed")]
    KeyReused,
    /// A range outside the medium; the medium's length in bytes.
    #[error("the range lies outside the medium")]
    Range(u64),
    /// The database failed.
    #[error("the database did not answer; nothing was changed, try again")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the database holds cannot be read.
    #[error("the database holds something that this version cannot read: {0}")]
    Corrupt(&'static str),
    /// The server is stopping or a task of it was ended.
    #[error("the server could not finish the call; try again with the same key")]
    Interrupted,
    /// A file or socket of a command failed.
    #[error("{what} failed; nothing was changed: {source}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A file given to a command is not what it should be.
    #[error("{what} in {place} cannot be used")]
    Input {
        /// What is wrong.
        what: &'static str,
        /// Which file, and which line of it.
        place: String,
    },
    /// Plain HTTP is for this machine only.
    #[error(
        "this address can be reached from other machines and the server speaks plain HTTP; \
         put a TLS proxy in front and say --behind-tls-proxy, or listen on 127.0.0.1"
    )]
    NotLoopback,
}

impl ServerError {
    /// A wrong field.
    #[must_use]
    pub fn invalid(path: impl Into<String>, why: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid {
            path: path.into(),
            why: why.into(),
        }
    }

    /// The system refused something.
    pub fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what, source }
    }

    /// Status, closed code and what may be done.
    #[must_use]
    pub fn told(&self) -> (StatusCode, ErrorCode, Retry) {
        use ErrorCode as C;
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, C::SignedOut, Retry::Never),
            Self::NotAllowed => (StatusCode::FORBIDDEN, C::NotAllowed, Retry::Never),
            Self::Unknown => (StatusCode::NOT_FOUND, C::Unknown, Retry::Never),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, C::Unknown, Retry::Never),
            Self::ClaimLost => (StatusCode::CONFLICT, C::ClaimLost, Retry::Never),
            Self::TooLate | Self::ConsultClosed => (StatusCode::CONFLICT, C::TooLate, Retry::Never),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, C::TooLarge, Retry::Never),
            Self::Invalid { .. } | Self::Input { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, C::Invalid, Retry::Never)
            }
            Self::Range(_) => (StatusCode::RANGE_NOT_SATISFIABLE, C::Invalid, Retry::Never),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, C::KeyReused, Retry::Never),
            Self::IssuerSilent
            | Self::Database(_)
            | Self::Corrupt(_)
            | Self::Interrupted
            | Self::Io { .. }
            | Self::NotLoopback => (
                StatusCode::SERVICE_UNAVAILABLE,
                C::Unavailable,
                Retry::SameKey,
            ),
        }
    }
}

impl IntoResponse for ServerError {
    fn into_response(self) -> Response {
        let (status, code, retry) = self.told();
        let message = match &self {
            // What failed inside is for the operator's log, never for a client.
            Self::Corrupt(_) | Self::Io { .. } => Self::Interrupted.to_string(),
            other => other.to_string(),
        };
        if status.is_server_error() {
            tracing::error!(code = code.as_str(), "a call failed inside the server");
        }
        let path = match &self {
            Self::Invalid { path, .. } => Some(path.clone()),
            Self::Range(_) => Some("Range".to_owned()),
            _ => None,
        };
        let body = ErrorBody {
            code,
            message,
            retry,
            path,
        };
        let mut response = (status, Json(body)).into_response();
        if let Self::Range(len) = self
            && let Ok(value) = HeaderValue::from_str(&format!("bytes */{len}"))
        {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
        response
    }
}
