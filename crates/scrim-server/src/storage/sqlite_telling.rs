//! When the team is told of a decision, and with which times.
//!
//! A day (UTC) is told when it is over: everything that came on it, or came to stand otherwise, at
//! once and in no order, as it stood then. A decision is told under the day on which it came, so
//! that none that was made before stands out. Whoever reads all the time learns no more than who
//! reads once a day. The times of decisions that were decided alike, came on one day and are of one
//! queue are exchanged among them, so that medians are exact and no time is any decision's. Where
//! they are not at least five people's, active times are not told, and times to action only in hours.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use rusqlite::{Connection, Row, Transaction, params};

use scrim_model::limits::GRAVE_SEVERITY;
use scrim_model::team::counts;
use scrim_model::{Decision, Timestamp};
use scrim_wire::protocol::{Due, Standing, TeamFacts};

use super::columns::{DAY_MS, day_of, from_json, to_sql};
use super::contract::Write;
use super::sqlite_not_me;
use crate::error::ServerError;
use crate::limits::PEOPLE_MIN;

/// In groups of few people, and from a day on, times to action are whole hours.
const HOUR_S: i64 = 3_600;
const LONG_S: i64 = 86_400;

/// Which of what waits is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// What came before this day, as nobody's.
    DaysBefore(i64),
    /// Everything, each decision with its own times: in a test environment there is nobody to protect.
    AtOnce,
}

impl Telling {
    fn before(self) -> i64 {
        match self {
            Self::DaysBefore(day) => day,
            Self::AtOnce => i64::MAX,
        }
    }
}

/// Midnight of the day on which a decision came: the team is told that day, whenever it was made.
pub(super) fn came_in_on(received: Timestamp) -> Timestamp {
    Timestamp(day_of(received) * DAY_MS)
}

/// When a decision comes: now. One that is late for a day that was just told comes as the next
/// begins.
pub(super) fn comes_in_at(tx: &Transaction<'_>, write: &Write) -> Result<Timestamp, ServerError> {
    let today = day_of(write.now);
    Ok(match is_late(tx, today)? {
        true => Timestamp((today + 1) * DAY_MS),
        false => write.now,
    })
}

/// Whether this day was the last one that was told.
fn is_late(tx: &Transaction<'_>, day: i64) -> Result<bool, ServerError> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM (SELECT before FROM team_batches ORDER BY first DESC LIMIT 1)
             WHERE before = ?1 + 1",
        )?
        .exists([day])?)
}

/// What decisions have in common that exchange their times: the day on which they came, queue,
/// first policy, first action, and whether they count.
type Alike = (i64, String, String, String, bool);

/// What is told with a decision and need not be its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Times {
    handle_ms: Option<i64>,
    action_s: Option<i64>,
    is_met: Option<bool>,
}

/// A decision that waits to be told.
struct Waiting {
    decision: String,
    state: String,
    user: String,
    alike: Alike,
    was_told: bool,
    times: Times,
}

/// Lets a decision wait: it has just come, or is about to stand otherwise. Training is never told.
/// Days that are over are told first, as they ended.
pub(super) fn wait(tx: &Transaction<'_>, decision: &str, write: &Write) -> Result<(), ServerError> {
    let today = day_of(write.now);
    sqlite_not_me::forget_people(tx, today)?;
    if !write.tells_at_once {
        // What came while the clock was ahead came today.
        tx.prepare_cached("UPDATE team_waiting SET day = ?1 WHERE day > ?1 + 1")?
            .execute([today])?;
        tell(tx, Telling::DaysBefore(today))?;
    }
    wait_since(tx, decision, today)
}

/// The same of a decision that came, or came to stand otherwise, on this day. One that is late for
/// a day that was just told waits with the next.
pub(super) fn wait_since(
    tx: &Transaction<'_>,
    decision: &str,
    day: i64,
) -> Result<(), ServerError> {
    let day = day + i64::from(is_late(tx, day)?);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO team_waiting (decision_id, day)
         SELECT id, ?2 FROM decisions WHERE id = ?1 AND training = 0",
    )?
    .execute(params![decision, day])?;
    Ok(())
}

/// Whether there is anything to tell.
pub(super) fn waits(db: &Connection, telling: Telling) -> Result<bool, ServerError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM team_waiting WHERE day < ?1 LIMIT 1")?
        .exists([telling.before()])?)
}

/// Tells every day but the newest, one after the other.
pub(super) fn tell_all_days(tx: &Transaction<'_>) -> Result<(), ServerError> {
    let mut statement =
        tx.prepare("SELECT DISTINCT day FROM team_waiting WHERE day > 0 ORDER BY day")?;
    let days = statement.query_map([], |row| row.get(0))?;
    for day in days.collect::<Result<Vec<i64>, _>>()? {
        tell(tx, Telling::DaysBefore(day))?;
    }
    Ok(())
}

/// Tells the team.
pub(super) fn tell(tx: &Transaction<'_>, telling: Telling) -> Result<(), ServerError> {
    if !waits(tx, telling)? {
        return Ok(());
    }
    let mut waiting = waiting(tx, telling.before())?;
    if let Telling::DaysBefore(_) = telling {
        waiting.shuffle(&mut rand::rng());
        exchange_times(&mut waiting);
    }
    for (n, one) in waiting.iter().enumerate() {
        tx.prepare_cached("DELETE FROM team_told WHERE decision_id = ?1")?
            .execute([&one.decision])?;
        tx.prepare_cached(
            "INSERT INTO team_told (decision_id, state, handle_ms, action_s, is_met)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            one.decision,
            one.state,
            one.times.handle_ms,
            one.times.action_s,
            one.times.is_met
        ])?;
        if n == 0 {
            tx.prepare_cached(
                "INSERT INTO team_batches VALUES (?1, lower(hex(randomblob(16))), ?2)",
            )?
            .execute([tx.last_insert_rowid(), telling.before()])?;
        }
    }
    tx.prepare_cached("DELETE FROM team_waiting WHERE day < ?1")?
        .execute([telling.before()])?;
    Ok(())
}

/// What waits, in the order in which it came. What cannot be read is never told; it stands in
/// nobody's way.
fn waiting(db: &Connection, before: i64) -> Result<Vec<Waiting>, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT d.id, d.state, d.user_id, d.body, d.at, d.facts, t.seq IS NOT NULL, t.handle_ms,
                t.action_s, t.is_met
         FROM team_waiting w JOIN decisions d ON d.id = w.decision_id
         LEFT JOIN team_told t ON t.decision_id = d.id
         WHERE w.day < ?1 ORDER BY w.seq",
    )?;
    let mut rows = statement.query([before])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        match waiting_row(row) {
            Err(ServerError::Corrupt(what)) => {
                tracing::error!(what, "a decision cannot be told to the team");
            }
            read => found.push(read?),
        }
    }
    Ok(found)
}

fn waiting_row(row: &Row<'_>) -> Result<Waiting, ServerError> {
    let state: String = row.get(1)?;
    let decision: Decision = from_json(&row.get::<_, String>(3)?, "a decision")?;
    let facts: TeamFacts = from_json(&row.get::<_, String>(5)?, "what is told of a decision")?;
    let was_told: bool = row.get(6)?;
    let is_counted = counts(&facts.review, &Standing::from(state.as_str()));
    Ok(Waiting {
        decision: row.get(0)?,
        state,
        user: row.get(2)?,
        alike: (
            day_of(Timestamp(row.get(4)?)),
            decision.queue_id.to_string(),
            decision.first_policy().to_owned(),
            decision.headline().to_owned(),
            is_counted,
        ),
        was_told,
        times: if was_told {
            Times {
                handle_ms: row.get(7)?,
                action_s: row.get(8)?,
                is_met: row.get(9)?,
            }
        } else {
            own_times(&decision, &facts)
        },
    })
}

/// Copies took nobody's time, and came with what they are copies of: their times to action would
/// tell when that was.
fn own_times(decision: &Decision, facts: &TeamFacts) -> Times {
    let is_copy = decision.propagated_from.is_some();
    let is_timed = decision.handle_ms > 0 && decision.severity < GRAVE_SEVERITY;
    Times {
        handle_ms: (is_timed && !is_copy).then(|| to_sql(decision.handle_ms)),
        action_s: facts.action_s.filter(|_| !is_copy).map(to_sql),
        is_met: match facts.due {
            Some(Due::Met) => Some(true),
            Some(Due::Missed) => Some(false),
            Some(Due::Other(_)) | None => None,
        },
    }
}

/// No time is any decision's any more. What was told before keeps what was told with it.
fn exchange_times(waiting: &mut [Waiting]) {
    let mut alike: BTreeMap<Alike, Vec<&mut Waiting>> = BTreeMap::new();
    for one in waiting.iter_mut().filter(|one| !one.was_told) {
        alike.entry(one.alike.clone()).or_default().push(one);
    }
    for mut group in alike.into_values() {
        if !are_many(&group, |times| times.handle_ms.is_some()) {
            group.iter_mut().for_each(|one| one.times.handle_ms = None);
        }
        let is_small = !are_many(&group, |times| times.action_s.is_some());
        for action_s in group
            .iter_mut()
            .filter_map(|one| one.times.action_s.as_mut())
        {
            if is_small || *action_s >= LONG_S {
                *action_s -= *action_s % HOUR_S;
            }
        }
        exchange(&mut group, |times| &mut times.handle_ms);
        exchange(&mut group, |times| &mut times.action_s);
        exchange(&mut group, |times| &mut times.is_met);
    }
}

/// Whether those of a group that have a time are at least five people's.
fn are_many(group: &[&mut Waiting], has: impl Fn(&Times) -> bool) -> bool {
    let timed = group.iter().filter(|one| has(&one.times));
    let people: BTreeSet<&str> = timed.map(|one| one.user.as_str()).collect();
    people.len() >= PEOPLE_MIN
}

fn exchange<T: Copy>(group: &mut [&mut Waiting], of: impl Fn(&mut Times) -> &mut Option<T>) {
    let mut all: Vec<T> = group
        .iter_mut()
        .filter_map(|one| *of(&mut one.times))
        .collect();
    all.shuffle(&mut rand::rng());
    let places = group.iter_mut().map(|one| of(&mut one.times));
    for (place, other) in places.filter(|place| place.is_some()).zip(all) {
        *place = Some(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_S: i64 = 60;

    /// One of `n`, which takes and waits that many minutes.
    fn one(n: i64, user: &str, alike: &str) -> Waiting {
        Waiting {
            decision: n.to_string(),
            state: "standing".to_owned(),
            user: user.to_owned(),
            alike: (0, alike.to_owned(), String::new(), String::new(), true),
            was_told: false,
            times: Times {
                handle_ms: Some(n),
                action_s: Some(n * MINUTE_S),
                is_met: (n % 2 == 0).then_some(n % 4 == 0),
            },
        }
    }

    fn many(from: i64, people: &[&str], alike: &str) -> Vec<Waiting> {
        (from..from + 100)
            .map(|n| one(n, people[n as usize % people.len()], alike))
            .collect()
    }

    fn sorted<T: Ord>(waiting: &[Waiting], of: impl Fn(&Times) -> Option<T>) -> Vec<T> {
        let mut all: Vec<T> = waiting.iter().filter_map(|one| of(&one.times)).collect();
        all.sort_unstable();
        all
    }

    fn kept(waiting: &[Waiting], is_own: impl Fn(i64, &Times) -> bool) -> usize {
        let own = |one: &&Waiting| is_own(one.decision.parse().unwrap_or(-1), &one.times);
        waiting.iter().filter(own).count()
    }

    const FIVE: [&str; 5] = ["a", "b", "c", "d", "e"];

    #[test]
    fn times_are_exchanged_among_decisions_that_are_alike_and_none_is_lost() {
        let mut waiting = many(0, &FIVE, "q");
        waiting.extend(many(1_000, &FIVE, "other"));
        let met = sorted(&waiting, |times| times.is_met);
        exchange_times(&mut waiting);
        let (first, second) = waiting.split_at(100);
        for (part, from) in [(first, 0), (second, 1_000)] {
            let numbers = Vec::from_iter(from..from + 100);
            assert_eq!(sorted(part, |times| times.handle_ms), numbers);
            let minutes: Vec<i64> = numbers.iter().map(|n| n * MINUTE_S).collect();
            assert_eq!(sorted(part, |times| times.action_s), minutes);
        }
        assert_eq!(sorted(&waiting, |times| times.is_met), met);
        let own = kept(&waiting, |n, times| times.handle_ms == Some(n));
        let own_action = kept(&waiting, |n, times| times.action_s == Some(n * MINUTE_S));
        let both = kept(&waiting, |_, times| {
            times.action_s == times.handle_ms.map(|n| n * MINUTE_S)
        });
        for still in [own, own_action, both] {
            assert!(still < 20, "{still} of 200 are as they were");
        }
        // Who was due at no time still is not.
        assert_eq!(
            kept(&waiting, |n, times| times.is_met.is_some() == (n % 2 == 0)),
            200
        );
    }

    #[test]
    fn of_four_people_no_active_time_is_told_and_only_the_hour_of_a_time_to_action() {
        let mut waiting = many(0, &FIVE[..4], "q");
        // A fifth one decided otherwise.
        waiting.push(one(90, "e", "other"));
        exchange_times(&mut waiting);
        assert!(sorted(&waiting, |times| times.handle_ms).is_empty());
        let hours = sorted(&waiting, |times| times.action_s);
        assert_eq!(hours.len(), 101);
        assert!(hours.iter().all(|s| s % HOUR_S == 0), "{hours:?}");
    }

    #[test]
    fn of_what_waited_a_day_only_the_hour_is_told() {
        let mut waiting = many(1_400, &FIVE, "q");
        exchange_times(&mut waiting);
        let told = sorted(&waiting, |times| times.action_s);
        let (short, long): (Vec<i64>, Vec<i64>) = told.iter().partition(|s| **s < LONG_S);
        assert_eq!(short, Vec::from_iter((1_400..1_440).map(|n| n * MINUTE_S)));
        assert_eq!(long, [LONG_S; 60]);
    }

    #[test]
    fn what_was_told_keeps_its_times_and_takes_no_part() {
        let mut waiting: Vec<_> = (0..5).map(|n| one(n, FIVE[n as usize], "q")).collect();
        waiting[4].was_told = true;
        let before = waiting[4].times.clone();
        exchange_times(&mut waiting);
        assert_eq!(waiting[4].times, before);
        assert!(sorted(&waiting[..4], |times| times.handle_ms).is_empty());
    }
}
