//! What can be made of an answer.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::{Bend, Told};

fn body(answer: &[u8]) -> &[u8] {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or(&[], |at| &answer[at + 4..])
}

fn ok(body: &[u8]) -> Vec<u8> {
    with_status("200 OK", "", body)
}

fn with_status(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Bends the JSON of good answers, and leaves everything else as it is.
fn json_bend(mut change: impl FnMut(&str, &mut Value) + Send + 'static) -> Bend {
    Box::new(move |line, answer| {
        let Ok(mut value) = serde_json::from_slice::<Value>(body(&answer)) else {
            return Told::Bytes(answer);
        };
        change(line, &mut value);
        Told::Bytes(ok(value.to_string().as_bytes()))
    })
}

pub(super) fn answers_of_other_calls() -> Bend {
    let mut last = ok(b"{}");
    Box::new(move |_, answer| Told::Bytes(std::mem::replace(&mut last, answer)))
}

pub(super) fn answers_twice() -> Bend {
    Box::new(|_, answer| Told::Bytes([answer.clone(), answer].concat()))
}

/// The first time none, then always the one before.
pub(super) fn stale_answers() -> Bend {
    let mut before: HashMap<String, Vec<u8>> = HashMap::new();
    Box::new(
        move |line, answer| match before.insert(line.to_owned(), answer) {
            Some(stale) => Told::Bytes(stale),
            None => Told::Half(Vec::new()),
        },
    )
}

pub(super) fn half_answers() -> Bend {
    Box::new(|_, answer| Told::Half(answer[..answer.len() / 2].to_vec()))
}

pub(super) fn resets() -> Bend {
    Box::new(|_, answer| Told::Reset(answer[..answer.len() / 3].to_vec()))
}

pub(super) fn trickles() -> Bend {
    Box::new(|_, answer| Told::Trickle(answer[..answer.len().min(40)].to_vec()))
}

/// Too long, too short, none, two.
pub(super) fn wrong_lengths() -> Bend {
    let mut turn = 0;
    Box::new(move |_, answer| {
        turn += 1;
        let body = body(&answer).to_vec();
        let head = match turn % 4 {
            0 => format!("Content-Length: {}\r\n", body.len() + 7),
            1 => format!("Content-Length: {}\r\n", body.len() / 2),
            2 => "Content-Length: minus one\r\n".to_owned(),
            _ => format!("Content-Length: 1\r\nContent-Length: {}\r\n", body.len()),
        };
        let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n");
        Told::Half([head.into_bytes(), body].concat())
    })
}

/// More than anybody reads: promised, or in rows.
pub(super) fn huge_answers() -> Bend {
    // Made once: to make it takes longer than to send it.
    let rows = vec![json!({"claim_id": "c", "decision_id": "d", "id": "q"}); 60_000];
    let whole = json!({"claims": rows, "results": rows, "queues": rows, "policies": rows});
    let in_rows = ok(whole.to_string().as_bytes());
    let mut turn = 0;
    Box::new(move |_, _| {
        turn += 1;
        if turn % 2 == 0 {
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n".to_vec();
            return Told::Half([head, vec![b'['; 1 << 20]].concat());
        }
        Told::Bytes(in_rows.clone())
    })
}

/// Every id of a claim, an item, or a decision is another one.
pub(super) fn wrong_ids() -> Bend {
    fn other(value: &mut Value) {
        match value {
            Value::Array(rows) => rows.iter_mut().for_each(other),
            Value::Object(fields) => {
                for (name, inner) in fields {
                    let is_id =
                        ["claim_id", "item_id", "decision_id", "id"].contains(&name.as_str());
                    match inner {
                        Value::String(id) if is_id => id.push_str("-of-somebody-else"),
                        inner => other(inner),
                    }
                }
            }
            _ => {}
        }
    }
    json_bend(|line, value| {
        // A session of somebody else is another matter.
        if !line.contains("/v1/session") && !line.contains("/v1/policies") {
            other(value);
        }
    })
}

/// Receipts of decisions that were never made here.
pub(super) fn answers_for_other_decisions() -> Bend {
    json_bend(|line, value| {
        if line.starts_with("POST /v1/decisions ") {
            let at = "2026-01-01T00:00:00Z";
            *value = json!({"results": [
                {"decision_id": "another", "result": "accepted", "receipt": "r", "at": at},
                {"decision_id": "and-another", "result": "rejected", "code": "invalid"}]});
        }
    })
}

/// First the truth, which nobody hears; then that somebody else was first.
pub(super) fn overtaken_after_accepted() -> Bend {
    let mut seen = 0;
    Box::new(move |line, answer| {
        if !line.starts_with("POST /v1/decisions ") {
            return Told::Bytes(answer);
        }
        seen += 1;
        if seen == 1 {
            return Told::Half(Vec::new());
        }
        let mut value: Value = serde_json::from_slice(body(&answer)).unwrap_or_default();
        for row in value["results"].as_array_mut().into_iter().flatten() {
            *row = json!({"decision_id": row["decision_id"], "result": "overtaken",
                "by_role": "lead", "at": "2026-01-01T00:00:00Z", "outcome": "remove"});
        }
        Told::Bytes(ok(value.to_string().as_bytes()))
    })
}

/// Lost, kept, both, until yesterday, until the end of time.
pub(super) fn heartbeats_that_contradict() -> Bend {
    let mut turn = 0;
    json_bend(move |line, value| {
        if !line.starts_with("POST /v1/claims/heartbeat ") {
            return;
        }
        turn += 1;
        let lost = json!({"by_role": "lead", "at": "2026-01-01T00:00:00Z"});
        for row in value["claims"].as_array_mut().into_iter().flatten() {
            match turn % 4 {
                0 => row["lost"] = lost.clone(),
                1 => row["expires_at"] = json!("1970-01-01T00:00:00Z"),
                2 => row["expires_at"] = json!("9999-12-31T23:59:59Z"),
                _ => {}
            }
        }
    })
}

/// Every time is in the first or in the last year of all.
pub(super) fn clocks_far_off() -> Bend {
    fn far(value: &mut Value, year: &str) {
        match value {
            Value::Array(rows) => rows.iter_mut().for_each(|row| far(row, year)),
            Value::Object(fields) => fields.values_mut().for_each(|inner| far(inner, year)),
            Value::String(text)
                if text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T') =>
            {
                text.replace_range(..4, year);
            }
            _ => {}
        }
    }
    let mut turn = 0;
    json_bend(move |_, value| {
        turn += 1;
        far(value, if turn % 2 == 0 { "1970" } else { "9999" });
    })
}

pub(super) fn policies_that_change_in_each_call() -> Bend {
    let mut turn = 0;
    Box::new(move |line, answer| {
        turn += 1;
        let value = serde_json::from_slice::<Value>(body(&answer));
        match value {
            Ok(mut value) if line.contains("/v1/policies") => {
                value["version"] = json!(1_000 + turn);
                value["policies"][0]["name"] = json!(format!("Name {turn}"));
                Told::Bytes(ok(value.to_string().as_bytes()))
            }
            // The connection is made anew each time, and policies are asked for again.
            _ if turn % 2 == 0 => Told::Half(Vec::new()),
            _ => Told::Bytes(answer),
        }
    })
}

/// All but "signed out", which is the truth about a token and nothing else.
pub(super) fn errors_of_every_kind() -> Bend {
    let kinds = [
        ("500 Oops", "", "<html>"),
        ("503 Busy", "Retry-After: 0\r\n", ""),
        (
            "429 Slow",
            "Retry-After: -5\r\n",
            r#"{"code": "slow_down", "retry": {"after_s": 0}}"#,
        ),
        ("302 Found", "Location: http://127.0.0.1:1/\r\n", ""),
        ("204 No Content", "", ""),
        ("200 OK", "", "null"),
    ];
    let mut turn = 0;
    Box::new(move |_, _| {
        turn += 1;
        let (status, headers, body) = kinds[turn % kinds.len()];
        Told::Bytes(with_status(status, headers, body.as_bytes()))
    })
}

pub(super) fn everything_in_turn() -> Bend {
    let mut all = [
        answers_of_other_calls(),
        half_answers(),
        clocks_far_off(),
        stale_answers(),
        resets(),
        wrong_ids(),
        wrong_lengths(),
        heartbeats_that_contradict(),
        errors_of_every_kind(),
    ];
    let mut turn = 0;
    Box::new(move |line, answer| {
        turn += 1;
        let count = all.len();
        all[turn % count](line, answer)
    })
}
