//! What goes with a decision so that a server can check the chain of records it is part of.

use serde::{Deserialize, Serialize};

use scrim_model::DecisionId;

use super::ChainHead;

/// A decision's entry in the desk's chain: its header and the parts that a server may hold, as they
/// are written on the desk, byte for byte. The view log is no such part: its hash alone is sent, in
/// the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRecord {
    /// The decision of the same call that it is about.
    pub decision_id: DecisionId,
    /// The header's JSON; its SHA-256 is the entry's hash.
    pub header: String,
    /// Parts that are not erased.
    #[serde(default)]
    pub parts: Vec<SentPart>,
    /// Headers of the entries between the last decision that left and this one that say that
    /// something was taken back before it left; oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
}

/// Most headers in [`SentRecord::withdrawn`]; of more the newest go, and the head of the chain vouches
/// for the others.
pub const RECORD_WITHDRAWN_MAX: usize = 50;

/// The code with which a decision is refused whose entry does not fit.
pub const RECORD_BROKEN: &str = "record_broken";

/// A part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPart {
    /// Its name in the header.
    pub name: String,
    /// 32 bytes in hexadecimal. SHA-256 of the salt and the body is what the header says.
    pub salt: String,
    /// Its JSON.
    pub body: String,
}

/// What a desk tells of its chain with a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainTold {
    /// How far the chain goes on the disk.
    pub head: Option<ChainHead>,
    /// The entries of the call's decisions.
    pub records: Vec<SentRecord>,
}
