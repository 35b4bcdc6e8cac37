//! Decisions and escalations that are not yet confirmed.

use scrim_model::{Decision, DecisionId, ItemId};
use scrim_wire::window::SyncState;

use crate::clock::Now;
use crate::event::OutboxRow;
use crate::parts::hand::{Hand, HandItem};

/// A decision that the store is writing.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) decision: Box<Decision>,
    pub(crate) first: bool,
    /// The decision in whose place it is made.
    pub(crate) corrects: Option<DecisionId>,
    /// The item, if it is not the open one but a copy that nobody looked at.
    pub(crate) copy: Option<Box<HandItem>>,
}

/// A decision on its way.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    pub(crate) state: SyncState,
    pub(crate) held_until_awake_ms: u64,
    /// It goes before ordinary ones.
    pub(crate) first: bool,
    /// How often the connection stood and this decision got no answer all the same.
    pub(crate) tries: u32,
    /// How often its answer could not be read.
    pub(crate) broken: u32,
    /// A byte of it may have reached the server.
    pub(crate) left: bool,
    /// Its item was read at the server since it last left.
    pub(crate) was_read: bool,
    /// Key of the call in which it was last sent together with others, and its place there; without
    /// a place the key under which it goes alone.
    pub(crate) sent_with: Option<(String, Option<u32>)>,
    /// The duty contact was told by phone; on disk.
    pub(crate) told: bool,
    /// The item, kept only while the decision can be taken back.
    pub(crate) item: Option<HandItem>,
}

impl Decided {
    /// Whether it can be taken back here.
    pub(crate) fn is_held(&self) -> bool {
        self.state == SyncState::Held
    }

    /// One that an earlier run recorded: its undo window is over.
    pub(crate) fn restored(row: OutboxRow) -> Self {
        Self {
            decision: row.decision,
            state: SyncState::Waiting,
            held_until_awake_ms: 0,
            first: row.first,
            tries: 0,
            broken: 0,
            left: row.left,
            was_read: false,
            sent_with: row.sent_with,
            told: row.told,
            item: None,
        }
    }
}

/// A decision that was sent and is to be undone.
#[derive(Debug)]
pub(crate) struct Undoing {
    pub(crate) decision: DecisionId,
    /// Idempotency key of every attempt.
    pub(crate) key: String,
    pub(crate) durable: bool,
    pub(crate) sending: bool,
}

/// Items in hand, and those that come back if their decision is taken back.
pub(crate) fn kept_items<'a>(
    hand: &'a mut Hand,
    outbox: &'a mut [Decided],
) -> impl Iterator<Item = &'a mut HandItem> {
    let decided = outbox.iter_mut().filter_map(|d| d.item.as_mut());
    hand.iter_mut().chain(decided)
}

/// An escalation that the server has accepted and not yet shown as escalated.
#[derive(Debug)]
pub(crate) struct Escalated {
    pub(crate) decision: DecisionId,
    /// The duty contact was told by phone; on disk.
    pub(crate) told: bool,
    pub(crate) item: ItemId,
    pub(crate) urgent: bool,
    pub(crate) since_awake_ms: u64,
    pub(crate) next_read_awake_ms: u64,
    pub(crate) reading: bool,
    pub(crate) warned: bool,
    /// It was made in a review or in practice, which pass nothing on; it stays here until the duty contact was told.
    pub(crate) without_effect: bool,
}

impl Escalated {
    /// One that the server has just taken, or that an earlier run left.
    pub(crate) fn of(decision: &Decision, told: bool, now: Now) -> Self {
        Self {
            decision: decision.decision_id.clone(),
            told,
            item: decision.item_id.clone(),
            urgent: decision.is_urgent(),
            since_awake_ms: now.awake_ms,
            next_read_awake_ms: now.awake_ms,
            reading: false,
            warned: false,
            without_effect: false,
        }
    }

    /// Its minute runs from when it could first leave, not from the server's answer: whoever waits
    /// for help does not care which part of the way is slow.
    pub(crate) fn since(mut self, awake_ms: u64) -> Self {
        self.since_awake_ms = self.since_awake_ms.min(awake_ms);
        self
    }
}
