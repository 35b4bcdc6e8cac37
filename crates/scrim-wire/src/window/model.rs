//! The whole of what there is to show at one moment.

use serde::{Deserialize, Serialize};

use scrim_model::breaks::BreakPhase;
use scrim_model::checkin::{Answer, When};
use scrim_model::serving::Cap;
use scrim_model::settings::{AtLimit, EffectiveRow, Key, RevealRules};
use scrim_model::{Environment, PolicyTree};

use super::{
    AskedView, ConfirmView, ConflictView, CopiesView, CorrectionView, Draft, FeedbackView,
    HeldView, HistoryRow, ItemView, Notice,
};

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
    /// This sign-in may see the lead's view.
    pub leads: bool,
    /// The server says that known-answer items can be among the others, as practice.
    pub practice: bool,
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
    /// What is offered on [`Screen::Copies`].
    pub copies: Option<CopiesView>,
    /// Policies to choose from.
    pub policies: PolicyTree,
    /// What is chosen for the open item.
    pub draft: Draft,
    /// Questions of colleagues to this person, oldest first.
    pub asked_of_me: Vec<AskedView>,
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
    /// In training: what an earlier decision was expected to find.
    pub feedback: Option<FeedbackView>,
    /// Things to read, newest last.
    pub notices: Vec<Notice>,
    /// What did not go as decided, newest first.
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
    /// Largest share of the window for one medium, in percent.
    pub media_max_pct: u32,
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
    /// What would open next is a copy of what this person has decided: is that repeated?
    Copies,
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
    /// Locked: after a time without keys or pointer, or with the machine's own lock.
    Locked {
        /// What it takes to go on.
        key: LockKey,
    },
    /// Somebody was signed in until just now, and nothing of theirs is in memory any more.
    Left {
        /// The server ended the sign-in; otherwise the person did.
        revoked: bool,
        /// Their decisions without a receipt; sent when they sign in again.
        waiting: u32,
        /// One of them says that a person may be in danger.
        urgent: bool,
    },
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

/// What it takes to go on after a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockKey {
    /// A press.
    Press,
    /// The passphrase.
    Passphrase,
    /// The passphrase; the last one was not it.
    PassphraseAgain,
    /// What was typed is being tried.
    Trying,
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

/// One check-in, for the eyes of whoever made it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCheckIn {
    /// The local day: days since 1970-01-01.
    pub date: i64,
    /// Before or after work.
    pub when: When,
    /// What was answered.
    pub answer: Answer,
}

impl std::fmt::Debug for KeptCheckIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptCheckIn(private)")
    }
}

impl CheckInView {
    /// Whether an answer can be given now.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        matches!(self.stands, CheckInStands::Offered(_))
    }
}
