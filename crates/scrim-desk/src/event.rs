//! Everything that can happen to a desk.

use scrim_model::area::Area;
use scrim_model::breaks::BreakSaved;
use scrim_model::checkin::When;
use scrim_model::exposure::KeptExposure;
use scrim_model::item::Known;
use scrim_model::settings::{ManagedFound, SettingsFound};
use scrim_model::view::{CoverKey, Played, ViewInterval};
use scrim_model::{
    ClaimId, Decision, DecisionId, FileHashes, HeadDiffers, ItemId, KeptDraft, MediumKey,
    PolicyTree, RevealId, Timestamp,
};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{
    ChainHead, Consult, ConsultOpened, Consulted, DecisionResult, DecisionRow, Feedback,
    HeartbeatRow, HeldDecisions, ItemState, QueueInfo, Receipt, ReleaseRequest, Session,
};
use scrim_wire::window::{ClipKey, Command, ConflictView, HistoryRow};

use crate::parts::copies::Earlier;

/// Everything that can happen to a desk, on one page.
#[derive(Debug, Clone)]
pub enum Event {
    /// The runtime has opened the store; first event of all.
    Started(Box<Restored>),
    /// Time has passed.
    Tick,
    /// The moderator asked for something.
    Command(Command),
    /// Keys or pointer were used.
    Active,
    /// A window is on the link.
    WindowOpened,
    /// The window is gone; `crashed` if nobody closed it.
    WindowGone {
        /// It died.
        crashed: bool,
    },
    /// The window has covered by itself.
    WindowCovered {
        /// The reveal that ended.
        reveal: RevealId,
    },
    /// What of a picture was on the screen.
    Seen {
        /// The reveal; it may have ended already.
        reveal: RevealId,
        /// Cells of the picture.
        area: Area,
        /// It was zoomed at some time.
        zoomed: bool,
        /// What of a time line was played.
        played: Played,
    },
    /// How far the window has played.
    PlayedTo {
        /// Which start.
        run: u64,
        /// In milliseconds.
        at_ms: u32,
    },
    /// Something clear is on the screen.
    Presented {
        /// Its reveal.
        reveal: RevealId,
    },
    /// The screen is locked or the machine goes to sleep.
    Locked,
    /// Answer to `TryPassphrase`. The right one at a sealed desk is answered by `Started` instead.
    PassphraseTried {
        /// It was the passphrase.
        right: bool,
    },
    /// Somebody has signed in or out at the terminal.
    SignInChanged,

    /// Answer to `FetchSession`.
    Session(Result<Box<Session>, CallFailed>),
    /// Answer to `FetchDay`.
    Day(Result<Box<Session>, CallFailed>),
    /// Answer to `FetchQueues`.
    Queues(Result<Vec<QueueInfo>, CallFailed>),
    /// Answer to `FetchPolicies`.
    Policies(Result<Box<PolicyTree>, CallFailed>),
    /// Answer to `Claim`.
    Claims(Result<ClaimsTaken, CallFailed>),
    /// Answer to `Heartbeat`.
    Heartbeat(Result<Vec<HeartbeatRow>, CallFailed>),
    /// Answer to `Release`.
    Released(Result<(), CallFailed>),
    /// Answer to `MarkInFlight`.
    Marked {
        /// The decisions, in the order of the call.
        ids: Vec<DecisionId>,
        /// Key of a call of many.
        key: Option<String>,
        /// All of them are on disk as on their way; otherwise none.
        durable: bool,
    },
    /// Answer to `SendDecision`.
    Sent {
        /// The decision.
        decision_id: DecisionId,
        /// What became of it, and in training what was expected.
        answer: Result<(DecisionResult, Option<Feedback>), CallFailed>,
    },
    /// Answer to `SendTogether`.
    SentTogether {
        /// The decisions that were sent.
        ids: Vec<DecisionId>,
        /// What became of each.
        answer: Result<Vec<DecisionRow>, CallFailed>,
    },
    /// Answer to `ReadSent`.
    SentRead {
        /// The decision.
        decision_id: DecisionId,
        /// How its item stands at the server.
        answer: Result<Box<ItemState>, CallFailed>,
    },
    /// Answer to `SendUndo`.
    UndoAnswered {
        /// The decision.
        decision_id: DecisionId,
        /// Proof that it is undone.
        answer: Result<Receipt, CallFailed>,
    },
    /// Answer to `ReadOwn`.
    OwnRead(Result<Box<HeldDecisions>, CallFailed>),
    /// Answer to `CheckClaim`.
    ClaimChecked {
        /// The item.
        item: ItemId,
        /// How it stands at the server.
        answer: Result<Box<ItemState>, CallFailed>,
    },
    /// The machine is on another network, or on one again.
    NetworkChanged,
    /// Answer to `ReadBack`.
    ReadBack {
        /// The item.
        item: ItemId,
        /// Its state at the server.
        answer: Result<Box<ItemState>, CallFailed>,
    },

    /// Answer to `AskColleague`.
    Asked {
        /// Idempotency key of the question.
        key: String,
        /// The server's name for it.
        answer: Result<Consulted, CallFailed>,
    },
    /// Answer to `ReadQuestions`.
    QuestionsRead {
        /// The item.
        item: ItemId,
        /// Its state at the server, with the questions.
        answer: Result<Box<ItemState>, CallFailed>,
    },

    /// Answer to `ReadLater`.
    LaterRead {
        /// The item of an own decision.
        item: ItemId,
        /// Its state at the server.
        answer: Result<Box<ItemState>, CallFailed>,
    },
    /// Answer to `ReadAskedOfMe`.
    AskedOfMe(Result<Vec<Consult>, CallFailed>),
    /// Answer to `OpenLook`.
    LookOpened {
        /// Idempotency key of the call.
        key: String,
        /// The item, to be looked at.
        answer: Result<Box<ConsultOpened>, CallFailed>,
    },
    /// Answer to `AnswerColleague`.
    AnsweredColleague {
        /// The question.
        consult_id: String,
        /// The server has it.
        answer: Result<(), CallFailed>,
    },

    /// Answer to `RecordReveal`: durable or not.
    RevealRecorded {
        /// The reveal.
        reveal: RevealId,
        /// It is on disk.
        durable: bool,
    },
    /// Answer to `RecordDecision`: durable or not.
    DecisionRecorded {
        /// The decision.
        decision_id: DecisionId,
        /// It is on disk.
        durable: bool,
    },
    /// Answer to `Withdraw`: durable or not.
    Withdrawn {
        /// The decision.
        decision_id: DecisionId,
        /// It is on disk.
        durable: bool,
    },
    /// Answer to `RecordTold`: durable or not.
    Told {
        /// The escalation.
        decision_id: DecisionId,
        /// It is on disk.
        durable: bool,
    },
    /// Answer to `Unpark`: the decision, if it waits again.
    Unparked {
        /// The decision.
        decision_id: DecisionId,
        /// As the store has it.
        row: Option<Box<OutboxRow>>,
    },
    /// Answer to `KeepUndo`: durable or not.
    UndoKept {
        /// The decision.
        decision_id: DecisionId,
        /// It is on disk.
        durable: bool,
    },
    /// Answer to `CompareHead`.
    HeadCompared(HeadStands),
    /// Answer to `RecallViews`: what earlier runs saw of the item.
    ViewsRecalled {
        /// The item.
        item: ItemId,
        /// Intervals; open ones are unknown.
        intervals: Vec<ViewInterval>,
    },
    /// Answer to `RecallDraft`.
    DraftRecalled {
        /// The item.
        item: ItemId,
        /// What was kept for it.
        kept: Option<Box<KeptDraft>>,
    },
    /// Answer to `RecallDecision`.
    DecisionRecalled {
        /// The decision.
        decision_id: DecisionId,
        /// As recorded, if it can be read.
        decision: Option<Box<Decision>>,
    },
    /// A check-in could not be kept or forgotten. Work goes on.
    CheckInNotKept,
    /// Any other write failed: the store cannot be trusted to keep anything.
    StoreFailed {
        /// For people; names no content.
        message: String,
    },

    /// A covered preview is in memory and on its way to the window.
    CoverReady {
        /// Which.
        key: CoverKey,
        /// Pixels of the source.
        width: u32,
        /// Pixels of the source.
        height: u32,
        /// Made from the whole medium, which is here; not from a smaller version.
        whole: bool,
    },
    /// A worker without Landlock has opened a medium, as is allowed here.
    WithoutLandlock(MediumKey),
    /// What a medium is known by; `None` if that cannot be found.
    HashesFound {
        /// Which.
        medium: MediumKey,
        /// Its hashes.
        hashes: Option<Box<FileHashes>>,
        /// How it stands on a list of this desk.
        listed: Option<Known>,
    },
    /// What a worker says of a film or a sound; its cover, if it has one, comes next.
    FilmKnown {
        /// Which cover was made meanwhile.
        key: CoverKey,
        /// That.
        known: FilmKnown,
    },
    /// A track of a clip cannot be made.
    ClipFailed {
        /// Which.
        key: ClipKey,
        /// For people.
        reason: String,
    },
    /// A medium cannot be had or cannot be shown.
    MediumFailed {
        /// Which.
        medium: MediumKey,
        /// Why.
        failure: MediumFailure,
    },
    /// Clear pixels of an open reveal are in the agent's memory.
    ClearReady {
        /// The reveal.
        reveal: RevealId,
    },
    /// They cannot be made.
    ClearFailed {
        /// The reveal.
        reveal: RevealId,
        /// For people.
        reason: String,
    },
}

/// What the store holds from earlier runs.
#[derive(Debug, Clone, Default)]
pub struct Restored {
    /// A token is there, and the records are open.
    pub signed_in: bool,
    /// A passphrase stands before the records.
    pub has_passphrase: bool,
    /// It has not been given yet: nothing could be read.
    pub sealed: bool,
    /// The break timer as written down.
    pub breaks: BreakSaved,
    /// Time since then, in milliseconds, never negative.
    pub away_ms: u64,
    /// What was kept of exposure.
    pub exposure: ExposureFound,
    /// What was kept of settings.
    pub settings: SettingsFound,
    /// What there is of the managed file.
    pub managed: ManagedFound,
    /// The local day on which each moment of a check-in was last asked: days since 1970-01-01.
    pub check_ins_asked: Vec<(When, i64)>,
    /// Decisions without a final answer, in sending order.
    pub outbox: Vec<OutboxRow>,
    /// Escalations that the server has taken and not shown as escalated.
    pub unconfirmed: Vec<OutboxRow>,
    /// Claims that the last run did not give back.
    pub leftovers: Vec<ClaimId>,
    /// What it gave back and the server has not answered, oldest first: idempotency key, request.
    pub releases: Vec<(String, ReleaseRequest)>,
    /// Decisions that are to be undone and of which the server has not answered: each with the key of
    /// every attempt, oldest first.
    pub undoing: Vec<(DecisionId, String)>,
    /// Own decisions, newest first.
    pub history: Vec<HistoryRow>,
    /// Own decisions of the last days that may be repeated for copies, oldest first.
    pub earlier: Vec<Earlier>,
    /// Decisions that did not go through as made.
    pub conflicts: Vec<ConflictView>,
    /// Last known policies, for work without a connection.
    pub policies: PolicyTree,
    /// The records were damaged and set aside at this start: decisions that were saved, and entries
    /// that are known to be lost.
    pub set_aside: Option<(u64, u64)>,
    /// Place of the first entry, of those since the last good check, that is not as it was written.
    pub changed_at: Option<i64>,
}

/// What the store has of exposure.
#[derive(Debug, Clone, Default)]
pub enum ExposureFound {
    /// Nothing: a new desk.
    #[default]
    None,
    /// As last written.
    Kept {
        /// That.
        kept: Box<KeptExposure>,
        /// The machine was not restarted since.
        same_boot: bool,
        /// Time since then, in milliseconds; all of it if that is not known.
        gap_ms: u64,
    },
    /// Something that cannot be read. The day counts as full.
    Unreadable,
}

/// A decision that waits for its answer, or an escalation that waits to be confirmed.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// The decision.
    pub decision: Decision,
    /// The duty contact was told of it by phone.
    pub told: bool,
    /// It goes before ordinary ones.
    pub first: bool,
    /// A byte of it may have reached the server.
    pub left: bool,
    /// Key of the call in which it was last sent together with others, and its place there; without
    /// a place the key under which it goes alone.
    pub sent_with: Option<(String, Option<u32>)>,
}

/// How the records of this desk stand to what the server saw of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadStands {
    /// Everything that the server saw is here.
    Whole,
    /// It is not what is here.
    Differs {
        /// Entries here.
        here: u64,
        /// What the server saw.
        server: ChainHead,
        /// In what way.
        how: HeadDiffers,
        /// It was not found before.
        is_new: bool,
    },
}

/// A difference between these records and what the server saw of them, as found before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TailRow {
    /// Entries here then.
    pub here: u64,
    /// Entries that the server saw.
    pub server: u64,
    /// In what way they differ.
    pub how: HeadDiffers,
    /// When it was found.
    pub at: Timestamp,
}

/// A film, a sound or a picture that moves, and the still that was made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilmKnown {
    /// How long it lasts, in milliseconds; at least 1.
    pub duration_ms: u32,
    /// When the still begins; 0 for a contact sheet.
    pub begins_ms: u32,
    /// When the next one does, if there is one and it is known.
    pub next_ms: Option<u32>,
    /// It can be heard.
    pub has_sound: bool,
    /// Of sound alone: how loud it is over its time.
    pub peaks: Vec<u8>,
    /// Of a picture that moves: how many frames it has at least; 0 for everything else.
    pub frames: u32,
}

/// Why a medium is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediumFailure {
    /// It came, and cannot be shown safely.
    Rejected {
        /// For people.
        reason: String,
    },
    /// It did not come; asked for again when online.
    Unavailable,
}
