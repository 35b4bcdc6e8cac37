//! An open item as the window may show it: everything that a person wrote is masked, media are
//! named and never held.

use serde::{Deserialize, Serialize};

use super::film::FilmView;

use scrim_model::item::TranslatedBy;
use scrim_model::view::{CoverStep, CoverStyle, Part, RevealMode, WordSpan};
use scrim_model::{ActionKind, ItemId, Kind, RevealId, Role, Timestamp};

use super::CopyView;

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
    /// The own decision whose item it is a copy of.
    pub copy_of: Option<CopyView>,
    /// Parts in the order of `,` and `.`.
    pub parts: Vec<Part>,
    /// The part that is on the screen.
    pub selected: Part,
    /// Media, by `n`.
    pub media: Vec<MediumState>,
    /// One of them was opened without a wall, which whoever looks after this computer allows.
    pub without_landlock: bool,
    /// What is known of those that last, by `n`.
    pub films: Vec<Option<FilmView>>,
    /// Cover in force.
    pub step: CoverStep,
    /// The weakest that the settings allow.
    pub step_min: CoverStep,
    /// What covers look like besides their strength.
    pub style: CoverStyle,
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
    /// It is looked at for a colleague and not decided here.
    pub for_colleague: Option<LookView>,
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

/// A question of a colleague to this person, in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedView {
    /// The server's name for it.
    pub consult_id: String,
    /// What is asked, with the words of the list masked.
    pub question: String,
    /// When.
    pub asked_at: Timestamp,
}

/// Why an item is looked at that is not decided here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookView {
    /// The server's name for the question.
    pub consult_id: String,
    /// What the colleague asks, with the words of the list masked.
    pub question: String,
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
        /// The whole medium is here, not only a smaller version: it can be looked at.
        whole: bool,
    },
    /// Cannot be shown; can still be decided.
    Rejected {
        /// For people.
        reason: String,
    },
    /// Not to be had now; tried again when online.
    Unavailable,
    /// Sound alone: there is nothing to see of it but how loud it is.
    Sound,
}

/// A text, with masks in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextView {
    /// As in the item.
    pub id: String,
    /// As in the item.
    pub role: String,
    /// What of it is masked while all words are not revealed: characters, half-open.
    pub role_masks: Vec<(u32, u32)>,
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
    /// It can be heard.
    pub sound: bool,
}
