//! The auditor knows the truth: it sees every event that reaches a heart, every effect that is
//! carried out, every request on the road, every answer of the server and everything that a window
//! is shown, and looks at the durable records through a second connection of its own.
//!
//! | module | holds the promise against |
//! | --- | --- |
//! | `passing` | events and effects of one desk |
//! | `road` | requests, and what the server did about them |
//! | `shown` | what the moderator is told |
//! | `end` | everybody's records, once all is quiet |

mod book;
mod end;
mod passing;
mod road;
mod shown;
mod together;

use std::collections::{BTreeMap, VecDeque};

use scrim_model::{ClaimId, DecisionId, ItemId, RevealId, Timestamp};
use scrim_store::Reader;

use crate::clocks::{MachineClock, TrueTime};
pub(crate) use book::Book;

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Which promise.
    pub promise: &'static str,
    /// Where; names no content.
    pub at: String,
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.promise, self.at)
    }
}

/// See the module.
pub(crate) struct Audit {
    time: TrueTime,
    books: Vec<Book>,
    breach: Option<Breach>,
    /// Calls with more than one decision.
    pub(crate) calls_of_many: usize,
    /// What went under each key, at each desk.
    keys: BTreeMap<(usize, String), Vec<DecisionId>>,
    /// Whom the server gave which item, by claim.
    granted: BTreeMap<ClaimId, (usize, ItemId)>,
    /// Reveals whose pixels were handed over, for the world to present.
    pub(crate) handed: VecDeque<(usize, RevealId)>,
}

impl Audit {
    pub(crate) fn new(time: &TrueTime, desks: Vec<(usize, MachineClock)>) -> Self {
        Self {
            time: time.clone(),
            books: desks
                .into_iter()
                .map(|(user, clock)| Book::new(user, clock))
                .collect(),
            breach: None,
            calls_of_many: 0,
            keys: BTreeMap::new(),
            granted: BTreeMap::new(),
            handed: VecDeque::new(),
        }
    }

    /// Only the first one counts: what follows may follow from it.
    fn breach(&mut self, desk: usize, promise: &'static str) {
        if self.breach.is_none() {
            let at = format!("desk {desk}, {} ms", self.time.ms());
            self.breach = Some(Breach { promise, at });
        }
    }

    fn hold(&mut self, desk: usize, holds: bool, promise: &'static str) {
        if !holds {
            self.breach(desk, promise);
        }
    }

    pub(crate) fn broken(&self) -> Option<Breach> {
        self.breach.clone()
    }

    /// A desk starts over its records; the auditor looks at them as well.
    pub(crate) fn begins(&mut self, desk: usize, reader: Reader) {
        self.books[desk].begin_run(reader);
    }

    /// It is no more.
    pub(crate) fn ends(&mut self, desk: usize) {
        self.books[desk].reader = None;
    }

    /// Decisions on their way at this desk.
    pub(crate) fn pending(&self, desk: usize) -> usize {
        self.books[desk].pending().count()
    }

    /// Decisions, and how many of them did not go through as made.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let made = || self.books.iter().flat_map(|book| book.made.values());
        (
            made().count(),
            made().filter(|made| made.is_conflict()).count(),
        )
    }

    /// An unconfirmed escalation of `item` at this desk: for the fault that assumes.
    pub(crate) fn escalation_of(
        &self,
        desk: usize,
        item: &ItemId,
    ) -> Option<(DecisionId, Timestamp)> {
        let mut made = self.books[desk].made.values();
        let found = made.find(|made| {
            &made.decision.item_id == item && made.decision.escalate.is_some() && !made.is_confirmed
        })?;
        Some((
            found.decision.decision_id.clone(),
            found.decision.decided_at,
        ))
    }

    /// A decision of this desk that left and has no answer: for the fault that takes it back.
    pub(crate) fn in_flight(&self, desk: usize) -> Option<DecisionId> {
        let found = self.books[desk].pending().find(|made| made.marked > 0)?;
        Some(found.decision.decision_id.clone())
    }

    /// Whether a write failed in this life of a desk.
    pub(crate) fn has_failed(&self, desk: usize) -> bool {
        self.books[desk].has_failed
    }

    /// A promise that the world itself looks at.
    pub(crate) fn demand(&mut self, desk: usize, holds: bool, promise: &'static str) {
        self.hold(desk, holds, promise);
    }

    /// Whether the newest claim of `item` is this desk's, and the desk knows of it.
    pub(crate) fn holds_claim_of(&self, desk: usize, item: &ItemId) -> bool {
        let mut of_item = self.granted.iter().filter(|(_, (_, of))| of == item);
        of_item.next_back().is_some_and(|(claim, (whose, _))| {
            *whose == desk && self.books[desk].claim_of.get(item) == Some(claim)
        })
    }
}
