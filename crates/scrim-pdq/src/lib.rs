//! PDQ, the perceptual hash of pictures: 256 bits and a quality of 0 to 100, bit for bit those of the reference.
//!
//! The algorithm: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019); the
//! reference: `pdq/cpp` of the repository `facebook/ThreatExchange`, as packaged by `pdqhash` 0.2.8 on PyPI. Steps:
//!
//! 1. luma: 0.299 R + 0.587 G + 0.114 B in doubles, rounded to a float (as the package does it);
//! 2. a tent filter: two box filters along rows and two along columns, in turn, whose sums run along the picture
//!    ([`shrink`]), and one value from the middle of each cell of a 64 × 64 grid;
//! 3. quality: how many steep steps lie between neighbours of the grid;
//! 4. the 16 × 16 lowest frequencies of a discrete cosine transform, without the constant one, and a bit for each that
//!    says whether it is above their median ([`transform`]).
//!
//! Sums of floats depend on their order, so each value here comes from the same operations in the same order as in the
//! reference. What differs is only which values are worked on side by side, and that those are left out that nothing
//! is made of.
//!
//! **Which pixels.** All of them, never those of a preview: an eighth of the size moves a hash by up to 44 bits. As they
//! are stored, not turned by Exif: the reference's tools and those built on them read files so, and a hash is made to be
//! compared with their lists. Transparent pixels lie over [`BACKDROP`], as everywhere in Scrim:
//! what nobody can see moves no hash. Grey pictures have three equal channels. Pictures with a side below 5 pixels
//! have the hash of zeros and quality 0, as in the reference.

mod layout;
mod luma;
mod shrink;
mod transform;

use scrim_model::Pdq;

pub use layout::{BACKDROP, Layout, over_backdrop};

/// Sides of the grid on which a picture is hashed.
const GRID: usize = 64;
/// Shortest side that the reference hashes, in pixels.
const SIDE_MIN: u32 = 5;

/// Values of the grid, rows from the top.
type Grid = [[f32; GRID]; GRID];

/// A hash and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashed {
    /// The hash.
    pub hash: Pdq,
    /// 0 to 100. Below 50 pictures that have nothing in common may have similar hashes.
    pub quality: u8,
}

/// The hash of a picture in full size, as it is stored: rows from the top, no padding, `width * height * layout.bytes()`
/// bytes. A picture with other bytes than that is hashed as one that is too small.
#[must_use]
pub fn pdq(width: u32, height: u32, layout: Layout, bytes: &[u8]) -> Hashed {
    let nothing = Hashed {
        hash: Pdq::from_bytes([0; 32]),
        quality: 0,
    };
    let (columns, rows) = (width as usize, height as usize);
    let len = columns
        .checked_mul(rows)
        .and_then(|count| count.checked_mul(layout.bytes()));
    if width < SIDE_MIN || height < SIDE_MIN || len != Some(bytes.len()) {
        return nothing;
    }
    let grid = shrink::to_grid(columns, rows, layout, bytes);
    Hashed {
        hash: transform::hash(&grid),
        quality: transform::quality(&grid),
    }
}
