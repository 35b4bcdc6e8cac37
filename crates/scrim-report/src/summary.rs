//! The statistics as one document: what JSON and the report are written from.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use scrim_model::Timestamp;
use serde::Serialize;

use crate::decisions::DecisionRow;
use crate::error::ReportError;
use crate::select::Selection;
use crate::suppress::{Group, Rate, Times, groups};

/// What the document is.
pub(crate) const TITLE: &str = "Decisions of one desk";

/// Statistics of some decisions, with totals. Times and rates are told by the rules of [`crate::suppress`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    schema: &'static str,
    title: &'static str,
    pub(crate) period: Days,
    /// The last day that has begun: later ones are not drawn.
    #[serde(skip)]
    pub(crate) drawn_to: String,
    pub(crate) filters: Filters,
    /// All decisions that count.
    pub(crate) count: u64,
    /// By day, queue, first policy, first action.
    pub(crate) rows: Vec<Row>,
    pub(crate) totals: Totals,
    explanations: BTreeMap<&'static str, &'static str>,
    not_known: BTreeMap<&'static str, &'static str>,
}

/// First and last day, both inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Days {
    pub(crate) from: String,
    pub(crate) to: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Filters {
    pub(crate) queue: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) action: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    pub(crate) day: String,
    pub(crate) queue: String,
    pub(crate) policy: String,
    pub(crate) action: String,
    pub(crate) count: u64,
    #[serde(flatten)]
    pub(crate) times: Times,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Totals {
    pub(crate) all: All,
    pub(crate) day: Vec<DayTotal>,
    pub(crate) queue: Vec<Total>,
    pub(crate) policy: Vec<Total>,
    pub(crate) action: Vec<ActionTotal>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct All {
    pub(crate) count: u64,
    #[serde(flatten)]
    pub(crate) times: Times,
}

/// A day has a number and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DayTotal {
    pub(crate) name: String,
    pub(crate) count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Total {
    pub(crate) name: String,
    pub(crate) count: u64,
    #[serde(flatten)]
    pub(crate) times: Times,
    #[serde(flatten)]
    pub(crate) rate: Rate,
}

/// The unsure rate is told by queue and by policy only.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ActionTotal {
    pub(crate) name: String,
    pub(crate) count: u64,
    #[serde(flatten)]
    pub(crate) times: Times,
}

/// What each figure is and how it is made.
pub(crate) const EXPLANATIONS: [(&str, &str); 9] = [
    (
        "count",
        "Decisions that count: corrected, undone, refused, withdrawn and overtaken ones do not, nor does what was decided in training. A decision counts for its first policy and its first action.",
    ),
    (
        "handle_ms_median",
        "Median active time of a decision in milliseconds, breaks and idling left out: of the times in order the middle one, or halfway between the middle two.",
    ),
    (
        "handle_ms_p90",
        "Nine decisions of ten took no longer: the value at rank 0.9 \u{d7} (n \u{2212} 1), counted from 0, of the times in order; between two ranks by linear interpolation.",
    ),
    (
        "handle_n",
        "Decisions that the two times are made of. Copies that were decided together with another took no time and are not among them.",
    ),
    (
        "unsure_share",
        "Share of decisions that were marked unsure: unsure \u{f7} unsure_n. Told by queue and by policy only.",
    ),
    (
        "unsure_share_low, unsure_share_high",
        "Where the true share lies with 95 % confidence (Wilson\u{2019}s score interval). The fewer decisions, the wider.",
    ),
    (
        "too few",
        "Times and rates are made of whole groups only: all decisions of one day, queue, policy and action, five at least. Smaller groups are in the counts and in nothing else, in this document and in every other one.",
    ),
    (
        "withheld",
        "A group that holds a decision of severity 3 or 4 has no times: nobody is to be measured by the time that grave items take.",
    ),
    (
        "day not over",
        "A day has times and rates once it is over (UTC).",
    ),
];

/// Statistics that one desk's records cannot tell.
pub(crate) const NOT_KNOWN: [(&str, &str); 6] = [
    (
        "agreement",
        "not known: one desk holds one person\u{2019}s decisions",
    ),
    ("backlog age", "not known: the queue server holds the queue"),
    ("flag precision", "not known: records hold no detector"),
    (
        "overturn rate",
        "not known: appeals and second reviews are at the queue server",
    ),
    (
        "skip rate",
        "not known: what was given back is not in the records",
    ),
    (
        "time to action, SLA attainment",
        "not known: records hold no due time of an item",
    ),
];

impl Summary {
    /// Of what `selection` takes of `rows`, which must hold what was decided after it as well (see
    /// [`Selection::of_standing`]). `now` says which days are over.
    #[must_use]
    pub fn of(rows: &[DecisionRow], selection: &Selection, now: Timestamp) -> Self {
        let decisions = selection.decisions(rows);
        let groups = groups(&decisions, &now.utc_day());
        let by = |name: fn(&Group<'_>) -> String| {
            let names: BTreeSet<String> = groups.iter().map(name).collect();
            let of = |name_: String| {
                let its: Vec<&Group<'_>> = groups.iter().filter(|g| name(g) == name_).collect();
                (name_, its)
            };
            names.into_iter().map(of).collect::<Vec<_>>()
        };
        let total = |(name, its): (String, Vec<&Group<'_>>)| Total {
            name,
            count: its.iter().map(|g| g.count()).sum(),
            times: Times::of(its.iter().copied()),
            rate: Rate::of(its.iter().copied()),
        };
        let day = |(name, its): (String, Vec<&Group<'_>>)| DayTotal {
            name,
            count: its.iter().map(|g| g.count()).sum(),
        };
        let action = |named| {
            let Total {
                name, count, times, ..
            } = total(named);
            ActionTotal { name, count, times }
        };
        let count = decisions.len() as u64;
        Self {
            schema: "scrim.statistics/1",
            title: TITLE,
            period: Days {
                from: selection.period.first_day(),
                to: selection.period.last_day(),
            },
            drawn_to: selection.period.last_day().min(now.utc_day()),
            filters: Filters {
                queue: selection.queue.clone(),
                policy: selection.policy.clone(),
                action: selection.action.clone(),
            },
            count,
            rows: groups.iter().map(row).collect(),
            totals: Totals {
                all: All {
                    count,
                    times: Times::of(groups.iter()),
                },
                day: by(|g| g.key.0.clone()).into_iter().map(day).collect(),
                queue: by(|g| g.key.1.to_owned()).into_iter().map(total).collect(),
                policy: by(|g| g.key.2.to_owned()).into_iter().map(total).collect(),
                action: by(|g| g.key.3.to_owned()).into_iter().map(action).collect(),
            },
            explanations: EXPLANATIONS.into(),
            not_known: NOT_KNOWN.into(),
        }
    }

    /// Writes it as one JSON document.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write_json(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }
}

fn row(group: &Group<'_>) -> Row {
    let (day, queue, policy, action) = &group.key;
    Row {
        day: day.clone(),
        queue: (*queue).to_owned(),
        policy: (*policy).to_owned(),
        action: (*action).to_owned(),
        count: group.count(),
        times: Times::of(std::iter::once(group)),
    }
}
