//! The store's named limits.

/// Database page, in bytes (SQLite's and SQLCipher's default, written down because the figures below rest on it).
pub const PAGE_BYTES: u32 = 4_096;
/// The write-ahead log is folded into the database after this many pages.
pub const WAL_PAGES: u32 = 1_000;
/// The write-ahead log is grown to about this many pages at the start and kept so: a commit that
/// does not change a file's length costs one write to the disk less. The surplus over
/// [`WAL_PAGES`] is room for the commit that crosses that line.
pub const WAL_PAGES_GROWN: u32 = WAL_PAGES + 100;
/// A write-ahead log that grew longer than this is cut back to it, in bytes. Pages carry a header
/// of 24 bytes in the log.
pub const WAL_BYTES_MAX: u64 = (WAL_PAGES_GROWN as u64 + 200) * (PAGE_BYTES as u64 + 24);
/// How long a statement waits for a reader of the same file, in milliseconds.
pub const BUSY_MS: u64 = 2_000;
/// Databases up to this size are read through at every start; larger ones are probed only, so that
/// the start stays quick after years of work.
pub const FULL_CHECK_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest key check, in bytes; two fingerprints are 130.
pub const KEY_CHECK_BYTES_MAX: u64 = 1_024;
/// Damaged databases with the same stamp before setting aside gives up.
pub const SET_ASIDE_MAX: u32 = 100;
/// Places of a damaged chain that fail one after the other before the rest is given up.
pub const SALVAGE_FAILURES_MAX: u32 = 2_000;
/// Places of a damaged chain that are believed to have been there because a file says so.
pub const PLACES_MAX: i64 = 1_000_000;
/// Largest file that says up to where the chain was found whole, in bytes.
pub const KEPT_HEAD_BYTES_MAX: u64 = 128;
/// Whole numbers in hashed content stay below 2^53 (RFC 8785 writes them as IEEE doubles).
pub const WHOLE_NUMBER_MAX: u64 = (1 << 53) - 1;
/// Longest receipt, role, outcome, code or path kept with an answer, in characters; cut beyond.
pub const FACT_CHARS_MAX: usize = 1_024;
/// Longest reason of a hold, or of its end, in characters.
pub const HOLD_REASON_CHARS_MAX: usize = 500;
/// View intervals of one item that are kept with a decision and read back.
pub const INTERVALS_MAX: usize = 10_000;
/// Rows of one look at the outbox; the rest follows when these are sent.
pub const PENDING_ROWS_MAX: usize = 10_000;
/// Rows of one look at history or conflicts.
pub const LIST_ROWS_MAX: usize = 1_000;
/// Largest exposure ledger, in bytes; one of the most days and items is well below it.
pub const EXPOSURE_BYTES_MAX: usize = 1024 * 1024;
/// Largest settings, in bytes of JSON: three documents of every key with full lists.
pub const SETTINGS_BYTES_MAX: usize = 256 * 1024;
/// Longest key of a saved value, in bytes.
pub const SAVED_KEY_BYTES_MAX: usize = 64;
/// Largest saved value, in bytes of JSON.
pub const SAVED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Drafts kept; the one that was not touched for longest goes first.
pub const DRAFTS_MAX: usize = 200;
/// Largest draft, in bytes of JSON.
pub const DRAFT_BYTES_MAX: usize = 256 * 1024;
/// Requests to give claims back that wait for an answer; a desk holds far fewer items.
pub const RELEASES_MAX: usize = 1_000;
/// Largest of them, in bytes of JSON: a hand-over with its note and marks.
pub const RELEASE_BYTES_MAX: usize = 256 * 1024;
/// Check-ins kept; the oldest go first. Two a day for a month are well below it.
pub const CHECK_INS_MAX: usize = 400;
/// Pages of the schema that are kept for a rescue; a dozen tables take a few.
pub const SCHEMA_PAGES_MAX: usize = 64;
/// Pages that a database which was cut short is made longer by, for reading what is left, as a power
/// of two: 2^20 pages are 4 GiB, more than any journal.
pub const ADDED_PAGES_BITS_MAX: u32 = 20;
/// Days of "not me" counts that are kept; older ones go.
pub const TEAM_DAYS_MAX: u64 = 100_000;
/// Longest reason of a team's decision that is kept, in characters; cut beyond.
pub const TEAM_REASON_CHARS_MAX: usize = 4_000;
/// Memory for pages of the team's decisions while they are written, in KiB; a first reading of years has an index of
/// hundreds of megabytes.
pub const TEAM_CACHE_KIB: i64 = 64 * 1024;
/// From so many days on that are not ready, two readers count them.
pub const TEAM_DAYS_APART: usize = 8;
/// Ids of names of a team's queues, policies and actions stay below it; a damaged one beyond is no name. The index of
/// groups has 18 bits for each.
pub const NAMES_MAX: usize = 1 << 18;
