//! What decisions looked at, summed up for the person and, for leads, for groups.

use rusqlite::{Connection, Transaction, params};

use scrim_model::{Decision, DecisionId, DeskId, ModeratorId, Timestamp};
use scrim_wire::protocol::{DayTotals, ViewTotals};

use super::columns::{from_sql, to_sql};
use crate::error::ServerError;
use crate::looked::{Looked, looked};

/// Adds what a decision looked at. The desk's clock is not believed beyond the arrival.
pub(super) fn put(
    tx: &Transaction<'_>,
    (user, desk): (&str, Option<&DeskId>),
    decision: &Decision,
    now: Timestamp,
    is_training: bool,
) -> Result<(), ServerError> {
    let Looked {
        ms_covered,
        ms_lens,
        ms_clear,
    } = looked(decision);
    let decided_at = decision.decided_at.plus_ms(decision.skew_ms).min(now);
    tx.prepare_cached(
        "INSERT INTO view_totals (decision_id, user_id, desk, queue_id, decided_at, severity,
            ms_covered, ms_lens, ms_clear, training)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        decision.decision_id.as_str(),
        user,
        desk.map(DeskId::as_str),
        decision.queue_id.as_str(),
        decided_at.0,
        decision.severity,
        to_sql(ms_covered),
        to_sql(ms_lens),
        to_sql(ms_clear),
        is_training,
    ])?;
    Ok(())
}

/// A corrected decision's looks count once: the correction has the item's totals.
pub(super) fn replace(
    tx: &Transaction<'_>,
    old: &str,
    new: &DecisionId,
) -> Result<(), ServerError> {
    tx.execute(
        "UPDATE view_totals SET
            ms_covered = max(ms_covered, coalesce((SELECT o.ms_covered FROM view_totals o WHERE o.decision_id = ?1), 0)),
            ms_lens = max(ms_lens, coalesce((SELECT o.ms_lens FROM view_totals o WHERE o.decision_id = ?1), 0)),
            ms_clear = max(ms_clear, coalesce((SELECT o.ms_clear FROM view_totals o WHERE o.decision_id = ?1), 0))
         WHERE decision_id = ?2",
        params![old, new.as_str()],
    )?;
    tx.execute("DELETE FROM view_totals WHERE decision_id = ?1", [old])?;
    Ok(())
}

/// One person's day from `from` on; `desk`'s own decisions are left out.
pub(super) fn day(
    db: &Connection,
    user: &ModeratorId,
    desk: Option<&DeskId>,
    from: Timestamp,
) -> Result<DayTotals, ServerError> {
    let mut statement = db.prepare_cached(
        "SELECT severity, count(*), sum(ms_covered), sum(ms_lens), sum(ms_clear)
         FROM view_totals WHERE user_id = ?1 AND decided_at >= ?2 AND (?3 IS NULL OR desk IS NOT ?3)
         GROUP BY severity ORDER BY severity",
    )?;
    let desk = desk.map(DeskId::as_str);
    let rows = statement.query_map(params![user.as_str(), from.0, desk], |row| {
        Ok(ViewTotals {
            severity: row.get(0)?,
            items: from_sql(row.get(1)?),
            ms_covered: from_sql(row.get(2)?),
            ms_lens: from_sql(row.get(3)?),
            ms_clear: from_sql(row.get(4)?),
        })
    })?;
    Ok(DayTotals {
        from,
        other_desks_only: desk.is_some(),
        rows: rows.collect::<Result<_, _>>()?,
    })
}
