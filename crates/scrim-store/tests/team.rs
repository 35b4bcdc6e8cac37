//! The copy of a team's decisions: kept page by page, counted by group, made anew when it cannot be read.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use scrim_model::team::{Detector, Due, ReviewKind, Standing, TeamGroup};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, ItemId, PolicyId, QueueId, Timestamp,
};
use scrim_store::{Key, TEAM_FILE, TeamFilter, TeamItem, TeamStore};
use scrim_wire::protocol::{
    AppealDay, Appeals, HeldDecision, HeldDecisions, LanguageReviewers, TeamDay, TeamDays,
    TeamFacts,
};

const DAY_MS: i64 = 86_400_000;
const FROM: &str = "1970-01-01";
const TO: &str = "1970-12-31";

fn key() -> Key {
    Key::new([7; 32])
}

#[derive(Debug, Clone)]
struct Made {
    id: u8,
    day: i64,
    queue: bool,
    policy: u8,
    severity: u8,
    unsure: bool,
    handle_ms: u64,
    copy: bool,
    action_s: Option<u64>,
    due: Option<Due>,
    review: ReviewKind,
    standing: Standing,
    of: Option<u8>,
}

fn made() -> impl Strategy<Value = Made> {
    let review = prop_oneof![
        4 => Just(ReviewKind::First), 1 => Just(ReviewKind::Second), 1 => Just(ReviewKind::Sample),
        1 => Just(ReviewKind::Appeal), 1 => Just(ReviewKind::Practice),
    ];
    let standing = prop_oneof![
        5 => Just(Standing::Standing), 1 => Just(Standing::Interim),
        1 => Just(Standing::Superseded), 1 => Just(Standing::Reverted),
    ];
    let due = prop_oneof![Just(None), Just(Some(Due::Met)), Just(Some(Due::Missed))];
    let what = (0_u8..40, 0_i64..14, any::<bool>(), 0_u8..3, 0_u8..5);
    let how = (any::<bool>(), 0_u64..100_000, prop::bool::weighted(0.1));
    let facts = (
        prop::option::of(0_u64..100_000),
        due,
        review,
        standing,
        prop::option::of(0_u8..40),
    );
    (what, how, facts).prop_map(|(what, how, facts)| {
        let (id, day, queue, policy, severity) = what;
        let (unsure, handle_ms, copy) = how;
        let (action_s, due, review, standing, of) = facts;
        let of = of.filter(|_| review != ReviewKind::First);
        Made {
            id,
            day,
            queue,
            policy,
            severity,
            unsure,
            handle_ms,
            copy,
            action_s,
            due,
            review,
            standing,
            of,
        }
    })
}

fn id(n: u8) -> DecisionId {
    DecisionId::new(format!("d{n}")).unwrap()
}

fn held(made: &Made, cursor: u64) -> HeldDecision {
    let kind = match made.policy {
        0 => ActionKind::Allow,
        _ => ActionKind::Remove,
    };
    let policy = (made.policy > 0).then(|| PolicyId::new(format!("p{}", made.policy)).unwrap());
    let decision = Decision {
        decision_id: id(made.id),
        item_id: ItemId::new(format!("i{}", made.id)).unwrap(),
        item_version: 1,
        queue_id: QueueId::new(if made.queue { "q1" } else { "q2" }).unwrap(),
        claim_id: ClaimId::new("c").unwrap(),
        fence: 1,
        policy_version: 1,
        policy_ids: Vec::from_iter(policy),
        // Grave ones have two.
        actions: std::iter::once(kind)
            .chain((made.severity > 2).then_some(ActionKind::SuspendAuthor))
            .map(|kind| DecisionAction {
                kind,
                duration_s: None,
            })
            .collect(),
        severity: made.severity,
        unsure: made.unsure,
        reason: format!("why {}", made.id),
        escalate: None,
        decided_at: Timestamp(made.day * DAY_MS),
        skew_ms: 0,
        training: false,
        handle_ms: made.handle_ms,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: made.copy.then(|| id(0)),
        marks: Vec::new(),
        media: Vec::new(),
    };
    HeldDecision {
        decision,
        receipt: "r".to_owned(),
        reverted: made.standing == Standing::Reverted,
        revert_reason: None,
        header: None,
        team: Some(TeamFacts {
            standing: made.standing.clone(),
            review: made.review.clone(),
            of: made.of.map(id),
            action_s: made.action_s,
            due: made.due.clone(),
            languages: if made.queue {
                vec!["de".to_owned(), "fr".to_owned()]
            } else {
                Vec::new()
            },
            reported: made.unsure,
            flagged_by: Vec::from_iter((made.policy != 2).then(|| Detector {
                name: "d".to_owned(),
                version: made.policy.to_string(),
            })),
        }),
        cursor,
    }
}

fn page(rows: &[Made], next: u64) -> HeldDecisions {
    HeldDecisions {
        decisions: rows.iter().map(|made| held(made, next)).collect(),
        next,
    }
}

/// The newest of each decision.
fn newest(rows: &[Made]) -> Vec<Made> {
    let by_id: BTreeMap<u8, Made> = rows.iter().map(|made| (made.id, made.clone())).collect();
    by_id.into_values().collect()
}

/// Groups, counted the plain way.
fn expected(rows: &[Made]) -> Vec<TeamGroup> {
    let mut groups: BTreeMap<(i64, bool, u8), TeamGroup> = BTreeMap::new();
    for made in newest(rows) {
        let has_effect = !matches!(made.review, ReviewKind::Sample | ReviewKind::Practice);
        let stands = matches!(made.standing, Standing::Standing | Standing::Interim);
        if !has_effect || !stands {
            continue;
        }
        let group = groups
            .entry((made.day, made.queue, made.policy))
            .or_insert_with(|| TeamGroup {
                day: Timestamp(made.day * DAY_MS).utc_day(),
                queue: if made.queue { "q1" } else { "q2" }.to_owned(),
                policy: match made.policy {
                    0 => String::new(),
                    n => format!("p{n}"),
                },
                action: if made.policy == 0 { "allow" } else { "remove" }.to_owned(),
                count: 0,
                unsure: 0,
                is_grave: false,
                handle_ms: Vec::new(),
                action_s: Vec::new(),
                due: 0,
                met: 0,
            });
        group.count += 1;
        group.unsure += u64::from(made.unsure);
        group.is_grave |= made.severity >= 3;
        if made.handle_ms > 0 && !made.copy {
            group.handle_ms.push(made.handle_ms as u32);
        }
        group.action_s.extend(made.action_s.map(|s| s as u32));
        group.due += u64::from(made.due.is_some());
        group.met += u64::from(made.due == Some(Due::Met));
    }
    let mut groups: Vec<TeamGroup> = groups.into_values().collect();
    for group in &mut groups {
        group.handle_ms.sort_unstable();
        group.action_s.sort_unstable();
    }
    groups.sort_unstable();
    groups
}

proptest! {
    #![proptest_config(Config {
        cases: 60,
        rng_seed: RngSeed::Fixed(0x5C21),
        failure_persistence: None,
        ..Config::default()
    })]

    /// However the pages fall, whatever changes later, and whether days were made ready in between.
    #[test]
    fn groups_are_those_of_the_newest_rows(
        rows in prop::collection::vec(made(), 0..120),
        pages in prop::collection::vec((1_usize..30, any::<bool>()), 1..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = TeamStore::open(folder.path(), &key()).unwrap();
        let (mut left, mut next) = (rows.as_slice(), 0);
        for (size, ready) in pages.iter().cycle() {
            let (now, later) = left.split_at(left.len().min(*size));
            next += now.len() as u64;
            store.keep(&page(now, next)).unwrap();
            if *ready {
                store.make_ready().unwrap();
            }
            left = later;
            if left.is_empty() {
                break;
            }
        }
        prop_assert_eq!(store.cursor().unwrap(), rows.len() as u64);
        let expected = expected(&rows);
        prop_assert_eq!(&store.groups(FROM, TO, None).unwrap(), &expected);
        let reader = TeamStore::open_read_only(folder.path(), &key()).unwrap();
        prop_assert_eq!(&reader.groups(FROM, TO, None).unwrap(), &expected);
        store.make_ready().unwrap();
        prop_assert_eq!(&store.groups(FROM, TO, None).unwrap(), &expected);
        let mut one = expected;
        one.retain(|group| group.queue == "q1" && group.day.as_str() == "1970-01-02");
        prop_assert_eq!(store.groups("1970-01-02", "1970-01-02", Some("q1")).unwrap(), one);
    }

    #[test]
    fn records_and_pairs_are_those_of_the_newest_rows(rows in prop::collection::vec(made(), 0..120)) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = TeamStore::open(folder.path(), &key()).unwrap();
        store.keep(&page(&rows, 1)).unwrap();
        let all = TeamFilter { from: FROM.to_owned(), to: TO.to_owned(), ..TeamFilter::default() };
        let counted: u64 = expected(&rows).iter().map(|group| group.count).sum();
        let (total, first) = store.records(&all, 0, 7).unwrap();
        let (_, rest) = store.records(&all, 7, 1_000).unwrap();
        prop_assert_eq!(total, counted);
        prop_assert_eq!((first.len() + rest.len()) as u64, counted);
        let newest = newest(&rows);
        let stands = |made: &&Made| matches!(made.standing, Standing::Standing | Standing::Interim);
        let reviews: Vec<(&Made, &Made)> = newest.iter().filter(stands)
            .filter_map(|made| newest.iter().find(|first| Some(first.id) == made.of).map(|first| (first, made)))
            .collect();
        let pairs = store.pairs(&all).unwrap();
        prop_assert_eq!(pairs.len(), reviews.len());
        let differ = reviews.iter().filter(|(first, second)| first.policy != second.policy).count();
        prop_assert_eq!(pairs.iter().filter(|pair| pair.is_overturned()).count(), differ);
        let disagreements = store.disagreements(&all, 1_000).unwrap();
        prop_assert_eq!(disagreements.len(), differ);
        for [(first, reason), (second, other)] in &disagreements {
            prop_assert_eq!(reason, &format!("why {}", &first.id.as_str()[1..]));
            prop_assert_eq!(other, &format!("why {}", &second.id.as_str()[1..]));
        }
        let flagged: u64 = store.detectors(&all).unwrap().iter().map(|of| of.flagged).sum();
        let (right, unflagged): (u64, u64) = expected(&rows).iter().fold((0, 0), |(right, un), group| match group.policy.as_str() {
            "p2" => (right, un + group.count),
            "" => (right, un),
            _ => (right + group.count, un),
        });
        prop_assert_eq!(flagged, counted - unflagged);
        prop_assert_eq!(store.detectors(&all).unwrap().iter().map(|of| of.right).sum::<u64>(), right);
    }
}

fn one(id: u8) -> Made {
    Made {
        id,
        day: 1,
        queue: true,
        policy: 1,
        severity: 1,
        unsure: true,
        handle_ms: 10,
        copy: false,
        action_s: Some(5),
        due: Some(Due::Met),
        review: ReviewKind::First,
        standing: Standing::Standing,
        of: None,
    }
}

#[test]
fn records_are_found_by_what_stands_in_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let mut review = one(2);
    (review.review, review.of, review.policy, review.due) = (ReviewKind::Appeal, Some(1), 0, None);
    store.keep(&page(&[one(1), review], 2)).unwrap();
    let filter = |change: &dyn Fn(&mut TeamFilter)| {
        let mut filter = TeamFilter {
            from: FROM.to_owned(),
            to: TO.to_owned(),
            ..TeamFilter::default()
        };
        change(&mut filter);
        let (total, rows) = store.records(&filter, 0, 10).unwrap();
        assert_eq!(total as usize, rows.len());
        rows.iter()
            .map(|row| row.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(filter(&|_| {}), ["d1", "d2"]);
    assert_eq!(filter(&|f| f.policy = Some("p1".to_owned())), ["d1"]);
    assert_eq!(filter(&|f| f.policy = Some(String::new())), ["d2"]);
    assert_eq!(filter(&|f| f.action = Some("allow".to_owned())), ["d2"]);
    assert_eq!(filter(&|f| f.due = true), ["d1"]);
    assert_eq!(filter(&|f| f.queue = Some("q2".to_owned())), [""; 0]);
    assert_eq!(
        filter(&|f| f.overturned_by = Some(ReviewKind::Appeal)),
        ["d2"]
    );
    assert_eq!(
        filter(&|f| f.overturned_by = Some(ReviewKind::Sample)),
        [""; 0]
    );
    let detector = |version: &str| Detector {
        name: "d".to_owned(),
        version: version.to_owned(),
    };
    assert_eq!(filter(&|f| f.detector = Some(detector("1"))), ["d1"]);
    assert_eq!(filter(&|f| f.to = "not a day".to_owned()), [""; 0]);
}

#[test]
fn a_copy_that_cannot_be_read_is_made_anew_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let fill = |key: &Key| {
        let mut store = TeamStore::open(folder.path(), key).unwrap();
        let before = store.cursor().unwrap();
        store.keep(&page(&[one(1)], 9)).unwrap();
        store.read_to_the_end(Timestamp(5)).unwrap();
        assert_eq!(store.as_of().unwrap(), Some(Timestamp(5)));
        before
    };
    let beside = folder.path().join("desk.db");
    std::fs::write(&beside, b"records").unwrap();
    assert_eq!(fill(&key()), 0);
    assert_eq!(fill(&key()), 9, "it is there again");
    let other = Key::new([8; 32]);
    assert!(TeamStore::open_read_only(folder.path(), &other).is_err());
    assert_eq!(fill(&other), 0, "another key");
    std::fs::write(folder.path().join(TEAM_FILE), [0x5C; 9_000]).unwrap();
    assert_eq!(fill(&other), 0, "damaged");
    assert_eq!(std::fs::read(&beside).unwrap(), b"records");
    assert!(TeamStore::open_read_only(&folder.path().join("none"), &other).is_err());
    let file = std::fs::read(folder.path().join(TEAM_FILE)).unwrap();
    assert!(
        !file.windows(5).any(|bytes| bytes == b"why 1"),
        "it is not encrypted"
    );
}

#[test]
fn not_me_is_kept_by_day_and_queue() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let day = |day: &str, queue: &str, not_me| TeamDay {
        day: day.to_owned(),
        queue_id: QueueId::new(queue).unwrap(),
        not_me,
    };
    let told = |days: &[TeamDay]| TeamDays {
        count_min: 5,
        days: days.to_vec(),
        ..TeamDays::default()
    };
    let days = [
        day("1970-01-01", "q1", Some(6)),
        day("1970-01-02", "q2", None),
    ];
    store.keep_days(&told(&days)).unwrap();
    assert_eq!(store.not_me(FROM, TO, None).unwrap(), days);
    assert_eq!(store.not_me(FROM, TO, Some("q2")).unwrap(), days[1..]);
    store.keep_days(&told(&days[..1])).unwrap();
    assert_eq!(
        store.not_me("1970-01-01", "1970-01-01", None).unwrap(),
        days[..1]
    );
}

#[test]
fn items_count_by_their_newest_decision_and_actions_by_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let (mut grave, mut copy, mut none, mut without) = (one(2), one(3), one(4), one(5));
    (grave.severity, grave.policy, grave.unsure) = (3, 2, false);
    (copy.copy, copy.queue, copy.day) = (true, false, 2);
    none.policy = 0;
    without.review = ReviewKind::Sample;
    let mut rows = page(&[one(1), grave, copy, none, without], 5);
    // The second one decides the item of the first one anew.
    rows.decisions[1].decision.item_id = ItemId::new("i1").unwrap();
    store.keep(&rows).unwrap();
    let told = |change: &dyn Fn(&mut TeamFilter)| {
        let mut filter = TeamFilter {
            from: FROM.to_owned(),
            to: TO.to_owned(),
            ..TeamFilter::default()
        };
        change(&mut filter);
        let mut items = Vec::new();
        let totals = store
            .totals(&filter, |item| {
                let TeamItem {
                    id,
                    policy,
                    languages,
                    reported,
                    flagged,
                    copied,
                } = item;
                let said = format!(
                    "{id} {policy} {} {reported} {flagged} {copied}",
                    languages.join("+")
                );
                items.push(said);
            })
            .unwrap();
        items.sort_unstable();
        (items, totals)
    };
    let (items, totals) = told(&|_| {});
    assert_eq!(
        items,
        [
            "i1 p2 de+fr false false false",
            "i3 p1  true true true",
            "i4  de+fr true true false",
        ]
    );
    assert_eq!(totals.decisions, 4);
    let mut actions = totals.actions;
    actions.sort_unstable();
    let action = |policy: &str, kind: &str, count| (policy.to_owned(), kind.to_owned(), count);
    assert_eq!(
        actions,
        [
            action("", "allow", 1),
            action("p1", "remove", 2),
            action("p2", "remove", 1),
            action("p2", "suspend_author", 1),
        ]
    );
    // Of one day or one queue, the newest of that one.
    let (items, totals) = told(&|filter| filter.queue = Some("q2".to_owned()));
    assert_eq!((items.len(), totals.decisions), (1, 1));
    let (items, _) = told(&|filter| filter.to = "1970-01-02".to_owned());
    assert_eq!(items.len(), 2);
    let (items, totals) = told(&|filter| filter.to = "not a day".to_owned());
    assert_eq!((items.len(), totals.decisions), (0, 0));
}

#[test]
fn appeals_and_languages_are_kept_as_far_as_the_server_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let day = |day: &str, queue: &str, took_days: &[u32]| AppealDay {
        day: day.to_owned(),
        queue_id: QueueId::new(queue).unwrap(),
        received: 3,
        upheld: 2,
        reversed: 1,
        took_days: took_days.to_vec(),
    };
    let days = vec![
        day("1970-01-02", "q1", &[0, 300, u32::MAX]),
        day("1970-01-03", "q2", &[]),
    ];
    let reviewers = vec![LanguageReviewers {
        language: "de".to_owned(),
        people: None,
    }];
    let told = TeamDays {
        count_min: 5,
        appeals: Some(Appeals {
            from: "1970-01-02".to_owned(),
            days: days.clone(),
        }),
        reviewers: Some(reviewers.clone()),
        ..TeamDays::default()
    };
    let read = |store: &TeamStore, from: &str, queue: Option<&str>| {
        let filter = TeamFilter {
            from: from.to_owned(),
            to: TO.to_owned(),
            queue: queue.map(str::to_owned),
            ..TeamFilter::default()
        };
        let totals = store.totals(&filter, |_| {}).unwrap();
        (totals.appeals, totals.reviewers)
    };
    assert_eq!(
        read(&store, "1970-01-02", None),
        (None, None),
        "nothing was read"
    );
    store.keep_days(&told).unwrap();
    let all = (Some(days.clone()), Some(reviewers.clone()));
    assert_eq!(read(&store, "1970-01-02", None), all);
    // Days before the first that is counted are not known, and nobody reviews in one queue alone.
    assert_eq!(read(&store, "1970-01-01", None), (None, Some(reviewers)));
    assert_eq!(
        read(&store, "1970-01-03", Some("q2")),
        (Some(days[1..].to_vec()), None)
    );
    // An older server.
    store.keep_days(&TeamDays::default()).unwrap();
    assert_eq!(read(&store, "1970-01-02", None), (None, None));
}
