//! Time and newness as data.

pub use scrim_model::Now;

/// Ids for one step: a command may take two, and what follows from every step four.
pub const IDS: usize = 6;

/// New ids (UUIDv7 texts) and a jitter for one step. Unused ones are thrown away.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// Enough for the hungriest step.
    pub ids: [String; IDS],
    /// Uniform over the whole range.
    pub jitter: u16,
    /// How many ids this step has used.
    pub used: usize,
}

impl Fresh {
    /// Ids and a jitter.
    #[must_use]
    pub fn new(ids: [String; IDS], jitter: u16) -> Self {
        Self {
            ids,
            jitter,
            used: 0,
        }
    }

    /// The next unused id.
    pub(crate) fn take(&mut self) -> String {
        let id = self
            .ids
            .get(self.used)
            .expect("no step uses more ids than these")
            .clone();
        self.used += 1;
        id
    }
}
