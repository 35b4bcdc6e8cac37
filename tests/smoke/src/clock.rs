//! A clock that only the journey turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use scrim_desk::Now;
use scrim_runtime::{Clock, SystemClock};

/// Milliseconds since the journey began. The wall clock stays the machine's own, because the server
/// is another process and has it too.
#[derive(Debug, Clone, Default)]
pub(crate) struct TurnedClock(Arc<AtomicU64>);

impl TurnedClock {
    pub(crate) fn turn(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn ms(&self) -> u64 {
        10_000 + self.0.load(Ordering::Relaxed)
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Now {
        let wall = SystemClock.now();
        Now {
            awake_ms: self.ms(),
            boot_ms: self.ms(),
            ..wall
        }
    }

    fn boot_id(&self) -> String {
        "turned-by-hand".to_owned()
    }
}
