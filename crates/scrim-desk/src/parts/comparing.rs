//! How far these records were held against what the server saw of them.

/// How far the comparison is.
#[derive(Debug, Default)]
pub(crate) struct Comparing {
    /// The store has been asked and has not said.
    pub(crate) waits: bool,
    /// Own decisions are read from here on.
    pub(crate) since: Option<u64>,
    pub(crate) reading: bool,
    pub(crate) pages: u32,
    /// A decision was confirmed since the session was asked for: its head may be of before that.
    pub(crate) confirmed_meanwhile: bool,
    /// Read to the end in this run.
    pub(crate) done: bool,
}

impl Comparing {
    /// Whether nothing is to be sent as new before it is known what the server has.
    pub(crate) fn holds_sending(&self) -> bool {
        self.waits || self.since.is_some()
    }
}
