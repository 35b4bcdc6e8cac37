//! Named limits of what crosses a boundary.

/// Largest JSON answer that a desk reads from a queue server, in bytes.
pub const ANSWER_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Most claims that one call may ask for.
pub const CLAIMS_MAX: usize = 20;
/// Most decisions in one call.
pub const DECISIONS_MAX: usize = 50;
/// Most queues that a desk lists.
pub const QUEUES_MAX: usize = 200;
/// Longest message of a server's error that is shown, in characters.
pub const MESSAGE_CHARS_MAX: usize = 300;
