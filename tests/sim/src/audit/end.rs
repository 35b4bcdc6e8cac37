//! Promises about everybody's records together, once all is quiet.

use std::collections::{BTreeMap, BTreeSet};

use scrim_model::{DecisionId, ItemId};
use scrim_store::{Reader, RevertRow, RevertState, Verdict};
use scrim_wire::protocol::{HeldDecision, Outcome};
use scrim_wire::window::SyncState;

use super::Audit;
use super::book::{Book, Made};

/// Policies that need a second person.
const NEEDS_SECOND: &str = "harass";

impl Audit {
    /// Everything is decided for good: `held` is what the server holds of each user, `readers` the
    /// records of each desk.
    pub(crate) fn at_the_end(
        &mut self,
        held: &[Vec<HeldDecision>],
        outcomes: &[Outcome],
        readers: &[Reader],
    ) {
        let by_id: BTreeMap<&DecisionId, &HeldDecision> = held
            .iter()
            .flatten()
            .map(|row| (&row.decision.decision_id, row))
            .collect();
        let mut desks = self.books.iter().zip(readers).enumerate();
        let fault = desks.find_map(|(desk, (book, reader))| {
            desk_fault(book, reader, &by_id).map(|promise| (desk, promise))
        });
        if let Some((desk, promise)) = fault {
            return self.breach(desk, promise);
        }
        for (user, rows) in held.iter().enumerate() {
            let own = |id: &DecisionId| {
                let mut books = self.books.iter().filter(|book| book.user == user);
                books.find_map(|book| book.made.get(id))
            };
            let same = |row: &HeldDecision| {
                own(&row.decision.decision_id).is_some_and(|made| made.decision == row.decision)
            };
            if !rows.iter().all(same) {
                return self.breach(
                    user,
                    "the server holds nothing that this person did not decide",
                );
            }
        }
        let fault = outcome_fault(outcomes, &by_id).or_else(|| two_deciders(held));
        if let Some(promise) = fault {
            self.breach(0, promise);
        }
    }
}

fn desk_fault(
    book: &Book,
    reader: &Reader,
    held: &BTreeMap<&DecisionId, &HeldDecision>,
) -> Option<&'static str> {
    match reader.verify() {
        Ok(Verdict::Whole { .. }) => {}
        _ => return Some("the chain is whole"),
    }
    let reverts = reader.reverts().unwrap_or_default();
    let is_answered = |row: &RevertRow| match row.state {
        RevertState::Waiting => false,
        RevertState::Done { .. } | RevertState::Elsewhere => {
            held.get(&row.decision_id).is_some_and(|held| held.reverted)
        }
        RevertState::Moot => !held.contains_key(&row.decision_id),
        RevertState::Refused { .. } => true,
    };
    if !reverts.iter().all(is_answered) {
        return Some("what is undone here is undone at the server, and nothing waits");
    }
    let is_undone_by_own_word = |made: &Made| {
        let id = &made.decision.decision_id;
        let is_undone = held.get(id).is_some_and(|held| held.reverted);
        !is_undone || reverts.iter().any(|row| &row.decision_id == id)
    };
    if !book.made.values().all(is_undone_by_own_word) {
        return Some("nothing is undone that nobody asked to undo");
    }
    book.made
        .values()
        .find_map(|made| made_fault(made, reader, held))
}

fn made_fault(
    made: &Made,
    reader: &Reader,
    held: &BTreeMap<&DecisionId, &HeldDecision>,
) -> Option<&'static str> {
    let id = &made.decision.decision_id;
    let Ok(Some(row)) = reader.decision(id) else {
        return Some("every decision that was made is in the records");
    };
    if row.decision != made.decision {
        return Some("every decision is in the records as made");
    }
    let at_server = held.get(id);
    let stands = match row.state {
        SyncState::Accepted => {
            let receipt = row.receipt.as_ref().map(|receipt| receipt.receipt.as_str());
            at_server.is_some_and(|held| receipt == Some(held.receipt.as_str()))
        }
        SyncState::Withdrawn => made.is_withdrawn && at_server.is_none(),
        SyncState::Overtaken | SyncState::Parked => at_server.is_none() && row.conflict.is_some(),
        SyncState::Held | SyncState::Waiting | SyncState::InFlight => false,
    };
    (!stands)
        .then_some("every decision is in exactly one final state, the same here and at the server")
}

/// The platform sees one effect of an item at a time, and each decision's effect once.
fn outcome_fault(
    outcomes: &[Outcome],
    held: &BTreeMap<&DecisionId, &HeldDecision>,
) -> Option<&'static str> {
    let mut standing: BTreeMap<&ItemId, &DecisionId> = BTreeMap::new();
    let mut done = BTreeSet::new();
    // Items on which something was taken back last: what stood before may take effect again.
    let mut open = BTreeSet::new();
    for outcome in outcomes {
        let (item, id) = (&outcome.item_id, &outcome.decision_id);
        if outcome.what == "decision" {
            let is_first = done.insert(id);
            let is_again = open.remove(item);
            if !(is_first || is_again) || standing.insert(item, id).is_some() {
                return Some("a decision takes effect once, and one of an item at a time");
            }
        } else if standing.remove(item) != Some(id) {
            return Some("only what took effect is taken back");
        } else {
            open.insert(item);
        }
    }
    (done.len() != held.len()).then_some("every decision that the server has took effect")
}

/// No item is decided by two, unless it was passed on or waits for a second person.
fn two_deciders(held: &[Vec<HeldDecision>]) -> Option<&'static str> {
    let mut rows: Vec<(usize, &HeldDecision)> = Vec::new();
    for (user, own) in held.iter().enumerate() {
        rows.extend(own.iter().map(|row| (user, row)));
    }
    rows.sort_by_key(|(_, row)| row.cursor);
    let mut newest: BTreeMap<&ItemId, (usize, &HeldDecision)> = BTreeMap::new();
    for (user, row) in rows {
        let before = newest.insert(&row.decision.item_id, (user, row));
        let is_open_to_others = |before: &HeldDecision| {
            before.decision.escalate.is_some()
                || before
                    .decision
                    .policy_ids
                    .iter()
                    .any(|id| id.as_str() == NEEDS_SECOND)
        };
        let is_double = before.is_some_and(|(first, before)| {
            first != user && !before.reverted && !is_open_to_others(before)
        });
        if is_double {
            return Some("no item is decided by two people without a reason");
        }
    }
    None
}
