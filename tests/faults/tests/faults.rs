//! Each other fault does what it says, and several connections share a database.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use scrim_faults::{Disk, Image, Seeded};
use support::*;

#[test]
fn a_dead_machine_answers_nothing_until_it_starts_again() {
    let disk = Disk::new();
    let conn = open(&disk, WAL_FULL).unwrap();
    insert(&conn, 0).unwrap();
    disk.die_after(0);
    assert!(insert(&conn, 1).is_err());
    assert!(disk.is_dead());
    let before = disk.changes();
    assert!(insert(&conn, 1).is_err() && open(&disk, WAL_FULL).is_err());
    assert_eq!(disk.changes(), before);
    disk.power_loss(&mut Seeded::new(1));
    assert!(!disk.is_dead());
    assert!(
        insert(&conn, 1).is_err(),
        "a connection of the earlier life stays dead"
    );
    assert_eq!(disk.open_files(), 0);
    let there = sound_rows(&disk, WAL_FULL);
    assert!(there == 1 || there == 2);
    drop(conn);
    assert!(
        sound_rows(&disk, WAL_FULL) >= 1,
        "the dead one's end harms nothing"
    );
}

#[test]
fn one_failed_change_fails_one_call_and_no_more() {
    for at in 0..40 {
        let disk = Disk::new();
        let conn = open(&disk, WAL_FULL).unwrap();
        disk.fail_after(at);
        let answered: Vec<bool> = (0..ROWS).map(|n| insert(&conn, n).is_ok()).collect();
        assert!(
            answered.iter().filter(|ok| !**ok).count() <= 1,
            "at {at}: {answered:?}"
        );
        disk.power_loss(&mut Seeded::new(at));
        drop(conn);
        let conn = open(&disk, WAL_FULL).unwrap();
        for (n, ok) in answered.iter().enumerate() {
            let there: bool = conn
                .query_row("SELECT count(*) FROM t WHERE n = ?", [n as i64], |row| {
                    row.get(0)
                })
                .unwrap();
            assert_eq!(there, *ok, "row {n}, change {at}");
        }
    }
}

#[test]
fn a_failed_sync_is_told_and_what_follows_is_durable_all_the_same() {
    let mut told = 0;
    for at in 0..25 {
        let disk = Disk::new();
        let conn = open(&disk, WAL_FULL).unwrap();
        disk.fail_sync_after(at);
        let answered: Vec<bool> = (0..ROWS).map(|n| insert(&conn, n).is_ok()).collect();
        told += answered.iter().filter(|ok| !**ok).count();
        disk.power_loss(&mut Seeded::new(at));
        drop(conn);
        let conn = open(&disk, WAL_FULL).unwrap();
        let there: i64 = conn
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert!(
            there >= answered.iter().filter(|ok| **ok).count() as i64,
            "sync {at}"
        );
    }
    assert!(told > 5, "{told}");
}

#[test]
fn a_full_disk_says_so_and_keeps_what_was_there() {
    let disk = Disk::new();
    let conn = open(&disk, WAL_FULL).unwrap();
    insert(&conn, 0).unwrap();
    disk.set_free_bytes(Some(10_000));
    let mut answered = 1;
    let error = loop {
        match insert(&conn, answered) {
            Ok(()) => answered += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DiskFull));
    disk.set_free_bytes(None);
    insert(&conn, answered).unwrap();
    disk.power_loss(&mut Seeded::new(3));
    drop(conn);
    assert_eq!(sound_rows(&disk, WAL_FULL), answered + 1);
}

#[test]
fn a_read_only_disk_is_read_and_not_changed() {
    let disk = Disk::new();
    let how = DELETE_FULL;
    let conn = open(&disk, how).unwrap();
    insert(&conn, 0).unwrap();
    let before = disk.live();
    disk.set_read_only(true);
    assert!(insert(&conn, 1).is_err());
    drop(conn);
    let conn =
        Connection::open_with_flags_and_vfs(DB, OpenFlags::SQLITE_OPEN_READ_WRITE, disk.vfs())
            .unwrap();
    let there: i64 = conn
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(there, 1);
    let error = insert(&conn, 1).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly));
    drop(conn);
    assert_eq!(disk.live(), before);
    disk.set_read_only(false);
    insert(&open(&disk, how).unwrap(), 1).unwrap();
}

#[test]
fn a_flipped_bit_is_found_by_the_cipher_and_not_without_it() {
    for how in [CIPHER, WAL_FULL] {
        let disk = Disk::new();
        let conn = open(&disk, how).unwrap();
        (0..ROWS).for_each(|n| insert(&conn, n).unwrap());
        drop(conn);
        let sound = disk.live();
        // In a text of the last page.
        let bit = (sound.len(DB).unwrap() as u64 - 1000) * 8;
        disk.flip(DB, bit);
        assert_ne!(disk.live(), sound);
        assert_ne!(disk.durable(), sound);
        match look(&disk, how) {
            Look::Refused(_) => assert!(how.key.is_some()),
            seen => assert!(
                how.key.is_none() && seen == Look::Wrong,
                "{how:?}: {seen:?}"
            ),
        }
        disk.flip(DB, bit);
        assert_eq!(disk.live(), sound, "the same bit again is the old byte");
    }
    let disk = Disk::new();
    insert(&open(&disk, CIPHER).unwrap(), 0).unwrap();
    let mut refused = 0;
    for read in 0..20 {
        disk.flip_read_after(read, 80);
        match look(&disk, CIPHER) {
            Look::Refused(_) => refused += 1,
            seen => assert_eq!(seen, Look::Rows(1), "read {read}"),
        }
    }
    assert!(refused > 0, "{refused}");
    disk.flip_read_after(u64::MAX, 0);
    assert_eq!(look(&disk, CIPHER), Look::Rows(1), "single reads only");
}

#[test]
fn several_connections_share_the_log_and_lock_each_other_out() {
    let disk = Disk::new();
    let one = open(&disk, CIPHER).unwrap();
    let two = open_flags(&disk, CIPHER, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let count = |conn: &Connection| -> i64 {
        conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap()
    };
    insert(&one, 0).unwrap();
    assert_eq!(count(&two), 1, "what one committed the other sees");
    one.execute_batch("BEGIN IMMEDIATE").unwrap();
    insert(&one, 1).unwrap();
    assert_eq!(count(&two), 1, "a look at what is committed");
    let error = two.execute_batch("BEGIN IMMEDIATE").unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
    one.execute_batch("COMMIT").unwrap();
    insert(&two, 2).unwrap();
    assert_eq!((count(&one), count(&two)), (3, 3));
    assert!(disk.live().len(WAL).is_some());
    drop(one);
    drop(two);
    assert_eq!(
        disk.live().len(WAL),
        None,
        "the last one empties and removes the log"
    );
    assert_eq!(disk.open_files(), 0);
}

#[test]
fn writers_on_threads_wait_for_each_other() {
    let disk = Disk::new();
    drop(open(&disk, WAL_FULL).unwrap());
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let disk = &disk;
            scope.spawn(move || {
                let conn = Connection::open_with_flags_and_vfs(
                    DB,
                    OpenFlags::SQLITE_OPEN_READ_WRITE,
                    disk.vfs(),
                )
                .unwrap();
                for n in 0..20 {
                    let sql = "INSERT INTO t VALUES (?, 'x')";
                    while let Err(error) = conn.execute(sql, [writer * 100 + n]) {
                        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
                        std::thread::yield_now();
                    }
                }
            });
        }
    });
    let conn = open(&disk, WAL_FULL).unwrap();
    let there: i64 = conn
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(there, 60);
}

#[test]
fn the_same_calls_make_the_same_disk() {
    let life = || {
        let disk = Disk::new();
        let answered = until_death(&disk, DELETE_FULL, 70);
        disk.power_loss(&mut Seeded::new(7));
        (answered, disk.changes(), disk.live().len(DB))
    };
    assert_eq!(life(), life());
}

#[test]
fn an_image_is_a_folder_elsewhere() {
    let disk = Disk::new();
    let conn = open(&disk, CIPHER).unwrap();
    (0..ROWS).for_each(|n| insert(&conn, n).unwrap());
    let folder = tempfile::tempdir().unwrap();
    disk.durable().write_to(folder.path()).unwrap();
    let real = Connection::open(folder.path().join("a.db")).unwrap();
    real.execute_batch(&format!("PRAGMA key = \"x'{KEY_AND_SALT}'\""))
        .unwrap();
    let there: i64 = real
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(there, ROWS);
}

#[test]
fn a_rename_and_a_deletion_hold_once_the_directory_is_durable() {
    let mut image = Image::default();
    image.put("a", b"a");
    image.put("b", b"b");
    let disk = Disk::holding(&image, 512);
    disk.sync_directory();
    disk.rename("a", "c");
    disk.delete("b");
    let names = |image: &Image| image.names().collect::<Vec<_>>().join(" ");
    assert_eq!(
        (names(&disk.live()), names(&disk.durable())),
        ("c".into(), "a b".into())
    );
    disk.sync_directory();
    disk.power_loss(&mut Seeded::new(1));
    assert_eq!(names(&disk.live()), "c");
    assert_eq!(disk.live().bytes("c").unwrap(), b"a");
}
