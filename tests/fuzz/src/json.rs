//! Changes of JSON that stays JSON, so that more than the parser is tried.

use scrim_faults::Seeded;
use serde_json::{Map, Number, Value};

use crate::mutate::changed;

/// Texts that once troubled somebody: what is hidden, turned round, long, or looks like a number.
const TEXTS: &[&str] = &[
    "",
    "0",
    "-1",
    "1e999",
    "null",
    "a",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}abc\u{202c}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{1f468}\u{200d}\u{1f469}",
    "e\u{301}",
    "\u{fb01}\u{131}\u{df}\u{130}",
    "2026-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "-0001-01-01T00:00:00Z",
    "0000-00-00T24:60:61Z",
    "01926b3c-7e00-7000-8000-000000000001",
    "../../etc",
    "a/b?c#d%00",
    "https://queue.example/v1",
    "allow",
    "remove",
    "escalate",
    "\r\n",
    "=1+1",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "4",
    "5",
    "20",
    "21",
    "255",
    "256",
    "65536",
    "4294967295",
    "4294967296",
    "9007199254740991",
    "9007199254740992",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1.5",
    "-0.0",
    "1e308",
    "5e-324",
    "253402300799999",
];

/// `body` with one change in its tree; bytes are changed if it is no JSON.
pub(crate) fn mutated(body: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let Ok(mut tree) = serde_json::from_slice::<Value>(body) else {
        return changed(body, other, rng);
    };
    let donor = serde_json::from_slice::<Value>(other).unwrap_or(Value::Null);
    let mut at = rng.index(count(&tree));
    let part = nth(&mut tree, &mut at);
    if let Some(part) = part {
        change(part, &donor, rng);
    }
    serde_json::to_vec(&tree).unwrap_or_default()
}

/// Values in a tree, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(rows) => rows.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

fn nth<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Array(rows) => rows.iter_mut().find_map(|row| nth(row, at)),
        Value::Object(fields) => fields.values_mut().find_map(|field| nth(field, at)),
        _ => None,
    }
}

fn change(part: &mut Value, donor: &Value, rng: &mut Seeded) {
    match (rng.below(8), &mut *part) {
        (0..=3, Value::Object(fields)) => change_fields(fields, donor, rng),
        (0..=3, Value::Array(rows)) => change_rows(rows, donor, rng),
        (0..=2, Value::String(text)) => change_text(text, rng),
        (0..=2, Value::Number(number)) => {
            if let Some(near) = number.as_i64() {
                *number = near.wrapping_add(rng.below(5) as i64 - 2).into();
            }
        }
        (3, _) => *part = picked(donor, rng),
        _ => *part = fresh(rng),
    }
}

fn fresh(rng: &mut Seeded) -> Value {
    match rng.below(8) {
        0 => Value::Null,
        1 => Value::Bool(rng.one_in(2)),
        2..=3 => NUMBERS[rng.index(NUMBERS.len())]
            .parse::<Number>()
            .map_or(Value::Null, Value::Number),
        4 => Value::Array(Vec::new()),
        5 => Value::Object(Map::new()),
        _ => Value::String(TEXTS[rng.index(TEXTS.len())].to_owned()),
    }
}

/// Some part of `donor`.
fn picked(donor: &Value, rng: &mut Seeded) -> Value {
    let mut copy = donor.clone();
    let mut at = rng.index(count(donor));
    nth(&mut copy, &mut at).cloned().unwrap_or(Value::Null)
}

fn change_fields(fields: &mut Map<String, Value>, donor: &Value, rng: &mut Seeded) {
    let names: Vec<String> = fields.keys().cloned().collect();
    let name = names.get(rng.index(names.len().max(1))).cloned();
    match (rng.below(4), name) {
        (0, Some(name)) => drop(fields.remove(&name)),
        (1, Some(name)) => {
            if let Some(value) = fields.remove(&name) {
                let other = &names[rng.index(names.len())];
                fields.insert(other.clone(), value);
            }
        }
        (2, Some(name)) => drop(fields.insert(name, picked(donor, rng))),
        _ => {
            let Value::Object(others) = donor else {
                fields.insert(TEXTS[rng.index(TEXTS.len())].to_owned(), fresh(rng));
                return;
            };
            if let Some((name, value)) = others.iter().nth(rng.index(others.len().max(1))) {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}

fn change_rows(rows: &mut Vec<Value>, donor: &Value, rng: &mut Seeded) {
    let at = rng.index(rows.len().max(1));
    match rng.below(5) {
        0 if !rows.is_empty() => drop(rows.remove(at)),
        1 if !rows.is_empty() => rows.insert(at, rows[at].clone()),
        2 if !rows.is_empty() => {
            let times = 1 << rng.below(9);
            rows.resize(rows.len() + times, rows[at].clone());
        }
        3 => rows.push(picked(donor, rng)),
        _ => rows.push(fresh(rng)),
    }
}

fn change_text(text: &mut String, rng: &mut Seeded) {
    let marks: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let at = marks[rng.index(marks.len())];
    match rng.below(4) {
        0 => text.truncate(at),
        1 => text.insert_str(at, TEXTS[rng.index(TEXTS.len())]),
        2 => {
            let long = TEXTS[rng.index(TEXTS.len())].repeat(1 << rng.below(10));
            text.insert_str(at, &long);
        }
        _ => *text = TEXTS[rng.index(TEXTS.len())].to_owned(),
    }
}
