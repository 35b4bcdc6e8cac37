//! The measures that are not counted of items: appeals, reports to authorities, reviewers, detectors.

use std::collections::BTreeMap;

use scrim_model::days::date_number;
use scrim_model::retention::Reported;
use scrim_model::team::DetectorCount;
use scrim_model::{Decision, DecisionId};
use scrim_wire::protocol::{AppealDay, LanguageReviewers};

use super::{NOT_KNOWN, Rows, main_language};
use crate::decisions::DecisionRow;
use crate::select::Selection;
use crate::stats::cell;
use crate::suppress::{Figure, median};
use crate::table::Cell;
use crate::team;

const HOURS_A_DAY: u64 = 24;
/// What a detector's figures are called, with their units, in the order of [`team::detectors`].
const OF_DETECTORS: [(&str, &str); 5] = [
    ("flagged", "decisions"),
    ("right", "decisions"),
    ("precision", "share"),
    ("precision, low", "share"),
    ("precision, high", "share"),
];

/// What is known besides items and actions. `None` is "not known".
#[derive(Debug, Clone, Default)]
pub struct RegulatorOthers<'a> {
    /// What became of appeals, by day and queue.
    pub appeals: Option<&'a [AppealDay]>,
    /// Who reviews, by language.
    pub reviewers: Option<&'a [LanguageReviewers]>,
    /// What became of flagged items.
    pub detectors: Option<&'a [DetectorCount]>,
    /// By priority: hours from the decision to its report. Without one nothing is known: that none was written down
    /// does not say that there was none.
    pub hours_to_report: BTreeMap<String, Vec<u64>>,
}

impl RegulatorOthers<'_> {
    /// What one desk knows: how long it took from its decisions, corrected ones with them, to the first report of each.
    /// Records hold the days of reports, so hours are those of whole days.
    #[must_use]
    pub fn of_desk(
        rows: &[DecisionRow],
        selection: &Selection,
        reports: &BTreeMap<DecisionId, Vec<Reported>>,
    ) -> Self {
        let mut others = Self::default();
        let decisions = rows.iter().map(|row| &row.decision);
        for decision in decisions.filter(|decision| selection.takes(decision)) {
            let reports = reports.get(&decision.decision_id);
            let first = reports.and_then(|its| its.iter().map(|report| report.on).min());
            let days = first.and_then(|first| days_between(decision, &first.utc_day()));
            if let Some(days) = days {
                let of_priority = others.hours_to_report.entry(priority(decision));
                of_priority.or_default().push(days * HOURS_A_DAY);
            }
        }
        others
    }

    pub(super) fn put(&self, rows: &mut Rows) {
        self.put_appeals(rows);
        self.put_reports(rows);
        self.put_reviewers(rows);
        self.put_detectors(rows);
    }

    fn put_appeals(&self, rows: &mut Rows) {
        let counted = ["appeals_received", "appeals_upheld", "appeals_reversed"];
        let Some(days) = self.appeals else {
            for measure in counted {
                rows.not_known(measure, "appeals");
            }
            return rows.not_known("appeals_median_days", "days");
        };
        let sum = |of: fn(&AppealDay) -> u64| days.iter().map(of).fold(0, u64::saturating_add);
        let sums = [
            sum(|day| day.received),
            sum(|day| day.upheld),
            sum(|day| day.reversed),
        ];
        for (measure, sum) in counted.into_iter().zip(sums) {
            rows.put(measure, "", "appeals", Cell::Number(sum));
        }
        let took = days.iter().flat_map(|day| &day.took_days);
        let median = median(took.map(|days| u64::from(*days)).collect());
        rows.put("appeals_median_days", "", "days", cell(median));
    }

    fn put_reports(&self, rows: &mut Rows) {
        let measure = "time_to_report_by_priority";
        if self.hours_to_report.is_empty() {
            return rows.not_known(measure, "hours");
        }
        for (priority, hours) in &self.hours_to_report {
            let n = Cell::Number(hours.len() as u64);
            rows.put(measure, &format!("{priority}: reports"), "reports", n);
            let median = cell(median(hours.clone()));
            rows.put(measure, &format!("{priority}: median"), "hours", median);
        }
    }

    fn put_reviewers(&self, rows: &mut Rows) {
        let measure = "reviewers_per_language";
        let Some(told) = self.reviewers else {
            return rows.not_known(measure, "reviewers");
        };
        if told.is_empty() {
            rows.put(measure, "", "reviewers", Cell::Number(0));
        }
        let group = |language: &str| match language {
            "" => NOT_KNOWN.to_owned(),
            tag => main_language(tag),
        };
        let by_group: BTreeMap<String, Option<u64>> = told
            .iter()
            .map(|of| (group(&of.language), of.people))
            .collect();
        for (group, people) in by_group {
            let value = people.map_or(cell(Figure::TooFew), Cell::Number);
            rows.put(measure, &group, "reviewers", value);
        }
    }

    fn put_detectors(&self, rows: &mut Rows) {
        let measure = "error_indicators_of_automated_means";
        let Some(counts) = self.detectors else {
            return rows.not_known(measure, "share");
        };
        let detectors = team::detectors(counts);
        if detectors.is_empty() {
            rows.put(measure, "", "share", cell(Figure::NotDefined));
        }
        for (name, cells) in detectors {
            for ((what, unit), value) in OF_DETECTORS.iter().zip(cells) {
                rows.put(measure, &format!("{name}: {what}"), unit, value);
            }
        }
    }
}

/// Of its escalation; "none" where it was reported without one.
fn priority(decision: &Decision) -> String {
    match &decision.escalate {
        Some(escalate) => escalate.priority.to_string(),
        None => "none".to_owned(),
    }
}

/// Days from the decision's to a later one.
fn days_between(decision: &Decision, day: &str) -> Option<u64> {
    let from = date_number(&decision.decided_at.utc_day())?;
    u64::try_from((date_number(day)? - from).max(0)).ok()
}
