//! The window link: what the agent shows the window, and what the window asks of the agent.
//!
//! The agent sends whole [`WindowModel`] revisions; pictures go by key on the side, each with one
//! read-only descriptor. The window covers by itself and then says so; only the agent reveals.

use serde::{Deserialize, Serialize};

use scrim_model::breaks::BreakPhase;
use scrim_model::checkin::{Answer, When};
use scrim_model::item::TranslatedBy;
use scrim_model::mark::Mark;
use scrim_model::serving::Cap;
use scrim_model::settings::{AtLimit, EffectiveRow, Key, RevealRules, Value};
use scrim_model::view::{CoverKey, CoverStep, Part, RevealMode, RevealReason, WordSpan};
use scrim_model::{
    ActionKind, DecisionId, Environment, ItemId, Kind, MediumKey, PolicyId, PolicyTree, RevealId,
    Role, Timestamp,
};

/// From agent to window.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ToWindow {
    /// First message; another build id closes the link.
    Hello {
        /// See `build_id`.
        build: String,
    },
    /// The whole of what there is to show.
    Model(Box<WindowModel>),
    /// A covered preview, RGBA8, `width * height * 4` bytes in the one descriptor that follows.
    Covered {
        /// Which medium under which cover.
        key: CoverKey,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// Clear pixels of an open, durable reveal; one descriptor follows.
    Clear {
        /// The reveal that they belong to; of no use after its end.
        reveal: RevealId,
        /// The medium.
        medium: MediumKey,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The settings in force; sent when they change and to a new window.
    Settings(Box<SettingsView>),
    /// Drop every clear pixel now.
    CoverNow,
    /// Still here; sent at least every 200 ms while something is revealed.
    Ping,
    /// Come to the front.
    Raise,
    /// Close.
    Close,
}

/// From window to agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromWindow {
    /// First message.
    Hello {
        /// See `build_id`.
        build: String,
    },
    /// The moderator asked for something.
    Command(Command),
    /// The window has covered by itself.
    Covered {
        /// The reveal that ended.
        reveal: RevealId,
        /// Why.
        why: CoverWhy,
    },
    /// Clear pixels or words were presented for the first time.
    Presented {
        /// The reveal.
        reveal: RevealId,
    },
    /// Keys or pointer were used; at most once a second.
    Active,
    /// The window closes because the moderator closed it.
    Closing,
}

/// Why a reveal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoverWhy {
    /// Key let go, or tapped again.
    Released,
    /// The window lost the focus.
    FocusLost,
    /// Its time was over.
    TimeOver,
    /// No sign of the agent for 500 ms.
    AgentSilent,
    /// Minimised or hidden.
    Hidden,
    /// A text field took the focus.
    TextField,
    /// The cover-all key.
    CoverAll,
    /// The agent said so: next item, break, lock.
    AgentSaid,
}

/// What a moderator can ask for. Everything here is a deliberate act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// A policy digit 1–9 at the present level; 0 is unsure.
    Digit(u8),
    /// A policy by id (pointer, search).
    Policy(PolicyId),
    /// One level up, or none chosen.
    PolicyBack,
    /// Decide the open item.
    Decide(ActionKind),
    /// Confirm what is asked in place.
    Confirm,
    /// Do not.
    CancelConfirm,
    /// Priority of the escalation being asked for, 1–3.
    EscalatePriority(u8),
    /// Take back the newest held decision.
    Undo,
    /// Not me: release the open item, no reason.
    NotMe,
    /// Ask a colleague about the open item; its claim is kept.
    AskColleague {
        /// `moderator` or `lead`.
        to: Role,
        /// The question.
        question: String,
    },
    /// Give the open item to somebody else, with policy, note and doubt.
    HandOver,
    /// The note of the open item.
    Note(String),
    /// Point at something of the open item.
    Mark(Mark),
    /// Take a mark away: its place in the draft, from 0.
    Unmark(u32),
    /// Correct a decision that was sent.
    Correct(Correct),
    /// Look at another part.
    Select(Part),
    /// Open a reveal of the selected part.
    Reveal(RevealMode),
    /// The reason that was asked for.
    RevealReason(RevealReason),
    /// Open a reveal of one masked stretch of words.
    RevealSpan(RevealMode, WordSpan),
    /// End it.
    CoverAgain,
    /// Colour on or off while revealed.
    Colour(bool),
    /// A stronger cover.
    Stronger,
    /// A weaker cover.
    Weaker,
    /// Cover everything and blank the window, or lift that.
    CoverAll,
    /// Take a break now.
    TakeBreak,
    /// Put a due break off.
    Snooze,
    /// Back to work.
    EndBreak,
    /// "Go easy on me today", or not any more.
    GoEasy(bool),
    /// The answer to the check-in that is offered.
    CheckIn(Answer),
    /// It is passed over.
    SkipCheckIn,
    /// Every check-in that was kept is forgotten.
    ForgetCheckIns,
    /// End the shift: cover, give back, sync.
    EndShift,
    /// Start again after the end of a shift.
    StartShift,
    /// The changes of policies have been read.
    PoliciesRead,
    /// Try the connection now.
    Reconnect,
    /// Fetch and cover a medium again.
    RetryMedium(u32),
    /// Choose a value for a setting; `None` takes the choice back.
    SetSetting {
        /// Which.
        key: Key,
        /// The value.
        value: Option<Value>,
    },
    /// The duty contact was told by phone of the urgent escalation of this item.
    ToldByPhone(ItemId),
    /// A notice has been read.
    Dismiss(u64),
}

/// Steps of a correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Correct {
    /// Begin: the decision to be corrected.
    Open(DecisionId),
    /// The policy that applies.
    Policy(PolicyId),
    /// None.
    NoPolicy,
    /// Unsure, on or off.
    Unsure,
    /// The note.
    Note(String),
    /// What is done instead.
    Action(ActionKind),
    /// Record it.
    Record,
    /// Leave the decision as it is.
    Close,
}

/// Everything that the window shows, without a single clear pixel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowModel {
    /// Grows with every change.
    pub revision: u64,
    /// The main state.
    pub screen: Screen,
    /// The server's kind; `None` before the first sign-in.
    pub environment: Option<Environment>,
    /// The moderator's own name, for the status bar.
    pub moderator: String,
    /// Names of the queues drawn from.
    pub queue_names: String,
    /// Open items at the server, as last heard.
    pub waiting: u64,
    /// Age of the oldest, in whole minutes.
    pub oldest_min: Option<u64>,
    /// Items in hand, the open one with them.
    pub in_hand: u32,
    /// Connection.
    pub link: LinkState,
    /// Decisions that no receipt has come for.
    pub waiting_to_sync: u32,
    /// Decisions still inside the undo window, newest last.
    pub held: Vec<HeldView>,
    /// The open item.
    pub item: Option<ItemView>,
    /// Policies to choose from.
    pub policies: PolicyTree,
    /// What is chosen for the open item.
    pub draft: Draft,
    /// Asked in place before it is done.
    pub confirm: Option<ConfirmView>,
    /// A decision that is being corrected.
    pub correction: Option<CorrectionView>,
    /// A reason is asked for before the whole picture opens.
    pub asks_reason: bool,
    /// Wellbeing bar.
    pub wellbeing: Wellbeing,
    /// Check-ins; never an answer.
    pub check_in: CheckInView,
    /// What is different in the policies, while it waits to be read.
    pub policy_changes: Vec<PolicyChange>,
    /// Things to read, newest last.
    pub notices: Vec<Notice>,
    /// Decisions that did not go through as made.
    pub conflicts: Vec<ConflictView>,
    /// Own decisions, newest first; no media, no words.
    pub history: Vec<HistoryRow>,
    /// Whom to call.
    pub duty_contacts: Vec<String>,
}

/// The settings in force. One row a key, so its size is bounded by the table's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// Value, whose word it is, and what the moderator may do about it.
    pub rows: Vec<EffectiveRow>,
    /// Keys that this version does not act on yet; they have no switch.
    pub not_acted_on: Vec<Key>,
    /// When a reveal ends by itself, for the window's own deadlines.
    pub reveal: RevealRules,
    /// A floor is there and cannot be read, so the stricter of the last known one and the defaults
    /// holds.
    pub in_doubt: bool,
}

/// The main state. Every one has a designed screen: what happened, what is safe, what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Screen {
    /// No token.
    SignedOut,
    /// First contact.
    Connecting,
    /// An item is open.
    Serving,
    /// Nothing waits.
    QueueEmpty,
    /// Policies differ from those that were worked with; the list is read before the next item.
    PoliciesChanged,
    /// No connection and nothing in hand.
    OfflineEmpty,
    /// A break is due and cannot be put off; the open item is finished.
    BreakNeeded,
    /// Resting.
    OnBreak,
    /// Blanked by the cover-all key.
    CoveredAll,
    /// The shift is over.
    ShiftEnded {
        /// Decisions without a receipt.
        unconfirmed: u32,
    },
    /// The server refuses; its code and what to do.
    ServerSaysNo {
        /// For people.
        message: String,
    },
    /// Several severe items in a row: a lighter one comes first, or a short pause.
    LighterNext {
        /// Seconds until a severe one may open as well, rounded up.
        left_s: u32,
    },
    /// The day's limit is reached, and nothing that may still be served waits.
    LimitReached,
    /// The store cannot be written; nothing can be decided.
    StoreFailed {
        /// For people.
        message: String,
    },
}

/// One difference between two trees of policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChange {
    /// The policy's name.
    pub name: String,
    /// What happened to it.
    pub what: PolicyChanged,
}

/// What happened to a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyChanged {
    /// New.
    Added,
    /// Its words, severity, digit or rules differ.
    Changed,
    /// No longer there.
    Removed,
}

/// How the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    /// Never spoken yet.
    Unknown,
    /// The last call went through.
    Online,
    /// The last call did not.
    Offline {
        /// Seconds until the next try.
        retry_in_s: u32,
    },
}

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

/// The open item, all words masked but those of an open reveal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemView {
    /// The item.
    pub id: ItemId,
    /// Its kind.
    pub kind: Kind,
    /// Its one line.
    pub label: String,
    /// Harm classes.
    pub classes: Vec<String>,
    /// 0–4.
    pub severity_hint: u8,
    /// 1–4.
    pub priority: u8,
    /// `exact`, `near` or nothing, with the list's name.
    pub known: Option<String>,
    /// An exact hit: can be decided without loading.
    pub known_exact: bool,
    /// Parts in the order of `,` and `.`.
    pub parts: Vec<Part>,
    /// The part that is on the screen.
    pub selected: Part,
    /// Media, by `n`.
    pub media: Vec<MediumState>,
    /// Cover in force.
    pub step: CoverStep,
    /// The weakest that the settings allow.
    pub step_min: CoverStep,
    /// Covers are without colour.
    pub grey: bool,
    /// Texts of the item.
    pub texts: Vec<TextView>,
    /// What lies around it.
    pub context: Vec<TextView>,
    /// Reports.
    pub reports: Vec<ReportView>,
    /// What its author wrote against a decision, if the item is an appeal.
    pub appeal: Option<MaskedWords>,
    /// The author's line.
    pub author: Option<AuthorView>,
    /// `name 0.93 (≥ 0.80)` lines.
    pub signals: Vec<String>,
    /// Where a link leads, as text.
    pub link: Option<String>,
    /// Actions to offer, in the server's order.
    pub allowed: Vec<ActionKind>,
    /// How the claim stands.
    pub claim: ClaimState,
    /// The open reveal, if any.
    pub reveal: Option<RevealView>,
    /// What was asked about it, oldest first.
    pub questions: Vec<QuestionView>,
    /// The server knows questions.
    pub can_ask: bool,
    /// The reported time.
    pub reported_at: Option<Timestamp>,
}

/// A question to a colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionView {
    /// Who was asked.
    pub to: Role,
    /// What was asked.
    pub question: String,
    /// How it stands.
    pub state: QuestionState,
    /// The answer, once there is one.
    pub answer: Option<String>,
    /// The role of whoever answered; empty before.
    pub by_role: String,
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuestionState {
    /// The server does not have it yet.
    Sending,
    /// Nobody has answered.
    Open,
    /// There is an answer.
    Answered,
    /// The item was decided or withdrawn first.
    Closed,
    /// The server did not take it.
    Refused,
}

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClaimState {
    /// Held, as of the last heartbeat.
    Held,
    /// Heartbeats were missed; reviewable until the lease ends.
    Unconfirmed,
    /// The server keeps no leases.
    Advisory,
}

/// What there is of a medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediumState {
    /// Not asked for (known-hash items are decided without loading).
    NotLoaded,
    /// On its way.
    Loading,
    /// Its covered preview has been sent.
    Covered {
        /// Pixels of the source.
        width: u32,
        /// Pixels of the source.
        height: u32,
    },
    /// Cannot be shown; can still be decided.
    Rejected {
        /// For people.
        reason: String,
    },
    /// Not to be had now; tried again when online.
    Unavailable,
}

/// A text, with masks in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextView {
    /// As in the item.
    pub id: String,
    /// As in the item.
    pub role: String,
    /// BCP 47 tag.
    pub lang: String,
    /// When, if known.
    pub at: Option<Timestamp>,
    /// The words.
    pub words: MaskedWords,
    /// Has spans that the server has flagged.
    pub flagged: bool,
    /// The same in other languages.
    pub translations: Vec<TranslationView>,
}

/// Words with masks in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedWords {
    /// As they may be drawn now: a mask sign for each covered character.
    pub body: String,
    /// What can be revealed by itself, in order, without overlaps. The same while one is revealed.
    pub spans: Vec<SpanView>,
}

/// One masked stretch of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanView {
    /// For `Command::RevealSpan`.
    pub key: WordSpan,
    /// First character of the body.
    pub from: u32,
    /// Character after the last.
    pub to: u32,
}

/// A translation, with masks in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslationView {
    /// BCP 47 tag.
    pub lang: String,
    /// Who made it.
    pub by: TranslatedBy,
    /// The words.
    pub words: MaskedWords,
}

/// A report, with masks in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// Harm class chosen.
    pub class: String,
    /// The words.
    pub words: MaskedWords,
}

/// An author without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorView {
    /// Days.
    pub account_age_d: Option<u32>,
    /// Count.
    pub prior_actions: u32,
}

/// An open reveal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealView {
    /// The reveal.
    pub id: RevealId,
    /// How.
    pub mode: RevealMode,
    /// What.
    pub part: Part,
    /// Durable: clear words may be drawn, clear pixels come.
    pub open: bool,
    /// Colour is on.
    pub colour: bool,
}

/// What is chosen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The level whose digits count now: children of this policy.
    pub parent: Option<PolicyId>,
    /// The chosen policy.
    pub chosen: Option<PolicyId>,
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
    /// The action.
    pub action: ActionKind,
    /// To whom, for an escalation.
    pub to: String,
    /// 1–3, for an escalation.
    pub priority: u8,
    /// `Enter` counts (400 ms have passed).
    pub ready: bool,
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

/// The wellbeing bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wellbeing {
    /// Active minutes since the last break.
    pub active_min: u32,
    /// Minutes after which one is due.
    pub due_after_min: u32,
    /// Where the timer stands.
    pub phase: BreakPhase,
    /// Snoozes left.
    pub snoozes_left: u8,
    /// The day's exposure.
    pub exposure: ExposureView,
}

/// How check-ins stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInView {
    /// Whether one is offered.
    pub stands: CheckInStands,
    /// How many days answers are kept on this machine; `None`: they are not.
    pub kept_days: Option<u32>,
}

/// Whether a check-in is offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckInStands {
    /// It is not.
    #[default]
    NotNow,
    /// It is, for this moment.
    Offered(When),
    /// It was answered just now.
    Answered,
}

/// The day's exposure against its limits. Whole minutes; they leave this machine in no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExposureView {
    /// Weighted minutes so far, other desks counted in; `None` if they cannot be read.
    pub weighted_min: Option<u32>,
    /// The limit of these.
    pub weighted_max: u32,
    /// Minutes of clear view of severe items.
    pub clear_min: u32,
    /// The limit of these.
    pub clear_max: u32,
    /// How the day stands.
    pub cap: Cap,
    /// What is served at the limit.
    pub at_limit: AtLimit,
    /// The other desks are not heard at the moment: limits count this desk and what was last heard.
    pub alone: bool,
    /// "Go easy on me today" was said.
    pub go_easy: bool,
}

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
    /// The item went to whoever is next, with what was made.
    HandedOver,
    /// An item came with what a colleague had made of it.
    TakenOver,
    /// A correction came too late; the old decision stands. `arg`: why.
    CorrectionTooLate,
    /// The decision to be corrected cannot be read any more.
    CorrectionUnreadable,
    /// What was kept for an item belongs to an older version of it.
    DraftOutdated,
    /// Decisions of an earlier run are being sent. `arg`: how many.
    LeftoversSending,
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

/// A decision that did not go through as made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictView {
    /// The decision.
    pub decision_id: DecisionId,
    /// The item.
    pub item_id: ItemId,
    /// What was decided here.
    pub action: ActionKind,
    /// What the server said: overtaken by a role, or a code.
    pub what: String,
    /// When.
    pub at: Option<Timestamp>,
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
    /// It was sent and no correction of it stands; set when it is shown.
    pub can_correct: bool,
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

impl NoticeKey {
    /// Whether reading it is enough. An urgent escalation stays on the screen until it is
    /// confirmed, or told by phone.
    #[must_use]
    pub fn can_dismiss(self) -> bool {
        self != NoticeKey::EscalationUnconfirmed
    }
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
