//! Groups: kept ready for days that have not changed, made of the decisions for the others.

use rusqlite::{Connection, params};
use scrim_model::days::{date_number, date_text};
use scrim_model::limits::GRAVE_SEVERITY;
use scrim_model::team::TeamGroup;

use super::{TeamStore, reader};
use crate::error::StoreError;
use crate::limits::{NAMES_MAX, TEAM_DAYS_APART};

/// Day; queue, policy and action, as rows of names.
type Key = (i64, (i64, i64, i64));

/// What is gathered of one group.
#[derive(Default)]
struct Gathered {
    count: u64,
    unsure: u64,
    is_grave: bool,
    handle_ms: Vec<u32>,
    action_s: Vec<u32>,
    due: u64,
    met: u64,
}

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
        let gathered = self.gather_all(&stale.collect::<Result<Vec<i64>, _>>()?)?;
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
        let stale: Vec<i64> = self
            .conn
            .prepare_cached("SELECT day FROM stale ORDER BY day")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        // Nobody else writes, so what is gathered now is what there is then.
        let gathered = self.gather_all(&stale)?;
        let tx = self.conn.transaction()?;
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

    /// Groups of these days; of many days by two readers, where nobody else writes: two readers see two moments.
    fn gather_all(&self, days: &[i64]) -> Result<Vec<(Key, Gathered)>, StoreError> {
        let source = match &self.writes {
            Some(source) if days.len() >= TEAM_DAYS_APART => source,
            _ => return gather_each(&self.conn, days),
        };
        let (first, second) = days.split_at(days.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| gather_each(&reader(source)?, second));
            let mut gathered = gather_each(&self.conn, first)?;
            let other = other.join().map_err(|_| StoreError::Unreadable)?;
            gathered.extend(other?);
            Ok(gathered)
        })
    }
}

fn gather_each(conn: &Connection, days: &[i64]) -> Result<Vec<(Key, Gathered)>, StoreError> {
    let mut gathered = Vec::new();
    for day in days {
        gathered.extend(gather(conn, *day)?);
    }
    Ok(gathered)
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

/// Groups of one day's decisions themselves, in the order of the index.
fn gather(conn: &Connection, day: i64) -> Result<Vec<(Key, Gathered)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT day, queue, policy, action, severity, unsure, handle_ms, action_s, due
         FROM decisions INDEXED BY decisions_group
         WHERE counts = 1 AND day = ?1 ORDER BY queue, policy, action",
    )?;
    let mut rows = statement.query([day])?;
    let mut groups: Vec<(Key, Gathered)> = Vec::new();
    while let Some(row) = rows.next()? {
        let key: Key = (row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
        if groups.last().is_none_or(|(last, _)| *last != key) {
            groups.push((key, Gathered::default()));
        }
        let Some((_, of)) = groups.last_mut() else {
            continue;
        };
        of.count += 1;
        of.is_grave |= row.get::<_, u8>(4)? >= GRAVE_SEVERITY;
        of.unsure += u64::from(row.get::<_, bool>(5)?);
        of.handle_ms.extend(row.get::<_, Option<u32>>(6)?);
        of.action_s.extend(row.get::<_, Option<u32>>(7)?);
        if let Some(met) = row.get::<_, Option<bool>>(8)? {
            of.due += 1;
            of.met += u64::from(met);
        }
    }
    for (_, of) in &mut groups {
        of.handle_ms.sort_unstable();
        of.action_s.sort_unstable();
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
