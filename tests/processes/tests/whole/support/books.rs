//! What a road has seen of claims: granted, used up by a decision, given back.

use std::collections::BTreeSet;

use serde_json::Value;

/// Ids of claims, as the server's answers say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Books {
    granted: BTreeSet<String>,
    used: BTreeSet<String>,
    returned: BTreeSet<String>,
}

impl Books {
    /// Takes note of a call that the server has answered.
    pub(super) fn keep(&mut self, request: &[u8], answer: &[u8]) {
        if !answer.starts_with(b"HTTP/1.1 200 ") || !request.starts_with(b"POST ") {
            return;
        }
        let target = request.split(|byte| *byte == b' ').nth(1).unwrap_or(b"");
        let (asked, answered) = (body(request), body(answer));
        match target {
            b"/v1/claims" => self.granted.extend(ids(&answered["claims"], "claim_id")),
            b"/v1/claims/release" => {
                let ids = asked["claim_ids"].as_array().into_iter().flatten();
                self.returned.extend(ids.map(text));
            }
            b"/v1/decisions" => {
                let results = answered["results"].as_array().into_iter().flatten();
                let sent = asked["decisions"].as_array().into_iter().flatten();
                for (decision, row) in sent.zip(results) {
                    let taken = ["accepted", "duplicate", "awaiting_second"];
                    if taken.contains(&row["result"].as_str().unwrap_or("")) {
                        self.used.insert(text(&decision["claim_id"]));
                    }
                }
            }
            _ => {}
        }
    }

    /// How many were granted.
    pub(crate) fn granted(&self) -> usize {
        self.granted.len()
    }

    /// How many were given back.
    pub(crate) fn returned(&self) -> usize {
        self.returned.len()
    }

    /// Neither used up nor given back.
    pub(crate) fn open(&self) -> usize {
        let ended = |id: &&String| self.used.contains(*id) || self.returned.contains(*id);
        self.granted.iter().filter(|id| !ended(id)).count()
    }
}

fn ids<'v>(rows: &'v Value, name: &'v str) -> impl Iterator<Item = String> + 'v {
    let rows = rows.as_array().into_iter().flatten();
    rows.map(move |row| text(&row[name]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// How many decisions a call brings.
pub(super) fn decisions_in(request: &[u8]) -> usize {
    body(request)["decisions"].as_array().map_or(0, Vec::len)
}

fn body(message: &[u8]) -> Value {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    let body = end.map_or(&b""[..], |at| &message[at + 4..]);
    serde_json::from_slice(body).unwrap_or(Value::Null)
}
