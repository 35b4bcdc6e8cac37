//! Effects on the store. Each is durable before its event is seen by the heart.

use std::collections::VecDeque;

use scrim_desk::{Effect, Event, HeadStands};
use scrim_model::breaks::BreakSaved;
use scrim_model::checkin::CheckIn;
use scrim_model::view::ViewInterval;
use scrim_model::{Decision, HeadDiffers, PolicyTree};
use scrim_store::{Reader, StoreError, TailFound, WrittenExposure};
use scrim_wire::protocol::{ChainHead, ChainTold};
use scrim_wire::window::{KeptCheckIn, ToWindow};
use serde::{Deserialize, Serialize};

use crate::kept::{noted, undo_end, waiting};
use crate::runtime::Runtime;

/// The break timer as written down, with the clocks of that moment.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedBreak {
    pub(crate) timer: BreakSaved,
    pub(crate) boot_id: String,
    pub(crate) boot_ms: u64,
    pub(crate) utc_ms: i64,
}

pub(crate) const BREAK_KEY: &str = "break_timer";
pub(crate) const POLICIES_KEY: &str = "policies";

/// The newest policies that a desk has kept; none before the first sign-in.
///
/// # Errors
/// What SQLite said.
pub fn kept_policies(records: &Reader) -> Result<PolicyTree, StoreError> {
    Ok(records.load(POLICIES_KEY)?.unwrap_or_default())
}

impl Runtime {
    pub(crate) fn carry_out_on_store(&mut self, effect: Effect, events: &mut VecDeque<Event>) {
        match effect {
            Effect::RecordReveal {
                reveal,
                item,
                part,
                mode,
                reason,
                cover,
                at,
            } => {
                let opened = ViewInterval {
                    reason,
                    cover,
                    ..ViewInterval::opened(reveal.clone(), part, mode, at)
                };
                let kept = self
                    .store_mut()
                    .and_then(|store| store.open_reveal(&item, &opened));
                let durable = self.told(kept);
                events.push_back(Event::RevealRecorded { reveal, durable });
            }
            Effect::RecordDecision { decision, first } => {
                let durable = self.record_decision(&decision, first);
                events.push_back(Event::DecisionRecorded {
                    decision_id: decision.decision_id.clone(),
                    durable,
                });
            }
            Effect::MarkInFlight { ids, key } => {
                let kept = self
                    .store_mut()
                    .and_then(|store| store.outbox_in_flight(&ids, key.as_deref()));
                let durable = kept.is_ok();
                self.stops_deciding(kept, events);
                events.push_back(Event::Marked { ids, key, durable });
            }
            Effect::Withdraw { decision_id, at } => {
                let kept = self
                    .store_mut()
                    .and_then(|store| store.withdraw(&decision_id, at));
                let durable = self.told(kept);
                events.push_back(Event::Withdrawn {
                    decision_id,
                    durable,
                });
            }
            Effect::RecordTold { decision_id, at } => {
                let kept = self
                    .store_mut()
                    .and_then(|store| store.told_by_phone(&decision_id, at));
                let durable = self.told(kept);
                events.push_back(Event::Told {
                    decision_id,
                    durable,
                });
            }
            Effect::KeepUndo {
                decision_id,
                key,
                at,
            } => {
                let kept = self
                    .store_mut()
                    .and_then(|store| store.keep_revert(&decision_id, &key, at));
                let durable = self.told(kept);
                events.push_back(Event::UndoKept {
                    decision_id,
                    durable,
                });
            }
            Effect::Unpark { decision_id, key } => {
                let row = self.store_mut().and_then(|store| {
                    store.outbox_again(&decision_id, key.as_deref())?;
                    store.decision(&decision_id)
                });
                let row = row.unwrap_or_else(|fault| {
                    tracing::error!(%fault, "a parked decision cannot be read");
                    None
                });
                let row = row.map(|row| Box::new(waiting(row)));
                events.push_back(Event::Unparked { decision_id, row });
            }
            Effect::CompareHead(head) => {
                let stands = self.compare_head(head).unwrap_or_else(|fault| {
                    tracing::error!(%fault, "the head of the chain cannot be compared");
                    HeadStands::Whole
                });
                events.push_back(Event::HeadCompared(stands));
            }
            Effect::RecallViews(item) => {
                let recalled = self.store_mut().and_then(|store| store.intervals_of(&item));
                match recalled {
                    Ok(intervals) => events.push_back(Event::ViewsRecalled { item, intervals }),
                    Err(fault) => events.push_back(Event::StoreFailed {
                        message: fault.to_string(),
                    }),
                }
            }
            Effect::RecallDecision(decision_id) => {
                let found = self
                    .store_mut()
                    .and_then(|store| store.decision(&decision_id));
                // The heart says that it cannot be corrected.
                let decision = found.unwrap_or_else(|fault| {
                    tracing::error!(%fault, "a decision cannot be read");
                    None
                });
                let decision = decision.map(|row| Box::new(row.decision));
                events.push_back(Event::DecisionRecalled {
                    decision_id,
                    decision,
                });
            }
            Effect::RecallDraft(item) => {
                let kept = self.store_mut().and_then(|store| store.draft(&item));
                // A draft that cannot be read is worth less than going on.
                let kept = kept.unwrap_or_else(|fault| {
                    tracing::error!(%fault, "a draft cannot be read");
                    None
                });
                let kept = kept.map(Box::new);
                events.push_back(Event::DraftRecalled { item, kept });
            }
            Effect::KeepCheckIn(_)
            | Effect::CheckInAsked { .. }
            | Effect::ForgetOldCheckIns { .. }
            | Effect::ForgetCheckIns => {
                // Said in the window and not logged: no log tells that there are check-ins.
                if self.tend_check_ins(&effect).is_err() {
                    events.push_back(Event::CheckInNotKept);
                }
            }
            other => {
                let kept = self.write(other);
                self.stops_deciding(kept, events);
            }
        }
    }

    /// What has to be written whatever the heart does about it: a failure stops all deciding.
    fn stops_deciding(&self, kept: Result<(), StoreError>, events: &mut VecDeque<Event>) {
        if let Err(fault) = kept {
            tracing::error!(%fault, "a record cannot be written");
            events.push_back(Event::StoreFailed {
                message: fault.to_string(),
            });
        }
    }

    /// Read for the window alone, newest first; nothing of it is kept in memory here.
    pub(crate) fn show_check_ins(&mut self) {
        let kept = match &self.parts.store {
            Some(store) => store.check_ins(),
            None => Ok(Vec::new()),
        };
        let shown = |check_in: CheckIn| KeptCheckIn {
            date: check_in.date,
            when: check_in.when,
            answer: check_in.answer,
        };
        // Not logged, like everything about check-ins; the page says so.
        let rows = kept.map(|kept| kept.into_iter().rev().map(shown).collect());
        self.send(ToWindow::CheckIns(rows.ok()), None);
    }

    fn tend_check_ins(&mut self, effect: &Effect) -> Result<(), StoreError> {
        let store = self.store_mut()?;
        match effect {
            Effect::KeepCheckIn(check_in) => store.keep_check_in(check_in),
            Effect::CheckInAsked { when, date } => store.check_in_asked(*when, *date),
            Effect::ForgetOldCheckIns { today, keep_days } => {
                store.forget_old_check_ins(*today, *keep_days)
            }
            Effect::ForgetCheckIns => store.forget_check_ins(),
            _ => unreachable!("not about check-ins"),
        }
    }

    /// Writes that the heart does not wait for; a failure stops all deciding.
    fn write(&mut self, effect: Effect) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        let boot_id = self.parts.clock.boot_id();
        let desk_id = self.desk_id.clone();
        let store = self.store_mut()?;
        match effect {
            Effect::CloseReveal {
                reveal,
                duration_ms,
                shown,
                colour,
                area,
                place,
                played,
            } => {
                store.close_reveal(&reveal, duration_ms, shown, colour)?;
                store.reveal_seen(&reveal, &area, place, &played)
            }
            Effect::RecordSeen {
                reveal,
                area,
                place,
                played,
            } => store.reveal_seen(&reveal, &area, place, &played),
            Effect::NoteConflict {
                decision_id,
                how,
                at,
            } => store.note_conflict(&decision_id, noted(how), at),
            Effect::RecordUndo {
                decision_id,
                end,
                at,
            } => store.revert_ended(&decision_id, &undo_end(end), at),
            Effect::RecordTail {
                here,
                server,
                how,
                at,
            } => store.tail_found(&TailFound {
                here,
                server,
                how,
                at,
                is_noted: false,
            }),
            Effect::NoteTail => store.tail_noted(),
            Effect::RecordAnswer {
                decision_id,
                result,
                at,
            } => store.outbox_answered(&decision_id, &result, at),
            Effect::RecordSettled { decision_id, at } => store.escalation_settled(&decision_id, at),
            Effect::RecordConfirmed { decision_id, at } => {
                store.escalation_confirmed(&decision_id, at)
            }
            Effect::SaveBreak(timer) => {
                let saved = SavedBreak {
                    timer,
                    boot_id,
                    boot_ms: now.boot_ms,
                    utc_ms: now.utc_ms,
                };
                store.save(BREAK_KEY, &saved)
            }
            Effect::SaveExposure(kept) => {
                let written = WrittenExposure {
                    kept: *kept,
                    boot_id,
                    boot_ms: now.boot_ms,
                };
                store.save_exposure(&desk_id.ok_or(StoreError::NoStore)?, &written)
            }
            Effect::SaveSettings(kept) => store.save_settings(&kept),
            Effect::SavePolicies(tree) => store.save(POLICIES_KEY, &*tree),
            Effect::KeepDraft(draft) => store.keep_draft(&draft),
            Effect::ForgetDraft(item) => store.forget_draft(&item),
            Effect::RememberClaims(claims) => store.remember_claims(&claims),
            Effect::ForgetClaims(claims) => store.forget_claims(&claims),
            Effect::KeepRelease { key, request } => store.keep_release(&key, &request),
            Effect::ForgetRelease(key) => store.forget_release(&key),
            elsewhere => unreachable!("not an effect on the store: {elsewhere:?}"),
        }
    }

    fn record_decision(&mut self, decision: &scrim_model::Decision, first: bool) -> bool {
        let randomness = &mut self.parts.randomness;
        let Some(store) = &mut self.parts.store else {
            return false;
        };
        let kept = store.intervals_of(&decision.item_id).and_then(|views| {
            store.commit_decision(decision, first, &views, &mut || randomness.salt())
        });
        self.told(kept)
    }

    /// Whether a write went through; one that did not is logged without content.
    fn told(&self, kept: Result<(), StoreError>) -> bool {
        if let Err(fault) = &kept {
            tracing::error!(%fault, "a record cannot be written");
        }
        kept.is_ok()
    }

    /// How far the chain of records goes on disk, and the entries of these decisions. A server that
    /// is not told them loses nothing but the means to check the chain, so a fault stops no sending.
    pub(crate) fn chain_told(&self, decisions: &[Decision]) -> ChainTold {
        let Some(store) = &self.parts.store else {
            return ChainTold::default();
        };
        let tell = |fault: &StoreError| tracing::error!(%fault, "the chain cannot be read");
        let head = store.head().inspect_err(tell).ok();
        let head = head.filter(|(entries, _)| *entries > 0);
        let entry = |decision: &Decision| store.sent_record(&decision.decision_id);
        let records = decisions.iter().map(entry);
        ChainTold {
            head: head.map(|(entries, hash)| ChainHead { entries, hash }),
            records: records
                .filter_map(|found| found.inspect_err(tell).ok().flatten())
                .collect(),
        }
    }

    fn compare_head(&mut self, server: ChainHead) -> Result<HeadStands, StoreError> {
        let store = self.store_mut()?;
        let (here, _) = store.head()?;
        let how = if store.hash_at(server.entries)?.as_ref() == Some(&server.hash) {
            match store.accepted_after(server.entries)? {
                0 => return Ok(HeadStands::Whole),
                confirmed => HeadDiffers::PutBack { confirmed },
            }
        } else if here >= server.entries {
            HeadDiffers::Fork
        } else {
            HeadDiffers::Shorter
        };
        let is_new = store.tail()?.is_none_or(|last| !last.is_of(&server, how));
        Ok(HeadStands::Differs {
            here,
            how,
            server,
            is_new,
        })
    }

    pub(crate) fn store_mut(&mut self) -> Result<&mut scrim_store::Store, StoreError> {
        self.parts.store.as_mut().ok_or(StoreError::NoStore)
    }
}
