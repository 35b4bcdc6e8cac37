//! Statistics over decisions: percentiles and the table by day, policy and action.
//!
//! Handle times of severity 3 and more never enter a table that is split by person; the tables
//! here are not split by person at all.

use std::collections::BTreeMap;

use crate::decision::Decision;

/// The `p`-th percentile (0–100) of `sorted` by linear interpolation between closest ranks, as
/// numpy's default does (Hyndman and Fan 1996, type 7). `None` for no values: not defined.
#[must_use]
pub fn percentile_linear(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let rank = p.clamp(0.0, 100.0) / 100.0 * last as f64;
    let below = rank.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (rank - below as f64))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Golden values computed with numpy.percentile.
    #[test]
    fn percentiles_equal_numpy() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        let near = |a: Option<f64>, b: f64| (a.unwrap_or(f64::NAN) - b).abs() < 1e-12;
        assert!(near(percentile_linear(&[1.0, 2.0, 3.0, 4.0], 90.0), 3.7));
        assert!(near(percentile_linear(&ten, 90.0), 9.1));
        assert!(near(percentile_linear(&ten, 50.0), 5.5));
        assert_eq!(percentile_linear(&[], 50.0), None);
    }
}
