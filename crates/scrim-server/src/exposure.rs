//! What leads may learn of a team's exposure: the rules, without a database.
//!
//! Weighted minutes: `E = Σ (ms / 60,000) × w_severity × w_view`, with `w_severity` 0, 0.25, 0.5, 1,
//! 2 for severity 0–4 and `w_view` 0.5 covered, 0.75 lens, 1 clear. Sound and colour are in no
//! decision's totals and so not in here. The weights are a judgement, not a measurement.
//!
//! Nobody may be told apart: the shown groups cut the team into cells (everyone who is in exactly
//! the same shown groups), and a group is shown only if every cell that is not empty still holds
//! five people, or more if the floor asks for more. So no sum or difference of shown groups leaves
//! fewer.

use std::collections::{BTreeMap, BTreeSet};

use scrim_model::QueueId;
use scrim_wire::protocol::{ExposureGroup, Quartiles};

use crate::looked::Looked;

/// Weights of severity 0–4, in quarters.
const SEVERITY_QUARTERS: [u64; 5] = [0, 1, 2, 4, 8];
/// Quartiles are rounded to this many minutes.
const ROUNDED_TO_MIN: u64 = 15;

/// Weighted time in milliseconds × 16: whole numbers, so that sums do not depend on their order.
pub(crate) fn weighted_16ms(severity: u8, looked: Looked) -> u64 {
    let severity = SEVERITY_QUARTERS
        .get(usize::from(severity))
        .copied()
        .unwrap_or(8);
    let view = looked
        .ms_covered
        .saturating_mul(2)
        .saturating_add(looked.ms_lens.saturating_mul(3))
        .saturating_add(looked.ms_clear.saturating_mul(4));
    severity.saturating_mul(view)
}

/// Whole weighted minutes.
pub(crate) fn minutes(weighted_16ms: u64) -> u64 {
    weighted_16ms / (16 * 60_000)
}

/// One person's week. Who it is is not needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PersonWeek {
    /// Weighted minutes of the heaviest day.
    pub(crate) busiest_min: u64,
    /// Queues in which they decided something.
    pub(crate) queues: BTreeSet<QueueId>,
}

/// Groups that may be shown, everyone first; and whether some may not.
pub(crate) fn groups(
    people: &[PersonWeek],
    (notice_min, cap_min): (u64, u64),
    people_min: usize,
) -> (Vec<ExposureGroup>, bool) {
    if people.len() < people_min {
        return (Vec::new(), !people.is_empty());
    }
    let of = |queue: Option<&QueueId>| {
        let busiest: Vec<u64> = people
            .iter()
            .filter(|person| queue.is_none_or(|queue| person.queues.contains(queue)))
            .map(|person| person.busiest_min)
            .collect();
        group(queue.cloned(), busiest, (notice_min, cap_min))
    };
    let mut sizes: BTreeMap<&QueueId, usize> = BTreeMap::new();
    for queue in people.iter().flat_map(|person| &person.queues) {
        *sizes.entry(queue).or_default() += 1;
    }
    let mut by_size: Vec<(&QueueId, usize)> = sizes.into_iter().collect();
    by_size.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut shown: Vec<&QueueId> = Vec::new();
    let mut hidden = false;
    for (queue, _) in by_size {
        shown.push(queue);
        if !cells_are_large(people, &shown, people_min) {
            shown.pop();
            hidden = true;
        }
    }
    let mut groups = vec![of(None)];
    groups.extend(shown.into_iter().map(|queue| of(Some(queue))));
    (groups, hidden)
}

fn cells_are_large(people: &[PersonWeek], shown: &[&QueueId], people_min: usize) -> bool {
    let mut cells: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for person in people {
        let cell = shown
            .iter()
            .map(|queue| person.queues.contains(queue))
            .collect();
        *cells.entry(cell).or_default() += 1;
    }
    cells.values().all(|&count| count >= people_min)
}

fn group(
    queue_id: Option<QueueId>,
    mut busiest: Vec<u64>,
    (notice_min, cap_min): (u64, u64),
) -> ExposureGroup {
    busiest.sort_unstable();
    let over = |limit: u64| small(busiest.iter().filter(|&&min| min >= limit).count() as u64);
    ExposureGroup {
        queue_id,
        people: small(busiest.len() as u64),
        over_notice: over(notice_min),
        over_cap: over(cap_min),
        busiest_day: Quartiles {
            q1_min: quartile(&busiest, 1),
            median_min: quartile(&busiest, 2),
            q3_min: quartile(&busiest, 3),
        },
    }
}

/// The `n`th quartile of sorted values by linear interpolation, rounded to a quarter of an hour.
fn quartile(sorted: &[u64], n: u64) -> u32 {
    let Some(last) = (sorted.len() as u64).checked_sub(1) else {
        return 0;
    };
    // Positions in quarters of a place.
    let (place, part) = (last * n / 4, last * n % 4);
    let at = |place: u64| {
        usize::try_from(place)
            .ok()
            .and_then(|place| sorted.get(place))
            .copied()
            .unwrap_or(0)
    };
    let below = at(place);
    let above = at((place + 1).min(last));
    let quarters = below * 4 + (above - below) * part;
    small((quarters + 2 * ROUNDED_TO_MIN) / (4 * ROUNDED_TO_MIN) * ROUNDED_TO_MIN)
}

fn small(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::limits::PEOPLE_MIN;

    fn person(busiest_min: u64, queues: &[&str]) -> PersonWeek {
        PersonWeek {
            busiest_min,
            queues: queues.iter().map(|q| QueueId::new(*q).unwrap()).collect(),
        }
    }

    fn names(people: &[PersonWeek]) -> (Vec<String>, bool) {
        let (groups, hidden) = groups(people, (180, 240), PEOPLE_MIN);
        let name = |g: ExposureGroup| g.queue_id.map_or("all".to_owned(), String::from);
        (groups.into_iter().map(name).collect(), hidden)
    }

    #[test]
    fn the_worked_value() {
        let looked = Looked {
            ms_covered: 60_000,
            ms_lens: 0,
            ms_clear: 10_000,
        };
        // 60 s covered and 10 s clear at severity 3: 2/3 of a minute.
        assert_eq!(weighted_16ms(3, looked) * 3, 2 * 16 * 60_000);
        assert_eq!(weighted_16ms(0, looked), 0);
    }

    #[test]
    fn quartiles_are_rounded_to_a_quarter_of_an_hour() {
        let (shown, _) = groups(
            &[10, 100, 181, 200, 250].map(|min| person(min, &["q"])),
            (180, 240),
            PEOPLE_MIN,
        );
        assert_eq!(
            shown[0].busiest_day,
            Quartiles {
                q1_min: 105,
                median_min: 180,
                q3_min: 195
            }
        );
        assert_eq!(
            (shown[0].people, shown[0].over_notice, shown[0].over_cap),
            (5, 3, 1)
        );
    }

    #[test]
    fn too_few_people_are_never_shown_nor_left_over() {
        let team = |parts: &[(usize, &[&str])]| -> Vec<PersonWeek> {
            parts
                .iter()
                .flat_map(|(count, queues)| vec![person(1, queues); *count])
                .collect()
        };
        type Part<'a> = (usize, &'a [&'a str]);
        let table: &[(&[Part<'_>], &[&str], bool)] = &[
            (&[], &[], false),
            (&[(4, &["a"])], &[], true),
            (&[(5, &["a"])], &["all", "a"], false),
            (&[(5, &["a"]), (5, &["b"])], &["all", "a", "b"], false),
            // b would be four, and a would leave them over.
            (&[(9, &["a"]), (4, &["b"])], &["all"], true),
            // c is large, but who is in a and not in c would be one.
            (
                &[(6, &["a", "c"]), (1, &["a"]), (6, &["b"])],
                &["all", "a", "b"],
                true,
            ),
            // a and b overlap in two people.
            (
                &[(6, &["a"]), (2, &["a", "b"]), (6, &["b"])],
                &["all", "a"],
                true,
            ),
            // Someone without any queue of the shown ones.
            (&[(5, &["a"]), (1, &["z"])], &["all"], true),
        ];
        for (parts, shown, hidden) in table {
            let (names, some_hidden) = names(&team(parts));
            assert_eq!(
                (names, some_hidden),
                (shown.iter().map(|s| (*s).to_owned()).collect(), *hidden),
                "{parts:?}"
            );
        }
    }
}
