//! What is true of one desk.

use std::collections::{BTreeMap, BTreeSet};

use scrim_desk::{OutboxRow, Restored};
use scrim_model::{ClaimId, Decision, DecisionId, ItemId, RevealId};
use scrim_runtime::Clock;
use scrim_store::Reader;
use scrim_wire::protocol::{ClaimsRequest, DecisionResult, ReleaseRequest};

use crate::clocks::MachineClock;

/// A decision that the heart was told to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) decision: Decision,
    /// Its place among all of the desk.
    pub(crate) order: usize,
    /// It goes before ordinary ones.
    pub(crate) is_first: bool,
    /// The life of the desk that recorded it, and the awake clock of that moment.
    pub(crate) life: u64,
    pub(crate) awake_ms: u64,
    /// How often it left and no answer came, in this life.
    pub(crate) unanswered: u32,
    /// How often it was marked as in flight.
    pub(crate) marked: u32,
    pub(crate) is_withdrawn: bool,
    /// What the server's answer, delivered, was.
    pub(crate) delivered: Option<DecisionResult>,
    /// The one that was written down.
    pub(crate) answer: Option<DecisionResult>,
    pub(crate) is_confirmed: bool,
    pub(crate) is_settled: bool,
    pub(crate) is_told: bool,
}

impl Made {
    pub(crate) fn is_pending(&self) -> bool {
        !self.is_withdrawn && self.answer.is_none()
    }

    pub(crate) fn is_accepted(&self) -> bool {
        matches!(
            self.answer,
            Some(
                DecisionResult::Accepted { .. }
                    | DecisionResult::Duplicate { .. }
                    | DecisionResult::AwaitingSecond { .. }
            )
        )
    }

    pub(crate) fn is_conflict(&self) -> bool {
        self.answer.is_some() && !self.is_accepted()
    }
}

/// See the module.
pub(crate) struct Book {
    /// Whose desk it is.
    pub(crate) user: usize,
    /// A second look at its durable records, while it runs.
    pub(crate) reader: Option<Reader>,
    /// Given to the store; the heart has not heard of it. With each, whether it goes first.
    pub(crate) given: BTreeMap<DecisionId, (Decision, bool)>,
    pub(crate) made: BTreeMap<DecisionId, Made>,
    /// Which item each reveal is of, and which of them are known to be durable.
    pub(crate) reveals: BTreeMap<RevealId, ItemId>,
    pub(crate) durable: BTreeSet<RevealId>,
    /// The newest claim of each item that came.
    pub(crate) claim_of: BTreeMap<ItemId, ClaimId>,
    /// Claims that the server said to be lost.
    pub(crate) lost: BTreeSet<ClaimId>,
    /// The ask for items that has no answer, in this run.
    pub(crate) asking: Option<(String, ClaimsRequest)>,
    /// What is to be given back, by key.
    pub(crate) releases: BTreeMap<String, ReleaseRequest>,
    /// Items that the server, read back, has shown as escalated.
    pub(crate) seen_escalated: BTreeSet<ItemId>,
    /// What was to be written about decisions, and was not seen on the disk so far.
    pub(crate) unsure: Vec<DecisionId>,
    /// A write failed: nothing more is promised of this run.
    pub(crate) has_failed: bool,
    /// Lives so far, and the awake clock at the start of this one.
    pub(crate) lives: u64,
    pub(crate) began_awake_ms: u64,
    /// The machine's clocks.
    pub(crate) clock: MachineClock,
}

impl Book {
    pub(crate) fn new(user: usize, clock: MachineClock) -> Self {
        Self {
            user,
            reader: None,
            given: BTreeMap::new(),
            made: BTreeMap::new(),
            reveals: BTreeMap::new(),
            durable: BTreeSet::new(),
            claim_of: BTreeMap::new(),
            lost: BTreeSet::new(),
            asking: None,
            releases: BTreeMap::new(),
            seen_escalated: BTreeSet::new(),
            unsure: Vec::new(),
            has_failed: false,
            lives: 0,
            began_awake_ms: 0,
            clock,
        }
    }

    pub(crate) fn begin_run(&mut self, reader: Reader) {
        self.reader = Some(reader);
        self.asking = None;
        self.has_failed = false;
        self.lives += 1;
        self.began_awake_ms = self.clock.now().awake_ms;
        for made in self.made.values_mut() {
            made.unanswered = 0;
        }
    }

    /// Looks whether what was to be written is on the disk.
    pub(crate) fn make_sure(&mut self) {
        let Some(reader) = self.reader.as_ref().filter(|_| !self.unsure.is_empty()) else {
            return;
        };
        let waiting = reader.unconfirmed_escalations().unwrap_or_default();
        self.unsure.retain(|id| {
            let row = reader.decision(id).ok().flatten();
            let is_final = row.is_some_and(|row| row.state.is_final());
            let made = self.made.get(id);
            let ends = made.is_some_and(|made| made.is_confirmed || made.is_settled);
            let waits = waiting.iter().any(|row| &row.decision.decision_id == id);
            !is_final || (ends && waits)
        });
    }

    /// The machine ended while these were written: what it finds now is true.
    pub(crate) fn look_again(&mut self, found: &Restored) {
        let is_among = |rows: &[OutboxRow], id: &DecisionId| {
            rows.iter().any(|row| &row.decision.decision_id == id)
        };
        for id in std::mem::take(&mut self.unsure) {
            let Some(made) = self.made.get_mut(&id) else {
                continue;
            };
            if is_among(&found.outbox, &id) {
                made.answer = None;
            }
            if is_among(&found.unconfirmed, &id) {
                made.is_confirmed = false;
                made.is_settled = false;
            }
        }
    }

    /// Awake time since the heart of this life knows of `made`, in milliseconds.
    pub(crate) fn age_ms(&self, made: &Made) -> u64 {
        let since = if made.life == self.lives {
            made.awake_ms
        } else {
            self.began_awake_ms
        };
        self.clock.now().awake_ms.saturating_sub(since)
    }

    pub(crate) fn pending(&self) -> impl Iterator<Item = &Made> {
        self.made.values().filter(|made| made.is_pending())
    }

    /// The heart has been told that a decision is on the disk. One that it did not hear of before its
    /// end counts from the start of the next life.
    pub(crate) fn make(&mut self, (decision, is_first): (Decision, bool), life: u64) {
        let made = Made {
            order: self.made.len(),
            is_first,
            life,
            awake_ms: self.clock.now().awake_ms,
            unanswered: 0,
            marked: 0,
            is_withdrawn: false,
            delivered: None,
            answer: None,
            is_confirmed: false,
            is_settled: false,
            is_told: false,
            decision,
        };
        self.made.insert(made.decision.decision_id.clone(), made);
    }
}
