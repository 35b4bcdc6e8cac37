//! The log of exports: every change but one at its end is found, and a line that was cut off is no export.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use scrim_model::Timestamp;

use super::*;

fn made(n: i64) -> ExportMade {
    ExportMade {
        at: Timestamp(n),
        server: "https://queue.example".to_owned(),
        moderator: "m1".to_owned(),
        what: "decisions".to_owned(),
        format: "csv".to_owned(),
        filters: BTreeMap::from([("queue".to_owned(), "q\u{202e}".to_owned())]),
        columns: vec!["day".to_owned()],
        records: n.unsigned_abs(),
        file: None,
        sha256: sha256(b"table"),
        names: Vec::new(),
        reason: None,
    }
}

fn three() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exports.log");
    for n in 1..=3 {
        log_export(&path, None, &made(n)).unwrap();
    }
    (folder, path)
}

#[test]
fn exports_come_back_in_order_and_the_file_is_private() {
    let (_folder, path) = three();
    let log = read_export_log(&path, None).unwrap();
    assert_eq!(log.exports, [made(1), made(2), made(3)]);
    assert_eq!((log.broken, log.is_cut_off), (None, false));
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let nothing = read_export_log(&path.with_file_name("none"), None).unwrap();
    assert_eq!(nothing, ExportLog::default());
}

#[test]
fn one_changed_byte_anywhere_but_in_the_last_line_is_found_there_or_in_the_next() {
    let (_folder, path) = three();
    let bytes = std::fs::read(&path).unwrap();
    let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
    for at in 0..ends[1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let log = walk(&changed);
        let line = 1 + ends.iter().filter(|end| **end < at).count() as u64;
        let (found, _) = log.broken.unwrap();
        assert!(
            (line..=line + 1).contains(&found),
            "byte {at} of line {line}: {found}"
        );
    }
}

#[test]
fn a_line_that_was_taken_out_or_put_in_is_found() {
    let (_folder, path) = three();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let broken = |lines: &[&str]| walk((lines.join("\n") + "\n").as_bytes()).broken;
    assert_eq!(broken(&lines), None);
    assert_eq!(broken(&[lines[0], lines[2]]).unwrap().0, 2);
    assert_eq!(broken(&[lines[1], lines[2]]).unwrap().0, 1);
    let twice = [lines[0], lines[0], lines[1], lines[2]];
    assert_eq!(broken(&twice).unwrap().0, 2);
}

#[test]
fn a_line_that_was_cut_off_is_no_export_and_the_next_one_takes_its_place() {
    let (_folder, path) = three();
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
    let log = read_export_log(&path, None).unwrap();
    assert_eq!((log.exports.len(), log.is_cut_off), (2, true));
    log_export(&path, None, &made(4)).unwrap();
    let log = read_export_log(&path, None).unwrap();
    assert_eq!(log.exports, [made(1), made(2), made(4)]);
    assert_eq!((log.broken, log.is_cut_off), (None, false));
}

#[test]
fn two_at_the_same_time_both_stand_in_it() {
    let (_folder, path) = three();
    std::thread::scope(|scope| {
        for n in 4..=11 {
            let path = &path;
            scope.spawn(move || log_export(path, None, &made(n)).unwrap());
        }
    });
    let log = read_export_log(&path, None).unwrap();
    assert_eq!((log.exports.len(), log.broken), (11, None));
}

#[test]
fn a_log_that_cannot_be_written_is_said_as_an_export_that_was_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let fault = log_export(folder.path(), None, &made(1)).unwrap_err();
    assert!(matches!(fault, ReportError::NotLogged { .. }));
    assert!(fault.to_string().contains("was not made"), "{fault}");
}
