//! Named limits of the pool. Those that a worker checks too are in [`scrim_wire::worker`].

use std::time::Duration;

/// Workers that run at the same time, unless the settings say otherwise.
pub(crate) const CONCURRENCY: usize = 2;
/// Most workers that settings may ask for.
pub(crate) const CONCURRENCY_MAX: usize = 16;
/// A worker is killed this long after it was given its job.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);
/// A worker that has answered must exit within this time. On a machine that does much else giving back the memory of a
/// large picture takes a while, and no medium is to be blamed for that.
pub(crate) const EXIT_GRACE: Duration = Duration::from_secs(2);
/// The link of a worker that was killed has ended within this time, unless somebody else holds it.
pub(crate) const LINK_END_WAIT: Duration = Duration::from_millis(500);
/// So often a medium may make its worker fail; then it is not opened again.
pub(crate) const FAILURES_MAX: u8 = 2;
/// Most media whose failures are remembered; the oldest is forgotten.
pub(crate) const QUARANTINE_MEDIA_MAX: usize = 256;
/// Most hashes of one kind in a list.
pub(crate) const LIST_ENTRIES_MAX: u64 = 10_000_000;
/// Longest line of a list that is imported, in bytes.
pub(crate) const LIST_LINE_BYTES_MAX: u64 = 4_096;
/// Longest name of a list, in bytes.
pub(crate) const LIST_NAME_BYTES_MAX: u64 = 100;
/// Room of a job that makes no picture: shared memory is never empty.
pub(crate) const NO_PICTURE_BYTES: usize = 4;
/// Bytes of one sample of a clip's sound.
pub(crate) const SAMPLE_BYTES: usize = 2;
