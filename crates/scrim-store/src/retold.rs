//! Rows of a damaged database as its chain tells them.
//!
//! A row that can be read may be missing, or, in a mended copy, older than it was. What became of a
//! decision is an entry of the chain, so the chain has the word.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use scrim_model::Timestamp;
use scrim_wire::window::SyncState;

use crate::chain::{EntryKind, Fact, Header, NewPart};
use crate::error::StoreError;
use crate::outbox::state_text;
use crate::record;

/// One row with the names of its columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row(Vec<(String, Value)>);

/// Columns of the outbox that no entry of the chain tells.
const BESIDE_THE_CHAIN: [&str; 3] = ["urgent", "sent_key", "sent_place"];
/// Those that say how the decision stood.
const STANDING: [&str; 11] = [
    "state",
    "settled_at_ms",
    "receipt",
    "awaiting_second",
    "by_role",
    "outcome",
    "code",
    "path",
    "told",
    "confirmed_at_ms",
    "noted",
];

impl Row {
    /// As it is read.
    pub(crate) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let names = row.as_ref().column_names().enumerate();
        let cells = names.map(|(n, name)| Ok((name.to_owned(), row.get(n)?)));
        cells.collect::<rusqlite::Result<_>>().map(Self)
    }

    fn set(&mut self, name: &str, value: Value) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value));
    }

    fn text(&mut self, name: &str, words: &str) {
        self.set(name, text(words));
    }

    pub(crate) fn number(&mut self, name: &str, number: i64) {
        self.set(name, Value::Integer(number));
    }

    fn parked(&mut self, code: &str, path: Option<&str>, at: Timestamp) {
        self.settled(SyncState::Parked, at);
        self.text("code", code);
        let path = path.map_or(Value::Null, text);
        self.set("path", path);
        self.set("noted", Value::Null);
    }

    fn settled(&mut self, state: SyncState, at: Timestamp) {
        self.text("state", state_text(state));
        self.number("settled_at_ms", at.0);
        self.set("code", Value::Null);
    }

    /// What an entry of the chain says of this row of the outbox.
    fn told(&mut self, at: Timestamp, fact: &Fact) {
        match fact {
            Fact::Withdrawn => self.settled(SyncState::Withdrawn, at),
            Fact::Accepted {
                receipt,
                awaiting_second,
            } => {
                self.settled(SyncState::Accepted, at);
                self.text("receipt", receipt);
                self.number("awaiting_second", (*awaiting_second).into());
            }
            Fact::Overtaken { by_role, outcome } => {
                self.settled(SyncState::Overtaken, at);
                self.text("by_role", by_role);
                self.text("outcome", outcome);
            }
            Fact::Parked { code, path } => self.parked(code, path.as_deref(), at),
            Fact::Noted { how } => self.text("noted", how.as_str()),
            Fact::ToldByPhone => self.number("told", 1),
            Fact::Confirmed | Fact::Settled => self.number("confirmed_at_ms", at.0),
            _ => {}
        }
    }

    /// Whether it waits to be sent.
    fn is_open(&self) -> bool {
        use SyncState::{Accepted, Overtaken, Parked, Withdrawn};
        let state = self.0.iter().find(|(name, _)| name == "state");
        let is = |settled| state.is_some_and(|(_, is)| *is == text(state_text(settled)));
        ![Accepted, Overtaken, Parked, Withdrawn].into_iter().any(is)
    }

    /// Takes the columns of `found` that are `kept` over.
    fn take(&mut self, found: Option<Self>, kept: impl Fn(&str) -> bool) {
        for (name, value) in found.map(|row| row.0).unwrap_or_default() {
            if kept(&name) {
                self.set(&name, value);
            }
        }
    }

    /// Adds it to `table`; one that is there already stays.
    pub(crate) fn write(&self, tx: &Connection, table: &str) -> Result<(), StoreError> {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        let places = vec!["?"; names.len()].join(", ");
        let sql = format!(
            "INSERT OR IGNORE INTO {table} ({}) VALUES ({places})",
            names.join(", ")
        );
        tx.prepare_cached(&sql)?
            .execute(params_from_iter(self.0.iter().map(|(_, value)| value)))?;
        Ok(())
    }
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

/// How a decision stands, from the chain, and from its row `found` what no entry tells. One that may
/// have been withdrawn by an entry that is lost is parked: a person looks at it before it is sent.
pub(crate) fn outbox_of(
    header: &Header,
    parts: &[NewPart],
    facts: &[(Timestamp, Fact)],
    is_cut: bool,
    found: Option<Row>,
) -> Option<Row> {
    let judgement = parts.iter().find(|part| part.name == record::JUDGEMENT)?;
    let judgement: serde_json::Value = serde_json::from_str(&judgement.body).ok()?;
    let escalates = judgement.get("escalate").is_some_and(|e| !e.is_null());
    let mut row = Row::default();
    row.text("decision_id", &header.entry_id);
    row.text("item_id", judgement.get("item_id")?.as_str()?);
    row.number("decided_at_ms", header.at.0);
    row.number("urgent", 0);
    row.number("escalates", escalates.into());
    row.text("state", state_text(SyncState::Waiting));
    // What became of it before an earlier rescue is told by the row of that time alone.
    let was_saved = header.kind == EntryKind::Salvaged;
    let is_known = found.is_some() || !was_saved;
    row.take(found, |name| {
        BESIDE_THE_CHAIN.contains(&name) || (was_saved && STANDING.contains(&name))
    });
    // It may have left: then it is no more taken back unseen.
    row.number("attempts", 1);
    if !is_known || (is_cut && row.is_open()) {
        row.parked("salvaged", None, header.at);
    }
    for (at, fact) in facts {
        row.told(*at, fact);
    }
    Some(row)
}

/// A request to undo a decision, from the chain alone.
pub(crate) fn revert_of(id: &str, facts: &[(Timestamp, Fact)]) -> Option<Row> {
    let mut row = Row::default();
    row.text("decision_id", id);
    row.text("key", &format!("none:{id}"));
    let mut is_asked = false;
    for (at, fact) in facts {
        let state = match fact {
            Fact::RevertAsked { key } => {
                row.text("key", key);
                row.set("noted", Value::Null);
                "waiting"
            }
            Fact::Reverted { .. } => "done",
            Fact::RevertRefused { code } => {
                row.text("code", code);
                "refused"
            }
            Fact::RevertMoot => "moot",
            Fact::RevertedElsewhere => "elsewhere",
            Fact::Noted { how } => {
                row.text("noted", how.as_str());
                continue;
            }
            _ => continue,
        };
        is_asked = true;
        row.text("state", state);
        row.number("at_ms", at.0);
    }
    is_asked.then_some(row)
}
