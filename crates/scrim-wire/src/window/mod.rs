//! The window link: what the agent shows the window, and what the window asks of the agent.
//!
//! The agent sends whole [`WindowModel`] revisions; pictures go by key on the side, each with one
//! read-only descriptor. The window covers by itself and then says so; only the agent reveals.

mod conflict;
mod copies;
mod decided;
mod film;
mod item;
mod model;
mod notice;
mod secret;
mod team;

use serde::{Deserialize, Serialize};

use scrim_model::area::Area;
use scrim_model::checkin::Answer;
use scrim_model::mark::Mark;
use scrim_model::settings::{Key, Value};
use scrim_model::view::{CoverKey, Part, Played, RevealMode, RevealReason, WordSpan};
use scrim_model::{ActionKind, DecisionId, ItemId, MediumKey, PolicyId, RevealId, Role};

pub use self::conflict::{ConflictAbout, ConflictStep, ConflictView, ConflictWhat, ParkReason};
pub use self::copies::{CopiesView, CopyView, EarlierView, OfAuthorView};
pub use self::decided::{
    ConfirmView, ConfirmWhat, CorrectionNeeds, CorrectionView, Draft, FeedbackView, HeldView,
    HistoryRow, Later, SyncState, UndoState,
};
pub use self::film::{ClipKey, ClipTrack, FilmMove, FilmView, PlayView};
pub use self::item::{
    AskedView, AuthorView, ClaimState, ItemView, LookView, MaskedWords, MediumState, QuestionState,
    QuestionView, ReportView, RevealView, SpanView, TextView, TranslationView,
};
pub use self::model::{
    CheckInStands, CheckInView, ExposureView, KeptCheckIn, LinkState, LockKey, PolicyChange,
    PolicyChanged, Screen, SettingsView, Wellbeing, WindowModel,
};
pub use self::notice::{Notice, NoticeKey};
pub use self::secret::Secret;
pub use self::team::{
    Disagreement, TeamAsk, TeamDrill, TeamExport, TeamFigure, TeamProblem, TeamQuery, TeamRecord,
    TeamRecords, TeamRow, TeamTable, TeamTableKind, TeamView,
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
    /// Frames of a clip that plays, RGBA8, one after the other, in the one descriptor that follows.
    Frames {
        /// Which.
        key: ClipKey,
        /// Pixels of each.
        width: u32,
        /// Pixels of each.
        height: u32,
        /// When each begins, in milliseconds from the clip's start.
        begins_ms: Vec<u16>,
    },
    /// Sound of a clip that plays, 16 bits and one channel at [`crate::moving::CLIP_RATE_HZ`]; one descriptor follows.
    Sound {
        /// Which.
        key: ClipKey,
        /// How many.
        samples: u32,
    },
    /// The settings in force; sent when they change and to a new window.
    Settings(Box<SettingsView>),
    /// What is kept of check-ins, newest first, because the moderator asked; `None` if it cannot be read.
    CheckIns(Option<Vec<KeptCheckIn>>),
    /// The lead's view, because a lead asked for it and whenever it changes; `None` when it is closed.
    Team(Option<Box<TeamView>>),
    /// Drop every clear pixel now.
    CoverNow,
    /// Still here; sent at least every 200 ms while something is revealed.
    Ping,
    /// Come to the front.
    Raise,
    /// Close.
    Close,
}

impl ToWindow {
    /// Bytes in the one descriptor that follows; `None` where none does.
    #[must_use]
    pub fn bytes_behind(&self) -> Option<usize> {
        let pixels = |width: &u32, height: &u32| {
            let sides = usize::try_from(*width)
                .ok()
                .zip(usize::try_from(*height).ok());
            let (width, height) = sides?;
            width.checked_mul(height)?.checked_mul(4)
        };
        match self {
            Self::Covered { width, height, .. } | Self::Clear { width, height, .. } => {
                pixels(width, height)
            }
            Self::Frames {
                width,
                height,
                begins_ms,
                ..
            } => pixels(width, height)?.checked_mul(begins_ms.len()),
            Self::Sound { samples, .. } => usize::try_from(*samples).ok()?.checked_mul(2),
            _ => None,
        }
    }
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
    /// What of a picture was on the screen in a look that ends; said before `Covered`, and also of
    /// a look that the agent ended.
    Seen {
        /// The reveal.
        reveal: RevealId,
        /// Cells of the picture.
        area: Area,
        /// It was zoomed at some time.
        zoomed: bool,
        /// What of a time line was played.
        played: Played,
    },
    /// How far it has played, at least once a clip.
    PlayedTo {
        /// Which start.
        run: u64,
        /// In milliseconds.
        at_ms: u32,
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
    /// Repeat an own decision for copies of its item: those that are offered, or the one that is open.
    ApplyToCopies {
        /// Those that only look alike; otherwise those with the same bytes.
        near: bool,
    },
    /// Repeat an own decision about an author for their other items that are offered.
    ApplyToAuthor,
    /// Show what is offered one by one instead.
    LookAtCopies,
    /// The open item is no copy of what it is said to be a copy of.
    WrongMatch,
    /// Confirm what is asked in place.
    Confirm,
    /// Do not.
    CancelConfirm,
    /// Priority of the escalation being asked for, 1–3.
    EscalatePriority(u8),
    /// Take back the newest held decision.
    Undo,
    /// The last key that decided was pressed together with a neighbour: nothing was meant.
    Slipped,
    /// Not me: release the open item, no reason.
    NotMe,
    /// Gives the item to somebody who reads its language.
    OtherLanguage,
    /// The open item is aimed at whoever looks at it; asked in place first.
    AimedAtMe,
    /// Ask a colleague about the open item; its claim is kept.
    AskColleague {
        /// `moderator` or `lead`.
        to: Role,
        /// The question.
        question: String,
    },
    /// Give the open item to somebody else, with policy, note, marks and doubt.
    HandOver,
    /// Looks at the item of a colleague's question.
    OpenLook(String),
    /// Answers the question of the open look, which ends it.
    AnswerColleague(String),
    /// Ends the open look without an answer.
    CloseLook,
    /// The note of the open item.
    Note(String),
    /// Point at something of the open item.
    Mark(Mark),
    /// Take a mark away: its place in the draft, from 0.
    Unmark(u32),
    /// Correct a decision that was sent.
    Correct(Correct),
    /// Asks the server to undo a decision that was sent.
    UndoSent(DecisionId),
    /// Does something about a conflict: of this decision, or of the records as a whole.
    Conflict(Option<DecisionId>, ConflictStep),
    /// Asks what became of own decisions.
    ReadLater,
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
    /// Zoomed into the selected medium, or not any more.
    Zoom(bool),
    /// A stronger cover.
    Stronger,
    /// A weaker cover.
    Weaker,
    /// Cover everything and blank the window, or lift that.
    CoverAll,
    /// Go on after a lock; with the passphrase where one is set.
    Unlock(Option<Secret>),
    /// Sign out: everything of this person leaves memory, and the token the machine.
    SignOut,
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
    /// Sends what is kept of check-ins to the window.
    ShowCheckIns,
    /// End the shift: cover, give back, sync.
    EndShift,
    /// Start again after the end of a shift.
    StartShift,
    /// The changes of policies have been read.
    PoliciesRead,
    /// Something of the lead's view.
    Team(TeamAsk),
    /// Try the connection now.
    Reconnect,
    /// Fetch and cover a medium again.
    RetryMedium(u32),
    /// To another place in the selected film.
    Film(FilmMove),
    /// Play the selected film or sound from where it is.
    Play,
    /// Stop there; covers.
    Pause {
        /// Where it is, in milliseconds.
        at_ms: u32,
        /// Nobody used keys or pointer for too long.
        alone: bool,
    },
    /// Let what plays be heard, or silence it.
    Sound(bool),
    /// Choose a value for a setting; `None` takes the choice back.
    SetSetting {
        /// Which.
        key: Key,
        /// The value.
        value: Option<Value>,
    },
    /// The duty contact was told by phone of the urgent escalation of this item.
    ToldByPhone(ItemId),
    /// What a training decision was expected to find has been read.
    FeedbackRead,
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
