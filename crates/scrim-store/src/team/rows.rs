//! Reading pairs, detectors, "not me" counts and single records.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use scrim_model::days::{date_number, date_text};
use scrim_model::team::{Detector, DetectorCount, Judged, ReviewKind, Standing, TeamPair};
use scrim_model::{DecisionId, ItemId, QueueId};
use scrim_wire::protocol::TeamDay;

use super::TeamStore;
use super::groups::Names;
use crate::error::StoreError;

/// Which records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TeamFilter {
    /// First day, `YYYY-MM-DD`, UTC.
    pub from: String,
    /// Last day, with it.
    pub to: String,
    /// One queue.
    pub queue: Option<String>,
    /// First policy; empty for none.
    pub policy: Option<String>,
    /// First action.
    pub action: Option<String>,
    /// Flagged by this detector.
    pub detector: Option<Detector>,
    /// Only those on items that were due at some time.
    pub due: bool,
    /// Reviews of this kind that overturned what they reviewed. Without it: decisions that count.
    pub overturned_by: Option<ReviewKind>,
}

/// A decision of the team, without a word and without its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// The decision.
    pub id: DecisionId,
    /// Its item.
    pub item: ItemId,
    /// UTC day, `YYYY-MM-DD`.
    pub day: String,
    /// Queue id.
    pub queue: String,
    /// First policy id; empty for none.
    pub policy: String,
    /// First action.
    pub action: String,
    /// 0–4.
    pub severity: u8,
    /// Marked unsure.
    pub unsure: bool,
    /// Why the item was decided.
    pub review: ReviewKind,
    /// How it stands.
    pub standing: Standing,
}

/// What [`row`] reads of the decision `d`.
macro_rules! row_of {
    ($d:literal) => {
        concat!(
            $d,
            ".id, ",
            $d,
            ".item, ",
            $d,
            ".day, (SELECT text FROM names WHERE id = ",
            $d,
            ".queue), (SELECT text FROM names WHERE id = ",
            $d,
            ".policy), (SELECT text FROM names WHERE id = ",
            $d,
            ".action), ",
            $d,
            ".severity, ",
            $d,
            ".unsure, (SELECT text FROM names WHERE id = ",
            $d,
            ".review), (SELECT text FROM names WHERE id = ",
            $d,
            ".standing)"
        )
    };
}

const COLUMNS: usize = 10;
/// The action that passes an item on.
pub(super) const PASS_ON: &str = "(SELECT id FROM names WHERE text = 'escalate')";
/// What of a review `r` says something of what it reviewed: it stands, and it does not only pass the item on, which decides
/// nothing; but of a sample both may be asked what they would do.
fn judges() -> String {
    format!(
        "r.standing IN (SELECT id FROM names WHERE text IN ('standing', 'interim'))
             AND (r.review IS (SELECT id FROM names WHERE text = 'sample') OR r.action IS NOT {PASS_ON})"
    )
}

/// [`Judged::overturns`], for counting without reading the rows; a test holds the two together.
const DIFFERS: &str = "(f.action, f.policy) <> (r.action, r.policy)";

fn row(row: &Row<'_>, first: usize) -> Result<TeamRow, StoreError> {
    let text = |n: usize| row.get::<_, String>(first + n);
    Ok(TeamRow {
        id: DecisionId::new(text(0)?).map_err(|_| StoreError::Unreadable)?,
        item: ItemId::new(text(1)?).map_err(|_| StoreError::Unreadable)?,
        day: date_text(row.get(first + 2)?),
        queue: text(3)?,
        policy: text(4)?,
        action: text(5)?,
        severity: row.get(first + 6)?,
        unsure: row.get(first + 7)?,
        review: ReviewKind::from(text(8)?),
        standing: Standing::from(text(9)?),
    })
}

/// A decision of the team as it stands in the file, for tables of millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamLine<'a> {
    /// The decision.
    pub id: &'a str,
    /// Its item.
    pub item: &'a str,
    /// UTC day, `YYYY-MM-DD`.
    pub day: &'a str,
    /// Queue id.
    pub queue: &'a str,
    /// First policy id; empty for none.
    pub policy: &'a str,
    /// First action.
    pub action: &'a str,
    /// 0–4.
    pub severity: u8,
    /// Marked unsure.
    pub unsure: bool,
    /// Why the item was decided.
    pub review: &'a str,
    /// How it stands.
    pub standing: &'a str,
}

impl<'a> TeamLine<'a> {
    /// Everything but severity and doubt, in the order of the fields.
    #[must_use]
    pub fn words(&self) -> [&'a str; 8] {
        [
            self.id,
            self.item,
            self.day,
            self.queue,
            self.policy,
            self.action,
            self.review,
            self.standing,
        ]
    }
}

impl TeamStore {
    /// Calls `take` with every decision of the days from `from` to `to` (`YYYY-MM-DD`, UTC) of one queue or all, in the
    /// order in which they came, whether it counts or not, until it breaks off.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn each(
        &self,
        from: &str,
        to: &str,
        queue: Option<&str>,
        mut take: impl FnMut(TeamLine<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let to = self.read_to(to)?;
        let Some((from, to)) = date_number(from).zip(date_number(&to)) else {
            return Ok(());
        };
        let names = Names::read(&self.conn)?;
        let name = |id: i64| names.get(id);
        let mut statement = self.conn.prepare_cached(
            "SELECT id, item, day, queue, policy, action, severity, unsure, review, standing
             FROM decisions WHERE day BETWEEN ?1 AND ?2 ORDER BY n",
        )?;
        let mut rows = statement.query([from, to])?;
        let mut day = (i64::MIN, String::new());
        while let Some(row) = rows.next()? {
            let text = |n: usize| row.get_ref(n)?.as_str().map_err(|_| StoreError::Unreadable);
            let number: i64 = row.get(2)?;
            if day.0 != number {
                day = (number, date_text(number));
            }
            let line = TeamLine {
                id: text(0)?,
                item: text(1)?,
                day: &day.1,
                queue: name(row.get(3)?),
                policy: name(row.get(4)?),
                action: name(row.get(5)?),
                severity: row.get(6)?,
                unsure: row.get(7)?,
                review: name(row.get(8)?),
                standing: name(row.get(9)?),
            };
            if queue.is_none_or(|queue| queue == line.queue) && take(line).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Days and queue as a condition on the decision `d`.
pub(super) fn span(filter: &TeamFilter, d: &str) -> Option<(String, Vec<Value>)> {
    let (from, to) = date_number(&filter.from).zip(date_number(&filter.to))?;
    let mut sql = format!("{d}.day BETWEEN ? AND ?");
    let mut values = vec![Value::from(from), Value::from(to)];
    if let Some(queue) = &filter.queue {
        named(&mut sql, &mut values, &format!("{d}.queue"), queue);
    }
    Some((sql, values))
}

fn named(sql: &mut String, values: &mut Vec<Value>, column: &str, text: &str) {
    sql.push_str(&format!(
        " AND {column} = (SELECT id FROM names WHERE text = ?)"
    ));
    values.push(Value::from(text.to_owned()));
}

impl TeamStore {
    /// Decisions and the reviews of them, by the review's day and queue. A review that was corrected or undone is left
    /// out, and so is one that passed the item on.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn pairs(&self, filter: &TeamFilter) -> Result<Vec<TeamPair>, StoreError> {
        let Some((span, values)) = span(filter, "r") else {
            return Ok(Vec::new());
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {}, {} FROM decisions r INDEXED BY decisions_of JOIN decisions f ON f.id = r.of
             WHERE r.of IS NOT NULL AND {span} AND {} ORDER BY r.n",
            row_of!("f"),
            row_of!("r"),
            judges(),
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut pairs = Vec::new();
        while let Some(found) = rows.next()? {
            let (first, second) = (row(found, 0)?, row(found, COLUMNS)?);
            let judged = |row: TeamRow| Judged {
                policy: row.policy,
                action: row.action,
                severity: row.severity,
            };
            pairs.push(TeamPair {
                day: second.day.clone(),
                queue: second.queue.clone(),
                review: second.review.clone(),
                first: judged(first),
                second: judged(second),
            });
        }
        Ok(pairs)
    }

    /// What became of flagged items, by day, queue and detector. Whoever passes an item on says nothing of its flag.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn detectors(&self, filter: &TeamFilter) -> Result<Vec<DetectorCount>, StoreError> {
        let Some((span, values)) = span(filter, "d") else {
            return Ok(Vec::new());
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT d.day, q.text, f.name, f.version, count(*), sum(p.text <> '')
             FROM decisions d JOIN flags f ON f.decision = d.n
             JOIN names q ON q.id = d.queue JOIN names p ON p.id = d.policy
             WHERE {span} AND d.counts = 1
                 AND d.action IS NOT {PASS_ON}
             GROUP BY d.day, q.text, f.name, f.version ORDER BY 1, 2, 3, 4"
        ))?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
            Ok(DetectorCount {
                day: date_text(row.get(0)?),
                queue: row.get(1)?,
                detector: Detector {
                    name: row.get(2)?,
                    version: row.get(3)?,
                },
                flagged: unsigned(row.get(4)?),
                right: unsigned(row.get(5)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// "Not me", by day and queue.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn not_me(
        &self,
        from: &str,
        to: &str,
        queue: Option<&str>,
    ) -> Result<Vec<TeamDay>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT day, queue, count FROM not_me WHERE day BETWEEN ?1 AND ?2
             AND (?3 IS NULL OR queue = ?3) ORDER BY day, queue",
        )?;
        let mut rows = statement.query((from, to, queue))?;
        let mut days = Vec::new();
        while let Some(row) = rows.next()? {
            let queue: String = row.get(1)?;
            let count: Option<i64> = row.get(2)?;
            days.push(TeamDay {
                day: row.get(0)?,
                queue_id: QueueId::new(queue).map_err(|_| StoreError::Unreadable)?,
                not_me: count.and_then(|n| u64::try_from(n).ok()),
            });
        }
        Ok(days)
    }

    /// How many records there are, and `most` of them behind the first `skip`; the newest days first, within a
    /// day in no order that tells when they were made.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn records(
        &self,
        filter: &TeamFilter,
        skip: u64,
        most: u64,
    ) -> Result<(u64, Vec<TeamRow>), StoreError> {
        let Some((mut sql, mut values)) = span(&self.read_of(filter)?, "r") else {
            return Ok((0, Vec::new()));
        };
        if let Some(policy) = &filter.policy {
            named(&mut sql, &mut values, "r.policy", policy);
        }
        if let Some(action) = &filter.action {
            named(&mut sql, &mut values, "r.action", action);
        }
        if let Some(detector) = &filter.detector {
            sql.push_str(&format!(" AND r.action IS NOT {PASS_ON}"));
            sql.push_str(" AND EXISTS (SELECT 1 FROM flags WHERE decision = r.n AND name = ? AND version = ?)");
            values.push(Value::from(detector.name.clone()));
            values.push(Value::from(detector.version.clone()));
        }
        if filter.due {
            sql.push_str(" AND r.due IS NOT NULL");
        }
        match &filter.overturned_by {
            Some(review) => {
                named(&mut sql, &mut values, "r.review", review.as_str());
                sql.push_str(&format!(
                    " AND r.of IS NOT NULL AND {} AND EXISTS (SELECT 1 FROM decisions f WHERE f.id = r.of AND {DIFFERS})",
                    judges()
                ));
            }
            None => sql.push_str(" AND r.counts = 1"),
        }
        let total: i64 = self.conn.query_row(
            &format!("SELECT count(*) FROM decisions r WHERE {sql}"),
            params_from_iter(values.iter()),
            |row| row.get(0),
        )?;
        values.push(Value::from(i64::try_from(most).unwrap_or(i64::MAX)));
        values.push(Value::from(i64::try_from(skip).unwrap_or(i64::MAX)));
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {} FROM decisions r WHERE {sql} ORDER BY r.day DESC, r.id LIMIT ? OFFSET ?",
            row_of!("r")
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(next) = rows.next()? {
            found.push(row(next, 0)?);
        }
        Ok((u64::try_from(total).unwrap_or(0), found))
    }

    /// Decisions and reviews of them that differ, newest first, each with what its moderator wrote.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn disagreements(
        &self,
        filter: &TeamFilter,
        most: u64,
    ) -> Result<Vec<[(TeamRow, String); 2]>, StoreError> {
        let Some((span, mut values)) = span(&self.read_of(filter)?, "r") else {
            return Ok(Vec::new());
        };
        values.push(Value::from(i64::try_from(most).unwrap_or(i64::MAX)));
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {}, {}, f.reason, r.reason FROM decisions r INDEXED BY decisions_of JOIN decisions f ON f.id = r.of
             WHERE r.of IS NOT NULL AND {span} AND {} AND {DIFFERS} ORDER BY r.day DESC, r.n DESC LIMIT ?",
            row_of!("f"),
            row_of!("r"),
            judges(),
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(next) = rows.next()? {
            found.push([
                (row(next, 0)?, next.get(2 * COLUMNS)?),
                (row(next, COLUMNS)?, next.get(2 * COLUMNS + 1)?),
            ]);
        }
        Ok(found)
    }
}
