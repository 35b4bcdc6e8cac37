//! The regulator table.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use scrim_model::{DecisionId, ItemId, Timestamp};
use scrim_report::statement::{Ground, ItemFacts, PlatformRules, PolicyRule};
use scrim_report::{DecisionRow, Format, Period, Selection, write_regulator};
use support::*;

fn everything() -> Selection {
    Selection::of(Period {
        from: Timestamp(0),
        to: Timestamp(i64::MAX),
    })
}

fn table(
    rows: &[DecisionRow],
    rules: &PlatformRules,
    items: &BTreeMap<String, ItemFacts>,
) -> String {
    let mut out = Vec::new();
    write_regulator(&mut out, Format::Csv, rows, &everything(), rules, items).unwrap();
    String::from_utf8(out).unwrap()
}

fn rules() -> PlatformRules {
    let rule = PolicyRule {
        category: "STATEMENT_CATEGORY_SCAMS_AND_FRAUD".into(),
        ground: Ground::Illegal,
        reference: String::new(),
        explanation: String::new(),
        facts: String::new(),
        reference_url: None,
        keywords: Vec::new(),
    };
    PlatformRules {
        policies: [("spam".to_owned(), rule)].into(),
        territorial_scope: Vec::new(),
    }
}

fn rows() -> Vec<DecisionRow> {
    let mut allowed = row(2, 0);
    allowed.decision.policy_ids.clear();
    let mut unknown = row(3, 1);
    unknown.decision.policy_ids.remove(0);
    // The same item decided anew: it counts once, by the newer decision.
    let mut again = row(4, 1);
    again.decision.item_id = ItemId::new("i1").unwrap();
    again.decision.propagated_from = Some(DecisionId::new("d3").unwrap());
    vec![row(1, 1), allowed, unknown, again]
}

/// Frozen: a changed line here is a broken contract with whoever reads these files.
#[test]
fn the_table_is_frozen_and_what_is_not_known_is_never_zero() {
    let facts = ItemFacts {
        item_id: "i1".into(),
        content_date: "2026-02-01".into(),
        source_type: "SOURCE_VOLUNTARY".into(),
        automated_detection: true,
        content_language: Some("DE".into()),
        content_type: Vec::new(),
    };
    let items = [("i1".to_owned(), facts)].into();
    let expected = "measure,group,unit,value\r\n\
        items_by_category,STATEMENT_CATEGORY_SCAMS_AND_FRAUD,items,1\r\n\
        items_by_category,none,items,1\r\n\
        items_by_category,not known,items,1\r\n\
        items_by_language,DE,items,1\r\n\
        items_by_language,not known,items,2\r\n\
        items_by_source,SOURCE_VOLUNTARY,items,1\r\n\
        items_by_source,not known,items,2\r\n\
        items_by_detection,automated,items,1\r\n\
        items_by_detection,not known,items,2\r\n\
        items_by_decision,human,items,2\r\n\
        items_by_decision,\"human, copied by hash or author\",items,1\r\n\
        actions_by_ground,illegal content: restrict,actions,2\r\n\
        actions_by_ground,illegal content: warn_author,actions,2\r\n\
        actions_by_ground,none: restrict,actions,1\r\n\
        actions_by_ground,none: warn_author,actions,1\r\n\
        actions_by_ground,not known: restrict,actions,1\r\n\
        actions_by_ground,not known: warn_author,actions,1\r\n\
        appeals_received,,appeals,not known\r\n\
        appeals_upheld,,appeals,not known\r\n\
        appeals_reversed,,appeals,not known\r\n\
        appeals_median_days,,days,not known\r\n\
        time_to_report_by_priority,,hours,not known\r\n\
        reviewers_per_language,,reviewers,not known\r\n\
        error_indicators_of_automated_means,,share,not known\r\n";
    assert_eq!(table(&rows(), &rules(), &items), expected);
}

#[test]
fn without_the_platforms_files_their_groups_are_not_known() {
    let table = table(&rows(), &PlatformRules::default(), &BTreeMap::new());
    for measure in ["items_by_language", "items_by_source", "items_by_detection"] {
        assert!(
            table.contains(&format!("{measure},not known,items,3\r\n")),
            "{table}"
        );
    }
    assert!(table.contains("items_by_category,not known,items,2\r\n"));
    for private in ["SECRET", "98700", "i1", "d1"] {
        assert!(!table.contains(private), "{private}");
    }
}
