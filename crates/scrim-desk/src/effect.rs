//! Everything that a desk can do.

use scrim_model::area::Area;
use scrim_model::breaks::BreakSaved;
use scrim_model::checkin::{CheckIn, When};
use scrim_model::exposure::KeptExposure;
use scrim_model::settings::KeptSettings;
use scrim_model::view::{
    CoverKey, CoverKind, Part, Place, Played, RevealMode, RevealReason, SoftStep,
};
use scrim_model::{
    ClaimId, Decision, DecisionId, HeadDiffers, ItemId, KeptDraft, MediumKey, PolicyTree, RevealId,
    Timestamp,
};
use scrim_wire::moving::SoundLook;
use scrim_wire::protocol::{
    ChainHead, ClaimsRequest, ConsultRequest, DecisionResult, ReleaseRequest,
};
use scrim_wire::window::{ClipKey, Secret, TeamAsk};

/// Everything that a desk can do, on one page. Store effects are carried out in order, before any
/// later effect of the same step.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Store: a reveal is about to open. Answered by `RevealRecorded`.
    RecordReveal {
        /// The reveal.
        reveal: RevealId,
        /// The item.
        item: ItemId,
        /// The part.
        part: Part,
        /// How.
        mode: RevealMode,
        /// Why, where a reason is asked.
        reason: Option<RevealReason>,
        /// What stays over it.
        cover: CoverKind,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: it has ended.
    CloseReveal {
        /// The reveal.
        reveal: RevealId,
        /// Length of what was shown, in milliseconds.
        duration_ms: u64,
        /// Anything clear was on the screen.
        shown: bool,
        /// Colour was on.
        colour: bool,
        /// What of a picture was on the screen, as far as the window has said.
        area: Area,
        /// Where.
        place: Place,
        /// What of a time line was played, as far as the window has said.
        played: Played,
    },
    /// Store: the window said after its end what a reveal showed.
    RecordSeen {
        /// The reveal.
        reveal: RevealId,
        /// All of it.
        area: Area,
        /// Where.
        place: Place,
        /// All of it that was played.
        played: Played,
    },
    /// Store: decision, view log and outbox entry in one transaction. Answered by `DecisionRecorded`.
    RecordDecision {
        /// The decision.
        decision: Box<Decision>,
        /// It is sent before ordinary ones.
        first: bool,
    },
    /// Store: taken back before it was sent. Answered by `Withdrawn`.
    Withdraw {
        /// The decision.
        decision_id: DecisionId,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: about to be sent, in this order; nothing leaves before. Answered by `Marked`.
    MarkInFlight {
        /// The decisions.
        ids: Vec<DecisionId>,
        /// Key of their common call; one alone goes under its own id, or under the key of `Unpark`.
        key: Option<String>,
    },
    /// Store: a parked decision is to be sent once more. Answered by `Unparked`.
    Unpark {
        /// The decision.
        decision_id: DecisionId,
        /// Key under which it goes from now on; `None` leaves the one that it had.
        key: Option<String>,
    },
    /// Store: the moderator has dealt with a conflict.
    NoteConflict {
        /// The decision.
        decision_id: DecisionId,
        /// What was done.
        how: Noted,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: a decision that was sent is to be undone. Answered by `UndoKept`.
    KeepUndo {
        /// The decision.
        decision_id: DecisionId,
        /// Idempotency key of every attempt.
        key: String,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: what became of that.
    RecordUndo {
        /// The decision.
        decision_id: DecisionId,
        /// That.
        end: UndoEnd,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: how do these records stand to what the server saw of them? Answered by `HeadCompared`.
    CompareHead(ChainHead),
    /// Store: what the server saw of these records is not what is here.
    RecordTail {
        /// Entries here.
        here: u64,
        /// What the server saw.
        server: ChainHead,
        /// In what way they differ.
        how: HeadDiffers,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: the moderator has read that.
    NoteTail,
    /// Store: the answer; with it the decision is final.
    RecordAnswer {
        /// The decision.
        decision_id: DecisionId,
        /// What the server said.
        result: DecisionResult,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: the duty contact was told by phone. Answered by `Told`.
    RecordTold {
        /// The escalation.
        decision_id: DecisionId,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: the server shows an escalation as escalated.
    RecordConfirmed {
        /// The escalation.
        decision_id: DecisionId,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: somebody dealt with an escalation before the server could be seen to show it, or it was made in a review
    /// and the server never will.
    RecordSettled {
        /// The escalation.
        decision_id: DecisionId,
        /// Desk's UTC.
        at: Timestamp,
    },
    /// Store: the break timer.
    SaveBreak(BreakSaved),
    /// Store: exposure of the day and what serving depends on.
    SaveExposure(Box<KeptExposure>),
    /// Store: the moderator's own settings and the last floors.
    SaveSettings(Box<KeptSettings>),
    /// Store: a check-in, and that its moment was asked.
    KeepCheckIn(CheckIn),
    /// Store: a moment was asked and passed over.
    CheckInAsked {
        /// Which.
        when: When,
        /// The local day: days since 1970-01-01.
        date: i64,
    },
    /// Store: check-ins that are not of the last days go.
    ForgetOldCheckIns {
        /// The local day: days since 1970-01-01.
        today: i64,
        /// Days that stay, today with them.
        keep_days: u32,
    },
    /// Store and window: what is kept of check-ins goes to the window, and to nothing else.
    ReadCheckIns,
    /// Store: all check-ins go.
    ForgetCheckIns,
    /// Store, queue and window: a lead asks for something of their view. The heart keeps no figures.
    Team(TeamAsk),
    /// Store and window: who is signed in does not lead. The lead's view closes, and the copy of the team's decisions
    /// goes if there is one.
    ForgetTeam,
    /// Store: policies for work without a connection.
    SavePolicies(Box<PolicyTree>),
    /// Store: ids of claims, so that the next run can give them back.
    RememberClaims(Vec<(ClaimId, ItemId)>),
    /// Store: no longer held.
    ForgetClaims(Vec<ClaimId>),
    /// Store: claims are to be given back; kept until the server has answered, and no longer held.
    KeepRelease {
        /// Idempotency key.
        key: String,
        /// What, and why.
        request: ReleaseRequest,
    },
    /// Store: the server has answered it.
    ForgetRelease(String),
    /// Store: the draft of an item that is not decided.
    KeepDraft(Box<KeptDraft>),
    /// Store: it is not needed any more.
    ForgetDraft(ItemId),
    /// Store: what was chosen and written for an item before. Answered by `DraftRecalled`.
    RecallDraft(ItemId),
    /// Store: a decision that is to be corrected. Answered by `DecisionRecalled`.
    RecallDecision(DecisionId),
    /// Store: what earlier runs saw of an item. Answered by `ViewsRecalled`.
    RecallViews(ItemId),

    /// Queue: who are we?
    FetchSession,
    /// Queue: what have other desks looked at since this instant? Answered by `Day`.
    FetchDay {
        /// When the moderator's day began, UTC.
        day_from: Timestamp,
    },
    /// Queue: how much waits?
    FetchQueues,
    /// Queue: what may be found?
    FetchPolicies,
    /// Queue: more items.
    Claim {
        /// Idempotency key.
        key: String,
        /// What for.
        request: ClaimsRequest,
    },
    /// Queue: still here.
    Heartbeat(Vec<ClaimId>),
    /// Queue: given back.
    Release {
        /// Idempotency key.
        key: String,
        /// What, and why.
        request: ReleaseRequest,
    },
    /// Queue: one decision; its id is the idempotency key.
    SendDecision(Box<Decision>),
    /// Queue: several decisions in one call. Answered by `SentTogether`.
    SendTogether {
        /// Idempotency key of the call.
        key: String,
        /// The decisions, in this order.
        decisions: Vec<Decision>,
    },
    /// Queue: has the server a decision already, or somebody else's? Answered by `SentRead`.
    ReadSent {
        /// The decision.
        decision_id: DecisionId,
        /// Its item.
        item: ItemId,
    },
    /// Queue: undoes a decision. Answered by `UndoAnswered`.
    SendUndo {
        /// The decision.
        decision_id: DecisionId,
        /// Idempotency key.
        key: String,
    },
    /// Queue: own decisions as the server holds them. Answered by `OwnRead`.
    ReadOwn {
        /// The cursor to go on from.
        since: u64,
    },
    /// Queue: is this item still for this desk? Asked where there are no heartbeats. Answered by
    /// `ClaimChecked`.
    CheckClaim(ItemId),
    /// Queue: a question about an item in hand. Answered by `Asked`.
    AskColleague {
        /// Idempotency key.
        key: String,
        /// The item.
        item: ItemId,
        /// What is asked, and whom.
        request: ConsultRequest,
    },
    /// Queue: are there answers? Answered by `QuestionsRead`.
    ReadQuestions(ItemId),
    /// Queue: what became of an own decision on this item? Answered by `LaterRead`.
    ReadLater(ItemId),
    /// Queue: what do colleagues ask this person? Answered by `AskedOfMe`.
    ReadAskedOfMe,
    /// Queue: lets the item of a question be looked at. Answered by `LookOpened`.
    OpenLook {
        /// Idempotency key.
        key: String,
        /// The question.
        consult_id: String,
    },
    /// Queue: the answer to a question. Answered by `AnsweredColleague`.
    AnswerColleague {
        /// Idempotency key.
        key: String,
        /// The question.
        consult_id: String,
        /// The answer.
        answer: String,
    },
    /// Queue: does the server show the item as escalated?
    ReadBack(ItemId),

    /// Media: fetch if need be, cover, send the preview to the window.
    PrepareCover {
        /// Which, under which cover.
        key: CoverKey,
        /// The claim that allows it.
        claim_id: ClaimId,
        /// From the smaller version that the server has, if the medium is not here.
        small: bool,
        /// What it is a cover of.
        of: CoverOf,
    },
    /// Media: find what a medium that is here is known by. Answered by `HashesFound`.
    FindHashes(MediumKey),
    /// Media: make the clear pixels of this medium ahead of a reveal, and drop those of any other. They open for an
    /// `OpenClear` only.
    ReadyClear(Option<MediumKey>),
    /// Media: make clear pixels for an open, durable reveal.
    OpenClear {
        /// The reveal.
        reveal: RevealId,
        /// The medium.
        medium: MediumKey,
        /// Softened, not clear.
        soft: Option<SoftStep>,
        /// Which of its frames.
        of: ClearOf,
        /// Width and height that it is fitted into, in pixels.
        bounds: (u32, u32),
    },
    /// Media: make one track of a clip that plays, and hand it to the window while it is wanted ([`crate::Desk::wants_clip`]).
    /// `ClipFailed` says that it cannot be made.
    MakeClip {
        /// Which; a clear or a heard one only after its reveal is durable.
        key: ClipKey,
        /// Softened, not clear.
        soft: Option<SoftStep>,
        /// How a heard one sounds.
        look: SoundLook,
    },
    /// Media: every clip goes.
    DropClips,
    /// Media: hand the clear pixels to the window.
    HandClear {
        /// The reveal.
        reveal: RevealId,
        /// The medium.
        medium: MediumKey,
    },
    /// Media and window: every clear pixel is overwritten and dropped.
    CoverNow,
    /// Media: everything of this item is wiped.
    DropItem(ItemId),
    /// Media: everything is wiped.
    DropAll,

    /// System: a quiet notification.
    Nudge(Nudge),
    /// System: is this the passphrase? Answered by `PassphraseTried`, or by `Started` if the
    /// records were sealed until now.
    TryPassphrase(Secret),
    /// System: store and connection are closed, and everything of this person leaves memory.
    LetGo {
        /// The token leaves the machine as well.
        forget_token: bool,
    },
    /// System: who is signed in now? Answered by `Started`.
    SignInAgain,
}

/// Which frame of a medium is to be clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClearOf {
    /// Of a picture: its number, from 0.
    Frame(u32),
    /// Of a film: what is on the screen at this time, in milliseconds.
    Time(u32),
}

/// What a cover is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverOf {
    /// A picture.
    Picture,
    /// A film: the still at the key's time, or a contact sheet.
    Film {
        /// Stills on the sheet.
        stills: u8,
    },
    /// Sound: no cover, but how loud it is.
    Sound,
}

/// What a notification may say. None of them names an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nudge {
    /// A break is due.
    BreakDue,
    /// The break may end.
    BreakOver,
}

/// What was done about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It was read.
    Seen,
    /// It was told to the lead.
    Lead,
    /// The item was decided anew.
    Replaced,
}

/// What became of a request to undo a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoEnd {
    /// It is undone.
    Done {
        /// Proof.
        receipt: String,
        /// When.
        at: Timestamp,
    },
    /// The server does not undo it.
    Refused {
        /// Closed code.
        code: String,
    },
    /// The decision was never taken.
    Moot,
    /// Somebody else undid it.
    Elsewhere,
}
