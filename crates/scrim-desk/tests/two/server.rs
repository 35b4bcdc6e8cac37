//! What the server knows and answers.

use std::collections::BTreeMap;

use scrim_model::view::ViewState;
use scrim_model::{Decision, PolicyTree, Timestamp};
use scrim_wire::call::ClaimsTaken;
use scrim_wire::protocol::{Claim, ClaimsRequest, DayTotals, Session, ViewTotals};
use serde_json::json;

use super::{ROUNDING_MIN, Two};

#[derive(Default)]
pub(super) struct Server {
    pub(super) items_made: u64,
    pub(super) decisions: Vec<(&'static str, i64, Decision)>,
    pub(super) claims: u64,
}

pub(super) fn policies() -> PolicyTree {
    serde_json::from_value(json!({"version": 1, "policies": [
        {"id": "light", "name": "Light", "digit": 1, "severity": 1},
        {"id": "severe", "name": "Severe", "digit": 3, "severity": 3}]}))
    .unwrap()
}

pub(super) fn session(at: Timestamp, totals: Option<DayTotals>) -> Box<Session> {
    let mut session: Session = serde_json::from_value(json!({"moderator_id": "m1",
        "display_name": "Moderator", "roles": ["moderator"],
        "capabilities": ["lease", "fence", "heartbeat", "idempotent_decisions"], "server_time": at, "environment": "test"}))
    .unwrap();
    session.day_totals = totals;
    Box::new(session)
}

impl Two {
    /// The other desk's day as the server tells it, and what of it was truly decided.
    pub(super) fn totals(&self, at: usize, day_from: Timestamp) -> (DayTotals, (f64, f64)) {
        let mut rows: BTreeMap<u8, ViewTotals> = BTreeMap::new();
        let mut told = (0.0, 0.0);
        for (desk, decided_ms, decision) in &self.server.decisions {
            if *desk == self.machines[at].name {
                continue;
            }
            // The truth has no filter: no honest day ends in a sequence.
            let seen = self.machines[1 - at].seen.get(&decision.item_id);
            let by_severity = [0.0, 0.25, 0.5, 1.0, 2.0][usize::from(decision.severity)];
            let row = rows.entry(decision.severity).or_default();
            row.severity = decision.severity;
            row.items += 1;
            for medium in &decision.media {
                let (covered, clear) = (
                    medium.ms_covered as f64 / 60_000.0,
                    medium.ms_clear as f64 / 60_000.0,
                );
                let full = medium.state == ViewState::Full;
                let by_view = if full { 1.0 } else { 0.75 };
                told.0 += (covered * 0.5 + clear * by_view) * by_severity;
                if full && decision.severity >= 3 {
                    told.1 += clear;
                }
                if let Some(seen) = seen {
                    // Colour is in no totals: at most a quarter of all that was clear.
                    let least = covered * 0.5 + clear * 0.75;
                    assert!(seen.minutes + ROUNDING_MIN >= least, "{seen:?} {medium:?}");
                    assert!(
                        seen.minutes <= covered * 0.5 + clear * 1.25 + ROUNDING_MIN,
                        "{seen:?} {medium:?}"
                    );
                }
                if *decided_ms < day_from.0 {
                    continue;
                }
                row.ms_covered += medium.ms_covered;
                match full {
                    true => row.ms_clear += medium.ms_clear,
                    false => row.ms_lens += medium.ms_clear,
                }
            }
        }
        let totals = DayTotals {
            from: day_from,
            other_desks_only: true,
            rows: rows.into_values().collect(),
        };
        (totals, told)
    }

    pub(super) fn claim(&mut self, request: &ClaimsRequest, utc: Timestamp) -> ClaimsTaken {
        let mut taken = ClaimsTaken::default();
        for _ in 0..request.count {
            self.random = self
                .random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let severity = [0, 1, 2, 3, 3, 4, 4, 4][(self.random >> 40) as usize % 8];
            if severity > request.severity_max.unwrap_or(4) {
                continue;
            }
            self.server.items_made += 1;
            self.server.claims += 1;
            let claim: Claim = serde_json::from_value(json!({
                "claim_id": format!("claim-{}", self.server.claims), "fence": self.server.claims,
                "expires_at": utc.plus_ms(86_400_000), "queue_id": "images",
                "item": {"id": format!("item-{}", self.server.items_made), "kind": "image",
                    "severity_hint": severity, "media": [{"n": 0, "mime": "image/png", "bytes": 1}]}}))
            .unwrap();
            taken.claims.push(claim);
        }
        taken
    }
}
