//! How far a long export is, on standard error, where that is a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scrim_model::Timestamp;
use scrim_report::Period;

use crate::limits::PROGRESS_AFTER;

/// Records come in the order of their times, so the time reached says how far it is.
pub(crate) struct Progress {
    bar: ProgressBar,
    from: Timestamp,
    started: Instant,
    is_shown: bool,
}

impl Progress {
    pub(crate) fn over(period: Period, now: Timestamp) -> Self {
        let whole = period.to.min(now).since_ms(period.from);
        let bar = ProgressBar::with_draw_target(
            Some(u64::try_from(whole).unwrap_or_default()),
            ProgressDrawTarget::hidden(),
        );
        Self {
            bar,
            from: period.from,
            started: Instant::now(),
            is_shown: false,
        }
    }

    /// `count` records have been read, and the last one was made at `at`.
    pub(crate) fn reached(&mut self, at: Timestamp, count: usize) {
        let position = u64::try_from(at.since_ms(self.from)).unwrap_or_default();
        self.bar.set_position(position);
        self.bar.set_message(count.to_string());
        // Never without its numbers.
        if !self.is_shown && self.started.elapsed() >= PROGRESS_AFTER {
            self.is_shown = true;
            self.show();
        }
    }

    /// Standard error draws nothing where it is no terminal.
    fn show(&self) {
        if let Ok(style) =
            ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg} decisions read")
        {
            self.bar.set_style(style);
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// Takes it away.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
