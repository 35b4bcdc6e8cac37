//! The server's named limits. What comes in beyond them is refused, never cut silently.

use std::time::Duration;

/// Largest JSON body, in bytes.
pub const JSON_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How much of a too large JSON body is read and thrown away, so that the client, still sending,
/// gets to read the refusal; beyond it the connection is closed.
pub const DISCARDED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Largest multipart body of `POST /v1/items`, in bytes.
pub const INGEST_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Longest `Idempotency-Key`, in bytes.
pub const KEY_BYTES_MAX: usize = 128;
/// Longest bearer token of its own that is looked at, in bytes.
pub const TOKEN_BYTES_MAX: usize = 256;
/// Longest token of an identity issuer that is looked at, in bytes.
pub const JWT_BYTES_MAX: usize = 8 * 1024;
/// Largest answer of an identity issuer that is read, in bytes.
pub const ISSUER_BYTES_MAX: u64 = 256 * 1024;
/// Longest time for an answer of an identity issuer.
pub const ISSUER_TIME_MAX: Duration = Duration::from_secs(5);
/// Shortest time between two readings of an issuer's keys: whoever makes up key names must not
/// make the server ask.
pub const KEYS_AGAIN_MIN: Duration = Duration::from_secs(30);
/// How far an issuer's clock may be off, in seconds.
pub const CLOCK_LEEWAY_S: u64 = 30;
/// Longest subject of an identity issuer, in bytes (OpenID Connect Core, section 2, has 255).
pub const SUBJECT_BYTES_MAX: usize = 255;
/// Most items that one call claims.
pub const CLAIM_COUNT_MAX: u32 = 20;
/// Most live claims that one person holds; beyond it a call simply hands out fewer.
pub const CLAIMS_LIVE_MAX: u32 = 200;
/// Most rows that one claiming call names in any of its lists.
pub const CLAIM_LIST_MAX: usize = 1_000;
/// Most claims in one heartbeat or release.
pub const CLAIM_IDS_MAX: usize = 200;
/// Most decisions in one call.
pub const DECISIONS_MAX: usize = 50;
/// Largest header of a chain's entry, in bytes.
pub const RECORD_HEADER_BYTES_MAX: usize = 8 * 1024;
/// Length of a part's salt, in bytes.
pub const RECORD_SALT_BYTES: usize = 32;
/// Largest whole number that every reader of JSON keeps exactly: 2^53 − 1.
pub const WHOLE_NUMBER_MAX: u64 = (1 << 53) - 1;
/// Most actions in one decision.
pub const ACTIONS_MAX: usize = 16;
/// Most policies cited by one decision.
pub const POLICY_IDS_MAX: usize = 32;
/// Most rows in one answer that is read on with `since`.
pub const PAGE_ROWS: u32 = 500;
/// Most storage calls at one time; further ones wait.
pub const STORAGE_CALLS_MAX: usize = 16;
/// Most bodies of ingested items held in memory at one time.
pub const INGEST_CALLS_MAX: usize = 2;
/// Most media being sent at one time.
pub const MEDIA_CALLS_MAX: usize = 8;
/// Connections for reading that are kept open.
pub const READERS_KEPT_MAX: usize = 8;
/// How long a stopping server lets calls under way finish, in milliseconds.
pub const STOP_MS: u64 = 5_000;
/// Time beyond the lease for which an item may be reviewed without a connection, in milliseconds.
pub const OFFLINE_GRACE_MS: i64 = 30 * 60 * 1_000;
/// How long a write waits for another process that holds the database, in milliseconds.
pub const DATABASE_WAIT_MS: u64 = 5_000;
/// Most that one decision counts as looked at, in milliseconds: a day.
pub const LOOKED_MS_MAX: u64 = 86_400_000;
/// How long answers to heartbeats, releases and claiming calls that are over are kept for the same
/// key, in milliseconds: far beyond any retry.
pub const ANSWER_KEPT_MS: i64 = 7 * 86_400_000;
/// Shortest time between two prunings of old answers, in milliseconds.
pub const PRUNE_EVERY_MS: i64 = 3_600_000;
/// Largest floor or lead's settings, in bytes of JSON; a desk keeps at most 64 KiB of session.
pub const SETTINGS_BYTES_MAX: usize = 16 * 1024;
/// Most keys in it.
pub const SETTINGS_KEYS_MAX: usize = 200;
/// Longest key of a setting, in bytes.
pub const SETTING_KEY_BYTES_MAX: usize = 64;
/// Longest name or number of a contact, in characters.
pub const CONTACT_CHARS_MAX: usize = 200;
/// How far back a desk's day may begin, in milliseconds: two days, for time zones and late shifts.
pub const DAY_BACK_MAX_MS: i64 = 2 * 86_400_000;
/// Longest question to a colleague, and its answer, in characters.
pub const CONSULT_CHARS_MAX: usize = scrim_wire::limits::CONSULT_CHARS_MAX;
/// Most open questions about one item.
pub const CONSULTS_MAX: usize = 4;
/// Most questions in one answer.
pub const CONSULTS_LISTED_MAX: u32 = 100;
/// Fewest distinct people that a group in the exposure view has.
pub const PEOPLE_MIN: usize = 5;
/// Most decisions, and most practice items, in one sample for review.
pub const SAMPLE_MAX: u32 = 500;
/// Longest period that a sample is drawn from, in days.
pub const SAMPLE_DAYS_MAX: i64 = 400;
/// Most samples in one answer.
pub const SAMPLES_LISTED_MAX: u32 = 100;
/// Days before today in the counts by day.
pub const TEAM_DAYS_BACK: i64 = 400;
/// Days before today of which appeals are counted: the year before this one, whole.
pub const APPEAL_DAYS_BACK: i64 = 800;
/// Longest time that a drawn review waits for open items of other priorities than 1, where its queue promises none, in
/// milliseconds: a week.
pub const REVIEW_WAIT_MS: i64 = 7 * 86_400_000;
/// Weeks in the exposure view.
pub const EXPOSURE_WEEKS: i64 = 4;
/// How long after its end a week is worked out, in milliseconds: late decisions are in by then.
pub const EXPOSURE_WAIT_MS: i64 = 3 * 86_400_000;
