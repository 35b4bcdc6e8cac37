//! Power is lost and processes are killed at every change, under plain SQLite and SQLCipher.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_faults::{Disk, Image, Lies, Seeded};
use support::*;

/// Power is lost at every change, `worlds` times each: how often an answered row was gone, and how
/// often the database was broken.
fn lost_and_broken(how: How, sector_bytes: usize, worlds: u64) -> (u32, u32) {
    let (mut lost, mut broken) = (0, 0);
    for at in 0..=changes(how) {
        for world in 0..worlds {
            let disk = Disk::holding(&Image::default(), sector_bytes);
            let answered = until_death(&disk, how, at);
            disk.power_loss(&mut Seeded::new(at * 1000 + world));
            match look(&disk, how) {
                Look::Rows(there) => {
                    assert!(
                        there <= answered + 1,
                        "what was never asked for is not there"
                    );
                    lost += u32::from(there < answered);
                }
                Look::Refused(_) | Look::Wrong => broken += 1,
            }
        }
    }
    (lost, broken)
}

#[test]
fn full_synchronous_loses_nothing_wherever_power_is_lost() {
    for how in [WAL_FULL, CIPHER, DELETE_EXTRA, TRUNCATE_FULL] {
        for sector_bytes in [512, 4096] {
            let seen = lost_and_broken(how, sector_bytes, 6);
            assert_eq!(seen, (0, 0), "{how:?} with sectors of {sector_bytes}");
        }
    }
}

/// SQLCipher takes the salt of its page keys from the first bytes of the file, unless it is told.
/// Noise there while page 1 is written back makes every page unreadable, the sound log's too.
#[test]
fn a_salt_that_stands_only_in_the_file_can_be_lost_with_everything() {
    let (lost, broken) = lost_and_broken(CIPHER_SALT_IN_FILE, 512, 6);
    assert!(lost == 0 && broken > 0, "lost {lost}, broken {broken}");
}

/// As SQLite's manual says: the directory is synced after the journal's deletion with EXTRA only.
#[test]
fn full_synchronous_with_a_deleted_journal_may_lose_the_last_commit() {
    let (lost, broken) = lost_and_broken(DELETE_FULL, 512, 2);
    assert!(lost > 20 && broken == 0, "lost {lost}, broken {broken}");
}

#[test]
fn synchronous_off_loses_and_breaks() {
    let (lost, _) = lost_and_broken(WAL_OFF, 512, 3);
    assert!(lost > 20, "answered rows are gone: {lost}");
    let (_, broken) = lost_and_broken(DELETE_OFF, 512, 3);
    assert!(broken > 20, "databases are broken: {broken}");
}

#[test]
fn a_disk_that_lies_about_syncs_loses_what_full_synchronous_promised() {
    let (mut lost, mut broken) = (0, 0);
    for world in 0..200 {
        let disk = Disk::new();
        disk.set_lies(if world % 2 == 0 {
            Lies::Always
        } else {
            Lies::OnceAfter(world % 11)
        });
        let conn = open(&disk, WAL_FULL).unwrap();
        (0..ROWS).for_each(|n| insert(&conn, n).unwrap());
        disk.power_loss(&mut Seeded::new(world));
        drop(conn);
        match look(&disk, WAL_FULL) {
            Look::Rows(there) => lost += i32::from(there < ROWS),
            Look::Refused(_) | Look::Wrong => broken += 1,
        }
    }
    assert!(lost > 20 && broken > 0, "lost {lost}, broken {broken}");
}

#[test]
fn a_killed_process_loses_nothing_that_was_written() {
    for at in 0..=changes(WAL_OFF) {
        let disk = Disk::new();
        let answered = until_death(&disk, WAL_OFF, at);
        disk.process_killed();
        let there = sound_rows(&disk, WAL_OFF);
        assert!((answered..=answered + 1).contains(&there));
    }
}

#[test]
fn a_moment_before_every_change_stands_for_a_life_each() {
    let disk = Disk::new();
    disk.keep_moments();
    let conn = open(&disk, WAL_FULL).unwrap();
    let mut lives = 0;
    for n in 0..ROWS {
        insert(&conn, n).unwrap();
        for moment in disk.take_moments() {
            for seed in 0..4 {
                let left = moment.after_power_loss(&mut Seeded::new(seed));
                let there = sound_rows(&Disk::holding(&left, 512), WAL_FULL);
                assert!(there == n || there == n + 1 || moment.changes() < 30);
                lives += 1;
            }
            let killed = Disk::holding(&moment.after_process_killed(), 512);
            assert!(sound_rows(&killed, WAL_FULL) >= n);
        }
    }
    assert!(lives > 100, "{lives}");
    assert!(disk.take_moments().is_empty());
}
