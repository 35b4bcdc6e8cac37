//! The entry's place in the desk's chain, in a form that a stranger can check: `docs/verify_chain.py` does.

use serde_json::{Value, json};

use super::DRAFT;
use crate::hashed::sha256;

/// One entry of the chain as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEntry {
    /// Its place, from 1.
    pub seq: u64,
    /// The hash that is stored with it.
    pub hash: String,
    /// Its header; the hash is the SHA-256 of this text.
    pub header: String,
}

/// A stretch of the chain with the decision's entry in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainProof {
    /// Place of the decision's entry.
    pub entry: u64,
    /// The stretch, in order and without a gap.
    pub stretch: Vec<ChainEntry>,
    /// Entries of the whole chain.
    pub entries: u64,
    /// Hash of the last one.
    pub head: String,
}

const HOW: &str = "Each line of DRAFT-chain.txt is the hash of an entry, two blanks, and the entry's header. The hash is the SHA-256 of the header's text. The header names the hash of the entry before it and, for each part of the record, the SHA-256 of a salt and the part. Salts and parts stay at the desk; `scrim verify` walks the whole chain there.";

pub(super) fn summary(proof: &ChainProof) -> Value {
    let own = proof.stretch.iter().find(|entry| entry.seq == proof.entry);
    let header = own.map(|entry| entry.header.as_str());
    json!({
        "draft": DRAFT,
        "entry": proof.entry,
        "header": header,
        "hash": header.map(|header| sha256(header.as_bytes())),
        "first": proof.stretch.first().map(|entry| entry.seq),
        "last": proof.stretch.last().map(|entry| entry.seq),
        "chain_entries": proof.entries,
        "chain_head": proof.head,
        "how": HOW,
    })
}

pub(super) fn lines(proof: &ChainProof) -> String {
    let mut text = format!("# {DRAFT}\n");
    for entry in &proof.stretch {
        text.push_str(&format!("{}  {}\n", entry.hash, entry.header));
    }
    text
}

/// The hashes of the files before it, whose record it is, and its own.
pub(super) fn manifest(entry: u64, files: &[(String, Vec<u8>)]) -> String {
    let mut text = format!("# {DRAFT}\n# entry {entry}\n");
    for (name, bytes) in files {
        text.push_str(&format!("{}  {name}\n", sha256(bytes)));
    }
    let own = sha256(text.as_bytes());
    text.push_str(&format!("# sha256 of the lines above: {own}\n"));
    text
}
