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
/// Most that is read of an error answer, in bytes; what is beyond it says nothing new.
pub const ERROR_BYTES_MAX: u64 = 64 * 1024;
/// Largest item, in bytes of JSON with its invisible characters written out. Masking makes three
/// bytes of one, and the whole screen must fit into one message to the window (4 MiB).
pub const ITEM_BYTES_MAX: usize = 1024 * 1024;
/// Largest policy tree, in bytes of JSON; it is part of every message to the window.
pub const POLICIES_BYTES_MAX: usize = 512 * 1024;
/// Largest session, in bytes of JSON.
pub const SESSION_BYTES_MAX: usize = 64 * 1024;
/// Whole numbers in hashed content stay below 2^53 (RFC 8785 writes them as IEEE doubles).
pub const WHOLE_NUMBER_MAX: u64 = (1 << 53) - 1;
/// Own decisions in one answer.
pub const OWN_DECISIONS_MAX: usize = 1_000;
/// Rows of a team's days in one answer: ten years of fifty queues.
pub const TEAM_DAYS_MAX: usize = 200_000;
/// Decided appeals in one answer.
pub const APPEALS_MAX: usize = 1_000_000;
/// Languages in one answer; there are about eight thousand.
pub const LANGUAGES_MAX: usize = 10_000;
/// Longest name of a language, in bytes (BCP 47 needs 35).
pub const LANGUAGE_BYTES_MAX: usize = 64;
/// Samples that are kept of an answer.
pub const SAMPLES_MAX: usize = 100;
/// Longest receipt that is kept, in characters.
pub const RECEIPT_CHARS_MAX: usize = 1_024;
/// Longest mark of a page of the team's decisions, in bytes.
pub const MARK_BYTES_MAX: usize = 128;
/// Longest closed code, in characters.
pub const CODE_CHARS_MAX: usize = 64;
/// Most policies of a draft or of feedback that are kept.
pub const DRAFT_POLICIES_MAX: usize = 32;
/// Largest file of certificate authorities, in bytes.
pub const CA_BYTES_MAX: u64 = 256 * 1024;
/// Most certificate authorities of one's own.
pub const AUTHORITIES_MAX: usize = 32;
/// Most keys that a server is pinned to: the present one, the next ones, a reserve.
pub const PINS_MAX: usize = 8;
/// Largest answer of an identity issuer that is read, in bytes.
pub const ISSUER_BYTES_MAX: u64 = 256 * 1024;
/// Longest token, in bytes; servers refuse larger headers.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// Longest code or address that is shown, in characters.
pub const CODE_SHOWN_CHARS_MAX: usize = 300;
/// Longest time for which a code is waited for.
pub const CODE_TIME_MAX: Duration = Duration::from_secs(30 * 60);
/// Longest time between two polls, but for an issuer that asks for more patience.
pub const CODE_INTERVAL_MAX: Duration = Duration::from_secs(60);
/// An access token is renewed at most this long before its end.
pub const RENEW_BEFORE_MAX: Duration = Duration::from_secs(60);
