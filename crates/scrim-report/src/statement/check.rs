//! The database's rules, as published with API v2, so that nothing is written that it would refuse.
//!
//! Where it silently drops a text that does not belong (the ground for illegal content in a statement on other
//! grounds), that is a violation here: what is written should be what is kept.

use std::collections::BTreeSet;

use scrim_model::Timestamp;

use super::Statement;
use super::lists::*;
use super::rule::{Rule, Violation};

/// Longest texts, in characters.
const SHORT_CHARS_MAX: usize = 500;
const EXPLANATION_CHARS_MAX: usize = 2_000;
const FACTS_CHARS_MAX: usize = 5_000;
const FIRST_CONTENT_DATE: &str = "2000-01-01";
const FIRST_APPLICATION_DATE: &str = "2020-01-01";
pub(super) const LAST_DATE: &str = "2038-01-01";
/// Digits after a `+` that make it a telephone number.
const TELEPHONE_DIGITS_MIN: usize = 8;

#[derive(Default)]
struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, path: &str, rule: Rule) {
        let path = path.to_owned();
        self.0.push(Violation { path, rule });
    }

    fn one_of(&mut self, path: &str, value: &str, list: &[&str]) {
        if value.is_empty() {
            self.add(path, Rule::Required);
        } else if !list.contains(&value) {
            self.add(path, Rule::NotListed);
        }
    }

    fn maybe_one_of(&mut self, path: &str, value: Option<&String>, list: &[&str]) {
        if value.is_some_and(|value| !list.contains(&value.as_str())) {
            self.add(path, Rule::NotListed);
        }
    }

    fn all_of(&mut self, path: &str, values: &[String], list: &[&str]) {
        if values.iter().any(|value| !list.contains(&value.as_str())) {
            self.add(path, Rule::NotListed);
        }
    }

    fn text(&mut self, path: &str, text: &str, chars_max: usize) {
        if text.chars().count() > chars_max {
            self.add(path, Rule::TooLong(chars_max));
        }
        if names_somebody(text) {
            self.add(path, Rule::PersonalData);
        }
    }

    /// A text that must be there if `wanted`, and must not otherwise.
    fn text_if(&mut self, wanted: bool, path: &str, text: Option<&String>, chars_max: usize) {
        match text.filter(|text| !text.trim().is_empty()) {
            None if wanted => self.add(path, Rule::Required),
            Some(_) if !wanted => self.add(path, Rule::NotWanted),
            Some(text) => self.text(path, text, chars_max),
            None => {}
        }
    }

    /// Days as text compare as days.
    fn date(&mut self, path: &str, date: &str, first: &str) {
        if date.is_empty() {
            self.add(path, Rule::Required);
        } else if !is_date(date) {
            self.add(path, Rule::NotADate);
        } else if date < first {
            self.add(path, Rule::TooEarly);
        } else if date > LAST_DATE {
            self.add(path, Rule::TooLate);
        }
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok()
}

/// Whether there is an e-mail address or a telephone number in it.
fn names_somebody(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric();
    let mail = text.match_indices('@').any(|(at, _)| {
        text[..at].ends_with(word)
            && text[at + 1..].starts_with(word)
            && text[at + 1..].contains('.')
    });
    let telephone = text.match_indices('+').any(|(at, _)| {
        let follows = text[at + 1..]
            .chars()
            .take_while(|c| c.is_ascii_digit() || " -()/".contains(*c));
        follows.filter(char::is_ascii_digit).count() >= TELEPHONE_DIGITS_MIN
    });
    mail || telephone
}

/// Every published rule that the statement breaks; none if the database takes it.
#[must_use]
pub fn check(statement: &Statement) -> Vec<Violation> {
    let mut found = Found::default();
    restrictions(statement, &mut found);
    ground(statement, &mut found);
    content(statement, &mut found);
    dates(statement, &mut found);
    source(statement, &mut found);
    found.0
}

/// The same of several, and that no two have the same identifier.
#[must_use]
pub fn check_batch(statements: &[Statement]) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (n, statement) in statements.iter().enumerate() {
        let mut found = Found(check(statement));
        if !seen.insert(statement.puid.as_str()) {
            found.add("puid", Rule::PuidTwice);
        }
        all.extend(found.0.into_iter().map(|violation| Violation {
            path: format!("statements.{n}.{}", violation.path),
            ..violation
        }));
    }
    all
}

fn restrictions(s: &Statement, found: &mut Found) {
    let any = !s.decision_visibility.is_empty()
        || s.decision_monetary.is_some()
        || s.decision_provision.is_some()
        || s.decision_account.is_some();
    if !any {
        found.add("decision_visibility", Rule::NoRestriction);
    }
    found.all_of("decision_visibility", &s.decision_visibility, VISIBILITIES);
    let other = s.decision_visibility.iter().any(|v| v == VISIBILITY_OTHER);
    found.text_if(
        other,
        "decision_visibility_other",
        s.decision_visibility_other.as_ref(),
        SHORT_CHARS_MAX,
    );
    found.maybe_one_of(
        "decision_monetary",
        s.decision_monetary.as_ref(),
        MONETARIES,
    );
    let other = s.decision_monetary.as_deref() == Some(MONETARY_OTHER);
    found.text_if(
        other,
        "decision_monetary_other",
        s.decision_monetary_other.as_ref(),
        SHORT_CHARS_MAX,
    );
    found.maybe_one_of(
        "decision_provision",
        s.decision_provision.as_ref(),
        PROVISIONS,
    );
    found.maybe_one_of("decision_account", s.decision_account.as_ref(), ACCOUNTS);
    found.maybe_one_of("account_type", s.account_type.as_ref(), ACCOUNT_TYPES);
}

fn ground(s: &Statement, found: &mut Found) {
    if s.decision_facts.trim().is_empty() {
        found.add("decision_facts", Rule::Required);
    }
    found.text("decision_facts", &s.decision_facts, FACTS_CHARS_MAX);
    found.one_of("decision_ground", &s.decision_ground, GROUNDS);
    if let Some(url) = &s.decision_ground_reference_url {
        let host = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let is_url = host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'));
        if !is_url || url.chars().any(char::is_whitespace) {
            found.add("decision_ground_reference_url", Rule::NotAUrl);
        }
        found.text("decision_ground_reference_url", url, SHORT_CHARS_MAX);
    }
    let illegal = s.decision_ground == ILLEGAL;
    found.text_if(
        illegal,
        "illegal_content_legal_ground",
        s.illegal_content_legal_ground.as_ref(),
        SHORT_CHARS_MAX,
    );
    found.text_if(
        illegal,
        "illegal_content_explanation",
        s.illegal_content_explanation.as_ref(),
        EXPLANATION_CHARS_MAX,
    );
    let terms = s.decision_ground == INCOMPATIBLE;
    found.text_if(
        terms,
        "incompatible_content_ground",
        s.incompatible_content_ground.as_ref(),
        SHORT_CHARS_MAX,
    );
    found.text_if(
        terms,
        "incompatible_content_explanation",
        s.incompatible_content_explanation.as_ref(),
        EXPLANATION_CHARS_MAX,
    );
    found.maybe_one_of(
        "incompatible_content_illegal",
        s.incompatible_content_illegal.as_ref(),
        YES_NO,
    );
    if !terms && s.incompatible_content_illegal.is_some() {
        found.add("incompatible_content_illegal", Rule::NotWanted);
    }
}

fn content(s: &Statement, found: &mut Found) {
    if s.content_type.is_empty() {
        found.add("content_type", Rule::Required);
    }
    found.all_of("content_type", &s.content_type, CONTENT_TYPES);
    let other = s.content_type.iter().any(|t| t == CONTENT_OTHER);
    found.text_if(
        other,
        "content_type_other",
        s.content_type_other.as_ref(),
        SHORT_CHARS_MAX,
    );
    found.one_of("category", &s.category, CATEGORIES);
    found.all_of("category_addition", &s.category_addition, CATEGORIES);
    found.all_of(
        "category_specification",
        &s.category_specification,
        KEYWORDS,
    );
    if let Some(text) = &s.category_specification_other {
        let other = s.category_specification.iter().any(|k| k == KEYWORD_OTHER);
        found.text_if(
            other,
            "category_specification_other",
            Some(text),
            SHORT_CHARS_MAX,
        );
    }
    found.all_of("territorial_scope", &s.territorial_scope, COUNTRIES);
    found.maybe_one_of("content_language", s.content_language.as_ref(), LANGUAGES);
}

fn dates(s: &Statement, found: &mut Found) {
    found.date("content_date", &s.content_date, FIRST_CONTENT_DATE);
    found.date(
        "application_date",
        &s.application_date,
        FIRST_APPLICATION_DATE,
    );
    let ends = [
        (
            "end_date_account_restriction",
            &s.end_date_account_restriction,
        ),
        (
            "end_date_monetary_restriction",
            &s.end_date_monetary_restriction,
        ),
        (
            "end_date_service_restriction",
            &s.end_date_service_restriction,
        ),
        (
            "end_date_visibility_restriction",
            &s.end_date_visibility_restriction,
        ),
    ];
    for (path, end) in ends {
        let Some(end) = end else { continue };
        if is_date(end) && *end < s.application_date {
            found.add(path, Rule::EndsBeforeItBegins);
        } else {
            found.date(path, end, "");
        }
    }
}

fn source(s: &Statement, found: &mut Found) {
    found.one_of("source_type", &s.source_type, SOURCES);
    if let Some(who) = &s.source_identity {
        let wanted = s.source_type != SOURCE_VOLUNTARY;
        found.text_if(wanted, "source_identity", Some(who), SHORT_CHARS_MAX);
    }
    found.one_of("automated_detection", &s.automated_detection, YES_NO);
    found.one_of(
        "automated_decision",
        &s.automated_decision,
        AUTOMATED_DECISIONS,
    );
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if s.puid.is_empty() {
        found.add("puid", Rule::Required);
    } else if !s.puid.chars().all(allowed) {
        found.add("puid", Rule::NotAPuid);
    } else if s.puid.len() > SHORT_CHARS_MAX {
        found.add("puid", Rule::TooLong(SHORT_CHARS_MAX));
    }
}
