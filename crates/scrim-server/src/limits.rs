//! The server's named limits. What comes in beyond them is refused, never cut silently.

/// Largest JSON body, in bytes.
pub const JSON_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How much of a too large JSON body is read and thrown away, so that the client, still sending,
/// gets to read the refusal; beyond it the connection is closed.
pub const DISCARDED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Largest multipart body of `POST /v1/items`, in bytes.
pub const INGEST_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Longest `Idempotency-Key`, in bytes.
pub const KEY_BYTES_MAX: usize = 128;
/// Longest bearer token that is looked at, in bytes.
pub const TOKEN_BYTES_MAX: usize = 256;
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
