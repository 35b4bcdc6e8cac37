//! The one list of calls. The router and the OpenAPI document are both made from it.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{get, post};
use serde_json::Value;

use scrim_model::Role;

use crate::limits::INGEST_BYTES_MAX;
pub use crate::route::{Access, Body, Method, Route};
use crate::route::{Parameter, header, query, row};
use crate::{
    openapi, routes_claims, routes_consults, routes_decisions, routes_items, routes_media,
    routes_samples, routes_session,
};

const REVIEWERS: &[Role] = &[Role::Moderator, Role::Lead, Role::Qa];
const READERS: &[Role] = &[Role::Moderator, Role::Lead, Role::Qa, Role::Ingest];
const INGEST: &[Role] = &[Role::Ingest];
const EFFECT: &[Role] = &[Role::Effect];
const LEAD: &[Role] = &[Role::Lead];
const TEAM: &[Role] = &[Role::Lead, Role::Qa];
const SAFETY: &[Role] = &[Role::Effect, Role::Admin];

const SINCE: Parameter = query("since");

/// Every call of the server.
#[rustfmt::skip]
pub static ROUTES: &[Route] = {
    use Access::{Everyone, Roles, SignedIn};
    use Body::{Bytes, Empty, Json, Parts};
    use Method::{Get, Post};
    &[
        row(Get, "/v1/openapi.json", Everyone, (Empty, Json("Document")),
            || get(|| async { axum::Json(document()) }), "This document."),
        row(Get, "/v1/sign-in", Everyone, (Empty, Json("SignInOffer")),
            || get(routes_session::sign_in), "The identity issuer that says who people are; unknown if the server hands out tokens itself."),
        row(Get, "/v1/session", SignedIn, (Empty, Json("Session")),
            || get(routes_session::session), "Who the token belongs to, what kind of server this is, the protection floor, and one's own day.")
            .with(&[query("day_from"), header("Scrim-Desk", false)]),
        row(Get, "/v1/queues", SignedIn, (Empty, Json("Queues")),
            || get(routes_session::queues), "Queues with their open items counted; for lead and qa also what is overdue and what nobody may take.")
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
            || post(routes_decisions::decide), "Takes 1 to 50 decisions, each by itself; in training with feedback.")
            .with(&[header("Scrim-Desk", false), header("Scrim-Chain-Head", false)]),
        row(Get, "/v1/decisions", Roles(REVIEWERS), (Empty, Json("HeldDecisions")),
            || get(routes_decisions::read), "Decisions as the server holds them; scope team (lead, qa) has ids of its own, says how each stands, leaves out view totals, claims, receipts and times of day, and tells a day when it is over (in a test environment at once).")
            .with(&[SINCE, query("scope"), query("mark")]),
        row(Post, "/v1/decisions/{id}/revert", Roles(REVIEWERS), (Json("RevertRequest"), Json("Receipt")),
            || post(routes_decisions::revert), "Undoes one's own decision, or as lead anyone's."),
        row(Post, "/v1/review-samples", Roles(LEAD), (Json("SampleRequest"), Json("Sample")),
            || post(routes_samples::draw), "Draws decisions for a blind second review without effect, and practice on known-answer items."),
        row(Get, "/v1/review-samples", Roles(TEAM), (Empty, Json("Samples")),
            || get(routes_samples::list), "How the newest samples stand; never who reviewed what."),
        row(Get, "/v1/team-days", Roles(TEAM), (Empty, Json("TeamDays")),
            || get(routes_decisions::team_days), "By finished day and queue: items given back as not me, if they are five people's and there are five decisions besides, and what became of appeals; and how many people review in each language, if at least five do and nobody or five do not."),
        row(Get, "/v1/exposure", Roles(LEAD), (Empty, Json("Exposure")),
            || get(routes_decisions::exposure), "Spread and head-counts of exposure in finished weeks, for groups of five or more people."),
        row(Post, "/v1/items/{id}/consult", Roles(REVIEWERS), (Json("ConsultRequest"), Json("Consulted")),
            || post(routes_consults::ask), "Asks a colleague about an item that one holds; the claim is kept."),
        row(Get, "/v1/consults", Roles(REVIEWERS), (Empty, Json("Consults")),
            || get(routes_consults::list), "Open questions to the caller."),
        row(Post, "/v1/consults/{id}/open", Roles(REVIEWERS), (Empty, Json("ConsultOpened")),
            || post(routes_consults::open), "Looks at the item of a question; nothing can be decided under it."),
        row(Post, "/v1/consults/{id}/answer", Roles(REVIEWERS), (Json("AnswerRequest"), Empty),
            || post(routes_consults::answer), "Answers a question."),
        row(Get, "/v1/items/{id}", Roles(READERS), (Empty, Json("ItemState")),
            || get(routes_items::item), "An item and how it stands."),
        row(Get, "/v1/items/{id}/media/{n}", Roles(REVIEWERS), (Empty, Bytes),
            || get(routes_media::medium), "A medium, for who holds the item's claim.")
            .with(&[header("Scrim-Claim", true), header("Range", false), query("size")]),
        row(Post, "/v1/items", Roles(INGEST), (Parts("IngestItem"), Json("Ingested")),
            || post(routes_items::ingest.layer(DefaultBodyLimit::max(INGEST_BYTES_MAX))), "Takes an item in."),
        row(Post, "/v1/items/{id}/withdraw", Roles(INGEST), (Empty, Json("Ingested")),
            || post(routes_items::withdraw), "Ends an item and its claims; its media and words are deleted."),
        row(Get, "/v1/outcomes", Roles(EFFECT), (Empty, Json("Outcomes")),
            || get(routes_decisions::outcomes), "What to carry out: decisions and reverts.")
            .with(&[SINCE]),
        row(Post, "/v1/outcomes/ack", Roles(EFFECT), (Json("OutcomesAck"), Empty),
            || post(routes_decisions::acknowledge), "Everything up to a cursor is carried out."),
        row(Get, "/v1/safety-notices", Roles(SAFETY), (Empty, Json("SafetyNotices")),
            || get(routes_decisions::safety_notices), "Items of which a reviewer said that they are aimed at them; never who.")
            .with(&[SINCE]),
        row(Get, "/v1/test/media-count", SignedIn, (Empty, Json("MediaCount")),
            || get(routes_media::count), "In environment test: how many requests for media were answered with bytes."),
    ]
};

/// The OpenAPI 3.1 document of [`ROUTES`].
#[must_use]
pub fn document() -> Value {
    openapi::document(ROUTES)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::document;
    use serde_json::{Value, json};

    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|inner| references(inner, found));
            }
            Value::Array(rows) => rows.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn schemas_say_what_the_types_read() {
        let schemas = &document()["components"]["schemas"];
        assert_eq!(schemas["ClaimsRequest"]["required"], json!(["count"]));
        assert_eq!(schemas["Item"]["required"], json!(["id", "kind"]));
        let due = &schemas["Item"]["properties"]["due_at"]["anyOf"];
        assert_eq!(due[0]["format"], "date-time");
        assert_eq!(due[1]["type"], "null");
        assert_eq!(
            schemas["DecisionRow"]["oneOf"][3]["properties"]["result"]["const"],
            "overtaken"
        );
        let claims = &schemas["ClaimsAnswer"]["properties"]["claims"];
        assert_eq!(claims["items"]["$ref"], "#/components/schemas/Claim");
        let kinds = schemas["Item"]["properties"]["kind"]["examples"]
            .as_array()
            .unwrap();
        assert!(kinds.contains(&json!("conversation")));
    }
}
