//! The table of decisions by day, queue, policy and action.

use std::collections::BTreeMap;

use super::percentile_linear;
use crate::decision::Decision;

/// One row of the statistics table.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsRow {
    /// UTC day, `YYYY-MM-DD`.
    pub day: String,
    /// Queue id.
    pub queue: String,
    /// First policy id; empty for none.
    pub policy: String,
    /// First action.
    pub action: String,
    /// Decisions.
    pub count: u64,
    /// Of them, marked unsure.
    pub unsure: u64,
    /// Median active handle time in milliseconds.
    pub handle_ms_median: Option<f64>,
    /// 90th percentile of it.
    pub handle_ms_p90: Option<f64>,
}

/// Day, queue, policy, action.
type Key<'a> = (String, &'a str, &'a str, &'a str);
/// How many, how many of them unsure, and the handle times.
type Group = (u64, u64, Vec<f64>);

/// Counts and handle times per day × queue × policy × action, sorted by those four. Decisions that
/// a later one supersedes are left out; handle times leave out copies that were decided with another.
#[must_use]
pub fn by_day_queue_policy_action(decisions: &[Decision]) -> Vec<StatsRow> {
    let superseded: std::collections::BTreeSet<_> = decisions
        .iter()
        .filter_map(|d| d.supersedes.as_ref())
        .collect();
    let mut groups: BTreeMap<Key<'_>, Group> = BTreeMap::new();
    for decision in decisions
        .iter()
        .filter(|d| !superseded.contains(&d.decision_id))
    {
        let key = (
            decision.decided_at.utc_day(),
            decision.queue_id.as_str(),
            decision.policy_ids.first().map_or("", |p| p.as_str()),
            decision.headline(),
        );
        let (count, unsure, times) = groups.entry(key).or_default();
        *count += 1;
        *unsure += u64::from(decision.unsure);
        // A copy that was decided with another took nobody's time.
        if decision.propagated_from.is_none() {
            times.push(decision.handle_ms as f64);
        }
    }
    groups
        .into_iter()
        .map(
            |((day, queue, policy, action), (count, unsure, mut times))| {
                times.sort_by(f64::total_cmp);
                StatsRow {
                    day,
                    queue: queue.to_owned(),
                    policy: policy.to_owned(),
                    action: action.to_owned(),
                    count,
                    unsure,
                    handle_ms_median: percentile_linear(&times, 50.0),
                    handle_ms_p90: percentile_linear(&times, 90.0),
                }
            },
        )
        .collect()
}
