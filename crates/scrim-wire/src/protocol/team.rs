//! What leads and QA learn of a team's decisions, and the second reviews that they ask for.
//!
//! Nothing here says whose a decision is. Decisions on one item are told apart as the first and a
//! review of it, never by person.

use serde::{Deserialize, Serialize};

use scrim_model::{DecisionId, QueueId, Timestamp, open_enum};

pub use scrim_model::team::{Detector, Due, ReviewKind, Standing};

/// What a team read says of a decision besides the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamFacts {
    /// How it stands now.
    pub standing: Standing,
    /// Why the item was decided.
    pub review: ReviewKind,
    /// The decision that this one is a review of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<DecisionId>,
    /// From the report of the item (else from when it was made) to the receipt of the decision, in
    /// seconds. A server may round down to whole minutes: to the second it would be the time of the
    /// decision. None for reviews without effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_s: Option<u64>,
    /// By the receipt of the item's first decision. Missing: the item has no due time, or the review
    /// is without effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Languages of the item's own texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Whether anybody reported the item; otherwise only detectors flagged it.
    #[serde(default)]
    pub reported: bool,
    /// Detectors whose score was at their threshold or above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flagged_by: Vec<Detector>,
}

/// Open items that nobody who may take them is left for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unassignable {
    /// How many.
    pub count: u64,
    /// When the oldest was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<Timestamp>,
}

/// Answer of `GET /v1/team-days`: what is counted by day and queue and by nothing else, and how many people read which
/// language.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TeamDays {
    /// Fewer people than this, and fewer items that they gave back, are not told.
    pub count_min: u32,
    /// Days that are over (UTC), oldest first.
    pub days: Vec<TeamDay>,
    /// What became of appeals; missing: the server does not say, or all is practice there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeals: Option<Appeals>,
    /// Who reviews now, by language; missing: the server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewers: Option<Vec<LanguageReviewers>>,
}

/// Appeals, by day and queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeals {
    /// The first day that is counted, `YYYY-MM-DD`, UTC. What was before it is not known.
    pub from: String,
    /// Days that are over and on which there was any, oldest first.
    pub days: Vec<AppealDay>,
}

/// One queue's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealDay {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// The queue.
    pub queue_id: QueueId,
    /// Appeals that were made on it.
    pub received: u64,
    /// Appeals that were decided on it, by the receipt of the decision, and that confirmed the first one: the same first
    /// action and first policy.
    pub upheld: u64,
    /// Those that did not.
    pub reversed: u64,
    /// Of each appeal that was decided on it, in no order: days from the appeal's to this one. More than upheld and
    /// reversed where the server does not have the first decision.
    #[serde(default)]
    pub took_days: Vec<u32>,
}

/// People who may decide and can sign in, by a language that they read; who reads several is counted in each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageReviewers {
    /// Main part of a language tag, for example `de`; empty: none is said of them.
    pub language: String,
    /// How many; missing: fewer than `count_min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
}

/// One queue's day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamDay {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// The queue.
    pub queue_id: QueueId,
    /// Items given back as "not me"; missing: fewer than `count_min`, or there are too few decisions
    /// besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_me: Option<u64>,
}

open_enum! {
    /// How a sample is drawn.
    pub enum Drawing {
        /// Every decision is as likely as any other.
        Random = "random",
        /// The same number of each policy and action, as far as there are so many.
        Stratified = "stratified",
        /// The graver and the less sure, the likelier: weight `1 + severity`, twice that if unsure.
        RiskWeighted = "risk_weighted",
    }
}

/// `POST /v1/review-samples`, answered with `Sample`. Standing first decisions are drawn, none twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleRequest {
    /// Decisions to review, 1–500.
    pub size: u32,
    /// How they are drawn.
    pub drawing: Drawing,
    /// First day on which they came in, `YYYY-MM-DD`, UTC.
    pub from: String,
    /// Last day, with it.
    pub to: String,
    /// Queues; empty means all.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// Known-answer items to mix in as practice, of severity 2 at most.
    #[serde(default)]
    pub practice: u32,
}

/// One sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Its id.
    pub id: String,
    /// When it was drawn.
    pub at: Timestamp,
    /// How.
    pub drawing: Drawing,
    /// Decisions in it; fewer than asked for where there were no more.
    pub size: u64,
    /// Of them reviewed.
    pub done: u64,
    /// Of the reviewed, decided otherwise: another first action or another first policy.
    pub differ: u64,
    /// Known-answer items mixed in.
    pub practice: u64,
}

/// Answer of `GET /v1/review-samples`, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Samples {
    /// At most a hundred.
    pub samples: Vec<Sample>,
}
