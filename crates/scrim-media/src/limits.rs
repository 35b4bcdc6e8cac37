//! Named limits of the pool. Those that a worker checks too are in [`scrim_wire::worker`].

use std::time::Duration;

/// Workers that run at the same time, unless the settings say otherwise.
pub(crate) const CONCURRENCY: usize = 2;
/// Most workers that settings may ask for.
pub(crate) const CONCURRENCY_MAX: usize = 16;
/// A worker is killed this long after its start.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);
/// A worker that has answered must exit within this time.
pub(crate) const EXIT_GRACE: Duration = Duration::from_millis(500);
