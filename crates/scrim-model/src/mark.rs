//! What a moderator points at: a region of a picture, or a run of texts. It says where, never what
//! is there, and goes into the decision.

use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::limits::REGION_SIDE_MIN;

/// The whole of a side, in millionths.
pub const WHOLE: u32 = 1_000_000;

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A rectangle of a picture.
    Region(Region),
    /// Texts of the item from one to another, both included, in reading order.
    Texts {
        /// Id of the first.
        first: String,
        /// Id of the last.
        last: String,
    },
}

impl Mark {
    /// Whether `item` has what it points at.
    #[must_use]
    pub fn points_into(&self, item: &Item) -> bool {
        match self {
            Mark::Region(region) => {
                region.is_sound() && (region.medium as usize) < item.media.len()
            }
            Mark::Texts { first, last } => {
                let place = |id: &str| item.texts.iter().position(|text| text.id == id);
                matches!((place(first), place(last)), (Some(a), Some(b)) if a <= b)
            }
        }
    }
}

/// A rectangle of medium `medium`, in millionths of its width and height as it is shown, that is
/// after the file's EXIF orientation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Which medium.
    pub medium: u32,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Region {
    /// A quarter of each side, in the middle.
    #[must_use]
    pub fn middle(medium: u32) -> Self {
        Self {
            medium,
            x: WHOLE * 3 / 8,
            y: WHOLE * 3 / 8,
            width: WHOLE / 4,
            height: WHOLE / 4,
        }
    }

    /// From one corner to the opposite one; what lies outside the picture is left out, and it is
    /// never smaller than [`REGION_SIDE_MIN`].
    #[must_use]
    pub fn between(medium: u32, a: (u32, u32), b: (u32, u32)) -> Self {
        let span = |a: u32, b: u32| {
            let (from, to) = (a.min(b).min(WHOLE), a.max(b).min(WHOLE));
            let length = (to - from).max(REGION_SIDE_MIN);
            (from.min(WHOLE - length), length)
        };
        let ((x, width), (y, height)) = (span(a.0, b.0), span(a.1, b.1));
        Self {
            medium,
            x,
            y,
            width,
            height,
        }
    }

    /// Moved by parts of the whole, as far as the picture goes.
    #[must_use]
    pub fn moved(self, dx: i32, dy: i32) -> Self {
        Self {
            x: self.x.saturating_add_signed(dx).min(WHOLE - self.width),
            y: self.y.saturating_add_signed(dy).min(WHOLE - self.height),
            ..self
        }
    }

    /// Its lower right corner moved; the other corner stays.
    #[must_use]
    pub fn resized(self, dx: i32, dy: i32) -> Self {
        let side = |length: u32, by: i32, room: u32| {
            let longest = room.max(REGION_SIDE_MIN);
            let length = length.saturating_add_signed(by);
            length.clamp(REGION_SIDE_MIN, longest)
        };
        Self {
            width: side(self.width, dx, WHOLE - self.x),
            height: side(self.height, dy, WHOLE - self.y),
            ..self
        }
    }

    /// Whether it lies within the picture and is not too small to be seen.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let fits = |from: u32, length: u32| {
            length >= REGION_SIDE_MIN && from.checked_add(length).is_some_and(|end| end <= WHOLE)
        };
        fits(self.x, self.width) && fits(self.y, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_done_to_it_a_region_stays_in_the_picture() {
        let mut region = Region::middle(0);
        assert!(region.is_sound());
        for (dx, dy) in [(900_000, -900_000), (-2_000_000, 2_000_000), (25_000, 0)] {
            region = region.moved(dx, dy);
            assert!(region.is_sound(), "{region:?}");
            region = region.resized(dx, dy);
            assert!(region.is_sound(), "{region:?}");
        }
        assert!(Region::between(0, (990_000, 5), (2_000_000, 0)).is_sound());
    }

    #[test]
    fn corners_may_come_in_any_order() {
        let region = Region::between(1, (600_000, 200_000), (100_000, 500_000));
        assert_eq!((region.x, region.y), (100_000, 200_000));
        assert_eq!((region.width, region.height), (500_000, 300_000));
    }

    #[test]
    fn what_hangs_over_the_edge_is_not_sound() {
        let over = Region {
            x: 900_000,
            ..Region::middle(0)
        };
        assert!(!over.is_sound());
    }
}
