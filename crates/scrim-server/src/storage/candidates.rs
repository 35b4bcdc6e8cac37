//! What a claiming call is given, in which order.
//!
//! Open items come as the protocol says: priority 1, exact hits on a known list, priority, due time,
//! age. What was drawn for a second review, and practice, stands among them as if it had been
//! reported when it was drawn, due after what its queue promises, with priority 2 at most. In this
//! order:
//!
//! 1. open items of priority 1;
//! 2. what was drawn and has waited long enough: to the end of what its queue promises, and for a
//!    week at most; whoever has waited longest first;
//! 3. every other open item, as long as one with an exact hit, or of severity 3 and more, comes after
//!    it: fresh severe work waits for no review of old work;
//! 4. the other open items and what was drawn, by the protocol's order.
//!
//! So a stream of severe items without end, or one that nobody takes, keeps no review for ever.

use rusqlite::{ToSql, Transaction};

use scrim_model::Timestamp;
use scrim_wire::protocol::ClaimsRequest;

use super::columns::from_json;
use super::contract::Write;
use super::may_take::{is_readable, may_review, may_take};
use crate::error::ServerError;
use crate::limits::REVIEW_WAIT_MS;

/// From this severity hint on, an open item goes before what was drawn.
const SEVERE: u8 = 3;

/// Something that may be handed out.
pub(super) struct Candidate {
    /// The item.
    pub(super) item: String,
    /// What is reviewed without effect; `None`: the item as such.
    pub(super) task: Option<i64>,
    /// Rank, priority, when it is due, since when it waits, place.
    order: [i64; 5],
    is_urgent: bool,
}

impl Candidate {
    /// Of what was drawn: from when on it waits for priority 1 alone.
    fn waits_until(&self) -> i64 {
        let [_, _, due_at, drawn_at, _] = self.order;
        due_at.min(drawn_at.saturating_add(REVIEW_WAIT_MS))
    }
}

/// Open items that this person may be given. What was escalated to the lead comes to leads. Outside
/// training, known-answer items are practice and no work.
fn open_items() -> String {
    format!(
        "SELECT i.id, i.queue_id, i.severity_hint, i.classes, i.languages, NULL,
                i.rank, i.priority, i.due_at, i.aged_at, i.seq FROM items i
         WHERE (i.state IN ('open', 'awaiting_second')
                OR i.state = 'escalated' AND i.escalated_to = 'lead' AND ?3)
           AND (i.claimed_until IS NULL OR i.claimed_until <= ?2)
           AND (?4 OR NOT EXISTS (SELECT 1 FROM feedback f WHERE f.item_id = i.id)) AND {}
         ORDER BY i.rank, i.priority, i.due_at, i.aged_at, i.seq",
        may_take("?1")
    )
}

/// What this person may review without effect. An item that waits for a lead is left to the lead.
fn drawn_items() -> String {
    format!(
        "SELECT i.id, i.queue_id, i.severity_hint, i.classes, i.languages, t.seq,
                max(i.priority, 2), max(i.priority, 2), t.due_at, t.drawn_at, t.seq
         FROM tasks t JOIN items i ON i.id = t.item_id
         WHERE t.state = 'open' AND (i.claimed_until IS NULL OR i.claimed_until <= ?2)
           AND (t.decision_id IS NULL OR i.state = 'decided'
                OR i.state = 'escalated' AND i.escalated_to IS NOT 'lead') AND {}
         ORDER BY 7, 8, 9, 10, 11",
        may_review("?1")
    )
}

/// Up to `count`.
pub(super) fn candidates(
    tx: &Transaction<'_>,
    write: &Write,
    request: &ClaimsRequest,
    count: usize,
) -> Result<Vec<Candidate>, ServerError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let user = write.user.as_str();
    // In training, known-answer items are the work itself, and nothing is drawn.
    let drawn = if write.is_training {
        Vec::new()
    } else {
        wanted(
            tx,
            &drawn_items(),
            &[&user, &write.now.0],
            request,
            usize::MAX,
        )?
    };
    let enough = if drawn.is_empty() { count } else { usize::MAX };
    let asked: [&dyn ToSql; 4] = [&user, &write.now.0, &write.is_lead, &write.is_training];
    let open = wanted(tx, &open_items(), &asked, request, enough)?;
    let mut chosen = in_order(open, drawn, write.now);
    chosen.truncate(count);
    Ok(chosen)
}

/// Both in order by themselves already.
fn in_order(mut first: Vec<Candidate>, drawn: Vec<Candidate>, now: Timestamp) -> Vec<Candidate> {
    let (mut late, drawn): (Vec<_>, Vec<_>) = drawn
        .into_iter()
        .partition(|one| one.waits_until() <= now.0);
    late.sort_by_key(Candidate::waits_until);
    let mut open = first.split_off(first.partition_point(|one| one.order[0] == 0));
    let urgent = open.iter().rposition(|one| one.is_urgent);
    let mut others = open.split_off(urgent.map_or(0, |last| last + 1));
    others.extend(drawn);
    others.sort_by_key(|one| one.order);
    first.extend(late);
    first.extend(open);
    first.extend(others);
    first
}

/// Rows that fit what the call asks for, up to `enough`.
fn wanted(
    tx: &Transaction<'_>,
    sql: &str,
    values: &[&dyn ToSql],
    request: &ClaimsRequest,
    enough: usize,
) -> Result<Vec<Candidate>, ServerError> {
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (item, queue): (String, String) = (row.get(0)?, row.get(1)?);
        let severity: u8 = row.get(2)?;
        let classes: Vec<String> = from_json(&row.get::<_, String>(3)?, "an item's classes")?;
        let languages: Vec<String> = from_json(&row.get::<_, String>(4)?, "an item's languages")?;
        let is_wanted = (request.queues.is_empty()
            || request.queues.iter().any(|q| q.as_str() == queue))
            && request.severity_max.is_none_or(|max| severity <= max)
            && !classes.iter().any(|c| request.exclude_classes.contains(c))
            && !request.exclude_items.iter().any(|i| i.as_str() == item)
            && is_readable(&languages, &request.languages);
        if !is_wanted {
            continue;
        }
        let rank: i64 = row.get(6)?;
        found.push(Candidate {
            item,
            task: row.get(5)?,
            order: [rank, row.get(7)?, row.get(8)?, row.get(9)?, row.get(10)?],
            is_urgent: rank <= 1 || severity >= SEVERE,
        });
        if found.len() == enough {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, order: [i64; 5], is_urgent: bool) -> Candidate {
        Candidate {
            item: name.to_owned(),
            task: None,
            order,
            is_urgent,
        }
    }

    fn names(order: Vec<Candidate>) -> Vec<String> {
        order.into_iter().map(|one| one.item).collect()
    }

    #[test]
    fn what_was_drawn_waits_for_all_that_is_urgent_and_stands_in_order_otherwise() {
        let open = vec![
            one("first", [0, 1, 5, 0, 1], true),
            one("before", [3, 3, 5, 0, 2], false),
            one("severe", [4, 4, 5, 0, 3], true),
            one("due", [4, 4, 5, 0, 4], false),
            one("later", [4, 4, 9, 0, 5], false),
        ];
        let drawn = vec![
            one("old", [2, 2, 7, 0, 1], false),
            one("new", [4, 4, 7, 0, 2], false),
        ];
        assert_eq!(
            names(in_order(open, drawn, Timestamp(6))),
            ["first", "before", "severe", "old", "due", "new", "later"]
        );
    }

    #[test]
    fn what_was_drawn_and_is_late_goes_before_everything_but_priority_1() {
        let open = || {
            vec![
                one("first", [0, 1, i64::MAX, 0, 1], true),
                one("hit", [1, 2, i64::MAX, 0, 2], true),
                one("severe", [4, 4, i64::MAX, 0, 3], true),
                one("slow", [4, 4, i64::MAX, 0, 4], false),
            ]
        };
        let drawn = || {
            vec![
                one("due", [2, 2, 50, 7, 1], false),
                one("never", [2, 2, i64::MAX, 3, 2], false),
            ]
        };
        let at = |now| names(in_order(open(), drawn(), Timestamp(now)));
        let all = ["first", "hit", "severe", "due", "never", "slow"];
        assert_eq!(at(49), all);
        assert_eq!(at(50), ["first", "due", "hit", "severe", "never", "slow"]);
        // Where the queue promises nothing, a week is enough.
        let week = REVIEW_WAIT_MS + 3;
        assert_eq!(at(week - 1)[..2], ["first", "due"]);
        assert_eq!(at(week), ["first", "due", "never", "hit", "severe", "slow"]);
    }
}
