//! Named limits of the agent's wiring.

use std::time::Duration;

/// Longest wait for an answer of a message bus.
pub(crate) const BUS_ANSWER_MAX: Duration = Duration::from_secs(5);
/// A change of the network is told once nothing more has changed for as long.
pub(crate) const NETWORK_QUIET: Duration = Duration::from_secs(1);
/// It is told by then, whatever goes on changing.
pub(crate) const NETWORK_LATEST: Duration = Duration::from_secs(5);
/// Room for one datagram of the kernel; its answers have at most half of it.
pub(crate) const NETWORK_BYTES: usize = 64 * 1024;
