//! What the heart knows of check-ins.

use scrim_model::checkin::When;
use scrim_wire::window::CheckInStands;

/// What the heart knows of check-ins: never an answer.
#[derive(Debug, Default)]
pub(crate) struct CheckIns {
    pub(crate) stands: CheckInStands,
    /// The local day on which each moment was last asked.
    pub(crate) asked: Vec<(When, i64)>,
    /// How the store was last told to forget.
    pub(crate) tended: Option<Tended>,
}

/// What is kept from the day `today` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tended {
    pub(crate) today: i64,
    pub(crate) keep_days: u32,
    pub(crate) stored: bool,
}

impl CheckIns {
    pub(crate) fn was_asked(&mut self, when: When, date: i64) {
        self.asked.retain(|(other, _)| *other != when);
        self.asked.push((when, date));
    }
}
