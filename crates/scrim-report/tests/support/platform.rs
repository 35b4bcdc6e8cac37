//! What a platform says of its policies and items, and statements made of it.

use std::collections::BTreeMap;

use scrim_model::{ActionKind, DecisionAction, Kind, Timestamp};
use scrim_report::statement::{
    Derived, Ground, ItemFacts, PlatformRules, PolicyRule, Statement, derive,
};
use scrim_report::{DecisionRow, Period, Selection};

use super::row;

pub(crate) const ORIGIN: &str = "https://queue.example";

pub(crate) fn everything() -> Selection {
    Selection::of(Period {
        from: Timestamp::parse("2020-01-01T00:00:00Z").unwrap(),
        to: Timestamp::parse("2038-01-01T00:00:00Z").unwrap(),
    })
}

pub(crate) fn rule(ground: Ground) -> PolicyRule {
    PolicyRule {
        category: "STATEMENT_CATEGORY_SCAMS_AND_FRAUD".into(),
        ground,
        reference: "Terms of service, section 4".into(),
        explanation: "It asks for money for something that does not exist.".into(),
        facts: "A person looked at the content after a report.".into(),
        reference_url: Some("https://platform.example/terms".into()),
        keywords: vec!["KEYWORD_PHISHING".into()],
    }
}

pub(crate) fn rules() -> PlatformRules {
    let policies = [("spam", Ground::Incompatible), ("scam", Ground::Illegal)];
    let policies = policies.map(|(id, ground)| (id.to_owned(), rule(ground)));
    PlatformRules {
        policies: policies.into(),
        territorial_scope: vec!["DE".into(), "FR".into()],
    }
}

pub(crate) fn facts(row: &DecisionRow) -> ItemFacts {
    ItemFacts {
        item_id: row.decision.item_id.to_string(),
        content_date: "2026-01-31".into(),
        source_type: "SOURCE_ARTICLE_16".into(),
        automated_detection: false,
        content_language: Some("DE".into()),
        content_type: Vec::new(),
    }
}

pub(crate) fn items(rows: &[DecisionRow]) -> BTreeMap<String, ItemFacts> {
    rows.iter()
        .map(|row| (row.decision.item_id.to_string(), facts(row)))
        .collect()
}

pub(crate) fn derived(rows: &[DecisionRow]) -> Derived {
    derive(rows, &everything(), &rules(), &items(rows), ORIGIN)
}

pub(crate) fn removal(n: u32) -> DecisionRow {
    let mut row = row(n, 1);
    row.decision.item_kind = Some(Kind::Image);
    row.decision.actions = vec![action(ActionKind::Remove, None)];
    row
}

pub(crate) fn action(kind: ActionKind, duration_s: Option<u64>) -> DecisionAction {
    DecisionAction { kind, duration_s }
}

/// A statement that the database takes.
pub(crate) fn good() -> Statement {
    derived(&[removal(1)]).statements.remove(0)
}
