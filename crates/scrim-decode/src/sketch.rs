//! A cover as a drawing: few tones and the lines between them, in place of a soft blur.
//!
//! It is made from the finished cover and from nothing else, so it cannot hold anything that the
//! cover does not: the lines are where the cover itself turns from one tone to the next. No model,
//! no learning; drawing-style filters for reviewers are described in arXiv 2307.10334.

use scrim_wire::worker::{Rejection, SketchTones};

use crate::pixels::{Layout, Pixels};

/// The drawing of a finished cover (RGBA), of the same size, grey and opaque.
pub fn sketch(cover: &Pixels) -> Result<Pixels, Rejection> {
    let (width, height) = (cover.width as usize, cover.height as usize);
    let luma: Vec<u8> = cover
        .bytes
        .chunks_exact(cover.layout.bytes())
        .map(luma)
        .collect();
    let tone = |at: usize| SketchTones::of(luma[at]);
    let mut bytes = Vec::with_capacity(luma.len());
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let right = at + usize::from(x + 1 < width);
            let below = at + if y + 1 < height { width } else { 0 };
            let turns = |other: usize| tone(other) != tone(at);
            bytes.push(if turns(right) || turns(below) {
                SketchTones::LINE
            } else {
                tone(at)
            });
        }
    }
    Pixels::new(cover.width, cover.height, Layout::Grey, bytes).map(Pixels::into_opaque)
}

/// ITU-R BT.709 luma of one pixel on the encoded values.
fn luma(pixel: &[u8]) -> u8 {
    match *pixel {
        [red, green, blue, ..] => {
            let sum = 2_126 * u32::from(red) + 7_152 * u32::from(green) + 722 * u32::from(blue);
            // The weights add up to 10,000, so the quotient is at most 255.
            (sum / 10_000) as u8
        }
        [grey, ..] => grey,
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeSet;

    use image::metadata::Orientation;

    use super::*;
    use crate::cover::cover;

    fn pixels(width: u32, height: u32, of: impl Fn(u32, u32) -> u8) -> Pixels {
        let bytes = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| of(x, y))
            .collect();
        Pixels::new(width, height, Layout::Grey, bytes).unwrap()
    }

    fn covered(picture: &Pixels, sigma: u16) -> Pixels {
        let shape = (picture.width, picture.height);
        cover(picture, shape, Orientation::NoTransforms, sigma, true).unwrap()
    }

    #[test]
    fn it_has_few_tones_is_grey_and_opaque() {
        let slope = pixels(800, 600, |x, y| ((x + y) / 6) as u8);
        let drawn = sketch(&covered(&slope, 25)).unwrap();
        let tones: BTreeSet<[u8; 4]> = drawn.bytes.as_chunks::<4>().0.iter().copied().collect();
        assert!(
            tones.len() <= SketchTones::TONES.len() + 1,
            "{}",
            tones.len()
        );
        let grey = |[r, g, b, a]: &[u8; 4]| r == g && g == b && *a == 255;
        assert!(tones.iter().all(grey));
        assert_eq!((drawn.width, drawn.height), (512, 384));
    }

    #[test]
    fn pictures_with_the_same_cover_have_the_same_sketch() {
        // A fine pattern and its mean: the cover tells nothing of the pattern, so neither may this.
        let fine = pixels(1_024, 768, |x, y| if (x + y) % 2 == 0 { 60 } else { 180 });
        let plain = pixels(1_024, 768, |_, _| 120);
        let [fine, plain] = [fine, plain].map(|picture| covered(&picture, 10));
        assert_eq!(fine.bytes, plain.bytes);
        assert_eq!(sketch(&fine).unwrap().bytes, sketch(&plain).unwrap().bytes);
    }

    #[test]
    fn an_edge_is_a_line_and_a_plain_area_is_none() {
        let halves = pixels(800, 600, |x, _| if x < 400 { 30 } else { 220 });
        let drawn = sketch(&covered(&halves, 25)).unwrap();
        let row = &drawn.bytes[200 * 512 * 4..][..512 * 4];
        let lines = row
            .chunks_exact(4)
            .filter(|pixel| pixel[0] == SketchTones::LINE)
            .count();
        assert!((1..=SketchTones::TONES.len()).contains(&lines), "{lines}");
        let plain = sketch(&covered(&pixels(800, 600, |_, _| 127), 25)).unwrap();
        assert!(
            plain
                .bytes
                .chunks_exact(4)
                .all(|pixel| pixel[0] != SketchTones::LINE)
        );
    }
}
