//! "Not me", counted by day and queue.

use rusqlite::{Transaction, params};

use scrim_model::{ModeratorId, Timestamp};

use super::columns::day_of;
use crate::error::ServerError;

/// An item was given back as "not me". The item is not kept here, and who it was only until the day
/// is over.
pub(super) fn count(
    tx: &Transaction<'_>,
    item: &str,
    user: &ModeratorId,
    now: Timestamp,
) -> Result<(), ServerError> {
    let day = day_of(now);
    forget_people(tx, day)?;
    tx.execute(
        "INSERT OR IGNORE INTO not_me_people SELECT ?2, queue_id, ?3 FROM items WHERE id = ?1",
        params![item, day, user.as_str()],
    )?;
    tx.execute(
        "INSERT INTO not_me_days (day, queue_id, count, people)
         SELECT ?2, i.queue_id, 1, (SELECT count(*) FROM not_me_people p
            WHERE p.day = ?2 AND p.queue_id = i.queue_id)
         FROM items i WHERE id = ?1
         ON CONFLICT (day, queue_id) DO UPDATE SET count = count + 1, people = max(people, excluded.people)",
        params![item, day],
    )?;
    Ok(())
}

/// Of a day that is over, only how many they were is kept.
pub(super) fn forget_people(tx: &Transaction<'_>, today: i64) -> Result<(), ServerError> {
    tx.prepare_cached("DELETE FROM not_me_people WHERE day < ?1")?
        .execute([today])?;
    Ok(())
}
