//! Named limits of the pool. Those that a worker checks too are in [`scrim_wire::worker`].

use std::time::Duration;

/// Workers that run at the same time, unless the settings say otherwise.
pub(crate) const CONCURRENCY: usize = 2;
/// Most workers that settings may ask for.
pub(crate) const CONCURRENCY_MAX: usize = 16;
/// A worker is killed this long after it was given its job.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);
/// A worker that has answered must exit within this time.
pub(crate) const EXIT_GRACE: Duration = Duration::from_millis(500);
/// So often a medium may make its worker fail; then it is not opened again.
pub(crate) const FAILURES_MAX: u8 = 2;
/// Most media whose failures are remembered; the oldest is forgotten.
pub(crate) const QUARANTINE_MEDIA_MAX: usize = 256;
