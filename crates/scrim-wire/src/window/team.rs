//! The lead's view: figures about a team's decisions, with what they are made of. No media, no words
//! of an item, nothing that says whose a decision is.

use serde::{Deserialize, Serialize};

use scrim_model::{DecisionId, ItemId, QueueId, Timestamp};

use crate::protocol::{Drawing, ReviewKind, Sample, Standing};

/// What the view is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamQuery {
    /// First day, `YYYY-MM-DD`, UTC.
    pub from: String,
    /// Last day, with it.
    pub to: String,
    /// One queue, or all.
    pub queue: Option<QueueId>,
}

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum TeamFigure {
    /// This. Times in seconds, shares from 0 to 1.
    Is(f64),
    /// There is nothing that it could be made of.
    NotDefined,
    /// Of too few decisions to be told.
    TooFew,
    /// Grave items are among them.
    Withheld,
    /// The day is not over.
    DayNotOver,
    /// The queue server does not say it.
    NotKnown,
}

/// Which table. Each has a title, its columns' names and its explanation in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TeamTableKind {
    /// By day: decisions.
    Days,
    /// By policy: decisions, n of the next two, median and p90 of active time.
    Policies,
    /// By action: decisions, n of the next two, median and p90 of active time.
    Actions,
    /// By day: n, median and p90 from report to decision.
    TimeToAction,
    /// By queue: due in the period, decided in time, open and overdue, attainment with its interval's ends.
    Sla,
    /// By queue, as it is now: open items, age of the oldest, unassignable items, age of the oldest of these.
    Backlog,
    /// By queue: n, unsure, share with its interval's ends.
    UnsureByQueue,
    /// By policy: the same.
    UnsureByPolicy,
    /// By queue: n (decisions and "not me"), "not me", share with its interval's ends.
    NotMe,
    /// Appeals, then samples, then second reviews: n, overturned, share with its interval's ends.
    Overturns,
    /// Coefficients of agreement: one row each (`percent`, `cohen`, `cohen_linear`, `cohen_quadratic`, `fleiss`,
    /// `alpha_nominal`, `alpha_ordinal`, `alpha_interval`, `alpha_ratio`): n, value, and the share of the commonest answer.
    Agreement,
    /// By detector and version: flagged, found to break a policy, share with its interval's ends.
    Detectors,
}

impl TeamTableKind {
    /// Every table, in the order of the view.
    pub const ALL: [Self; 12] = [
        Self::Days,
        Self::Policies,
        Self::Actions,
        Self::TimeToAction,
        Self::Sla,
        Self::Backlog,
        Self::UnsureByQueue,
        Self::UnsureByPolicy,
        Self::NotMe,
        Self::Overturns,
        Self::Agreement,
        Self::Detectors,
    ];

    /// Locale-free id; its sentences in the catalogue are `team-<id>…`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Policies => "policies",
            Self::Actions => "actions",
            Self::TimeToAction => "time-to-action",
            Self::Sla => "sla",
            Self::Backlog => "backlog",
            Self::UnsureByQueue => "unsure-by-queue",
            Self::UnsureByPolicy => "unsure-by-policy",
            Self::NotMe => "not-me",
            Self::Overturns => "overturns",
            Self::Agreement => "agreement",
            Self::Detectors => "detectors",
        }
    }

    /// Locale-free ids of its columns behind the row's name, in order.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Days => &["count"],
            Self::Policies | Self::Actions => &["count", "n", "median-s", "p90-s"],
            Self::TimeToAction => &["n", "median-s", "p90-s"],
            Self::Sla => &["due", "met", "overdue", "share", "low", "high"],
            Self::Backlog => &["open", "oldest-s", "unassignable", "unassignable-oldest-s"],
            Self::UnsureByQueue | Self::UnsureByPolicy => &["n", "unsure", "share", "low", "high"],
            Self::NotMe => &["n", "not-me", "share", "low", "high"],
            Self::Overturns => &["n", "overturned", "share", "low", "high"],
            Self::Agreement => &["n", "value", "prevalence"],
            Self::Detectors => &["n", "right", "share", "low", "high"],
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamRow {
    /// Locale-free: a day, a queue, a policy, an action, a coefficient. Empty for no policy.
    pub id: String,
    /// What a person reads where it is a name of the server's; otherwise empty.
    pub name: String,
    /// One a column.
    pub cells: Vec<TeamFigure>,
}

/// One table; its chart is drawn from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamTable {
    /// Which.
    pub kind: TeamTableKind,
    /// Decisions (items, pairs) that it is made of.
    pub n: u64,
    /// Its rows.
    pub rows: Vec<TeamRow>,
}

/// Which records are listed: one row of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDrill {
    /// The table.
    pub table: TeamTableKind,
    /// The row's id.
    pub row: String,
    /// Rows that are passed over: a multiple of the page's size.
    pub skip: u64,
}

/// A record, as a lead sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamRecord {
    /// The decision.
    pub decision_id: DecisionId,
    /// Its item.
    pub item_id: ItemId,
    /// UTC day on which the server took it.
    pub day: String,
    /// Queue's name.
    pub queue: String,
    /// First policy's name; empty for none.
    pub policy: String,
    /// First action.
    pub action: String,
    /// 0–4.
    pub severity: u8,
    /// Marked unsure.
    pub unsure: bool,
    /// Why the item was decided.
    pub review: ReviewKind,
    /// How it stands.
    pub standing: Standing,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamRecords {
    /// Which.
    pub drill: TeamDrill,
    /// All that there are.
    pub total: u64,
    /// Rows of this page.
    pub rows: Vec<TeamRecord>,
}

/// Two decisions on one item that differ. Nothing says whose they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The first one.
    pub first: TeamRecord,
    /// What its moderator wrote.
    pub first_reason: String,
    /// The review.
    pub second: TeamRecord,
    /// What its moderator wrote.
    pub second_reason: String,
}

/// What keeps the figures from being whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TeamProblem {
    /// No connection; the figures are as of the last one.
    Offline,
    /// The queue server does not give team decisions.
    NotOffered,
    /// This sign-in is neither a lead's nor QA's.
    NotAllowed,
    /// The server did not draw the sample; nothing has changed there.
    NotDrawn,
    /// The copy of the team's decisions cannot be read or written on this machine. Nothing of this desk's own
    /// records is touched.
    NotKept,
}

/// What became of an export from the view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TeamExport {
    /// Written: the file's full path.
    Written(String),
    /// Not written; an older file of that name is as it was.
    NotWritten,
}

/// The whole view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamView {
    /// What it is about.
    pub query: TeamQuery,
    /// Queues to choose from: id and name.
    pub queues: Vec<(QueueId, String)>,
    /// When the server was last read to its end; `None`: never.
    pub as_of: Option<Timestamp>,
    /// The newest day (`YYYY-MM-DD`, UTC) of which the server tells decisions; `None`: it tells them as they come.
    #[serde(default)]
    pub through: Option<String>,
    /// Decisions that are still being fetched for the first time.
    pub fetching: bool,
    /// Decisions of the period that count.
    pub count: u64,
    /// What is wrong.
    pub problem: Option<TeamProblem>,
    /// In the order of [`TeamTableKind::ALL`].
    pub tables: Vec<TeamTable>,
    /// The records behind a row, when asked for.
    pub records: Option<TeamRecords>,
    /// The newest first, at most two hundred.
    pub disagreements: Vec<Disagreement>,
    /// Samples, newest first; `None`: the server does not draw any.
    pub samples: Option<Vec<Sample>>,
    /// What became of the last export.
    pub export: Option<TeamExport>,
}

/// What a lead asks of the view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TeamAsk {
    /// Open it, or change what it is about.
    Show(TeamQuery),
    /// List the records behind a row.
    Records(TeamDrill),
    /// Back to the tables.
    CloseRecords,
    /// Write the report that is on the screen as one HTML file into the documents' folder.
    Export,
    /// Draw a sample of the period's and queue's decisions for a blind second review.
    Draw {
        /// How many, 1–500.
        size: u32,
        /// How.
        drawing: Drawing,
        /// Known-answer items to mix in.
        practice: u32,
    },
    /// Leave the view.
    Close,
}
