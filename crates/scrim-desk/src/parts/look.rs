//! Questions of colleagues to this person, and what is looked at for them.

use std::collections::VecDeque;

use scrim_wire::protocol::Consult;

/// Of an item in hand: it is looked at for a colleague and not decided here.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) consult_id: String,
    /// As asked; masked only where it is shown.
    pub(crate) question: String,
    /// Idempotency key of the call that renews it.
    pub(crate) renewing: Option<String>,
    /// On the boot clock: not renewed before this, however soon the server says that it ends.
    pub(crate) next_renewal_boot_ms: u64,
}

/// A look that is being opened.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    /// Idempotency key.
    pub(crate) key: String,
    pub(crate) consult_id: String,
}

/// An answer on its way.
#[derive(Debug, Clone)]
pub(crate) struct Answering {
    /// Idempotency key: the same at every try.
    pub(crate) key: String,
    pub(crate) consult_id: String,
    pub(crate) answer: String,
    pub(crate) sending: bool,
}

/// Open questions that reach this person.
#[derive(Debug, Default)]
pub(crate) struct AskedOfMe {
    /// Oldest first, without those that are answered here.
    pub(crate) rows: Vec<Consult>,
    pub(crate) reading: bool,
    pub(crate) next_awake_ms: u64,
    pub(crate) opening: Option<Opening>,
    /// Oldest first.
    pub(crate) answers: VecDeque<Answering>,
}

impl AskedOfMe {
    pub(crate) fn forget(&mut self, consult_id: &str) {
        self.rows.retain(|row| row.consult_id != consult_id);
    }

    pub(crate) fn is_answered(&self, consult_id: &str) -> bool {
        self.answers.iter().any(|a| a.consult_id == consult_id)
    }
}
