//! What counts as a failure, and how large things may become.

use std::time::Duration;

/// One input may take so much processor time.
pub const HANG_AFTER: Duration = Duration::from_secs(2);
/// One that does nothing at all has this long on the clock.
pub const STANDSTILL_AFTER: Duration = Duration::from_secs(60);
/// One input may add this much to the memory in use, in bytes.
pub const MEMORY_BYTES_MAX: usize = 256 * 1024 * 1024;
/// One allocation above this is refused outright, which ends the process and is a failure.
pub const ALLOCATION_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// Longest input that is tried, in bytes. The readers' own limits are reached by repeated rows.
pub const INPUT_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of inputs that are kept while a target runs.
pub const POOL_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Longest input that goes into the corpus of the repository, in bytes.
pub const CORPUS_INPUT_BYTES_MAX: usize = 4 * 1024;
/// Largest corpus of one target in the repository, in bytes.
pub const CORPUS_BYTES_MAX: usize = 30 * 1024;
/// Most inputs that are kept while a target runs.
pub const POOL_MAX: usize = 20_000;
/// Most changes that one input gets at once.
pub const STACKED_CHANGES_MAX: u64 = 6;
