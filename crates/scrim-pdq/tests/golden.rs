//! Hashes of drawn pictures, bit for bit those of the reference, and of a second, plain way to compute them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod drawn;

use drawn::{KINDS, Pixels, drawn, pdq};
use proptest::prelude::*;
use scrim_model::Pdq;
use scrim_pdq::{BACKDROP, Hashed, Layout};

/// Written by `pdq_reference.py`.
const GOLDEN: &str = include_str!("golden/pdq.txt");

struct Row<'a> {
    kind: &'a str,
    width: u32,
    height: u32,
    seed: u32,
    expected: Hashed,
}

fn rows() -> Vec<Row<'static>> {
    let lines = GOLDEN.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let [kind, width, height, seed, hash, quality] = words[..] else {
                panic!("not a row: {line}");
            };
            Row {
                kind,
                width: width.parse().unwrap(),
                height: height.parse().unwrap(),
                seed: seed.parse().unwrap(),
                expected: Hashed {
                    hash: hash.parse().unwrap(),
                    quality: quality.parse().unwrap(),
                },
            }
        })
        .collect()
}

#[test]
fn every_hash_and_quality_is_the_references() {
    let rows = rows();
    assert!(rows.len() >= 200, "{} rows", rows.len());
    for row in rows {
        let got = pdq(&drawn(row.kind, row.width, row.height, row.seed));
        let Row {
            kind,
            width,
            height,
            seed,
            expected,
        } = row;
        let what = format!("{kind} {width} × {height}, seed {seed}");
        assert_eq!(got.hash.distance(&expected.hash), 0, "{what}");
        assert_eq!(got.quality, expected.quality, "{what}");
        assert_eq!(got.hash.to_string(), expected.hash.to_string(), "{what}");
    }
}

#[test]
fn the_rows_hold_what_they_should() {
    let rows = rows();
    let some = |what: &str, holds: &dyn Fn(&Row<'_>) -> bool| {
        assert!(rows.iter().any(holds), "no row with {what}");
    };
    for kind in KINDS {
        some(kind, &|row| {
            row.kind == kind && row.expected.hash != NOTHING
        });
    }
    some("12 megapixels", &|row| row.width * row.height >= 12_000_000);
    some("one pixel", &|row| row.width * row.height == 1);
    some("middling quality", &|row| {
        (20..80).contains(&row.expected.quality)
    });
    some("the grid's own size", &|row| {
        (row.width, row.height) == (64, 64)
    });
    some("no quality and a hash", &|row| {
        row.expected.quality == 0 && row.expected.hash != NOTHING
    });
    let clear = rows.iter().filter(|row| row.expected.hash != NOTHING);
    assert!(clear.count() >= 200);
}

const NOTHING: Pdq = Pdq::from_bytes([0; 32]);

#[test]
fn pictures_that_are_too_small_have_the_hash_of_zeros() {
    for (width, height) in [(1, 1), (4, 4), (4, 5), (5, 4), (4, 3000)] {
        let got = pdq(&drawn("noise", width, height, 3));
        assert_eq!((got.hash, got.quality), (NOTHING, 0), "{width} × {height}");
    }
    assert_ne!(pdq(&drawn("noise", 5, 5, 3)).hash, NOTHING);
    let mut other_bytes = drawn("noise", 5, 5, 3);
    other_bytes.bytes.pop();
    assert_eq!(pdq(&other_bytes).hash, NOTHING);
}

#[test]
fn an_invisible_change_moves_no_hash_and_a_visible_one_does() {
    let half = |colour: u8, alpha: u8| {
        let rgb = drawn("waves", 90, 70, 1);
        let pixels = rgb.bytes.chunks_exact(3).enumerate();
        let bytes = pixels.flat_map(|(at, px)| {
            if at % 90 < 45 {
                [px[0], px[1], px[2], 255]
            } else {
                [colour, colour, colour, alpha]
            }
        });
        Pixels {
            layout: Layout::Rgba,
            bytes: bytes.collect(),
            ..rgb
        }
    };
    let clear = |colour: u8| half(colour, 0);
    assert_eq!(pdq(&clear(0)), pdq(&clear(255)));
    assert_eq!(pdq(&clear(0)), pdq(&half(BACKDROP, 255)));
    assert_ne!(pdq(&clear(0)).hash, pdq(&drawn("waves", 90, 70, 1)).hash);
}

/// The same lumas in another layout.
fn as_layout(rgb: &Pixels, layout: Layout) -> Pixels {
    let pixels = rgb.bytes.chunks_exact(3);
    let bytes: Vec<u8> = match layout {
        Layout::Grey => pixels.map(|px| px[0]).collect(),
        Layout::GreyAlpha => pixels.flat_map(|px| [px[0], 255]).collect(),
        Layout::Rgb => return rgb.clone(),
        Layout::Rgba | Layout::Rgbx => pixels.flat_map(|px| [px[0], px[1], px[2], 255]).collect(),
    };
    Pixels {
        layout,
        bytes,
        ..*rgb
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x5C21),
        failure_persistence: None,
        cases: 96,
        ..Default::default()
    })]

    #[test]
    fn the_walk_down_the_picture_is_the_plain_algorithm(
        kind in 0..KINDS.len(), width in 1_u32..700, height in 1_u32..700, seed: u32,
    ) {
        let picture = drawn(KINDS[kind], width, height, seed);
        prop_assert_eq!(pdq(&picture), plain::pdq(&picture));
    }

    #[test]
    fn the_layout_does_not_matter(
        colour in 0..KINDS.len(), width in 1_u32..200, height in 1_u32..200, seed: u32,
    ) {
        let coloured = drawn(KINDS[colour], width, height, seed);
        for layout in [Layout::Rgba, Layout::Rgbx] {
            prop_assert_eq!(pdq(&as_layout(&coloured, layout)), pdq(&coloured));
        }
        let grey = drawn("grey-noise", width, height, seed);
        for layout in [Layout::Grey, Layout::GreyAlpha] {
            prop_assert_eq!(pdq(&as_layout(&grey, layout)), pdq(&grey));
        }
    }

    #[test]
    fn a_little_noise_moves_a_hash_of_quality_a_little(seed: u32, noise: u32) {
        let picture = drawn("mixed", 400, 300, seed);
        let mut noisy = picture.clone();
        for (byte, other) in noisy.bytes.iter_mut().zip(drawn("noise", 400, 300, noise).bytes) {
            *byte = byte.saturating_add(other % 4);
        }
        let (a, b) = (pdq(&picture), pdq(&noisy));
        prop_assert!(a.quality >= 50);
        prop_assert!(a.hash.distance(&b.hash) <= 31);
    }

    #[test]
    fn pictures_that_have_nothing_in_common_lie_far_apart(a: u32, b: u32) {
        prop_assume!(a != b);
        let (a, b) = (pdq(&drawn("noise", 128, 128, a)), pdq(&drawn("noise", 128, 128, b)));
        prop_assert!(a.hash.distance(&b.hash) > 64);
    }
}

#[test]
fn a_turned_picture_has_another_hash() {
    let picture = drawn("mixed", 320, 240, 5);
    let columns = (0..320).flat_map(|x| (0..240).rev().map(move |y| (y * 320 + x) * 3));
    let turned = Pixels {
        width: 240,
        height: 320,
        layout: Layout::Rgb,
        bytes: columns
            .flat_map(|at| picture.bytes[at..at + 3].to_vec())
            .collect(),
    };
    assert!(pdq(&picture).hash.distance(&pdq(&turned).hash) > 64);
}

/// Step by step as it is written down, in whole buffers, one value after the other.
mod plain {
    use super::{Hashed, NOTHING, Pdq, Pixels};

    fn box_filter(from: &[f32], to: &mut [f32], start: usize, stride: usize, length: usize) {
        let full = length.div_ceil(128);
        let half = (full + 2) / 2;
        let at = |n: usize| start + n * stride;
        let (mut sum, mut under) = (0.0_f32, 0_u16);
        let (mut left, mut right, mut out) = (0, 0, 0);
        for _ in 0..half - 1 {
            sum += from[at(right)];
            under += 1;
            right += 1;
        }
        for _ in 0..full - half + 1 {
            sum += from[at(right)];
            under += 1;
            to[at(out)] = sum / f32::from(under);
            right += 1;
            out += 1;
        }
        for _ in 0..length - full {
            sum += from[at(right)];
            sum -= from[at(left)];
            to[at(out)] = sum / f32::from(under);
            left += 1;
            right += 1;
            out += 1;
        }
        for _ in 0..half - 1 {
            sum -= from[at(left)];
            under -= 1;
            to[at(out)] = sum / f32::from(under);
            left += 1;
            out += 1;
        }
    }

    fn grid(picture: &Pixels) -> Vec<f32> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let luma = |px: &[u8]| {
            let [r, g, b] = [px[0], px[1], px[2]].map(f64::from);
            (r * 0.299 + g * 0.587 + b * 0.114) as f32
        };
        let mut one: Vec<f32> = picture.bytes.chunks_exact(3).map(luma).collect();
        if (width, height) == (64, 64) {
            return one;
        }
        let mut other = one.clone();
        for _ in 0..2 {
            (0..height).for_each(|row| box_filter(&one, &mut other, row * width, 1, width));
            (0..width).for_each(|column| box_filter(&other, &mut one, column, width, height));
        }
        let middle = |cell: usize, side: usize| ((cell as f64 + 0.5) * side as f64 / 64.0) as usize;
        let cells = (0..64 * 64).map(|cell| (middle(cell / 64, height), middle(cell % 64, width)));
        cells
            .map(|(row, column)| one[row * width + column])
            .collect()
    }

    pub(super) fn pdq(picture: &Pixels) -> Hashed {
        if picture.width < 5 || picture.height < 5 {
            return Hashed {
                hash: NOTHING,
                quality: 0,
            };
        }
        let grid = grid(picture);
        let step = |a: usize, b: usize| (((grid[a] - grid[b]) * 100.0 / 255.0) as i32).abs();
        let down: i32 = (0..63 * 64).map(|at| step(at, at + 64)).sum();
        let across: i32 = (0..64 * 64)
            .filter(|at| at % 64 < 63)
            .map(|at| step(at, at + 1))
            .sum();
        let scale = (2.0_f64 / 64.0).sqrt() as f32;
        let cosine = |i: usize, j: usize| {
            let angle = (std::f64::consts::PI / 2.0 / 64.0) * (i + 1) as f64 * (2 * j + 1) as f64;
            (f64::from(scale) * angle.cos()) as f32
        };
        let half: Vec<f32> = (0..16 * 64)
            .map(|at| {
                (0..64).fold(0.0, |sum, k| {
                    sum + cosine(at / 64, k) * grid[k * 64 + at % 64]
                })
            })
            .collect();
        let whole: Vec<f32> = (0..256)
            .map(|at| {
                (0..64).fold(0.0, |sum, k| {
                    sum + half[at / 16 * 64 + k] * cosine(at % 16, k)
                })
            })
            .collect();
        let mut sorted = whole.clone();
        sorted.sort_by(f32::total_cmp);
        let mut bytes = [0; 32];
        for at in (0..256).filter(|at| whole[*at] > sorted[127]) {
            bytes[31 - at / 8] |= 1 << (at % 8);
        }
        Hashed {
            hash: Pdq::from_bytes(bytes),
            quality: u8::try_from(((down + across) / 90).min(100)).unwrap(),
        }
    }
}
