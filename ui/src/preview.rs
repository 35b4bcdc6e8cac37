//! A generated picture under a cover, for the settings page. Nothing of any item is in it.

use egui::{Color32, ColorImage};
use scrim_model::view::CoverStep;

/// Size of the picture, in pixels: as small as a real cover's own source.
const SIZE: [usize; 2] = [64, 40];

/// The picture under a cover of `step`, with or without colour.
pub(crate) fn covered(step: CoverStep, grey: bool) -> ColorImage {
    let mut pixels = generated();
    let sigma = f32::from(step.sigma_per_mille()) / 1_000.0 * SIZE[0] as f32;
    pixels = blurred(&pixels, sigma, 1);
    pixels = blurred(&pixels, sigma, SIZE[0]);
    let colours = pixels.into_iter().map(|[r, g, b]| {
        // Rec. 709 luma, as for real covers.
        let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let [r, g, b] = if grey { [luma; 3] } else { [r, g, b] };
        Color32::from_rgb(r.round() as u8, g.round() as u8, b.round() as u8)
    });
    ColorImage::new(SIZE, colours.collect())
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

    fn contrast(image: &ColorImage) -> u64 {
        let rows = image.pixels.windows(2);
        rows.map(|pair| u64::from(pair[0].g().abs_diff(pair[1].g())))
            .sum()
    }

    #[test]
    fn a_stronger_cover_shows_less_and_a_grey_one_has_no_colour() {
        let of = |step| contrast(&covered(step, true));
        assert!(of(CoverStep::Strong) < of(CoverStep::Normal));
        assert!(of(CoverStep::Normal) < of(CoverStep::Weak));
        let is_grey = |pixel: &Color32| pixel.r() == pixel.g() && pixel.g() == pixel.b();
        assert!(covered(CoverStep::Weak, true).pixels.iter().all(is_grey));
        assert!(!covered(CoverStep::Weak, false).pixels.iter().all(is_grey));
    }
}
