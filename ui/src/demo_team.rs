//! A lead's view for tests and pictures: made-up figures, harmless words, the same every time.

use scrim_model::{DecisionId, ItemId, QueueId, Timestamp};
use scrim_wire::limits::TEAM_RECORDS_PAGE;
use scrim_wire::protocol::{Drawing, ReviewKind, Sample, Standing};
use scrim_wire::window::{
    Disagreement, TeamDrill, TeamFigure, TeamQuery, TeamRecord, TeamRecords, TeamRow, TeamTable,
    TeamTableKind, TeamView,
};

use TeamFigure::{DayNotOver, Is, NotDefined, NotKnown, TooFew, Withheld};

/// 2026-02-02, 02:40 UTC.
pub(crate) const AS_OF: Timestamp = Timestamp(1_770_000_000_000);

fn row(id: &str, name: &str, cells: Vec<TeamFigure>) -> TeamRow {
    TeamRow {
        id: id.to_owned(),
        name: name.to_owned(),
        cells,
    }
}

/// `YYYY-MM-DD`, so many days before [`AS_OF`].
pub(crate) fn day(before: i64) -> String {
    AS_OF.plus_ms(-before * 86_400_000).utc_day()
}

/// Some number between `least` and `least + span`, the same for the same `n`.
fn number(n: i64, least: i64, span: i64) -> f64 {
    (least + (n * 37 + n * n * 11).rem_euclid(span)) as f64
}

/// `part` of `n`, the share, and the ends of its interval (Wilson, 95 %).
fn share(part: f64, n: f64) -> [TeamFigure; 3] {
    let (z, p) = (1.959_963_984_540_054_f64, part / n);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    [
        Is(p),
        Is((middle - half).max(0.0)),
        Is((middle + half).min(1.0)),
    ]
}

/// `n`, `part`, and [`share`].
fn rated(id: &str, name: &str, n: f64, part: f64) -> TeamRow {
    let mut cells = vec![Is(n), Is(part)];
    cells.extend(share(part, n));
    row(id, name, cells)
}

fn rows(kind: TeamTableKind) -> Vec<TeamRow> {
    let days = || (1..=28).rev();
    let queues = [
        ("images", "Images · EU"),
        ("talk", "محادثات"),
        ("posts", "Posts"),
    ];
    match kind {
        TeamTableKind::Days => {
            let of = |n| row(&day(n), "", vec![Is(number(n, 90, 120))]);
            days().map(of).collect()
        }
        TeamTableKind::TimeToAction => {
            let of = |n| {
                let median = number(n, 700, 2_400);
                let cells = match n {
                    1 => vec![Is(3.0), TooFew, TooFew],
                    _ => vec![Is(number(n, 80, 90)), Is(median), Is(median * 3.1)],
                };
                row(&day(n), "", cells)
            };
            let mut rows: Vec<_> = days().map(of).collect();
            rows.push(row(&day(0), "", vec![Is(12.0), DayNotOver, DayNotOver]));
            rows
        }
        TeamTableKind::Policies => vec![
            row(
                "spam",
                "Spam and deception",
                vec![Is(1_204.0), Is(1_190.0), Is(7.25), Is(21.5)],
            ),
            row(
                "harassment",
                "Harassment",
                vec![Is(611.0), Is(430.0), Is(24.0), Is(88.4)],
            ),
            row(
                "violence",
                "Violence",
                vec![Is(402.0), Is(0.0), Withheld, Withheld],
            ),
            row(
                "threat",
                "تهديد",
                vec![Is(88.0), Is(60.0), Is(41.0), Is(130.0)],
            ),
            row("", "", vec![Is(1_928.0), Is(1_755.0), Is(5.1), Is(14.0)]),
            row(
                "rare",
                "A rule with a name that is longer than most names of rules are",
                vec![Is(3.0), Is(3.0), TooFew, TooFew],
            ),
        ],
        TeamTableKind::Actions => vec![
            row(
                "allow",
                "",
                vec![Is(2_305.0), Is(1_755.0), Is(5.1), Is(14.0)],
            ),
            row(
                "remove",
                "",
                vec![Is(1_490.0), Is(1_100.0), Is(11.4), Is(52.0)],
            ),
            row(
                "restrict",
                "",
                vec![Is(410.0), Is(402.0), Is(16.0), Is(48.0)],
            ),
            row("escalate", "", vec![Is(31.0), Is(0.0), Withheld, Withheld]),
        ],
        TeamTableKind::Sla => queues
            .iter()
            .zip([
                (1_900.0, 1_812.0, 4.0),
                (640.0, 601.0, 11.0),
                (900.0, 896.0, 0.0),
            ])
            .map(|((id, name), (due, met, overdue))| {
                let mut cells = vec![Is(due), Is(met), Is(overdue)];
                cells.extend(share(met, due));
                row(id, name, cells)
            })
            .collect(),
        TeamTableKind::Backlog => vec![
            row(
                "images",
                "Images · EU",
                vec![Is(42.0), Is(9_300.0), Is(0.0), NotDefined],
            ),
            row(
                "talk",
                "محادثات",
                vec![Is(118.0), Is(201_000.0), Is(7.0), Is(150_000.0)],
            ),
            row(
                "posts",
                "Posts",
                vec![Is(3.0), Is(640.0), NotKnown, NotKnown],
            ),
        ],
        TeamTableKind::UnsureByQueue => vec![
            rated("images", "Images · EU", 2_310.0, 92.0),
            rated("talk", "محادثات", 871.0, 97.0),
            rated("posts", "Posts", 887.0, 21.0),
        ],
        TeamTableKind::UnsureByPolicy => vec![
            rated("spam", "Spam and deception", 1_204.0, 14.0),
            rated("harassment", "Harassment", 611.0, 101.0),
            rated("violence", "Violence", 402.0, 37.0),
            row(
                "rare",
                "A rule with a name that is longer than most names of rules are",
                vec![Is(3.0), TooFew, TooFew, TooFew, TooFew],
            ),
        ],
        TeamTableKind::NotMe => vec![
            rated("images", "Images · EU", 2_360.0, 50.0),
            row("talk", "محادثات", vec![NotKnown; 5]),
            rated("posts", "Posts", 892.0, 5.0),
        ],
        TeamTableKind::Overturns => vec![
            rated("appeal", "", 40.0, 3.0),
            rated("sample", "", 48.0, 5.0),
            row(
                "second",
                "",
                vec![Is(0.0), Is(0.0), NotDefined, NotDefined, NotDefined],
            ),
        ],
        TeamTableKind::Agreement => {
            let ids = [
                ("percent", 0.897_9),
                ("cohen", 0.743_2),
                ("cohen_linear", 0.781),
                ("cohen_quadratic", 0.812_9),
                ("fleiss", 0.742_1),
                ("alpha_nominal", 0.743_4),
                ("alpha_ordinal", 0.815_4),
                ("alpha_interval", 0.849_1),
            ];
            let of =
                |(id, value): &(&str, f64)| row(id, "", vec![Is(48.0), Is(*value), Is(0.541_7)]);
            let mut rows: Vec<_> = ids.iter().map(of).collect();
            rows.push(row("alpha_ratio", "", vec![Is(12.0), TooFew, Is(0.541_7)]));
            rows
        }
        TeamTableKind::Detectors => vec![
            rated("shapes 2.1", "shapes 2.1", 310.0, 204.0),
            rated("words 5", "words 5", 122.0, 61.0),
        ],
    }
}

fn table(kind: TeamTableKind) -> TeamTable {
    let rows = rows(kind);
    let first = |row: &TeamRow| match row.cells.first() {
        Some(Is(n)) => *n as u64,
        _ => 0,
    };
    let n = match kind {
        TeamTableKind::Agreement => 48,
        _ => rows.iter().map(first).sum(),
    };
    TeamTable { kind, n, rows }
}

/// A record; `n` tells them apart.
pub(crate) fn record(n: u64, action: &str, review: ReviewKind) -> TeamRecord {
    TeamRecord {
        decision_id: DecisionId::new(format!("0196-decision-{n:08}")).expect("an id"),
        item_id: ItemId::new(format!("item-{n:08}")).expect("an id"),
        day: day(n as i64 % 28 + 1),
        queue: "Images · EU".to_owned(),
        policy: if action == "allow" {
            String::new()
        } else {
            "Harassment".to_owned()
        },
        action: action.to_owned(),
        severity: if action == "allow" { 0 } else { 2 },
        unsure: n % 7 == 3,
        review,
        standing: if n % 9 == 4 {
            Standing::Superseded
        } else {
            Standing::Standing
        },
    }
}

/// A page of the records behind a row.
pub(crate) fn records(table: TeamTableKind, row: &str, skip: u64, total: u64) -> TeamRecords {
    let last = (skip + TEAM_RECORDS_PAGE).min(total);
    TeamRecords {
        drill: TeamDrill {
            table,
            row: row.to_owned(),
            skip,
        },
        total,
        rows: (skip..last)
            .map(|n| record(n, "remove", ReviewKind::First))
            .collect(),
    }
}

fn disagreement(n: u64) -> Disagreement {
    let reasons = [
        (
            "The second line is aimed at one person.",
            "It reads like a joke between friends.",
        ),
        ("", "الرسالة تقصد شخصا واحدا."),
        (
            "The rule asks for a threat, and there is none.",
            "“See you at the green door” is meant as one. The earlier messages of the conversation say where the door is.",
        ),
    ];
    let (first, second) = reasons[n as usize % reasons.len()];
    Disagreement {
        first: record(n, "remove", ReviewKind::First),
        first_reason: first.to_owned(),
        second: record(n, "allow", ReviewKind::Sample),
        second_reason: second.to_owned(),
    }
}

fn sample(n: i64, done: u64) -> Sample {
    Sample {
        id: format!("sample-{n}"),
        at: AS_OF.plus_ms(-n * 7 * 86_400_000),
        drawing: [Drawing::RiskWeighted, Drawing::Stratified, Drawing::Random][n as usize % 3]
            .clone(),
        size: 50,
        done,
        differ: done / 10,
        practice: n as u64 % 3,
    }
}

/// The whole view, of the last 28 days before [`AS_OF`].
pub(crate) fn team_view() -> TeamView {
    let queue = |id: &str, name: &str| (QueueId::new(id).expect("an id"), name.to_owned());
    TeamView {
        query: TeamQuery {
            from: day(28),
            to: day(1),
            queue: None,
        },
        queues: vec![
            queue("images", "Images · EU"),
            queue("talk", "محادثات"),
            queue("posts", "Posts"),
        ],
        as_of: Some(AS_OF),
        through: None,
        fetching: false,
        count: 4_236,
        problem: None,
        tables: TeamTableKind::ALL.into_iter().map(table).collect(),
        records: None,
        disagreements: (0..23).map(disagreement).collect(),
        samples: Some(vec![sample(0, 12), sample(1, 50), sample(2, 50)]),
        export: None,
    }
}
