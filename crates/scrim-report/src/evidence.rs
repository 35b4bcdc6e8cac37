//! Drafts of what is handed to an authority about one decision: a folder of files, each marked DRAFT.
//!
//! Scrim sends nothing, and no medium, no note and no time of the moderator is in a pack. What the record does not say
//! stands as a remark in its place: whoever reports fills it in. `fileViewedByEsp` comes from the view log and from
//! nowhere else.

use std::path::Path;

use scrim_model::view::{FileViewed, MediumView, ViewState};
use scrim_model::{Decision, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::atomic::write_folder;
use crate::error::ReportError;
use crate::html::escaped;

/// What stands in every file of a pack.
pub const DRAFT: &str = "DRAFT - made by Scrim from one desk's records, sent to nobody; to be completed and checked by whoever reports";

/// Years for which a report's reference and the content's basis are kept in the UK, and the contents of a report in the
/// US (18 U.S.C. 2258A(h), as amended in 2024).
const UK_REFERENCE_YEARS: u32 = 5;
const UK_CONTENT_YEARS: u32 = 1;
const US_CONTENT_YEARS: u32 = 1;

/// The entry of the decision in the desk's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainProof {
    /// The entry's header as it is stored; its SHA-256 is the entry's hash.
    pub header: String,
    /// Entries of the chain.
    pub entries: u64,
    /// Hash of the last one.
    pub head: String,
}

/// Everything that a pack is made of.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// Its place in the chain, if the store has it.
    pub chain: Option<ChainProof>,
    /// First instant of the day on which it was reported, if it was.
    pub reported_on: Option<Timestamp>,
}

/// Names and contents of the pack's files, in order; the last one lists the hashes of the others.
#[must_use]
pub fn files(evidence: &Evidence<'_>) -> Vec<(String, Vec<u8>)> {
    let text = |value: Value| format!("{value:#}\n").into_bytes();
    let decision = evidence.decision;
    let mut files = vec![
        ("DRAFT-record.json".to_owned(), text(record(decision))),
        (
            "DRAFT-hashes.json".to_owned(),
            text(hashes(&decision.media)),
        ),
        (
            "DRAFT-viewing.json".to_owned(),
            text(viewing(&decision.media)),
        ),
        (
            "DRAFT-chain.json".to_owned(),
            text(chain(evidence.chain.as_ref())),
        ),
        (
            "DRAFT-retention.json".to_owned(),
            text(retention(evidence.reported_on)),
        ),
        (
            "DRAFT-uk.json".to_owned(),
            text(uk(decision, evidence.reported_on)),
        ),
        (
            "DRAFT-cybertipline-report.xml".to_owned(),
            report_xml(decision).into_bytes(),
        ),
    ];
    for medium in &decision.media {
        let name = format!("DRAFT-cybertipline-file-{}.xml", medium.n);
        files.push((name, file_xml(decision, medium).into_bytes()));
    }
    let mut manifest = format!("# {DRAFT}\n");
    for (name, bytes) in &files {
        manifest.push_str(&format!("{}  {name}\n", hex(&Sha256::digest(bytes))));
    }
    files.push(("DRAFT-manifest.sha256".to_owned(), manifest.into_bytes()));
    files
}

/// Writes the pack into a new folder, which is whole or not there.
///
/// # Errors
/// [`ReportError::AlreadyThere`], [`ReportError::NotWritten`].
pub fn write_evidence(folder: &Path, evidence: &Evidence<'_>) -> Result<(), ReportError> {
    write_folder(folder, &files(evidence))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was found and what was done. Without the note, the time that it took, and what the desk keeps for itself.
fn record(decision: &Decision) -> Value {
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
        "media_count": decision.media.len(),
    })
}

fn hashes(media: &[MediumView]) -> Value {
    let of = |medium: &MediumView| {
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
    };
    json!({ "draft": DRAFT, "media": media.iter().map(of).collect::<Vec<_>>() })
}

/// Whether each medium was viewed, as the view log says; not for how long.
fn viewing(media: &[MediumView]) -> Value {
    let of = |medium: &MediumView| {
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
    };
    json!({ "draft": DRAFT, "media": media.iter().map(of).collect::<Vec<_>>() })
}

fn chain(proof: Option<&ChainProof>) -> Value {
    let Some(proof) = proof else {
        return json!({ "draft": DRAFT, "chain": "not known: the store has no entry of this decision" });
    };
    json!({
        "draft": DRAFT,
        "header": proof.header,
        "hash": hex(&Sha256::digest(proof.header.as_bytes())),
        "chain_entries": proof.entries,
        "chain_head": proof.head,
        "how": "The hash is the SHA-256 of the header's text. The header names the hash of the entry before it and, for each part of the record, the SHA-256 of a salt and the part. Salts and parts stay at the desk; `scrim verify` walks the whole chain.",
    })
}

/// The same day so many years later; of 29 February the 1 March.
fn years_later(day: &str, years: u32) -> Option<String> {
    let (year, rest) = (day.get(..4)?.parse::<u32>().ok()?, day.get(4..)?);
    let later = format!("{:04}{rest}", year + years);
    let is_day = Timestamp::parse(&format!("{later}T00:00:00Z")).is_ok();
    Some(if is_day {
        later
    } else {
        format!("{:04}-03-01", year + years)
    })
}

fn until(reported_on: Option<Timestamp>, years: u32) -> Value {
    let day = reported_on.and_then(|at| years_later(&at.utc_day(), years));
    day.map_or_else(
        || "not known: not reported, as far as was said".into(),
        Value::from,
    )
}

fn retention(reported_on: Option<Timestamp>) -> Value {
    json!({
        "draft": DRAFT,
        "reported_on": reported_on.map(Timestamp::utc_day),
        "clocks": [
            { "what": "US: contents of the report", "years": US_CONTENT_YEARS, "retain_until": until(reported_on, US_CONTENT_YEARS) },
            { "what": "UK: reference of the report", "years": UK_REFERENCE_YEARS, "retain_until": until(reported_on, UK_REFERENCE_YEARS) },
            { "what": "UK: content that it rests on", "years": UK_CONTENT_YEARS, "retain_until": until(reported_on, UK_CONTENT_YEARS) },
        ],
    })
}

fn uk(decision: &Decision, reported_on: Option<Timestamp>) -> Value {
    let priority = decision.escalate.as_ref().map(|e| e.priority);
    json!({
        "draft": DRAFT,
        "priority": priority.map_or_else(|| "not known: it was not passed on".into(), Value::from),
        "reference": decision.decision_id,
        "reference_retain_until": until(reported_on, UK_REFERENCE_YEARS),
        "content_retain_until": until(reported_on, UK_CONTENT_YEARS),
        "files": hashes(&decision.media)["media"],
        "viewed": viewing(&decision.media)["media"],
        "to_be_completed": ["reporting person", "time and place of the incident", "suspect's account", "category of the content"],
    })
}

const XML_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const XML_ROOT: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"https://report.cybertip.org/ispws/xsd\"";

fn element(name: &str, text: &str) -> String {
    format!("  <{name}>{}</{name}>\n", escaped(text))
}

/// The report itself: what the record holds is its reference only.
fn report_xml(decision: &Decision) -> String {
    format!(
        "{XML_HEAD}<!-- {DRAFT} -->\n<report {XML_ROOT}>\n  <!-- incidentSummary: type, date and time of the incident -->\n  \
         <!-- internetDetails: where it was found -->\n  <!-- reporter: reporting and contact person -->\n  \
         <!-- personOrUserReported: the account -->\n{}</report>\n",
        element(
            "additionalInfo",
            &format!("{DRAFT}. Reference: {}", decision.decision_id)
        )
    )
}

/// One file, in the order of the published schema.
fn file_xml(decision: &Decision, medium: &MediumView) -> String {
    let is_reported = decision.media.len() == 1 || !medium.policy_ids.is_empty();
    let mut out = format!(
        "{XML_HEAD}<!-- {DRAFT} -->\n<fileDetails {XML_ROOT}>\n  <!-- reportId, fileId: given by the CyberTipline -->\n"
    );
    out.push_str(&viewed(medium.file_viewed, None));
    out.push_str("  <!-- publiclyAvailable: not known to Scrim -->\n");
    let relevance = if is_reported {
        "Reported"
    } else {
        "Supplemental Reported"
    };
    out.push_str(&element("fileRelevance", relevance));
    if is_reported {
        out.push_str(
            "  <!-- fileAnnotations, industryClassification: to be chosen by whoever reports -->\n",
        );
    }
    if let Some(found) = &medium.hashes {
        for (kind, hash) in [
            ("MD5", &found.md5),
            ("SHA1", &found.sha1),
            ("SHA256", &found.sha256),
        ] {
            out.push_str(&format!(
                "  <originalFileHash hashType=\"{kind}\">{}</originalFileHash>\n",
                escaped(hash)
            ));
        }
    }
    let reference = format!(
        "{DRAFT}. Reference: {}, medium {}",
        decision.decision_id, medium.n
    );
    out.push_str(&element("additionalInfo", &reference));
    out.push_str("</fileDetails>\n");
    out
}

/// What was viewed. Whoever viewed the Exif viewed the file; what is not known has no element.
fn viewed(file: FileViewed, exif: Option<bool>) -> String {
    let file = match (file, exif) {
        (FileViewed::Yes, _) | (_, Some(true)) => Some(true),
        (FileViewed::No, _) => Some(false),
        (FileViewed::Unknown, _) => None,
    };
    let say = |name: &str, value: Option<bool>| match value {
        Some(value) => element(name, &value.to_string()),
        None => format!("  <!-- {name}: not known -->\n"),
    };
    say("fileViewedByEsp", file) + &say("exifViewedByEsp", exif)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exif_viewed_implies_file_viewed() {
        for file in [FileViewed::Yes, FileViewed::No, FileViewed::Unknown] {
            assert!(viewed(file, Some(true)).contains("<fileViewedByEsp>true</fileViewedByEsp>"));
        }
        assert!(viewed(FileViewed::No, Some(false)).contains("<fileViewedByEsp>false<"));
        assert!(!viewed(FileViewed::Unknown, None).contains("<fileViewedByEsp>"));
    }

    #[test]
    fn a_year_later_is_the_same_day() {
        assert_eq!(years_later("2026-11-26", 1).as_deref(), Some("2027-11-26"));
        assert_eq!(years_later("2024-02-29", 1).as_deref(), Some("2025-03-01"));
        assert_eq!(years_later("2024-02-29", 4).as_deref(), Some("2028-02-29"));
    }
}
