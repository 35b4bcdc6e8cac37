//! The copy of a team's decisions: kept page by page, counted by group, made anew when it cannot be read.
#![allow(clippy::unwrap_used, reason = "tests")]

mod team_made;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use scrim_model::team::{Detector, Due, ReviewKind, Standing, TeamGroup};
use scrim_model::{ActionKind, QueueId, Timestamp};
use scrim_store::{Key, Store, StoreError, TEAM_FILE, TeamFilter, TeamLine, TeamStore};
use scrim_wire::protocol::{HeldDecisions, TeamDay, TeamDays};
use serde_json::json;
use team_made::*;

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
        store.read_to_the_end(Timestamp(5), None).unwrap();
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
fn a_copy_is_there_until_the_last_of_its_files_is_gone_and_going_twice_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (records, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    let place = records.team_place();
    assert!(!place.is_there());
    place.forget().unwrap();
    drop(place.open().unwrap());
    assert!(place.is_there());
    // As after a power cut between two files.
    std::fs::remove_file(folder.path().join(TEAM_FILE)).unwrap();
    let rest = folder.path().join(format!("{TEAM_FILE}-wal"));
    std::fs::write(&rest, b"rest").unwrap();
    assert!(place.is_there());
    place.forget().unwrap();
    assert!(!place.is_there() && !rest.exists());
    assert!(records.head().is_ok(), "the records are as they were");
}

#[test]
fn a_copy_of_another_version_is_no_copy_for_readers_and_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    store.keep(&page(&[one(1)], 9)).unwrap();
    drop(store);
    {
        let digits: String = key().bytes().iter().map(|b| format!("{b:02x}")).collect();
        let conn = rusqlite::Connection::open(folder.path().join(TEAM_FILE)).unwrap();
        conn.pragma_update(None, "key", format!("x'{digits}'"))
            .unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
    }
    let found = TeamStore::open_read_only(folder.path(), &key());
    assert!(matches!(found, Err(StoreError::NoStore)));
    let store = TeamStore::open(folder.path(), &key()).unwrap();
    assert_eq!(store.cursor().unwrap(), 0, "it is read anew");
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

/// Whoever passes an item on says nothing of it: neither of the decision that it was appealed against, nor of its flag.
#[test]
fn passing_on_overturns_nothing_and_says_nothing_of_a_flag() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let review = |id, review: ReviewKind| Made {
        of: Some(1),
        review,
        ..one(id)
    };
    let mut rows = page(
        &[
            one(1),
            review(2, ReviewKind::Appeal),
            review(3, ReviewKind::Appeal),
            review(4, ReviewKind::Sample),
        ],
        4,
    );
    for passed_on in [1, 3] {
        let decision = &mut rows.decisions[passed_on].decision;
        decision.actions[0].kind = ActionKind::Escalate;
        decision.policy_ids.clear();
    }
    store.keep(&rows).unwrap();
    let all = TeamFilter {
        from: FROM.to_owned(),
        to: TO.to_owned(),
        ..TeamFilter::default()
    };
    let pairs = store.pairs(&all).unwrap();
    let told: Vec<_> = pairs
        .iter()
        .map(|pair| (&pair.review, pair.is_overturned()))
        .collect();
    // Of a sample both may be asked what they would do.
    let expected = [(&ReviewKind::Appeal, false), (&ReviewKind::Sample, true)];
    assert_eq!(told, expected);
    assert_eq!(store.disagreements(&all, 10).unwrap().len(), 1);
    for (review, expected) in [(ReviewKind::Appeal, 0), (ReviewKind::Sample, 1)] {
        let overturned = TeamFilter {
            overturned_by: Some(review),
            ..all.clone()
        };
        assert_eq!(store.records(&overturned, 0, 10).unwrap().0, expected);
    }
    let detectors = store.detectors(&all).unwrap();
    let [flags] = &detectors[..] else {
        panic!("{detectors:?}");
    };
    assert_eq!((flags.flagged, flags.right), (2, 2));
    let of_flag = TeamFilter {
        detector: Some(flags.detector.clone()),
        ..all
    };
    assert_eq!(store.records(&of_flag, 0, 10).unwrap().0, flags.flagged);
}

/// A reading that is under way has a part of a day that is not told yet.
#[test]
fn a_day_that_is_read_in_part_is_in_no_figure() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let told = |id, day| Made { day, ..one(id) };
    store.keep(&page(&[told(1, 1)], 1)).unwrap();
    let end = Timestamp(3 * DAY_MS);
    store.read_to_the_end(end, Some("1970-01-02")).unwrap();
    store.keep(&page(&[told(2, 2)], 2)).unwrap();
    let data = store.data(FROM, TO, None).unwrap();
    assert_eq!(data.groups, expected(&[told(1, 1)]));
    assert_eq!(data.detectors.len(), 1);
    let all = TeamFilter {
        from: FROM.to_owned(),
        to: TO.to_owned(),
        ..TeamFilter::default()
    };
    let counted = |store: &TeamStore| {
        let mut lines = 0;
        let take = |_: TeamLine<'_>| {
            lines += 1;
            ControlFlow::Continue(())
        };
        store.each(FROM, TO, None, take).unwrap();
        let totals = store.totals(&all, |_| ()).unwrap();
        (
            lines,
            totals.decisions,
            store.records(&all, 0, 10).unwrap().0,
        )
    };
    assert_eq!(counted(&store), (1, 1, 1));
    store.read_to_the_end(end, Some("1970-01-03")).unwrap();
    assert_eq!(store.data(FROM, TO, None).unwrap().groups.len(), 2);
    assert_eq!(counted(&store), (2, 2, 2));
}

#[test]
fn a_page_that_begins_anew_takes_what_was_told_before_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let told = |id, day| Made { day, ..one(id) };
    let marked = |rows: &[Made], next, mark: Option<&str>| HeldDecisions {
        mark: mark.map(str::to_owned),
        ..page(rows, next)
    };
    store
        .keep(&marked(&[told(1, 1), told(2, 2)], 7, Some("one")))
        .unwrap();
    store.make_ready().unwrap();
    let days: TeamDays = serde_json::from_value(json!({"count_min": 5,
        "days": [{"day": "1970-01-02", "queue_id": "q1", "not_me": 7}],
        "appeals": {"from": "1970-01-01", "days": []},
        "reviewers": [{"language": "de", "people": 8}]}))
    .unwrap();
    store.keep_days(&days).unwrap();
    let end = Timestamp(9 * DAY_MS);
    store.read_to_the_end(end, Some("1970-01-09")).unwrap();
    assert_eq!(store.mark().unwrap().as_deref(), Some("one"));
    let data = store.data(FROM, TO, None).unwrap();
    assert_eq!(data.through.as_deref(), Some("1970-01-09"));
    assert_eq!(data.groups.len(), 2);
    let anew = HeldDecisions {
        anew: true,
        ..marked(&[told(3, 3)], 1, None)
    };
    store.keep(&anew).unwrap();
    assert_eq!((store.cursor().unwrap(), store.mark().unwrap()), (1, None));
    let data = store.data(FROM, TO, None).unwrap();
    assert_eq!(data.groups, expected(&[told(3, 3)]));
    assert_eq!(
        (data.as_of, data.through, data.detectors.len()),
        (None, None, 1)
    );
    assert_eq!(data.not_me, []);
    let filter = TeamFilter {
        from: FROM.to_owned(),
        to: TO.to_owned(),
        ..TeamFilter::default()
    };
    let totals = store.totals(&filter, |_| ()).unwrap();
    assert_eq!((totals.appeals, totals.reviewers), (None, None));
}
