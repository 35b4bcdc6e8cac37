//! From decisions to statements.

use std::collections::BTreeMap;
use std::fmt;

use scrim_model::{ActionKind, Decision, Kind, Timestamp};
use scrim_wire::window::SyncState;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Statement;
use super::check::{LAST_DATE, check};
use super::lists::{CONTENT_OTHER, ILLEGAL, INCOMPATIBLE};
use super::rule::Violation;
use crate::decisions::DecisionRow;
use crate::select::Selection;

/// What a policy's decisions rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The law.
    Illegal,
    /// The platform's terms.
    Incompatible,
}

/// What the platform says of one of its policies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// Category of the database.
    pub category: String,
    /// Law or terms.
    pub ground: Ground,
    /// Which law or clause.
    pub reference: String,
    /// Why content of this kind is against it.
    pub explanation: String,
    /// What was relied on, in words that name nobody.
    pub facts: String,
    /// Where it can be read.
    #[serde(default)]
    pub reference_url: Option<String>,
    /// Keywords of the database.
    #[serde(default)]
    pub keywords: Vec<String>,
}

/// What the platform says of its policies, as it is read from its file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformRules {
    /// By the policy's id.
    pub policies: BTreeMap<String, PolicyRule>,
    /// Countries in which its decisions hold; none is all of the EEA.
    #[serde(default)]
    pub territorial_scope: Vec<String>,
}

/// What the platform says of an item, as it is read from its file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFacts {
    /// Which item.
    pub item_id: String,
    /// Day on which it was posted.
    pub content_date: String,
    /// How it came to notice: a value of the database.
    pub source_type: String,
    /// Found by a machine.
    pub automated_detection: bool,
    /// ISO 639-1, upper case.
    #[serde(default)]
    pub content_language: Option<String>,
    /// What it is, where its kind does not say: values of the database.
    #[serde(default)]
    pub content_type: Vec<String>,
}

/// Why a decision gives no statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// The platform's file says nothing of its policy.
    UnknownPolicy,
    /// Nor of its item.
    UnknownItem,
    /// What it is about has no content type.
    UnknownContent,
    /// It asks for something that this version does not know.
    UnknownAction,
    /// The restriction ends after the last day that the database takes.
    EndsTooLate,
    /// It was undone at the server, or is to be.
    Undone,
    /// The statement would break a rule of the database.
    Breaks(Violation),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaks(violation) => return violation.fmt(f),
            Self::Undone => "they were undone at the server, or are to be",
            Self::UnknownPolicy => "the rules say nothing of their policies",
            Self::UnknownItem => "nothing is said of their items",
            Self::UnknownContent => "no content type is said of their items",
            Self::UnknownAction => "their actions are not known to this version",
            Self::EndsTooLate => {
                "their restrictions end after 2038-01-01, the last day that the database takes"
            }
        })
    }
}

/// Statements, and what gave none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Derived {
    /// In the order of the decisions.
    pub statements: Vec<Statement>,
    /// Ids of decisions that should have given one.
    pub left_out: BTreeMap<LeftOut, Vec<String>>,
}

/// A statement for each decision of `selection` that counts, that the server has taken, that waits for nobody, and that
/// restricts something. `rows` as for [`Selection::of_standing`]. `origin` is the server that
/// the ids are of.
#[must_use]
pub fn derive(
    rows: &[DecisionRow],
    selection: &Selection,
    rules: &PlatformRules,
    items: &BTreeMap<String, ItemFacts>,
    origin: &str,
) -> Derived {
    let mut derived = Derived::default();
    let gives = |row: &DecisionRow| {
        row.state == SyncState::Accepted && !row.awaiting_second && restricts(&row.decision)
    };
    let mut leave_out = |why: LeftOut, decision: &Decision| {
        let ids = derived.left_out.entry(why).or_default();
        ids.push(decision.decision_id.to_string());
    };
    for row in selection.of_undone(rows) {
        if gives(row) {
            leave_out(LeftOut::Undone, &row.decision);
        }
    }
    for row in selection.of_standing(rows).iter().filter(|row| gives(row)) {
        match statement(&row.decision, rules, items, origin) {
            Ok(statement) => derived.statements.push(statement),
            Err(why) => leave_out(why, &row.decision),
        }
    }
    derived
}

/// Whether any of its actions takes something from somebody, as far as is known.
fn restricts(decision: &Decision) -> bool {
    let harmless = |kind: &ActionKind| {
        matches!(
            kind,
            ActionKind::Allow | ActionKind::WarnAuthor | ActionKind::Escalate
        )
    };
    decision
        .actions
        .iter()
        .any(|action| !harmless(&action.kind))
}

/// The identifier of a decision's statement: the same each time, of no other decision, and told by it is nothing of
/// the decision's own id, which holds a time.
#[must_use]
pub fn puid(origin: &str, decision_id: &str) -> String {
    let mut hash = Sha256::new();
    for part in ["scrim/statement/1", origin, decision_id] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hex: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("scrim-{hex}")
}

fn statement(
    decision: &Decision,
    rules: &PlatformRules,
    items: &BTreeMap<String, ItemFacts>,
    origin: &str,
) -> Result<Statement, LeftOut> {
    let rule = rules
        .policies
        .get(decision.first_policy())
        .ok_or(LeftOut::UnknownPolicy)?;
    let facts = items
        .get(decision.item_id.as_str())
        .ok_or(LeftOut::UnknownItem)?;
    let made = decision.decided_at.plus_ms(decision.skew_ms);
    let mut statement = Statement {
        decision_facts: rule.facts.clone(),
        decision_ground_reference_url: rule.reference_url.clone(),
        category: rule.category.clone(),
        category_specification: rule.keywords.clone(),
        territorial_scope: rules.territorial_scope.clone(),
        content_language: facts.content_language.clone(),
        content_date: facts.content_date.clone(),
        application_date: made.utc_day(),
        source_type: facts.source_type.clone(),
        automated_detection: if facts.automated_detection {
            "Yes"
        } else {
            "No"
        }
        .to_owned(),
        // A person decided; a copy was found by its hash and decided with the one that they looked at.
        automated_decision: match decision.propagated_from {
            None => "AUTOMATED_DECISION_NOT_AUTOMATED",
            Some(_) => "AUTOMATED_DECISION_PARTIALLY",
        }
        .to_owned(),
        puid: puid(origin, decision.decision_id.as_str()),
        ..Statement::default()
    };
    let (reference, explanation) = (Some(rule.reference.clone()), Some(rule.explanation.clone()));
    match rule.ground {
        Ground::Illegal => {
            statement.decision_ground = ILLEGAL.to_owned();
            statement.illegal_content_legal_ground = reference;
            statement.illegal_content_explanation = explanation;
        }
        Ground::Incompatible => {
            statement.decision_ground = INCOMPATIBLE.to_owned();
            statement.incompatible_content_ground = reference;
            statement.incompatible_content_explanation = explanation;
        }
    }
    content_type(&mut statement, decision, facts)?;
    restrictions(&mut statement, decision, made)?;
    match check(&statement).into_iter().next() {
        None => Ok(statement),
        Some(violation) => Err(LeftOut::Breaks(violation)),
    }
}

fn content_type(
    statement: &mut Statement,
    decision: &Decision,
    facts: &ItemFacts,
) -> Result<(), LeftOut> {
    let (of_kind, other) = match decision.item_kind {
        Some(Kind::Image) => ("CONTENT_TYPE_IMAGE", None),
        Some(Kind::Video) => ("CONTENT_TYPE_VIDEO", None),
        Some(Kind::Audio) => ("CONTENT_TYPE_AUDIO", None),
        Some(Kind::Text | Kind::Conversation) => ("CONTENT_TYPE_TEXT", None),
        Some(Kind::Account) => (CONTENT_OTHER, Some("Account")),
        Some(Kind::Link) => (CONTENT_OTHER, Some("Link")),
        // Of its media the record does not say what they are.
        Some(Kind::Post) if decision.media.is_empty() => ("CONTENT_TYPE_TEXT", None),
        Some(Kind::Post | Kind::Other(_)) | None => ("", None),
    };
    if !facts.content_type.is_empty() {
        statement.content_type = facts.content_type.clone();
        let is_other = facts.content_type.iter().any(|t| t == CONTENT_OTHER);
        statement.content_type_other =
            is_other.then(|| other.unwrap_or("Other content").to_owned());
    } else if of_kind.is_empty() {
        return Err(LeftOut::UnknownContent);
    } else {
        statement.content_type = vec![of_kind.to_owned()];
        statement.content_type_other = other.map(str::to_owned);
    }
    Ok(())
}

/// Last day of something that lasts so many seconds; `None` is for good.
fn end(made: Timestamp, duration_s: Option<u64>) -> Result<Option<String>, LeftOut> {
    let Some(duration_s) = duration_s else {
        return Ok(None);
    };
    let ms = i64::try_from(duration_s)
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000);
    let day = made.plus_ms(ms).utc_day();
    if day.as_str() > LAST_DATE {
        return Err(LeftOut::EndsTooLate);
    }
    Ok(Some(day))
}

/// Of two ends the later one; for good is the latest.
fn later(one: Option<Option<String>>, other: Option<String>) -> Option<String> {
    match one {
        None => other,
        Some(one) => one.zip(other).map(|(one, other)| one.max(other)),
    }
}

fn restrictions(
    statement: &mut Statement,
    decision: &Decision,
    made: Timestamp,
) -> Result<(), LeftOut> {
    let (mut visible, mut service, mut account) = (None, None, None);
    for action in &decision.actions {
        let visibility = match action.kind {
            ActionKind::Remove => "CONTENT_REMOVED",
            ActionKind::Restrict => "CONTENT_DEMOTED",
            ActionKind::AgeGate => "CONTENT_AGE_RESTRICTED",
            ActionKind::Label => "CONTENT_LABELLED",
            ActionKind::LimitAuthor => {
                let ends = end(made, action.duration_s)?;
                service = Some(later(service, ends));
                continue;
            }
            ActionKind::SuspendAuthor => {
                let ends = end(made, action.duration_s)?;
                account = Some(later(account, ends));
                continue;
            }
            ActionKind::Allow | ActionKind::WarnAuthor | ActionKind::Escalate => continue,
            ActionKind::Other(_) => return Err(LeftOut::UnknownAction),
        };
        let visibility = format!("DECISION_VISIBILITY_{visibility}");
        if !statement.decision_visibility.contains(&visibility) {
            statement.decision_visibility.push(visibility);
        }
        let ends = end(made, action.duration_s)?;
        visible = Some(later(visible, ends));
    }
    statement.end_date_visibility_restriction = visible.flatten();
    if let Some(ends) = service {
        let how = if ends.is_some() {
            "SUSPENSION"
        } else {
            "TERMINATION"
        };
        statement.decision_provision = Some(format!("DECISION_PROVISION_PARTIAL_{how}"));
        statement.end_date_service_restriction = ends;
    }
    if let Some(ends) = account {
        let how = if ends.is_some() {
            "SUSPENDED"
        } else {
            "TERMINATED"
        };
        statement.decision_account = Some(format!("DECISION_ACCOUNT_{how}"));
        statement.end_date_account_restriction = ends;
    }
    Ok(())
}
