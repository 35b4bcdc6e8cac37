//! The real pool, media of samples, and what a clear frame tells of itself.

use std::path::PathBuf;
use std::time::Duration;

use scrim_media::{Medium, Pool, PoolSettings, Rejection, RevealProof, Sheet};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::moving::grey_of;

/// A worker without optimization, on a machine that does much else, takes its time; only tests that measure it have the
/// deadline of a desk.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn worker() -> PathBuf {
    env!("CARGO_BIN_EXE_scrim-decode-av").into()
}

pub(crate) fn pool() -> Pool {
    Pool::new(PoolSettings {
        moving_worker: worker(),
        deadline: PATIENCE,
        ..PoolSettings::new("/nowhere/scrim-decode".into())
    })
}

pub(crate) fn medium(bytes: &[u8]) -> Medium {
    Medium::copy(bytes).unwrap()
}

pub(crate) fn sheet(pool: &Pool, bytes: &[u8]) -> Result<Sheet, Rejection> {
    pool.sheet(&medium(bytes), 9, CoverStep::Normal, CoverStyle::default())
}

/// When a frame begins, and the next.
pub(crate) type Times = (u32, Option<u32>);

pub(crate) fn clear(
    pool: &Pool,
    bytes: &[u8],
    at_ms: u32,
    within: (u32, u32),
) -> Result<(Times, Vec<u8>), Rejection> {
    let still = pool.fit_at(&medium(bytes), at_ms, within)?;
    let clear = still.picture.reveal(RevealProof::from_durable("reveal-1"));
    let pixels = clear.bytes().unwrap().to_vec();
    clear.wipe();
    Ok(((still.at_ms, still.next_ms), pixels))
}

/// Whether this is the pattern's frame of that number, 320 pixels wide: the square at its top left tells it.
pub(crate) fn is_frame(pixels: &[u8], number: u32) -> bool {
    let inside = (10..50).flat_map(|y| (10..50).map(move |x| (y * 320 + x) * 4));
    let (sum, count) = inside.fold((0_u32, 0), |(sum, count), at| {
        (sum + u32::from(pixels[at + 1]), count + 1)
    });
    (sum / count).abs_diff(grey_of(number).into()) <= 8
}
