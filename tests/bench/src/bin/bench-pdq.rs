//! The perceptual hash of 12 megapixels that are decoded already. The peer is a Python package, so
//! the two take turns by lines: each line on standard input asks for one hash.

use std::io::BufRead;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use scrim_bench::{Outcome, drawn, say};
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

fn main() -> Outcome<()> {
    let options = Options::parse();
    let bytes = drawn(WIDTH, HEIGHT);
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
