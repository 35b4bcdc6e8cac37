//! Questions about the items in hand.

use scrim_model::Role;
use scrim_wire::window::{QuestionState, QuestionView};

/// A question about an item in hand.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Idempotency key: the same at every try.
    pub(crate) key: String,
    pub(crate) to: Role,
    pub(crate) question: String,
    pub(crate) sending: bool,
    pub(crate) state: QuestionState,
    /// The server's name for it.
    pub(crate) consult_id: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) by_role: String,
}

/// Questions about one item, and when the server is asked next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Questions {
    pub(crate) rows: Vec<Question>,
    pub(crate) asking: bool,
    pub(crate) next_awake_ms: u64,
}

impl Questions {
    /// `masked` masks what the colleague wrote.
    pub(crate) fn views(&self, masked: impl Fn(&str) -> String) -> Vec<QuestionView> {
        let view = |row: &Question| QuestionView {
            to: row.to.clone(),
            question: row.question.clone(),
            state: row.state,
            answer: row.answer.as_deref().map(&masked),
            by_role: row.by_role.clone(),
        };
        self.rows.iter().map(view).collect()
    }

    pub(crate) fn has(&self, state: QuestionState) -> bool {
        self.rows.iter().any(|row| row.state == state)
    }
}
