//! Pictures drawn in 32-bit integers that wrap, the same as those of `pdq_reference.py`.

use scrim_pdq::{Hashed, Layout};

/// A picture: rows from the top.
#[derive(Debug, Clone)]
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: Layout,
    pub(crate) bytes: Vec<u8>,
}

/// Its hash.
pub(crate) fn pdq(pixels: &Pixels) -> Hashed {
    scrim_pdq::pdq(pixels.width, pixels.height, pixels.layout, &pixels.bytes)
}

/// Ways to draw.
pub(crate) const KINDS: [&str; 10] = [
    "flat",
    "across",
    "slope",
    "noise",
    "grey-noise",
    "blocks",
    "rings",
    "waves",
    "checks",
    "mixed",
];

/// A 32-bit number that looks like no neighbour's.
fn stirred(value: u32) -> u32 {
    let value = (value ^ (value >> 16)).wrapping_mul(0x7feb_352d);
    let value = (value ^ (value >> 15)).wrapping_mul(0x846c_a68b);
    value ^ (value >> 16)
}

fn spot(x: u32, y: u32, salt: u32) -> u32 {
    stirred(stirred(stirred(x).wrapping_add(y)).wrapping_add(salt))
}

/// Up and down again, 0 to 255.
fn wave(at: u32, period: u32) -> u32 {
    let phase = at % period * 510 / period;
    if phase > 255 { 510 - phase } else { phase }
}

struct Brush {
    width: u32,
    height: u32,
    seed: u32,
    size: u32,
}

impl Brush {
    /// One channel of a pixel, as a number whose lowest eight bits count.
    fn channel(&self, kind: &str, c: u32, x: u32, y: u32) -> u32 {
        let Self {
            width,
            height,
            seed,
            size,
        } = *self;
        let own = seed.wrapping_mul(3).wrapping_add(c);
        match kind {
            "flat" => spot(0, 0, own),
            "across" => x * 255 / width,
            "slope" => (x * (c + 1) + y * (3 - c)) * 64 / (width + height),
            "noise" => spot(x, y, own),
            "grey-noise" => spot(x, y, seed),
            "blocks" => spot(x / size, y / size, own),
            "rings" => {
                let dx = x.wrapping_sub(width / 3);
                let dy = y.wrapping_sub(height / 2);
                let square = dx.wrapping_mul(dx).wrapping_add(dy.wrapping_mul(dy));
                (square / (width * (c + 1))).wrapping_mul(size)
            }
            "waves" => (wave(x + y * (c + 1), size * 7) + wave(y * 2 + x / 3, size * 11)) / 2,
            "checks" => (x / size + y / size) % 2 * (60 + spot(0, 0, own) % 196),
            "mixed" => {
                let base = wave(x * (c + 1), width) / 2 + wave(y, size * 13) / 4;
                base + spot(x, y, own) % 32 + spot(x / (size * 5), y / (size * 5), seed) % 32
            }
            other => panic!("no such kind: {other}"),
        }
    }
}

/// A picture of three channels.
pub(crate) fn drawn(kind: &str, width: u32, height: u32, seed: u32) -> Pixels {
    let brush = Brush {
        width,
        height,
        seed,
        size: 3 + seed % 29,
    };
    let mut bytes = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            bytes.extend((0..3).map(|c| brush.channel(kind, c, x, y) as u8));
        }
    }
    Pixels {
        width,
        height,
        layout: Layout::Rgb,
        bytes,
    }
}
