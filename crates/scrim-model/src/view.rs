//! The view log: what was visible, how, and for how long; and what follows from it.
//!
//! An interval is one stretch of time in which something of a medium was visible under one cover.
//! Derived facts are computed here and typed by nobody.

use serde::{Deserialize, Serialize};

use crate::ids::{MediumKey, RevealId};
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
}

/// Where in an item words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
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
    pub place: Place,
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
    /// Clear pixels (or words) reached the window.
    pub shown: bool,
    /// Colour was on at some time.
    pub colour: bool,
}

/// How much of a medium was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewState {
    /// Nothing was on the screen, not even covered.
    None,
    /// Only covered.
    Covered,
    /// Through the lens.
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
    /// The whole picture at blur 0.
    Yes,
    /// Not the whole.
    No,
    /// A crash left an interval open.
    Unknown,
}

/// Totals of one medium in a decision.
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
}

/// Derives one medium's totals. `ms_on_screen` is the active time for which the medium was on the
/// screen at all, covered or not; `intervals` are the item's; other parts' are passed over.
#[must_use]
pub fn medium_view(
    n: u32,
    sha256: Option<String>,
    ms_on_screen: u64,
    intervals: &[ViewInterval],
) -> MediumView {
    let own = intervals.iter().filter(|i| i.part == Part::Medium(n));
    let (mut ms_clear, mut full, mut partial, mut unknown) = (0_u64, false, false, false);
    for interval in own {
        match interval.duration_ms {
            None => unknown = true,
            Some(_) if !interval.shown => {}
            Some(ms) => {
                ms_clear = ms_clear.saturating_add(ms);
                full |= interval.mode == RevealMode::Full;
                partial |= interval.mode != RevealMode::Full;
            }
        }
    }
    let (state, file_viewed) = if full {
        (ViewState::Full, FileViewed::Yes)
    } else if unknown {
        (ViewState::Unknown, FileViewed::Unknown)
    } else if partial {
        (ViewState::Partial, FileViewed::No)
    } else if ms_on_screen > 0 {
        (ViewState::Covered, FileViewed::No)
    } else {
        (ViewState::None, FileViewed::No)
    };
    MediumView {
        n,
        sha256,
        state,
        file_viewed,
        ms_covered: ms_on_screen.saturating_sub(ms_clear),
        ms_clear,
    }
}

/// A medium and the cover under which its preview was made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoverKey {
    /// The medium.
    pub medium: MediumKey,
    /// The cover.
    pub step: CoverStep,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(mode: RevealMode, duration_ms: Option<u64>, shown: bool) -> ViewInterval {
        ViewInterval {
            reveal_id: RevealId::new("r").expect("an id"),
            part: Part::Medium(0),
            mode,
            opened_at: Timestamp(0),
            duration_ms,
            shown,
            colour: false,
        }
    }

    #[test]
    fn a_lens_never_views_the_entire_file() {
        let view = medium_view(
            0,
            None,
            5_000,
            &[interval(RevealMode::Hold, Some(2_000), true)],
        );
        assert_eq!(
            (view.state, view.file_viewed),
            (ViewState::Partial, FileViewed::No)
        );
        assert_eq!((view.ms_clear, view.ms_covered), (2_000, 3_000));
    }

    #[test]
    fn a_crash_says_unknown_and_never_no() {
        let view = medium_view(0, None, 5_000, &[interval(RevealMode::Full, None, true)]);
        assert_eq!(
            (view.state, view.file_viewed),
            (ViewState::Unknown, FileViewed::Unknown)
        );
    }

    #[test]
    fn a_reveal_that_showed_nothing_counts_for_nothing() {
        let view = medium_view(0, None, 0, &[interval(RevealMode::Full, Some(400), false)]);
        assert_eq!(
            (view.state, view.file_viewed, view.ms_clear),
            (ViewState::None, FileViewed::No, 0)
        );
    }
}
