//! Drafts of what is handed to an authority about one decision: a folder of files, each marked DRAFT.
//!
//! Scrim sends nothing, and no medium, no note and no time of the moderator is in a pack. What the record does not say
//! stands as a remark in its place: whoever reports fills it in. `fileViewedByEsp` comes from the view log and from
//! nowhere else.

mod keeping;
mod proof;
mod xml;

use std::path::Path;

use scrim_model::retention::RecordPart;
use scrim_model::view::{FileViewed, MediumView, ViewState};
use scrim_model::{Decision, Timestamp};
use serde_json::{Value, json};

pub use self::keeping::Keeping;
pub use self::proof::{ChainEntry, ChainProof};
use crate::atomic::write_folder;
use crate::error::ReportError;

/// What stands in every file of a pack.
pub const DRAFT: &str = "DRAFT - made by Scrim from one desk's records, sent to nobody; to be completed and checked by whoever reports";

/// Everything that a pack is made of.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// Its place in the chain.
    pub chain: ChainProof,
    /// First instant of the day on which it was reported, if that was said and is not kept with it.
    pub reported_on: Option<Timestamp>,
    /// What keeps it.
    pub keeping: Keeping,
}

/// Names and contents of the pack's files, in order; the last one lists the hashes of the others.
#[must_use]
pub fn files(evidence: &Evidence<'_>) -> Vec<(String, Vec<u8>)> {
    let text = |value: Value| format!("{value:#}\n").into_bytes();
    let decision = evidence.decision;
    let json = |name: &str, value| (format!("DRAFT-{name}.json"), text(value));
    let mut files = vec![
        json("record", record(evidence)),
        json("hashes", of_media(evidence, hashes)),
        json("viewing", of_media(evidence, viewing)),
        json("chain", proof::summary(&evidence.chain)),
        (
            "DRAFT-chain.txt".to_owned(),
            proof::lines(&evidence.chain).into_bytes(),
        ),
        json("retention", keeping::file(evidence)),
        json("uk", uk(evidence)),
        (
            "DRAFT-cybertipline-report.xml".to_owned(),
            xml::report(decision).into_bytes(),
        ),
    ];
    for medium in &decision.media {
        let name = format!("DRAFT-cybertipline-file-{}.xml", medium.n);
        files.push((name, xml::file(decision, medium).into_bytes()));
    }
    let manifest = proof::manifest(evidence.chain.entry, &files);
    files.push(("DRAFT-manifest.sha256".to_owned(), manifest.into_bytes()));
    files
}

/// Writes a pack's files into a new folder, which is whole or not there. `first` is called when all of it is on the disk and
/// before it has its name; if that fails, there is no pack.
///
/// # Errors
/// [`ReportError::AlreadyThere`], [`ReportError::NotWritten`], and what `first` said.
pub fn write_evidence(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    first: impl FnOnce() -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    write_folder(folder, files, first)
}

/// What was found and what was done. Without the note, the time that it took, and what the desk keeps for itself.
fn record(evidence: &Evidence<'_>) -> Value {
    let decision = evidence.decision;
    json!({
        "draft": DRAFT,
        "decision_id": decision.decision_id,
        "item_id": decision.item_id,
        "item_version": decision.item_version,
        "item_kind": decision.item_kind,
        "queue_id": decision.queue_id,
        "policy_version": decision.policy_version,
        "policy_ids": decision.policy_ids,
        "severity": decision.severity,
        "unsure": decision.unsure,
        "actions": decision.actions,
        "escalate_to": decision.escalate.as_ref().map(|e| e.to.as_str()),
        "escalate_priority": decision.escalate.as_ref().map(|e| e.priority),
        "decided_on": decision.decided_at.utc_day(),
        "supersedes": decision.supersedes,
        "propagated_from": decision.propagated_from,
        "media_count": (!evidence.keeping.is_erased(RecordPart::Viewing)).then_some(decision.media.len()),
        "keeping": keeping::row(&evidence.keeping),
    })
}

/// What stands in the place of what was erased: nobody is to read that there was nothing.
const ERASED: &str = "not known: erased at this desk";

/// A file about each medium.
fn of_media(evidence: &Evidence<'_>, one: impl Fn(&MediumView) -> Value) -> Value {
    json!({ "draft": DRAFT, "media": each(evidence, one) })
}

fn each(evidence: &Evidence<'_>, one: impl Fn(&MediumView) -> Value) -> Value {
    match evidence.keeping.is_erased(RecordPart::Viewing) {
        true => ERASED.into(),
        false => evidence.decision.media.iter().map(one).collect(),
    }
}

fn hashes(medium: &MediumView) -> Value {
    let found = medium.hashes.as_ref();
    json!({
        "n": medium.n,
        "sha256_as_given": medium.sha256,
        "sha256": found.map(|h| &h.sha256),
        "md5": found.map(|h| &h.md5),
        "sha1": found.map(|h| &h.sha1),
        "pdq": found.and_then(|h| h.picture).map(|p| p.pdq.to_string()),
        "pdq_quality": found.and_then(|h| h.picture).map(|p| p.quality),
    })
}

/// Whether a medium was viewed, as the view log says; not for how long.
fn viewing(medium: &MediumView) -> Value {
    json!({
        "n": medium.n,
        "view_state": match medium.state {
            ViewState::None => "none",
            ViewState::Covered => "covered",
            ViewState::Partial => "partial",
            ViewState::Full => "full",
            ViewState::Unknown => "unknown",
        },
        "file_viewed": match medium.file_viewed {
            FileViewed::Yes => "yes",
            FileViewed::No => "no",
            FileViewed::Unknown => "unknown",
        },
        "exif_viewed": "not shown by Scrim",
    })
}

fn uk(evidence: &Evidence<'_>) -> Value {
    let decision = evidence.decision;
    let priority = decision.escalate.as_ref().map(|e| e.priority);
    json!({
        "draft": DRAFT,
        "priority": priority.map_or_else(|| "not known: it was not passed on".into(), Value::from),
        "reference": decision.decision_id,
        "reference_retain_until": keeping::until_of(evidence, "uk-reference"),
        "content_retain_until": keeping::until_of(evidence, "uk-content"),
        "files": each(evidence, hashes),
        "viewed": each(evidence, viewing),
        "to_be_completed": ["reporting person", "time and place of the incident", "suspect's account", "category of the content"],
    })
}
