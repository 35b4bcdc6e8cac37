//! The perceptual hash of pixels.
//!
//! Input: a byte for the layout, two for each side, then pixels, which are repeated or cut to fit.

use scrim_decode::pdq::pdq;
use scrim_decode::pixels::{Layout, Pixels};
use scrim_model::pdq::{PDQ_BITS, PDQ_QUALITY_MAX};

use super::{Shape, Target, class};

pub(super) const NAME: &str = "pixels-hash";
/// Every window begins and ends within this.
const SIDE_MAX: u16 = 260;
const LAYOUTS: [Layout; 5] = [
    Layout::Grey,
    Layout::GreyAlpha,
    Layout::Rgb,
    Layout::Rgba,
    Layout::Rgbx,
];

pub(super) struct PixelsHash;

fn picture(input: &[u8]) -> Option<Pixels> {
    let ([layout, a, b, c, d], colours) = input.split_first_chunk()?;
    let layout = LAYOUTS[usize::from(*layout) % LAYOUTS.len()];
    let side = |bytes| u32::from(u16::from_le_bytes(bytes) % SIDE_MAX + 1);
    let (width, height) = (side([*a, *b]), side([*c, *d]));
    let length = (width * height) as usize * layout.bytes();
    let bytes = colours.iter().copied().cycle().take(length);
    Pixels::new(width, height, layout, bytes.collect()).ok()
}

impl Target for PixelsHash {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let of = |layout: u8, width: u16, height: u16, colours: &[u8]| {
            let sides = [width - 1, height - 1].map(u16::to_le_bytes).concat();
            [&[layout], &sides[..], colours].concat()
        };
        let steps: Vec<u8> = (0..=255).collect();
        vec![
            of(0, 64, 64, &steps),
            of(1, 5, 5, &[9, 200, 3]),
            of(2, 4, 90, &steps),
            of(2, 129, 257, &[0, 0, 0, 255, 255, 255, 7]),
            of(3, 200, 150, &steps),
            of(4, 127, 6, &[5]),
            Vec::new(),
        ]
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let Some(picture) = picture(input) else {
            return class(b"no picture");
        };
        let found = pdq(&picture);
        let small = picture.width.min(picture.height) < 5;
        let ones = found
            .hash
            .bytes()
            .iter()
            .map(|b| b.count_ones())
            .sum::<u32>();
        assert!(found.quality <= PDQ_QUALITY_MAX);
        assert!(ones <= PDQ_BITS / 2, "no more than half is above a median");
        assert!(!small || (ones, found.quality) == (0, 0));
        assert_eq!(found.hash.to_string().parse(), Ok(found.hash));
        let what = (picture.layout, small, found.quality / 20, ones / 32);
        assert_eq!(
            pdq(&picture.into_opaque()),
            found,
            "the layout does not matter"
        );
        class(format!("{what:?}").as_bytes())
    }
}
