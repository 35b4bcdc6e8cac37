//! Days of the calendar, UTC.

use scrim_model::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Days since 1970-01-01.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) i64);

impl Day {
    /// The day of this instant.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(at.0.div_euclid(DAY_MS))
    }

    /// Reads `2026-01-31`; `None` if there is no such day, or it is written otherwise.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let midnight = Timestamp::parse(&format!("{text}T00:00:00Z")).ok()?;
        let day = Self::of(midnight);
        (day.text() == text).then_some(day)
    }

    /// `2026-01-31`.
    pub(crate) fn text(self) -> String {
        Timestamp(self.0.saturating_mul(DAY_MS)).utc_day()
    }

    /// So many days before this one.
    pub(crate) fn before(self, days: i64) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written_and_no_other_way() {
        let day = Day::parse("2026-03-01").expect("a day");
        assert_eq!(day.text(), "2026-03-01");
        assert_eq!(day.before(1).text(), "2026-02-28");
        assert_eq!(Day::of(Timestamp(-1)).text(), "1969-12-31");
        for other in [
            "",
            "2026-02-30",
            "2026-3-1",
            " 2026-03-01",
            "01.03.2026",
            "2026-03-01T00:00:00Z",
            "today",
        ] {
            assert_eq!(Day::parse(other), None, "{other}");
        }
    }
}
