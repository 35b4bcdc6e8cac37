//! What the store keeps of decisions, in the words of the heart and the window, and back.

use std::collections::HashSet;

use scrim_desk::{Earlier, Noted, OutboxRow, TailRow, UndoEnd};
use scrim_model::{DecisionId, PolicyTree};
use scrim_store::{Reader, RevertRow, RevertState, StoreError};
use scrim_wire::window::{
    ConflictAbout, ConflictView, ConflictWhat, HistoryRow, Later, ParkReason, SyncState, UndoState,
};

pub(crate) fn waiting(row: scrim_store::OutboxRow) -> OutboxRow {
    OutboxRow {
        decision: row.decision,
        told: row.told,
        first: row.urgent,
        left: row.attempts > 0,
        sent_with: row.sent_with,
    }
}

pub(crate) fn noted(how: Noted) -> scrim_store::Noted {
    match how {
        Noted::Seen => scrim_store::Noted::Seen,
        Noted::Lead => scrim_store::Noted::Lead,
        Noted::Replaced => scrim_store::Noted::Replaced,
    }
}

pub(crate) fn undo_end(end: UndoEnd) -> RevertState {
    match end {
        UndoEnd::Done { receipt, at } => RevertState::Done { receipt, at },
        UndoEnd::Refused { code } => RevertState::Refused { code },
        UndoEnd::Moot => RevertState::Moot,
        UndoEnd::Elsewhere => RevertState::Elsewhere,
    }
}

/// Requests to undo that wait for the server, with their keys.
pub(crate) fn waiting_undos(reverts: &[RevertRow]) -> Vec<(DecisionId, String)> {
    let waiting = reverts.iter().filter(|r| r.state == RevertState::Waiting);
    waiting
        .map(|row| (row.decision_id.clone(), row.key.clone()))
        .collect()
}

pub(crate) fn history_row(
    row: &scrim_store::OutboxRow,
    policies: &PolicyTree,
    reverts: &[RevertRow],
) -> HistoryRow {
    let policy = row
        .decision
        .policy_ids
        .first()
        .and_then(|id| policies.get(id))
        .map(|p| p.name.clone());
    let id = &row.decision.decision_id;
    let revert = reverts.iter().find(|r| &r.decision_id == id);
    HistoryRow {
        decision_id: id.clone(),
        item_id: row.decision.item_id.clone(),
        action: row.decision.headline().into(),
        policy: policy.unwrap_or_default(),
        at: row.decision.decided_at,
        state: row.state,
        supersedes: row.decision.supersedes.clone(),
        can_correct: false,
        can_undo: false,
        undo: revert.map_or(UndoState::NotAsked, |r| undo_state(&r.state)),
        later: Later::Unknown,
    }
}

/// Own decisions that stand and may be repeated for copies, oldest first; of `rows`, newest first.
pub(crate) fn earlier(rows: &[scrim_store::OutboxRow], reverts: &[RevertRow]) -> Vec<Earlier> {
    let corrected: HashSet<&DecisionId> = rows
        .iter()
        .filter(|row| stands(row.state))
        .filter_map(|row| row.decision.supersedes.as_ref())
        .collect();
    let undone = reverts.iter().filter(|row| {
        let state = undo_state(&row.state);
        matches!(state, UndoState::Waiting | UndoState::Done)
    });
    let undone: HashSet<&DecisionId> = undone.map(|row| &row.decision_id).collect();
    let stand = rows.iter().rev().filter(|row| {
        let id = &row.decision.decision_id;
        stands(row.state) && !corrected.contains(id) && !undone.contains(id)
    });
    stand.filter_map(|row| Earlier::of(&row.decision)).collect()
}

fn stands(state: SyncState) -> bool {
    !matches!(
        state,
        SyncState::Withdrawn | SyncState::Overtaken | SyncState::Parked
    )
}

fn undo_state(state: &RevertState) -> UndoState {
    match state {
        RevertState::Waiting => UndoState::Waiting,
        RevertState::Done { .. } | RevertState::Elsewhere => UndoState::Done,
        RevertState::Refused { .. } => UndoState::Refused,
        RevertState::Moot => UndoState::NotAsked,
    }
}

/// What did not go as decided and nobody has dealt with, newest first.
pub(crate) fn conflicts(
    store: &Reader,
    reverts: &[RevertRow],
) -> Result<Vec<ConflictView>, StoreError> {
    let mut listed = Vec::new();
    if let Some(tail) = store.tail()?.filter(|tail| !tail.is_noted) {
        let row = TailRow {
            here: tail.here,
            server: tail.server.entries,
            how: tail.how,
            at: tail.at,
        };
        listed.push(row.view());
    }
    for revert in reverts.iter().rev().filter(|r| !r.is_noted) {
        let Some(what) = undo_conflict(&revert.state) else {
            continue;
        };
        let row = match store.decision(&revert.decision_id) {
            // Told with the other decisions that cannot be read.
            Err(fault) if fault.is_unreadable() => None,
            row => row?,
        };
        if let Some(row) = row {
            listed.push(ConflictView {
                about: about(&row),
                what,
                at: Some(revert.at),
            });
        }
    }
    listed.extend(store.conflicts()?.iter().filter_map(conflict_view));
    Ok(listed)
}

fn undo_conflict(state: &RevertState) -> Option<ConflictWhat> {
    match state {
        RevertState::Refused { code } if scrim_desk::is_too_late(code) => {
            Some(ConflictWhat::UndoTooLate)
        }
        RevertState::Refused { code } => Some(ConflictWhat::UndoRefused {
            reason: ParkReason::of(code),
            code: code.clone(),
        }),
        RevertState::Elsewhere => Some(ConflictWhat::Undone),
        RevertState::Waiting | RevertState::Done { .. } | RevertState::Moot => None,
    }
}

fn about(row: &scrim_store::OutboxRow) -> ConflictAbout {
    ConflictAbout::Decision {
        decision_id: row.decision.decision_id.clone(),
        item_id: row.decision.item_id.clone(),
        action: row.decision.headline().into(),
        decided_at: row.decision.decided_at,
    }
}

fn conflict_view(row: &scrim_store::OutboxRow) -> Option<ConflictView> {
    let conflict = row.conflict.as_ref()?;
    let is_correction = row.decision.supersedes.is_some();
    let what = match &conflict.what {
        scrim_store::ConflictWhat::Overtaken { .. } if is_correction => {
            ConflictWhat::CorrectionTooLate
        }
        scrim_store::ConflictWhat::Overtaken { by_role, outcome } => ConflictWhat::Overtaken {
            by_role: by_role.clone(),
            outcome: outcome.clone(),
        },
        scrim_store::ConflictWhat::Parked { code, .. }
            if is_correction && scrim_desk::is_too_late(code) =>
        {
            ConflictWhat::CorrectionTooLate
        }
        scrim_store::ConflictWhat::Parked { code, .. } => ConflictWhat::Parked {
            reason: ParkReason::of(code),
            code: code.clone(),
        },
    };
    Some(ConflictView {
        about: about(row),
        what,
        at: Some(conflict.at),
    })
}
