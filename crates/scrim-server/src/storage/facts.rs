//! What a team read says of a decision besides the decision: worked out once, when it comes in,
//! without a database. A withdrawal that empties the item later changes none of it.

use std::collections::BTreeSet;

use scrim_model::{DecisionId, Item, Timestamp};
use scrim_wire::protocol::{Detector, Due, ReviewKind, Standing, TeamFacts};

/// Times to action are whole minutes: to the second, they would be the time of the decision, which
/// team reads round to the day.
const ACTION_STEP_S: u64 = 60;

/// A decision that came in.
pub(super) struct Received<'a> {
    /// Its item.
    pub(super) item: &'a Item,
    /// Why the item was decided.
    pub(super) review: ReviewKind,
    /// The decision that it is a review of.
    pub(super) of: Option<DecisionId>,
    /// When it came in.
    pub(super) at: Timestamp,
    /// When the item's first decision came in, or this one if it is the first.
    pub(super) first_at: Timestamp,
}

/// Whether a review changes nothing for the platform.
pub(super) fn is_without_effect(review: &ReviewKind) -> bool {
    matches!(review, ReviewKind::Sample | ReviewKind::Practice)
}

/// The facts; how the decision stands is told when it is read. Reviews without effect have no time
/// to action and no due time: nobody waited for them.
pub(super) fn team_facts(received: &Received<'_>) -> TeamFacts {
    let item = received.item;
    let has_effect = !is_without_effect(&received.review);
    let since = item.reported_at.or(item.created_at);
    TeamFacts {
        standing: Standing::Standing,
        review: received.review.clone(),
        of: received.of.clone(),
        action_s: since
            .filter(|_| has_effect)
            .map(|since| action_s(received.at, since)),
        due: item
            .due_at
            .filter(|_| has_effect)
            .map(|due| met(received.first_at, due)),
        languages: languages(item),
        reported: !item.reports.is_empty(),
        flagged_by: flagged_by(item),
    }
}

fn action_s(at: Timestamp, since: Timestamp) -> u64 {
    let seconds = u64::try_from(at.since_ms(since)).unwrap_or(0) / 1_000;
    seconds - seconds % ACTION_STEP_S
}

fn met(first_at: Timestamp, due: Timestamp) -> Due {
    if first_at <= due {
        Due::Met
    } else {
        Due::Missed
    }
}

/// Languages of an item's own texts, each once.
pub(super) fn languages(item: &Item) -> Vec<String> {
    let named = item.texts.iter().map(|text| text.lang.clone());
    let once: BTreeSet<String> = named.filter(|lang| !lang.is_empty()).collect();
    once.into_iter().collect()
}

fn flagged_by(item: &Item) -> Vec<Detector> {
    let over = item.signals.iter().filter(|s| s.score >= s.threshold);
    let once: BTreeSet<Detector> = over
        .map(|signal| Detector {
            name: signal.name.clone(),
            version: signal.version.clone(),
        })
        .collect();
    once.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::{Value, json};

    fn of(item: &Value, review: ReviewKind, (at, first_at): (i64, i64)) -> TeamFacts {
        team_facts(&Received {
            item: &serde_json::from_value(item.clone()).unwrap(),
            review,
            of: None,
            at: Timestamp(at),
            first_at: Timestamp(first_at),
        })
    }

    #[test]
    fn times_are_by_the_receipt_and_a_second_decision_misses_nothing_that_the_first_met() {
        let item = json!({"id": "i", "kind": "text", "reported_at": "1970-01-01T00:00:10Z",
            "created_at": "1970-01-01T00:00:00Z", "due_at": "1970-01-01T00:02:00Z"});
        let facts = of(&item, ReviewKind::First, (119_000, 119_000));
        assert_eq!((facts.action_s, facts.due), (Some(60), Some(Due::Met)));
        let facts = of(&item, ReviewKind::Second, (500_000, 119_000));
        assert_eq!((facts.action_s, facts.due), (Some(480), Some(Due::Met)));
        let facts = of(&item, ReviewKind::First, (120_001, 120_001));
        assert_eq!(facts.due, Some(Due::Missed));
        for review in [ReviewKind::Sample, ReviewKind::Practice] {
            let facts = of(&item, review, (500_000, 500_000));
            assert_eq!((facts.action_s, facts.due), (None, None));
        }
        // A clock that was set back is no time before the report.
        let facts = of(&item, ReviewKind::First, (0, 0));
        assert_eq!(facts.action_s, Some(0));
    }

    #[test]
    fn who_flagged_it_is_who_reached_their_threshold() {
        let item = json!({"id": "i", "kind": "text",
            "texts": [{"id": "a", "lang": "de", "body": ""}, {"id": "b", "lang": "de", "body": ""},
                {"id": "c", "body": ""}],
            "signals": [{"name": "x", "version": "1", "score": 5, "threshold": 5},
                {"name": "y", "score": 4, "threshold": 5}]});
        let facts = of(&item, ReviewKind::First, (0, 0));
        assert_eq!(facts.languages, ["de"]);
        assert!(!facts.reported);
        let names: Vec<_> = facts.flagged_by.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["x"]);
        assert_eq!((facts.action_s, facts.due), (None, None));
    }
}
