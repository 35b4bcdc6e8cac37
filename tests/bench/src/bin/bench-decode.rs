//! From the bytes of a picture to what is shown of it, in this process. The peer is a Python package, so the two take turns
//! by lines: each names a file and a job.

use std::io::BufRead;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use rustix::time::{ClockId, clock_gettime};
use scrim_bench::{Outcome, drawn, say};
use scrim_decode::decode::decode;
use scrim_wire::worker::{JobKind, JobLimits};
use serde::Serialize;

#[derive(Parser)]
struct Options {
    /// Where the pictures are left for both: two JPEGs of 12 megapixels and a PNG of 2.
    #[arg(long)]
    folder: PathBuf,
}

#[derive(Serialize)]
struct Figure {
    /// Milliseconds of processor time.
    took: f64,
    /// Milliseconds on the clock, with what other work on the machine took from it.
    wall: f64,
    size: (u32, u32),
}

fn jpeg(progressive: bool) -> Outcome<Vec<u8>> {
    let (width, height) = (4_000_u32, 3_000_u32);
    let mut compressor = turbojpeg::Compressor::new()?;
    compressor.set_quality(85)?;
    compressor.set_subsamp(turbojpeg::Subsamp::Sub2x2)?;
    compressor.set_progressive(progressive)?;
    Ok(compressor.compress_to_vec(turbojpeg::Image {
        pixels: drawn(width, height).as_slice(),
        width: width as usize,
        pitch: width as usize * 3,
        height: height as usize,
        format: turbojpeg::PixelFormat::RGB,
    })?)
}

fn png() -> Outcome<Vec<u8>> {
    let (width, height) = (1_920, 1_080);
    let mut file = Vec::new();
    // As usual programs write it; the fastest way would store the pixels as they are.
    PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive)
        .write_image(
            &drawn(width, height),
            width,
            height,
            ExtendedColorType::Rgb8,
        )?;
    Ok(file)
}

/// A covered preview as a desk shows it first, or the clear picture in the box of a usual screen.
fn job(named: &str) -> Outcome<JobKind> {
    match named {
        "cover" => Ok(JobKind::Cover {
            sigma_per_mille: 25,
            grey: true,
            sketch: false,
        }),
        "fit" => Ok(JobKind::Fit {
            max_width: 1_920,
            max_height: 1_080,
        }),
        other => Err(format!("{other} is no job").into()),
    }
}

/// Seconds of this process so far.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn main() -> Outcome<()> {
    let folder = Options::parse().folder;
    for (name, bytes) in [
        ("baseline.jpg", jpeg(false)?),
        ("progressive.jpg", jpeg(true)?),
        ("picture.png", png()?),
    ] {
        std::fs::write(folder.join(name), bytes)?;
    }
    say(&"written")?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (name, named) = line.split_once(' ').ok_or("a file and a job")?;
        let (bytes, kind) = (std::fs::read(folder.join(name))?, job(named)?);
        let (began, before) = (Instant::now(), processor_time());
        let (info, pixels) = decode(&bytes, kind, JobLimits::default())?;
        let (took, wall) = (processor_time() - before, began.elapsed().as_secs_f64());
        std::hint::black_box(&pixels);
        say(&Figure {
            took: took * 1_000.0,
            wall: wall * 1_000.0,
            size: (info.width, info.height),
        })?;
    }
    Ok(())
}
