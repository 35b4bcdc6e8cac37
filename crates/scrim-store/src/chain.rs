//! The journal's chain: headers, salted part hashes, and the one way to append an entry.
//!
//! An entry's hash is the SHA-256 of its header's canonical JSON (RFC 8785). The header holds the
//! hash of the entry before it and, for each part, SHA-256(32-byte salt ‖ the part's canonical
//! JSON). So a part can be erased without breaking the chain, and nothing about it can be guessed
//! from the header once its salt is gone.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use scrim_model::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::limits::WHOLE_NUMBER_MAX;

/// 32 random bytes that keep an erased part from being guessed.
pub type Salt = [u8; SALT_BYTES];

/// Length of a salt.
pub(crate) const SALT_BYTES: usize = 32;

/// `prev_hash` of the first entry.
pub const NO_ENTRY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Version of the header's shape.
pub(crate) const HEADER_VERSION: u32 = 1;

/// What an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A decision was made.
    Decision,
    /// A decision was taken back before it was sent.
    Withdrawn,
    /// The server took a decision.
    Receipt,
    /// The server did not take a decision as made.
    Conflict,
    /// The duty contact was told of an urgent escalation by phone.
    Told,
    /// The server has shown that an escalation is escalated.
    Confirmed,
    /// Somebody dealt with an escalation before the server was seen to show it.
    Settled,
    /// A part of an earlier entry was erased.
    Erasure,
    /// A decision that was sent is to be undone, or what became of that.
    Revert,
    /// The moderator has dealt with a conflict.
    Noted,
    /// The server saw records of this desk that are not here.
    Tail,
    /// A decision that was read from a damaged database.
    Salvaged,
    /// Parts of a record, or of all records, are to be kept.
    Hold,
    /// A hold has ended.
    Lifted,
    /// A decision was reported to an authority.
    Reported,
}

impl EntryKind {
    /// As stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Withdrawn => "withdrawn",
            Self::Receipt => "receipt",
            Self::Conflict => "conflict",
            Self::Told => "told",
            Self::Confirmed => "confirmed",
            Self::Settled => "settled",
            Self::Erasure => "erasure",
            Self::Revert => "revert",
            Self::Noted => "noted",
            Self::Tail => "tail",
            Self::Salvaged => "salvaged",
            Self::Hold => "hold",
            Self::Lifted => "lifted",
            Self::Reported => "reported",
        }
    }
}

/// What was done about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noted {
    /// It was read.
    Seen,
    /// It was told to the lead.
    Lead,
    /// The item was decided anew.
    Replaced,
}

impl Noted {
    /// As stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Lead => "lead",
            Self::Replaced => "replaced",
        }
    }
}

/// What an entry that points to another one says about it. Holds nothing that could have to be
/// erased, so it stands in the header itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum Fact {
    Withdrawn,
    Accepted {
        receipt: String,
        awaiting_second: bool,
    },
    Overtaken {
        by_role: String,
        outcome: String,
    },
    Parked {
        code: String,
        path: Option<String>,
    },
    ToldByPhone,
    Confirmed,
    Settled,
    Erased {
        part: String,
    },
    RevertAsked {
        key: String,
    },
    Reverted {
        receipt: String,
    },
    RevertRefused {
        code: String,
    },
    RevertMoot,
    RevertedElsewhere,
    Noted {
        how: Noted,
    },
    TailFound {
        here: u64,
        server: u64,
        server_hash: String,
        is_fork: bool,
    },
    /// The server knows less than it has confirmed.
    ServerPutBack {
        server: u64,
        server_hash: String,
        confirmed: u64,
    },
    /// Its place and hash in the chain of the damaged database.
    Salvaged {
        seq: i64,
        hash: String,
    },
    /// Why is a part of the entry: somebody wrote it.
    HoldSet {
        start: Timestamp,
        /// Part → first instant at which it is not held any more.
        until: BTreeMap<String, Option<Timestamp>>,
        /// Set by a salvage, because one that was there may be lost.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_doubt: bool,
    },
    /// Why is a part here as well.
    HoldLifted {
        hold: String,
    },
    Reported {
        to: String,
        on: Timestamp,
        reference: Option<String>,
    },
}

/// What is hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) schema_version: u32,
    pub(crate) seq: i64,
    pub(crate) entry_id: String,
    pub(crate) kind: EntryKind,
    /// The entry that this one is about; `None` for a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    pub(crate) at: Timestamp,
    pub(crate) prev_hash: String,
    /// Part name → hex SHA-256(salt ‖ part).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parts: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fact: Option<Fact>,
}

/// A part on its way into the journal.
pub(crate) struct NewPart {
    pub(crate) name: &'static str,
    pub(crate) salt: Salt,
    pub(crate) body: String,
}

/// An entry on its way into the journal.
pub(crate) struct NewEntry {
    pub(crate) kind: EntryKind,
    /// `None` makes one of subject, kind and place.
    pub(crate) entry_id: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) at: Timestamp,
    pub(crate) parts: Vec<NewPart>,
    pub(crate) fact: Option<Fact>,
}

/// RFC 8785 JSON of `value`; whole numbers of 2^53 or more are refused, because RFC 8785 would
/// round them and the record would no longer say what was decided.
pub(crate) fn canonical(value: &serde_json::Value) -> Result<String, StoreError> {
    fn fits(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Number(n) => n
                .as_u64()
                .or_else(|| n.as_i64().map(i64::unsigned_abs))
                .is_some_and(|n| n <= WHOLE_NUMBER_MAX),
            serde_json::Value::Array(values) => values.iter().all(fits),
            serde_json::Value::Object(fields) => fields.values().all(fits),
            _ => true,
        }
    }
    if !fits(value) {
        return Err(StoreError::NumberTooLarge);
    }
    serde_json_canonicalizer::to_string(value).map_err(|_| StoreError::Unreadable)
}

/// Hex SHA-256 of a part with its salt.
pub(crate) fn part_hash(salt: &[u8], body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(body);
    hex(&hash.finalize())
}

/// Hex SHA-256 of a header's canonical JSON.
pub(crate) fn header_hash(header: &[u8]) -> String {
    hex(&Sha256::digest(header))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

/// Appends one entry inside the caller's transaction and returns its place.
pub(crate) fn append(tx: &Connection, new: NewEntry) -> Result<i64, StoreError> {
    let last: Option<(i64, String)> = tx
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, prev_hash) = last.map_or((1, NO_ENTRY.to_owned()), |(seq, hash)| (seq + 1, hash));
    let entry_id = new.entry_id.unwrap_or_else(|| {
        let subject = new.subject.as_deref().unwrap_or_default();
        format!("{subject}/{}/{seq}", new.kind.as_str())
    });
    let header = Header {
        schema_version: HEADER_VERSION,
        seq,
        entry_id,
        kind: new.kind,
        subject: new.subject,
        at: new.at,
        prev_hash,
        parts: new
            .parts
            .iter()
            .map(|p| (p.name.to_owned(), part_hash(&p.salt, p.body.as_bytes())))
            .collect(),
        fact: new.fact,
    };
    let value = serde_json::to_value(&header).map_err(|_| StoreError::Unreadable)?;
    let text = canonical(&value)?;
    tx.prepare_cached(
        "INSERT INTO journal (seq, entry_id, kind, subject, header, hash) VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        seq,
        header.entry_id,
        header.kind.as_str(),
        header.subject,
        text,
        header_hash(text.as_bytes())
    ])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO parts (seq, name, salt, body) VALUES (?, ?, ?, ?)")?;
    for part in &new.parts {
        insert.execute(params![seq, part.name, part.salt, part.body])?;
    }
    Ok(seq)
}
