#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use scrim_model::mark::{Mark, Region};
use scrim_model::view::{FileViewed, MediumView, ViewState};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, Escalation, ItemId, ModeratorId,
    PolicyId, QueueId, Role, Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::*;
use crate::protocol::{
    AnswerRequest, ClaimsRequest, ConsultRequest, ConsultTo, DecisionsRequest, Draft, DraftMedium,
    DraftPlace, Drawing, HeartbeatRequest, IDEMPOTENCY_KEY, ReleaseRequest, ReleaseWhy,
    RevertRequest, SCRIM_CHAIN_HEAD, SCRIM_CLAIM, SCRIM_DESK, SampleRequest, SentPart, SentRecord,
};

/// The names of every value in `value`, inner ones behind a dot.
fn names(value: &Value, before: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, inner) in fields {
                let name = match before {
                    "" => name.clone(),
                    before => format!("{before}.{name}"),
                };
                names(inner, &name, into);
            }
        }
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            for row in rows {
                names(row, before, into);
            }
        }
        _ if before.is_empty() => {}
        _ => {
            into.insert(before.to_owned());
        }
    }
}

fn sent(requests: &[Value]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for request in requests {
        names(request, "", &mut found);
    }
    found
}

fn json(request: impl Serialize) -> Value {
    serde_json::to_value(request).unwrap()
}

fn marks() -> Vec<Mark> {
    vec![
        Mark::Region(Region {
            medium: 0,
            x: 0,
            y: 0,
            width: 500_000,
            height: 500_000,
        }),
        Mark::Texts {
            first: "a".into(),
            last: "b".into(),
        },
    ]
}

fn listed(row: &Leaving) -> BTreeSet<String> {
    row.fields.iter().map(|name| (*name).to_owned()).collect()
}

fn claim() -> ClaimId {
    ClaimId::new("c").unwrap()
}

/// Every field written out, so that a new one cannot be forgotten here.
fn decision() -> Decision {
    Decision {
        decision_id: DecisionId::new("d").unwrap(),
        item_id: ItemId::new("i").unwrap(),
        item_version: 1,
        queue_id: QueueId::new("q").unwrap(),
        claim_id: claim(),
        fence: 1,
        policy_version: 1,
        policy_ids: vec![PolicyId::new("p").unwrap()],
        actions: vec![DecisionAction {
            kind: ActionKind::Restrict,
            duration_s: Some(1),
        }],
        severity: 1,
        unsure: true,
        reason: "r".into(),
        escalate: Some(Escalation {
            to: "lead".into(),
            priority: 1,
            reason: "r".into(),
        }),
        decided_at: Timestamp(0),
        skew_ms: 1,
        training: true,
        handle_ms: 1,
        supersedes: Some(DecisionId::new("e").unwrap()),
        item_kind: Some(scrim_model::Kind::Image),
        item_texts: Some(0),
        propagated_from: Some(DecisionId::new("e").unwrap()),
        marks: marks(),
        media: vec![MediumView {
            n: 0,
            sha256: Some("s".into()),
            state: ViewState::Full,
            file_viewed: FileViewed::Yes,
            ms_covered: 1,
            ms_clear: 1,
            policy_ids: vec![PolicyId::new("p").unwrap()],
            severity: Some(1),
            loaded_by_choice: true,
            without_landlock: true,
            hashes: Some(scrim_model::FileHashes {
                sha256: "00".into(),
                md5: "00".into(),
                sha1: "00".into(),
                picture: Some(scrim_model::hashes::PictureHash {
                    rule: scrim_model::hashes::HashRule::FullSizeAsStored,
                    pdq: scrim_model::Pdq::from_bytes([0; 32]),
                    quality: 100,
                }),
            }),
        }],
    }
}

#[test]
fn every_field_that_is_sent_is_in_the_table_and_nothing_else() {
    let consult = |to| ConsultRequest {
        claim_id: claim(),
        to,
        question: "q".into(),
    };
    let requests = [
        (
            CLAIMS,
            vec![json(ClaimsRequest {
                queues: vec![QueueId::new("q").unwrap()],
                count: 1,
                severity_max: Some(1),
                exclude_classes: vec!["c".into()],
                languages: vec!["en".into()],
                exclude_items: vec![ItemId::new("i").unwrap()],
            })],
        ),
        (
            HEARTBEAT,
            vec![json(HeartbeatRequest {
                claim_ids: vec![claim()],
            })],
        ),
        (
            RELEASE,
            vec![json(ReleaseRequest {
                claim_ids: vec![claim()],
                why: ReleaseWhy::HandOver,
                draft: Some(Draft {
                    policy_ids: vec![PolicyId::new("p").unwrap()],
                    note: "n".into(),
                    severity: Some(1),
                    unsure: true,
                    marks: marks(),
                    media: vec![DraftMedium {
                        n: 0,
                        policy_id: PolicyId::new("p").unwrap(),
                    }],
                    item_policy_id: Some(PolicyId::new("p").unwrap()),
                    places: vec![DraftPlace { n: 0, at_ms: 1 }],
                }),
                aimed: true,
            })],
        ),
        (REVERT, vec![json(RevertRequest { reason: "r".into() })]),
        (
            CONSULT,
            vec![
                json(consult(ConsultTo::Role(Role::Lead))),
                json(consult(ConsultTo::Person(ModeratorId::new("m").unwrap()))),
            ],
        ),
        (
            CONSULT_ANSWER,
            vec![json(AnswerRequest { answer: "a".into() })],
        ),
        (CONSULT_OPEN, vec![json(serde_json::json!({}))]),
        (
            REVIEW_SAMPLE,
            vec![json(SampleRequest {
                size: 1,
                drawing: Drawing::Random,
                from: "2026-01-01".into(),
                to: "2026-01-02".into(),
                queues: vec![QueueId::new("q").unwrap()],
                practice: 1,
            })],
        ),
    ];
    for (row, bodies) in &requests {
        assert_eq!(sent(bodies), listed(row), "{}", row.path);
    }
    let DecisionsRequest { decisions, records } = DecisionsRequest {
        decisions: vec![decision()],
        records: vec![SentRecord {
            decision_id: decision().decision_id,
            header: "{}".into(),
            parts: vec![SentPart {
                name: "judgement".into(),
                salt: "00".into(),
                body: "{}".into(),
            }],
            withdrawn: vec!["{}".into()],
        }],
    };
    let beside = json!({ "records": json(records) });
    assert_eq!(sent(&[json(&decisions[0]), beside]), listed(&DECISIONS));
    let posts: Vec<_> = TABLE.iter().filter(|row| row.method == "POST").collect();
    assert_eq!(
        posts.len(),
        requests.len() + 1,
        "a call is not held against its request"
    );
}

#[test]
fn ids_are_unique_and_headers_are_those_of_the_protocol() {
    let ids: BTreeSet<_> = TABLE.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), TABLE.len());
    let ours = [
        "authorization",
        IDEMPOTENCY_KEY,
        SCRIM_DESK,
        SCRIM_CHAIN_HEAD,
        SCRIM_CLAIM,
    ];
    assert_eq!(HEADERS, ours);
    assert_eq!(MEDIUM.path_of(&["a", "2"]), "/v1/items/a/media/2");
    assert_eq!(QUEUES.path_of(&["x"]), "/v1/queues");
}
