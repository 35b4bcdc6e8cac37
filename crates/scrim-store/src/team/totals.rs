//! Reading what a report for a regulator counts: items, actions, appeals, languages.

use std::collections::HashSet;

use rusqlite::params_from_iter;
use scrim_model::team::DetectorCount;
use scrim_wire::protocol::{AppealDay, LanguageReviewers};
use sha2::{Digest, Sha256};

use super::groups::{Names, numbers};
use super::keep::BETWEEN;
use super::rows::{PASS_ON, TeamFilter, span};
use super::{APPEALS_FROM, REVIEWERS, TeamStore};
use crate::error::StoreError;

/// An item, by its newest decision that counts. Decisions of a day are told in no order: of two, the one that passed the
/// item on was before the other, and so was the first before a second person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamItem<'a> {
    /// The item.
    pub id: &'a str,
    /// First policy id; empty for none.
    pub policy: &'a str,
    /// It was passed on, and nobody has decided it.
    pub passed_on: bool,
    /// Languages of its own texts.
    pub languages: Vec<&'a str>,
    /// Somebody reported it.
    pub reported: bool,
    /// A detector was at its threshold.
    pub flagged: bool,
    /// It was decided with another.
    pub copied: bool,
}

/// How often decisions that count ask for an action, those alone that had it carried out: what waits for a second person
/// is restricted meanwhile, and then the second one's decision is carried out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TeamAction {
    /// Their first policy's id; empty for none.
    pub policy: String,
    /// The action, whichever of theirs it is.
    pub action: String,
    /// How often.
    pub count: u64,
}

/// Everything else that is counted of some days and one queue or all.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamTotals {
    /// Decisions that count.
    pub decisions: u64,
    /// What was carried out; one policy's action may be there several times.
    pub actions: Vec<TeamAction>,
    /// What became of flagged items.
    pub detectors: Vec<DetectorCount>,
    /// What became of appeals; `None`: the server does not say, or not of all these days.
    pub appeals: Option<Vec<AppealDay>>,
    /// Who reviews, by language, when the server was last read; `None`: the server does not say, or not of one queue.
    pub reviewers: Option<Vec<LanguageReviewers>>,
}

impl TeamStore {
    /// Everything that is counted of the days and the queue of `filter`, and calls `take` with every item.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn totals(
        &self,
        filter: &TeamFilter,
        take: impl FnMut(TeamItem<'_>),
    ) -> Result<TeamTotals, StoreError> {
        // One moment for all of it, whatever an agent writes meanwhile.
        let _moment = self.conn.unchecked_transaction()?;
        let names = Names::read(&self.conn)?;
        let read = self.read_of(filter)?;
        self.each_item(&read, &names, take)?;
        let (decisions, actions) = self.actions(&read, &names)?;
        Ok(TeamTotals {
            decisions,
            actions,
            detectors: self.detectors(&read)?,
            appeals: self.appeals(filter)?,
            reviewers: match filter.queue {
                Some(_) => None,
                None => self.reviewers()?,
            },
        })
    }

    fn each_item(
        &self,
        filter: &TeamFilter,
        names: &Names,
        mut take: impl FnMut(TeamItem<'_>),
    ) -> Result<(), StoreError> {
        let Some((span, values)) = span(filter, "d") else {
            return Ok(());
        };
        // To group by item in SQL takes four times as long for half a million.
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT d.item, d.policy, d.languages, d.reported, d.copied,
                    EXISTS (SELECT 1 FROM flags f WHERE f.decision = d.n),
                    d.action IS {PASS_ON} AS passed_on
             FROM decisions d WHERE d.counts = 1 AND {span}
             ORDER BY d.day DESC, passed_on,
                 d.review IS (SELECT id FROM names WHERE text = 'first'), d.n DESC"
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut seen: HashSet<[u8; 16]> = HashSet::new();
        while let Some(row) = rows.next()? {
            let id = row
                .get_ref(0)?
                .as_str()
                .map_err(|_| StoreError::Unreadable)?;
            if !seen.insert(short(id)) {
                continue;
            }
            let languages = names.get(row.get(2)?).split(BETWEEN);
            take(TeamItem {
                id,
                policy: names.get(row.get(1)?),
                languages: languages.filter(|language| !language.is_empty()).collect(),
                reported: row.get(3)?,
                copied: row.get(4)?,
                flagged: row.get(5)?,
                passed_on: row.get(6)?,
            });
        }
        Ok(())
    }

    /// How many decisions, and what was carried out.
    fn actions(
        &self,
        filter: &TeamFilter,
        names: &Names,
    ) -> Result<(u64, Vec<TeamAction>), StoreError> {
        let (mut decisions, mut actions) = (0, Vec::new());
        let Some((span, values)) = span(filter, "d") else {
            return Ok((decisions, actions));
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT d.policy, d.actions, count(*), count(*) FILTER (
                 WHERE d.standing IS NOT (SELECT id FROM names WHERE text = 'interim') AND d.id NOT IN (
                     SELECT s.of FROM decisions s INDEXED BY decisions_of WHERE s.of IS NOT NULL AND s.counts = 1
                         AND s.review IS (SELECT id FROM names WHERE text = 'second')))
             FROM decisions d WHERE d.counts = 1 AND {span} GROUP BY d.policy, d.actions ORDER BY 1, 2"
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let [all, count] = [row.get::<_, i64>(2)?, row.get(3)?];
            decisions += u64::try_from(all).unwrap_or(0);
            let count = u64::try_from(count).unwrap_or(0);
            if count == 0 {
                continue;
            }
            let policy = names.get(row.get(0)?);
            let kinds = names.get(row.get(1)?).split(BETWEEN);
            for kind in kinds.filter(|kind| !kind.is_empty()) {
                actions.push(TeamAction {
                    policy: policy.to_owned(),
                    action: kind.to_owned(),
                    count,
                });
            }
        }
        Ok((decisions, actions))
    }

    fn appeals(&self, filter: &TeamFilter) -> Result<Option<Vec<AppealDay>>, StoreError> {
        match self.kept(APPEALS_FROM)? {
            Some(from) if from <= filter.from => {}
            _ => return Ok(None),
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT day, queue, received, upheld, reversed, took_days FROM appeals
             WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR queue = ?3) ORDER BY day, queue",
        )?;
        let mut rows = statement.query((&filter.from, &filter.to, &filter.queue))?;
        let mut days = Vec::new();
        while let Some(row) = rows.next()? {
            let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
            let queue: String = row.get(1)?;
            let took = row.get_ref(5)?.as_blob().map_err(|_| StoreError::Damaged)?;
            days.push(AppealDay {
                day: row.get(0)?,
                queue_id: queue.try_into().map_err(|_| StoreError::Unreadable)?,
                received: unsigned(row.get(2)?),
                upheld: unsigned(row.get(3)?),
                reversed: unsigned(row.get(4)?),
                took_days: numbers(took),
            });
        }
        Ok(Some(days))
    }

    fn reviewers(&self) -> Result<Option<Vec<LanguageReviewers>>, StoreError> {
        let kept = self.kept(REVIEWERS)?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

/// What an id is told by among millions: half of its SHA-256.
fn short(id: &str) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(id)[..16]);
    half
}
