//! Groups made of the decisions themselves: read from the index of groups, of many days by two readers that see the same
//! moment of the file.

use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::{Connection, Transaction};
use scrim_model::limits::GRAVE_SEVERITY;

use super::reader;
use crate::error::StoreError;
use crate::limits::{NAMES_MAX, TEAM_DAYS_APART};
use crate::source::Source;

/// Day; queue, policy and action, as rows of names.
pub(super) type Key = (i64, (i64, i64, i64));

/// What is gathered of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub(super) count: u64,
    pub(super) unsure: u64,
    pub(super) is_grave: bool,
    pub(super) handle_ms: Vec<u32>,
    pub(super) action_s: Vec<u32>,
    pub(super) due: u64,
    pub(super) met: u64,
}

/// Both numbers of each decision of a day that counts, those of a group one after the other.
const NUMBERS: &str = "SELECT marks, times FROM counted WHERE day = ?1 ORDER BY marks";
/// Where the parts of the first number of a decision begin, from its lowest bit on (`counted` in schema.sql).
const DUE: u32 = 1;
const UNSURE: u32 = 3;
const SEVERITY: u32 = 4;
const ACTION: u32 = 7;
const POLICY: u32 = 25;
const QUEUE: u32 = 43;

impl Gathered {
    fn add(&mut self, marks: i64, times: i64) {
        self.count += 1;
        self.unsure += u64::from(marks >> UNSURE & 1 == 1);
        self.is_grave |= marks >> SEVERITY & 7 >= i64::from(GRAVE_SEVERITY);
        // 0: never due; then missed, met.
        let due = marks >> DUE & 3;
        self.due += u64::from(due > 0);
        self.met += u64::from(due > 1);
        let handle_ms = times as u32;
        if handle_ms > 0 {
            self.handle_ms.push(handle_ms);
        }
        if marks & 1 == 1 {
            self.action_s.push((times >> 32) as u32);
        }
    }

    /// What was gathered, its times in order and with no more room than they take; then empty for the next group.
    fn finish(&mut self) -> Self {
        self.handle_ms.sort_unstable();
        self.action_s.sort_unstable();
        let done = self.clone();
        self.handle_ms.clear();
        self.action_s.clear();
        (self.count, self.unsure, self.due, self.met) = (0, 0, 0, 0);
        self.is_grave = false;
        done
    }
}

/// Queue, policy and action of a decision's first number.
fn names(marks: i64) -> (i64, i64, i64) {
    let id = |first: u32| marks >> first & (NAMES_MAX as i64 - 1);
    (id(QUEUE), id(POLICY), id(ACTION))
}

/// Groups of these days as `conn` sees them inside its transaction, in no order.
pub(super) fn gather_all(
    conn: &Connection,
    source: &Source,
    days: &[i64],
) -> Result<Vec<(Key, Gathered)>, StoreError> {
    let next = AtomicUsize::new(0);
    if days.len() < TEAM_DAYS_APART {
        return gather_some(conn, days, &next);
    }
    let moment = moment(conn)?;
    std::thread::scope(|scope| {
        let other = scope.spawn(|| match second(source, moment) {
            Some(conn) => gather_some(&conn, days, &next),
            None => Ok(Vec::new()),
        });
        let mut gathered = gather_some(conn, days, &next)?;
        let other = other.join().map_err(|_| StoreError::Unreadable)?;
        gathered.extend(other?);
        Ok(gathered)
    })
}

/// Groups of those days that no other reader has taken.
fn gather_some(
    conn: &Connection,
    days: &[i64],
    next: &AtomicUsize,
) -> Result<Vec<(Key, Gathered)>, StoreError> {
    let mut gathered = Vec::new();
    while let Some(day) = days.get(next.fetch_add(1, Ordering::Relaxed)) {
        gather(conn, *day, &mut gathered)?;
    }
    Ok(gathered)
}

/// One more reader that sees what the first one sees. None if somebody wrote in between, and none if it cannot be had: the
/// first then reads all days, and meets itself what is wrong with the file.
fn second(source: &Source, of_first: i64) -> Option<Connection> {
    let conn = reader(source).ok()?;
    conn.execute_batch("BEGIN").ok()?;
    (moment(&conn).ok()? == of_first).then_some(conn)
}

/// Notes that decisions change.
pub(super) fn changed(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE moment SET n = random()", [])?;
    Ok(())
}

/// Tells moments of the file apart, also of a file that was made anew.
fn moment(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("SELECT n FROM moment", [], |row| row.get(0))?)
}

/// Groups of one day, in the order of the index.
fn gather(
    conn: &Connection,
    day: i64,
    groups: &mut Vec<(Key, Gathered)>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(NUMBERS)?;
    let mut rows = statement.query([day])?;
    let (mut last, mut gathered) = (None, Gathered::default());
    while let Some(row) = rows.next()? {
        let (marks, times): (i64, i64) = (row.get(0)?, row.get(1)?);
        let of = names(marks);
        if let Some(before) = last.replace(of)
            && before != of
        {
            groups.push(((day, before), gathered.finish()));
        }
        gathered.add(marks, times);
    }
    if let Some(of) = last {
        groups.push(((day, of), gathered.finish()));
    }
    Ok(())
}

#[cfg(test)]
#[path = "gather_tests.rs"]
mod tests;
