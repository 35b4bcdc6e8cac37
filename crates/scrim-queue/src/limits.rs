//! Named limits of a conversation with a queue server.

use std::time::Duration;

/// Longest time for a call without media, from first byte sent to last byte read.
pub const CALL_TIME_MAX: Duration = Duration::from_secs(20);
/// Longest time for the bytes of one medium.
pub const MEDIUM_TIME_MAX: Duration = Duration::from_secs(60);
/// Longest time for a connection to be made.
pub const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// Largest set of answer headers, in bytes.
pub const HEADER_BYTES_MAX: usize = 32 * 1024;
