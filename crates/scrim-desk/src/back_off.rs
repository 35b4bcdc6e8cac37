//! How long to wait after a call failed.

use crate::limits::{BACKOFF_FIRST_MS, BACKOFF_MAX_MS};

/// Exponential with full jitter, capped, never shorter than the server asked for. A floor keeps the
/// luckiest jitter from asking again at once.
pub(crate) fn back_off_ms(failures: u32, jitter: u16, after_s: Option<u32>) -> u64 {
    let ceiling = BACKOFF_FIRST_MS
        .saturating_mul(1 << failures.min(10))
        .min(BACKOFF_MAX_MS);
    let jittered = (ceiling * u64::from(jitter) / u64::from(u16::MAX)).max(BACKOFF_FIRST_MS / 2);
    let asked = after_s.map_or(0, |s| u64::from(s.min(3600)) * 1000);
    jittered.max(asked)
}
