//! What one decision's item was looked at, from the view totals in its record.

use scrim_model::Decision;
use scrim_model::view::ViewState;

use crate::limits::LOOKED_MS_MAX;

/// Milliseconds on screen of one item, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Looked {
    /// Under a cover.
    pub(crate) ms_covered: u64,
    /// Through the lens.
    pub(crate) ms_lens: u64,
    /// Clear.
    pub(crate) ms_clear: u64,
}

/// Sums one decision up. Media of one item are on the screen together, so the longest of them is
/// the item's time; they are revealed one at a time, so clear times add up. An item was on the
/// screen for its handle time at least: words are read while no medium is selected. What a crash left unknown counts as clear: the stricter
/// reading is the one that protects.
pub(crate) fn looked(decision: &Decision) -> Looked {
    let on_screen = decision
        .media
        .iter()
        .map(|medium| medium.ms_covered.saturating_add(medium.ms_clear))
        .max()
        .unwrap_or(0)
        .max(decision.handle_ms)
        .min(LOOKED_MS_MAX);
    let (mut lens, mut clear) = (0_u64, 0_u64);
    for medium in &decision.media {
        let of = match medium.state {
            ViewState::None | ViewState::Covered | ViewState::Partial => &mut lens,
            ViewState::Full | ViewState::Unknown => &mut clear,
        };
        *of = of.saturating_add(medium.ms_clear);
    }
    let ms_clear = clear.min(on_screen);
    let ms_lens = lens.min(on_screen - ms_clear);
    Looked {
        ms_covered: on_screen - ms_clear - ms_lens,
        ms_lens,
        ms_clear,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    fn of(media: serde_json::Value, handle_ms: u64) -> (u64, u64, u64) {
        let decision: Decision = serde_json::from_value(json!({"decision_id": "d", "item_id": "i",
            "item_version": 0, "queue_id": "q", "claim_id": "c", "fence": 1, "policy_version": 1,
            "policy_ids": [], "actions": [{"kind": "allow"}], "severity": 1, "unsure": false,
            "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0, "handle_ms": handle_ms,
            "media": media}))
        .unwrap();
        let looked = looked(&decision);
        (looked.ms_covered, looked.ms_lens, looked.ms_clear)
    }

    #[test]
    fn an_item_is_counted_once_however_many_media_it_has() {
        let medium = |state, covered: u64, clear: u64| json!({"n": 0, "state": state, "file_viewed": "no", "ms_covered": covered, "ms_clear": clear});
        assert_eq!(of(json!([]), 900), (900, 0, 0));
        let two = json!([medium("full", 60, 10), medium("covered", 70, 0)]);
        assert_eq!(of(two.clone(), 50), (60, 0, 10));
        assert_eq!(of(two, 900), (890, 0, 10));
        let both = json!([medium("full", 60, 40), medium("partial", 80, 20)]);
        assert_eq!(of(both, 90), (40, 20, 40));
        assert_eq!(of(json!([medium("unknown", 5, 5)]), 9), (5, 0, 5));
        let huge = json!([
            medium("full", u64::MAX, u64::MAX),
            medium("partial", 1, u64::MAX)
        ]);
        assert_eq!(of(huge, 0), (0, 0, LOOKED_MS_MAX));
    }
}
