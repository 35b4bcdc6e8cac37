//! What a document for others does not tell, decided in this one place.
//!
//! Times and rates say how somebody works. So they are told of groups only, and the groups are the same in every
//! document: the decisions of one day, queue, first policy and first action. A group gives its times or its rate with
//! all of its decisions or with none:
//!
//! | A group | gives |
//! | --- | --- |
//! | of fewer than [`GROUP_MIN`] decisions | neither |
//! | of a day that is not over | neither: two documents of the same day would tell what was added between them |
//! | with a decision of severity 3 or 4 | no times |
//! | with fewer than [`GROUP_MIN`] decisions that took time (copies took none) | no times |
//!
//! Every figure is made of whole groups, and every selection takes whole groups ([`crate::Selection`]). So whatever two
//! figures of whatever two documents differ by is nothing, or at least [`GROUP_MIN`] decisions: that holds for a filter,
//! for its complement, and for days added at either end. Numbers of decisions are told as they are.
//!
//! Shares of items are none of these: how many were decided in time, overturned, or rightly flagged. They are of
//! everything that is selected ([`crate::team_tables`]), so two selections can tell whether one item was in time.
//!
//! What only an item waited for is no group's: how many days an appeal waited for its decision, or what was decided for
//! its report to an authority ([`median`]). It is told in whole days, as the median of everything that is selected, from
//! [`GROUP_MIN`] on.
//!
//! Not held: a correction of an older decision that is made between two documents takes that one out of its group.

use std::collections::BTreeMap;

use scrim_model::Decision;
use scrim_model::limits::GRAVE_SEVERITY;
use scrim_model::stats::{Proportion, percentile_linear};
use serde::{Serialize, Serializer};

use crate::limits::GROUP_MIN;

/// A figure, or the word for why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// This.
    Is(f64),
    /// There is nothing that it could be made of.
    NotDefined,
    /// Of fewer than [`GROUP_MIN`] decisions.
    TooFew,
    /// Grave items are among them.
    Withheld,
    /// The day is not over.
    DayNotOver,
}

impl Figure {
    /// The number.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Is(value) => Some(value),
            _ => None,
        }
    }

    /// The word that stands in the number's place.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Is(_) => None,
            Self::NotDefined => Some("not defined"),
            Self::TooFew => Some("too few"),
            Self::Withheld => Some("withheld"),
            Self::DayNotOver => Some("day not over"),
        }
    }

    fn of(value: Option<f64>, why_not: Self) -> Self {
        value.map_or(why_not, Self::Is)
    }
}

/// A number, whole ones without a point, or a word.
impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.value(), self.word()) {
            (Some(x), _) if x.fract() == 0.0 && (0.0..9e15).contains(&x) => {
                to.serialize_u64(x as u64)
            }
            (Some(x), _) => to.serialize_f64(x),
            (None, word) => to.serialize_str(word.unwrap_or_default()),
        }
    }
}

/// Day, queue, first policy, first action.
pub(crate) type Key<'a> = (String, &'a str, &'a str, &'a str);

/// The decisions of one key.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) key: Key<'a>,
    decisions: Vec<&'a Decision>,
    is_over: bool,
}

/// The groups of `decisions`, sorted by their keys. `today` is the first day that is not over.
pub(crate) fn groups<'a>(decisions: &'a [Decision], today: &str) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Key<'a>, Vec<&'a Decision>> = BTreeMap::new();
    for decision in decisions {
        let key = (
            decision.decided_at.utc_day(),
            decision.queue_id.as_str(),
            decision.first_policy(),
            decision.headline(),
        );
        groups.entry(key).or_default().push(decision);
    }
    let group = |(key, decisions): (Key<'a>, _)| Group {
        is_over: key.0.as_str() < today,
        key,
        decisions,
    };
    groups.into_iter().map(group).collect()
}

impl<'a> Group<'a> {
    pub(crate) fn count(&self) -> u64 {
        self.decisions.len() as u64
    }

    /// The decisions whose active times may be told together, or why none may.
    fn timed(&self) -> Result<Vec<&'a Decision>, Figure> {
        // A copy that was decided with another took nobody's time.
        let own = |d: &&&Decision| d.propagated_from.is_none();
        let timed: Vec<&Decision> = self.decisions.iter().filter(own).copied().collect();
        self.shape(timed.len() as u64).times().map(|()| timed)
    }

    /// The decisions of which it may be told how many were unsure, or why none may.
    fn rated(&self) -> Result<Vec<&'a Decision>, Figure> {
        self.shape(0).rates().map(|()| self.decisions.clone())
    }

    fn shape(&self, timed: u64) -> Shape {
        let grave = |d: &&Decision| d.severity >= GRAVE_SEVERITY;
        Shape {
            count: self.count(),
            timed,
            is_grave: self.decisions.iter().any(grave),
            is_over: self.is_over,
        }
    }
}

/// What of a group decides on what it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Decisions.
    pub(crate) count: u64,
    /// Of them, those that took time.
    pub(crate) timed: u64,
    /// One of them is of severity 3 or 4.
    pub(crate) is_grave: bool,
    /// Its day is.
    pub(crate) is_over: bool,
}

impl Shape {
    /// Whether its active times are told, or why not.
    pub(crate) fn times(self) -> Result<(), Figure> {
        if self.is_grave {
            Err(Figure::Withheld)
        } else if self.timed == 0 {
            Err(Figure::NotDefined)
        } else if !self.is_over {
            Err(Figure::DayNotOver)
        } else if self.timed < GROUP_MIN {
            Err(Figure::TooFew)
        } else {
            Ok(())
        }
    }

    /// Whether `waits` times from report to decision are told, or why not.
    pub(crate) fn waits(self, waits: u64) -> Result<(), Figure> {
        match (self.rates(), waits) {
            (Ok(()), 0) => Err(Figure::NotDefined),
            (Ok(()), 1..GROUP_MIN) => Err(Figure::TooFew),
            (told, _) => told,
        }
    }

    /// Whether its rates are told, or why not.
    pub(crate) fn rates(self) -> Result<(), Figure> {
        if !self.is_over {
            Err(Figure::DayNotOver)
        } else if self.count < GROUP_MIN {
            Err(Figure::TooFew)
        } else {
            Ok(())
        }
    }
}

/// What groups give, put together, and why the others give nothing.
pub(crate) fn together<T>(
    groups: impl Iterator<Item = Result<Vec<T>, Figure>>,
) -> (Vec<T>, Figure) {
    let (mut all, mut why_not) = (Vec::new(), Figure::NotDefined);
    for group in groups {
        match group {
            Ok(its) => all.extend(its),
            // The one that says most: too few, then withheld, then a day that goes on.
            Err(why) if rank(why) > rank(why_not) => why_not = why,
            Err(_) => {}
        }
    }
    (all, why_not)
}

fn rank(why: Figure) -> u8 {
    match why {
        Figure::TooFew => 3,
        Figure::Withheld => 2,
        Figure::DayNotOver => 1,
        Figure::NotDefined | Figure::Is(_) => 0,
    }
}

/// Active times of several groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Times {
    /// Decisions that the two are made of.
    #[serde(rename = "handle_n")]
    pub(crate) n: u64,
    /// In milliseconds.
    #[serde(rename = "handle_ms_median")]
    pub(crate) median: Figure,
    /// In milliseconds.
    #[serde(rename = "handle_ms_p90")]
    pub(crate) p90: Figure,
}

impl Times {
    pub(crate) fn of<'g, 'a: 'g>(groups: impl Iterator<Item = &'g Group<'a>>) -> Self {
        let (decisions, why_not) = together(groups.map(Group::timed));
        Self::of_values(decisions.iter().map(|d| d.handle_ms).collect(), why_not)
    }

    /// Of values in any order; `why_not` if there are none.
    pub(crate) fn of_values(mut values: Vec<u64>, why_not: Figure) -> Self {
        values.sort_unstable();
        let times: Vec<f64> = values.into_iter().map(|ms| ms as f64).collect();
        let at = |p| Figure::of(percentile_linear(&times, p), why_not);
        Self {
            n: times.len() as u64,
            median: at(50.0),
            p90: at(90.0),
        }
    }
}

/// The median of what only items waited for; of fewer than [`GROUP_MIN`] none.
pub(crate) fn median(values: Vec<u64>) -> Figure {
    match values.len() as u64 {
        0 => Figure::NotDefined,
        1..GROUP_MIN => Figure::TooFew,
        _ => Times::of_values(values, Figure::NotDefined).median,
    }
}

/// How many of several groups were unsure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Rate {
    /// Decisions that the others are made of.
    #[serde(rename = "unsure_n")]
    pub(crate) n: u64,
    #[serde(rename = "unsure")]
    pub(crate) part: Figure,
    /// `part / n`.
    #[serde(rename = "unsure_share")]
    pub(crate) share: Figure,
    /// Ends of Wilson's 95 % interval.
    #[serde(rename = "unsure_share_low")]
    pub(crate) low: Figure,
    #[serde(rename = "unsure_share_high")]
    pub(crate) high: Figure,
}

impl Rate {
    pub(crate) fn of<'g, 'a: 'g>(groups: impl Iterator<Item = &'g Group<'a>>) -> Self {
        let (decisions, why_not) = together(groups.map(Group::rated));
        let part = decisions.iter().filter(|d| d.unsure).count() as u64;
        Self::of_counts(part, decisions.len() as u64, why_not)
    }

    /// `part` of `n`; `why_not` if `n` is 0.
    pub(crate) fn of_counts(part: u64, n: u64, why_not: Figure) -> Self {
        let of = Proportion::wilson(part, n);
        let figure = |get: fn(&Proportion) -> f64| Figure::of(of.as_ref().map(get), why_not);
        Self {
            n,
            part: figure(|p| p.part as f64),
            share: figure(|p| p.share),
            low: figure(|p| p.low),
            high: figure(|p| p.high),
        }
    }
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
