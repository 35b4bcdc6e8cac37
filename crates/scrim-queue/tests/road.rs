//! Calls on another road than the network are the same calls.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};

use scrim_queue::{Answered, Asking, HttpQueue, Origin, QueueServer, Road, Severed};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::ClaimsRequest;

struct Scripted {
    asked: Arc<Mutex<Vec<Asking>>>,
    answer: Result<Answered, Severed>,
}

impl Road for Scripted {
    fn carry(&self, asking: Asking) -> Result<Answered, Severed> {
        self.asked.lock().unwrap().push(asking);
        self.answer.clone()
    }
}

fn queue(answer: Result<Answered, Severed>) -> (HttpQueue, Arc<Mutex<Vec<Asking>>>) {
    let asked = Arc::default();
    let road = Scripted {
        asked: Arc::clone(&asked),
        answer,
    };
    let origin = Origin::parse("https://queue.example").unwrap();
    (HttpQueue::on_road(origin, "token", Box::new(road)), asked)
}

#[test]
fn a_request_stands_on_the_road_as_it_is_written() {
    let body = br#"{"claims":[]}"#.to_vec();
    let (queue, asked) = queue(Ok(Answered { status: 200, body }));
    let request = ClaimsRequest {
        count: 2,
        ..ClaimsRequest::default()
    };
    assert!(queue.claim("key", &request).unwrap().claims.is_empty());
    let asked = asked.lock().unwrap();
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path.as_str()),
        ("POST", "/v1/claims")
    );
    assert_eq!(asked[0].header("idempotency-key"), Some("key"));
    assert_eq!(asked[0].header("authorization"), Some("Bearer token"));
    let sent: ClaimsRequest = serde_json::from_slice(&asked[0].body).unwrap();
    assert_eq!(sent, request);
}

#[test]
fn what_comes_back_is_checked_as_ever() {
    let (severed, _) = queue(Err(Severed));
    let gone = CallFailed::Unreachable { after_s: None };
    assert_eq!(severed.queues(), Err(gone));
    let body = br#"{"queues":"none"}"#.to_vec();
    let (broken, _) = queue(Ok(Answered { status: 200, body }));
    assert!(matches!(broken.queues(), Err(CallFailed::Broken { .. })));
    let (moved, _) = queue(Ok(Answered {
        status: 307,
        body: Vec::new(),
    }));
    assert!(matches!(moved.queues(), Err(CallFailed::Broken { .. })));
}
