//! Whatever is done to the end of the list is found, now and after further exports; a crash is no fault.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use super::*;
use crate::audit::{
    ExportLog, followed, log_export, log_export_with, read_export_log, read_export_log_at_once,
    seal_export_log,
};
use crate::error::ReportError;
use crate::made::ExportMade;

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
fn a_line_whose_seal_cannot_be_written_is_taken_back_each_time() {
    let (_folder, list) = three();
    let whole = std::fs::read(&list).unwrap();
    let blocked = place(&list).with_extension("seal.new");
    std::fs::create_dir(&blocked).unwrap();
    for n in 4..=5 {
        let fault = log_export(&list, Some(&KEY), &made(n)).unwrap_err();
        assert!(matches!(fault, ReportError::NotLogged { .. }), "{fault}");
        assert_eq!(std::fs::read(&list).unwrap(), whole);
        assert_eq!(read(&list).sealed, Sealed::Whole);
    }
    std::fs::remove_dir(&blocked).unwrap();
    log_export(&list, Some(&KEY), &made(6)).unwrap();
    let log = read(&list);
    assert_eq!((log.exports.len(), log.sealed), (4, Sealed::Whole));
}

#[test]
fn a_line_without_a_seal_is_sealed_before_another_follows() {
    let (_folder, list) = three();
    let seal = std::fs::read(place(&list)).unwrap();
    log_export(&list, Some(&KEY), &made(4)).unwrap();
    std::fs::write(place(&list), seal).unwrap();
    let whole = std::fs::read(&list).unwrap();
    // No seal can be written: no line follows one that has none.
    let blocked = place(&list).with_extension("seal.new");
    std::fs::create_dir(&blocked).unwrap();
    for n in 5..=6 {
        log_export(&list, Some(&KEY), &made(n)).unwrap_err();
        assert_eq!(std::fs::read(&list).unwrap(), whole);
        assert_eq!(read(&list).sealed, Sealed::OneMore);
    }
    std::fs::remove_dir(&blocked).unwrap();
    let bytes = std::fs::read(&list).unwrap();
    let four: Vec<&[u8]> = bytes.split_inclusive(|it| *it == b'\n').collect();
    let four: Vec<&[u8]> = four.iter().map(|line| &line[..line.len() - 1]).collect();
    followed(&list, &KEY, &four).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Whole);
}

#[test]
fn a_crash_after_the_first_line_of_all_is_no_fault_either() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("exports.log");
    // A key and no seal: what comes before the first line is carried out, and the line without its seal.
    followed(&list, &KEY, &[]).unwrap();
    log_export(&list, None, &made(1)).unwrap();
    assert_eq!(read(&list).sealed, Sealed::OneMore);
    log_export(&list, Some(&KEY), &made(2)).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Whole);
}

#[test]
fn an_older_seal_that_was_put_back_is_found_by_whoever_knows_how_the_list_ended() {
    let (_folder, list) = three();
    let (seal, before) = (std::fs::read(place(&list)).unwrap(), read(&list).end());
    log_export(&list, Some(&KEY), &made(4)).unwrap();
    let known = read(&list).end();
    assert!(read(&list).held_against(&known).is_whole());
    std::fs::write(place(&list), seal).unwrap();
    let log = read(&list);
    // A crash leaves the same, as far as the list itself tells.
    assert!(log.clone().held_against(&before).is_whole());
    let log = log.held_against(&known);
    assert_eq!(log.sealed, Sealed::Broken("its seal is an older one"));
}

#[test]
fn a_list_of_before_there_was_a_key_is_sealed_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("exports.log");
    for n in 1..=2 {
        log_export(&list, None, &made(n)).unwrap();
    }
    assert_eq!(read(&list).sealed, Sealed::Broken("its seal is gone"));
    seal_export_log(&list, &KEY).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Whole);
}

#[test]
fn an_export_that_looked_for_the_key_just_before_there_was_one_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("exports.log");
    seal_export_log(&list, &KEY).unwrap();
    assert!(!list.exists());
    assert_eq!(read(&list).sealed, Sealed::Whole);
    log_export(&list, None, &made(1)).unwrap();
    assert_eq!(read(&list).sealed, Sealed::OneMore);
    log_export(&list, Some(&KEY), &made(2)).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Whole);
}

#[test]
fn the_key_is_looked_for_when_nobody_else_writes_the_list_any_more() {
    let (_folder, list) = three();
    let key = || {
        let fault = seal_export_log(&list, &KEY).unwrap_err();
        assert!(matches!(fault, ReportError::NotSealed { .. }), "{fault}");
        Ok(Some(KEY))
    };
    log_export_with(&list, key, &made(4)).unwrap();
    assert_eq!(read(&list).sealed, Sealed::Whole);
    let gone = || Err(ReportError::NotRead(String::new()));
    log_export_with(&list, gone, &made(5)).unwrap_err();
    assert_eq!(read(&list).exports.len(), 4);
}

#[test]
fn a_start_does_not_wait_for_an_export_that_is_being_written_down() {
    let (_folder, list) = three();
    let writing = File::open(&list).unwrap();
    writing.lock().unwrap();
    let fault = read_export_log_at_once(&list, Some(&KEY)).unwrap_err();
    assert!(matches!(
        fault,
        ReportError::LogUnreadable {
            kind: ErrorKind::WouldBlock
        }
    ));
    seal_export_log(&list, &KEY).unwrap_err();
    writing.unlock().unwrap();
    assert!(
        read_export_log_at_once(&list, Some(&KEY))
            .unwrap()
            .is_whole()
    );
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
