//! What the lead's view is about while it is open.

use scrim_wire::protocol::{Sample, SampleRequest};
use scrim_wire::window::{TeamDrill, TeamExport, TeamQuery};

/// What is open. Nothing of what was asked is kept when the view closes.
#[derive(Default)]
pub(crate) struct TeamDesk {
    /// What the view is about; `None` while it is closed.
    pub(crate) query: Option<TeamQuery>,
    pub(crate) drill: Option<TeamDrill>,
    pub(crate) export: Option<TeamExport>,
    pub(crate) samples: Option<Vec<Sample>>,
    /// To be done with the next reading.
    pub(crate) wanted: Wanted,
    /// A reading is on its way, or the copy is being taken away: whatever comes next begins when that is over.
    pub(crate) is_busy: bool,
    /// The copy is to be taken away.
    pub(crate) forgets: bool,
    /// Which opening of the view: answers to an earlier one are dropped.
    pub(crate) opening: u64,
    /// When the server is read next, on the clock that counts sleep.
    pub(crate) read_at_ms: Option<u64>,
}

#[derive(Default)]
pub(crate) struct Wanted {
    /// A reading at all.
    pub(crate) anything: bool,
    pub(crate) server: bool,
    /// A report is to be written of this.
    pub(crate) export: Option<TeamQuery>,
    pub(crate) draws: Vec<(String, SampleRequest)>,
}
