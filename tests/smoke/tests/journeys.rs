//! All journeys, as CI runs them: the built program, and the report that it writes.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

#[test]
fn every_journey_passes_and_the_report_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("out.xml");
    let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .arg("--junit")
        .arg(&report)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}");
    let xml = std::fs::read_to_string(report).unwrap();
    let cases = xml.matches("<testcase").count();
    assert!(cases >= 7, "{cases} journeys");
    assert!(xml.contains(r#"failures="0""#));
}

#[test]
fn an_unknown_journey_is_wrong_usage() {
    let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .args(["--journey", "nonsense"])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
}
