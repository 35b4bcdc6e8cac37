//! What is flagged and by which rules it is judged. Harmless words; pictures are entries only.

use scrim_model::hashes::{HashRule, PictureHash};
use scrim_model::{FileHashes, ItemId, Pdq, PolicyTree};
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

/// What a worker would find of a picture: of four items in a row, two have the same bytes, one looks alike, and one
/// does not.
pub(crate) fn hashes(item: &ItemId) -> Option<FileHashes> {
    let n: u8 = item.as_str().rsplit('-').next()?.parse().ok()?;
    let (family, place) = (n / 4, n % 4);
    let name = if place < 2 {
        format!("family-{family}")
    } else {
        format!("single-{n}")
    };
    let mut bytes = [family.wrapping_mul(37); 32];
    bytes[0] ^= if place == 2 { 0b111 } else { 0 };
    let look = if place == 3 { [!bytes[0]; 32] } else { bytes };
    Some(FileHashes {
        sha256: name,
        md5: String::new(),
        sha1: String::new(),
        picture: Some(PictureHash {
            rule: HashRule::FullSizeAsStored,
            pdq: Pdq::from_bytes(look),
            quality: 100,
        }),
    })
}

/// The `n`th item.
pub(crate) fn item(n: u64, rng: &mut Rng) -> Result<IngestItem, Unfit> {
    let has_picture = rng.chance(300);
    // Without words it may be a copy of another one.
    let is_bare = has_picture && rng.chance(600);
    let texts = if is_bare {
        json!([])
    } else {
        json!([{"id": "t", "role": "body", "lang": "en", "body": format!("plain {FLAGGED} words"),
            "flagged": [[6, 6 + FLAGGED.len()]]}])
    };
    let media = if has_picture {
        json!([{"n": 0, "mime": "image/png", "width": 16, "height": 16}])
    } else {
        json!([])
    };
    let kind = match (has_picture, is_bare) {
        (true, true) => "image",
        (true, false) => "post",
        (false, _) => "text",
    };
    let priority = if rng.chance(80) { 1 } else { rng.between(2, 4) };
    let severity = *rng.pick(&[0_u64, 1, 1, 2, 3, 4]);
    let author = format!("author-{}", rng.below(12));
    Ok(serde_json::from_value(json!({
        "queue_id": if has_picture { "mixed" } else { "words" },
        "item": {"id": format!("item-{n}"), "version": 1, "kind": kind,
            "priority": priority, "severity_hint": severity, "label": format!("Report {n}"),
            "classes": ["other"], "author": {"id": author},
            "texts": texts,
            "media": media,
            "allowed_actions": ["allow", "remove", "restrict", "age_gate", "escalate"]}}))?)
}
