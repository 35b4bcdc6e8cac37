//! Scrim's reference queue server: queue protocol v1 over HTTP/1.1, kept in SQLite.
//!
//! It hands flagged items out under claims, takes decisions exactly once, and tells the platform
//! what to carry out. Tests, demonstrations and small teams run it; a platform may write its own
//! from the document at `/v1/openapi.json`.
//!
//! It must never: speak plain HTTP beyond this machine unless a TLS proxy is declared; hand an
//! item to two people; lose or double a decision; log content, people or tokens; keep who skipped
//! what (but for "not me", which only keeps that item, or that author, from that person); pair a
//! reviewer with times; keep what a claim excludes; show a lead fewer than five people.
//!
//! Called by its own binary `scrim-server`, which the demonstration and the tests start. No other
//! part of Scrim links it.
//!
//! [`routes::ROUTES`] is the one list of calls: the router and the OpenAPI document are both made
//! from it, roles included.

pub mod app;
pub mod auth;
pub mod cli;
mod cli_settings;
mod cli_stop;
pub mod clock;
pub mod error;
pub mod limits;
pub mod routes;
pub mod seed;
pub mod storage;

mod draw;
mod examples;
mod examples_item;
mod examples_team;
mod exposure;
mod looked;
mod oidc;
mod oidc_keys;
mod openapi;
mod receive;
mod route;
mod routes_claims;
mod routes_consults;
mod routes_decisions;
mod routes_items;
mod routes_media;
mod routes_samples;
mod routes_session;
mod schema;
mod serve;

pub use app::Settings;
pub use oidc::OidcSettings;
pub use serve::{router, serve};
