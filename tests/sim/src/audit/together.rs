//! Promises about decisions that go in one call.

use scrim_model::{Decision, DecisionId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::DecisionRow;

use super::Audit;
use super::passing::{is_next, rank};

impl Audit {
    /// Several decisions are given to the road, in this order.
    pub(super) fn leave_together(&mut self, desk: usize, decisions: &[Decision]) {
        self.calls_of_many += usize::from(decisions.len() > 1);
        for decision in decisions {
            self.may_leave(desk, decision);
        }
        let book = &self.books[desk];
        let made: Vec<_> = decisions
            .iter()
            .filter_map(|decision| book.made.get(&decision.decision_id))
            .collect();
        // A call whose answer was lost goes again as it was, whatever has come since.
        let is_first_try = made.iter().all(|made| made.marked == 1);
        let in_order = if is_first_try {
            let sorted = made.is_sorted_by_key(|made| rank(book, made));
            sorted && made.first().is_some_and(|made| is_next(book, made))
        } else {
            made.iter().any(|made| is_next(book, made))
        };
        let mut items: Vec<_> = made.iter().map(|made| &made.decision.item_id).collect();
        items.sort_unstable();
        let is_one_each = items.windows(2).all(|pair| pair[0] != pair[1]);
        self.hold(desk, in_order, "the urgent leave first, then the oldest");
        self.hold(desk, is_one_each, "of one item nothing leaves together");
    }

    /// The store has marked them as on their way, or could not: then only what an earlier try of the
    /// same call has marked goes.
    pub(super) fn marked(
        &mut self,
        desk: usize,
        ids: &[DecisionId],
        key: Option<&str>,
        durable: bool,
    ) {
        let goes = durable || self.were_marked(desk, ids, key);
        for id in ids {
            if let Some(made) = self.books[desk].made.get_mut(id) {
                made.marked += u32::from(durable);
                made.unanswered += u32::from(!goes);
            }
        }
    }

    fn were_marked(&self, desk: usize, ids: &[DecisionId], key: Option<&str>) -> bool {
        let Some(reader) = self.books[desk].reader.as_ref() else {
            return false;
        };
        (0..).zip(ids).all(|(n, id)| {
            let row = reader.decision(id).ok().flatten();
            row.is_some_and(|row| {
                let is_alone = !matches!(row.sent_with, Some((_, Some(_))));
                row.attempts > 0
                    && match key {
                        Some(key) => row.sent_with == Some((key.to_owned(), Some(n))),
                        None => is_alone,
                    }
            })
        })
    }

    /// The answer to them, row by row.
    pub(super) fn answered_together(
        &mut self,
        desk: usize,
        ids: &[DecisionId],
        answer: &Result<Vec<DecisionRow>, CallFailed>,
    ) {
        for id in ids {
            let Some(made) = self.books[desk].made.get_mut(id) else {
                continue;
            };
            let mut rows = answer.iter().flatten();
            match rows.find(|row| &row.decision_id == id) {
                Some(row) => made.delivered = Some(row.result.clone()),
                None => made.unanswered += 1,
            }
        }
    }
}
