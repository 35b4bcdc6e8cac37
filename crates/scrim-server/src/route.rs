//! What a call is: its method, path, who may call it, what it takes and answers, its handler.

use std::sync::Arc;

use axum::routing::MethodRouter;

use scrim_model::Role;

use crate::app::App;

/// Who may call.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    /// Without a token.
    Everyone,
    /// With any good token.
    SignedIn,
    /// With a token of someone who has one of these roles.
    Roles(&'static [Role]),
}

/// GET or POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes; needs an `Idempotency-Key`.
    Post,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// None, or an empty object.
    Empty,
    /// JSON of the schema with this name.
    Json(&'static str),
    /// `multipart/form-data`: part `item` of this schema, parts `media-0`, `media-1`, …, and
    /// `cover-n` for a smaller version of medium `n`
    Parts(&'static str),
    /// The bytes of a medium.
    Bytes,
}

/// A parameter in the query or a header.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// `query` or `header`.
    pub place: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// One call.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Template of its path.
    pub path: &'static str,
    /// One line for readers of the document.
    pub summary: &'static str,
    /// Who may call.
    pub access: Access,
    /// What it takes.
    pub request: Body,
    /// What it answers.
    pub answer: Body,
    /// Parameters besides those in the path and `Idempotency-Key`.
    pub parameters: &'static [Parameter],
    pub(crate) mount: fn() -> MethodRouter<Arc<App>>,
}

impl Route {
    /// The route's handler under its method.
    pub(crate) fn mounted(&self) -> MethodRouter<Arc<App>> {
        (self.mount)()
    }
}

/// A parameter of the query; it may be left out.
pub(crate) const fn query(name: &'static str) -> Parameter {
    Parameter {
        place: "query",
        name,
        required: false,
    }
}

/// A header.
pub(crate) const fn header(name: &'static str, required: bool) -> Parameter {
    Parameter {
        place: "header",
        name,
        required,
    }
}

/// A call without parameters.
pub(crate) const fn row(
    method: Method,
    path: &'static str,
    access: Access,
    bodies: (Body, Body),
    mount: fn() -> MethodRouter<Arc<App>>,
    summary: &'static str,
) -> Route {
    Route {
        method,
        path,
        summary,
        access,
        request: bodies.0,
        answer: bodies.1,
        parameters: &[],
        mount,
    }
}

impl Route {
    /// With these parameters.
    pub(crate) const fn with(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }
}
