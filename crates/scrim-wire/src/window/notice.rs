//! What the window tells beside the item: keys of sentences in its catalogue, never sentences.

use serde::{Deserialize, Serialize};

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// For `Command::Dismiss`.
    pub id: u64,
    /// Key of the sentence in the catalogue of strings.
    pub key: NoticeKey,
    /// A number or short word that the sentence holds.
    pub arg: String,
}

/// Sentences that the agent can ask the window to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NoticeKey {
    /// Two keys were pressed together; what the first one decided was taken back.
    Slipped,
    /// The claim is gone; the item was covered and put back. `arg`: who has it.
    ClaimLost,
    /// Someone decided first. `arg`: what.
    Overtaken,
    /// The server did not take a decision. `arg`: code.
    Parked,
    /// Choose a policy first.
    PolicyNeeded,
    /// The policy needs a written reason.
    ReasonNeeded,
    /// Too late to take back. `arg`: nothing.
    TooLateToUndo,
    /// The queue sent items that cannot be read. `arg`: how many.
    ItemsRefused,
    /// The window died and was started again.
    WindowRestarted,
    /// A break is due.
    BreakDue,
    /// A reveal could not be recorded, so nothing was shown.
    RevealNotRecorded,
    /// The decision could not be recorded, so it was not made.
    DecisionNotRecorded,
    /// The picture cannot be shown clear. `arg`: why.
    ClearFailed,
    /// Playing stopped because a part could not be shown safely; the reason is the argument.
    PlayFailed,
    /// An urgent escalation is not confirmed: call the duty contact. `arg`: item id.
    EscalationUnconfirmed,
    /// The server now confirms the escalation. `arg`: item id.
    EscalationConfirmed,
    /// One decision holds no more marks. `arg`: how many.
    MarksFull,
    /// It could not be recorded that the duty contact was told.
    ToldNotRecorded,
    /// A colleague has answered; the item comes next.
    QuestionAnswered,
    /// The server did not take a question. `arg`: code.
    QuestionRefused,
    /// No more questions about one item. `arg`: how many.
    QuestionsFull,
    /// A colleague's question needs no answer any more.
    QuestionClosed,
    /// A colleague's item cannot be looked at without the server.
    LookNeedsServer,
    /// A colleague's item came in a form that this version cannot read.
    LookUnreadable,
    /// A colleague's item is not to be shown to this person now.
    LookLimited,
    /// A look at a colleague's item has ended by itself.
    LookOver,
    /// Somebody dealt with an escalation before it was confirmed; `arg` is the item.
    EscalationSettled,
    /// What was passed on was a review or practice, without effect: nothing was. `arg`: item id.
    EscalationWithoutEffect,
    /// The same, and it was urgent: call the duty contact. `arg`: item id.
    EscalationNotPassedOn,
    /// Too many answers wait for the server; `arg` is how many may.
    AnswersFull,
    /// An answer has arrived.
    AnswerSent,
    /// The server did not take an answer; `arg` is its code.
    AnswerRefused,
    /// An item that is aimed at this person is gone, and its author with it. `arg`: the safety
    /// contact, empty if the server names none.
    AimedAway,
    /// The item went to whoever is next, with what was made.
    HandedOver,
    /// An item went to somebody who reads its language.
    OtherLanguage,
    /// An item came with what a colleague had made of it.
    TakenOver,
    /// It could not be recorded that the server is to undo a decision, so it is not asked.
    UndoNotRecorded,
    /// The server has undone a decision.
    UndoneAtServer,
    /// The server does not undo a decision; it stands. `arg`: its code.
    UndoRefused,
    /// What was parked is on its way again.
    TriedAgain,
    /// It could not be read again, so it stays parked.
    TryAgainFailed,
    /// The server saw more of these records than this desk has. `arg`: how many entries more.
    RecordsBehind,
    /// The server saw other records under this desk's name.
    RecordsForked,
    /// The server was put back to an earlier state. `arg`: how many decisions it had confirmed since.
    ServerPutBack,
    /// A correction came too late; the old decision stands. `arg`: why.
    CorrectionTooLate,
    /// The decision to be corrected cannot be read any more.
    CorrectionUnreadable,
    /// The decision to be repeated for copies cannot be read any more.
    CopiesUnreadable,
    /// What was kept for an item belongs to an older version of it.
    DraftOutdated,
    /// Decisions of an earlier run are being sent. `arg`: how many.
    LeftoversSending,
    /// The records were damaged and set aside. `arg`: how many decisions were saved.
    RecordsSetAside,
    /// Some of what was in them cannot be read. `arg`: how many entries, at least.
    RecordsLost,
    /// An entry of the records is not as it was written. `arg`: its place.
    RecordsChanged,
    /// The day's limit is near.
    LimitNear,
    /// It is reached: lighter items only.
    LimitReached,
    /// It is reached: nothing more today.
    LimitEndsShift,
    /// A setting of the moderator was below the floor and was taken back. `arg`: its key.
    SettingTakenBack,
    /// A value was not taken: it is below the floor. `arg`: its key.
    SettingBelowFloor,
    /// A value was not taken: it is out of range. `arg`: its key.
    SettingOutOfRange,
    /// A value was not taken: the setting is somebody else's. `arg`: its key.
    SettingNotYours,
    /// The kept settings are not as they were written; the stricter of them and the defaults holds.
    SettingsDoubtful,
    /// The floor has changed what is in force.
    FloorChanged,
    /// The server's floor cannot be used in full. `arg`: how many entries cannot.
    FloorUnusable,
    /// The server's floor names settings that this version does not know. `arg`: how many.
    FloorUnknownKeys,
    /// The managed file is there and cannot be used in full. `arg`: why.
    ManagedUnusable,
    /// The managed file of the last start is gone.
    ManagedGone,
    /// Every check-in is forgotten.
    CheckInsForgotten,
    /// A check-in could not be kept or forgotten.
    CheckInNotKept,
    /// What was kept of today's exposure cannot be read, so it counts as full.
    ExposureUnknown,
}

impl NoticeKey {
    /// Whether reading it is enough. An urgent escalation stays on the screen until it is
    /// confirmed, or told by phone; one that is not passed on, until it is told.
    #[must_use]
    pub fn can_dismiss(self) -> bool {
        !matches!(
            self,
            NoticeKey::EscalationUnconfirmed | NoticeKey::EscalationNotPassedOn
        )
    }
}
