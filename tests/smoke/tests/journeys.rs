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
    assert!(cases >= 60, "{cases} journeys");
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

/// Another order, the light theme and half as much room change nothing of what holds.
#[test]
fn journeys_of_every_kind_pass_in_another_order_theme_and_scale() {
    let out = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .args(["--seed", "7", "--theme", "light", "--scale", "150"])
        .args([
            "--journey",
            "search-policy",
            "--journey",
            "decide-undo-decide",
        ])
        .args([
            "--journey",
            "masked-conversation",
            "--journey",
            "sound-only-while-held",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("4 passed"), "{said}");
    for wrong in [["--scale", "90"], ["--theme", "pink"], ["--locale", "xx"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"));
        let out = command.args(wrong).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{wrong:?}");
    }
}
