//! What lasts, as the window may show it: covered stills and a waveform, by their times.

use scrim_model::view::{CoverStep, CoverStyle};
use scrim_model::{MediumKey, RevealId};
use serde::{Deserialize, Serialize};

/// A film or a sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmView {
    /// How long it lasts, in milliseconds; at least 1.
    pub duration_ms: u32,
    /// Stills of its contact sheet.
    pub stills: u8,
    /// The still that is on the screen, by the time that its cover is named by; none is the contact sheet.
    pub at_ms: Option<u32>,
    /// When that still begins; of sound alone: where it was paused.
    pub begins_ms: u32,
    /// It can be heard.
    pub has_sound: bool,
    /// Of sound alone: how loud it is over its time, 255 is full scale.
    pub peaks: Vec<u8>,
    /// Of a picture that moves: how many frames it has at least, and then `at_ms` is the number of one, none the first;
    /// 0 for everything else.
    pub frames: u32,
    /// It plays.
    pub playing: Option<PlayView>,
    /// It was paused because nobody used keys or pointer.
    pub left_alone: bool,
}

/// How a film or a sound plays. Each new start and each jump has a new number, and the window's clock begins anew with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayView {
    /// Which start this is.
    pub run: u64,
    /// From where, in milliseconds.
    pub from_ms: u32,
    /// How fast, in percent, while it cannot be heard. Heard, it plays at its own pace.
    pub speed_pct: u32,
}

/// What of a clip is carried.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClipTrack {
    /// Its frames under a cover.
    Covered {
        /// How strong.
        step: CoverStep,
        /// What it looks like besides.
        style: CoverStyle,
    },
    /// Its frames clear, or softened, for a durable reveal.
    Clear(RevealId),
    /// Its sound, for a durable reveal.
    Sound(RevealId),
}

/// One clip of a medium on one track: [`crate::moving::CLIP_MS`] of its time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClipKey {
    /// The medium.
    pub medium: MediumKey,
    /// Which clip, from 0.
    pub clip: u32,
    /// What of it.
    pub track: ClipTrack,
}

impl ClipKey {
    /// Whether nothing clear is in it and nothing can be heard.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        matches!(self.track, ClipTrack::Covered { .. })
    }
}

/// To another place in a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilmMove {
    /// Back to the contact sheet.
    Sheet,
    /// To a time, in milliseconds.
    To(u32),
    /// Some seconds back, as the settings say.
    Back,
    /// As many on.
    On,
    /// One frame back.
    FrameBack,
    /// One frame on.
    FrameOn,
}
