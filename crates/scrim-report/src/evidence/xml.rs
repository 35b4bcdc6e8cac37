//! Drafts in the shape of the CyberTipline. What the record does not hold is left to whoever reports, with a remark in
//! its place.

use scrim_model::Decision;
use scrim_model::view::{FileViewed, MediumView};

use super::DRAFT;
use crate::cybertip::{Element, RELEVANCE, Rule, check};

/// The report itself: what the record holds is its reference only.
pub(super) fn report(decision: &Decision) -> String {
    let mut root = Element::new("report");
    root.remark("incidentSummary: type, date and time of the incident");
    root.remark("internetDetails: where it was found");
    root.remark("reporter: reporting and contact person");
    root.remark("personOrUserReported: the account");
    root.say(
        "additionalInfo",
        &format!("{DRAFT}. Reference: {}", decision.decision_id),
    );
    document(&root)
}

/// One file.
pub(super) fn file(decision: &Decision, medium: &MediumView) -> String {
    let is_reported = decision.media.len() == 1 || !medium.policy_ids.is_empty();
    let mut root = Element::new("fileDetails");
    root.remark("reportId, fileId: given by the CyberTipline");
    viewed(&mut root, medium.file_viewed, None);
    root.remark("publiclyAvailable: not known to Scrim");
    root.say("fileRelevance", RELEVANCE[usize::from(!is_reported)]);
    if is_reported {
        root.remark("fileAnnotations, industryClassification: to be chosen by whoever reports");
    }
    if let Some(found) = &medium.hashes {
        for (kind, hash) in [
            ("MD5", &found.md5),
            ("SHA1", &found.sha1),
            ("SHA256", &found.sha256),
        ] {
            let element = Element::new("originalFileHash").with("hashType", kind);
            root.push(element.holding(hash));
        }
    }
    root.say(
        "additionalInfo",
        &format!(
            "{DRAFT}. Reference: {}, medium {}",
            decision.decision_id, medium.n
        ),
    );
    document(&root)
}

/// What was viewed. Whoever viewed the Exif viewed the file; what is not known has no element.
fn viewed(root: &mut Element, file: FileViewed, exif: Option<bool>) {
    let file = match (file, exif) {
        (FileViewed::Yes, _) | (_, Some(true)) => Some(true),
        (FileViewed::No, _) => Some(false),
        (FileViewed::Unknown, _) => None,
    };
    for (name, value) in [("fileViewedByEsp", file), ("exifViewedByEsp", exif)] {
        match value {
            Some(value) => root.say(name, &value.to_string()),
            None => root.remark(&format!("{name}: not known")),
        }
    }
}

/// A draft may lack what only whoever reports knows; it breaks no other rule.
fn document(root: &Element) -> String {
    let mut broken = check(root).into_iter();
    let broken = broken.find(|found| found.rule != Rule::Missing);
    assert!(broken.is_none(), "a draft breaks a rule: {broken:?}");
    root.document(DRAFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exif_viewed_implies_file_viewed() {
        let told = |file, exif| {
            let mut root = Element::new("fileDetails");
            viewed(&mut root, file, exif);
            root.child("fileViewedByEsp").map(Element::text)
        };
        for file in [FileViewed::Yes, FileViewed::No, FileViewed::Unknown] {
            assert_eq!(told(file, Some(true)).as_deref(), Some("true"));
        }
        assert_eq!(told(FileViewed::No, Some(false)).as_deref(), Some("false"));
        assert_eq!(told(FileViewed::Unknown, None), None);
    }
}
