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
/// Longest question to a colleague, and its answer, in characters.
pub const CONSULT_CHARS_MAX: usize = 1_000;
/// Most questions in one answer.
pub const CONSULTS_LISTED_MAX: usize = 100;
/// Most weeks in the exposure view.
pub const EXPOSURE_WEEKS_MAX: usize = 10;
/// Records behind a row of the lead's view that are on one page.
pub const TEAM_RECORDS_PAGE: u64 = 50;
