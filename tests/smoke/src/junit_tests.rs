use super::*;

#[allow(dead_code, reason = "shared with the tests of the program")]
#[path = "../tests/support/junit.rs"]
mod schema;

#[test]
fn asking_for_a_report_changes_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = folder.path().join("new.xml");
    may_be_written(&new).expect("it can be written");
    assert!(!new.exists());
    let old = folder.path().join("old.xml");
    std::fs::write(&old, "an old report").expect("a file");
    may_be_written(&old).expect("it can be written");
    let kept = std::fs::read_to_string(&old).expect("it is there");
    assert_eq!(kept, "an old report");
    for wrong in [
        folder.path().to_owned(),
        folder.path().join("none/out.xml"),
        old.join("out.xml"),
    ] {
        let why = may_be_written(&wrong).expect_err("it cannot be written");
        assert!(why.contains(&wrong.display().to_string()), "{why}");
    }
}

fn row(name: &'static str, failure: Option<&str>, actions: &[&'static str]) -> Row {
    Row {
        name,
        class: "scrim.inner",
        seconds: 1.234_567,
        failure: failure.map(str::to_owned),
        actions: actions.to_vec(),
    }
}

#[test]
fn a_report_fits_the_schema_and_its_figures_are_right() {
    let why = "a \"quoted\" <word> & another\nline\u{1b}[0m\u{0}";
    let rows = [
        row("good", None, &["decide.allow", "reveal.hold"]),
        row("bad", Some(why), &[]),
        row("bad-in-the-middle", Some("too late"), &["cover.all"]),
    ];
    let cases = schema::cases(&report(&rows, Timestamp(1_764_000_000_000)));
    assert_eq!(cases.len(), 3);
    assert_eq!(cases[0].actions, ["decide.allow", "reveal.hold"]);
    assert!(cases[0].failure.is_none());
    let said = cases[1].failure.as_deref().expect("it failed");
    assert_eq!(
        said,
        "a \"quoted\" <word> & another\nline\u{fffd}[0m\u{fffd}"
    );
    assert_eq!(cases[2].actions, ["cover.all"]);
}

#[test]
fn a_report_of_nothing_fits_the_schema() {
    assert!(schema::cases(&report(&[], Timestamp(0))).is_empty());
}
