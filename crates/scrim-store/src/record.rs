//! A decision as parts: what was judged, what was written, what was viewed. Each can be erased by
//! itself, because the law may give each another time to live.

use rusqlite::{Connection, OptionalExtension, params};
use scrim_model::Decision;
use scrim_model::retention::RecordPart;
use scrim_model::view::ViewInterval;
use serde_json::{Map, Value, json};

use crate::chain::{NewPart, Salt, canonical};
use crate::error::StoreError;

/// Ids, policies, actions, severity, times.
pub const JUDGEMENT: &str = RecordPart::Judgement.as_str();
/// What the moderator wrote.
pub const WORDS: &str = RecordPart::Words.as_str();
/// Totals per medium, and the view log's intervals.
pub const VIEWING: &str = RecordPart::Viewing.as_str();

/// The parts of `decision`, salted.
pub(crate) fn split(
    decision: &Decision,
    intervals: &[ViewInterval],
    salts: &mut dyn FnMut() -> Salt,
) -> Result<Vec<NewPart>, StoreError> {
    let [judgement, words, viewing] = bodies(decision, intervals)?;
    let mut part = |name, body| NewPart {
        name,
        salt: salts(),
        body,
    };
    Ok(vec![
        part(JUDGEMENT, judgement),
        part(WORDS, words),
        part(VIEWING, viewing),
    ])
}

/// The three parts' canonical JSON.
pub(crate) fn bodies(
    decision: &Decision,
    intervals: &[ViewInterval],
) -> Result<[String; 3], StoreError> {
    let Ok(Value::Object(mut judgement)) = serde_json::to_value(decision) else {
        return Err(StoreError::Unreadable);
    };
    let mut words = Map::new();
    words.insert(
        "reason".into(),
        judgement.remove("reason").unwrap_or_default(),
    );
    if let Some(Value::Object(escalate)) = judgement.get_mut("escalate") {
        let reason = escalate.remove("reason").unwrap_or_default();
        words.insert("escalate_reason".into(), reason);
    }
    let media = judgement.remove("media").unwrap_or_default();
    let viewing = json!({ "media": media, "intervals": intervals });
    Ok([
        canonical(&Value::Object(judgement))?,
        canonical(&Value::Object(words))?,
        canonical(&viewing)?,
    ])
}

/// The stored body of one part; `None` if it was erased.
pub(crate) fn body(conn: &Connection, seq: i64, name: &str) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT body FROM parts WHERE seq = ? AND name = ?")?
        .query_row(params![seq, name], |row| row.get(0))
        .optional()?)
}

/// The decision of entry `seq`, put together again. Erased words and view totals come back empty;
/// `None` if the judgement itself was erased.
pub(crate) fn decision(conn: &Connection, seq: i64) -> Result<Option<Decision>, StoreError> {
    let Some(judgement) = body(conn, seq, JUDGEMENT)? else {
        return Ok(None);
    };
    let read = |text: String| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable);
    let mut whole: Map<String, Value> = read(judgement)?;
    if let Some(words) = body(conn, seq, WORDS)? {
        let mut words: Map<String, Value> = read(words)?;
        whole.insert("reason".into(), words.remove("reason").unwrap_or_default());
        if let Some(Value::Object(escalate)) = whole.get_mut("escalate") {
            let reason = words.remove("escalate_reason").unwrap_or_default();
            escalate.insert("reason".into(), reason);
        }
    }
    if let Some(viewing) = body(conn, seq, VIEWING)? {
        let mut viewing: Map<String, Value> = read(viewing)?;
        whole.insert("media".into(), viewing.remove("media").unwrap_or_default());
    }
    serde_json::from_value(Value::Object(whole))
        .map(Some)
        .map_err(|_| StoreError::Unreadable)
}
