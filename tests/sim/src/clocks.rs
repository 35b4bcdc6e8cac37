//! Time: one truth, and machines whose clocks say something else.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use scrim_model::{Now, Timestamp};
use scrim_runtime::Clock;

use crate::limits::BEGIN_UTC_MS;
use crate::shared::open;

/// True time since the world began, in milliseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct TrueTime(Arc<AtomicU64>);

impl TrueTime {
    pub(crate) fn ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, ms: u64) {
        self.0.store(ms, Ordering::Relaxed);
    }

    pub(crate) fn utc(&self) -> Timestamp {
        Timestamp(BEGIN_UTC_MS.saturating_add_unsigned(self.ms()))
    }
}

/// The server's clock is right.
impl scrim_server::clock::Clock for TrueTime {
    fn now(&self) -> Timestamp {
        self.utc()
    }
}

/// What a machine's clocks say.
#[derive(Debug)]
struct Says {
    /// True time at the start of the machine.
    booted_ms: u64,
    boots: u64,
    slept_ms: u64,
    /// The wall less the truth.
    wall_off_ms: i64,
}

/// Clocks of one machine.
#[derive(Debug, Clone)]
pub(crate) struct MachineClock {
    truth: TrueTime,
    says: Arc<Mutex<Says>>,
}

/// Milliseconds on every machine's clocks when the world begins.
const UP_MS: u64 = 60_000;

impl MachineClock {
    pub(crate) fn new(truth: &TrueTime, wall_off_ms: i64) -> Self {
        Self {
            truth: truth.clone(),
            says: Arc::new(Mutex::new(Says {
                booted_ms: truth.ms(),
                boots: 0,
                slept_ms: 0,
                wall_off_ms,
            })),
        }
    }

    /// The machine slept for so long until now.
    pub(crate) fn slept(&self, ms: u64) {
        open(&self.says).slept_ms += ms;
    }

    /// Somebody sets the wall.
    pub(crate) fn set_wall(&self, off_ms: i64) {
        open(&self.says).wall_off_ms = off_ms;
    }

    /// The machine is started anew.
    pub(crate) fn reboot(&self) {
        let mut says = open(&self.says);
        says.booted_ms = self.truth.ms();
        says.slept_ms = 0;
        says.boots += 1;
    }
}

impl Clock for MachineClock {
    fn now(&self) -> Now {
        let says = open(&self.says);
        let true_ms = self.truth.ms();
        let boot_ms = UP_MS + (true_ms - says.booted_ms);
        Now {
            awake_ms: boot_ms - says.slept_ms,
            boot_ms,
            utc_ms: self.truth.utc().0 + says.wall_off_ms,
            offset_s: 0,
        }
    }

    fn boot_id(&self) -> String {
        format!("boot-{}", open(&self.says).boots)
    }
}
