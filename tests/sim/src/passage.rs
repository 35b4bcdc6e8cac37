//! Between the heart and the runtime of one desk: the auditor sees everything that passes, the
//! machine may die between any two effects, and a named fault may spoil what passes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use scrim_desk::{Effect, Event};
use scrim_faults::Disk;
use scrim_model::{Decision, DecisionId};
use scrim_runtime::Passage;

use crate::audit::Audit;
use crate::fault::Fault;
use crate::shared::open;

/// Whether the machine under a desk still runs.
#[derive(Debug)]
pub(crate) struct Doom {
    /// It dies after so many more effects.
    pub(crate) dies_after: Option<usize>,
    is_dead: bool,
    disk: Arc<Disk>,
}

impl Doom {
    pub(crate) fn on(disk: Arc<Disk>) -> Self {
        Self {
            dies_after: None,
            is_dead: false,
            disk,
        }
    }

    pub(crate) fn kill(&mut self) {
        self.is_dead = true;
    }

    /// It dies in the middle of a change of its disk, after so many more.
    pub(crate) fn dies_writing(&self, after: u64) {
        self.disk.die_after(after);
    }

    /// One change of its disk fails, after so many more; the machine lives on.
    pub(crate) fn fails_writing(&self, after: u64) {
        self.disk.fail_after(after);
    }

    /// It does not die by itself any more, and its disk works.
    pub(crate) fn is_spared(&mut self) {
        self.dies_after = None;
        self.disk.die_after(u64::MAX);
        self.disk.fail_after(u64::MAX);
    }

    /// Nothing that it does has any effect any more.
    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead || self.disk.is_dead()
    }

    /// What of `effects` is still carried out.
    fn cut(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        if self.is_dead() {
            return Vec::new();
        }
        if let Some(left) = self.dies_after {
            self.is_dead = left < effects.len();
            effects.truncate(left);
            self.dies_after = Some(left - effects.len());
        }
        effects
    }
}

/// See the module.
pub(crate) struct Between {
    pub(crate) desk: usize,
    pub(crate) audit: Arc<Mutex<Audit>>,
    pub(crate) doom: Arc<Mutex<Doom>>,
    pub(crate) fault: Option<Fault>,
    /// Decisions that left this run already.
    pub(crate) left: BTreeSet<DecisionId>,
}

impl Passage for Between {
    fn event(&mut self, event: Event) -> Event {
        if open(&self.doom).is_dead() {
            return event;
        }
        open(&self.audit).event(self.desk, &event);
        match (event, self.fault) {
            // Decoding is not under test: clear pixels are there as soon as they are asked for.
            (Event::ClearFailed { reveal, .. }, _) => Event::ClearReady { reveal },
            (Event::Heartbeat(Ok(mut rows)), Some(Fault::HeartbeatIgnored)) => {
                rows.retain(|row| row.lost.is_none());
                Event::Heartbeat(Ok(rows))
            }
            (Event::Started(mut restored), Some(Fault::OrderSwapped)) => {
                restored.outbox.reverse();
                Event::Started(restored)
            }
            (event, _) => event,
        }
    }

    fn effects(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let effects = self.spoiled(effects);
        let effects = open(&self.doom).cut(effects);
        open(&self.audit).effects(self.desk, &effects);
        effects
    }
}

impl Between {
    fn spoiled(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let mut out = Vec::with_capacity(effects.len() + 1);
        for effect in effects {
            match (effect, self.fault) {
                (Effect::RecordDecision { decision, first }, Some(Fault::SendBeforeCommit)) => {
                    out.push(Effect::SendDecision(decision.clone()));
                    out.push(Effect::RecordDecision { decision, first });
                }
                (Effect::SendDecision(decision), Some(Fault::ReceiptLostResendWithNewId)) => {
                    let again = !self.left.insert(decision.decision_id.clone());
                    let decision = if again { renamed(&decision) } else { decision };
                    out.push(Effect::SendDecision(decision));
                }
                (Effect::ReadBack(item), Some(Fault::EscalationAssumed)) => {
                    let assumed = open(&self.audit).escalation_of(self.desk, &item);
                    out.extend(
                        assumed
                            .map(|(decision_id, at)| Effect::RecordConfirmed { decision_id, at }),
                    );
                    out.push(Effect::ReadBack(item));
                }
                (effect, _) => out.push(effect),
            }
        }
        out
    }
}

/// The same decision under another id.
fn renamed(decision: &Decision) -> Box<Decision> {
    let id = format!("{}-again", decision.decision_id.as_str());
    let mut decision = decision.clone();
    decision.decision_id = DecisionId::new(id).unwrap_or(decision.decision_id);
    Box::new(decision)
}
