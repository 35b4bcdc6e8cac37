//! 6,000 damaged pictures, 500 of each kind of file, through the real pool, each in a real worker: every one is shown or refused with a
//! reason in time, no worker crashes or lies, and this process keeps its size.
//!
//! A share for each format, so that the runner can take several at once. A program for other media adds tests like these
//! beside its own: `scrim_samples::mutate::mutated` knows no format.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use scrim_media::{Medium, Pool, PoolSettings, Rejection};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::mutate::mutated;
use scrim_samples::stills::{self, avif};

/// Files of each share; twelve shares.
const FILES: u64 = 500;
/// What a moderator waits for at most.
const IN_TIME: Duration = Duration::from_secs(5);
/// This process may grow by so much: the marks of workers and failures, and what the allocator keeps.
const GROWN_KIB_MAX: u64 = 32 * 1024;

/// Cover, clear picture and hashes in turn; the reason if it was refused.
fn tried(pool: &Pool, medium: &Medium, turn: u64) -> Result<(), Rejection> {
    match turn % 3 {
        0 => pool
            .cover(medium, CoverStep::Normal, CoverStyle::default())
            .map(drop),
        1 => pool.fit(medium, 200, 200).map(drop),
        _ => pool.hashes(medium)?.picture.map(drop),
    }
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn share(name: &str, number: u64, file: &[u8]) {
    let pool = Pool::new(PoolSettings::new(env!("CARGO_BIN_EXE_scrim-decode").into()));
    let other = stills::png(31, 17);
    let (mut shown, mut refused) = (0, 0);
    let mut before = 0;
    for turn in 0..FILES {
        let medium = Medium::take(mutated(file, &other, number * 10_000 + turn)).unwrap();
        let mut began = Instant::now();
        let mut outcome = tried(&pool, &medium, turn);
        if began.elapsed() >= IN_TIME {
            // The machine may have done something else meanwhile: a file that takes long takes long twice.
            began = Instant::now();
            outcome = tried(&pool, &medium, turn);
        }
        assert!(began.elapsed() < IN_TIME, "{name} {turn} took too long");
        match outcome {
            Ok(()) => shown += 1,
            Err(
                Rejection::Truncated
                | Rejection::Unsupported
                | Rejection::TooLarge
                | Rejection::Malformed
                | Rejection::MemoryExceeded,
            ) => refused += 1,
            Err(why) => panic!("{name} {turn}: {why:?}"),
        }
        if turn == 20 {
            before = resident_kib();
        }
    }
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < GROWN_KIB_MAX, "{name}: {grown} KiB");
    // Damage that is always noticed, or never, would test little.
    assert!(
        refused > FILES / 10,
        "{name}: {shown} shown, {refused} refused"
    );
    assert!(shown > 0, "{name}: {shown} shown, {refused} refused");
}

#[test]
fn baseline_jpeg() {
    share("baseline JPEG", 1, &stills::jpeg(48, 40, false));
}

#[test]
fn progressive_jpeg() {
    share("progressive JPEG", 2, &stills::jpeg(48, 40, true));
}

/// Wide enough for a cover from the means of its blocks.
#[test]
fn wide_jpeg() {
    share("wide JPEG", 11, &stills::jpeg(520, 24, false));
}

#[test]
fn wide_progressive_jpeg() {
    share("wide progressive JPEG", 12, &stills::jpeg(520, 24, true));
}

#[test]
fn jpeg_of_inks() {
    share("JPEG of inks", 3, &stills::inked_jpeg(48, 40));
}

#[test]
fn turned_jpeg() {
    share("turned JPEG", 4, &stills::turned_jpeg(48, 40, 6));
}

#[test]
fn png() {
    share("PNG", 5, &stills::png(48, 40));
}

#[test]
fn webp() {
    share("WebP", 6, &stills::webp(48, 40));
}

#[test]
fn gif() {
    share("GIF", 7, &stills::gif(48, 40));
}

#[test]
fn bmp() {
    share("BMP", 8, &stills::bmp(48, 40));
}

#[test]
fn tiff() {
    share("TIFF", 9, &stills::tiff(48, 40));
}

#[test]
fn avif() {
    share("AVIF", 10, &avif::avif(avif::still(48, 40)));
}
