#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

const STEPS: [u16; 3] = [10, 25, 50];

fn picture(width: u32, height: u32, value: impl Fn(u32, u32) -> [u8; 3]) -> Pixels {
    let bytes = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| value(x, y))
        .collect();
    Pixels::new(width, height, Layout::Rgb, bytes).unwrap()
}

/// Gradients, a disc and a bar.
fn shapes() -> Pixels {
    picture(256, 192, |x, y| {
        let (dx, dy) = (x as i32 - 90, y as i32 - 80);
        if dx * dx + dy * dy < 2500 {
            [240, 60, 30]
        } else if (180..200).contains(&x) {
            [10, 200, 250]
        } else {
            [(x / 2) as u8, (y / 2) as u8, 90]
        }
    })
}

fn shape(pixels: &Pixels) -> (u32, u32) {
    (pixels.width, pixels.height)
}

fn red(pixels: &Pixels) -> Vec<f64> {
    let step = pixels.layout.bytes();
    pixels
        .bytes
        .iter()
        .step_by(step)
        .map(|&b| f64::from(b))
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product = a.iter().zip(b).map(|(x, y)| (x - mean_a) * (y - mean_b));
    product.sum::<f64>() / a.len() as f64 / (variance(a) * variance(b)).sqrt()
}

/// The definition, written out: a 2-D Gaussian of the full picture, edges repeated, one axis after the other.
fn exact(values: &[f64], width: i32, height: i32, sigma: f64) -> Vec<f64> {
    let radius = (4.0 * sigma).ceil() as i32;
    let pass = |source: &[f64], dx: i32, dy: i32| -> Vec<f64> {
        (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| {
                let (mut sum, mut weights) = (0.0, 0.0);
                for at in -radius..=radius {
                    let weight = (-f64::from(at * at) / (2.0 * sigma * sigma)).exp();
                    let sx = (x + at * dx).clamp(0, width - 1);
                    let sy = (y + at * dy).clamp(0, height - 1);
                    sum += weight * source[(sy * width + sx) as usize];
                    weights += weight;
                }
                sum / weights
            })
            .collect()
    };
    pass(&pass(values, 1, 0), 0, 1)
}

/// Mean of each 2 × 2 block.
fn halved(values: &[f64], width: usize) -> Vec<f64> {
    let rows = values.len() / width;
    (0..rows / 2)
        .flat_map(|y| (0..width / 2).map(move |x| (2 * y) * width + 2 * x))
        .map(|at| (values[at] + values[at + 1] + values[at + width] + values[at + width + 1]) / 4.0)
        .collect()
}

#[test]
fn a_cover_follows_the_exact_gaussian() {
    let clear = shapes();
    for step in STEPS {
        let covered = cover(
            &clear,
            shape(&clear),
            Orientation::NoTransforms,
            step,
            false,
        )
        .unwrap();
        assert_eq!((covered.width, covered.height), (512, 384));
        let sigma = f64::from(step) / 1000.0 * 256.0;
        let expected = exact(&red(&clear), 256, 192, sigma);
        let got = halved(&red(&covered), 512);
        let correlation = correlation(&got, &expected);
        assert!(correlation >= 0.98, "step {step}: {correlation}");
        let differences = got.iter().zip(&expected).map(|(a, b)| (a - b).abs());
        let error = differences.sum::<f64>() / got.len() as f64;
        assert!(error <= 3.0, "step {step}: {error} grey levels on average");
    }
}

/// A Gaussian passes 2 % of the energy at 0.315 / σ cycles; that is the edge of a cover's band. A checkerboard whose
/// cells are finer than half a cycle of it has nothing to show below the edge but its mean, so all that is left of it
/// in the cover counts.
#[test]
fn a_checkerboard_above_the_band_is_gone() {
    for (step, cells) in [
        (10, [3, 7, 8, 12]),
        (25, [8, 15, 27, 32]),
        (50, [16, 33, 47, 64]),
    ] {
        for cell in cells {
            let clear = picture(1024, 768, |x, y| {
                [if (x / cell + y / cell) % 2 == 0 {
                    255
                } else {
                    0
                }; 3]
            });
            for grey in [false, true] {
                let covered =
                    cover(&clear, shape(&clear), Orientation::NoTransforms, step, grey).unwrap();
                let left = variance(&red(&covered)) / variance(&red(&clear));
                assert!(left <= 0.02, "step {step}, cell {cell}: {left} left");
            }
        }
    }
}

#[test]
fn stronger_steps_leave_less() {
    let clear = shapes();
    let left = STEPS.map(|step| {
        variance(&red(&cover(
            &clear,
            shape(&clear),
            Orientation::NoTransforms,
            step,
            true,
        )
        .unwrap()))
    });
    assert!(left[0] > left[1] && left[1] > left[2], "{left:?}");
}

#[test]
fn grey_is_rec_709_and_has_no_colour() {
    let clear = picture(64, 64, |_, _| [200, 100, 50]);
    let covered = cover(&clear, shape(&clear), Orientation::NoTransforms, 25, true).unwrap();
    // 0.2126 × 200 + 0.7152 × 100 + 0.0722 × 50 = 117.65
    let expected = [118, 118, 118, 255];
    assert!(covered.bytes.chunks_exact(4).all(|pixel| pixel == expected));
    let colour = cover(&clear, shape(&clear), Orientation::NoTransforms, 25, false).unwrap();
    let expected = [200, 100, 50, 255];
    assert!(colour.bytes.chunks_exact(4).all(|pixel| pixel == expected));
}

#[test]
fn every_shape_has_a_cover() {
    for (width, height, expected) in [
        (1, 1, (512, 512)),
        (2, 1, (512, 256)),
        (1, 700, (1, 512)),
        (3000, 2, (512, 1)),
        (64, 64, (512, 512)),
        (63, 20, (512, 163)),
    ] {
        let clear = picture(width, height, |x, y| [x as u8, y as u8, 7]);
        for grey in [false, true] {
            let covered =
                cover(&clear, shape(&clear), Orientation::NoTransforms, 10, grey).unwrap();
            assert_eq!((covered.width, covered.height), expected);
        }
    }
}

#[test]
fn covers_are_turned_upright() {
    // Left half dark; after a quarter turn clockwise the top half is.
    let clear = picture(128, 64, |x, _| [if x < 64 { 0 } else { 255 }; 3]);
    let covered = cover(&clear, shape(&clear), Orientation::Rotate90, 10, true).unwrap();
    assert_eq!((covered.width, covered.height), (256, 512));
    let values = red(&covered);
    assert!(values[256 * 20 + 128] < 10.0);
    assert!(values[256 * 490 + 128] > 245.0);
}

#[test]
fn too_weak_a_blur_is_no_cover() {
    for step in [0, 9, 201, u16::MAX] {
        let got = cover(&shapes(), (256, 192), Orientation::NoTransforms, step, true);
        assert_eq!(got.unwrap_err(), Rejection::BadAnswer);
    }
}
