//! Attacks on the rules: whatever is compared with whatever, nothing of fewer than five decisions comes out.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, ItemId, PolicyId, QueueId, Timestamp,
};
use scrim_wire::window::SyncState;

use super::*;
use crate::decisions::DecisionRow;
use crate::select::{Period, Selection, standing};
use crate::summary::Summary;

const DAY_MS: i64 = 86_400_000;
/// Days of the made-up records; the last one is not over.
const DAYS: i64 = 4;

fn seeded() -> Config {
    Config {
        rng_seed: RngSeed::Fixed(0x5C21),
        failure_persistence: None,
        cases: 400,
        ..Config::default()
    }
}

#[derive(Debug, Clone)]
struct Made {
    day: i64,
    queue: bool,
    policy: u8,
    remove: bool,
    severity: u8,
    copy: bool,
    unsure: bool,
    handle_ms: u64,
    /// Corrects the one before.
    corrects: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let grave = prop_oneof![20 => 0_u8..3, 1 => 3_u8..5];
    let rare = || prop::bool::weighted(0.05);
    (
        0..DAYS,
        any::<bool>(),
        0_u8..2,
        prop::bool::weighted(0.8),
        grave,
        rare(),
        any::<bool>(),
        0_u64..100_000,
        rare(),
    )
        .prop_map(
            |(day, queue, policy, remove, severity, copy, unsure, handle_ms, corrects)| Made {
                day,
                queue,
                policy,
                remove,
                severity,
                copy,
                unsure,
                handle_ms,
                corrects,
            },
        )
}

fn row(n: usize, made: &Made) -> DecisionRow {
    let id = |n: usize| DecisionId::new(format!("d{n}")).unwrap();
    let kind = if made.remove {
        ActionKind::Remove
    } else {
        ActionKind::Allow
    };
    let decision = Decision {
        decision_id: id(n),
        item_id: ItemId::new(format!("i{n}")).unwrap(),
        item_version: 1,
        queue_id: QueueId::new(if made.queue { "q1" } else { "q2" }).unwrap(),
        claim_id: ClaimId::new("c").unwrap(),
        fence: 1,
        policy_version: 1,
        policy_ids: vec![PolicyId::new(format!("p{}", made.policy)).unwrap()],
        actions: vec![DecisionAction {
            kind,
            duration_s: None,
        }],
        severity: made.severity,
        unsure: made.unsure,
        reason: String::new(),
        escalate: None,
        decided_at: Timestamp(made.day * DAY_MS + n as i64),
        skew_ms: 0,
        training: false,
        handle_ms: made.handle_ms,
        supersedes: (made.corrects && n > 0).then(|| id(n - 1)),
        item_kind: None,
        item_texts: None,
        propagated_from: made.copy.then(|| id(0)),
        marks: Vec::new(),
        media: Vec::new(),
    };
    DecisionRow {
        decision,
        state: SyncState::Accepted,
        receipt: None,
        awaiting_second: false,
        undone: false,
    }
}

fn rows(made: &[Made]) -> Vec<DecisionRow> {
    made.iter()
        .enumerate()
        .map(|(n, made)| row(n, made))
        .collect()
}

fn selection() -> impl Strategy<Value = Selection> {
    let queue = prop_oneof![Just(None), Just(Some("q1")), Just(Some("q2"))];
    let policy = prop_oneof![Just(None), Just(Some("p0")), Just(Some("p1"))];
    let action = prop_oneof![Just(None), Just(Some("remove")), Just(Some("allow"))];
    (0..DAYS, 1..=DAYS, queue, policy, action).prop_map(|(from, days, queue, policy, action)| {
        let text = |name: Option<&str>| name.map(str::to_owned);
        Selection {
            period: Period {
                from: Timestamp(from * DAY_MS),
                to: Timestamp((from + days) * DAY_MS),
            },
            queue: text(queue),
            policy: text(policy),
            action: text(action),
        }
    })
}

fn now() -> Timestamp {
    Timestamp((DAYS - 1) * DAY_MS + DAY_MS / 2)
}

type Told<'a> = fn(&Group<'a>) -> Result<Vec<&'a Decision>, Figure>;

/// Which decisions each figure of one kind is made of: over all, by each name, and of each group.
fn made_of<'a>(decisions: &'a [Decision], told: Told<'a>) -> Vec<BTreeSet<&'a str>> {
    let groups = groups(decisions, &now().utc_day());
    let ids = |all: Vec<&'a Decision>| all.iter().map(|d| d.decision_id.as_str()).collect();
    let mut figures: Vec<BTreeSet<&str>> = vec![ids(together(groups.iter().map(told)).0)];
    for group in &groups {
        let (_, queue, policy, action) = &group.key;
        let parts: [&dyn Fn(&&Group<'a>) -> bool; 4] = [
            &|g| g.key.1 == *queue,
            &|g| g.key.2 == *policy,
            &|g| g.key.3 == *action,
            &|g| g.key == group.key,
        ];
        for part in parts {
            figures.push(ids(together(groups.iter().filter(part).map(told)).0));
        }
    }
    figures
}

fn chosen(rows: &[DecisionRow], selection: &Selection) -> Vec<Decision> {
    let mut decisions = standing(rows);
    decisions.retain(|decision| selection.takes(decision));
    decisions
}

/// Every decision that is in some figure.
fn ids_told<'a>(groups: &[Group<'a>], told: Told<'a>) -> BTreeSet<String> {
    let decisions = groups.iter().filter_map(|g| told(g).ok()).flatten();
    decisions.map(|d| d.decision_id.to_string()).collect()
}

fn is_nobody_or_enough(n: usize) -> bool {
    n == 0 || n as u64 >= GROUP_MIN
}

fn json(rows: &[DecisionRow], selection: &Selection) -> String {
    let mut out = Vec::new();
    Summary::of(rows, selection, now())
        .write_json(&mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(seeded())]

    /// Any figure less any other one, and what they share, in one document or in two of different filters and days.
    #[test]
    fn what_two_figures_differ_by_is_nothing_or_at_least_five(
        made in prop::collection::vec(made(), 0..140),
        one in selection(),
        other in selection(),
    ) {
        let rows = rows(&made);
        let (one, other) = (chosen(&rows, &one), chosen(&rows, &other));
        let kinds: [Told<'_>; 2] = [Group::timed, Group::rated];
        for told in kinds {
            let (first, second) = (made_of(&one, told), made_of(&other, told));
            let all: BTreeSet<_> = first.iter().chain(&second).collect();
            for a in &all {
                for b in &all {
                    let differ = a.difference(b).count();
                    prop_assert!(is_nobody_or_enough(differ), "{differ} of {a:?} less {b:?}");
                    prop_assert!(is_nobody_or_enough(a.intersection(b).count()));
                }
            }
        }
    }

    /// However long the decisions of small, grave or unfinished groups took, and whether they were unsure, not one byte
    /// of any document changes.
    #[test]
    fn what_is_not_told_has_no_influence(
        made in prop::collection::vec(made(), 0..140),
        selection in selection(),
        other in 0_u64..1_000_000,
    ) {
        let rows = rows(&made);
        let all = standing(&rows);
        let groups = groups(&all, &now().utc_day());
        let (timed, rated) = (ids_told(&groups, Group::timed), ids_told(&groups, Group::rated));
        let mut changed = rows.clone();
        for row in &mut changed {
            let id = row.decision.decision_id.to_string();
            if !timed.contains(&id) {
                row.decision.handle_ms = other;
            }
            if !rated.contains(&id) {
                row.decision.unsure = !row.decision.unsure;
            }
        }
        prop_assert_eq!(json(&rows, &selection), json(&changed, &selection));
    }

    /// A longer period tells the groups of a shorter one exactly as that does, corrections included.
    #[test]
    fn a_longer_period_tells_nothing_else_of_a_day(
        made in prop::collection::vec(made(), 0..140),
        selection in selection(),
    ) {
        let rows = rows(&made);
        let mut longer = selection.clone();
        longer.period.to = Timestamp(2 * DAYS * DAY_MS);
        let short = Summary::of(&rows, &selection, now());
        let long = Summary::of(&rows, &longer, now());
        for row in &short.rows {
            prop_assert!(long.rows.contains(row));
        }
    }
}

fn same_group(count: usize) -> Vec<Made> {
    let one = Made {
        day: 0,
        queue: true,
        policy: 0,
        remove: true,
        severity: 1,
        copy: false,
        unsure: false,
        handle_ms: 1_000,
        corrects: false,
    };
    vec![one; count]
}

#[test]
fn each_rule_has_its_word() {
    let words = |made: &[Made]| {
        let decisions = standing(&rows(made));
        let groups = groups(&decisions, &now().utc_day());
        (
            Times::of(groups.iter()).median,
            Rate::of(groups.iter()).share,
        )
    };
    assert_eq!(words(&[]), (Figure::NotDefined, Figure::NotDefined));
    assert_eq!(words(&same_group(4)), (Figure::TooFew, Figure::TooFew));
    assert_eq!(
        words(&same_group(5)),
        (Figure::Is(1_000.0), Figure::Is(0.0))
    );
    let mut grave = same_group(9);
    grave[3].severity = GRAVE_SEVERITY;
    assert_eq!(words(&grave), (Figure::Withheld, Figure::Is(0.0)));
    let mut today = same_group(9);
    today.iter_mut().for_each(|made| made.day = DAYS - 1);
    assert_eq!(words(&today), (Figure::DayNotOver, Figure::DayNotOver));
    let mut copies = same_group(9);
    copies[1..].iter_mut().for_each(|made| made.copy = true);
    assert_eq!(words(&copies), (Figure::TooFew, Figure::Is(0.0)));
}
