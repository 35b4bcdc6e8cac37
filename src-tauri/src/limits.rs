//! Named limits of the agent's wiring.

use std::time::Duration;

/// Longest wait for an answer of a message bus.
pub(crate) const BUS_ANSWER_MAX: Duration = Duration::from_secs(5);
