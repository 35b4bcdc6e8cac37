//! A clock that only the journey turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use scrim_desk::Now;
use scrim_runtime::{Clock, SystemClock};

/// Milliseconds since the journey began. The wall clock stays the machine's own, because the server
/// is another process and has it too.
#[derive(Debug, Clone)]
pub(crate) struct TurnedClock {
    turned: Arc<AtomicU64>,
    /// The wall, while it is stopped; otherwise 0.
    wall: Arc<AtomicI64>,
    /// Of the place's time while the wall goes on: it stays, also if midnight comes meanwhile.
    offset_s: i32,
}

impl Default for TurnedClock {
    fn default() -> Self {
        Self {
            turned: Arc::default(),
            wall: Arc::default(),
            offset_s: offset_s(SystemClock.now().utc_ms),
        }
    }
}

impl TurnedClock {
    pub(crate) fn turn(&self, ms: u64) {
        self.turned.fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn ms(&self) -> u64 {
        10_000 + self.turned.load(Ordering::Relaxed)
    }

    /// Stops the wall at an instant, UTC, or lets it go on.
    pub(crate) fn stop_wall(&self, at_ms: Option<i64>) {
        self.wall.store(at_ms.unwrap_or(0), Ordering::Relaxed);
    }

    pub(crate) fn utc_ms(&self) -> i64 {
        self.place().0
    }

    /// The instant and the offset of the place's time.
    fn place(&self) -> (i64, i32) {
        match self.wall.load(Ordering::Relaxed) {
            0 => (SystemClock.now().utc_ms, self.offset_s),
            stopped => (stopped, offset_s(stopped)),
        }
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Now {
        let (utc_ms, offset_s) = self.place();
        Now {
            awake_ms: self.ms(),
            boot_ms: self.ms(),
            utc_ms,
            offset_s,
        }
    }

    fn boot_id(&self) -> String {
        "turned-by-hand".to_owned()
    }
}

/// It is half an hour after midnight where the journey begins, or the wall is stopped: no day ends in it.
fn offset_s(utc_ms: i64) -> i32 {
    let since_midnight_s = utc_ms.rem_euclid(86_400_000) / 1_000;
    1_800 - i32::try_from(since_midnight_s).expect("seconds of a day")
}
