//! What a killed export left is cleared away, and nothing else is.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::atomic::{write_atomically, write_atomically_after, write_folder};

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// A file or folder as an export makes it.
fn private(path: &Path, mode: u32) {
    match mode {
        0o700 => std::fs::create_dir(path).unwrap(),
        _ => std::fs::write(path, "own").unwrap(),
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn write(target: &Path) {
    write_atomically(target, |out| Ok(out.write_all(b"whole")?)).unwrap();
}

#[test]
fn files_and_folders_that_nobody_writes_any_more_are_cleared_by_the_next_export_of_that_name() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let part = Part::folder(&target).unwrap();
    std::fs::write(part.path.join("DRAFT-record.json"), "half").unwrap();
    let two = [part, Part::file(&target).unwrap()];
    assert_eq!(
        names(folder.path()),
        [".out.scrim-1.part", ".out.scrim-2.part"]
    );
    // The locks of a process end with it; what it left stays.
    drop(two);
    write(&target);
    assert_eq!(names(folder.path()), ["out"]);

    let pack = folder.path().join("pack");
    drop(Part::file(&pack).unwrap());
    write_folder(&pack, &[("DRAFT".to_owned(), b"x".to_vec())], || Ok(())).unwrap();
    assert_eq!(names(folder.path()), ["out", "pack"]);
}

#[test]
fn an_export_that_still_writes_is_left_alone_by_another_to_the_same_place() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let written = write_atomically_after(
        &target,
        |out| Ok(out.write_all(b"slow")?),
        || {
            write(&target);
            assert_eq!(names(folder.path()), [".out.scrim-1.part", "out"]);
            Ok(())
        },
    );
    written.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), b"slow");
    assert_eq!(names(folder.path()), ["out"]);
}

#[test]
fn what_only_looks_like_a_part_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let elsewhere = folder.join("elsewhere");
    private(&elsewhere, 0o600);
    private(&folder.join(".out.1.part"), 0o600);
    private(&folder.join("out.scrim-1.part"), 0o600);
    private(&folder.join(".other.scrim-1.part"), 0o600);
    private(&folder.join(".out.scrim-1.part"), 0o644);
    std::os::unix::fs::symlink(&elsewhere, folder.join(".out.scrim-2.part")).unwrap();
    std::fs::hard_link(&elsewhere, folder.join(".out.scrim-3.part")).unwrap();
    private(&folder.join(".out.scrim-4.part"), 0o700);
    std::fs::create_dir(folder.join(".out.scrim-4.part").join("deeper")).unwrap();
    let before = names(folder);
    write(&folder.join("out"));
    let mut after = before.clone();
    after.push("out".to_owned());
    after.sort();
    assert_eq!(names(folder), after);
    assert_eq!(std::fs::read(&elsewhere).unwrap(), b"own");
}

#[test]
fn what_was_put_in_a_parts_place_gets_no_exports_name() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    std::fs::write(&target, "older").unwrap();
    let part = folder.path().join(".out.scrim-1.part");
    let swap = || {
        std::fs::remove_file(&part).unwrap();
        std::fs::write(&part, "foreign").unwrap();
        Ok(())
    };
    let fault = write_atomically_after(&target, |out| Ok(out.write_all(b"own")?), swap);
    assert!(matches!(fault, Err(ReportError::NotWritten { .. })));
    assert_eq!(std::fs::read(&target).unwrap(), b"older");
    assert_eq!(std::fs::read(&part).unwrap(), b"foreign");

    let pack = folder.path().join("pack");
    let part = folder.path().join(".pack.scrim-1.part");
    let swap = || {
        std::fs::rename(&part, folder.path().join("moved")).unwrap();
        std::fs::create_dir(&part).unwrap();
        Ok(())
    };
    let fault = write_folder(&pack, &[("DRAFT".to_owned(), b"x".to_vec())], swap);
    assert!(matches!(fault, Err(ReportError::NotWritten { .. })));
    assert!(!pack.exists() && part.is_dir());
}

#[test]
fn one_that_failed_takes_its_own_part_away() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let failed = || Err(ReportError::Row);
    assert!(write_atomically_after(&target, |_| Ok(()), failed).is_err());
    assert!(write_folder(&target, &[], failed).is_err());
    assert_eq!(names(folder.path()), [""; 0]);
}
