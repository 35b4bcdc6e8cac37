//! What became of one's own decisions later: asked for when the list of them is opened, one item
//! after the other, the newest first. Of what the server answers only this is kept.

use scrim_model::{DecisionId, ItemId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::ItemState;
use scrim_wire::window::{HistoryRow, Later, SyncState};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::LATER_MAX;

impl Desk {
    /// The list of own decisions is opened.
    pub(crate) fn want_later(&mut self) {
        self.later_wanted.clear();
        for row in self
            .history
            .iter()
            .filter(|row| row.state == SyncState::Accepted)
        {
            let is_new = !self.later_wanted.contains(&row.item_id);
            if is_new && self.later_wanted.len() < LATER_MAX {
                self.later_wanted.push_back(row.item_id.clone());
            }
        }
    }

    pub(crate) fn ask_later(&mut self, out: &mut Vec<Effect>) {
        if self.later_reading {
            return;
        }
        if let Some(item) = self.later_wanted.pop_front() {
            self.later_reading = true;
            out.push(Effect::ReadLater(item));
        }
    }

    pub(crate) fn later_read(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        item: &ItemId,
        answer: Result<Box<ItemState>, CallFailed>,
    ) {
        self.later_reading = false;
        let state = match answer {
            Ok(state) => state,
            // That one stays as it is; the others are asked for.
            Err(CallFailed::Refused { .. } | CallFailed::Broken { .. }) => return,
            Err(failed) => {
                self.later_wanted.clear();
                return self.call_failed(now, fresh, failed);
            }
        };
        let own: Vec<DecisionId> = self
            .history
            .iter()
            .map(|row| row.decision_id.clone())
            .collect();
        let is_sent = |row: &&mut HistoryRow| row.state == SyncState::Accepted;
        let of_item = self.history.iter_mut().filter(|row| &row.item_id == item);
        for row in of_item.filter(is_sent) {
            row.later = later(&state, &row.decision_id, &own);
        }
    }
}

/// What became of `decision`, by how its item stands now. `own`: newest first.
fn later(state: &ItemState, decision: &DecisionId, own: &[DecisionId]) -> Later {
    let place = |id: &DecisionId| own.iter().position(|other| other == id);
    match state.decisions.last() {
        _ if state.state == "withdrawn" => Later::Withdrawn,
        Some(newest) if newest == decision => Later::Stands,
        Some(newest) => match place(newest) {
            Some(newer) if Some(newer) < place(decision) => Later::Corrected,
            // An older one of one's own counts again.
            Some(_) => Later::Undone,
            None => Later::Changed,
        },
        None => Later::Undone,
    }
}
