//! Named limits of the console.

use std::time::Duration;

/// Longest token that is read, in bytes.
pub(crate) const TOKEN_BYTES_MAX: u64 = 4096;
/// Longest wait for the demo's server to say where it listens.
pub(crate) const SERVER_START_MAX: Duration = Duration::from_secs(20);
/// Longest wait for a process to end after it was asked to.
pub(crate) const STOP_WAIT_MAX: Duration = Duration::from_secs(10);
/// Longest line that is read of a program that was started, in bytes.
pub(crate) const LINE_BYTES_MAX: u64 = 1024;
/// A clock that is further off than this is worth a word, in milliseconds.
pub(crate) const SKEW_MS_MAX: i64 = 60_000;
/// Most items of a demo.
pub(crate) const DEMO_ITEMS_MAX: i64 = 100_000;
/// Longest passphrase, in bytes.
pub(crate) const PASSPHRASE_BYTES_MAX: u64 = 1024;
/// Shortest new passphrase, in characters.
pub(crate) const PASSPHRASE_CHARS_MIN: usize = 10;
/// An export that takes longer says how far it is.
pub(crate) const PROGRESS_AFTER: Duration = Duration::from_millis(500);
/// Largest file of a platform that is read, in bytes.
pub(crate) const PLATFORM_FILE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Rows of a long table between two looks at how far it is.
pub(crate) const PROGRESS_STEP: usize = 10_000;
