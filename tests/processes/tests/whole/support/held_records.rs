//! Records that nobody can write for a while.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Running, repository};

/// The writer of the records waits for as long as this is there: at most the store's own patience.
pub(crate) struct HeldRecords(#[expect(dead_code, reason = "ends with this")] Running);

impl HeldRecords {
    /// Returns when the lock is held.
    pub(crate) fn of(store: &Path) -> Self {
        let mut child = Command::new("/usr/bin/python3")
            .arg(repository().join("tests/processes/hold_records.py"))
            .arg(store.join(scrim_store::DATABASE_FILE))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "held");
        Self(Running(child))
    }
}
