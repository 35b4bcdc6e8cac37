//! What leads and QA are told of appeals and of languages: numbers of items and of people, and nothing of any one.
//!
//! Of a decision a team read says more than is counted here: its day, its queue, what was decided, and that it is on an
//! appeal.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};

use scrim_model::days::date_text;
use scrim_model::team::differs;
use scrim_model::{ActionKind, Timestamp};
use scrim_wire::protocol::{AppealDay, Appeals, LanguageReviewers};

use super::columns::{DAY_MS, day_of, from_id};
use super::may_take::language;
use super::sqlite_queues;
use crate::error::ServerError;
use crate::limits::{APPEAL_DAYS_BACK, PEOPLE_MIN};

/// Appeals, each with the newest decision on it that counts and has its full effect, and the first decision, as the team
/// was told. What the server does not have of these is NULL. Known-answer items are practice.
const APPEALS: &str = "
    SELECT i.queue_id, i.aged_at, d.at,
           json_extract(d.body, '$.actions[0].kind'), json_extract(d.body, '$.policy_ids[0]'),
           json_extract(f.body, '$.actions[0].kind'), json_extract(f.body, '$.policy_ids[0]')
    FROM items i
    LEFT JOIN team_told t ON t.state = 'standing' AND t.decision_id =
        (SELECT c.id FROM decisions c JOIN team_told o ON o.decision_id = c.id
         WHERE c.item_id = i.id AND o.state IN ('standing', 'interim')
           AND c.review NOT IN ('sample', 'practice') ORDER BY c.cursor DESC LIMIT 1)
    LEFT JOIN decisions d ON d.id = t.decision_id
    LEFT JOIN decisions f ON f.id = i.appeal_of
    WHERE i.appeal_of IS NOT NULL AND (i.aged_at >= ?1 OR d.at >= ?1)
      AND NOT EXISTS (SELECT 1 FROM feedback k WHERE k.item_id = i.id)";

/// One appeal and what became of it.
struct Found {
    queue: String,
    made_at: Timestamp,
    /// When it was decided, and how; passing it on decides nothing.
    decided: Option<(Timestamp, Said)>,
    first: Option<Said>,
}

/// First action and first policy.
type Said = (String, String);

fn said(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Said>> {
    let action: Option<String> = row.get(column)?;
    let policy: Option<String> = row.get(column + 1)?;
    Ok(action.map(|action| (action, policy.unwrap_or_default())))
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let at: Option<i64> = row.get(2)?;
    let is_passed_on = |said: &Said| said.0 == ActionKind::Escalate.as_str();
    let how = said(row, 3)?.filter(|said| !is_passed_on(said));
    Ok(Found {
        queue: row.get(0)?,
        made_at: Timestamp(row.get(1)?),
        decided: at.map(Timestamp).zip(how),
        first: said(row, 5)?,
    })
}

/// Days that are over.
pub(super) fn appeals(db: &Connection, now: Timestamp) -> Result<Appeals, ServerError> {
    let today = day_of(now);
    let from = today - APPEAL_DAYS_BACK;
    let is_told = |day: &i64| (from..today).contains(day);
    let mut statement = db.prepare_cached(APPEALS)?;
    let rows = statement.query_map([from * DAY_MS], found)?;
    let mut days: BTreeMap<(i64, String), Counted> = BTreeMap::new();
    for appeal in rows {
        let Found {
            queue,
            made_at,
            decided,
            first,
        } = appeal?;
        let made = day_of(made_at);
        if is_told(&made) {
            days.entry((made, queue.clone())).or_default().received += 1;
        }
        let decided = decided.map(|(at, how)| (day_of(at), how));
        if let Some((decided, how)) = decided.filter(|(day, _)| is_told(day)) {
            let of_day = days.entry((decided, queue)).or_default();
            of_day.count(first.as_ref(), &how);
            let took = (decided - made).max(0);
            of_day
                .took_days
                .push(u32::try_from(took).unwrap_or(u32::MAX));
        }
    }
    let days = days.into_iter().map(|(key, counted)| counted.told(key));
    Ok(Appeals {
        from: date_text(from),
        days: days.collect::<Result<_, _>>()?,
    })
}

#[derive(Default)]
struct Counted {
    received: u64,
    upheld: u64,
    reversed: u64,
    took_days: Vec<u32>,
}

impl Counted {
    /// Against a decision that the server does not have, it is neither.
    fn count(&mut self, first: Option<&Said>, how: &Said) {
        let Some(first) = first else { return };
        match differs((&first.0, &first.1), (&how.0, &how.1)) {
            true => self.reversed += 1,
            false => self.upheld += 1,
        }
    }

    /// Sorted, so that nothing tells which was decided first.
    fn told(mut self, (day, queue): (i64, String)) -> Result<AppealDay, ServerError> {
        self.took_days.sort_unstable();
        Ok(AppealDay {
            day: date_text(day),
            queue_id: from_id(queue)?,
            received: self.received,
            upheld: self.upheld,
            reversed: self.reversed,
            took_days: self.took_days,
        })
    }
}

/// How many people who review and can sign in read each language; a number where at least five do, and nobody or at
/// least five do not.
pub(super) fn languages(db: &Connection) -> Result<Vec<LanguageReviewers>, ServerError> {
    let mut people: BTreeMap<String, usize> = BTreeMap::new();
    let reviewers = sqlite_queues::reviewers(db)?;
    let all = reviewers.len();
    for user in reviewers {
        let mut once: BTreeSet<String> = user.languages.iter().map(|tag| language(tag)).collect();
        if once.is_empty() {
            once.insert(String::new());
        }
        for language in once {
            *people.entry(language).or_default() += 1;
        }
    }
    let told = people
        .into_iter()
        .map(|(language, count)| LanguageReviewers {
            language,
            people: (count >= PEOPLE_MIN && (count == all || all - count >= PEOPLE_MIN))
                .then_some(count as u64),
        });
    Ok(told.collect())
}
