//! Days as they are written on the command line.

use std::str::FromStr;

use scrim_model::Timestamp;

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(jiff::civil::Date);

impl FromStr for Day {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Ten characters, because the library also takes whole instants and other spellings.
        match text.parse() {
            Ok(date) if text.len() == 10 => Ok(Self(date)),
            _ => Err("write the day as YYYY-MM-DD, for example 2026-01-31"),
        }
    }
}

impl Day {
    /// Its first instant; `None` at the end of the calendar.
    pub(crate) fn start(self) -> Option<Timestamp> {
        Timestamp::parse(&format!("{}T00:00:00Z", self.0)).ok()
    }

    /// The first instant after it; `None` at the end of the calendar.
    pub(crate) fn after(self) -> Option<Timestamp> {
        self.next().and_then(Self::start)
    }

    pub(crate) fn next(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }
}
