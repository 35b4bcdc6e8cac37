//! How long a worker may go on: a share of the time until it is stopped.

use std::time::{Duration, Instant};

use crate::limits::SHARE_OF_DEADLINE_PER_MILLE;

/// A share of a worker's time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    until: Instant,
}

impl Budget {
    /// Of a job that is stopped `deadline_ms` from now.
    pub(crate) fn of_deadline(deadline_ms: u32) -> Self {
        let whole = Duration::from_millis(u64::from(deadline_ms));
        Self {
            until: Instant::now() + whole * SHARE_OF_DEADLINE_PER_MILLE / 1000,
        }
    }

    pub(crate) fn is_over(self) -> bool {
        Instant::now() >= self.until
    }

    /// One of `parts` equal parts of what is left.
    pub(crate) fn part(self, parts: u32) -> Self {
        self.share(1000 / parts.max(1))
    }

    /// Thousandths of what is left.
    pub(crate) fn share(self, per_mille: u32) -> Self {
        let now = Instant::now();
        Self {
            until: now + self.until.saturating_duration_since(now) * per_mille / 1000,
        }
    }
}
