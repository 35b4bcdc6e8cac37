//! Correcting a decision that was sent: a new decision that names the old one.
//!
//! The item is not there any more, so it is not shown again and nothing is revealed. What was
//! viewed, marked and how long it took is the old decision's; the journal keeps both.

use scrim_model::view::MediumView;
use scrim_model::{ActionKind, Decision, DecisionAction, DecisionId, PolicyId, PolicyNode};
use scrim_wire::window::{
    Correct, CorrectionNeeds, CorrectionView, HistoryRow, NoticeKey, SyncState, UndoState,
};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::CONFIRM_MS;
use crate::parts::correct::Correcting;
use crate::parts::decided::Recording;
use crate::parts::judge::level_of;

impl Desk {
    pub(crate) fn correct(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        what: Correct,
        out: &mut Vec<Effect>,
    ) {
        if self.recording.is_some() || self.resting(now) {
            return;
        }
        match what {
            Correct::Open(id) => self.open_correction(now, id, out),
            Correct::Record => self.record_correction(now, fresh, out),
            Correct::Close => self.correcting = None,
            Correct::Policy(id) => self.correct_policy(id),
            other => {
                if let Some(correcting) = &mut self.correcting {
                    correcting.change(now, other);
                }
            }
        }
    }

    fn open_correction(&mut self, now: Now, id: DecisionId, out: &mut Vec<Effect>) {
        let row = self.history.iter().find(|row| row.decision_id == id);
        if !row.is_some_and(|row| self.can_correct(row)) {
            return;
        }
        self.cover(now, out);
        self.correct_next = Some(id.clone());
        out.push(Effect::RecallDecision(id));
    }

    /// Own decisions as they are shown.
    pub(crate) fn history_rows(&self) -> Vec<HistoryRow> {
        let shown = |row: &HistoryRow| HistoryRow {
            can_correct: self.can_correct(row),
            can_undo: self.can_undo(row),
            ..row.clone()
        };
        self.history.iter().map(shown).collect()
    }

    /// The server has it, or will have it before a correction of it; nothing undoes it, no correction
    /// of it stands, and its item has not come back. Or the server does not take it, and the item can
    /// be decided anew.
    fn can_correct(&self, row: &HistoryRow) -> bool {
        use SyncState::{Accepted, InFlight, Parked, Waiting};
        let is_back = self.hand.iter().any(|held| held.item.id == row.item_id);
        let stands = match row.state {
            Accepted | InFlight | Waiting => {
                matches!(row.undo, UndoState::NotAsked | UndoState::Refused)
            }
            Parked => self.can_decide_anew(&row.decision_id),
            _ => false,
        };
        stands && !is_back && !self.is_corrected(&row.decision_id)
    }

    /// Whether a correction of it stands.
    pub(crate) fn is_corrected(&self, id: &DecisionId) -> bool {
        use SyncState::{Overtaken, Parked, Withdrawn};
        let stands = |later: &&HistoryRow| !matches!(later.state, Withdrawn | Overtaken | Parked);
        let mut later = self.history.iter().filter(stands);
        later.any(|later| later.supersedes.as_ref() == Some(id))
    }

    pub(crate) fn decision_recalled(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        id: &DecisionId,
        old: Option<Box<Decision>>,
        out: &mut Vec<Effect>,
    ) {
        if self.copies_recalled(now, fresh, (id, &old), out) {
            return;
        }
        if self.correct_next.take_if(|wanted| wanted == id).is_none() {
            return;
        }
        match old {
            Some(old) => self.correcting = Some(Correcting::of(old)),
            None => self.notice(NoticeKey::CorrectionUnreadable, ""),
        }
    }

    fn correct_policy(&mut self, id: PolicyId) {
        let Some(correcting) = &mut self.correcting else {
            return;
        };
        if self.policies.get(&id).is_none() {
            return;
        }
        correcting.draft.parent = level_of(&self.policies, &id);
        correcting.draft.chosen = Some(id);
    }

    fn corrected_policy(&self, correcting: &Correcting) -> Option<&PolicyNode> {
        let chosen = correcting.draft.chosen.as_ref();
        chosen.and_then(|id| self.policies.get(id))
    }

    fn correction_needs(&self, correcting: &Correcting) -> Option<CorrectionNeeds> {
        let Some((action, _)) = &correcting.action else {
            return Some(CorrectionNeeds::Action);
        };
        if *action == ActionKind::Allow {
            return None;
        }
        match self.corrected_policy(correcting) {
            None => Some(CorrectionNeeds::Policy),
            Some(policy) if policy.needs_reason && correcting.draft.note.trim().is_empty() => {
                Some(CorrectionNeeds::Note)
            }
            Some(_) => None,
        }
    }

    fn correction_ready(&self, correcting: &Correcting, now: Now) -> bool {
        let old_enough = correcting
            .action
            .as_ref()
            .is_some_and(|(_, since)| now.awake_ms.saturating_sub(*since) >= CONFIRM_MS);
        old_enough && self.correction_needs(correcting).is_none()
    }

    /// Hands the correction to the store; the page stays until the store has it.
    fn record_correction(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let Some(correcting) = &self.correcting else {
            return;
        };
        let ready = self.correction_ready(correcting, now);
        let Some((action, _)) = correcting.action.clone().filter(|_| ready) else {
            return;
        };
        let old = &correcting.old;
        let policy = self
            .corrected_policy(correcting)
            .filter(|_| action != ActionKind::Allow);
        let untouched = if action == ActionKind::Allow {
            0
        } else {
            old.severity
        };
        let decision = Box::new(Decision {
            decision_id: DecisionId::new(fresh.take()).expect("fresh ids are ids"),
            policy_version: self.policies.version,
            policy_ids: policy.map(|p| p.id.clone()).into_iter().collect(),
            severity: policy.map_or(untouched, |p| p.severity),
            actions: vec![DecisionAction {
                kind: action,
                duration_s: None,
            }],
            unsure: correcting.draft.unsure,
            reason: correcting.draft.note.clone(),
            escalate: None,
            propagated_from: None,
            media: judged_with_its_item(&old.media),
            decided_at: now.utc(),
            skew_ms: self.link.skew_ms(now),
            // A server that never took the old one knows nothing to be corrected.
            supersedes: (!self.can_decide_anew(&old.decision_id)).then(|| old.decision_id.clone()),
            ..(**old).clone()
        });
        let recording = Recording {
            first: decision.is_urgent(),
            decision,
            corrects: Some(old.decision_id.clone()),
            copy: None,
        };
        self.hand_to_store(recording, out);
    }

    pub(crate) fn correction_view(&self, now: Now) -> Option<CorrectionView> {
        let correcting = self.correcting.as_ref()?;
        let old = &correcting.old;
        let was = old.policy_ids.first().and_then(|id| self.policies.get(id));
        Some(CorrectionView {
            decision_id: old.decision_id.clone(),
            was: old.headline().into(),
            was_policy: was.map(|p| p.name.clone()).unwrap_or_default(),
            at: old.decided_at,
            draft: correcting.draft.clone(),
            action: correcting.action.as_ref().map(|(kind, _)| kind.clone()),
            allowed: correcting.allowed(),
            needs: self.correction_needs(correcting),
            ready: self.correction_ready(correcting, now),
        })
    }
}

/// A correction judges the item as a whole; what was viewed stays.
fn judged_with_its_item(media: &[MediumView]) -> Vec<MediumView> {
    let whole = |medium: &MediumView| MediumView {
        policy_ids: Vec::new(),
        severity: None,
        ..medium.clone()
    };
    media.iter().map(whole).collect()
}

/// Whether a refusal of a correction, or of an undoing, means that the decision stands for good.
#[must_use]
pub fn is_too_late(code: &str) -> bool {
    matches!(code, "too_late" | "nothing_to_correct" | "already_decided")
}
