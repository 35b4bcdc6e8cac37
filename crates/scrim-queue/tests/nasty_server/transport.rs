//! Statuses, redirects, sizes, times, and what is not HTTP: for every call of the trait.

use std::time::{Duration, Instant};

use scrim_model::{ClaimId, Decision, ItemId, MediumKey};
use scrim_queue::{HttpQueue, Origin, QueueServer, TimeLimits};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{ClaimsRequest, ReleaseWhy};
use serde_json::json;

use crate::MARKER;
use crate::scripted::{Script, ScriptedServer, answer};

fn queue(server: &ScriptedServer) -> HttpQueue {
    let origin = Origin::parse(&format!("http://{}", server.address)).unwrap();
    HttpQueue::new(origin, "token")
}

fn hasty(server: &ScriptedServer, scheme: &str) -> HttpQueue {
    let origin = Origin::parse(&format!("{scheme}://{}", server.address)).unwrap();
    let moment = Duration::from_millis(150);
    let limits = TimeLimits {
        call: moment,
        medium: moment,
        connect: moment,
    };
    HttpQueue::with_time_limits(origin, "token", limits)
}

fn decision() -> Decision {
    serde_json::from_value(
        json!({"decision_id": "d1", "item_id": "i1", "item_version": 1,
        "queue_id": "q", "claim_id": "c1", "fence": 1, "policy_version": 1, "policy_ids": [],
        "actions": [{"kind": "allow"}], "severity": 0, "unsure": false,
        "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0}),
    )
    .unwrap()
}

type Outcome = (&'static str, Result<(), CallFailed>);

/// Every call of the trait.
fn all_calls(queue: &dyn QueueServer) -> Vec<Outcome> {
    let (claim, item) = (ClaimId::new("c1").unwrap(), ItemId::new("i1").unwrap());
    let request = ClaimsRequest {
        count: 2,
        ..Default::default()
    };
    let medium = MediumKey {
        item: item.clone(),
        n: 0,
    };
    vec![
        ("session", queue.session().map(drop)),
        ("queues", queue.queues().map(drop)),
        ("policies", queue.policies().map(drop)),
        ("claim", queue.claim("k", &request).map(drop)),
        (
            "heartbeat",
            queue.heartbeat("k", std::slice::from_ref(&claim)).map(drop),
        ),
        ("send", queue.send(&decision()).map(drop)),
        ("item", queue.item(&item).map(drop)),
        (
            "release",
            queue.release("k", std::slice::from_ref(&claim), &ReleaseWhy::Returned),
        ),
        ("medium", queue.medium(&medium, &claim).map(drop)),
    ]
}

#[track_caller]
fn says_nothing_of_the_server(row: &str, failed: &CallFailed) {
    let text = failed.to_string();
    assert!(!text.contains(MARKER), "{row}: {text}");
    assert!(text.len() < 300, "{row}: {} bytes", text.len());
}

/// Release and media take any body of a good answer: nothing in it is believed.
const BELIEVE_NOTHING: [&str; 2] = ["release", "medium"];

fn unreachable(after_s: Option<u32>) -> CallFailed {
    CallFailed::Unreachable { after_s }
}

#[test]
fn statuses_decide_for_every_call() {
    let body = json!({"code": "invalid", "message": format!("{MARKER} \u{202e}"), "retry": "never",
        "path": MARKER});
    let body = body.to_string().into_bytes();
    let loud = json!({"code": format!("{MARKER}\u{0}"), "message": MARKER, "retry": "never"});
    let patient = json!({"code": "slow_down", "message": MARKER, "retry": {"after_s": 9}});
    let patient = patient.to_string().into_bytes();
    let refused = |code: &str| CallFailed::Refused {
        code: code.into(),
        message: String::new(),
    };
    let html = format!("<html>{MARKER}</html>").into_bytes();
    let rows: Vec<(&str, &str, &[u8], CallFailed)> = vec![
        (
            "500 Oops",
            "Retry-After: 7\r\n",
            &html,
            unreachable(Some(7)),
        ),
        (
            "503 Busy",
            "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n",
            b"",
            unreachable(None),
        ),
        (
            "503 Busy",
            "Retry-After: 99999999999999\r\n",
            b"",
            unreachable(None),
        ),
        ("503 Busy", "Retry-After: -1\r\n", b"", unreachable(None)),
        ("429 Slow", "", &patient, unreachable(Some(9))),
        ("401 No", "", &html, CallFailed::SignedOut),
        ("403 No", "", &html, refused("http_403")),
        ("404 No", "", b"", refused("http_404")),
        ("422 No", "", &body, refused("invalid")),
        (
            "422 No",
            "",
            loud.to_string().leak().as_bytes(),
            refused("other"),
        ),
        ("206 Part", "", &html, refused("http_206")),
    ];
    for (status, headers, body, want) in rows {
        let server = ScriptedServer::start(Script::Bytes(answer(status, headers, body)));
        for (call, outcome) in all_calls(&queue(&server)) {
            let row = format!("{status} {call}");
            let failed = outcome.expect_err(&row);
            says_nothing_of_the_server(&row, &failed);
            match (&failed, &want) {
                (
                    CallFailed::Refused { code, message },
                    CallFailed::Refused { code: wanted, .. },
                ) => {
                    assert_eq!(code, wanted, "{row}");
                    assert!(!message.contains('\u{202e}'), "{row}");
                }
                _ => assert_eq!(failed, want, "{row}"),
            }
        }
    }
}

#[test]
fn redirects_are_never_followed() {
    let elsewhere = ScriptedServer::start(Script::Bytes(answer("200 OK", "", b"{}")));
    for status in ["301 a", "302 b", "303 c", "307 d", "308 e", "300 f"] {
        let to = format!("Location: http://{}/{MARKER}\r\n", elsewhere.address);
        let server = ScriptedServer::start(Script::Bytes(answer(status, &to, b"")));
        for (call, outcome) in all_calls(&queue(&server)) {
            let failed = outcome.expect_err(call);
            assert!(
                matches!(failed, CallFailed::Broken { .. }),
                "{status} {call}: {failed:?}"
            );
            says_nothing_of_the_server(call, &failed);
        }
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn what_is_not_the_protocol_is_broken() {
    let html = format!("<!doctype html><title>{MARKER}</title>");
    let deep = "[".repeat(100_000);
    let wrong_types = format!(
        r#"{{"moderator_id": {{"{MARKER}": 1}}, "queues": "{MARKER}", "version": "{MARKER}",
        "policies": 3, "claims": "{MARKER}", "results": {{}}, "item": [], "state": -1}}"#
    );
    let invalid = [
        b"{\"moderator_id\":\"".as_slice(),
        b"\xff\xfe",
        MARKER.as_bytes(),
        b"\"}",
    ]
    .concat();
    let rows: Vec<(&str, Vec<u8>)> = vec![
        (
            "HTML with 200",
            answer("200 OK", "Content-Type: text/html\r\n", html.as_bytes()),
        ),
        ("empty", answer("200 OK", "", b"")),
        ("no content", b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        ("null", answer("200 OK", "", b"null")),
        (
            "truncated JSON",
            answer("200 OK", "", br#"{"claims": [{"claim_id": "MARKER-xyz"#),
        ),
        ("deep JSON", answer("200 OK", "", deep.as_bytes())),
        ("wrong types", answer("200 OK", "", wrong_types.as_bytes())),
        ("invalid UTF-8", answer("200 OK", "", &invalid)),
        (
            "compressed though nobody asked",
            answer("200 OK", "Content-Encoding: gzip\r\n", b"\x1f\x8b\x08"),
        ),
    ];
    for (row, bytes) in rows {
        let server = ScriptedServer::start(Script::Bytes(bytes));
        for (call, outcome) in all_calls(&queue(&server)) {
            if BELIEVE_NOTHING.contains(&call) {
                assert_eq!(outcome, Ok(()), "{row} {call}");
                continue;
            }
            let failed = outcome.expect_err(row);
            assert!(
                matches!(failed, CallFailed::Broken { .. }),
                "{row} {call}: {failed:?}"
            );
            says_nothing_of_the_server(row, &failed);
        }
    }
}

#[test]
fn what_is_not_http_ends_every_call() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let bomb = format!(
        "{ok}{}",
        format!("X-{MARKER}: {}\r\n", "a".repeat(1000)).repeat(200)
    );
    let many = format!("{ok}{}\r\n", "X: y\r\n".repeat(5000));
    let rows: Vec<(&str, Script)> = vec![
        (
            "garbage",
            Script::BytesThenEnd(format!("\0\u{1}{MARKER} not HTTP\r\n\r\n").into_bytes()),
        ),
        ("nothing", Script::BytesThenEnd(Vec::new())),
        ("header bomb", Script::Bytes(bomb.into_bytes())),
        ("too many headers", Script::Bytes(many.into_bytes())),
        (
            "endless header",
            Script::Endless(format!("{ok}X: ").into_bytes(), vec![b'a'; 4096]),
        ),
        (
            "half a body",
            Script::BytesThenEnd(format!("{ok}Content-Length: 99\r\n\r\n{{{MARKER}").into_bytes()),
        ),
        (
            "half a chunk",
            Script::BytesThenEnd(
                format!("{ok}Transfer-Encoding: chunked\r\n\r\nff\r\n{MARKER}").into_bytes(),
            ),
        ),
        (
            "bad chunk size",
            Script::BytesThenEnd(
                format!("{ok}Transfer-Encoding: chunked\r\n\r\n{MARKER}\r\n").into_bytes(),
            ),
        ),
        (
            "negative length",
            Script::BytesThenEnd(format!("{ok}Content-Length: -5\r\n\r\n{MARKER}").into_bytes()),
        ),
        (
            "reset",
            Script::BytesThenReset(
                format!("{ok}Content-Length: 9999\r\n\r\n{{\"{MARKER}").into_bytes(),
            ),
        ),
    ];
    for (row, script) in rows {
        let server = ScriptedServer::start(script);
        for (call, outcome) in all_calls(&queue(&server)) {
            let failed = match outcome {
                Err(failed) => failed,
                Ok(()) => panic!("{row} {call} went through"),
            };
            assert!(
                matches!(
                    failed,
                    CallFailed::Broken { .. } | CallFailed::Unreachable { after_s: None }
                ),
                "{row} {call}: {failed:?}"
            );
            says_nothing_of_the_server(row, &failed);
        }
    }
}

#[test]
fn silence_and_trickles_end_by_the_time_limit() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_vec();
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n".to_vec();
    let rows = [
        ("silence", "http", Script::Bytes(Vec::new())),
        ("slow head", "http", Script::Trickle(b"HTTP/1.1 ".to_vec())),
        ("slow body", "http", Script::Trickle(head.clone())),
        ("body that stops", "http", Script::Bytes(head)),
        (
            "only interim answers",
            "http",
            Script::Endless(Vec::new(), interim),
        ),
        (
            "plain server behind https",
            "https",
            Script::Bytes(answer("200 OK", "", b"{}")),
        ),
    ];
    for (row, scheme, script) in rows {
        let server = ScriptedServer::start(script);
        let began = Instant::now();
        for (call, outcome) in all_calls(&hasty(&server, scheme))
            .into_iter()
            .filter(|(call, _)| {
                // Each call takes its whole time; one of each shape is enough.
                ["session", "send", "medium"].contains(call)
            })
        {
            let failed = outcome.expect_err(row);
            assert!(
                !matches!(failed, CallFailed::Refused { .. } | CallFailed::SignedOut),
                "{row} {call}: {failed:?}"
            );
            says_nothing_of_the_server(row, &failed);
        }
        // Three calls of 150 ms, with room for a busy machine.
        assert!(began.elapsed() < Duration::from_secs(8), "{row}");
    }
}

#[test]
fn too_much_ends_by_the_size_limit() {
    let promised = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
        100 * 1024 * 1024 + 1
    );
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"10000\r\n".to_vec(), vec![b'['; 0x10000], b"\r\n".to_vec()].concat();
    let no_length = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    let wide = format!(
        "{{\"claims\":[{}{{}}]}}",
        r#"{"claim_id":"MARKER-xyzzy"},"#.repeat(1_000_000)
    );
    let rows = [
        ("100 MB promised", Script::Bytes(promised.into_bytes())),
        ("endless chunks", Script::Endless(chunked, chunk)),
        (
            "endless without a length",
            Script::Endless(no_length, vec![b'['; 0x10000]),
        ),
        (
            "a million rows",
            Script::Bytes(answer("200 OK", "", wide.as_bytes())),
        ),
    ];
    for (row, script) in rows {
        let server = ScriptedServer::start(script);
        for (call, outcome) in all_calls(&queue(&server)) {
            if row == "a million rows" && call == "medium" {
                assert_eq!(outcome, Ok(()), "28 MB are no matter for a medium");
                continue;
            }
            let failed = outcome.expect_err(row);
            assert!(
                matches!(failed, CallFailed::Broken { .. }),
                "{row} {call}: {failed:?}"
            );
            says_nothing_of_the_server(row, &failed);
        }
    }
}

#[test]
fn bytes_beyond_an_answer_are_not_the_next_answer() {
    let mut two = answer("200 OK", "", b"null");
    two.extend(answer(
        "200 OK",
        "",
        br#"{"queues": [{"id": "q", "name": "MARKER-xyzzy"}]}"#,
    ));
    let server = ScriptedServer::start(Script::Bytes(two));
    let queue = queue(&server);
    for _ in 0..4 {
        assert!(matches!(queue.queues(), Err(CallFailed::Broken { .. })));
    }
}
