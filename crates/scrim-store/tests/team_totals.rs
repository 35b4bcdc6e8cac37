//! What a report for a regulator counts of the copy of a team's decisions.
#![allow(clippy::unwrap_used, reason = "tests")]

mod team_made;

use scrim_model::team::{ReviewKind, Standing};
use scrim_model::{ActionKind, ItemId, QueueId};
use scrim_store::{TeamAction, TeamFilter, TeamItem, TeamStore};
use scrim_wire::protocol::{AppealDay, Appeals, HeldDecisions, LanguageReviewers, TeamDays};
use team_made::*;

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
                    passed_on,
                    languages,
                    reported,
                    flagged,
                    copied,
                } = item;
                assert!(!passed_on);
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
    let action = |policy: &str, action: &str, count| TeamAction {
        policy: policy.to_owned(),
        action: action.to_owned(),
        count,
    };
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

/// Those of one day are told in no order.
#[test]
fn an_item_counts_by_who_decided_it_last_in_whatever_order_that_is_told() {
    let filter = TeamFilter {
        from: FROM.to_owned(),
        to: TO.to_owned(),
        ..TeamFilter::default()
    };
    let mut second = one(2);
    (second.policy, second.review) = (2, ReviewKind::Second);
    let confirmed = page(&[one(1), second], 2).decisions;
    let (mut by_lead, mut passed_on) = (one(4), page(&[one(3)], 1).decisions);
    by_lead.policy = 2;
    passed_on[0].decision.actions[0].kind = ActionKind::Escalate;
    passed_on.extend(page(&[by_lead], 2).decisions);
    let waits = passed_on[..1].to_vec();
    for mut two in [confirmed, passed_on] {
        for held in &mut two {
            held.decision.item_id = ItemId::new("i").unwrap();
        }
        for _ in 0..2 {
            two.reverse();
            let folder = tempfile::tempdir().unwrap();
            let mut store = TeamStore::open(folder.path(), &key()).unwrap();
            let told = HeldDecisions {
                decisions: two.clone(),
                next: 2,
                ..HeldDecisions::default()
            };
            store.keep(&told).unwrap();
            let mut policies = Vec::new();
            let take = |item: TeamItem<'_>| policies.push((item.policy.to_owned(), item.passed_on));
            store.totals(&filter, take).unwrap();
            assert_eq!(policies, [("p2".to_owned(), false)]);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let told = HeldDecisions {
        decisions: waits,
        next: 1,
        ..HeldDecisions::default()
    };
    store.keep(&told).unwrap();
    let mut passed_on = Vec::new();
    store
        .totals(&filter, |item| passed_on.push(item.passed_on))
        .unwrap();
    assert_eq!(passed_on, [true], "nobody has decided it");
}

/// The first person's is not carried out: the item is restricted until the second one has decided, and then that counts.
#[test]
fn actions_are_those_that_were_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &key()).unwrap();
    let (mut second, mut waits, mut sample) = (one(2), one(3), one(5));
    (second.policy, second.review, second.of) = (2, ReviewKind::Second, Some(1));
    waits.standing = Standing::Interim;
    // What a sample says of a decision takes nothing from it.
    (sample.review, sample.of) = (ReviewKind::Sample, Some(4));
    let rows = page(&[one(1), second, waits, one(4), sample], 5);
    store.keep(&rows).unwrap();
    let filter = TeamFilter {
        from: FROM.to_owned(),
        to: TO.to_owned(),
        ..TeamFilter::default()
    };
    let totals = store.totals(&filter, |_| ()).unwrap();
    let actions = totals.actions.iter();
    let actions: Vec<_> = actions
        .map(|of| (of.policy.as_str(), of.action.as_str(), of.count))
        .collect();
    assert_eq!(actions, [("p1", "remove", 1), ("p2", "remove", 1)]);
    assert_eq!(totals.decisions, 4);
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
