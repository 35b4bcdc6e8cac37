//! When the team is told of a decision, and with which times.
//!
//! A day (UTC) is told when it is over: everything that came on it, or came to stand otherwise, at
//! once and in no order, as it stood then. Whoever reads all the time learns no more than who reads
//! once a day. The times of decisions that were decided alike on one day and in one queue are
//! exchanged among them, so that medians are exact and no time is any decision's; active times
//! are told only where they are at least five people's.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use rusqlite::{Connection, Transaction, params};

use scrim_model::limits::GRAVE_SEVERITY;
use scrim_model::team::counts;
use scrim_model::{Decision, Timestamp};
use scrim_wire::protocol::{Standing, TeamFacts};

use super::columns::{from_json, to_sql};
use super::sqlite_team::forget_not_me_people;
use crate::error::ServerError;
use crate::limits::PEOPLE_MIN;

const DAY_MS: i64 = 86_400_000;

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

/// Days since the Unix epoch, UTC.
pub(super) fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MS)
}

/// Midnight of the day on which it was decided, by the server's clock.
pub(super) fn decided_on(decision: &Decision, received: Timestamp) -> Timestamp {
    let decided = decision.decided_at.plus_ms(decision.skew_ms).min(received);
    Timestamp(day_of(decided) * DAY_MS)
}

/// What decisions have in common that exchange their times: day, queue, first policy, first action,
/// and whether they count, are copies, or are grave.
type Alike = (i64, String, String, String, [bool; 3]);

/// A decision that waits to be told.
struct Waiting {
    decision: String,
    state: String,
    user: String,
    alike: Alike,
    was_told: bool,
    handle_ms: Option<i64>,
    action_s: Option<i64>,
}

/// Lets a decision wait: it has just come, or is about to stand otherwise. Training is never told.
/// Days that are over are told first, as they ended.
pub(super) fn wait(
    tx: &Transaction<'_>,
    decision: &str,
    now: Timestamp,
) -> Result<(), ServerError> {
    forget_not_me_people(tx, day_of(now))?;
    tell(tx, Telling::DaysBefore(day_of(now)))?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO team_waiting (decision_id, day)
         SELECT id, ?2 FROM decisions WHERE id = ?1 AND training = 0",
    )?
    .execute(params![decision, day_of(now)])?;
    Ok(())
}

/// Whether there is anything to tell.
pub(super) fn waits(db: &Connection, telling: Telling) -> Result<bool, ServerError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM team_waiting WHERE day < ?1 LIMIT 1")?
        .exists([telling.before()])?)
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
            "INSERT INTO team_told (decision_id, state, handle_ms, action_s) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![one.decision, one.state, one.handle_ms, one.action_s])?;
        if n == 0 {
            tx.prepare_cached("INSERT INTO team_batches VALUES (?1, lower(hex(randomblob(16))))")?
                .execute([tx.last_insert_rowid()])?;
        }
    }
    tx.prepare_cached("DELETE FROM team_waiting WHERE day < ?1")?
        .execute([telling.before()])?;
    Ok(())
}

/// What waits, in the order in which it came.
fn waiting(db: &Connection, before: i64) -> Result<Vec<Waiting>, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT d.id, d.state, d.user_id, d.body, d.at, d.facts, t.seq IS NOT NULL, t.handle_ms,
                t.action_s
         FROM team_waiting w JOIN decisions d ON d.id = w.decision_id
         LEFT JOIN team_told t ON t.decision_id = d.id
         WHERE w.day < ?1 ORDER BY w.seq",
    )?;
    let mut rows = statement.query([before])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let state: String = row.get(1)?;
        let decision: Decision = from_json(&row.get::<_, String>(3)?, "a decision")?;
        let facts: TeamFacts = from_json(&row.get::<_, String>(5)?, "what is told of a decision")?;
        let is_copy = decision.propagated_from.is_some();
        let is_grave = decision.severity >= GRAVE_SEVERITY;
        let is_counted = counts(&facts.review, &Standing::from(state.as_str()));
        let was_told: bool = row.get(6)?;
        let own_ms =
            (decision.handle_ms > 0 && !is_copy && !is_grave).then(|| to_sql(decision.handle_ms));
        let policy = decision.policy_ids.first();
        found.push(Waiting {
            decision: row.get(0)?,
            state,
            user: row.get(2)?,
            alike: (
                decided_on(&decision, Timestamp(row.get(4)?)).0,
                decision.queue_id.to_string(),
                policy.map(ToString::to_string).unwrap_or_default(),
                decision.headline().to_owned(),
                [is_counted, is_copy, is_grave],
            ),
            was_told,
            handle_ms: if was_told { row.get(7)? } else { own_ms },
            action_s: if was_told {
                row.get(8)?
            } else {
                facts.action_s.map(to_sql)
            },
        });
    }
    Ok(found)
}

/// No time is any decision's any more. What was told before keeps what was told with it.
fn exchange_times(waiting: &mut [Waiting]) {
    let mut alike: BTreeMap<Alike, Vec<&mut Waiting>> = BTreeMap::new();
    for one in waiting.iter_mut().filter(|one| !one.was_told) {
        alike.entry(one.alike.clone()).or_default().push(one);
    }
    for mut group in alike.into_values() {
        let timed = group.iter().filter(|one| one.handle_ms.is_some());
        let people: BTreeSet<&str> = timed.map(|one| one.user.as_str()).collect();
        if people.len() < PEOPLE_MIN {
            group.iter_mut().for_each(|one| one.handle_ms = None);
        }
        exchange(&mut group, |one| &mut one.handle_ms);
        exchange(&mut group, |one| &mut one.action_s);
    }
}

fn exchange(group: &mut [&mut Waiting], time: impl Fn(&mut Waiting) -> &mut Option<i64>) {
    let mut times: Vec<i64> = group.iter_mut().filter_map(|one| *time(one)).collect();
    times.shuffle(&mut rand::rng());
    let with_time = group
        .iter_mut()
        .map(|one| time(one))
        .filter(|time| time.is_some());
    for (place, other) in with_time.zip(times) {
        *place = Some(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(n: i64, user: &str, alike: &str, was_told: bool) -> Waiting {
        Waiting {
            decision: n.to_string(),
            state: "standing".to_owned(),
            user: user.to_owned(),
            alike: (
                0,
                alike.to_owned(),
                String::new(),
                String::new(),
                [true, false, false],
            ),
            was_told,
            handle_ms: Some(n),
            action_s: (n % 2 == 0).then_some(n),
        }
    }

    fn sorted(waiting: &[Waiting], time: impl Fn(&Waiting) -> Option<i64>) -> Vec<i64> {
        let mut times: Vec<i64> = waiting.iter().filter_map(time).collect();
        times.sort_unstable();
        times
    }

    #[test]
    fn times_are_exchanged_among_decisions_that_are_alike_and_none_is_lost() {
        let people = ["a", "b", "c", "d", "e"];
        let all = |alike: &str, from: i64| {
            let user = |n: i64| people[n as usize % 5];
            (from..from + 100)
                .map(|n| one(n, user(n), alike, false))
                .collect::<Vec<_>>()
        };
        let mut waiting = all("q", 0);
        waiting.extend(all("other", 1_000));
        let before: Vec<_> = waiting.iter().map(|one| one.handle_ms).collect();
        let action = sorted(&waiting, |one| one.action_s);
        exchange_times(&mut waiting);
        let after: Vec<_> = waiting.iter().map(|one| one.handle_ms).collect();
        assert_ne!(after, before);
        assert_eq!(
            sorted(&waiting[..100], |one| one.handle_ms),
            Vec::from_iter(0..100)
        );
        assert_eq!(
            sorted(&waiting[100..], |one| one.handle_ms),
            Vec::from_iter(1_000..1_100)
        );
        assert_eq!(sorted(&waiting, |one| one.action_s), action);
        // Who had none has none.
        assert!(waiting.iter().all(|one| {
            let n: i64 = one.decision.parse().unwrap_or(1);
            one.action_s.is_some() == (n % 2 == 0)
        }));
    }

    #[test]
    fn active_times_of_four_people_are_told_of_nobody_and_the_times_to_action_are() {
        let mut waiting: Vec<_> = (0..40)
            .map(|n| one(n, ["a", "b", "c", "d"][n as usize % 4], "q", false))
            .collect();
        // A fifth one decided otherwise.
        waiting.push(one(90, "e", "other", false));
        exchange_times(&mut waiting);
        assert!(waiting.iter().all(|one| one.handle_ms.is_none()));
        assert_eq!(sorted(&waiting, |one| one.action_s).len(), 21);
    }

    #[test]
    fn what_was_told_keeps_its_times_and_takes_no_part() {
        let mut waiting: Vec<_> = (0..5)
            .map(|n| one(n, ["a", "b", "c", "d", "e"][n as usize], "q", n == 4))
            .collect();
        exchange_times(&mut waiting);
        let told: Vec<_> = waiting.iter().map(|one| one.handle_ms).collect();
        assert_eq!(told, [None, None, None, None, Some(4)]);
        assert_eq!(waiting[4].action_s, Some(4));
    }
}
