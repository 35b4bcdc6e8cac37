//! The part of a picture that was seen, on a grid of 32 × 32 cells.

use serde::{Deserialize, Serialize};

/// Cells along each side.
pub const SIDE: u32 = 32;
const WORDS: usize = 16;

/// Which cells were seen. A cell counts when its middle was in view. Serialised as 256 lower-case
/// hex digits, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Area([u64; WORDS]);

/// A lens over a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lens {
    /// Middle, in millionths of the picture's width.
    pub x: u32,
    /// Middle, in millionths of the picture's height.
    pub y: u32,
    /// Radius, in thousandths of the picture's longer side.
    pub radius_per_mille: u32,
}

/// The part of a picture that is on the screen, in millionths of its width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Left edge.
    pub left: u32,
    /// Upper edge.
    pub top: u32,
    /// Right edge.
    pub right: u32,
    /// Lower edge.
    pub bottom: u32,
}

impl Frame {
    /// The whole picture.
    pub const WHOLE: Self = Self {
        left: 0,
        top: 0,
        right: 1_000_000,
        bottom: 1_000_000,
    };

    fn holds(self, (x, y): (f64, f64)) -> bool {
        let between = |from: u32, at: f64, to: u32| f64::from(from) <= at && at <= f64::from(to);
        between(self.left, x, self.right) && between(self.top, y, self.bottom)
    }
}

/// Middle of a cell, in millionths of the picture's width and height.
fn middle(cell: u32) -> (f64, f64) {
    let at = |n: u32| (f64::from(n) + 0.5) / f64::from(SIDE) * 1e6;
    (at(cell % SIDE), at(cell / SIDE))
}

impl Area {
    /// All of it.
    #[must_use]
    pub fn whole() -> Self {
        Self([u64::MAX; WORDS])
    }

    /// Adds what a lens shows of a picture of `width` × `height` pixels (the ratio counts), as far
    /// as it lies in `frame`.
    pub fn see(&mut self, lens: Lens, (width, height): (u32, u32), frame: Frame) {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let radius = f64::from(lens.radius_per_mille) / 1_000.0 * width.max(height);
        self.add_cells(|(x, y)| {
            let dx = (x - f64::from(lens.x)) / 1e6 * width;
            let dy = (y - f64::from(lens.y)) / 1e6 * height;
            frame.holds((x, y)) && dx * dx + dy * dy <= radius * radius
        });
    }

    /// Adds everything in `frame`.
    pub fn see_all(&mut self, frame: Frame) {
        self.add_cells(|middle| frame.holds(middle));
    }

    fn add_cells(&mut self, is_seen: impl Fn((f64, f64)) -> bool) {
        for cell in (0..SIDE * SIDE).filter(|cell| is_seen(middle(*cell))) {
            self.0[(cell / 64) as usize] |= 1 << (cell % 64);
        }
    }

    /// Adds what another area holds.
    pub fn add(&mut self, other: &Area) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }

    /// Cells seen, 0 to 1,024.
    #[must_use]
    pub fn cells(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Nothing seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells() == 0
    }
}

impl From<Area> for String {
    fn from(area: Area) -> String {
        area.0
            .iter()
            .map(|word| format!("{:016x}", word.reverse_bits()))
            .collect()
    }
}

/// Not 256 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnArea;

impl std::fmt::Display for NotAnArea {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an area is not written as 256 hex digits")
    }
}

impl std::error::Error for NotAnArea {}

impl TryFrom<String> for Area {
    type Error = NotAnArea;
    fn try_from(text: String) -> Result<Self, NotAnArea> {
        let plain = text.len() == WORDS * 16
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !plain {
            return Err(NotAnArea);
        }
        let mut area = Area::default();
        for (n, word) in area.0.iter_mut().enumerate() {
            let bits = u64::from_str_radix(&text[n * 16..][..16], 16).map_err(|_| NotAnArea)?;
            *word = bits.reverse_bits();
        }
        Ok(area)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lens_in_the_middle_sees_a_circle() {
        let mut area = Area::default();
        let lens = Lens {
            x: 500_000,
            y: 500_000,
            radius_per_mille: 150,
        };
        area.see(lens, (800, 800), Frame::WHOLE);
        // π × (0.15 × 32)² = 72.4 cells.
        assert!((68..=76).contains(&area.cells()), "{}", area.cells());
        let before = area.clone();
        area.see(lens, (800, 800), Frame::WHOLE);
        assert_eq!(area, before);
    }

    #[test]
    fn on_a_wide_picture_the_lens_is_as_large_as_it_looks() {
        let mut area = Area::default();
        let lens = Lens {
            x: 500_000,
            y: 500_000,
            radius_per_mille: 300,
        };
        area.see(lens, (2_000, 1_000), Frame::WHOLE);
        // Top and bottom are inside: 0.3 × 2,000 > 500. Two columns in the middle are whole.
        assert!((0..SIDE).all(|row| {
            let cell = row * SIDE + SIDE / 2;
            area.0[(cell / 64) as usize] >> (cell % 64) & 1 == 1
        }));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

        #[test]
        fn areas_grow_and_read_back(
            lenses in proptest::collection::vec((0_u32..1_000_000, 0_u32..1_000_000, 0_u32..500), 0..6),
            width in 0_u32..5_000, height in 0_u32..5_000,
        ) {
            let mut area = Area::default();
            for (x, y, radius_per_mille) in lenses {
                let before = area.clone();
                area.see(Lens { x, y, radius_per_mille }, (width, height), Frame::WHOLE);
                let mut union = before.clone();
                union.add(&area);
                prop_assert_eq!(&union, &area);
            }
            prop_assert_eq!(Area::try_from(String::from(area.clone())), Ok(area));
        }
    }
}
