//! The exports' named limits.

/// From this severity on no export of a desk holds a handle time: a desk's export is one person's,
/// and nobody is to be measured by the time that grave items take.
pub const HANDLE_TIME_SEVERITY: u8 = 3;
/// Names tried for the temporary file beside an export before giving up.
pub const TEMPORARY_NAMES_MAX: u32 = 100;
