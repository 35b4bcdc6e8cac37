//! A mark that is being made: a region of a picture or a run of texts, not kept yet. Pure.

use scrim_model::mark::{Mark, Region};
use scrim_model::view::{Part, WordPlace};
use scrim_wire::window::{ItemView, MediumState};

use crate::actions::Side;
use crate::limits::MARK_STEP;
use crate::reading::Reading;

/// A mark that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// A rectangle of a picture.
    Region(Region),
    /// Texts between two places, from 0.
    Texts {
        /// Where it began.
        from: u32,
        /// Where it has got to; may be before `from`.
        to: u32,
    },
}

impl Marking {
    /// What `M` begins: a run of texts at the words that are in reach, else a region of the picture
    /// that is selected; nothing if neither is there.
    #[must_use]
    pub fn begin(item: &ItemView, reading: &Reading) -> Option<Self> {
        let in_reach = match (reading.focused, reading.current) {
            (Some(span), _) if span.place == WordPlace::Text => Some(span.text),
            (_, Some((WordPlace::Text, n))) => Some(n),
            _ => None,
        };
        match item.selected {
            Part::Medium(medium) if reading.focused.is_none() => {
                let state = item.media.get(medium as usize);
                let is_shown = matches!(state, Some(MediumState::Covered { .. }));
                is_shown.then(|| Self::Region(Region::middle(medium)))
            }
            _ => {
                let from = in_reach.unwrap_or(0);
                let is_there = (from as usize) < item.texts.len();
                is_there.then_some(Self::Texts { from, to: from })
            }
        }
    }

    /// Moves a region.
    #[must_use]
    pub fn moved(self, side: Side) -> Self {
        let (dx, dy) = step(side);
        match self {
            Self::Region(region) => Self::Region(region.moved(dx, dy)),
            texts @ Self::Texts { .. } => texts,
        }
    }

    /// Moves a region's lower right corner.
    #[must_use]
    pub fn resized(self, side: Side) -> Self {
        let (dx, dy) = step(side);
        match self {
            Self::Region(region) => Self::Region(region.resized(dx, dy)),
            texts @ Self::Texts { .. } => texts,
        }
    }

    /// Moves the end of a run by one text of the item.
    #[must_use]
    pub fn extended(self, item: &ItemView, forward: bool) -> Self {
        let last = u32::try_from(item.texts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        match self {
            Self::Texts { from, to } => Self::Texts {
                from,
                to: if forward {
                    to.saturating_add(1).min(last)
                } else {
                    to.saturating_sub(1)
                },
            },
            region @ Self::Region(_) => region,
        }
    }

    /// The finished mark; `None` if its texts are gone.
    #[must_use]
    pub fn mark(self, item: &ItemView) -> Option<Mark> {
        match self {
            Self::Region(region) => Some(Mark::Region(region)),
            Self::Texts { from, to } => {
                let id = |n: u32| Some(item.texts.get(n as usize)?.id.clone());
                Some(Mark::Texts {
                    first: id(from.min(to))?,
                    last: id(from.max(to))?,
                })
            }
        }
    }

    /// Whether text `n` is in it.
    #[must_use]
    pub fn has_text(self, n: u32) -> bool {
        match self {
            Self::Texts { from, to } => (from.min(to)..=from.max(to)).contains(&n),
            Self::Region(_) => false,
        }
    }
}

fn step(side: Side) -> (i32, i32) {
    match side {
        Side::Left => (-MARK_STEP, 0),
        Side::Right => (MARK_STEP, 0),
        Side::Up => (0, -MARK_STEP),
        Side::Down => (0, MARK_STEP),
    }
}

/// The numbers of the first and last text of a run, from 0.
#[must_use]
pub fn run_of(item: &ItemView, first: &str, last: &str) -> Option<(u32, u32)> {
    let place = |id: &str| {
        let at = item.texts.iter().position(|text| text.id == id)?;
        u32::try_from(at).ok()
    };
    Some((place(first)?, place(last)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::demo_models::{conversation, image};

    #[test]
    fn a_run_may_grow_both_ways_and_stays_in_the_item() {
        let item = conversation().item.unwrap();
        let reading = Reading {
            current: Some((WordPlace::Text, 1)),
            ..Reading::default()
        };
        let mut marking = Marking::begin(&item, &reading).unwrap();
        for _ in 0..3 {
            marking = marking.extended(&item, false);
        }
        let texts = |first: &str, last: &str| {
            Some(Mark::Texts {
                first: first.to_owned(),
                last: last.to_owned(),
            })
        };
        assert_eq!(marking.mark(&item), texts("m0", "m1"));
        for _ in 0..9 {
            marking = marking.extended(&item, true);
        }
        assert_eq!(marking.mark(&item), texts("m1", "m5"));
        assert!(marking.has_text(3) && !marking.has_text(0));
    }

    #[test]
    fn a_picture_that_is_not_there_has_no_regions() {
        let mut item = image(1).item.unwrap();
        assert!(Marking::begin(&item, &Reading::default()).is_some());
        item.media[0] = MediumState::Loading;
        assert!(Marking::begin(&item, &Reading::default()).is_none());
    }
}
