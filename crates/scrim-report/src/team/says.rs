//! What each table of a team's report is called, what its columns are, and how its figures are made.

use scrim_wire::window::{TeamFigure, TeamTable, TeamTableKind};

use crate::regulator::NOT_KNOWN;
use crate::suppress::Figure;

/// Title and explanation.
pub(super) fn table(kind: TeamTableKind) -> (&'static str, &'static str) {
    match kind {
        TeamTableKind::Days => (
            "Decisions by day",
            "Decisions that count, by the day (UTC) on which the queue server took them. Corrected and undone ones do not count, nor do blind second reviews, practice and training.",
        ),
        TeamTableKind::Policies => (
            "Decisions and active time by policy",
            "A decision counts for its first policy. The median and the 90th percentile are of active time, by linear interpolation between ranks; n is the number of decisions that they are made of: whole groups of one day, queue, policy and action, five at least, without severity 3 and 4 and without copies.",
        ),
        TeamTableKind::Actions => (
            "Decisions and active time by action",
            "A decision counts for its first action. Times as by policy.",
        ),
        TeamTableKind::TimeToAction => (
            "Time to action by day",
            "From the report of an item to the receipt of its decision, by the day of the receipt. n decisions of groups of five at least, on days that are over; median and 90th percentile by linear interpolation.",
        ),
        TeamTableKind::Sla => (
            "Decided in time, by queue",
            "Attainment = in time \u{f7} (due + overdue). Due are decisions on items with a due time; overdue are items that are open now and past theirs: they count as misses. The interval is Wilson\u{2019}s, 95 %.",
        ),
        TeamTableKind::Backlog => (
            "Backlog now, by queue",
            "Open items as the queue server says now, and how long the oldest has waited. Unassignable items are open ones that nobody may take.",
        ),
        TeamTableKind::UnsureByQueue => (
            "Unsure decisions by queue",
            "Share = unsure \u{f7} n, of groups of five at least on days that are over. The interval is Wilson\u{2019}s, 95 %.",
        ),
        TeamTableKind::UnsureByPolicy => (
            "Unsure decisions by policy",
            "Share = unsure \u{f7} n, of groups of five at least on days that are over. The interval is Wilson\u{2019}s, 95 %.",
        ),
        TeamTableKind::NotMe => (
            "\u{201c}Not me\u{201d} by queue",
            "Share = \u{201c}not me\u{201d} \u{f7} (\u{201c}not me\u{201d} + decisions), of the days on which the server tells the number: over, with five people and five decisions at least. Nobody is asked why, and nothing says who.",
        ),
        TeamTableKind::Overturns => (
            "Overturned decisions",
            "Share = overturned \u{f7} n, n being decisions that were appealed, drawn for a blind second review, or decided by a second person because the policy asks for one. Overturned is one whose review found another first policy or another first action. A review that passed the item on is none, but of a sample. The interval is Wilson\u{2019}s, 95 %; of fewer than five there is none.",
        ),
        TeamTableKind::Agreement => (
            "Agreement of blind second reviews",
            "n pairs. Percent, Cohen\u{2019}s \u{3ba}, Fleiss\u{2019} \u{3ba} and nominal \u{3b1} compare first policies; weighted \u{3ba} and the other \u{3b1} (Krippendorff) compare severities. 1 is full agreement, 0 what chance gives. Beside them the share of the commonest answer: near 1, coefficients say little. Under 30 pairs they are too few.",
        ),
        TeamTableKind::Detectors => (
            "Flag precision by detector",
            "Share = found to break a policy \u{f7} flagged, flagged being decisions, other than to pass an item on, on items whose score was at the detector\u{2019}s threshold or above. The interval is Wilson\u{2019}s, 95 %; of fewer than five there is none.",
        ),
    }
}

/// A column's name, of the ids in [`TeamTableKind::columns`].
pub(super) fn column(id: &str) -> &str {
    match id {
        "count" => "Decisions",
        "median-s" => "Median",
        "p90-s" => "90 % within",
        "due" => "Due",
        "met" => "In time",
        "overdue" => "Overdue",
        "share" => "Share",
        "low" => "From",
        "high" => "To",
        "open" => "Open",
        "oldest-s" => "Oldest",
        "unassignable" => "Unassignable",
        "unassignable-oldest-s" => "Oldest of these",
        "unsure" => "Unsure",
        "not-me" => "Not me",
        "overturned" => "Overturned",
        "value" => "Value",
        "prevalence" => "Commonest answer",
        "right" => "Found to break a policy",
        other => other,
    }
}

/// A row's name where it is not a name of the server's.
pub(super) fn row(kind: TeamTableKind, id: &str) -> &str {
    match (kind, id) {
        (TeamTableKind::Overturns, "appeal") => "Appeals",
        (TeamTableKind::Overturns, "sample") => "Blind second reviews",
        (TeamTableKind::Overturns, "second") => "Second persons",
        (TeamTableKind::Agreement, "percent") => "Percent agreement",
        (TeamTableKind::Agreement, "cohen") => "Cohen\u{2019}s \u{3ba}",
        (TeamTableKind::Agreement, "cohen_linear") => "Cohen\u{2019}s \u{3ba}, linear weights",
        (TeamTableKind::Agreement, "cohen_quadratic") => {
            "Cohen\u{2019}s \u{3ba}, quadratic weights"
        }
        (TeamTableKind::Agreement, "fleiss") => "Fleiss\u{2019} \u{3ba}",
        (TeamTableKind::Agreement, "alpha_nominal") => "Krippendorff\u{2019}s \u{3b1}, nominal",
        (TeamTableKind::Agreement, "alpha_ordinal") => "Krippendorff\u{2019}s \u{3b1}, ordinal",
        (TeamTableKind::Agreement, "alpha_interval") => "Krippendorff\u{2019}s \u{3b1}, interval",
        (TeamTableKind::Agreement, "alpha_ratio") => "Krippendorff\u{2019}s \u{3b1}, ratio",
        (_, id) => id,
    }
}

/// The word in a figure's place: the one that every document has.
pub(super) fn word(figure: TeamFigure) -> Option<&'static str> {
    match figure {
        TeamFigure::Is(_) => None,
        TeamFigure::NotDefined => Figure::NotDefined.word(),
        TeamFigure::TooFew => Figure::TooFew.word(),
        TeamFigure::Withheld => Figure::Withheld.word(),
        TeamFigure::DayNotOver => Figure::DayNotOver.word(),
        TeamFigure::NotKnown => Some(NOT_KNOWN),
    }
}

/// How many decisions the tables are of.
pub(super) fn decisions(tables: &[TeamTable]) -> u64 {
    tables.first().map_or(0, |table| table.n)
}
