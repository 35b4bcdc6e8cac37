//! Instants on the wall.

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC. Serialised as RFC 3339 text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(pub i64);

/// One reading of all clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Now {
    /// Milliseconds for which the machine has been awake: activity and exposure.
    pub awake_ms: u64,
    /// Milliseconds since boot, sleep counted in: leases and breaks.
    pub boot_ms: u64,
    /// The wall, UTC.
    pub utc_ms: i64,
    /// Local time less UTC, in seconds.
    pub offset_s: i32,
}

impl Now {
    /// The wall as a timestamp.
    #[must_use]
    pub fn utc(&self) -> Timestamp {
        Timestamp(self.utc_ms)
    }
}

/// Not an RFC 3339 instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime;

impl std::fmt::Display for NotATime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a time is not written as RFC 3339 says, for example 2026-01-31T09:30:00Z")
    }
}

impl std::error::Error for NotATime {}

impl Timestamp {
    /// The instant `later_ms` milliseconds after this one; stops at the ends of the scale.
    #[must_use]
    pub fn plus_ms(self, later_ms: i64) -> Self {
        Self(self.0.saturating_add(later_ms))
    }

    /// Milliseconds from `earlier` to this instant; negative if it is the other way round.
    #[must_use]
    pub fn since_ms(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The UTC calendar day as `YYYY-MM-DD`.
    #[must_use]
    pub fn utc_day(self) -> String {
        let mut text = String::from(self);
        text.truncate(10);
        text
    }

    /// Reads RFC 3339 text.
    ///
    /// # Errors
    /// [`NotATime`] if it is none.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        if text.len() > 64 {
            return Err(NotATime);
        }
        text.parse::<jiff::Timestamp>()
            .map(|t| Self(t.as_millisecond()))
            .map_err(|_| NotATime)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = NotATime;
    fn try_from(text: String) -> Result<Self, NotATime> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(t: Timestamp) -> String {
        // Instants outside jiff's years -9999..9999 can only come from a broken clock; they are
        // pinned to the nearest end, so that writing a record never fails.
        let pinned = jiff::Timestamp::from_millisecond(t.0).unwrap_or(if t.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        });
        format!("{pinned:.3}")
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_keeps_milliseconds() {
        let t = Timestamp::parse("2026-03-01T10:20:30.456Z").expect("a valid instant");
        assert_eq!(t.to_string(), "2026-03-01T10:20:30.456Z");
        assert_eq!(t.utc_day(), "2026-03-01");
        assert_eq!(
            Timestamp::parse(&Timestamp(0).to_string()),
            Ok(Timestamp(0))
        );
        assert_eq!(Timestamp::parse("yesterday"), Err(NotATime));
    }

    #[test]
    fn a_broken_clock_is_pinned_and_not_a_panic() {
        assert!(Timestamp(i64::MAX).to_string().starts_with("9999-"));
        assert!(Timestamp(i64::MIN).to_string().starts_with('-'));
    }
}
