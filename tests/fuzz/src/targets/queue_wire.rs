//! What a queue server answers, through the connector that reads and checks it.
//!
//! Input: `CALL STATUS` and a line break, then the body. What passes must keep the connector's
//! promises, and pass again when it is sent once more.

use std::sync::{Arc, Mutex, PoisonError};

use scrim_model::{ClaimId, Decision, DecisionId, ItemId, MediumKey};
use scrim_queue::{Answered, Asking, HttpQueue, Origin, QueueServer, Road, Severed};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{ChainTold, ClaimsRequest, ConsultRequest, ReleaseRequest, ReleaseWhy};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Shape, Target, class, class_of_text};
use crate::mutate::split;

pub(super) const NAME: &str = "queue-wire";
const ASKED: u32 = 3;
const HEADS: &[&str] = &[
    "session 200",
    "queues 200",
    "policies 200",
    "claim 200",
    "heartbeat 200",
    "give_back 200",
    "send 200",
    "revert 200",
    "ask 200",
    "consults 200",
    "open_consult 200",
    "answer_consult 200",
    "exposure 200",
    "item 200",
    "medium 200",
    "claim 400",
    "send 409",
    "session 401",
    "claim 429",
    "item 404",
    "queues 500",
    "policies 304",
    "session 302",
    "claim 204",
    "ask 422",
];

/// Answers what it was given.
struct Scripted(Arc<Mutex<Answered>>);

impl Road for Scripted {
    fn carry(&self, _asking: Asking) -> Result<Answered, Severed> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }
}

pub(super) struct QueueWire {
    queue: HttpQueue,
    answer: Arc<Mutex<Answered>>,
    decision: Decision,
}

/// What became of an answer: how it was refused, or what passed, as JSON that can be sent again.
type Passed = Result<Value, CallFailed>;

fn told(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("what was read from JSON can be written as JSON")
}

impl QueueWire {
    pub(super) fn new() -> Self {
        let answer = Arc::new(Mutex::new(Answered {
            status: 200,
            body: Vec::new(),
        }));
        let origin = Origin::parse("https://queue.example").expect("it is an origin");
        let decision = json!({
            "decision_id": "d1", "item_id": "i1", "item_version": 1, "queue_id": "q1", "claim_id": "c1", "fence": 1,
            "policy_version": 1, "policy_ids": ["p1"], "actions": [{"kind": "remove"}], "severity": 1, "unsure": false,
            "reason": "", "decided_at": "2026-01-01T00:00:00.000Z", "skew_ms": 0, "training": false, "handle_ms": 1,
            "marks": [], "view": [],
        });
        Self {
            queue: HttpQueue::on_road(origin, "token", Box::new(Scripted(Arc::clone(&answer)))),
            answer,
            decision: serde_json::from_value(decision).expect("it is a decision"),
        }
    }

    fn call(&self, call: &str) -> Passed {
        let queue = &self.queue;
        let item = ItemId::new("i1").expect("it is an id");
        let claim = ClaimId::new("c1").expect("it is an id");
        let claims = [claim.clone()];
        match call {
            "session" => queue.session().map(told),
            "queues" => queue.queues().map(|rows| json!({ "queues": rows })),
            "policies" => queue.policies().map(|tree| {
                assert!(tree.fault().is_none(), "a tree without faults");
                told(tree)
            }),
            "claim" => {
                let request = ClaimsRequest {
                    count: ASKED,
                    ..ClaimsRequest::default()
                };
                queue.claim("key", &request).map(|taken| {
                    let rows = taken.claims.len() + taken.refused.len() + taken.unreadable as usize;
                    assert!(rows <= ASKED as usize, "no more items than were asked for");
                    json!({ "claims": taken.claims })
                })
            }
            "heartbeat" => queue.heartbeat("key", &claims).map(|rows| {
                assert!(rows.iter().all(|row| claims.contains(&row.claim_id)));
                json!({ "claims": rows })
            }),
            "give_back" => {
                let request = ReleaseRequest {
                    claim_ids: claims.to_vec(),
                    why: ReleaseWhy::HandOver,
                    draft: None,
                    aimed: false,
                };
                queue.give_back("key", &request).map(|()| json!({}))
            }
            "send" => queue
                .send_row(&self.decision, ChainTold::default())
                .map(|row| {
                    assert_eq!(row.decision_id, self.decision.decision_id);
                    json!({ "results": [row] })
                }),
            "revert" => {
                let decision = DecisionId::new("d1").expect("it is an id");
                queue.revert("key", &decision, "").map(told)
            }
            "ask" => queue.ask("key", &item, &question()).map(told),
            "consults" => queue.consults().map(|rows| json!({ "consults": rows })),
            "open_consult" => queue.open_consult("key", "q1").map(|opened| {
                assert_eq!(opened.consult_id, "q1");
                told(opened)
            }),
            "answer_consult" => queue.answer_consult("key", "q1", "").map(|()| json!({})),
            "exposure" => queue.exposure().map(told),
            "item" => queue.item(&item).map(|state| {
                assert_eq!(state.item.id, item);
                told(state)
            }),
            _ => queue
                .medium(&MediumKey { item, n: 0 }, &claim)
                .map(|bytes| json!(bytes.len())),
        }
    }

    fn answer(&self, status: u16, body: Vec<u8>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Answered { status, body };
    }
}

fn question() -> ConsultRequest {
    let question = json!({"claim_id": "c1", "to": {"role": "lead"}, "question": "?"});
    serde_json::from_value(question).expect("it is a question")
}

impl Target for QueueWire {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::HeadAndJson { heads: HEADS }
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let (head, body) = split(input);
        let head = String::from_utf8_lossy(head).into_owned();
        let (call, status) = head.split_once(' ').unwrap_or((&head, "200"));
        let status = status.trim().parse().unwrap_or(200);
        self.answer(status, body.to_vec());
        match self.call(call) {
            Ok(passed) => {
                let names = shape_of(&passed).join(" ");
                // A medium is bytes, which nobody reads here.
                if !passed.is_number() {
                    self.answer(200, passed.to_string().into_bytes());
                    let again = self.call(call);
                    assert!(again.is_ok(), "what passed once passes again: {again:?}");
                }
                class(format!("{call} {names}").as_bytes())
            }
            Err(failed) => {
                // What is said to people and written to logs is bounded, whatever came.
                assert!(failed.to_string().len() < 4096);
                let what = match &failed {
                    CallFailed::Refused { code, .. } => format!("refused {code}"),
                    other => format!("{other:?}"),
                };
                class_of_text(&format!("{call} {what}"))
            }
        }
    }
}

/// Which fields are filled, without their values.
fn shape_of(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            let filled = fields.iter().filter(|(_, value)| !value.is_null());
            filled
                .flat_map(|(name, value)| std::iter::once(name.as_str()).chain(shape_of(value)))
                .collect()
        }
        Value::Array(rows) => rows.first().map(shape_of).unwrap_or_default(),
        _ => Vec::new(),
    }
}
