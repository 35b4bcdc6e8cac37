//! The perceptual hash of 12 megapixels that are decoded already. The peer is a Python package, so
//! the two take turns by lines: each line on standard input asks for one hash.

use std::io::BufRead;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use scrim_bench::{Outcome, say};
use scrim_decode::pdq::pdq;
use scrim_decode::pixels::{Layout, Pixels};
use serde::Serialize;

/// A usual photograph's size.
const WIDTH: u32 = 4_000;
const HEIGHT: u32 = 3_000;

#[derive(Parser)]
struct Options {
    /// Where the pixels are left for the peer: rows of red, green and blue.
    #[arg(long)]
    pixels: PathBuf,
}

#[derive(Serialize)]
struct Figure {
    /// Milliseconds.
    took: f64,
    hash: String,
    quality: u8,
}

/// Soft slopes, edges and grain.
fn drawn() -> Vec<u8> {
    let mut grain = 1_u32;
    let mut bytes = Vec::with_capacity(WIDTH as usize * HEIGHT as usize * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let edge = u32::from((x / 400 + y / 300) % 3 == 0) * 70;
            for slope in [
                x * 90 / WIDTH,
                y * 90 / HEIGHT,
                (x + y) * 90 / (WIDTH + HEIGHT),
            ] {
                grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bytes.push((slope + edge + grain % 0x1000_0000 / 0x40_0000) as u8);
            }
        }
    }
    bytes
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let bytes = drawn();
    std::fs::write(&options.pixels, &bytes)?;
    let pixels = Pixels::new(WIDTH, HEIGHT, Layout::Rgb, bytes)?;
    say(&(WIDTH, HEIGHT))?;
    for line in std::io::stdin().lock().lines() {
        line?;
        let began = Instant::now();
        let hashed = pdq(&pixels);
        let took = began.elapsed().as_secs_f64() * 1_000.0;
        say(&Figure {
            took,
            hash: hashed.hash.to_string(),
            quality: hashed.quality,
        })?;
    }
    Ok(())
}
