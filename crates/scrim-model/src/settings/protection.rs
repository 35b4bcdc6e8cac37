//! The settings in force as plain fields, for the heart and the window.
//!
//! What has no switch has no field either: covering on opening, covering on focus loss, cover-all,
//! no autoplay, skipping, the neutral break screen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::effective::Effective;
use super::table::Key;
use super::value::Value;
use crate::breaks::BreakSettings;
use crate::view::{CoverStep, CoverStyle};

/// Everything that is in force. Times carry their unit in their name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// What covers look like.
    pub cover: CoverRules,
    /// How a reveal opens, and when it ends by itself.
    pub reveal: RevealRules,
    /// Locked after this without keys or pointer, asleep or awake.
    pub lock_after_ms: u64,
    /// How sound and film are played.
    pub play: PlayRules,
    /// How texts are masked.
    pub text_mask: TextMask,
    /// Words that are masked besides the built-in list.
    pub text_words: BTreeSet<String>,
    /// Largest share of the window for one medium, in percent.
    pub media_max_pct: u32,
    /// An exact hash hit is decided without loading it.
    pub known_hash_lane: bool,
    /// Most items of severity 3 or more in a row.
    pub severe_in_row_max: u32,
    /// The pause that stands for one lighter item.
    pub severe_pause_ms: u64,
    /// Harm classes that this person is not offered.
    pub opt_out: BTreeSet<String>,
    /// When breaks are due and how long they are.
    pub breaks: BreakSettings,
    /// The day's limits.
    pub caps: Caps,
    /// A check-in is offered before and after work.
    pub checkin_offered: bool,
    /// Check-ins are kept on this device at all.
    pub checkin_stored: bool,
    /// For how many days.
    pub checkin_keep_days: u32,
    /// Smallest group in a lead's exposure figures.
    pub lead_group_min: u32,
    /// Scrim may make sounds of its own.
    pub sounds: bool,
}

/// What covers look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverRules {
    /// The blur on opening.
    pub step: CoverStep,
    /// The weakest blur that the moderator may go to.
    pub step_min: CoverStep,
    /// Grey, also while revealed.
    pub grey: bool,
    /// Edges and few tones in place of blur.
    pub sketch: bool,
    /// Harm classes that get the strongest blur.
    pub strongest_for: BTreeSet<String>,
}

impl CoverRules {
    /// What covers look like besides their strength.
    #[must_use]
    pub fn style(&self) -> CoverStyle {
        CoverStyle {
            grey: self.grey,
            sketch: self.sketch,
        }
    }

    /// The blur on opening an item of these harm classes.
    #[must_use]
    pub fn step_for(&self, classes: &[String]) -> CoverStep {
        if classes
            .iter()
            .any(|class| self.strongest_for.contains(class))
        {
            CoverStep::Strong
        } else {
            self.step
        }
    }
}

/// How the first reveal key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RevealStyle {
    /// A round opening that follows the pointer.
    Lens,
    /// A slider of the blur.
    Strength,
    /// The whole picture.
    Full,
}

/// How a reveal opens, and when it ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealRules {
    /// How the first reveal key opens.
    pub style: RevealStyle,
    /// A tap opens and a tap covers; otherwise the key is held.
    pub latch: bool,
    /// Radius of the lens, in thousandths of the long side.
    pub lens_radius_per_mille: u32,
    /// A held reveal ends after this without movement.
    pub hold_still_ms: u64,
    /// A latched or full reveal ends after this.
    pub latch_ms: u64,
    /// Any reveal ends after this without keys or pointer.
    pub idle_ms: u64,
    /// Any reveal ends when the agent has been silent for this long.
    pub agent_silent_ms: u64,
    /// While something plays: asked for a key after this.
    pub presence_ms: u64,
    /// Full clear asks for a reason from this severity on.
    pub reason_at_severity: u8,
}

/// How sound and film are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayRules {
    /// Silent until the sound key is held.
    pub mute: bool,
    /// A film starts as a sheet of covered stills.
    pub contact_sheet: bool,
    /// How many.
    pub stills: u32,
    /// Speed in percent.
    pub speed_pct: u32,
    /// Length of one step back or forth.
    pub step_ms: u64,
    /// Sound starts as a waveform.
    pub waveform: bool,
    /// Loudness is capped this far below full scale, in dB.
    pub cap_db: u32,
    /// 300–3,400 Hz first.
    pub narrow_first: bool,
}

/// How texts are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextMask {
    /// Flagged spans and the word list.
    Spans,
    /// Everything.
    Whole,
}

/// What is served once a cap is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AtLimit {
    /// Items of severity 0 and 1.
    LightOnly,
    /// Nothing: the shift ends.
    EndShift,
}

/// The day's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Weighted minutes at which it is said.
    pub notice_min: u32,
    /// Weighted minutes at which the cap is reached.
    pub weighted_min: u32,
    /// Minutes of clear view at severity 3 or more at which the cap is reached.
    pub clear_min: u32,
    /// What then.
    pub at_limit: AtLimit,
}

impl Default for Protection {
    /// A desk without any floor or personal choice.
    fn default() -> Self {
        Self::of(&super::effective(
            &super::Floors::default(),
            &super::Settings::default(),
        ))
    }
}

struct Read<'a>(&'a Effective);

impl Read<'_> {
    fn flag(&self, key: Key) -> bool {
        matches!(self.0.value(key), Value::Flag(true))
    }

    fn number(&self, key: Key) -> u32 {
        match self.0.value(key) {
            Value::Number(n) => *n,
            _ => unreachable!("the table says that {} is a number", key.name()),
        }
    }

    fn seconds(&self, key: Key) -> u64 {
        u64::from(self.number(key)) * 1_000
    }

    fn minutes(&self, key: Key) -> u64 {
        u64::from(self.number(key)) * 60_000
    }

    fn is(&self, key: Key, word: &str) -> bool {
        matches!(self.0.value(key), Value::Choice(chosen) if chosen == word)
    }

    fn list(&self, key: Key) -> BTreeSet<String> {
        match self.0.value(key) {
            Value::List(set) => set.clone(),
            _ => unreachable!("the table says that {} is a list", key.name()),
        }
    }
}

fn step_of(value: &Value) -> CoverStep {
    match value {
        Value::Choice(word) if word == "weak" => CoverStep::Weak,
        Value::Choice(word) if word == "strong" => CoverStep::Strong,
        _ => CoverStep::Normal,
    }
}

impl Protection {
    /// The same as plain fields.
    #[must_use]
    pub fn of(effective: &Effective) -> Self {
        let read = Read(effective);
        let text_mask = if read.is(Key::TextMask, "whole") {
            TextMask::Whole
        } else {
            TextMask::Spans
        };
        Self {
            cover: cover_rules(&read),
            reveal: reveal_rules(&read),
            lock_after_ms: read.minutes(Key::LockIdle),
            play: play_rules(&read),
            text_mask,
            text_words: read.list(Key::TextWords),
            media_max_pct: read.number(Key::ViewMaxSize),
            known_hash_lane: read.flag(Key::KnownHashLane),
            severe_in_row_max: read.number(Key::SevereInRow),
            severe_pause_ms: read.seconds(Key::SeverePause),
            opt_out: read.list(Key::ClassOptOut),
            breaks: break_settings(&read),
            caps: caps(&read),
            checkin_offered: read.flag(Key::CheckinOffer),
            checkin_stored: read.is(Key::CheckinStore, "store"),
            checkin_keep_days: read.number(Key::CheckinKeep),
            lead_group_min: read.number(Key::LeadExposureGroup),
            sounds: read.flag(Key::Sounds),
        }
    }
}

fn cover_rules(read: &Read<'_>) -> CoverRules {
    let blur = read.0.row(Key::CoverBlur);
    CoverRules {
        step: step_of(&blur.value),
        step_min: step_of(blur.least.as_ref().unwrap_or(&blur.value)),
        grey: read.flag(Key::CoverGreyscale),
        sketch: read.flag(Key::CoverSketch),
        strongest_for: read.list(Key::CoverStylePerClass),
    }
}

fn reveal_rules(read: &Read<'_>) -> RevealRules {
    let style = if read.is(Key::RevealModeKey, "strength") {
        RevealStyle::Strength
    } else if read.is(Key::RevealModeKey, "full") {
        RevealStyle::Full
    } else {
        RevealStyle::Lens
    };
    RevealRules {
        style,
        latch: read.flag(Key::RevealLatch),
        lens_radius_per_mille: read.number(Key::RevealLensRadius) * 10,
        hold_still_ms: read.seconds(Key::RevealHoldStill),
        latch_ms: read.seconds(Key::RevealLatchTime),
        idle_ms: read.seconds(Key::RevealIdle),
        agent_silent_ms: u64::from(read.number(Key::RevealAgentSilent)),
        presence_ms: read.seconds(Key::RevealPresence),
        reason_at_severity: u8::try_from(read.number(Key::RevealReason)).unwrap_or(0),
    }
}

fn play_rules(read: &Read<'_>) -> PlayRules {
    PlayRules {
        mute: read.flag(Key::MediaMute),
        contact_sheet: read.is(Key::VideoStart, "contact_sheet"),
        stills: read.number(Key::VideoStills),
        speed_pct: read.number(Key::VideoSpeed),
        step_ms: read.seconds(Key::VideoStep),
        waveform: read.is(Key::AudioStart, "waveform"),
        cap_db: read.number(Key::AudioCap),
        narrow_first: read.flag(Key::AudioBand),
    }
}

fn break_settings(read: &Read<'_>) -> BreakSettings {
    BreakSettings {
        after_ms: read.minutes(Key::BreakAfter),
        length_ms: read.minutes(Key::BreakLength),
        snooze_ms: read.minutes(Key::BreakSnoozeLength),
        snoozes_max: u8::try_from(read.number(Key::BreakSnoozes)).unwrap_or(0),
        severe_after_ms: read.minutes(Key::BreakSevereAfter),
        severe_length_ms: read.minutes(Key::BreakSevereLength),
        severe_second_length_ms: read.minutes(Key::BreakSevereSecond),
    }
}

fn caps(read: &Read<'_>) -> Caps {
    Caps {
        notice_min: read.number(Key::CapNotice),
        weighted_min: read.number(Key::CapWeighted),
        clear_min: read.number(Key::CapClear),
        at_limit: if read.is(Key::CapAtLimit, "end_shift") {
            AtLimit::EndShift
        } else {
            AtLimit::LightOnly
        },
    }
}
