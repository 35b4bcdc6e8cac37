//! Evidence packs: drafts, in order, with nothing of the moderator's.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use scrim_model::retention::{Authority, Hold, Known, PartKept, RecordPart, Reported, kept};
use scrim_model::view::FileViewed;
use scrim_model::{PolicyId, Timestamp};
use scrim_report::cybertip::FILE_DETAILS;
use scrim_report::{
    ChainEntry, ChainProof, Evidence, Keeping, ReportError, evidence_files, sha256, write_evidence,
};
use support::*;

const REPORTED_ON: &str = "2026-02-03T00:00:00Z";

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

fn proof() -> ChainProof {
    let entry = |seq: u64, header: &str| ChainEntry {
        seq,
        hash: sha256(header.as_bytes()),
        header: header.to_owned(),
    };
    ChainProof {
        entry: 4,
        stretch: vec![entry(4, "{\"seq\":4}"), entry(5, "{\"seq\":5}")],
        entries: 9,
        head: "ab".into(),
    }
}

fn evidence(decision: &scrim_model::Decision) -> Evidence<'_> {
    Evidence {
        decision,
        chain: proof(),
        reported_on: Some(Timestamp::parse(REPORTED_ON).unwrap()),
        keeping: Keeping::default(),
    }
}

fn texts(evidence: &Evidence<'_>) -> Vec<(String, String)> {
    let files = evidence_files(evidence).into_iter();
    files
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

fn pack(decision: &scrim_model::Decision) -> Vec<(String, String)> {
    texts(&evidence(decision))
}

fn json(pack: &[(String, String)], name: &str) -> serde_json::Value {
    serde_json::from_str(file(pack, name)).unwrap()
}

fn file<'a>(pack: &'a [(String, String)], name: &str) -> &'a str {
    &pack.iter().find(|(found, _)| found == name).unwrap().1
}

#[test]
fn every_file_is_a_draft_and_holds_nothing_of_the_moderators() {
    let decision = two_media(FileViewed::Yes);
    let pack = pack(&decision);
    assert_eq!(pack.len(), 11);
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
            let names = FILE_DETAILS.children.iter().map(|child| child.name);
            let names: Vec<&str> = names.collect();
            let place = |name| names.iter().position(|known| *known == name).unwrap();
            assert!(
                children.is_sorted_by_key(|child| place(child.tag_name().name())),
                "{text}"
            );
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
    let reported = pack(&decision);
    let retention = file(&reported, "DRAFT-retention.json");
    for day in ["2027-02-03", "2031-02-03", "2026-08-02"] {
        assert!(retention.contains(day), "{retention}");
    }
    let uk = json(&reported, "DRAFT-uk.json");
    assert_eq!(
        (&uk["priority"], &uk["reference_retain_until"]),
        (&2.into(), &"2031-02-03".into())
    );
    let without = texts(&Evidence {
        reported_on: None,
        ..evidence(&decision)
    });
    let text: String = without.into_iter().map(|(_, text)| text).collect();
    assert!(text.contains("not known: not reported"));
}

fn held(decision: &scrim_model::Decision) -> Keeping {
    let hold = |part| Hold {
        id: "hold-1".into(),
        on: Some(decision.decision_id.clone()),
        reason: Some("Case 17/26".into()),
        start: NOW,
        until: BTreeMap::from([(part, None)]),
        lifted: None,
    };
    let reports = vec![Reported {
        to: Authority::Uk,
        on: Timestamp::parse("2026-03-01T00:00:00Z").unwrap(),
        reference: Some("NCA-1".into()),
    }];
    let known = Known {
        decided_at: Some(decision.decided_at),
        reports: reports.clone(),
    };
    let parts = RecordPart::ALL.map(|part| PartKept {
        part,
        is_erased: part == RecordPart::Viewing,
        kept: kept(part, &known),
        holds: match part {
            RecordPart::Words => vec![hold(part)],
            _ => Vec::new(),
        },
    });
    Keeping {
        parts: parts.into(),
        reports,
        at: Timestamp::parse("2028-01-01T12:34:56Z").unwrap(),
    }
}

#[test]
fn holds_and_clocks_of_the_store_stand_in_the_record_and_in_the_retention_file() {
    let decision = two_media(FileViewed::Yes);
    let pack = texts(&Evidence {
        keeping: held(&decision),
        ..evidence(&decision)
    });
    let record = &json(&pack, "DRAFT-record.json")["keeping"];
    assert_eq!(record["as_of"], "2028-01-01");
    assert_eq!(record["holds"][0]["hold_reason"], "Case 17/26");
    assert_eq!(record["holds"][0]["hold_start"], "2026-02-02");
    let blocked = &record["erasure_blocked"];
    assert_eq!(
        (
            &blocked["judgement"],
            &blocked["words"],
            &blocked["viewing"]
        ),
        (&true.into(), &true.into(), &false.into()),
        "five years of the reference; the hold; nothing any more"
    );
    assert_eq!(record["retain_until"]["judgement"], "2031-03-01");
    assert_eq!(record["erased"]["viewing"], true);
    assert!(json(&pack, "DRAFT-record.json")["media_count"].is_null());
    for name in ["DRAFT-hashes.json", "DRAFT-viewing.json"] {
        assert_eq!(json(&pack, name)["media"], "not known: erased at this desk");
    }
    assert_eq!(
        json(&pack, "DRAFT-uk.json")["files"],
        "not known: erased at this desk"
    );
    let retention = json(&pack, "DRAFT-retention.json");
    assert_eq!(retention["record"], *record);
    assert_eq!(retention["reports"][0]["reference"], "NCA-1");
    // What is kept of a report goes before what was said with the export; the other authority has only that.
    let until = |rule: &str| {
        let clocks = retention["clocks"].as_array().unwrap();
        let clock = clocks.iter().find(|clock| clock["rule"] == rule);
        clock.unwrap()["retain_until"].as_str().unwrap().to_owned()
    };
    assert_eq!(until("uk-reference"), "2031-03-01");
    assert_eq!(until("us-report"), "2027-02-03");
    assert!(
        !file(&pack, "DRAFT-record.json").contains("12:34"),
        "the day only"
    );
}

#[test]
fn the_proof_names_the_entry_and_every_hash_and_the_list_its_own() {
    let decision = two_media(FileViewed::Yes);
    let pack = pack(&decision);
    let chain = json(&pack, "DRAFT-chain.json");
    assert_eq!(
        (
            &chain["entry"],
            &chain["first"],
            &chain["last"],
            &chain["chain_entries"]
        ),
        (&4.into(), &4.into(), &5.into(), &9.into())
    );
    assert_eq!(chain["hash"], sha256(b"{\"seq\":4}"));
    let lines: Vec<&str> = file(&pack, "DRAFT-chain.txt").lines().collect();
    assert_eq!(
        lines[1],
        format!("{}  {{\"seq\":4}}", sha256(b"{\"seq\":4}"))
    );
    let manifest = file(&pack, "DRAFT-manifest.sha256");
    let (above, own) = manifest.split_at(manifest.rfind('#').unwrap());
    assert_eq!(
        own,
        format!(
            "# sha256 of the lines above: {}\n",
            sha256(above.as_bytes())
        )
    );
    assert_eq!(above.lines().count(), 2 + pack.len() - 1);
    assert!(manifest.contains("\n# entry 4\n"));
}

#[test]
fn a_pack_is_written_whole_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("pack");
    let decision = two_media(FileViewed::No);
    let files = evidence_files(&evidence(&decision));
    let refused = write_evidence(&place, &files, || {
        assert!(!place.exists(), "it has no name yet");
        Err(ReportError::NoFileName)
    });
    assert!(matches!(refused, Err(ReportError::NoFileName)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    write_evidence(&place, &files, || Ok(())).unwrap();
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 11);
    assert!(matches!(
        write_evidence(&place, &files, || Ok(())),
        Err(ReportError::AlreadyThere)
    ));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no leftover"
    );
    let missing = write_evidence(&folder.path().join("no/such"), &files, || Ok(()));
    assert!(matches!(missing, Err(ReportError::NotWritten { .. })));
}
