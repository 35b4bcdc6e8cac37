//! The seam through which the server learns the time.

use std::time::{SystemTime, UNIX_EPOCH};

use scrim_model::Timestamp;

/// Tells the time. Leases, ages and receipts depend on nothing else.
pub trait Clock: Send + Sync + 'static {
    /// The instant on the wall, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock before 1970 is pinned to the epoch: every lease then simply counts from there.
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
