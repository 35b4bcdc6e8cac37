//! The fullest example of every type on the wire; the document's schemas are made from them.

use scrim_model::item::{KnownMatch, TranslatedBy};
use scrim_model::mark::{Mark, Region};
use scrim_model::view::{FileViewed, MediumView, ViewState};
use scrim_model::{
    ActionKind, Decision, DecisionAction, Environment, Escalation, Kind, PolicyNode, PolicyTree,
    Role,
};
use scrim_wire::protocol::{
    AnswerRequest, Claim, ClaimsAnswer, ClaimsRequest, Consulted, Consults, DecisionResult,
    DecisionRow, DecisionsAnswer, DecisionsRequest, Draft, DraftMedium, DraftPlace, Drawing, Due,
    ErrorBody, ErrorCode, Feedback, HeartbeatAnswer, HeartbeatRequest, HeartbeatRow, HeldDecision,
    HeldDecisions, IngestItem, Ingested, ItemState, Lost, Outcome, Outcomes, OutcomesAck,
    QueueInfo, Queues, Receipt, ReleaseRequest, ReleaseWhy, Retry, RevertRequest, ReviewKind,
    Samples, SentPart, SentRecord, SignInOffer, Standing, Unassignable,
};

use crate::app::MediaCount;
use crate::examples_item::{at, id, item, text};
use crate::examples_team::{
    consult, consult_request, consult_to, exposure, notices, opened, sample, sample_request,
    session, team_days, team_facts,
};
use crate::schema::{Component, Known};

fn action() -> DecisionAction {
    DecisionAction {
        kind: ActionKind::Remove,
        duration_s: Some(1),
    }
}

fn escalation() -> Escalation {
    Escalation {
        to: text("lead"),
        priority: 1,
        reason: text("…"),
    }
}

fn decision() -> Decision {
    Decision {
        decision_id: id("d1"),
        item_id: id("i1"),
        item_version: 1,
        queue_id: id("q1"),
        claim_id: id("c1"),
        fence: 1,
        policy_version: 1,
        policy_ids: vec![id("p1")],
        actions: vec![action()],
        severity: 1,
        unsure: false,
        reason: text("…"),
        escalate: Some(escalation()),
        decided_at: at(),
        skew_ms: 0,
        training: false,
        handle_ms: 1,
        supersedes: Some(id("d0")),
        item_kind: Some(scrim_model::Kind::Image),
        item_texts: Some(0),
        propagated_from: Some(id("d0")),
        marks: vec![
            Mark::Region(Region::middle(0)),
            Mark::Texts {
                first: text("m1"),
                last: text("m2"),
            },
        ],
        media: vec![MediumView {
            n: 0,
            sha256: Some(text("00")),
            state: ViewState::Covered,
            file_viewed: FileViewed::No,
            ms_covered: 1,
            ms_clear: 0,
            policy_ids: vec![id("p1")],
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

fn record() -> SentRecord {
    SentRecord {
        decision_id: id("d1"),
        header: text("{…}"),
        parts: vec![SentPart {
            name: text("judgement"),
            salt: text("00"),
            body: text("{…}"),
        }],
        withdrawn: vec![text("{…}")],
    }
}

fn claim() -> Claim {
    Claim {
        claim_id: id("c1"),
        fence: 1,
        expires_at: at(),
        offline_until: Some(at()),
        queue_id: id("q1"),
        item: item(),
        draft: Some(draft()),
        escalation: Some(escalation()),
    }
}

fn draft() -> Draft {
    Draft {
        policy_ids: vec![id("p1")],
        note: text("…"),
        severity: Some(1),
        unsure: false,
        marks: vec![Mark::Region(Region::middle(0))],
        media: vec![DraftMedium {
            n: 0,
            policy_id: id("p1"),
        }],
        item_policy_id: Some(id("p1")),
        places: vec![DraftPlace { n: 0, at_ms: 2500 }],
    }
}

fn feedback() -> Feedback {
    Feedback {
        policy_ids: vec![id("p1")],
        explanation: text("…"),
    }
}

fn rows() -> Vec<DecisionRow> {
    let row = |result| DecisionRow {
        decision_id: id("d1"),
        result,
        feedback: Some(feedback()),
    };
    vec![
        row(DecisionResult::Accepted {
            receipt: text("r"),
            at: at(),
        }),
        row(DecisionResult::Duplicate {
            receipt: text("r"),
            at: at(),
        }),
        row(DecisionResult::AwaitingSecond { receipt: text("r") }),
        row(DecisionResult::Overtaken {
            by_role: text("lead"),
            at: at(),
            outcome: text("remove"),
        }),
        row(DecisionResult::Rejected {
            code: text("unknown_item"),
            path: Some(text("item_id")),
        }),
    ]
}

fn outcome() -> Outcome {
    Outcome {
        cursor: 1,
        what: text("decision"),
        decision_id: id("d1"),
        item_id: id("i1"),
        actions: vec![action()],
        policy_ids: vec![id("p1")],
        policy_version: 1,
        escalate: Some(escalation()),
    }
}

fn queue() -> QueueInfo {
    QueueInfo {
        id: id("q1"),
        name: text("n"),
        classes: vec![text("spam")],
        pending: 1,
        oldest_at: Some(at()),
        sla_s: Some(1),
        overdue: Some(1),
        unassignable: Some(Unassignable {
            count: 1,
            oldest_at: Some(at()),
        }),
    }
}

fn policies() -> PolicyTree {
    PolicyTree {
        version: 1,
        policies: vec![PolicyNode {
            id: id("p1"),
            parent: Some(id("p0")),
            name: text("n"),
            text: text("…"),
            digit: Some(1),
            severity: 1,
            actions: vec![ActionKind::Remove],
            needs_reason: true,
            needs_second_review: true,
        }],
    }
}

fn claims() -> ClaimsAnswer {
    let claim = serde_json::to_value(claim()).expect("wire types are written as JSON");
    ClaimsAnswer {
        claims: vec![claim],
    }
}

fn heartbeat() -> HeartbeatAnswer {
    HeartbeatAnswer {
        claims: vec![HeartbeatRow {
            claim_id: id("c1"),
            expires_at: Some(at()),
            lost: Some(Lost {
                by_role: text("lead"),
                at: at(),
            }),
        }],
    }
}

fn held() -> HeldDecisions {
    HeldDecisions {
        decisions: vec![HeldDecision {
            decision: decision(),
            receipt: text("r"),
            reverted: false,
            revert_reason: Some(text("…")),
            header: Some(text("{…}")),
            team: Some(team_facts()),
            cursor: 1,
        }],
        next: 1,
        mark: Some(text("m")),
        anew: true,
        through: Some(text("2026-01-01")),
    }
}

fn claims_request() -> ClaimsRequest {
    ClaimsRequest {
        queues: vec![id("q1")],
        count: 1,
        severity_max: Some(2),
        exclude_classes: vec![text("spam")],
        languages: vec![text("en")],
        exclude_items: vec![id("i2")],
    }
}

/// Every named schema.
#[rustfmt::skip]
pub(crate) fn components() -> Vec<Component> {
    vec![
        Component::new(
            "SignInOffer",
            &[SignInOffer {
                issuer: "https://id.example/realms/desks".to_owned(),
                client_id: "scrim".to_owned(),
            }],
            None,
        ),
        Component::new("Session", &[session()], None),
        Component::new("QueueInfo", &[queue()], None),
        Component::new("Queues", &[Queues { queues: vec![queue()] }], None),
        Component::new("PolicyTree", &[policies()], None),
        Component::new("Item", &[item()], None),
        Component::new("ClaimsRequest", &[claims_request()], None),
        Component::new("Claim", &[claim()], None),
        Component::new("ClaimsAnswer", &[claims()], None),
        Component::new("HeartbeatRequest", &[HeartbeatRequest { claim_ids: vec![id("c1")] }], None),
        Component::new("HeartbeatAnswer", &[heartbeat()], None),
        Component::new("ReleaseRequest",
            &[ReleaseRequest { claim_ids: vec![id("c1")], why: ReleaseWhy::HandOver, draft: Some(draft()), aimed: true }], None),
        Component::new("Draft", &[draft()], None),
        Component::new("Feedback", &[feedback()], None),
        Component::new("Decision", &[decision()], None),
        Component::new("DecisionsRequest", &[DecisionsRequest { decisions: vec![decision()], records: vec![record()] }], None),
        Component::new("DecisionRow", &rows(), Some("result")),
        Component::new("DecisionsAnswer", &[DecisionsAnswer { results: rows() }], None),
        Component::new("HeldDecisions", &[held()], None),
        Component::new("RevertRequest", &[RevertRequest { reason: text("…") }], None),
        Component::new("Receipt", &[Receipt { receipt: text("r"), at: at() }], None),
        Component::new("Outcome", &[outcome()], None),
        Component::new("Outcomes", &[Outcomes { outcomes: vec![outcome()], next: 1 }], None),
        Component::new("OutcomesAck", &[OutcomesAck { up_to: 1 }], None),
        Component::new("ItemState",
            &[ItemState { item: item(), state: text("open"), decisions: vec![id("d1")], without_effect: vec![id("d1")], consults: vec![consult()] }], None),
        Component::new("Consult", &[consult()], None),
        Component::new("ConsultTo", &consult_to(), None),
        Component::new("ConsultRequest", &[consult_request()], None),
        Component::new("Consulted", &[Consulted { consult_id: text("q1") }], None),
        Component::new("Consults", &[Consults { consults: vec![consult()] }], None),
        Component::new("ConsultOpened", &[opened()], None),
        Component::new("AnswerRequest", &[AnswerRequest { answer: text("…") }], None),
        Component::new("TeamFacts", &[team_facts()], None),
        Component::new("SampleRequest", &[sample_request()], None),
        Component::new("Sample", &[sample()], None),
        Component::new("Samples", &[Samples { samples: vec![sample()] }], None),
        Component::new("TeamDays", &[team_days()], None),
        Component::new("Exposure", &[exposure()], None),
        Component::new("SafetyNotices", &[notices()], None),
        Component::new("IngestItem", &[IngestItem { queue_id: id("q1"), item: item(), feedback: Some(feedback()) }], None),
        Component::new("Ingested", &[Ingested { item_id: id("i1") }], None),
        Component::new("Retry", &[Retry::Never, Retry::SameKey, Retry::AfterS(12)], None),
        Component::new("ErrorBody", &[ErrorBody { code: ErrorCode::Invalid, message: text("…"),
            retry: Retry::AfterS(12), path: Some(text("count")) }], None),
        Component::new("MediaCount", &[MediaCount { served: 1, covers: 1 }], None),
    ]
}

/// Fields whose values are open enumerations.
#[rustfmt::skip]
pub(crate) fn known() -> Vec<Known> {
    macro_rules! known {
        ($($ends:literal: $of:ty),+ $(,)?) => {
            vec![$(Known {
                ends: $ends,
                values: <$of>::KNOWN.iter().map(|v| v.as_str().to_owned()).collect(),
            }),+]
        };
    }
    known! {
        "/actions/0/kind": ActionKind, "/actions/0": ActionKind, "/allowed_actions/0": ActionKind,
        "/kind": Kind, "/roles/0": Role, "/environment": Environment, "/why": ReleaseWhy,
        "/code": ErrorCode, "/standing": Standing, "/review": ReviewKind, "/due": Due, "/drawing": Drawing, "/match": KnownMatch, "/by": TranslatedBy,
    }
}
