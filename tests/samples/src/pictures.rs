//! Abstract pictures: gradients, stripes, checkerboards, shapes, noise. Nothing else, ever.
//!
//! Every picture is opaque, in muted colours, and a function of its size and seed alone. The
//! shapes are drawn with integers, so that every machine makes the same bytes.

use image::{Rgba, RgbaImage};

use crate::random::{Random, mix};

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// One colour turning into another.
    Gradient,
    /// Slanted bars.
    Stripes,
    /// Two colours of squares.
    Checkerboard,
    /// Discs and boxes of several sizes.
    Shapes,
    /// Rings around one point.
    Rings,
    /// Soft clouds.
    Noise,
}

impl Pattern {
    /// All of them.
    pub const ALL: &'static [Pattern] = &[
        Pattern::Gradient,
        Pattern::Stripes,
        Pattern::Checkerboard,
        Pattern::Shapes,
        Pattern::Rings,
        Pattern::Noise,
    ];
}

/// Muted colours that sit well beside each other, without tones that recall skin.
const COLOURS: &[[u8; 3]] = &[
    [92, 119, 138],
    [148, 163, 156],
    [196, 186, 164],
    [122, 140, 112],
    [146, 132, 150],
    [108, 104, 130],
    [206, 201, 192],
    [74, 88, 96],
    [158, 170, 188],
    [176, 172, 124],
];

/// A picture of `pattern`, `width` × `height` pixels (both at least 1).
#[must_use]
pub fn picture(pattern: Pattern, width: u32, height: u32, seed: u64) -> RgbaImage {
    match pattern {
        Pattern::Gradient => gradient(width, height, seed),
        Pattern::Stripes => stripes(width, height, seed),
        Pattern::Checkerboard => checkerboard(width, height, seed),
        Pattern::Shapes => shapes(width, height, seed),
        Pattern::Rings => rings(width, height, seed),
        Pattern::Noise => noise(width, height, seed),
    }
}

/// Two different colours of the table.
fn two_colours(random: &mut Random) -> ([u8; 3], [u8; 3]) {
    let count = COLOURS.len() as u64;
    let first = random.below(count);
    let second = (first + 1 + random.below(count - 1)) % count;
    let at = |n: u64| COLOURS[usize::try_from(n).expect("below the table's length")];
    (at(first), at(second))
}

/// `share` (0–256) of the way from `a` to `b`.
fn blend(a: [u8; 3], b: [u8; 3], share: u32) -> Rgba<u8> {
    let share = share.min(256);
    let channel = |n: usize| {
        let value = (u32::from(a[n]) * (256 - share) + u32::from(b[n]) * share) / 256;
        u8::try_from(value).expect("between two bytes")
    };
    Rgba([channel(0), channel(1), channel(2), 255])
}

fn drawn(width: u32, height: u32, colour: impl Fn(u32, u32) -> Rgba<u8>) -> RgbaImage {
    RgbaImage::from_fn(width.max(1), height.max(1), colour)
}

/// One colour turning into another along a slanted line.
#[must_use]
pub fn gradient(width: u32, height: u32, seed: u64) -> RgbaImage {
    let mut random = Random::new(seed, 1);
    let (a, b) = two_colours(&mut random);
    let slant = random.below(257);
    drawn(width, height, |x, y| {
        let along = u64::from(x) * 256 / u64::from(width.max(1));
        let down = u64::from(y) * 256 / u64::from(height.max(1));
        blend(a, b, small((along * slant + down * (256 - slant)) / 256))
    })
}

/// Slanted bars, 4 to 14 across the picture.
#[must_use]
pub fn stripes(width: u32, height: u32, seed: u64) -> RgbaImage {
    let mut random = Random::new(seed, 2);
    let (a, b) = two_colours(&mut random);
    let bar = (u64::from(width.max(1)) / random.between(4, 14)).max(1);
    let slant = random.below(3);
    drawn(width, height, |x, y| {
        let odd = (u64::from(x) + u64::from(y) * slant / 2) / bar % 2;
        blend(a, b, small(odd * 256))
    })
}

/// Squares in a dark and a light grey, 8 to 24 across: as sharp as a picture can be, so that a
/// cover that lets detail through shows at once.
#[must_use]
pub fn checkerboard(width: u32, height: u32, seed: u64) -> RgbaImage {
    let across = u32::try_from(Random::new(seed, 3).between(8, 24)).expect("at most 24");
    checkerboard_of(width, height, (width / across).max(1))
}

/// A checkerboard whose squares are `square` pixels (at least 1) wide and high.
#[must_use]
pub fn checkerboard_of(width: u32, height: u32, square: u32) -> RgbaImage {
    let square = square.max(1);
    drawn(width, height, |x, y| {
        if (x / square + y / square).is_multiple_of(2) {
            Rgba([40, 44, 48, 255])
        } else {
            Rgba([216, 218, 214, 255])
        }
    })
}

/// Twelve discs and boxes on a plain ground.
#[must_use]
pub fn shapes(width: u32, height: u32, seed: u64) -> RgbaImage {
    let mut random = Random::new(seed, 4);
    let (ground, _) = two_colours(&mut random);
    let mut picture = drawn(width, height, |_, _| blend(ground, ground, 0));
    let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
    let unit = width.min(height);
    for n in 0..12 {
        let (x, y) = (signed(&mut random, width), signed(&mut random, height));
        let reach = unit / 24 + signed(&mut random, unit / 5);
        let colour = *random.pick(COLOURS);
        let is_disc = n % 2 == 0;
        for py in (y - reach).max(0)..(y + reach).min(height) {
            for px in (x - reach).max(0)..(x + reach).min(width) {
                let (dx, dy) = (px - x, py - y);
                if !is_disc || dx * dx + dy * dy < reach * reach {
                    let at = |v: i64| u32::try_from(v).expect("inside the picture");
                    picture.put_pixel(at(px), at(py), blend(colour, colour, 0));
                }
            }
        }
    }
    picture
}

/// Rings of two colours around one point.
#[must_use]
pub fn rings(width: u32, height: u32, seed: u64) -> RgbaImage {
    let mut random = Random::new(seed, 5);
    let (a, b) = two_colours(&mut random);
    let (cx, cy) = (
        signed(&mut random, i64::from(width)),
        signed(&mut random, i64::from(height)),
    );
    let band = (u64::from(width.max(height)) / random.between(10, 20)).max(1);
    drawn(width, height, |x, y| {
        let (dx, dy) = (i64::from(x) - cx, i64::from(y) - cy);
        let away = u64::isqrt((dx * dx + dy * dy).unsigned_abs());
        blend(a, b, small(away / band % 2 * 256))
    })
}

/// Soft clouds of two colours: three octaves of value noise.
#[must_use]
pub fn noise(width: u32, height: u32, seed: u64) -> RgbaImage {
    let mut random = Random::new(seed, 6);
    let (a, b) = two_colours(&mut random);
    let salt = random.next_u64();
    let cell = (width.max(height) / 5).max(4);
    drawn(width, height, |x, y| {
        let sum = cloud(x, y, cell, salt) * 4
            + cloud(x, y, (cell / 2).max(2), salt ^ 1) * 2
            + cloud(x, y, (cell / 4).max(1), salt ^ 2);
        blend(a, b, sum / 7)
    })
}

/// One octave of value noise, 0–256: corners of a grid have random heights, between them it is
/// linear. `cell` is the grid's width in pixels.
fn cloud(x: u32, y: u32, cell: u32, salt: u64) -> u32 {
    let height = |cx: u32, cy: u32| mix(salt ^ (u64::from(cx) << 32 | u64::from(cy))) % 257;
    let (cx, cy) = (x / cell, y / cell);
    let (fx, fy) = (u64::from(x % cell), u64::from(y % cell));
    let cell = u64::from(cell);
    let top = height(cx, cy) * (cell - fx) + height(cx + 1, cy) * fx;
    let bottom = height(cx, cy + 1) * (cell - fx) + height(cx + 1, cy + 1) * fx;
    small((top * (cell - fy) + bottom * fy) / (cell * cell))
}

fn small(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn signed(random: &mut Random, bound: i64) -> i64 {
    i64::try_from(random.below(bound.unsigned_abs())).unwrap_or(0)
}

/// The same picture, lighter by `by` steps of 255.
#[must_use]
pub fn brighter(mut picture: RgbaImage, by: u8) -> RgbaImage {
    for pixel in picture.pixels_mut() {
        for channel in &mut pixel.0[..3] {
            *channel = channel.saturating_add(by);
        }
    }
    picture
}

/// The same picture at `percent` of its width and height (at least 1 pixel each).
#[must_use]
pub fn resized(picture: &RgbaImage, percent: u32) -> RgbaImage {
    let side = |pixels: u32| (pixels.saturating_mul(percent) / 100).max(1);
    let (width, height) = (side(picture.width()), side(picture.height()));
    image::imageops::resize(
        picture,
        width,
        height,
        image::imageops::FilterType::Triangle,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_opaque_and_repeats_itself() {
        for &pattern in Pattern::ALL {
            for (width, height) in [(1, 1), (37, 5), (64, 96)] {
                let first = picture(pattern, width, height, 7);
                assert_eq!(first.dimensions(), (width, height));
                assert_eq!(first, picture(pattern, width, height, 7));
                assert!(first.pixels().all(|p| p.0[3] == 255));
            }
        }
    }

    #[test]
    fn a_checkerboard_is_as_sharp_as_asked() {
        let board = checkerboard_of(8, 8, 2);
        assert_eq!(board.get_pixel(0, 0), board.get_pixel(1, 1));
        assert_ne!(board.get_pixel(1, 0), board.get_pixel(2, 0));
    }
}
