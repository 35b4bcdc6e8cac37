//! Statements of reasons for the EU's DSA Transparency Database, schema v2.
//!
//! A desk's records do not hold everything that a statement needs: when the content was posted, who flagged it, in
//! which category of the database a policy falls. The platform says that in two files ([`PlatformRules`],
//! [`ItemFacts`]); a decision for which anything is missing gives no statement and is named with the reason. What a
//! moderator wrote is never taken over: a statement holds no personal data.

mod check;
mod derive;
mod lists;
pub(crate) mod rule;

use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::error::ReportError;
use crate::limits::STATEMENTS_PER_BATCH;

pub use check::{check, check_batch};
pub use derive::{Derived, Ground, ItemFacts, LeftOut, PlatformRules, PolicyRule, derive, puid};
pub use rule::{Rule, Violation};

/// One statement, with the names and values of the published API. An empty text is a missing one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Statement {
    /// Restrictions of what can be seen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decision_visibility: Vec<String>,
    /// With `DECISION_VISIBILITY_OTHER`: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_visibility_other: Option<String>,
    /// Restriction of payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_monetary: Option<String>,
    /// With `DECISION_MONETARY_OTHER`: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_monetary_other: Option<String>,
    /// Restriction of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_provision: Option<String>,
    /// Restriction of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_account: Option<String>,
    /// Whose account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// What was relied on; at most 5,000 characters.
    pub decision_facts: String,
    /// Against the law, or against the terms.
    pub decision_ground: String,
    /// Where the law or the terms can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_ground_reference_url: Option<String>,
    /// With illegal content: the legal ground; at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegal_content_legal_ground: Option<String>,
    /// With illegal content: why; at most 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegal_content_explanation: Option<String>,
    /// With incompatible content: the clause; at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_ground: Option<String>,
    /// With incompatible content: why; at most 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_explanation: Option<String>,
    /// With incompatible content: illegal as well, `Yes` or `No`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_illegal: Option<String>,
    /// What the content is; at least one.
    pub content_type: Vec<String>,
    /// With `CONTENT_TYPE_OTHER`: what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type_other: Option<String>,
    /// One of 16.
    pub category: String,
    /// Further ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category_addition: Vec<String>,
    /// Keywords.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category_specification: Vec<String>,
    /// With `KEYWORD_OTHER`: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_specification_other: Option<String>,
    /// Countries of the EEA; none is all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub territorial_scope: Vec<String>,
    /// ISO 639-1, upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    /// Day on which it was posted.
    pub content_date: String,
    /// Day from which the decision holds.
    pub application_date: String,
    /// Last day of the restriction of the account; none is for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_account_restriction: Option<String>,
    /// The same of payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_monetary_restriction: Option<String>,
    /// The same of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_service_restriction: Option<String>,
    /// The same of what can be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_visibility_restriction: Option<String>,
    /// How it came to notice.
    pub source_type: String,
    /// Who flagged it; never written by Scrim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// `Yes` or `No`.
    pub automated_detection: String,
    /// How far a machine decided.
    pub automated_decision: String,
    /// The platform's own name for the statement, never used again.
    pub puid: String,
}

/// Writes statements as the bodies of the API's calls for several: one line, one call, at most 100 statements each.
///
/// # Errors
/// [`ReportError::Statement`] if one breaks a published rule, and then nothing was written;
/// [`ReportError::NotWritten`].
pub fn write_statements(out: &mut dyn Write, statements: &[Statement]) -> Result<(), ReportError> {
    #[derive(Serialize)]
    struct Batch<'a> {
        statements: &'a [Statement],
    }
    if let Some(violation) = check_batch(statements).into_iter().next() {
        return Err(ReportError::Statement(violation));
    }
    for statements in statements.chunks(STATEMENTS_PER_BATCH) {
        serde_json::to_writer(&mut *out, &Batch { statements })?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
