//! The published rules of statements: each catches what breaks it, and nothing else does.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_report::ReportError;
use scrim_report::statement::{Rule, Statement, Violation, check, check_batch, write_statements};
use support::platform::good;

type Breaks = (fn(&mut Statement), &'static str, Rule);

fn set(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const BROKEN: &[Breaks] = &[
    (
        |s| s.decision_visibility.clear(),
        "decision_visibility",
        Rule::NoRestriction,
    ),
    (
        |s| s.decision_visibility = vec!["REMOVED".into()],
        "decision_visibility",
        Rule::NotListed,
    ),
    (
        |s| {
            s.decision_visibility
                .push("DECISION_VISIBILITY_OTHER".into())
        },
        "decision_visibility_other",
        Rule::Required,
    ),
    (
        |s| s.decision_visibility_other = set("x"),
        "decision_visibility_other",
        Rule::NotWanted,
    ),
    (
        |s| {
            s.decision_visibility = vec!["DECISION_VISIBILITY_OTHER".into()];
            s.decision_visibility_other = Some("x".repeat(501));
        },
        "decision_visibility_other",
        Rule::TooLong(500),
    ),
    (
        |s| s.decision_monetary = set("none"),
        "decision_monetary",
        Rule::NotListed,
    ),
    (
        |s| s.decision_monetary = set("DECISION_MONETARY_OTHER"),
        "decision_monetary_other",
        Rule::Required,
    ),
    (
        |s| s.decision_monetary_other = set("x"),
        "decision_monetary_other",
        Rule::NotWanted,
    ),
    (
        |s| s.decision_provision = set("TOTAL"),
        "decision_provision",
        Rule::NotListed,
    ),
    (
        |s| s.decision_account = set("SUSPENDED"),
        "decision_account",
        Rule::NotListed,
    ),
    (
        |s| s.account_type = set("OTHER"),
        "account_type",
        Rule::NotListed,
    ),
    (
        |s| s.decision_facts = " ".into(),
        "decision_facts",
        Rule::Required,
    ),
    (
        |s| s.decision_facts = "\u{e4}".repeat(5_001),
        "decision_facts",
        Rule::TooLong(5_000),
    ),
    (
        |s| s.decision_facts = "Ask someone@example.org".into(),
        "decision_facts",
        Rule::PersonalData,
    ),
    (
        |s| s.decision_facts = "Call +49 (30) 1234-5678".into(),
        "decision_facts",
        Rule::PersonalData,
    ),
    (
        |s| s.decision_ground_reference_url = set("platform.example"),
        "decision_ground_reference_url",
        Rule::NotAUrl,
    ),
    (
        |s| s.decision_ground_reference_url = set("https:///terms"),
        "decision_ground_reference_url",
        Rule::NotAUrl,
    ),
    (
        |s| s.incompatible_content_ground = None,
        "incompatible_content_ground",
        Rule::Required,
    ),
    (
        |s| s.incompatible_content_ground = Some("x".repeat(501)),
        "incompatible_content_ground",
        Rule::TooLong(500),
    ),
    (
        |s| s.incompatible_content_explanation = set(""),
        "incompatible_content_explanation",
        Rule::Required,
    ),
    (
        |s| s.incompatible_content_explanation = Some("x".repeat(2_001)),
        "incompatible_content_explanation",
        Rule::TooLong(2_000),
    ),
    (
        |s| s.incompatible_content_illegal = set("yes"),
        "incompatible_content_illegal",
        Rule::NotListed,
    ),
    (
        |s| s.illegal_content_legal_ground = set("x"),
        "illegal_content_legal_ground",
        Rule::NotWanted,
    ),
    (
        |s| s.illegal_content_explanation = set("x"),
        "illegal_content_explanation",
        Rule::NotWanted,
    ),
    (|s| s.content_type.clear(), "content_type", Rule::Required),
    (
        |s| s.content_type = vec!["IMAGE".into()],
        "content_type",
        Rule::NotListed,
    ),
    (
        |s| s.content_type = vec!["CONTENT_TYPE_OTHER".into()],
        "content_type_other",
        Rule::Required,
    ),
    (
        |s| s.content_type_other = set("x"),
        "content_type_other",
        Rule::NotWanted,
    ),
    (|s| s.category.clear(), "category", Rule::Required),
    (
        |s| s.category = "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE".into(),
        "category",
        Rule::NotListed,
    ),
    (
        |s| s.category_addition = vec!["x".into()],
        "category_addition",
        Rule::NotListed,
    ),
    (
        |s| s.category_specification = vec!["KEYWORD".into()],
        "category_specification",
        Rule::NotListed,
    ),
    (
        |s| s.category_specification_other = set("x"),
        "category_specification_other",
        Rule::NotWanted,
    ),
    (
        |s| s.territorial_scope = vec!["UK".into()],
        "territorial_scope",
        Rule::NotListed,
    ),
    (
        |s| s.content_language = set("de"),
        "content_language",
        Rule::NotListed,
    ),
    (|s| s.content_date.clear(), "content_date", Rule::Required),
    (
        |s| s.content_date = "31.01.2026".into(),
        "content_date",
        Rule::NotADate,
    ),
    (
        |s| s.content_date = "2026-02-30".into(),
        "content_date",
        Rule::NotADate,
    ),
    (
        |s| s.content_date = "1999-12-31".into(),
        "content_date",
        Rule::TooEarly,
    ),
    (
        |s| s.content_date = "2038-01-02".into(),
        "content_date",
        Rule::TooLate,
    ),
    (
        |s| s.application_date.clear(),
        "application_date",
        Rule::Required,
    ),
    (
        |s| s.application_date = "2019-12-31".into(),
        "application_date",
        Rule::TooEarly,
    ),
    (
        |s| s.end_date_account_restriction = set("2026-02-01"),
        "end_date_account_restriction",
        Rule::EndsBeforeItBegins,
    ),
    (
        |s| s.end_date_monetary_restriction = set("soon"),
        "end_date_monetary_restriction",
        Rule::NotADate,
    ),
    (
        |s| s.end_date_service_restriction = set("2039-01-01"),
        "end_date_service_restriction",
        Rule::TooLate,
    ),
    (
        |s| s.end_date_visibility_restriction = set("2026-02-01"),
        "end_date_visibility_restriction",
        Rule::EndsBeforeItBegins,
    ),
    (|s| s.source_type.clear(), "source_type", Rule::Required),
    (
        |s| s.source_type = "USER".into(),
        "source_type",
        Rule::NotListed,
    ),
    (
        |s| s.source_identity = Some("x".repeat(501)),
        "source_identity",
        Rule::TooLong(500),
    ),
    (
        |s| {
            s.source_type = "SOURCE_VOLUNTARY".into();
            s.source_identity = set("An organisation");
        },
        "source_identity",
        Rule::NotWanted,
    ),
    (
        |s| s.automated_detection = "true".into(),
        "automated_detection",
        Rule::NotListed,
    ),
    (
        |s| s.automated_decision = "No".into(),
        "automated_decision",
        Rule::NotListed,
    ),
    (|s| s.puid.clear(), "puid", Rule::Required),
    (|s| s.puid = "a b".into(), "puid", Rule::NotAPuid),
    (|s| s.puid = "a\n".into(), "puid", Rule::NotAPuid),
    (|s| s.puid = "a".repeat(501), "puid", Rule::TooLong(500)),
];

#[test]
fn each_rule_catches_what_breaks_it_and_nothing_else() {
    assert_eq!(check(&good()), []);
    for (n, (breaks, path, rule)) in BROKEN.iter().enumerate() {
        let mut statement = good();
        breaks(&mut statement);
        let violation = Violation {
            path: (*path).to_owned(),
            rule: *rule,
        };
        assert_eq!(check(&statement), [violation], "example {n}, {path}");
    }
}

#[test]
fn a_statement_on_the_law_needs_its_own_two_texts() {
    let mut statement = good();
    statement.decision_ground = "DECISION_GROUND_ILLEGAL_CONTENT".into();
    statement.incompatible_content_illegal = set("No");
    let paths: Vec<String> = check(&statement).iter().map(ToString::to_string).collect();
    let expected = [
        "illegal_content_legal_ground: it is missing",
        "illegal_content_explanation: it is missing",
        "incompatible_content_ground: it belongs to another choice",
        "incompatible_content_explanation: it belongs to another choice",
        "incompatible_content_illegal: it belongs to another choice",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn what_breaks_a_rule_is_not_written_and_one_identifier_is_used_once() {
    let twice = [good(), good()];
    assert_eq!(
        check_batch(&twice)[0].to_string(),
        "statements.1.puid: another statement has it"
    );
    let mut out = Vec::new();
    let refused = write_statements(&mut out, &twice);
    assert!(matches!(refused, Err(ReportError::Statement(v)) if v.rule == Rule::PuidTwice));
    assert!(out.is_empty());
}
