//! Statements of reasons: what is derived keeps every published rule, and each rule catches what breaks it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use scrim_model::{ActionKind, DecisionAction, Kind, Timestamp};
use scrim_report::statement::{
    Derived, Ground, ItemFacts, LeftOut, PlatformRules, PolicyRule, Rule, Statement, Violation,
    check, check_batch, derive, puid, write_statements,
};
use scrim_report::{DecisionRow, Period, ReportError, Selection};
use scrim_wire::window::SyncState;
use support::*;

const ORIGIN: &str = "https://queue.example";

fn everything() -> Selection {
    Selection::of(Period {
        from: Timestamp::parse("2020-01-01T00:00:00Z").unwrap(),
        to: Timestamp::parse("2038-01-01T00:00:00Z").unwrap(),
    })
}

fn rule(ground: Ground) -> PolicyRule {
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

fn rules() -> PlatformRules {
    let policies = [("spam", Ground::Incompatible), ("scam", Ground::Illegal)];
    let policies = policies.map(|(id, ground)| (id.to_owned(), rule(ground)));
    PlatformRules {
        policies: policies.into(),
        territorial_scope: vec!["DE".into(), "FR".into()],
    }
}

fn facts(row: &DecisionRow) -> ItemFacts {
    ItemFacts {
        item_id: row.decision.item_id.to_string(),
        content_date: "2026-01-31".into(),
        source_type: "SOURCE_ARTICLE_16".into(),
        automated_detection: false,
        content_language: Some("DE".into()),
        content_type: Vec::new(),
    }
}

fn items(rows: &[DecisionRow]) -> BTreeMap<String, ItemFacts> {
    rows.iter()
        .map(|row| (row.decision.item_id.to_string(), facts(row)))
        .collect()
}

fn derived(rows: &[DecisionRow]) -> Derived {
    derive(rows, &everything(), &rules(), &items(rows), ORIGIN)
}

fn removal(n: u32) -> DecisionRow {
    let mut row = row(n, 1);
    row.decision.item_kind = Some(Kind::Image);
    row.decision.actions = vec![action(ActionKind::Remove, None)];
    row
}

fn action(kind: ActionKind, duration_s: Option<u64>) -> DecisionAction {
    DecisionAction { kind, duration_s }
}

/// A statement that the database takes.
fn good() -> Statement {
    derived(&[removal(1)]).statements.remove(0)
}

/// Frozen: names, values and order are the database's.
#[test]
fn a_statement_is_frozen() {
    let mut out = Vec::new();
    write_statements(&mut out, &[good()]).unwrap();
    let expected = format!(
        r#"{{"statements":[{{"decision_visibility":["DECISION_VISIBILITY_CONTENT_REMOVED"],"decision_facts":"A person looked at the content after a report.","decision_ground":"DECISION_GROUND_INCOMPATIBLE_CONTENT","decision_ground_reference_url":"https://platform.example/terms","incompatible_content_ground":"Terms of service, section 4","incompatible_content_explanation":"It asks for money for something that does not exist.","content_type":["CONTENT_TYPE_IMAGE"],"category":"STATEMENT_CATEGORY_SCAMS_AND_FRAUD","category_specification":["KEYWORD_PHISHING"],"territorial_scope":["DE","FR"],"content_language":"DE","content_date":"2026-01-31","application_date":"2026-02-02","source_type":"SOURCE_ARTICLE_16","automated_detection":"No","automated_decision":"AUTOMATED_DECISION_NOT_AUTOMATED","puid":"{}"}}]}}"#,
        puid(ORIGIN, "d1")
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected + "\n");
}

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

#[test]
fn actions_become_restrictions_with_their_ends() {
    let day = 86_400;
    let of = |actions: Vec<DecisionAction>| {
        let mut row = removal(1);
        row.decision.actions = actions;
        derived(&[row]).statements.into_iter().next()
    };
    let account = of(vec![action(ActionKind::SuspendAuthor, Some(3 * day))]).unwrap();
    assert_eq!(
        account.decision_account.as_deref(),
        Some("DECISION_ACCOUNT_SUSPENDED")
    );
    assert_eq!(
        account.end_date_account_restriction.as_deref(),
        Some("2026-02-05")
    );
    assert_eq!(account.decision_visibility, [""; 0]);
    let gone = of(vec![action(ActionKind::SuspendAuthor, None)]).unwrap();
    assert_eq!(
        gone.decision_account.as_deref(),
        Some("DECISION_ACCOUNT_TERMINATED")
    );
    let limited = of(vec![
        action(ActionKind::LimitAuthor, Some(day)),
        action(ActionKind::WarnAuthor, None),
    ])
    .unwrap();
    assert_eq!(
        limited.decision_provision.as_deref(),
        Some("DECISION_PROVISION_PARTIAL_SUSPENSION")
    );
    let seen = of(vec![
        action(ActionKind::AgeGate, Some(day)),
        action(ActionKind::Label, Some(9 * day)),
    ])
    .unwrap();
    assert_eq!(
        seen.end_date_visibility_restriction.as_deref(),
        Some("2026-02-11")
    );
    let good = of(vec![
        action(ActionKind::Restrict, Some(day)),
        action(ActionKind::Remove, None),
    ])
    .unwrap();
    assert_eq!(good.end_date_visibility_restriction, None);
    for harmless in [
        ActionKind::Allow,
        ActionKind::WarnAuthor,
        ActionKind::Escalate,
    ] {
        assert_eq!(of(vec![action(harmless, None)]), None);
    }
}

#[test]
fn what_is_not_in_force_gives_none_and_what_is_not_known_is_named() {
    let mut waits = removal(1);
    waits.awaiting_second = true;
    let mut unsent = removal(2);
    unsent.state = SyncState::Waiting;
    assert_eq!(derived(&[waits, unsent]), Derived::default());

    let mut unknown = removal(3);
    unknown.decision.policy_ids.clear();
    let mut post = removal(4);
    post.decision.item_kind = Some(Kind::Post);
    let mut new = removal(5);
    new.decision.actions = vec![action(ActionKind::from("shadow"), None)];
    let mut late = removal(6);
    late.decision.actions[0].duration_s = Some(u64::MAX);
    let mut clock = removal(7);
    clock.decision.decided_at = Timestamp::parse("2037-12-31T23:00:00Z").unwrap();
    clock.decision.skew_ms = 3 * 86_400_000;
    let rows = [unknown, post, new, late, clock, removal(8)];
    let mut items = items(&rows);
    items.remove("i8");
    let derived = derive(&rows, &everything(), &rules(), &items, ORIGIN);
    assert_eq!(derived.statements, []);
    let why: BTreeMap<String, &str> = derived
        .left_out
        .iter()
        .flat_map(|(why, ids)| ids.iter().map(move |id| (id.clone(), why)))
        .map(|(id, why)| {
            let why = match why {
                LeftOut::UnknownPolicy => "policy",
                LeftOut::UnknownItem => "item",
                LeftOut::UnknownContent => "content",
                LeftOut::UnknownAction => "action",
                LeftOut::EndsTooLate => "end",
                LeftOut::Breaks(violation) => match violation.rule {
                    Rule::TooLate => "rule",
                    _ => "other rule",
                },
            };
            (id, why)
        })
        .collect();
    let expected = [
        ("d3", "policy"),
        ("d4", "content"),
        ("d5", "action"),
        ("d6", "end"),
        ("d7", "rule"),
        ("d8", "item"),
    ];
    assert_eq!(why, expected.map(|(id, why)| (id.to_owned(), why)).into());
}

#[test]
fn an_identifier_is_of_one_decision_of_one_server() {
    let ids = [
        puid(ORIGIN, "d1"),
        puid(ORIGIN, "d2"),
        puid("https://other.example", "d1"),
        puid("https://queue.exampl", "ed1"),
    ];
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.iter().all(|id| id.len() == 70 && !id.contains("d1-")));
}

/// Ten thousand random decisions, rules and items.
#[test]
fn whatever_is_derived_of_ten_thousand_random_records_keeps_the_rules() {
    let mut dice = Dice(20_260_201);
    let kinds = [
        Kind::Image,
        Kind::Video,
        Kind::Audio,
        Kind::Text,
        Kind::Conversation,
        Kind::Account,
        Kind::Link,
        Kind::Post,
    ];
    let actions = [ActionKind::KNOWN, &[ActionKind::from("else")]].concat();
    let mut rows = Vec::new();
    for n in 0..10_000 {
        let mut row = removal(n);
        let d = &mut row.decision;
        d.decided_at = Timestamp(1_600_000_000_000 + dice.roll(500_000_000_000) as i64);
        d.skew_ms = dice.roll(10_000) as i64 - 5_000;
        d.item_kind = (dice.roll(20) > 0).then(|| kinds[dice.roll(8) as usize].clone());
        if dice.roll(2) == 0 {
            d.media.clear();
        }
        if dice.roll(3) == 0 {
            d.policy_ids.reverse();
        }
        let many = 1 + dice.roll(3);
        let mut one = || {
            let kind = actions[dice.roll(actions.len() as u64) as usize].clone();
            let duration = [None, Some(3_600), Some(86_400 * 30), Some(86_400 * 9_000)];
            action(kind, duration[dice.roll(4) as usize])
        };
        d.actions = (0..many).map(|_| one()).collect();
        if n > 0 && dice.roll(30) == 0 {
            d.supersedes = Some(
                rows.last()
                    .map(|row: &DecisionRow| row.decision.decision_id.clone())
                    .unwrap(),
            );
        }
        rows.push(row);
    }
    let mut items = items(&rows);
    for facts in items.values_mut() {
        facts.automated_detection = dice.roll(2) == 0;
        let sources = [
            "SOURCE_ARTICLE_16",
            "SOURCE_TRUSTED_FLAGGER",
            "SOURCE_TYPE_OTHER_NOTIFICATION",
            "SOURCE_VOLUNTARY",
        ];
        facts.source_type = sources[dice.roll(4) as usize].to_owned();
        if dice.roll(5) == 0 {
            facts.content_type = vec!["CONTENT_TYPE_TEXT".into(), "CONTENT_TYPE_OTHER".into()];
        }
        if dice.roll(50) == 0 {
            facts.content_date = ["1970-01-01", "", "yesterday"][dice.roll(3) as usize].to_owned();
        }
    }
    let derived = derive(&rows, &everything(), &rules(), &items, ORIGIN);
    let left_out: usize = derived.left_out.values().map(Vec::len).sum();
    assert!(
        derived.statements.len() > 3_000 && left_out > 1_000,
        "{} and {left_out}",
        derived.statements.len()
    );
    assert_eq!(check_batch(&derived.statements), []);
    let mut out = Vec::new();
    write_statements(&mut out, &derived.statements).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains("SECRET"));
    let mut read = Vec::new();
    for line in text.lines() {
        let batch: BTreeMap<String, Vec<Statement>> = serde_json::from_str(line).unwrap();
        let statements = &batch["statements"];
        assert!((1..=100).contains(&statements.len()) && batch.len() == 1);
        read.extend(statements.clone());
    }
    assert_eq!(read, derived.statements);
}
