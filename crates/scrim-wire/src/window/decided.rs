//! A decision in the making, decisions that can be taken back, corrected ones, and the list of past
//! ones.

use serde::{Deserialize, Serialize};

use scrim_model::mark::Mark;
use scrim_model::{ActionKind, DecisionId, ItemId, PolicyId, Timestamp};

/// A decision that can be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldView {
    /// The decision.
    pub decision_id: DecisionId,
    /// Its first action.
    pub action: ActionKind,
    /// Milliseconds until it is sent, rounded up to whole seconds.
    pub left_ms: u32,
}

/// What is chosen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The level whose digits count now: children of this policy.
    pub parent: Option<PolicyId>,
    /// The chosen policy: of the medium that is judged, otherwise of the item.
    pub chosen: Option<PolicyId>,
    /// The medium that policies are chosen for, of an item with several; `None`: the item as a whole.
    pub of_medium: Option<u32>,
    /// What was chosen for single media, by `n`.
    pub media: Vec<(u32, PolicyId)>,
    /// What was chosen for the item as a whole.
    pub of_item: Option<PolicyId>,
    /// Marked unsure.
    pub unsure: bool,
    /// The note.
    pub note: String,
    /// What was pointed at.
    pub marks: Vec<Mark>,
}

/// Asked in place before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmView {
    /// What.
    pub what: ConfirmWhat,
    /// To whom, for an escalation.
    pub to: String,
    /// 1–3, for an escalation.
    pub priority: u8,
    /// `Enter` counts (400 ms have passed).
    pub ready: bool,
}

/// What is done once it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfirmWhat {
    /// A decision.
    Action(ActionKind),
    /// A decision repeated for copies of its item, or for its author's other items.
    Copies {
        /// What is done.
        action: ActionKind,
        /// To how many.
        count: u32,
        /// They are no copies: they are of the author whom it is about.
        of_author: bool,
    },
    /// The item is aimed at whoever looks at it.
    Aimed {
        /// Name and number of the safety contact; empty if the server names none.
        contact: String,
    },
}

/// What a training decision was expected to find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackView {
    /// The decision.
    pub decision_id: DecisionId,
    /// The policies are the same.
    pub agrees: bool,
    /// Names of the policies that were found.
    pub found: Vec<String>,
    /// Names of those that were expected; empty: none applies.
    pub expected: Vec<String>,
    /// Why, with listed words masked.
    pub explanation: String,
}

/// A decision that is being corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionView {
    /// The old decision.
    pub decision_id: DecisionId,
    /// Its action.
    pub was: ActionKind,
    /// Name of its policy; empty if none.
    pub was_policy: String,
    /// When it was made.
    pub at: Timestamp,
    /// Policy, unsure and note of the new one.
    pub draft: Draft,
    /// Its action, once chosen.
    pub action: Option<ActionKind>,
    /// Actions to offer.
    pub allowed: Vec<ActionKind>,
    /// What is missing.
    pub needs: Option<CorrectionNeeds>,
    /// It can be recorded now: nothing is missing and 400 ms have passed.
    pub ready: bool,
}

/// What a correction still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CorrectionNeeds {
    /// An action.
    Action,
    /// A policy.
    Policy,
    /// A note.
    Note,
}

/// One own decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// The decision.
    pub decision_id: DecisionId,
    /// The item.
    pub item_id: ItemId,
    /// What was done.
    pub action: ActionKind,
    /// Policy's name.
    pub policy: String,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub state: SyncState,
    /// The decision that this one corrects.
    pub supersedes: Option<DecisionId>,
    /// It is on its way or sent and no correction of it stands; set when it is shown.
    pub can_correct: bool,
    /// The server can be asked to undo it; set when it is shown.
    pub can_undo: bool,
    /// Whether the server was asked to.
    pub undo: UndoState,
    /// What became of it later, as far as the server was asked.
    pub later: Later,
}

/// What became of a decision that the server has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Later {
    /// Not asked, or not told.
    #[default]
    Unknown,
    /// It is the newest that counts.
    Stands,
    /// The moderator's own correction counts in its place.
    Corrected,
    /// Somebody decided after it.
    Changed,
    /// It was undone and nothing counts in its place.
    Undone,
    /// The platform has withdrawn the item.
    Withdrawn,
}

/// How the undoing of a decision that was sent stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UndoState {
    /// Nobody asked for it.
    #[default]
    NotAsked,
    /// It is recorded and waits for the server.
    Waiting,
    /// The server has undone it.
    Done,
    /// The server does not.
    Refused,
}

/// How a decision stands on its way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Can be taken back.
    Held,
    /// To be sent.
    Waiting,
    /// On its way.
    InFlight,
    /// The server has it.
    Accepted,
    /// Someone else decided first.
    Overtaken,
    /// The server does not take it; kept here.
    Parked,
    /// Taken back before it was sent.
    Withdrawn,
}

impl SyncState {
    /// Whether the server has answered, or nothing is sent any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(
            self,
            SyncState::Held | SyncState::Waiting | SyncState::InFlight
        )
    }
}
