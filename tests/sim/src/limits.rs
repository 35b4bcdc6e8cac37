//! Named figures of a world. Times are simulated milliseconds unless said otherwise.

/// When every world begins: 2026-03-02, 09:00 UTC, a Monday morning.
pub const BEGIN_UTC_MS: i64 = 1_772_442_000_000;
/// Fewest and most desks.
pub const DESKS: (u64, u64) = (2, 5);
/// Items at the beginning.
pub const ITEMS: (u64, u64) = (30, 120);
/// Length of the time in which faults happen.
pub const SAFETY_MS: (u64, u64) = (150_000, 420_000);
/// Time in which everything that was decided must reach its end once faults are over.
pub const DRAIN_MS: u64 = 240_000;
/// Time in which everything held must be given back once all shifts are over.
pub const GIVE_BACK_MS: u64 = 90_000;
/// Longest way of a request or an answer.
pub const WAY_MS: u64 = 900;
/// Longest time after which a caller gives up on an answer.
pub const GIVE_UP_MS: u64 = 20_000;
/// Time between two ticks of a desk at the most; a real one has at most half a second.
pub const TICK_MS_MAX: u64 = 1_500;
/// Time between two acts of a moderator.
pub const ACT_MS: (u64, u64) = (150, 2_500);
/// Time between two blows to the world.
pub const BLOW_MS: (u64, u64) = (800, 9_000);
/// How long a machine sleeps.
pub const SLEEP_MS: (u64, u64) = (1_000, 180_000);
/// Steps of the trace that are kept for a failure.
pub const TRACE_STEPS: usize = 120;
/// An urgent escalation may be unconfirmed and unsaid for this long: the desk's own minute, and what
/// the coarse ticks of a world add.
pub const UNSAID_MS_MAX: u64 = 60_000 + 5_000;
/// Largest answer of the server, in bytes.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Seeds of `./dev sim`.
pub const SEEDS: u64 = 1_000;
