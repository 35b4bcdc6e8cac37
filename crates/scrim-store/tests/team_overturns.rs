//! What "overturned" means stands in the model; what counts without reading the rows says the same.
#![allow(clippy::unwrap_used, reason = "tests")]

use scrim_model::team::{ReviewKind, Standing, differs};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, ItemId, PolicyId, QueueId, Timestamp,
};
use scrim_store::{Key, TeamFilter, TeamStore};
use scrim_wire::protocol::{HeldDecision, HeldDecisions, TeamFacts};

fn said(decision: &Decision) -> (&str, &str) {
    (decision.headline(), decision.first_policy())
}

fn decision(id: String, (actions, policies, severity): (&[ActionKind], &[&str], u8)) -> Decision {
    let action = |kind: &ActionKind| DecisionAction {
        kind: kind.clone(),
        duration_s: None,
    };
    Decision {
        decision_id: DecisionId::new(id).unwrap(),
        item_id: ItemId::new("i").unwrap(),
        item_version: 1,
        queue_id: QueueId::new("q").unwrap(),
        claim_id: ClaimId::new("c").unwrap(),
        fence: 1,
        policy_version: 1,
        policy_ids: policies
            .iter()
            .map(|id| PolicyId::new(*id).unwrap())
            .collect(),
        actions: actions.iter().map(action).collect(),
        severity,
        unsure: false,
        reason: String::new(),
        escalate: None,
        decided_at: Timestamp(0),
        skew_ms: 0,
        training: false,
        handle_ms: 1,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: None,
        marks: Vec::new(),
        media: Vec::new(),
    }
}

fn held(decision: &Decision, of: Option<&Decision>, cursor: u64) -> HeldDecision {
    HeldDecision {
        decision: decision.clone(),
        receipt: "r".to_owned(),
        reverted: false,
        revert_reason: None,
        header: None,
        team: Some(TeamFacts {
            standing: Standing::Standing,
            review: match of {
                Some(_) => ReviewKind::Sample,
                None => ReviewKind::First,
            },
            of: of.map(|first| first.decision_id.clone()),
            action_s: None,
            due: None,
            languages: Vec::new(),
            reported: true,
            flagged_by: Vec::new(),
        }),
        cursor,
    }
}

#[test]
fn a_decision_is_overturned_for_the_store_where_it_is_for_the_model() {
    use ActionKind::{Allow, Remove, Restrict};
    let actions: [&[ActionKind]; 4] = [&[Allow], &[Remove], &[Restrict], &[Remove, Restrict]];
    let policies: [&[&str]; 4] = [&[], &["p1"], &["p2"], &["p1", "p2"]];
    let all = || {
        actions.into_iter().flat_map(move |actions| {
            let with = move |policies| [1, 4].map(|severity| (actions, policies, severity));
            policies.into_iter().flat_map(with)
        })
    };
    let (mut rows, mut pairs) = (Vec::new(), Vec::new());
    for first in all() {
        for second in all() {
            let n = pairs.len();
            let first = decision(format!("f{n}"), first);
            let second = decision(format!("s{n}"), second);
            rows.push(held(&first, None, rows.len() as u64 + 1));
            rows.push(held(&second, Some(&first), rows.len() as u64 + 1));
            pairs.push((first, second));
        }
    }
    let overturned = pairs
        .iter()
        .filter(|(first, second)| differs(said(first), said(second)));
    let mut expected: Vec<&str> = overturned.map(|(_, s)| s.decision_id.as_str()).collect();
    expected.sort_unstable();
    // Whatever the severity and what stands behind the first of each.
    assert!(expected.len() > pairs.len() / 2 && expected.len() < pairs.len());

    let folder = tempfile::tempdir().unwrap();
    let mut store = TeamStore::open(folder.path(), &Key::new([7; 32])).unwrap();
    let next = rows.len() as u64;
    store
        .keep(&HeldDecisions {
            decisions: rows,
            next,
            ..HeldDecisions::default()
        })
        .unwrap();
    let filter = TeamFilter {
        from: "1970-01-01".to_owned(),
        to: "1970-01-01".to_owned(),
        ..TeamFilter::default()
    };
    let told = store.pairs(&filter).unwrap();
    assert_eq!(
        told.iter().filter(|p| p.is_overturned()).count(),
        expected.len()
    );
    let differing = store.disagreements(&filter, 10_000).unwrap();
    let mut differing: Vec<&str> = differing.iter().map(|[_, s]| s.0.id.as_str()).collect();
    differing.sort_unstable();
    assert_eq!(differing, expected);
    let only = TeamFilter {
        overturned_by: Some(ReviewKind::Sample),
        ..filter
    };
    let (total, records) = store.records(&only, 0, 10_000).unwrap();
    let mut records: Vec<&str> = records.iter().map(|row| row.id.as_str()).collect();
    records.sort_unstable();
    assert_eq!((total, records), (expected.len() as u64, expected));
}
