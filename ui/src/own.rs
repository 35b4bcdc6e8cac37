//! The list of own decisions: what its keys reach.

use scrim_model::DecisionId;
use scrim_wire::window::{Command, ConflictStep, Correct, HistoryRow};

use crate::state::WindowState;

impl WindowState {
    /// The newest own decision that can be corrected.
    pub(crate) fn newest_sent(&self) -> Option<DecisionId> {
        self.newest_row(|row| row.can_correct)
    }

    /// The newest own decision of which something can be done.
    pub(crate) fn newest_row(&self, can: fn(&HistoryRow) -> bool) -> Option<DecisionId> {
        let history = &self.model.as_ref()?.history;
        let row = history.iter().find(|row| can(row))?;
        Some(row.decision_id.clone())
    }

    /// Does something about the conflict that is listed first.
    pub(crate) fn newest_conflict(&mut self, step: ConflictStep) {
        let newest = self.model.as_ref().and_then(|m| m.conflicts.first());
        if let Some(about) = newest.map(|conflict| conflict.decision().cloned()) {
            self.command(Command::Conflict(about, step));
        }
    }

    /// Decides the item of that conflict anew.
    pub(crate) fn decide_anew(&mut self) {
        let newest = self.model.as_ref().and_then(|m| m.conflicts.first());
        let newest = newest.filter(|conflict| conflict.can_decide_anew());
        if let Some(id) = newest.and_then(|conflict| conflict.decision().cloned()) {
            self.command(Command::Correct(Correct::Open(id)));
        }
    }
}
