//! What is flagged and by which rules it is judged. Harmless words; pictures are entries only.

use scrim_model::PolicyTree;
use scrim_wire::protocol::{IngestItem, QueueInfo};
use serde_json::json;

use crate::rng::Rng;
use crate::world::Unfit;

/// A word that is flagged in every item: it is on no screen outside a durable look at words.
pub(crate) const FLAGGED: &str = "zyzzyva";

pub(crate) fn queues() -> Result<Vec<QueueInfo>, Unfit> {
    Ok(serde_json::from_value(json!([
        {"id": "mixed", "name": "Mixed", "sla_s": 3600},
        {"id": "words", "name": "Words", "sla_s": 600}]))?)
}

/// Version `version` of the tree; odd and even ones differ.
pub(crate) fn policies(version: u64) -> Result<PolicyTree, Unfit> {
    let name = if version.is_multiple_of(2) {
        "Spam"
    } else {
        "Spam and scams"
    };
    Ok(serde_json::from_value(
        json!({"version": version, "policies": [
        {"id": "spam", "name": name, "digit": 1, "severity": 1},
        {"id": "harass", "name": "Harassment", "digit": 2, "severity": 2, "needs_second_review": true},
        {"id": "threat", "name": "Threats", "digit": 3, "severity": 3},
        {"id": "danger", "name": "Danger", "digit": 4, "severity": 4},
        {"id": "other", "name": "Other", "digit": 5, "severity": 0, "needs_reason": true}]}),
    )?)
}

/// The `n`th item.
pub(crate) fn item(n: u64, rng: &mut Rng) -> Result<IngestItem, Unfit> {
    let has_picture = rng.chance(300);
    let media = if has_picture {
        json!([{"n": 0, "mime": "image/png", "width": 16, "height": 16}])
    } else {
        json!([])
    };
    let priority = if rng.chance(80) { 1 } else { rng.between(2, 4) };
    let severity = *rng.pick(&[0_u64, 1, 1, 2, 3, 4]);
    let author = format!("author-{}", rng.below(12));
    Ok(serde_json::from_value(json!({
        "queue_id": if has_picture { "mixed" } else { "words" },
        "item": {"id": format!("item-{n}"), "version": 1, "kind": if has_picture { "post" } else { "text" },
            "priority": priority, "severity_hint": severity, "label": format!("Report {n}"),
            "classes": ["other"], "author": {"id": author},
            "texts": [{"id": "t", "role": "body", "lang": "en", "body": format!("plain {FLAGGED} words"),
                "flagged": [[6, 6 + FLAGGED.len()]]}],
            "media": media,
            "allowed_actions": ["allow", "remove", "restrict", "age_gate", "escalate"]}}))?)
}
