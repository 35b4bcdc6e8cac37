//! How long the parts of a record are kept, and what keeps them longer: holds.
//!
//! | rule | from when | how long | source |
//! | --- | --- | --- | --- |
//! | `eu-complaint` | the decision | 6 months | Regulation (EU) 2022/2065 (DSA), Article 20(1) |
//! | `us-report` | a report to the CyberTipline | 1 year | 18 U.S.C. 2258A(h)(1), as amended by Public Law 118-59 |
//! | `uk-content` | a report to the NCA | 1 year | S.I. 2026/268, regulation 8 (Online Safety Act 2023, section 67) |
//! | `uk-reference` | a report to the NCA | 5 years | the same |
//!
//! Days are days in UTC, and the last one is inside. A table that changes gets another version; what was worked out
//! under an older one is not stored anywhere, so the newest table always has the word.

use std::collections::BTreeMap;

use crate::ids::DecisionId;
use crate::time::Timestamp;

/// Version of [`RULES`].
pub const TABLE_VERSION: u32 = 1;

const DAY_MS: i64 = 86_400_000;

/// A part of a decision's record, which can be erased by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordPart {
    /// Ids, policies, actions, severity, times.
    Judgement,
    /// What the moderator wrote.
    Words,
    /// What was viewed, with the media's hashes.
    Viewing,
}

impl RecordPart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Judgement, Self::Words, Self::Viewing];

    /// Its name in a record's header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Judgement => "judgement",
            Self::Words => "words",
            Self::Viewing => "viewing",
        }
    }

    /// The part of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }
}

/// Whom a decision was reported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// The CyberTipline of the USA's NCMEC.
    Us,
    /// The National Crime Agency of the United Kingdom.
    Uk,
}

impl Authority {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Uk => "uk",
        }
    }

    /// The authority that is stored so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Us, Self::Uk]
            .into_iter()
            .find(|authority| authority.as_str() == name)
    }
}

/// That a decision was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// To whom.
    pub to: Authority,
    /// First instant of the day, UTC.
    pub on: Timestamp,
    /// What they call it.
    pub reference: Option<String>,
}

/// From when a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// The day of the decision. Whoever it is about may be told later; a desk does not know when.
    Decided,
    /// The day of the last report to them.
    Reported(Authority),
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// What is kept.
    pub what: &'static str,
    /// Where that is written.
    pub source: &'static str,
    /// The parts of a record that it keeps.
    pub parts: &'static [RecordPart],
    /// From when.
    pub begins: Begins,
    /// How long, in calendar months.
    pub months: u32,
}

const UK_SOURCE: &str = "The Online Safety (CSEA Content Reporting by Regulated User-to-User Service Providers) Regulations 2026 (S.I. 2026/268), regulation 8, under section 67 of the Online Safety Act 2023";

/// Every rule, by name.
pub const RULES: [Rule; 4] = [
    Rule {
        id: "eu-complaint",
        what: "EU: what a complaint against the decision is decided by",
        source: "Regulation (EU) 2022/2065 (Digital Services Act), Article 20(1)",
        parts: &[RecordPart::Judgement, RecordPart::Words],
        begins: Begins::Decided,
        months: 6,
    },
    Rule {
        id: "us-report",
        what: "US: contents of the report",
        source: "18 U.S.C. 2258A(h)(1), as amended by the REPORT Act (Public Law 118-59)",
        parts: &[RecordPart::Judgement, RecordPart::Viewing],
        begins: Begins::Reported(Authority::Us),
        months: 12,
    },
    Rule {
        id: "uk-content",
        what: "UK: content that it rests on",
        source: UK_SOURCE,
        parts: &RecordPart::ALL,
        begins: Begins::Reported(Authority::Uk),
        months: 12,
    },
    Rule {
        id: "uk-reference",
        what: "UK: reference of the report",
        source: UK_SOURCE,
        parts: &[RecordPart::Judgement],
        begins: Begins::Reported(Authority::Uk),
        months: 60,
    },
];

impl Rule {
    /// The last day on which what began on `day` (both UTC, `YYYY-MM-DD`) is kept.
    #[must_use]
    pub fn last_day(&self, day: &str) -> Option<String> {
        months_later(day, self.months)
    }
}

/// What the rules need to know of a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// When it was made; `None` of one that was made in training, which nobody can complain about.
    pub decided_at: Option<Timestamp>,
    /// Every report of it.
    pub reports: Vec<Reported>,
}

/// Until when one rule keeps one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The rule.
    pub rule: &'static Rule,
    /// The last day on which it is kept, UTC.
    pub last_day: String,
    /// First instant after that.
    pub until: Timestamp,
}

/// What keeps `part`, in the order of [`RULES`], whether or not it is over.
#[must_use]
pub fn kept(part: RecordPart, known: &Known) -> Vec<Kept> {
    let rules = RULES.iter().filter(|rule| rule.parts.contains(&part));
    rules.filter_map(|rule| kept_by(rule, known)).collect()
}

fn kept_by(rule: &'static Rule, known: &Known) -> Option<Kept> {
    let begins = match rule.begins {
        Begins::Decided => known.decided_at?,
        Begins::Reported(to) => {
            let reports = known.reports.iter().filter(|report| report.to == to);
            reports.map(|report| report.on).max()?
        }
    };
    let last_day = rule.last_day(&begins.utc_day())?;
    let until = after_day(&last_day)?;
    Some(Kept {
        rule,
        last_day,
        until,
    })
}

/// The first instant after a day in UTC.
#[must_use]
pub fn after_day(day: &str) -> Option<Timestamp> {
    let first = Timestamp::parse(&format!("{day}T00:00:00Z")).ok()?;
    Some(first.plus_ms(DAY_MS))
}

/// The day before this instant, which is the first one after it.
#[must_use]
pub fn last_day_before(until: Timestamp) -> String {
    until.plus_ms(-1).utc_day()
}

/// The same day so many months later; where that month is too short, the first day of the next one, so that nothing is
/// kept too short.
fn months_later(day: &str, months: u32) -> Option<String> {
    let (year, rest) = (day.get(..4)?.parse::<u32>().ok()?, day.get(4..)?);
    let month: u32 = rest.get(1..3)?.parse().ok()?;
    let of_month = rest.get(3..)?;
    let counted = year * 12 + month.checked_sub(1)? + months;
    let at = |counted: u32, of_month: &str| {
        let later = format!("{:04}-{:02}{of_month}", counted / 12, counted % 12 + 1);
        let is_day = Timestamp::parse(&format!("{later}T00:00:00Z")).is_ok();
        is_day.then_some(later)
    };
    at(counted, of_month).or_else(|| at(counted + 1, "-01"))
}

/// Somebody's order to keep parts of a record, or of every record that was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its name.
    pub id: String,
    /// The decision that it holds; `None` of all that were made before it.
    pub on: Option<DecisionId>,
    /// Why. `None` if that was lost with a part of a damaged database.
    pub reason: Option<String>,
    /// From when it was ordered.
    pub start: Timestamp,
    /// The parts, and for each the first instant at which it is not held any more; `None` until it is lifted.
    pub until: BTreeMap<RecordPart, Option<Timestamp>>,
    /// When and why it was lifted.
    pub lifted: Option<Lifted>,
}

/// How a hold ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifted {
    /// When.
    pub at: Timestamp,
    /// Why; `None` as with a hold.
    pub reason: Option<String>,
}

impl Hold {
    /// Whether it keeps `part` at that instant. One that begins later counts already: what is erased before cannot be
    /// held then.
    #[must_use]
    pub fn holds(&self, part: RecordPart, at: Timestamp) -> bool {
        let until = self.until.get(&part);
        self.lifted.is_none() && until.is_some_and(|until| until.is_none_or(|until| at < until))
    }

    /// Whether it keeps anything.
    #[must_use]
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        RecordPart::ALL.iter().any(|part| self.holds(*part, at))
    }
}

/// How long one part of one record is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartKept {
    /// The part.
    pub part: RecordPart,
    /// It is gone already.
    pub is_erased: bool,
    /// What the rules say.
    pub kept: Vec<Kept>,
    /// Holds in force on it.
    pub holds: Vec<Hold>,
}

/// Why a part may not be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A hold.
    Hold(Hold),
    /// A rule, until then.
    Rule(Kept),
}

impl PartKept {
    /// The last day on which a rule keeps it.
    #[must_use]
    pub fn retain_until(&self) -> Option<&str> {
        let last = self.kept.iter().max_by_key(|kept| kept.until);
        last.map(|kept| kept.last_day.as_str())
    }

    /// Why it may not be erased at that instant: a hold, else the rule that lasts longest.
    #[must_use]
    pub fn block(&self, at: Timestamp) -> Option<Block> {
        let held = self.holds.iter().find(|hold| hold.holds(self.part, at));
        if let Some(hold) = held {
            return Some(Block::Hold(hold.clone()));
        }
        let rules = self.kept.iter().filter(|kept| at < kept.until);
        let last = rules.max_by_key(|kept| kept.until);
        last.cloned().map(Block::Rule)
    }
}

#[cfg(test)]
#[path = "retention_tests.rs"]
mod tests;
