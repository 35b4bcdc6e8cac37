//! What a rule of the database is called, and where a statement breaks it.

use std::fmt;

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// It must be there.
    Required,
    /// Not one of the values.
    NotListed,
    /// More characters than this.
    TooLong(usize),
    /// Belongs to another choice.
    NotWanted,
    /// Not `YYYY-MM-DD`.
    NotADate,
    /// Before the first date that is taken.
    TooEarly,
    /// After the last date that is taken.
    TooLate,
    /// An end before the beginning.
    EndsBeforeItBegins,
    /// Not an address of a page.
    NotAUrl,
    /// Not of `A-Z a-z 0-9 - _`.
    NotAPuid,
    /// Another statement has it.
    PuidTwice,
    /// Nothing is restricted.
    NoRestriction,
    /// An e-mail address or a telephone number.
    PersonalData,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("it is missing"),
            Self::NotListed => f.write_str("it is none of the published values"),
            Self::TooLong(max) => write!(f, "it is longer than {max} characters"),
            Self::NotWanted => f.write_str("it belongs to another choice"),
            Self::NotADate => f.write_str("it is not a day as YYYY-MM-DD"),
            Self::TooEarly => f.write_str("it lies before the first day that is taken"),
            Self::TooLate => f.write_str("it lies after the last day that is taken, 2038-01-01"),
            Self::EndsBeforeItBegins => f.write_str("it lies before the application date"),
            Self::NotAUrl => f.write_str("it is not the address of a page"),
            Self::NotAPuid => f.write_str(
                "it may hold letters, digits, \u{201c}-\u{201d} and \u{201c}_\u{201d} only",
            ),
            Self::PuidTwice => f.write_str("another statement has it"),
            Self::NoRestriction => f.write_str("nothing is restricted"),
            Self::PersonalData => {
                f.write_str("it looks like an e-mail address or a telephone number")
            }
        }
    }
}

/// A rule that a statement breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The field, after `statements.N.` in a batch.
    pub path: String,
    /// The rule.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.rule)
    }
}
