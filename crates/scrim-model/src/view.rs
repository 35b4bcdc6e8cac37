//! The view log: what was visible, how, and for how long; and what follows from it.
//!
//! An interval is one stretch of time in which something of a medium was visible under one cover.
//! Derived facts are computed here and typed by nobody.

use serde::{Deserialize, Serialize};

use crate::area::Area;
use crate::hashes::FileHashes;
use crate::ids::{MediumKey, PolicyId, RevealId};
use crate::limits::STRETCHES_MAX;
use crate::time::Timestamp;

/// How strong a cover is: the Gaussian's σ as a share of the longer displayed side.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub enum CoverStep {
    /// σ = 1 %.
    Weak,
    /// σ = 2.5 %: the default.
    #[default]
    Normal,
    /// σ = 5 %.
    Strong,
}

impl CoverStep {
    /// σ in thousandths of the longer displayed side.
    #[must_use]
    pub fn sigma_per_mille(self) -> u16 {
        match self {
            CoverStep::Weak => 10,
            CoverStep::Normal => 25,
            CoverStep::Strong => 50,
        }
    }

    /// One step stronger; the strongest stays.
    #[must_use]
    pub fn stronger(self) -> Self {
        if self == CoverStep::Weak {
            CoverStep::Normal
        } else {
            CoverStep::Strong
        }
    }

    /// One step weaker; the weakest stays.
    #[must_use]
    pub fn weaker(self) -> Self {
        if self == CoverStep::Strong {
            CoverStep::Normal
        } else {
            CoverStep::Weak
        }
    }
}

/// What a cover looks like besides its strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoverStyle {
    /// Without colour.
    pub grey: bool,
    /// Few tones and lines; always without colour.
    pub sketch: bool,
}

impl CoverStyle {
    /// Whether colours can be seen under it.
    #[must_use]
    pub fn has_colour(self) -> bool {
        !self.grey && !self.sketch
    }
}

impl Default for CoverStyle {
    fn default() -> Self {
        Self {
            grey: true,
            sketch: false,
        }
    }
}

/// How much a softened reveal still blurs, by the Gaussian's σ as a share of the longer side. Less
/// than any cover: it is a reveal, logged and limited in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoftStep {
    /// σ = 0.12 %.
    Light,
    /// σ = 0.25 %.
    Middle,
    /// σ = 0.5 %: where a softened reveal starts.
    Heavy,
}

impl SoftStep {
    /// From most to least blurred.
    pub const ALL: [Self; 3] = [Self::Heavy, Self::Middle, Self::Light];

    /// σ in ten-thousandths of the longer side.
    #[must_use]
    pub fn sigma_per_myriad(self) -> u16 {
        match self {
            SoftStep::Heavy => 50,
            SoftStep::Middle => 25,
            SoftStep::Light => 12,
        }
    }

    /// Blurred more; `None`: beyond it lies the cover.
    #[must_use]
    pub fn heavier(self) -> Option<Self> {
        match self {
            SoftStep::Light => Some(SoftStep::Middle),
            SoftStep::Middle => Some(SoftStep::Heavy),
            SoftStep::Heavy => None,
        }
    }

    /// Blurred less; `None`: beyond it lies the clear picture.
    #[must_use]
    pub fn lighter(self) -> Option<Self> {
        match self {
            SoftStep::Heavy => Some(SoftStep::Middle),
            SoftStep::Middle => Some(SoftStep::Light),
            SoftStep::Light => None,
        }
    }
}

/// Why a whole picture of the gravest severity is opened; one key, never free text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealReason {
    /// The decision cannot be made without it.
    Decision,
    /// To see whether someone is in danger now.
    Danger,
    /// To compare it with a known picture.
    Compare,
    /// To check someone else's decision.
    SecondLook,
}

impl RevealReason {
    /// In the order of their digits, from 1.
    pub const ALL: [Self; 4] = [
        Self::Decision,
        Self::Danger,
        Self::Compare,
        Self::SecondLook,
    ];
}

/// How a reveal was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealMode {
    /// Through the lens while a key is held.
    Hold,
    /// Through the lens until a tap or 8 s.
    Latch,
    /// The whole picture until covered or 8 s.
    Full,
    /// The whole picture, softened, until covered or 8 s.
    Soft(SoftStep),
    /// Heard and not seen, until silenced: what can be seen of it stays covered.
    Sound,
}

/// Where in an item words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordPlace {
    /// One of its texts.
    Text,
    /// One of the texts around it.
    Context,
    /// What a reporter wrote.
    Report,
    /// What its author wrote against a decision.
    Appeal,
}

/// One masked stretch of what a person wrote: text `text` (from 0) of a place, or one of its
/// translations, UTF-8 bytes `start` to `end`, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WordSpan {
    /// Where.
    pub place: WordPlace,
    /// Which text there, from 0.
    pub text: u32,
    /// Which of its translations, from 0; `None` is the original.
    pub translation: Option<u32>,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// What a reveal opens: one medium, or what people wrote.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Medium `n`.
    Medium(u32),
    /// Everything that a person wrote.
    Words,
    /// One masked stretch of it.
    Span(WordSpan),
}

impl Part {
    /// Whether it is words, all or some.
    #[must_use]
    pub fn is_words(&self) -> bool {
        matches!(self, Part::Words | Part::Span(_))
    }
}

/// Where on the window something was visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The main view.
    #[default]
    Main,
    /// Zoomed in.
    Zoom,
    /// The strip of an item's media.
    Strip,
    /// An author's picture.
    Avatar,
    /// A film's first still.
    Poster,
    /// A link's preview.
    LinkPreview,
    /// The list of decided items.
    History,
}

/// What lay over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverKind {
    /// Nothing: blur 0. Grey does not matter.
    #[default]
    Clear,
    /// A blur.
    Blur(CoverStep),
    /// Edges and few tones.
    Sketch,
}

/// One row of the view log. `duration_ms` is `None` while open, and stays so after a crash: then
/// the interval is *unknown*, never "no".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewInterval {
    /// The reveal.
    pub reveal_id: RevealId,
    /// What.
    pub part: Part,
    /// How.
    pub mode: RevealMode,
    /// Start on the wall.
    pub opened_at: Timestamp,
    /// How long, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Pixels (or words) of the reveal reached the window.
    pub shown: bool,
    /// Colour was on at some time.
    pub colour: bool,
    /// Why, where a reason is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RevealReason>,
    /// Where.
    #[serde(default, skip_serializing_if = "is_default")]
    pub place: Place,
    /// The weakest cover at any time of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cover: CoverKind,
    /// Sound was on at some time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sound: bool,
    /// What was on the screen of a picture: all that a lens passed over, or what was zoomed to.
    /// Empty for a whole view: the window that showed it did not say, so all of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub area: Area,
    /// For a film: what was played of its time line, in milliseconds, half-open.
    #[serde(default, skip_serializing_if = "is_default")]
    pub played: Vec<(u64, u64)>,
}

/// What of a time line was played in a reveal, and whether it could be heard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// In milliseconds, half-open, rising, apart from each other.
    stretches: Vec<(u64, u64)>,
    /// Sound was on at some time.
    pub sound: bool,
}

impl Played {
    /// These stretches, joined where they touch. Of more than [`STRETCHES_MAX`] the shortest are left out: rather less is
    /// said to have been viewed than more.
    #[must_use]
    pub fn of(mut stretches: Vec<(u64, u64)>, sound: bool) -> Self {
        stretches.retain(|(from, to)| from < to);
        stretches.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(stretches.len());
        for (from, to) in stretches {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        if joined.len() > STRETCHES_MAX {
            joined.sort_unstable_by_key(|(from, to)| std::cmp::Reverse(to - from));
            joined.truncate(STRETCHES_MAX);
            joined.sort_unstable();
        }
        Self {
            stretches: joined,
            sound,
        }
    }

    /// Adds what else was played.
    pub fn add(&mut self, other: &Self) {
        let all = [&self.stretches[..], &other.stretches[..]].concat();
        *self = Self::of(all, self.sound || other.sound);
    }

    /// The stretches.
    #[must_use]
    pub fn stretches(&self) -> &[(u64, u64)] {
        &self.stretches
    }

    /// Nothing was played or heard.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty() && !self.sound
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl ViewInterval {
    /// A reveal in the main view that has just been opened: nothing shown yet, grey, silent.
    #[must_use]
    pub fn opened(reveal_id: RevealId, part: Part, mode: RevealMode, opened_at: Timestamp) -> Self {
        Self {
            reveal_id,
            part,
            mode,
            opened_at,
            duration_ms: None,
            shown: false,
            colour: false,
            reason: None,
            place: Place::Main,
            cover: CoverKind::Clear,
            sound: false,
            area: Area::default(),
            played: Vec::new(),
        }
    }

    /// Adds what else was played of it.
    pub fn add_played(&mut self, more: &Played) {
        let mut played = Played::of(std::mem::take(&mut self.played), self.sound);
        played.add(more);
        self.sound = played.sound;
        self.played = played.stretches;
    }

    /// Of a whole view: what was zoomed to, or all of it if that was not said.
    fn area_or_whole(&self) -> Area {
        if self.area.is_empty() {
            Area::whole()
        } else {
            self.area.clone()
        }
    }
}

/// How much of a medium was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewState {
    /// Nothing was on the screen, not even covered.
    None,
    /// Only covered.
    Covered,
    /// Through the lens, or not all of a film.
    Partial,
    /// The whole picture at blur 0.
    Full,
    /// A crash left an interval open.
    Unknown,
}

/// A law-enforcement report must say truthfully whether a person viewed the entire file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileViewed {
    /// The whole picture at blur 0, or all of a film's time line.
    Yes,
    /// Not the whole.
    No,
    /// A crash left an interval open.
    Unknown,
}

/// One medium in a decision: how much of it was viewed, what it is known by, and what was found of it alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediumView {
    /// The medium.
    pub n: u32,
    /// As given by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How much of it was seen.
    pub state: ViewState,
    /// Whether the entire file was viewed.
    pub file_viewed: FileViewed,
    /// Milliseconds on screen under a cover.
    pub ms_covered: u64,
    /// Milliseconds revealed.
    pub ms_clear: u64,
    /// Policies that were found to apply to this medium; empty where it was judged with its item alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy_ids: Vec<PolicyId>,
    /// Severity of these, 0–4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    /// It came although a list knows it exactly and it could have been decided without: the moderator chose to load it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub loaded_by_choice: bool,
    /// It was opened by a worker without Landlock, because whoever looks after the computer allows that; without this, every
    /// wall stood.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_landlock: bool,
    /// What it is known by, as found on this desk; `None` if the decision came before that was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashes: Option<FileHashes>,
}

/// What the derived facts of one medium depend on.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The medium's place in the item.
    pub n: u32,
    /// For sound and film: length of the time line in milliseconds. `None` is a still.
    pub timeline_ms: Option<u64>,
    /// Active time for which the medium was on the screen at all, covered or not.
    pub ms_on_screen: u64,
    /// The item's intervals; other parts' are passed over.
    pub intervals: &'a [ViewInterval],
}

/// Derives one medium's totals. `file_viewed` is yes only for the whole picture at blur 0 (at once,
/// or zoomed part after part), or for
/// all of a film's time line at blur 0 and whole, or of a sound's, heard; a lens never views a whole file, however much it
/// passed over, and a film that was heard under its cover was not seen.
#[must_use]
pub fn medium_view(sha256: Option<String>, looked: Looked<'_>) -> MediumView {
    let (mut ms_clear, mut partial, mut unknown, mut covered) = (0_u64, false, false, false);
    let (mut whole, mut played) = (Area::default(), Vec::new());
    for interval in looked.of_medium() {
        let Some(ms) = interval.duration_ms else {
            unknown = true;
            continue;
        };
        if !interval.shown {
            continue;
        }
        if interval.cover != CoverKind::Clear {
            covered = true;
            continue;
        }
        ms_clear = ms_clear.saturating_add(ms);
        if matches!(interval.mode, RevealMode::Full | RevealMode::Sound) {
            whole.add(&interval.area_or_whole());
            played.extend_from_slice(&interval.played);
        }
        partial = true;
    }
    let still_full = whole == Area::whole();
    let full = match looked.timeline_ms {
        None => still_full,
        Some(length_ms) => still_full && plays_all(played, length_ms),
    };
    let (state, file_viewed) = if full {
        (ViewState::Full, FileViewed::Yes)
    } else if unknown {
        (ViewState::Unknown, FileViewed::Unknown)
    } else if partial {
        (ViewState::Partial, FileViewed::No)
    } else if covered || looked.ms_on_screen > 0 {
        (ViewState::Covered, FileViewed::No)
    } else {
        (ViewState::None, FileViewed::No)
    };
    MediumView {
        n: looked.n,
        sha256,
        state,
        file_viewed,
        ms_covered: looked.ms_on_screen.saturating_sub(ms_clear),
        ms_clear,
        policy_ids: Vec::new(),
        severity: None,
        loaded_by_choice: false,
        without_landlock: false,
        hashes: None,
    }
}

impl<'a> Looked<'a> {
    fn of_medium(self) -> impl Iterator<Item = &'a ViewInterval> {
        let part = Part::Medium(self.n);
        self.intervals.iter().filter(move |i| i.part == part)
    }
}

/// All of the medium's area that was seen clear: the union of its closed, shown, clear intervals.
#[must_use]
pub fn area_seen(looked: Looked<'_>) -> Area {
    let mut area = Area::default();
    for interval in looked.of_medium() {
        if interval.shown && interval.duration_ms.is_some() && interval.cover == CoverKind::Clear {
            match interval.mode {
                // Nothing was seen.
                RevealMode::Sound => {}
                RevealMode::Full => area.add(&interval.area_or_whole()),
                RevealMode::Hold | RevealMode::Latch => area.add(&interval.area),
                // Still blurred.
                RevealMode::Soft(_) => {}
            }
        }
    }
    area
}

/// Whether half-open stretches leave nothing of `0..length_ms` out.
fn plays_all(mut played: Vec<(u64, u64)>, length_ms: u64) -> bool {
    played.sort_unstable();
    let mut reached = 0;
    for (from, to) in played {
        if from > reached {
            break;
        }
        reached = reached.max(to);
    }
    reached >= length_ms
}

/// A copy of a medium that was decided with the one that was looked at: not viewed itself.
#[must_use]
pub fn propagated_view(n: u32, sha256: Option<String>) -> MediumView {
    MediumView {
        n,
        sha256,
        state: ViewState::None,
        file_viewed: FileViewed::No,
        ms_covered: 0,
        ms_clear: 0,
        policy_ids: Vec::new(),
        severity: None,
        loaded_by_choice: false,
        without_landlock: false,
        hashes: None,
    }
}

/// The derived facts of a whole item. `None` for an item without media.
#[must_use]
pub fn item_view(media: &[MediumView]) -> Option<(ViewState, FileViewed)> {
    let all = |state| media.iter().all(|m| m.state == state);
    let any = |state| media.iter().any(|m| m.state == state);
    let state = if media.is_empty() {
        return None;
    } else if all(ViewState::Full) {
        ViewState::Full
    } else if any(ViewState::Unknown) {
        ViewState::Unknown
    } else if any(ViewState::Full) || any(ViewState::Partial) {
        ViewState::Partial
    } else if all(ViewState::None) {
        ViewState::None
    } else {
        ViewState::Covered
    };
    let viewed = |viewed| move |m: &MediumView| m.file_viewed == viewed;
    let file_viewed = if media.iter().all(viewed(FileViewed::Yes)) {
        FileViewed::Yes
    } else if media.iter().any(viewed(FileViewed::Unknown)) {
        FileViewed::Unknown
    } else {
        FileViewed::No
    };
    Some((state, file_viewed))
}

/// A medium and the cover under which its preview was made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoverKey {
    /// The medium.
    pub medium: MediumKey,
    /// Its strength.
    pub step: CoverStep,
    /// What it looks like besides.
    pub style: CoverStyle,
    /// Of a film: the time of the still, in milliseconds; none is the contact sheet. None of anything else.
    #[serde(default)]
    pub at_ms: Option<u32>,
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
