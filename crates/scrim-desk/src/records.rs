//! This desk's records held against what the server saw of them: a tail that is missing (a backup was
//! put back, an end was cut off), a fork, or a server that has lost what it confirmed is said and
//! recorded, and what the server has is marked as received instead of being sent as new. Nothing is
//! dropped. What a server lost is not sent again unasked: an escalation may have gone its way already.

use scrim_model::HeadDiffers;
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{ChainHead, DecisionResult, HeldDecision, HeldDecisions};
use scrim_wire::window::{ConflictAbout, ConflictView, ConflictWhat, NoticeKey, UndoState};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::{Effect, UndoEnd};
use crate::event::{HeadStands, TailRow};
use crate::limits::OWN_PAGES_MAX;
use crate::revert::about;

impl Desk {
    /// The server has said how much it saw of these records.
    pub(crate) fn compare_head(&mut self, head: Option<&ChainHead>, out: &mut Vec<Effect>) {
        if let Some(head) = head {
            self.comparing.waits = true;
            out.push(Effect::CompareHead(head.clone()));
        }
    }

    pub(crate) fn head_compared(&mut self, now: Now, stands: HeadStands, out: &mut Vec<Effect>) {
        self.comparing.waits = false;
        let HeadStands::Differs {
            here,
            server,
            how,
            is_new,
        } = stands
        else {
            return;
        };
        let is_put_back = matches!(how, HeadDiffers::PutBack { .. });
        if is_put_back && self.comparing.confirmed_meanwhile {
            return;
        }
        if !is_put_back && !self.comparing.done {
            self.comparing.since = Some(0);
            self.comparing.pages = 0;
        }
        if !is_new {
            return;
        }
        match how {
            HeadDiffers::Fork => self.notice(NoticeKey::RecordsForked, ""),
            HeadDiffers::Shorter => {
                let more = server.entries.saturating_sub(here);
                self.notice(NoticeKey::RecordsBehind, more.to_string());
            }
            HeadDiffers::PutBack { confirmed } => {
                self.notice(NoticeKey::ServerPutBack, confirmed.to_string());
            }
        }
        let row = TailRow {
            here,
            server: server.entries,
            how,
            at: now.utc(),
        };
        self.list_conflict(row.view());
        out.push(Effect::RecordTail {
            here,
            server,
            how,
            at: now.utc(),
        });
    }

    pub(crate) fn read_own(&mut self, out: &mut Vec<Effect>) {
        if let Some(since) = self.comparing.since.filter(|_| !self.comparing.reading) {
            self.comparing.reading = true;
            out.push(Effect::ReadOwn { since });
        }
    }

    pub(crate) fn own_read(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Box<HeldDecisions>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.comparing.reading = false;
        let Some(since) = self.comparing.since else {
            return;
        };
        let page = match answer {
            Ok(page) => page,
            // A server without this call: ids make a second sending harmless.
            Err(CallFailed::Refused { .. }) => return self.comparison_ends(),
            Err(CallFailed::Broken { .. }) if self.comparing.pages > 0 => {
                return self.comparison_ends();
            }
            Err(failed) => {
                self.comparing.pages += u32::from(matches!(failed, CallFailed::Broken { .. }));
                return self.call_failed(now, fresh, failed);
            }
        };
        self.comparing.pages += 1;
        let is_last = page.decisions.is_empty() || page.next <= since;
        for held in page.decisions {
            self.server_holds(now, held, out);
        }
        if is_last || self.comparing.pages >= OWN_PAGES_MAX {
            self.comparison_ends();
        } else {
            self.comparing.since = Some(page.next);
        }
    }

    fn comparison_ends(&mut self) {
        self.comparing.since = None;
        self.comparing.done = true;
    }

    /// The server has this decision: what waits or is parked here counts as received.
    fn server_holds(&mut self, now: Now, held: HeldDecision, out: &mut Vec<Effect>) {
        let id = &held.decision.decision_id;
        let receipt = DecisionResult::Duplicate {
            receipt: held.receipt,
            at: now.utc(),
        };
        if let Some(place) = self.place_of(id) {
            self.settle(now, place, receipt, out);
        } else if self.can_be_unparked(id) {
            self.comparing.confirmed_meanwhile = true;
            self.unlist(Some(id));
            self.set_history(id, scrim_wire::window::SyncState::Accepted);
            out.push(Effect::RecordAnswer {
                decision_id: id.clone(),
                result: receipt,
                at: now.utc(),
            });
        }
        let row = self.history.iter().find(|row| &row.decision_id == id);
        let row = row.filter(|row| held.reverted && row.undo == UndoState::NotAsked);
        if let Some(about) = row.map(about) {
            self.set_undo(id, UndoState::Done);
            let what = ConflictWhat::Undone;
            self.list_conflict(ConflictView {
                about,
                what,
                at: None,
            });
            out.push(Effect::RecordUndo {
                decision_id: id.clone(),
                end: UndoEnd::Elsewhere,
                at: now.utc(),
            });
        }
    }

    fn can_be_unparked(&self, id: &scrim_model::DecisionId) -> bool {
        let of_it = self.conflicts.iter().find(|c| c.decision() == Some(id));
        of_it.is_some_and(ConflictView::can_try_again)
    }
}

impl TailRow {
    /// As it is listed.
    #[must_use]
    pub fn view(&self) -> ConflictView {
        ConflictView {
            about: ConflictAbout::Records,
            what: match self.how {
                HeadDiffers::Fork => ConflictWhat::Forked {
                    server: self.server,
                },
                HeadDiffers::Shorter => ConflictWhat::TailMissing {
                    here: self.here,
                    server: self.server,
                },
                HeadDiffers::PutBack { confirmed } => ConflictWhat::ServerPutBack { confirmed },
            },
            at: Some(self.at),
        }
    }
}
