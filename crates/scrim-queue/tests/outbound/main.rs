//! The way out against real listeners: TLS servers with good and bad certificates, a proxy, and
//! addresses that are not allowed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod addresses;
mod certificates;
mod listeners;
