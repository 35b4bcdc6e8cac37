//! How long a record is kept, and what keeps it longer.

use std::collections::BTreeMap;

use scrim_model::Timestamp;
use scrim_model::retention::{
    Authority, Begins, Hold, PartKept, RULES, RecordPart, Reported, Rule, TABLE_VERSION,
    last_day_before,
};
use serde_json::{Value, json};

use super::{DRAFT, Evidence};

/// What the store knows of a record's keeping.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Each part.
    pub parts: Vec<PartKept>,
    /// Every report of the decision.
    pub reports: Vec<Reported>,
    /// When that was looked up; only the day is told.
    pub at: Timestamp,
}

/// The day of the last report to `to` that is kept, else the one that was said with the export.
fn reported_on(evidence: &Evidence<'_>, to: Authority) -> Option<Timestamp> {
    let reports = evidence.keeping.reports.iter();
    let last = reports
        .filter(|report| report.to == to)
        .map(|report| report.on);
    last.max().or(evidence.reported_on)
}

/// The last day on which that rule keeps what was reported.
pub(super) fn until(evidence: &Evidence<'_>, rule: &Rule) -> Value {
    let begins = match rule.begins {
        Begins::Decided => Some(evidence.decision.decided_at),
        Begins::Reported(to) => reported_on(evidence, to),
    };
    let day = begins.and_then(|at| rule.last_day(&at.utc_day()));
    day.map_or_else(
        || "not known: not reported, as far as was said".into(),
        Value::from,
    )
}

/// The last day of the rule of that name.
pub(super) fn until_of(evidence: &Evidence<'_>, rule_id: &str) -> Value {
    let rule = RULES.iter().find(|rule| rule.id == rule_id);
    rule.map_or(Value::Null, |rule| until(evidence, rule))
}

fn hold(hold: &Hold) -> Value {
    let until = hold.until.iter().map(|(part, until)| {
        let day = until.map_or("until it is lifted".to_owned(), last_day_before);
        (part.as_str(), day)
    });
    json!({
        "hold": hold.id,
        "on": hold.on.as_ref().map_or("every record before it", |id| id.as_str()),
        "hold_reason": hold.reason,
        "hold_start": hold.start.utc_day(),
        "until": until.collect::<BTreeMap<_, _>>(),
    })
}

impl Keeping {
    pub(super) fn is_erased(&self, part: RecordPart) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|kept| kept.part == part && kept.is_erased)
    }
}

fn by_part<'a, T: Into<Value>>(
    keeping: &'a Keeping,
    tell: impl Fn(&'a PartKept) -> T,
) -> BTreeMap<&'static str, Value> {
    let parts = keeping.parts.iter();
    parts
        .map(|kept| (kept.part.as_str(), tell(kept).into()))
        .collect()
}

/// The holds in force, each once.
fn holds(keeping: &Keeping) -> Vec<&Hold> {
    let all = keeping.parts.iter().flat_map(|kept| &kept.holds);
    let mut found: Vec<&Hold> = Vec::new();
    for hold in all.filter(|hold| hold.is_in_force(keeping.at)) {
        if found.iter().all(|known| known.id != hold.id) {
            found.push(hold);
        }
    }
    found
}

/// What stands in the record's own row.
pub(super) fn row(keeping: &Keeping) -> Value {
    json!({
        "as_of": keeping.at.utc_day(),
        "holds": holds(keeping).into_iter().map(hold).collect::<Vec<_>>(),
        "retain_until": by_part(keeping, PartKept::retain_until),
        "erasure_blocked": by_part(keeping, |kept| kept.block(keeping.at).is_some()),
        "erased": by_part(keeping, |kept| kept.is_erased),
    })
}

/// The retention file: every rule, reported or not, and what the store says.
pub(super) fn file(evidence: &Evidence<'_>) -> Value {
    let clock = |rule: &Rule| {
        json!({
            "rule": rule.id,
            "what": rule.what,
            "parts": rule.parts.iter().map(|part| part.as_str()).collect::<Vec<_>>(),
            "months": rule.months,
            "source": rule.source,
            "retain_until": until(evidence, rule),
        })
    };
    let report = |report: &Reported| {
        json!({
            "to": report.to.as_str(),
            "on": report.on.utc_day(),
            "reference": report.reference,
        })
    };
    json!({
        "draft": DRAFT,
        "table_version": TABLE_VERSION,
        "reported_on": evidence.reported_on.map(Timestamp::utc_day),
        "reports": evidence.keeping.reports.iter().map(report).collect::<Vec<_>>(),
        "clocks": RULES.iter().map(clock).collect::<Vec<_>>(),
        "record": row(&evidence.keeping),
    })
}
