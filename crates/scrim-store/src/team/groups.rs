//! Groups: kept ready for days that have not changed, made of the decisions for the others.

use rusqlite::{Connection, TransactionBehavior, params};
use scrim_model::days::{date_number, date_text};
use scrim_model::team::TeamGroup;

use super::TeamStore;
use super::gather::{Gathered, Key, gather_all};
use crate::error::StoreError;
use crate::limits::NAMES_MAX;

impl TeamStore {
    /// Groups of the days from `from` to `to`, both with them (`YYYY-MM-DD`, UTC), of one queue or all; sorted by day,
    /// queue, policy, action.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn groups(
        &self,
        from: &str,
        to: &str,
        queue: Option<&str>,
    ) -> Result<Vec<TeamGroup>, StoreError> {
        let _moment = self.conn.unchecked_transaction()?;
        self.groups_at_once(from, to, queue)
    }

    /// The same inside a transaction.
    pub(super) fn groups_at_once(
        &self,
        from: &str,
        to: &str,
        queue: Option<&str>,
    ) -> Result<Vec<TeamGroup>, StoreError> {
        let Some((from, to)) = date_number(from).zip(date_number(to)) else {
            return Ok(Vec::new());
        };
        let names = Names::read(&self.conn)?;
        let mut groups = kept(&self.conn, from, to, &names)?;
        let mut stale = self
            .conn
            .prepare_cached("SELECT day FROM stale WHERE day BETWEEN ?1 AND ?2")?;
        let stale = stale.query_map([from, to], |row| row.get(0))?;
        let stale: Vec<i64> = stale.collect::<Result<_, _>>()?;
        let gathered = gather_all(&self.conn, &self.source, &stale)?;
        groups.extend(gathered.into_iter().map(|(key, of)| group(key, of, &names)));
        groups.retain(|group| queue.is_none_or(|queue| queue == group.queue));
        groups.sort_unstable();
        Ok(groups)
    }

    /// Makes the groups of days that changed ready.
    ///
    /// # Errors
    /// What SQLite said; then nothing has changed.
    pub fn make_ready(&mut self) -> Result<(), StoreError> {
        // Nobody writes from here on, so what is gathered is what there is at the end.
        let how = TransactionBehavior::Immediate;
        let tx = self.conn.transaction_with_behavior(how)?;
        let stale: Vec<i64> = tx
            .prepare_cached("SELECT day FROM stale ORDER BY day")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let gathered = gather_all(&tx, &self.source, &stale)?;
        for day in stale {
            tx.prepare_cached("DELETE FROM groups WHERE day = ?1")?
                .execute([day])?;
        }
        for ((day, (queue, policy, action)), of) in gathered {
            tx.prepare_cached(
                "INSERT INTO groups VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                day,
                queue,
                policy,
                action,
                of.count as i64,
                of.unsure as i64,
                of.is_grave,
                bytes(&of.handle_ms),
                bytes(&of.action_s),
                of.due as i64,
                of.met as i64,
            ])?;
        }
        tx.execute("DELETE FROM stale", [])?;
        Ok(tx.commit()?)
    }
}

/// Every name at the place of its id: they are looked up millions of times.
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn read(conn: &Connection) -> Result<Self, StoreError> {
        let mut names = Vec::new();
        let mut statement = conn.prepare_cached("SELECT id, text FROM names ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(NAMES_MAX);
            if id >= NAMES_MAX {
                return Err(StoreError::Damaged);
            }
            names.resize(id, String::new());
            names.push(row.get(1)?);
        }
        Ok(Self(names))
    }

    /// Empty for an id that there is not.
    pub(super) fn get(&self, id: i64) -> &str {
        let at = usize::try_from(id).ok();
        at.and_then(|at| self.0.get(at)).map_or("", String::as_str)
    }
}

fn kept(
    conn: &Connection,
    from: i64,
    to: i64,
    names: &Names,
) -> Result<Vec<TeamGroup>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT day, queue, policy, action, count, unsure, is_grave, handle_ms, action_s, due, met
         FROM groups WHERE day BETWEEN ?1 AND ?2 AND day NOT IN (SELECT day FROM stale)",
    )?;
    let mut rows = statement.query([from, to])?;
    let mut groups = Vec::new();
    while let Some(row) = rows.next()? {
        let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
        let key = (row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
        let of = Gathered {
            count: unsigned(row.get(4)?),
            unsure: unsigned(row.get(5)?),
            is_grave: row.get(6)?,
            handle_ms: numbers(row.get_ref(7)?.as_blob().map_err(|_| StoreError::Damaged)?),
            action_s: numbers(row.get_ref(8)?.as_blob().map_err(|_| StoreError::Damaged)?),
            due: unsigned(row.get(9)?),
            met: unsigned(row.get(10)?),
        };
        groups.push(group(key, of, names));
    }
    Ok(groups)
}

fn group(key: Key, of: Gathered, names: &Names) -> TeamGroup {
    let (day, (queue, policy, action)) = key;
    let name = |id: i64| names.get(id).to_owned();
    TeamGroup {
        day: date_text(day),
        queue: name(queue),
        policy: name(policy),
        action: name(action),
        count: of.count,
        unsure: of.unsure,
        is_grave: of.is_grave,
        handle_ms: of.handle_ms,
        action_s: of.action_s,
        due: of.due,
        met: of.met,
    }
}

pub(super) fn bytes(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

pub(super) fn numbers(bytes: &[u8]) -> Vec<u32> {
    let (whole, _) = bytes.as_chunks::<4>();
    whole.iter().map(|four| u32::from_le_bytes(*four)).collect()
}
