//! Writing what the server told.

use rusqlite::{OptionalExtension, Transaction, params};
use scrim_model::Timestamp;
use scrim_model::team::{Due, counts};
use scrim_wire::protocol::{Appeals, HeldDecision, HeldDecisions, QueueInfo, TeamDays, TeamFacts};

use super::gather::changed;
use super::groups::bytes;
use super::{APPEALS_FROM, AS_OF, CURSOR, DAY_MS, MARK, QUEUES, REVIEWERS, THROUGH, TeamStore};
use crate::error::StoreError;
use crate::limits::{NAMES_MAX, TEAM_DAYS_MAX, TEAM_REASON_CHARS_MAX, WHOLE_NUMBER_MAX};

/// Between two actions or languages that are one row of names.
pub(super) const BETWEEN: &str = "\n";
/// Everything that the server told.
const FORGET: &str = "
    DELETE FROM flags;
    DELETE FROM decisions;
    DELETE FROM groups;
    DELETE FROM stale;
    DELETE FROM not_me;
    DELETE FROM appeals;
    DELETE FROM names;
    DELETE FROM kept;";

impl TeamStore {
    /// Keeps one page of the team's decisions and where to read on, in one transaction. A decision that is there is
    /// replaced. One without facts of the team is passed over: what it counts for is not known. Before a page that
    /// begins anew, everything that was told before is forgotten.
    ///
    /// # Errors
    /// [`StoreError::TooManyNames`], otherwise what SQLite said; then nothing of the page is kept.
    pub fn keep(&mut self, page: &HeldDecisions) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        changed(&tx)?;
        if page.anew {
            tx.execute_batch(FORGET)?;
        }
        for held in &page.decisions {
            if let Some(facts) = &held.team {
                put(&tx, held, facts)?;
            }
        }
        keep(&tx, CURSOR, &page.next.to_string())?;
        keep_or_not(&tx, MARK, page.mark.as_deref())?;
        Ok(tx.commit()?)
    }

    /// Notes that the server was read to its end, which is the end of the day `through` where it tells a day when it is
    /// over.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn read_to_the_end(
        &mut self,
        at: Timestamp,
        through: Option<&str>,
    ) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        keep(&tx, AS_OF, &at.0.to_string())?;
        keep_or_not(&tx, THROUGH, through)?;
        Ok(tx.commit()?)
    }

    /// Keeps the queues as they are now.
    ///
    /// # Errors
    /// What SQLite said; then what was there is there.
    pub fn keep_queues(&mut self, queues: &[QueueInfo]) -> Result<(), StoreError> {
        let text = serde_json::to_string(queues).map_err(|_| StoreError::TooLarge)?;
        let tx = self.conn.transaction()?;
        keep(&tx, QUEUES, &text)?;
        Ok(tx.commit()?)
    }

    /// Keeps what is counted by day and queue alone, and who reads which language, in the place of what was there.
    ///
    /// # Errors
    /// What SQLite said; then what was there is there.
    pub fn keep_days(&mut self, days: &TeamDays) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        tx.execute("DELETE FROM not_me", [])?;
        for day in days.days.iter().rev().take(TEAM_DAYS_MAX as usize) {
            tx.prepare_cached("INSERT OR REPLACE INTO not_me VALUES (?1, ?2, ?3)")?
                .execute(params![
                    day.day,
                    day.queue_id.as_str(),
                    day.not_me.map(|n| n.min(WHOLE_NUMBER_MAX) as i64)
                ])?;
        }
        keep_appeals(&tx, days.appeals.as_ref())?;
        match &days.reviewers {
            Some(reviewers) => {
                let text = serde_json::to_string(reviewers).map_err(|_| StoreError::TooLarge)?;
                keep(&tx, REVIEWERS, &text)?;
            }
            None => forget(&tx, REVIEWERS)?,
        }
        Ok(tx.commit()?)
    }
}

/// In the place of what was there; of a server that does not say, nothing is known.
fn keep_appeals(tx: &Transaction<'_>, appeals: Option<&Appeals>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM appeals", [])?;
    let Some(appeals) = appeals else {
        return forget(tx, APPEALS_FROM);
    };
    keep(tx, APPEALS_FROM, &appeals.from)?;
    let whole = |n: u64| n.min(WHOLE_NUMBER_MAX) as i64;
    for day in &appeals.days {
        tx.prepare_cached("INSERT OR REPLACE INTO appeals VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![
                day.day,
                day.queue_id.as_str(),
                whole(day.received),
                whole(day.upheld),
                whole(day.reversed),
                bytes(&day.took_days),
            ])?;
    }
    Ok(())
}

fn forget(tx: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM kept WHERE name = ?1", [name])?;
    Ok(())
}

fn keep(tx: &Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO kept VALUES (?1, ?2)")?
        .execute([name, value])?;
    Ok(())
}

fn keep_or_not(tx: &Transaction<'_>, name: &str, value: Option<&str>) -> Result<(), StoreError> {
    match value {
        Some(value) => keep(tx, name, value),
        None => forget(tx, name),
    }
}

fn name(tx: &Transaction<'_>, text: &str) -> Result<i64, StoreError> {
    let mut find = tx.prepare_cached("SELECT id FROM names WHERE text = ?1")?;
    if let Some(id) = find.query_row([text], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    tx.prepare_cached("INSERT INTO names (text) VALUES (?1)")?
        .execute([text])?;
    let id = tx.last_insert_rowid();
    if id >= NAMES_MAX as i64 {
        return Err(StoreError::TooManyNames);
    }
    Ok(id)
}

fn stale(tx: &Transaction<'_>, day: i64) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR IGNORE INTO stale VALUES (?1)")?
        .execute([day])?;
    Ok(())
}

fn put(tx: &Transaction<'_>, held: &HeldDecision, facts: &TeamFacts) -> Result<(), StoreError> {
    let decision = &held.decision;
    let id = decision.decision_id.as_str();
    let before: Option<(i64, i64)> = tx
        .prepare_cached("SELECT n, day FROM decisions WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let day = decision.decided_at.0.div_euclid(DAY_MS);
    if let Some((n, was)) = before {
        stale(tx, was)?;
        tx.prepare_cached("DELETE FROM flags WHERE decision = ?1")?
            .execute([n])?;
        tx.prepare_cached("DELETE FROM decisions WHERE n = ?1")?
            .execute([n])?;
    }
    stale(tx, day)?;
    let queue = name(tx, decision.queue_id.as_str())?;
    let policy = name(tx, decision.first_policy())?;
    let action = name(tx, decision.headline())?;
    let review = name(tx, facts.review.as_str())?;
    let standing = name(tx, facts.standing.as_str())?;
    let actions: Vec<&str> = decision.actions.iter().map(|a| a.kind.as_str()).collect();
    let actions = name(tx, &actions.join(BETWEEN))?;
    let languages = name(tx, &facts.languages.join(BETWEEN))?;
    // The server leaves the time out where it is not told; 0 then.
    let took = (decision.handle_ms > 0 && decision.propagated_from.is_none())
        .then(|| u32::try_from(decision.handle_ms).unwrap_or(u32::MAX));
    let action_s = facts.action_s.map(|s| u32::try_from(s).unwrap_or(u32::MAX));
    let due = match facts.due {
        Some(Due::Met) => Some(true),
        Some(Due::Missed) => Some(false),
        Some(Due::Other(_)) | None => None,
    };
    let reason: String = decision
        .reason
        .chars()
        .take(TEAM_REASON_CHARS_MAX)
        .collect();
    tx.prepare_cached(
        "INSERT INTO decisions (n, id, item, day, queue, policy, action, severity, unsure,
         handle_ms, action_s, due, counts, review, standing, of, reason,
         actions, languages, reported, copied)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
         ?18, ?19, ?20, ?21)",
    )?
    .execute(params![
        before.map(|(n, _)| n),
        id,
        decision.item_id.as_str(),
        day,
        queue,
        policy,
        action,
        decision.severity,
        decision.unsure,
        took,
        action_s,
        due,
        counts(&facts.review, &facts.standing),
        review,
        standing,
        facts.of.as_ref().map(|of| of.as_str()),
        reason,
        actions,
        languages,
        facts.reported,
        decision.propagated_from.is_some(),
    ])?;
    let n = tx.last_insert_rowid();
    for detector in &facts.flagged_by {
        tx.prepare_cached("INSERT OR IGNORE INTO flags VALUES (?1, ?2, ?3)")?
            .execute(params![n, detector.name, detector.version])?;
    }
    Ok(())
}
