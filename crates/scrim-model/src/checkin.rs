//! How a moderator says that they are: 1 to 5, before and after work.
//!
//! Health data. It stays on the device, in a table of its own that nothing else is joined with, and
//! is forgotten after at most 30 days. A [`CheckIn`] cannot be serialised; the store alone takes it
//! apart. An [`Answer`] can, for the way from the window to the agent. Debug output of both says
//! nothing, so that no log can.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Before or after work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum When {
    /// Before the first decision of the day.
    Before,
    /// At the end of a shift.
    After,
}

/// What was answered: 1 to 5.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Answer(u8);

/// The answer is not 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAnswer;

impl std::fmt::Display for NotAnAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a check-in is 1 to 5; nothing was kept")
    }
}

impl std::error::Error for NotAnAnswer {}

impl TryFrom<u8> for Answer {
    type Error = NotAnAnswer;

    fn try_from(answer: u8) -> Result<Self, NotAnAnswer> {
        match answer {
            1..=5 => Ok(Self(answer)),
            _ => Err(NotAnAnswer),
        }
    }
}

impl From<Answer> for u8 {
    fn from(answer: Answer) -> u8 {
        answer.0
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(private)")
    }
}

/// One check-in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CheckIn {
    /// The moderator's local day: days since 1970-01-01. It is forgotten by it.
    pub date: i64,
    /// When it was answered, UTC.
    pub at: Timestamp,
    /// Before or after work.
    pub when: When,
    /// What was answered.
    pub answer: Answer,
    /// "Go easy on me today" held.
    pub go_easy: bool,
}

impl std::fmt::Debug for CheckIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckIn(private)")
    }
}

/// Local days whose check-ins are kept on the day `today`, both as days since 1970-01-01, when they
/// are kept for `keep_days` days with today: the others are forgotten. Days ahead, of a clock that
/// stood wrong, are kept no longer than days behind.
#[must_use]
pub fn kept_days(today: i64, keep_days: u32) -> RangeInclusive<i64> {
    let around = i64::from(keep_days).saturating_sub(1).max(0);
    today.saturating_sub(around)..=today.saturating_add(around)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_1_to_5_and_debug_output_says_nothing() {
        for answer in [0, 6, 255] {
            assert_eq!(Answer::try_from(answer), Err(NotAnAnswer));
            let json = answer.to_string();
            assert!(serde_json::from_str::<Answer>(&json).is_err());
        }
        let answer = Answer::try_from(4).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), "4");
        let check_in = CheckIn {
            date: 20_000,
            at: Timestamp(1_770_000_000_444),
            when: When::Before,
            answer,
            go_easy: true,
        };
        let said = format!("{answer:?} {check_in:?}");
        assert_eq!(said, "Answer(private) CheckIn(private)");
    }

    #[test]
    fn thirty_days_are_today_and_the_29_before() {
        let kept = kept_days(20_000, 30);
        assert!(kept.contains(&20_000) && kept.contains(&19_971));
        assert!(!kept.contains(&19_970));
        assert!(kept.contains(&20_029) && !kept.contains(&20_030));
        assert_eq!(kept_days(7, 1), 7..=7);
        assert_eq!(kept_days(7, 0), 7..=7);
        assert!(kept_days(i64::MAX, 30).contains(&i64::MAX));
    }
}
