//! Where time and newness come from. The heart itself has neither.

use rand::RngCore;
use rustix::time::{ClockId, clock_gettime};
use scrim_desk::{Fresh, Now};

/// All clocks of a machine.
pub trait Clock: Send {
    /// One reading.
    fn now(&self) -> Now;
    /// A text that changes with every start of the machine.
    fn boot_id(&self) -> String;
}

/// Ids, jitter and salts.
pub trait Randomness: Send {
    /// For one step of the heart.
    fn fresh(&mut self) -> Fresh;
    /// One UUIDv7.
    fn id(&mut self) -> String;
    /// 32 random bytes.
    fn salt(&mut self) -> [u8; 32];
}

/// This machine's clocks.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let utc = jiff::Timestamp::now();
        Now {
            awake_ms: millis(ClockId::Monotonic),
            boot_ms: millis(ClockId::Boottime),
            utc_ms: utc.as_millisecond(),
            offset_s: jiff::tz::TimeZone::system().to_offset(utc).seconds(),
        }
    }

    fn boot_id(&self) -> String {
        // Linux only. Without it every start counts as a new boot, and the wall clock is used.
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
    }
}

fn millis(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec.unsigned_abs() * 1000 + time.tv_nsec.unsigned_abs() / 1_000_000
}

/// The system's random source.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fresh(&mut self) -> Fresh {
        let jitter = u16::try_from(rand::rng().next_u32() & 0xffff).expect("16 bits fit");
        Fresh::new(std::array::from_fn(|_| self.id()), jitter)
    }

    fn id(&mut self) -> String {
        uuid::Uuid::now_v7().to_string()
    }

    fn salt(&mut self) -> [u8; 32] {
        let mut salt = [0; 32];
        rand::rng().fill_bytes(&mut salt);
        salt
    }
}
