//! What happened, step by step: the last steps as text, all of them as one hash. A trace
//! holds no content, so that it can be shown to anybody.

use std::collections::VecDeque;

use crate::limits::TRACE_STEPS;

/// Of one world.
#[derive(Debug)]
pub(crate) struct Trace {
    hash: u64,
    steps: u64,
    last: VecDeque<String>,
    /// How many of the last steps are kept as text.
    kept: usize,
}

impl Trace {
    /// An empty one; `whole` keeps every step as text.
    #[must_use]
    pub(crate) fn new(whole: bool) -> Self {
        Self {
            hash: 0xcbf2_9ce4_8422_2325,
            steps: 0,
            last: VecDeque::new(),
            kept: if whole { usize::MAX } else { TRACE_STEPS },
        }
    }

    /// Adds a step (FNV-1a over its bytes).
    pub(crate) fn step(&mut self, at_ms: u64, what: &str) {
        let line = format!("{:>9.3}  {what}", at_ms as f64 / 1000.0);
        for byte in line.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.steps += 1;
        self.last.push_back(line);
        if self.last.len() > self.kept {
            self.last.pop_front();
        }
    }

    /// Of all steps so far.
    #[must_use]
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// How many there were.
    #[must_use]
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// The last ones.
    #[must_use]
    pub(crate) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}

/// A path without its query and without ids that the server made: those are new each time.
pub(crate) fn plain(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_made = |part: &&str| part.len() == 36 && part.matches('-').count() == 4;
    let parts = path.split('/');
    let parts: Vec<&str> = parts
        .map(|part| if is_made(&part) { "{id}" } else { part })
        .collect();
    parts.join("/")
}
