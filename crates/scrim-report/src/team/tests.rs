//! What the tables say, and that every document says the same.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use roxmltree::Document;
use scrim_model::team::{Detector, Judged, ReviewKind};
use scrim_model::{PolicyNode, QueueId};
use scrim_wire::protocol::Unassignable;

use super::*;
use crate::Format;

const NOW: &str = "2026-03-04T10:00:00Z";

fn query() -> TeamQuery {
    TeamQuery {
        from: "2026-03-01".to_owned(),
        to: "2026-03-31".to_owned(),
        queue: None,
    }
}

fn group(day: &str, queue: &str, policy: &str, handle_ms: &[u32]) -> TeamGroup {
    let count = handle_ms.len() as u64;
    TeamGroup {
        day: day.to_owned(),
        queue: queue.to_owned(),
        policy: policy.to_owned(),
        action: if policy.is_empty() { "allow" } else { "remove" }.to_owned(),
        count,
        unsure: count / 2,
        is_grave: false,
        handle_ms: handle_ms.to_vec(),
        action_s: handle_ms.iter().map(|ms| ms / 10).collect(),
        due: count,
        met: count.saturating_sub(1),
    }
}

fn queue(id: &str, overdue: Option<u64>) -> QueueInfo {
    QueueInfo {
        id: QueueId::new(id).unwrap(),
        name: format!("Queue {id}"),
        classes: Vec::new(),
        pending: 12,
        oldest_at: Some(Timestamp::parse("2026-03-04T09:00:00Z").unwrap()),
        sla_s: Some(60),
        overdue,
        unassignable: overdue.map(|count| Unassignable {
            count,
            oldest_at: None,
        }),
    }
}

fn pair(review: ReviewKind, first: (&str, u8), second: (&str, u8)) -> TeamPair {
    let judged = |(policy, severity): (&str, u8)| Judged {
        policy: policy.to_owned(),
        action: "remove".to_owned(),
        severity,
    };
    TeamPair {
        day: "2026-03-02".to_owned(),
        queue: "q1".to_owned(),
        review,
        first: judged(first),
        second: judged(second),
    }
}

/// Everything that a source can hold, and what it borrows.
struct Made {
    query: TeamQuery,
    groups: Vec<TeamGroup>,
    pairs: Vec<TeamPair>,
    detectors: Vec<DetectorCount>,
    not_me: Vec<TeamDay>,
    queues: Vec<QueueInfo>,
    policies: PolicyTree,
}

impl Made {
    fn source(&self) -> TeamSource<'_> {
        TeamSource {
            through: None,
            query: &self.query,
            groups: &self.groups,
            pairs: &self.pairs,
            detectors: &self.detectors,
            not_me: &self.not_me,
            queues: &self.queues,
            policies: &self.policies,
            now: Timestamp::parse(NOW).unwrap(),
        }
    }

    fn cells(&self, kind: TeamTableKind) -> BTreeMap<String, Vec<TeamFigure>> {
        let tables = team_tables(&self.source());
        let table = tables.into_iter().find(|table| table.kind == kind).unwrap();
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.cells.len() == kind.columns().len())
        );
        table
            .rows
            .into_iter()
            .map(|row| (row.id, row.cells))
            .collect()
    }
}

fn made() -> Made {
    let day = |day: &str, queue: &str, not_me| TeamDay {
        day: day.to_owned(),
        queue_id: QueueId::new(queue).unwrap(),
        not_me,
    };
    let mut grave = group("2026-03-01", "q1", "grave", &[9_000; 9]);
    grave.is_grave = true;
    Made {
        query: query(),
        groups: vec![
            grave,
            group(
                "2026-03-01",
                "q1",
                "p",
                &[1_000, 2_000, 3_000, 4_000, 10_000],
            ),
            group("2026-03-02", "q1", "p", &[1_000, 2_000]),
            group("2026-03-02", "q2", "", &[5_000; 6]),
            group("2026-03-04", "q1", "p", &[1; 8]),
        ],
        pairs: vec![
            pair(ReviewKind::Appeal, ("p", 1), ("p", 1)),
            pair(ReviewKind::Appeal, ("p", 1), ("q", 1)),
            pair(ReviewKind::Sample, ("p", 1), ("p", 2)),
        ],
        detectors: vec![DetectorCount {
            day: "2026-03-02".to_owned(),
            queue: "q1".to_owned(),
            detector: Detector {
                name: "=d\"<".to_owned(),
                version: "2".to_owned(),
            },
            flagged: 10,
            right: 8,
        }],
        not_me: vec![
            day("2026-03-01", "q1", Some(6)),
            day("2026-03-02", "q1", None),
        ],
        queues: vec![queue("q1", Some(3)), queue("q2", None)],
        policies: PolicyTree {
            version: 1,
            policies: vec![PolicyNode {
                id: scrim_model::PolicyId::new("p").unwrap(),
                parent: None,
                name: "Named <p>".to_owned(),
                text: String::new(),
                digit: None,
                severity: 0,
                actions: Vec::new(),
                needs_reason: false,
                needs_second_review: false,
            }],
        },
    }
}

use TeamFigure::{DayNotOver, Is, NotDefined, NotKnown, TooFew, Withheld};

#[test]
fn days_that_are_not_told_yet_have_no_number() {
    let made = made();
    let source = TeamSource {
        through: Some("2026-03-02"),
        ..made.source()
    };
    let report = TeamReport::of(&source, Some(source.now));
    let tables = team_tables(&source);
    let of = |kind: TeamTableKind, day: &str| {
        let table = tables.iter().find(|table| table.kind == kind).unwrap();
        let row = table.rows.iter().find(|row| row.id == day);
        row.map(|row| row.cells.clone())
    };
    let days = |day| of(TeamTableKind::Days, day);
    assert_eq!(days("2026-03-01"), Some(vec![Is(14.0)]));
    assert_eq!(days("2026-03-03"), Some(vec![DayNotOver]));
    assert_eq!(days("2026-03-04"), None, "later ones have no row");
    let waits = of(TeamTableKind::TimeToAction, "2026-03-03");
    assert_eq!(waits, Some(vec![DayNotOver; 3]));
    let not_me = |through| {
        let source = TeamSource {
            through: Some(through),
            ..made.source()
        };
        let tables = team_tables(&source);
        let table = tables
            .into_iter()
            .find(|table| table.kind == TeamTableKind::NotMe);
        table.unwrap().rows[0].cells.clone()
    };
    assert_eq!(not_me("2026-02-01"), [TooFew; 5]);
    assert_eq!(not_me("2026-03-04")[..3], [Is(20.0), Is(6.0), Is(0.3)]);
    let mut html = Vec::new();
    report.write_html(&mut html).unwrap();
    let html = String::from_utf8(html).unwrap();
    assert!(html.contains("up to 2026-03-02."));
    assert!(Document::parse(html.trim_start_matches("<!DOCTYPE html>\n")).is_ok());
}

#[test]
fn each_table_says_what_it_should() {
    let made = made();
    let days = made.cells(TeamTableKind::Days);
    assert_eq!(days.len(), 4, "days that have not begun are left out");
    assert_eq!(
        (&days["2026-03-01"], &days["2026-03-03"]),
        (&vec![Is(14.0)], &vec![Is(0.0)])
    );
    let policies = made.cells(TeamTableKind::Policies);
    // Only the group of five that is over: 1, 2, 3, 4 and 10 s; p90 is at rank 3.6.
    assert_eq!(policies["p"], [Is(15.0), Is(5.0), Is(3.0), Is(7.6)]);
    assert_eq!(policies["grave"], [Is(9.0), Is(0.0), Withheld, Withheld]);
    let waits = made.cells(TeamTableKind::TimeToAction);
    assert_eq!(waits["2026-03-04"], [Is(0.0), DayNotOver, DayNotOver]);
    assert_eq!(waits["2026-03-03"], [Is(0.0), NotDefined, NotDefined]);
    assert_eq!(waits["2026-03-02"][..2], [Is(6.0), Is(500.0)]);
    let sla = made.cells(TeamTableKind::Sla);
    assert_eq!(sla["q1"][..3], [Is(24.0), Is(20.0), Is(3.0)]);
    assert_eq!(sla["q1"][3], Is(20.0 / 27.0));
    assert_eq!(sla["q2"][2..], [NotKnown; 4]);
    let backlog = made.cells(TeamTableKind::Backlog);
    assert_eq!(backlog["q1"], [Is(12.0), Is(3_600.0), Is(3.0), NotDefined]);
    assert_eq!(backlog["q2"][2..], [NotKnown; 2]);
    let unsure = made.cells(TeamTableKind::UnsureByQueue);
    assert_eq!(unsure["q2"][..3], [Is(6.0), Is(3.0), Is(0.5)]);
    let not_me = made.cells(TeamTableKind::NotMe);
    assert_eq!(not_me["q1"][..3], [Is(20.0), Is(6.0), Is(0.3)]);
    assert_eq!(not_me["q2"], [TooFew; 5]);
    let overturns = made.cells(TeamTableKind::Overturns);
    assert_eq!(
        overturns["appeal"],
        [Is(2.0), TooFew, TooFew, TooFew, TooFew]
    );
    assert_eq!(overturns["sample"][..3], [Is(1.0), TooFew, TooFew]);
    assert_eq!(
        overturns["second"],
        [Is(0.0), NotDefined, NotDefined, NotDefined, NotDefined]
    );
    let agreement = made.cells(TeamTableKind::Agreement);
    assert_eq!(agreement.len(), 9);
    assert_eq!(agreement["cohen"], [Is(1.0), TooFew, TooFew]);
    let detectors = made.cells(TeamTableKind::Detectors);
    let [n, right, share, low, high] = detectors["=d\"<\t2"][..] else {
        panic!("five cells")
    };
    assert_eq!((n, right, share), (Is(10.0), Is(8.0), Is(0.8)));
    // The golden value for 8 of 10.
    let near = |figure, value: f64| matches!(figure, Is(x) if (x - value).abs() < 1e-5);
    assert!(near(low, 0.49016) && near(high, 0.94332));
}

#[test]
fn agreement_is_that_of_the_golden_pairs() {
    let mut made = made();
    // The ten golden items, four times over, so that there are enough.
    let (first, second) = (
        [0, 0, 1, 1, 2, 2, 2, 3, 3, 0],
        [0, 1, 1, 1, 2, 2, 3, 3, 2, 0],
    );
    let names = ["", "a", "b", "c"];
    let of = |(a, b): (&usize, &usize)| {
        pair(
            ReviewKind::Sample,
            (names[*a], *a as u8),
            (names[*b], *b as u8),
        )
    };
    let ten = || first.iter().zip(&second).map(of);
    made.pairs = ten().chain(ten()).chain(ten()).chain(ten()).collect();
    let told = made.cells(TeamTableKind::Agreement);
    let value = |id: &str| match told[id][1] {
        Is(value) => value,
        other => panic!("{other:?}"),
    };
    assert!((value("percent") - 0.7).abs() < 1e-12);
    assert!((value("cohen") - 0.6).abs() < 1e-12);
    assert!((value("cohen_linear") - 0.75).abs() < 1e-12);
    assert!((value("cohen_quadratic") - 0.869_565_217_391_304_3).abs() < 1e-12);
    made.pairs = vec![pair(ReviewKind::Sample, ("a", 1), ("a", 1)); 40];
    let told = made.cells(TeamTableKind::Agreement);
    assert_eq!(told["cohen"], [Is(40.0), NotDefined, Is(1.0)]);
}

fn csv(report: &TeamReport) -> Vec<BTreeMap<String, String>> {
    let mut out = Vec::new();
    report.write(&mut out, Format::Csv).unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_document_has_the_figures_of_the_table() {
    let made = made();
    let report = TeamReport::of(&made.source(), Some(made.source().now));
    let rows = csv(&report);
    let (mut html, mut json) = (Vec::new(), Vec::new());
    report.write_html(&mut html).unwrap();
    report.write_json(&mut json).unwrap();
    let html = String::from_utf8(html).unwrap();
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("<script"));
    let page = Document::parse(html.trim_start_matches("<!DOCTYPE html>\n")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let mut compared = 0;
    for row in &rows {
        let (table, id) = (&row["table"], row["row"].trim_start_matches('\''));
        let shown = page
            .descendants()
            .find(|node| node.attribute("id") == Some(&format!("table-{table}")))
            .unwrap();
        // A tab in an attribute is read as a space.
        let line = shown
            .descendants()
            .find(|node| node.attribute("data-row") == Some(&id.replace('\t', " ")))
            .unwrap_or_else(|| panic!("{table} {id}"));
        let cell = line
            .children()
            .find(|node| node.attribute("data-column") == Some(&row["column"]))
            .unwrap();
        assert_eq!(
            cell.attribute("data-value").or(cell.text()).unwrap(),
            row["value"]
        );
        let tables = json["tables"].as_array().unwrap();
        let told = tables
            .iter()
            .find(|t| t["table"] == table.as_str())
            .unwrap();
        let told = told["rows"].as_array().unwrap();
        let told = &told.iter().find(|r| r["id"] == id).unwrap()[&row["column"]];
        let spelled = told
            .as_str()
            .map_or_else(|| told.to_string(), str::to_owned);
        assert_eq!(spelled, row["value"]);
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
    for mark in page
        .descendants()
        .filter(|node| node.has_tag_name("rect") || node.has_tag_name("g"))
    {
        let value = mark.attribute("data-value").unwrap();
        assert!(rows.iter().any(|row| row["value"] == value), "{value}");
    }
    let again = TeamReport::of(&made.source(), Some(made.source().now));
    assert_eq!(csv(&again), rows);
}

proptest! {
    #![proptest_config(proptest::test_runner::Config {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x5C21),
        failure_persistence: None,
        ..Default::default()
    })]

    /// Whatever the times and doubts of groups that are small, grave or of today: no byte changes.
    #[test]
    fn what_is_not_told_has_no_influence(
        sizes in prop::collection::vec((0_usize..9, any::<bool>(), 0_u8..3), 0..30),
        other in 1_u32..1_000_000,
    ) {
        let mut made = made();
        made.groups = sizes.iter().enumerate().map(|(n, (size, grave, day))| {
            let day = ["2026-03-01", "2026-03-02", "2026-03-04"][usize::from(*day)];
            let mut group = group(day, "q1", &format!("p{n}"), &vec![1_000 + n as u32; *size]);
            group.is_grave = *grave;
            group
        }).collect();
        let written = |made: &Made| {
            let (mut out, report) = (Vec::new(), TeamReport::of(&made.source(), None));
            report.write_html(&mut out).unwrap();
            report.write(&mut out, Format::JsonLines).unwrap();
            out
        };
        let before = written(&made);
        for group in &mut made.groups {
            let hidden = group.count < 5 || group.day.as_str() == "2026-03-04";
            if hidden {
                group.unsure = 0;
                group.action_s.fill(other);
            }
            if hidden || group.is_grave {
                group.handle_ms.fill(other);
            }
        }
        prop_assert!(written(&made) == before);
    }
}
