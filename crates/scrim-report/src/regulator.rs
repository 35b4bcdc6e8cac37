//! The table that a regulator's transparency report is filled from, as far as a desk's records go.
//!
//! What they cannot tell is "not known" and never 0. What only the platform knows of policies and items comes from its
//! files, as for statements of reasons.

use std::collections::BTreeMap;
use std::io::Write;

use scrim_model::Decision;

use crate::decisions::DecisionRow;
use crate::error::ReportError;
use crate::select::{Selection, first_policy};
use crate::statement::{Ground, ItemFacts, PlatformRules};
use crate::table::{Cell, Format, write_table};

/// What stands for a figure, or a name, that the records do not hold.
pub const NOT_KNOWN: &str = "not known";

/// Columns of the regulator table, in order. `/v1` of this contract only adds, at the end.
pub const REGULATOR_COLUMNS: [&str; 4] = ["measure", "group", "unit", "value"];

/// Measures that only the platform or its queue server can tell, with their units.
const ELSEWHERE: [(&str, &str); 7] = [
    ("appeals_received", "appeals"),
    ("appeals_upheld", "appeals"),
    ("appeals_reversed", "appeals"),
    ("appeals_median_days", "days"),
    ("time_to_report_by_priority", "hours"),
    ("reviewers_per_language", "reviewers"),
    ("error_indicators_of_automated_means", "share"),
];

type Counts = BTreeMap<String, u64>;

fn bump(counts: &mut Counts, group: Option<&str>) {
    let group = group.unwrap_or(NOT_KNOWN).to_owned();
    *counts.entry(group).or_default() += 1;
}

/// Writes one row for each measure and group, in a fixed order. Items count by their newest decision; decisions as in
/// the statistics. `rows` as for [`Selection::of_standing`].
///
/// # Errors
/// [`ReportError::NotWritten`] if `out` does not take it.
pub fn write_regulator(
    out: &mut dyn Write,
    format: Format,
    rows: &[DecisionRow],
    selection: &Selection,
    rules: &PlatformRules,
    items: &BTreeMap<String, ItemFacts>,
) -> Result<(), ReportError> {
    let standing = selection.of_standing(rows);
    let decisions: Vec<&Decision> = standing.iter().map(|row| &row.decision).collect();
    let row = |measure: &str, group: String, unit: &str, value: Cell| {
        let text = |text: &str| Cell::Text(text.to_owned());
        [text(measure), Cell::Text(group), text(unit), value]
    };
    let mut table = Vec::new();
    for (measure, unit, counts) in counted(&decisions, rules, items) {
        if counts.is_empty() {
            table.push(row(measure, String::new(), unit, Cell::Number(0)));
        }
        for (group, count) in counts {
            table.push(row(measure, group, unit, Cell::Number(count)));
        }
    }
    for (measure, unit) in ELSEWHERE {
        table.push(row(
            measure,
            String::new(),
            unit,
            Cell::Text(NOT_KNOWN.to_owned()),
        ));
    }
    write_table(out, format, &REGULATOR_COLUMNS, table.into_iter())
}

fn counted(
    decisions: &[&Decision],
    rules: &PlatformRules,
    items: &BTreeMap<String, ItemFacts>,
) -> [(&'static str, &'static str, Counts); 6] {
    // By the item's id; rows come in the order of their times, so the newest stays.
    let newest: BTreeMap<&str, &Decision> =
        decisions.iter().map(|d| (d.item_id.as_str(), *d)).collect();
    let (mut category, mut language, mut source, mut found, mut decided) = Default::default();
    for (item, decision) in newest {
        let policy = first_policy(decision);
        // An item that nothing was found against has no category, and that is known.
        let of_policy = match policy {
            "" => Some("none"),
            policy => rules
                .policies
                .get(policy)
                .map(|rule| rule.category.as_str()),
        };
        bump(&mut category, of_policy);
        let facts = items.get(item);
        bump(
            &mut language,
            facts.and_then(|facts| facts.content_language.as_deref()),
        );
        bump(&mut source, facts.map(|facts| facts.source_type.as_str()));
        let by = facts.map(|facts| {
            if facts.automated_detection {
                "automated"
            } else {
                "human"
            }
        });
        bump(&mut found, by);
        let by = if decision.propagated_from.is_some() {
            "human, copied by hash or author"
        } else {
            "human"
        };
        bump(&mut decided, Some(by));
    }
    let mut grounds = Counts::new();
    for decision in decisions {
        let ground = match first_policy(decision) {
            "" => Some("none"),
            policy => rules.policies.get(policy).map(|rule| match rule.ground {
                Ground::Illegal => "illegal content",
                Ground::Incompatible => "terms and conditions",
            }),
        };
        for action in &decision.actions {
            let group = format!("{}: {}", ground.unwrap_or(NOT_KNOWN), action.kind.as_str());
            bump(&mut grounds, Some(&group));
        }
    }
    [
        ("items_by_category", "items", category),
        ("items_by_language", "items", language),
        ("items_by_source", "items", source),
        ("items_by_detection", "items", found),
        ("items_by_decision", "items", decided),
        ("actions_by_ground", "actions", grounds),
    ]
}
