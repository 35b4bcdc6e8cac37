//! The connection to the queue server, and what is given back over it.

use std::collections::VecDeque;

use scrim_wire::protocol::{ClaimsRequest, ReleaseRequest};

use crate::clock::Now;

/// The connection to the queue server.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) online: bool,
    pub(crate) ever: bool,
    /// The server does not take the token any more.
    pub(crate) revoked: bool,
    pub(crate) failures: u32,
    /// Awake time before which nothing is said after a failure.
    pub(crate) retry_awake_ms: u64,
    /// Until then the server has asked for time.
    pub(crate) asked_awake_ms: u64,
    /// Calls with decisions that got no answer or could not be marked, in a row; other calls may well
    /// go through meanwhile.
    pub(crate) send_failures: u32,
    /// Awake time before which no decision is sent again.
    pub(crate) next_send_awake_ms: u64,
    /// A call of many was not taken as such: each decision goes by itself until the next session.
    pub(crate) one_by_one: bool,
    /// An item is read before its decision is sent.
    pub(crate) reading_sent: bool,
    /// How long the machine has slept since it was started, in milliseconds.
    pub(crate) slept_ms: u64,
    pub(crate) asking_session: bool,
    pub(crate) asking_queues: bool,
    pub(crate) asking_policies: bool,
    pub(crate) claiming: bool,
    pub(crate) beating: bool,
    pub(crate) releasing: bool,
    /// The newest attempt to give something back did not go through.
    pub(crate) release_failed: bool,
    pub(crate) next_claim_awake_ms: u64,
    pub(crate) next_queues_awake_ms: u64,
    pub(crate) next_beat_boot_ms: u64,
    /// A claim whose answer never came: the same key asks again.
    pub(crate) claim_again: Option<(String, ClaimsRequest)>,
    pub(crate) releases: VecDeque<Giving>,
    pub(crate) refusal: Option<String>,
    /// The server of the last session is a training server.
    pub(crate) training: bool,
    /// The server's clock as last heard: boot clock, server's UTC.
    pub(crate) server_clock: Option<(u64, i64)>,
}

impl Link {
    /// The server's clock less the desk's, carried on by the boot clock: a wall that is set anew
    /// neither moves a decision in time nor shortens a lease.
    pub(crate) fn skew_ms(&self, now: Now) -> i64 {
        self.server_clock.map_or(0, |(boot_ms, server_ms)| {
            let since = now.boot_ms.saturating_sub(boot_ms);
            let server_now = server_ms.saturating_add(i64::try_from(since).unwrap_or(i64::MAX));
            server_now.saturating_sub(now.utc_ms)
        })
    }
}

/// Claims on their way back to the queue.
#[derive(Debug, Clone)]
pub(crate) struct Giving {
    pub(crate) key: String,
    pub(crate) request: ReleaseRequest,
}
