//! The one list of calls. The router and the OpenAPI document are both made from it.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};

use scrim_model::Role;

use crate::app::App;
use crate::limits::INGEST_BYTES_MAX;
use crate::{openapi, routes_claims, routes_decisions, routes_items, routes_media, routes_session};

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
    /// `multipart/form-data`: part `item` of this schema, parts `media-0`, `media-1`, …
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
    mount: fn() -> MethodRouter<Arc<App>>,
}

impl Route {
    /// The route's handler under its method.
    pub(crate) fn mounted(&self) -> MethodRouter<Arc<App>> {
        (self.mount)()
    }
}

const REVIEWERS: &[Role] = &[Role::Moderator, Role::Lead, Role::Qa];
const READERS: &[Role] = &[Role::Moderator, Role::Lead, Role::Qa, Role::Ingest];
const INGEST: &[Role] = &[Role::Ingest];
const EFFECT: &[Role] = &[Role::Effect];

const SINCE: Parameter = query("since");

const fn query(name: &'static str) -> Parameter {
    Parameter {
        place: "query",
        name,
        required: false,
    }
}

const fn header(name: &'static str, required: bool) -> Parameter {
    Parameter {
        place: "header",
        name,
        required,
    }
}

const fn row(
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
    const fn with(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }
}

/// Every call of the server.
#[rustfmt::skip]
pub static ROUTES: &[Route] = {
    use Access::{Everyone, Roles, SignedIn};
    use Body::{Bytes, Empty, Json, Parts};
    use Method::{Get, Post};
    &[
        row(Get, "/v1/openapi.json", Everyone, (Empty, Json("Document")),
            || get(openapi::answer), "This document."),
        row(Get, "/v1/session", SignedIn, (Empty, Json("Session")),
            || get(routes_session::session), "Who the token belongs to, and what kind of server this is."),
        row(Get, "/v1/queues", SignedIn, (Empty, Json("Queues")),
            || get(routes_session::queues), "Queues with their open items counted.")
            .with(&[header("If-None-Match", false)]),
        row(Get, "/v1/policies", SignedIn, (Empty, Json("PolicyTree")),
            || get(routes_session::policies), "The newest policy tree.")
            .with(&[header("If-None-Match", false)]),
        row(Post, "/v1/claims", Roles(REVIEWERS), (Json("ClaimsRequest"), Json("ClaimsAnswer")),
            || post(routes_claims::claim), "Claims items, most urgent first; no item is ever claimed by two."),
        row(Post, "/v1/claims/heartbeat", Roles(REVIEWERS), (Json("HeartbeatRequest"), Json("HeartbeatAnswer")),
            || post(routes_claims::heartbeat), "Keeps claims."),
        row(Post, "/v1/claims/release", Roles(REVIEWERS), (Json("ReleaseRequest"), Empty),
            || post(routes_claims::release), "Gives claims back."),
        row(Post, "/v1/decisions", Roles(REVIEWERS), (Json("DecisionsRequest"), Json("DecisionsAnswer")),
            || post(routes_decisions::decide), "Takes 1 to 50 decisions, each by itself."),
        row(Get, "/v1/decisions", Roles(REVIEWERS), (Empty, Json("HeldDecisions")),
            || get(routes_decisions::read), "Decisions as the server holds them; scope team (lead, qa) leaves view totals and times out.")
            .with(&[SINCE, query("scope")]),
        row(Post, "/v1/decisions/{id}/revert", Roles(REVIEWERS), (Json("RevertRequest"), Json("Receipt")),
            || post(routes_decisions::revert), "Undoes one's own decision, or as lead anyone's."),
        row(Get, "/v1/items/{id}", Roles(READERS), (Empty, Json("ItemState")),
            || get(routes_items::item), "An item and how it stands."),
        row(Get, "/v1/items/{id}/media/{n}", Roles(REVIEWERS), (Empty, Bytes),
            || get(routes_media::medium), "A medium, for who holds the item's claim.")
            .with(&[header("Scrim-Claim", true), header("Range", false)]),
        row(Post, "/v1/items", Roles(INGEST), (Parts("IngestItem"), Json("Ingested")),
            || post(routes_items::ingest.layer(DefaultBodyLimit::max(INGEST_BYTES_MAX))), "Takes an item in."),
        row(Post, "/v1/items/{id}/withdraw", Roles(INGEST), (Empty, Json("Ingested")),
            || post(routes_items::withdraw), "Ends an item and its claims; its media and words are deleted."),
        row(Get, "/v1/outcomes", Roles(EFFECT), (Empty, Json("Outcomes")),
            || get(routes_decisions::outcomes), "What to carry out: decisions and reverts.")
            .with(&[SINCE]),
        row(Post, "/v1/outcomes/ack", Roles(EFFECT), (Json("OutcomesAck"), Empty),
            || post(routes_decisions::acknowledge), "Everything up to a cursor is carried out."),
        row(Get, "/v1/test/media-count", SignedIn, (Empty, Json("MediaCount")),
            || get(routes_media::count), "In environment test: how many requests for media were answered with bytes."),
    ]
};
