//! A database of version 1 becomes one of version 2, in the transaction that opens it.

use rusqlite::{Transaction, params};

use scrim_model::{Decision, Timestamp};

use super::columns::from_json;
use super::sqlite_views;
use crate::error::ServerError;

/// Columns that version 1 lacks; its missing tables come with `schema.sql`.
const COLUMNS: &str = "
    ALTER TABLE items ADD COLUMN author TEXT;
    ALTER TABLE items ADD COLUMN escalated_to TEXT;
    ALTER TABLE items ADD COLUMN draft TEXT;
    UPDATE items SET author = json_extract(body, '$.author.id');
    UPDATE items SET escalated_to = (
        SELECT json_extract(d.body, '$.escalate.to') FROM decisions d
        WHERE d.item_id = items.id AND d.state = 'standing' ORDER BY d.cursor DESC LIMIT 1)
        WHERE state = 'escalated';
    ALTER TABLE decisions ADD COLUMN training INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE answers ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
    UPDATE answers SET at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
    DROP INDEX items_order;";

/// Adds the columns of version 2.
pub(super) fn columns(tx: &Transaction<'_>) -> Result<(), ServerError> {
    Ok(tx.execute_batch(COLUMNS)?)
}

/// Sums up what the decisions that are there looked at; `schema.sql` has run.
pub(super) fn view_totals(tx: &Transaction<'_>) -> Result<(), ServerError> {
    let mut statement = tx.prepare(
        "SELECT user_id, body, at FROM decisions WHERE state <> 'superseded' ORDER BY cursor",
    )?;
    let mut rows = statement.query(params![])?;
    while let Some(row) = rows.next()? {
        let decision: Decision = from_json(&row.get::<_, String>(1)?, "a decision")?;
        let (user, at): (String, i64) = (row.get(0)?, row.get(2)?);
        sqlite_views::put(tx, (&user, None), &decision, Timestamp(at), false)?;
    }
    Ok(())
}
