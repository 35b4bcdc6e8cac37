//! Undoing a decision that was sent: recorded first, with the key of every attempt; asked only after
//! the decision's own receipt; too late is said, and then the decision stands.

use scrim_model::{Decision, DecisionId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{Receipt, ReleaseWhy};
use scrim_wire::window::{
    ConflictAbout, ConflictView, ConflictWhat, HistoryRow, Later, NoticeKey, ParkReason, SyncState,
    UndoState,
};

use crate::claims::returned;
use crate::clock::{Fresh, Now};
use crate::correct::is_too_late;
use crate::desk::Desk;
use crate::effect::{Effect, UndoEnd};
use crate::parts::decided::Undoing;

impl Desk {
    /// Whether the server can be asked to undo this row's decision.
    pub(crate) fn can_undo(&self, row: &HistoryRow) -> bool {
        use SyncState::{Accepted, InFlight, Waiting};
        let counts = matches!(row.later, Later::Unknown | Later::Stands);
        matches!(row.state, Accepted | InFlight | Waiting)
            && row.undo == UndoState::NotAsked
            && counts
            && !self.is_corrected(&row.decision_id)
            && (self.server_can("revert") || self.never_left(&row.decision_id))
    }

    /// Whether it waits and no byte of it can have reached the server.
    fn never_left(&self, id: &DecisionId) -> bool {
        self.place_of(id).is_some_and(|place| {
            let decided = &self.outbox[place];
            decided.state == SyncState::Waiting && !decided.left
        })
    }

    pub(crate) fn undo_sent(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: DecisionId,
        out: &mut Vec<Effect>,
    ) {
        let row = self.history.iter().find(|row| row.decision_id == id);
        let may = row.is_some_and(|row| self.can_undo(row));
        if !may || self.withdrawing > 0 || self.recording.is_some() {
            return;
        }
        if self.never_left(&id) {
            self.withdrawing += 1;
            out.push(Effect::Withdraw {
                decision_id: id,
                at: now.utc(),
            });
            return;
        }
        self.forget_for_copies(&id);
        let key = fresh.take();
        self.undoing.push(Undoing {
            decision: id.clone(),
            key: key.clone(),
            durable: false,
            sending: false,
        });
        out.push(Effect::KeepUndo {
            decision_id: id,
            key,
            at: now.utc(),
        });
    }

    /// A decision that waited was taken back after its item had left this desk.
    pub(crate) fn give_back_unsent(
        &mut self,
        fresh: &mut Fresh,
        decision: &Decision,
        out: &mut Vec<Effect>,
    ) {
        if decision.supersedes.is_none() {
            let mut request = returned(vec![decision.claim_id.clone()]);
            request.why = ReleaseWhy::Returned;
            self.give_back(fresh, request, out);
        }
    }

    pub(crate) fn undo_kept(&mut self, id: &DecisionId, durable: bool) {
        let Some(place) = self.undoing.iter().position(|u| &u.decision == id) else {
            return;
        };
        if durable {
            self.undoing[place].durable = true;
            self.set_undo(id, UndoState::Waiting);
        } else {
            self.undoing.remove(place);
            self.notice(NoticeKey::UndoNotRecorded, "");
        }
    }

    /// Asks for the next one whose decision the server has. One at a time.
    pub(crate) fn send_undo(&mut self, out: &mut Vec<Effect>) {
        if self.undoing.iter().any(|u| u.sending) || !self.server_can("revert") {
            return;
        }
        let outbox = &self.outbox;
        let has_receipt = |u: &&mut Undoing| {
            let waits = outbox.iter().any(|d| d.decision.decision_id == u.decision);
            u.durable && !waits
        };
        if let Some(next) = self.undoing.iter_mut().find(has_receipt) {
            next.sending = true;
            out.push(Effect::SendUndo {
                decision_id: next.decision.clone(),
                key: next.key.clone(),
            });
        }
    }

    pub(crate) fn undo_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: &DecisionId,
        answer: Result<Receipt, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        let Some(place) = self.undoing.iter().position(|u| &u.decision == id) else {
            return;
        };
        self.undoing[place].sending = false;
        let end = match answer {
            Ok(receipt) => {
                self.set_undo(id, UndoState::Done);
                self.notice(NoticeKey::UndoneAtServer, "");
                UndoEnd::Done {
                    receipt: receipt.receipt,
                    at: receipt.at,
                }
            }
            Err(CallFailed::Refused { code, .. }) => {
                self.set_undo(id, UndoState::Refused);
                self.undo_refused(id, &code);
                UndoEnd::Refused { code }
            }
            Err(failed) => return self.call_failed(now, fresh, failed),
        };
        self.undoing.remove(place);
        self.call_went_through(now, out);
        out.push(Effect::RecordUndo {
            decision_id: id.clone(),
            end,
            at: now.utc(),
        });
    }

    fn undo_refused(&mut self, id: &DecisionId, code: &str) {
        let what = if is_too_late(code) {
            ConflictWhat::UndoTooLate
        } else {
            ConflictWhat::UndoRefused {
                reason: ParkReason::of(code),
                code: code.to_owned(),
            }
        };
        self.notice(NoticeKey::UndoRefused, code);
        let row = self.history.iter().find(|row| &row.decision_id == id);
        if let Some(about) = row.map(about) {
            let at = None;
            self.list_conflict(ConflictView { about, what, at });
        }
    }

    /// The server did not take the decision, so there is nothing to undo.
    pub(crate) fn undo_is_moot(&mut self, now: Now, id: &DecisionId, out: &mut Vec<Effect>) {
        let before = self.undoing.len();
        self.undoing.retain(|u| &u.decision != id);
        if self.undoing.len() < before {
            self.set_undo(id, UndoState::NotAsked);
            out.push(Effect::RecordUndo {
                decision_id: id.clone(),
                end: UndoEnd::Moot,
                at: now.utc(),
            });
        }
    }

    pub(crate) fn set_undo(&mut self, id: &DecisionId, undo: UndoState) {
        if let Some(row) = self.history.iter_mut().find(|row| &row.decision_id == id) {
            row.undo = undo;
        }
    }
}

/// What a row of the list of own decisions is about.
pub(crate) fn about(row: &HistoryRow) -> ConflictAbout {
    ConflictAbout::Decision {
        decision_id: row.decision_id.clone(),
        item_id: row.item_id.clone(),
        action: row.action.clone(),
        decided_at: row.at,
    }
}
