//! The entry of a desk's chain that comes with a decision: whether it is what it says, without a
//! database.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use scrim_model::Decision;
use scrim_wire::protocol::{ChainHead, RECORD_WITHDRAWN_MAX, SentPart, SentRecord};

use crate::auth::{hex, sha256};
use crate::limits::{RECORD_HEADER_BYTES_MAX, RECORD_SALT_BYTES, WHOLE_NUMBER_MAX};

/// What a header must say; a desk writes more into it, which is hashed and kept.
#[derive(Deserialize)]
struct Header {
    seq: u64,
    entry_id: String,
    kind: String,
    prev_hash: String,
    #[serde(default)]
    parts: BTreeMap<String, String>,
}

/// What an entry says of the chain.
#[derive(Debug, PartialEq)]
pub(super) struct Checked {
    /// The head of the chain that ends with it.
    pub(super) head: ChainHead,
    /// Where earlier entries stand that say that something was taken back, in the record's order.
    pub(super) withdrawn: Vec<ChainHead>,
}

/// Reads and checks an entry.
///
/// # Errors
/// The field that does not fit the decision or the other fields.
pub(super) fn checked(record: &SentRecord, decision: &Decision) -> Result<Checked, String> {
    let header = header(&record.header).ok_or("header")?;
    let is_of_decision = ["decision", "salvaged"].contains(&header.kind.as_str())
        && header.entry_id == decision.decision_id.as_str();
    if !is_of_decision {
        return Err("header".to_owned());
    }
    for (at, part) in record.parts.iter().enumerate() {
        let is_once = record.parts[..at].iter().all(|p| p.name != part.name);
        let says = part_hash(part);
        if !is_once || says.is_none() || header.parts.get(&part.name) != says.as_ref() {
            return Err(format!("parts[{at}]"));
        }
    }
    if !says_the_same(&record.parts, decision) {
        return Err("parts".to_owned());
    }
    Ok(Checked {
        withdrawn: withdrawn(&record.withdrawn, header.seq)?,
        head: head(header.seq, &record.header),
    })
}

fn head(seq: u64, header: &str) -> ChainHead {
    ChainHead {
        entries: seq,
        hash: hex(&sha256(header.as_bytes())),
    }
}

/// Each stands after the one before it, and all of them before the decision.
fn withdrawn(headers: &[String], before: u64) -> Result<Vec<ChainHead>, String> {
    if headers.len() > RECORD_WITHDRAWN_MAX {
        return Err("withdrawn".to_owned());
    }
    let (mut after, mut heads) = (0, Vec::with_capacity(headers.len()));
    for (at, text) in headers.iter().enumerate() {
        let is_in_order = |header: &Header| after < header.seq && header.seq < before;
        let header = header(text)
            .filter(|header| header.kind == "withdrawn" && is_in_order(header))
            .ok_or_else(|| format!("withdrawn[{at}]"))?;
        after = header.seq;
        heads.push(head(header.seq, text));
    }
    Ok(heads)
}

fn header(text: &str) -> Option<Header> {
    let header: Header = (text.len() <= RECORD_HEADER_BYTES_MAX)
        .then(|| serde_json::from_str(text).ok())
        .flatten()?;
    let is_place = (1..=WHOLE_NUMBER_MAX).contains(&header.seq);
    (is_place && bytes(&header.prev_hash).is_some_and(|hash| hash.len() == 32)).then_some(header)
}

fn part_hash(part: &SentPart) -> Option<String> {
    let salt = bytes(&part.salt).filter(|salt| salt.len() == RECORD_SALT_BYTES)?;
    Some(hex(&sha256(&[&salt, part.body.as_bytes()].concat())))
}

/// Whether the parts, put together, are this decision: what was judged, and what was written. A part
/// that was erased cannot contradict.
fn says_the_same(parts: &[SentPart], decision: &Decision) -> bool {
    let named = |name: &str| {
        let part = parts.iter().find(|part| part.name == name)?;
        Some(serde_json::from_str::<Map<String, Value>>(&part.body).unwrap_or_default())
    };
    if let Some(mut words) = named("words") {
        let mut taken = |name: &str| words.remove(name).unwrap_or_else(|| json!(""));
        let reason = taken("reason");
        let escalates = decision.escalate.as_ref().map_or("", |e| e.reason.as_str());
        if reason != decision.reason.as_str() || taken("escalate_reason") != escalates {
            return false;
        }
    }
    let Some(mut whole) = named("judgement") else {
        return true;
    };
    whole.insert("reason".to_owned(), json!(decision.reason));
    whole.insert("media".to_owned(), json!(decision.media));
    if let Some(to) = &decision.escalate
        && let Some(Value::Object(escalate)) = whole.get_mut("escalate")
    {
        escalate.insert("reason".to_owned(), json!(to.reason));
    }
    serde_json::from_value(Value::Object(whole)).is_ok_and(|said: Decision| said == *decision)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}
