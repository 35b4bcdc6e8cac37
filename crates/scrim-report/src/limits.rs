//! The exports' named limits.

/// Fewest decisions of which a document for others tells a time or a rate.
pub const GROUP_MIN: u64 = 5;
/// Names tried for what lies beside an export while it is written.
pub const TEMPORARY_NAMES_MAX: u32 = 100;
/// Lines of a sheet, its header included (Office Open XML's 1,048,576).
pub const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Narrowest column of a sheet, in characters.
pub const SHEET_COLUMN_WIDTH_MIN: u16 = 12;
/// Most days that the report draws one by one; longer periods are drawn by month.
pub const CHART_DAYS_MAX: i64 = 124;
/// Most bars of a chart; what is left is drawn as one.
pub const CHART_BARS_MAX: usize = 15;
/// Longest name beside a bar, in characters; the table has all of it.
pub const CHART_NAME_CHARS_MAX: usize = 26;
/// Most days of a team that are listed one by one with those without a decision.
pub const TEAM_DAYS_MAX: i64 = 400;
/// Largest log of exports, in bytes: tens of thousands of them.
pub const EXPORT_LOG_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest seal of that log, in bytes.
pub const EXPORT_SEAL_BYTES_MAX: u64 = 1024;
/// Most statements of one call to the DSA Transparency Database (its API v2).
pub const STATEMENTS_PER_BATCH: usize = 100;
