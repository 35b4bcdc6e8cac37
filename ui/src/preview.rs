//! A generated picture under a cover, for the settings page. Nothing of any item is in it.

use egui::{Color32, ColorImage};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::worker::SketchTones;

/// Size of the picture, in pixels: as small as a real cover's own source.
const SIZE: [usize; 2] = [64, 40];

/// The picture under a cover of `step`, with or without colour.
pub(crate) fn covered(step: CoverStep, style: CoverStyle) -> ColorImage {
    let mut pixels = generated();
    let sigma = f32::from(step.sigma_per_mille()) / 1_000.0 * SIZE[0] as f32;
    pixels = blurred(&pixels, sigma, 1);
    pixels = blurred(&pixels, sigma, SIZE[0]);
    if style.sketch {
        return drawn(&pixels);
    }
    let colours = pixels.into_iter().map(|[r, g, b]| {
        let luma = luma([r, g, b]);
        let [r, g, b] = if style.grey { [luma; 3] } else { [r, g, b] };
        Color32::from_rgb(r.round() as u8, g.round() as u8, b.round() as u8)
    });
    ColorImage::new(SIZE, colours.collect())
}

/// Rec. 709 luma, as for real covers.
fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Few tones and the lines between them, as real covers are drawn, on a finer grid so that the lines
/// are thin.
fn drawn(pixels: &[[f32; 3]]) -> ColorImage {
    const FINER: usize = 6;
    let [width, height] = SIZE.map(|side| side * FINER);
    let at = |x: usize, y: usize| {
        let (fx, fy) = (x as f32 / FINER as f32, y as f32 / FINER as f32);
        let (x0, y0) = (fx as usize, fy as usize);
        let (x1, y1) = ((x0 + 1).min(SIZE[0] - 1), (y0 + 1).min(SIZE[1] - 1));
        let (sx, sy) = (fx - x0 as f32, fy - y0 as f32);
        let of = |x: usize, y: usize| luma(pixels[y * SIZE[0] + x]);
        let upper = of(x0, y0) * (1.0 - sx) + of(x1, y0) * sx;
        let lower = of(x0, y1) * (1.0 - sx) + of(x1, y1) * sx;
        (upper * (1.0 - sy) + lower * sy) as usize
    };
    let tone = |x: usize, y: usize| SketchTones::of(at(x, y).min(255) as u8);
    let mut drawn = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let (right, below) = ((x + 1).min(width - 1), (y + 1).min(height - 1));
            let turns = tone(right, y) != tone(x, y) || tone(x, below) != tone(x, y);
            drawn.push(Color32::from_gray(if turns {
                SketchTones::LINE
            } else {
                tone(x, y)
            }));
        }
    }
    ColorImage::new([width, height], drawn)
}

/// A slope, a disc, a bar and a checker.
fn generated() -> Vec<[f32; 3]> {
    let [width, height] = SIZE;
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let disc = (x as f32 - 20.0).hypot(y as f32 - 20.0) < 11.0;
            let checker = (40..58).contains(&x) && (6..24).contains(&y);
            let bar = (36..62).contains(&x) && (29..33).contains(&y);
            pixels.push(match (disc, checker, bar) {
                (true, ..) => [214.0, 120.0, 66.0],
                (_, true, _) if (x / 3 + y / 3) % 2 == 0 => [240.0, 240.0, 236.0],
                (_, true, _) => [38.0, 60.0, 120.0],
                (_, _, true) => [70.0, 160.0, 110.0],
                _ => [60.0 + x as f32 * 1.4, 80.0 + y as f32 * 2.0, 130.0],
            });
        }
    }
    pixels
}

/// One direction of a Gaussian blur; `stride` 1 goes along rows, the width down columns.
fn blurred(pixels: &[[f32; 3]], sigma: f32, stride: usize) -> Vec<[f32; 3]> {
    let [width, height] = SIZE;
    let reach = (sigma * 3.0).ceil() as isize;
    let weights: Vec<f32> = (-reach..=reach)
        .map(|d| (-((d * d) as f32) / (2.0 * sigma * sigma)).exp())
        .collect();
    let sum: f32 = weights.iter().sum();
    let (len, along_rows) = if stride == 1 {
        (width, true)
    } else {
        (height, false)
    };
    (0..pixels.len())
        .map(|at| {
            let place = if along_rows { at % width } else { at / width } as isize;
            let mut out = [0.0; 3];
            for (d, weight) in (-reach..=reach).zip(&weights) {
                let other = (place + d).clamp(0, len as isize - 1);
                let other = at as isize + (other - place) * stride as isize;
                for (sum, part) in out.iter_mut().zip(pixels[other as usize]) {
                    *sum += weight * part;
                }
            }
            out.map(|part| part / sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_COLOUR: CoverStyle = CoverStyle {
        grey: false,
        sketch: false,
    };

    #[test]
    fn a_sketch_has_few_tones() {
        let style = CoverStyle {
            sketch: true,
            ..IN_COLOUR
        };
        let tones: std::collections::BTreeSet<u8> = covered(CoverStep::Normal, style)
            .pixels
            .iter()
            .map(|pixel| pixel.g())
            .collect();
        assert!((3..=6).contains(&tones.len()), "{tones:?}");
    }

    fn contrast(image: &ColorImage) -> u64 {
        let rows = image.pixels.windows(2);
        rows.map(|pair| u64::from(pair[0].g().abs_diff(pair[1].g())))
            .sum()
    }

    #[test]
    fn a_stronger_cover_shows_less_and_a_grey_one_has_no_colour() {
        let of = |step| contrast(&covered(step, CoverStyle::default()));
        assert!(of(CoverStep::Strong) < of(CoverStep::Normal));
        assert!(of(CoverStep::Normal) < of(CoverStep::Weak));
        let is_grey = |pixel: &Color32| pixel.r() == pixel.g() && pixel.g() == pixel.b();
        assert!(
            covered(CoverStep::Weak, CoverStyle::default())
                .pixels
                .iter()
                .all(is_grey)
        );
        assert!(
            !covered(CoverStep::Weak, IN_COLOUR)
                .pixels
                .iter()
                .all(is_grey)
        );
    }
}
