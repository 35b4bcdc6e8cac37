//! A table of rows on a faulty disk, opened in several ways.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use rusqlite::{Connection, OpenFlags};
use scrim_faults::Disk;

pub const DB: &str = "/desk/a.db";
pub const WAL: &str = "/desk/a.db-wal";
pub const ROWS: i64 = 12;

#[derive(Debug, Clone, Copy)]
pub struct How {
    pub journal: &'static str,
    pub synchronous: &'static str,
    pub key: Option<&'static str>,
}

pub const KEY: &str = "7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a";
/// The same key, and behind it the salt that SQLCipher else reads from the file's first bytes.
pub const KEY_AND_SALT: &str = "7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a\
                            5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b";

pub const WAL_FULL: How = how("WAL", "FULL", None);
pub const WAL_OFF: How = how("WAL", "OFF", None);
pub const CIPHER: How = how("WAL", "FULL", Some(KEY_AND_SALT));
pub const CIPHER_SALT_IN_FILE: How = how("WAL", "FULL", Some(KEY));
pub const DELETE_FULL: How = how("DELETE", "FULL", None);
pub const DELETE_EXTRA: How = how("DELETE", "EXTRA", None);
pub const TRUNCATE_FULL: How = how("TRUNCATE", "FULL", None);
pub const DELETE_OFF: How = how("DELETE", "OFF", None);

const fn how(journal: &'static str, synchronous: &'static str, key: Option<&'static str>) -> How {
    How {
        journal,
        synchronous,
        key,
    }
}

pub type Answer<T = ()> = rusqlite::Result<T>;

pub fn open(disk: &Disk, how: How) -> Answer<Connection> {
    open_flags(
        disk,
        how,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    )
}

pub fn open_flags(disk: &Disk, how: How, flags: OpenFlags) -> Answer<Connection> {
    let conn = Connection::open_with_flags_and_vfs(DB, flags, disk.vfs())?;
    if let Some(key) = how.key {
        conn.execute_batch(&format!("PRAGMA key = \"x'{key}'\""))?;
    }
    conn.query_row(
        &format!("PRAGMA journal_mode = {}", how.journal),
        [],
        |_| Ok(()),
    )?;
    conn.execute_batch(&format!("PRAGMA synchronous = {}", how.synchronous))?;
    conn.execute_batch("PRAGMA wal_autocheckpoint = 6")?;
    conn.execute_batch("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, text TEXT NOT NULL)")?;
    Ok(conn)
}

pub fn insert(conn: &Connection, n: i64) -> Answer {
    let text = format!("row {n} ").repeat(150);
    conn.execute("INSERT INTO t VALUES (?, ?)", (n, text))
        .map(|_| ())
}

/// What a look at a database shows.
#[derive(Debug, PartialEq)]
pub enum Look {
    /// The first so many rows, each with its text.
    Rows(i64),
    /// SQLite says that it is broken.
    Refused(String),
    /// Nothing was said, and other rows or texts are there.
    Wrong,
}

pub fn look(disk: &Disk, how: How) -> Look {
    rows(disk, how).unwrap_or_else(|error| Look::Refused(error.to_string()))
}

pub fn rows(disk: &Disk, how: How) -> Answer<Look> {
    let conn = open(disk, how)?;
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Look::Refused(said));
    }
    let mut statement = conn.prepare("SELECT n, text FROM t ORDER BY n")?;
    let mut found = statement.query([])?;
    let mut count = 0;
    while let Some(row) = found.next()? {
        let text = format!("row {count} ").repeat(150);
        if row.get::<_, i64>(0)? != count || row.get::<_, String>(1)? != text {
            return Ok(Look::Wrong);
        }
        count += 1;
    }
    Ok(Look::Rows(count))
}

/// The rows of a database that must be sound.
pub fn sound_rows(disk: &Disk, how: How) -> i64 {
    match look(disk, how) {
        Look::Rows(count) => count,
        other => panic!("{other:?}"),
    }
}

/// Inserts rows on a machine that dies at change `at`; says how many inserts were answered.
pub fn until_death(disk: &Disk, how: How, at: u64) -> i64 {
    disk.die_after(at);
    let Ok(conn) = open(disk, how) else { return 0 };
    (0..ROWS).take_while(|n| insert(&conn, *n).is_ok()).count() as i64
}

/// Changes of a whole life.
pub fn changes(how: How) -> u64 {
    let disk = Disk::new();
    assert_eq!(until_death(&disk, how, u64::MAX), ROWS);
    disk.changes()
}
