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

#[test]
fn a_report_takes_the_place_of_an_old_one_when_it_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out.xml");
    std::fs::write(&file, "an old report").expect("a file");
    let people = Permissions::from_mode(0o664);
    std::fs::set_permissions(&file, people).expect("its owner may");
    // A second name of the old one: it shows whether anything was written into that.
    let second = folder.path().join("second.xml");
    std::fs::hard_link(&file, &second).expect("a second name");
    write(&file, "a new report").expect("it can be written");
    let read = |file: &Path| std::fs::read_to_string(file).expect("it is there");
    assert_eq!(read(&file), "a new report");
    assert_eq!(read(&second), "an old report");
    let mode = file.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o664);
    let entries = std::fs::read_dir(folder.path()).expect("a folder");
    assert_eq!(entries.count(), 2, "nothing is left beside it");
}

#[test]
fn a_report_that_is_not_written_is_said_and_what_is_no_file_stays_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let full = folder.path().join("full.xml");
    std::os::unix::fs::symlink("/dev/full", &full).expect("a link");
    let why = write(&full, "a report").expect_err("it takes nothing");
    assert!(why.contains("The results are those above."), "{why}");
    assert!(full.symlink_metadata().expect("it is there").is_symlink());
    let nowhere = folder.path().join("none/out.xml");
    let why = write(&nowhere, "a report").expect_err("there is no folder");
    assert!(
        why.contains("A report that was there before is as it was."),
        "{why}"
    );
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
