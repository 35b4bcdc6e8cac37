//! Evidence packs: drafts, in order, with nothing of the moderator's.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::PolicyId;
use scrim_model::Timestamp;
use scrim_model::view::FileViewed;
use scrim_report::{ChainProof, Evidence, ReportError, evidence_files, write_evidence};
use support::*;

/// Children of the schema's elements, in its order.
const FILE_DETAILS: [&str; 14] = [
    "reportId",
    "fileId",
    "originalFileName",
    "locationOfFile",
    "fileViewedByEsp",
    "exifViewedByEsp",
    "publiclyAvailable",
    "fileRelevance",
    "fileAnnotations",
    "industryClassification",
    "originalFileHash",
    "ipCaptureEvent",
    "deviceId",
    "additionalInfo",
];

fn two_media(viewed: FileViewed) -> scrim_model::Decision {
    let mut decision = decision(1, 4);
    decision.media[0].file_viewed = viewed;
    decision.media[0].policy_ids = vec![PolicyId::new("grave").unwrap()];
    let mut second = decision.media[0].clone();
    second.n = 1;
    second.policy_ids.clear();
    decision.media.push(second);
    decision
}

fn pack(decision: &scrim_model::Decision) -> Vec<(String, String)> {
    let evidence = Evidence {
        decision,
        chain: Some(ChainProof {
            header: "{}".into(),
            entries: 9,
            head: "ab".into(),
        }),
        reported_on: Some(Timestamp::parse("2026-02-03T00:00:00Z").unwrap()),
    };
    let files = evidence_files(&evidence).into_iter();
    files
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

fn file<'a>(pack: &'a [(String, String)], name: &str) -> &'a str {
    &pack.iter().find(|(found, _)| found == name).unwrap().1
}

#[test]
fn every_file_is_a_draft_and_holds_nothing_of_the_moderators() {
    let decision = two_media(FileViewed::Yes);
    let pack = pack(&decision);
    assert_eq!(pack.len(), 10);
    for (name, text) in &pack {
        assert!(
            name.starts_with("DRAFT-") && text.contains("DRAFT - made by Scrim"),
            "{name}"
        );
        for private in [
            "SECRET", "98700", "1500", "handle", "02:40", "claim", "fence", "skew",
        ] {
            assert!(!text.contains(private), "{private} in {name}");
        }
    }
    assert!(pack == self::pack(&decision), "twice the same");
}

#[test]
fn what_was_viewed_comes_from_the_view_log_and_stands_in_the_order_of_the_schema() {
    for (viewed, says) in [
        (FileViewed::Yes, Some("true")),
        (FileViewed::No, Some("false")),
        (FileViewed::Unknown, None),
    ] {
        let decision = two_media(viewed);
        let pack = pack(&decision);
        for n in 0..2 {
            let text = file(&pack, &format!("DRAFT-cybertipline-file-{n}.xml"));
            let xml = roxmltree::Document::parse(text).unwrap();
            let root = xml.root_element();
            assert_eq!(root.tag_name().name(), "fileDetails");
            let children: Vec<_> = root.children().filter(|n| n.is_element()).collect();
            let places: Vec<usize> = children
                .iter()
                .map(|child| {
                    FILE_DETAILS
                        .iter()
                        .position(|name| *name == child.tag_name().name())
                        .unwrap()
                })
                .collect();
            assert!(places.is_sorted(), "{text}");
            let of = |name| {
                children
                    .iter()
                    .find(|c| c.has_tag_name(name))
                    .and_then(|c| c.text())
            };
            assert_eq!(of("fileViewedByEsp"), says);
            assert_eq!(of("exifViewedByEsp"), None);
            assert_eq!(
                of("fileRelevance"),
                Some(["Reported", "Supplemental Reported"][n])
            );
            assert_eq!(
                text.contains("industryClassification"),
                n == 0,
                "none on supplementals"
            );
        }
        let report =
            roxmltree::Document::parse(file(&pack, "DRAFT-cybertipline-report.xml")).unwrap();
        assert!(report.root_element().has_tag_name("report"));
    }
}

#[test]
fn the_clocks_run_from_the_report_and_are_not_known_without_one() {
    let decision = two_media(FileViewed::Yes);
    let pack = pack(&decision);
    let retention = file(&pack, "DRAFT-retention.json");
    assert!(
        retention.contains("2027-02-03") && retention.contains("2031-02-03"),
        "{retention}"
    );
    let uk: serde_json::Value = serde_json::from_str(file(&pack, "DRAFT-uk.json")).unwrap();
    assert_eq!(
        (&uk["priority"], &uk["reference_retain_until"]),
        (&2.into(), &"2031-02-03".into())
    );
    let without = Evidence {
        decision: &decision,
        chain: None,
        reported_on: None,
    };
    let text: String = evidence_files(&without)
        .iter()
        .map(|(_, bytes)| String::from_utf8_lossy(bytes))
        .collect();
    assert!(text.contains("not known: not reported") && text.contains("the store has no entry"));
}

#[test]
fn a_pack_is_written_whole_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("pack");
    let decision = two_media(FileViewed::No);
    let evidence = Evidence {
        decision: &decision,
        chain: None,
        reported_on: None,
    };
    write_evidence(&place, &evidence).unwrap();
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 10);
    assert!(matches!(
        write_evidence(&place, &evidence),
        Err(ReportError::AlreadyThere)
    ));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no leftover"
    );
    let missing = write_evidence(&folder.path().join("no/such"), &evidence);
    assert!(matches!(missing, Err(ReportError::NotWritten { .. })));
}
