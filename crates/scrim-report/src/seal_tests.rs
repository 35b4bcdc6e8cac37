//! Whatever is done to the end of the list is found, now and after further exports; a crash is no fault.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use super::*;
use crate::audit::{ExportLog, ExportMade, log_export, read_export_log, seal_export_log};

const KEY: SealKey = SealKey([7; 32]);

fn made(records: u64) -> ExportMade {
    ExportMade {
        at: scrim_model::Timestamp(1),
        server: "https://queue.example".to_owned(),
        moderator: "m1".to_owned(),
        what: "decisions".to_owned(),
        format: "csv".to_owned(),
        filters: BTreeMap::new(),
        columns: Vec::new(),
        records,
        file: None,
        sha256: sha256(b"table"),
        names: Vec::new(),
        reason: None,
    }
}

fn three() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("exports.log");
    for n in 1..=3 {
        log_export(&list, Some(&KEY), &made(n)).unwrap();
    }
    (folder, list)
}

fn read(list: &Path) -> ExportLog {
    read_export_log(list, Some(&KEY)).unwrap()
}

fn lines(list: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(list).unwrap();
    text.lines().map(|line| format!("{line}\n")).collect()
}

/// What is found after `change`, and that it is still found after two more exports.
fn found(change: impl FnOnce(&Path)) -> &'static str {
    let (_folder, list) = three();
    change(&list);
    let log = read(&list);
    assert!(!log.is_whole());
    let what = match log.sealed {
        Sealed::Broken(what) => what,
        other => panic!("{other:?}"),
    };
    for n in 4..=5 {
        log_export(&list, Some(&KEY), &made(n)).unwrap();
        let log = read(&list);
        assert!(!log.is_whole() && log.broken.is_some(), "{what}: {log:?}");
    }
    what
}

#[test]
fn a_list_ends_as_it_was_sealed() {
    let (_folder, list) = three();
    let log = read(&list);
    assert_eq!((log.exports.len(), log.sealed), (3, Sealed::Whole));
    assert!(log.is_whole());
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(place(&list))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let nothing = read(&list.with_file_name("elsewhere").join("exports.log"));
    assert_eq!(nothing.sealed, Sealed::Whole);
    assert_eq!(
        read_export_log(&list, None).unwrap().sealed,
        Sealed::NotLookedAt
    );
}

#[test]
fn a_change_of_the_last_line_is_found_and_stays_found() {
    let changed = |list: &Path| {
        let whole = lines(list).concat();
        std::fs::write(list, whole.replace("\"records\":3", "\"records\":2")).unwrap();
    };
    assert_eq!(found(changed), "its last line was changed");
}

#[test]
fn lines_that_were_taken_off_or_put_to_the_end_are_found_and_stay_found() {
    let first = |list: &Path| std::fs::write(list, &lines(list)[0]).unwrap();
    assert_eq!(found(first), "lines were taken off its end");
    let none = |list: &Path| std::fs::remove_file(list).unwrap();
    assert_eq!(found(none), "lines were taken off its end");
    // Without the key: their chain is right, and there are too many for a crash.
    let more = |list: &Path| {
        log_export(list, None, &made(8)).unwrap();
        log_export(list, None, &made(9)).unwrap();
    };
    assert_eq!(found(more), "lines were put to its end");
}

#[test]
fn a_seal_that_is_gone_changed_or_of_another_key_is_found_and_stays_found() {
    let gone = |list: &Path| std::fs::remove_file(place(list)).unwrap();
    assert_eq!(found(gone), "its seal is gone");
    for spoilt in ["", "{}", "{\"n\":0,\"last\":\"\",\"mac\":\"zz\"}"] {
        let spoil = |list: &Path| std::fs::write(place(list), spoilt).unwrap();
        assert_eq!(found(spoil), "its seal was changed");
    }
    let shorter = |list: &Path| {
        let text = std::fs::read_to_string(place(list)).unwrap();
        std::fs::write(place(list), text.replace("\"n\":3", "\"n\":2")).unwrap();
    };
    assert_eq!(found(shorter), "its seal was changed");
    let foreign = |list: &Path| write(list, &SealKey([8; 32]), &read(list).end()).unwrap();
    assert_eq!(found(foreign), "its seal was changed");
    let with_nothing = |list: &Path| {
        std::fs::write(place(list), "").unwrap();
        std::fs::remove_file(list).unwrap();
    };
    assert_eq!(found(with_nothing), "its seal was changed");
}

#[test]
fn a_crash_between_a_line_and_its_seal_is_no_fault_and_the_list_goes_on() {
    let (_folder, list) = three();
    let seal = std::fs::read(place(&list)).unwrap();
    log_export(&list, Some(&KEY), &made(4)).unwrap();
    std::fs::write(place(&list), seal).unwrap();
    let log = read(&list);
    assert_eq!((log.exports.len(), log.sealed), (4, Sealed::OneMore));
    assert!(log.is_whole());
    log_export(&list, Some(&KEY), &made(5)).unwrap();
    let log = read(&list);
    assert_eq!((log.exports.len(), log.sealed), (5, Sealed::Whole));
}

#[test]
fn a_list_of_before_there_was_a_key_is_sealed_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("exports.log");
    seal_export_log(&list, &KEY).unwrap();
    assert!(!place(&list).exists());
    log_export(&list, None, &made(1)).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Broken("its seal is gone"));
    seal_export_log(&list, &KEY).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Whole);
}

#[test]
fn a_list_that_goes_on_is_told_from_another_one() {
    let (_folder, list) = three();
    let end = read(&list).end();
    assert_eq!(end.n, 3);
    log_export(&list, Some(&KEY), &made(4)).unwrap();
    assert!(read(&list).goes_on_from(&end));
    std::fs::write(&list, lines(&list)[..2].concat()).unwrap();
    assert!(!read(&list).goes_on_from(&end));
    std::fs::remove_file(&list).unwrap();
    assert!(!read(&list).goes_on_from(&end));
    let none = ListEnd::of(&[]);
    assert!(read(&list).goes_on_from(&none));
}
