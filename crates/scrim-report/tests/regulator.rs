//! The regulator table.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use scrim_model::retention::{Authority, Reported};
use scrim_model::team::{Detector, DetectorCount};
use scrim_model::{DecisionId, ItemId, QueueId, Timestamp};
use scrim_report::statement::{Ground, ItemFacts, PlatformRules, PolicyRule};
use scrim_report::{
    DecisionRow, Format, Period, RegulatorCounts, RegulatorItem, RegulatorOthers, RegulatorTable,
    Selection, ServerSaid,
};
use scrim_wire::protocol::{AppealDay, LanguageReviewers};
use support::*;

fn everything() -> Selection {
    Selection::of(Period {
        from: Timestamp(0),
        to: Timestamp(i64::MAX),
    })
}

fn table(
    rows: &[DecisionRow],
    rules: &PlatformRules,
    items: &BTreeMap<String, ItemFacts>,
) -> String {
    let counts = RegulatorCounts::of_desk(rows, &everything(), rules, items);
    csv(&counts.table(&RegulatorOthers::default()))
}

fn csv(table: &RegulatorTable) -> String {
    let mut out = Vec::new();
    table.write(&mut out, Format::Csv).unwrap();
    String::from_utf8(out).unwrap()
}

/// The rows of one measure, without it.
fn of_measure(table: &str, measure: &str) -> Vec<String> {
    let rows = table
        .lines()
        .filter_map(|row| row.strip_prefix(measure)?.strip_prefix(','));
    rows.map(str::to_owned).collect()
}

fn rules() -> PlatformRules {
    let rule = PolicyRule {
        category: "STATEMENT_CATEGORY_SCAMS_AND_FRAUD".into(),
        ground: Ground::Illegal,
        reference: String::new(),
        explanation: String::new(),
        facts: String::new(),
        reference_url: None,
        keywords: Vec::new(),
    };
    PlatformRules {
        policies: [("spam".to_owned(), rule)].into(),
        territorial_scope: Vec::new(),
    }
}

fn rows() -> Vec<DecisionRow> {
    let mut allowed = row(2, 0);
    allowed.decision.policy_ids.clear();
    let mut unknown = row(3, 1);
    unknown.decision.policy_ids.remove(0);
    // The same item decided anew: it counts once, by the newer decision.
    let mut again = row(4, 1);
    again.decision.item_id = ItemId::new("i1").unwrap();
    again.decision.propagated_from = Some(DecisionId::new("d3").unwrap());
    vec![row(1, 1), allowed, unknown, again]
}

/// Frozen: a changed line here is a broken contract with whoever reads these files.
#[test]
fn the_table_is_frozen_and_what_is_not_known_is_never_zero() {
    let facts = ItemFacts {
        item_id: "i1".into(),
        content_date: "2026-02-01".into(),
        source_type: "SOURCE_VOLUNTARY".into(),
        automated_detection: true,
        content_language: Some("DE".into()),
        content_type: Vec::new(),
    };
    let items = [("i1".to_owned(), facts)].into();
    let expected = "measure,group,unit,value\r\n\
        items_by_category,STATEMENT_CATEGORY_SCAMS_AND_FRAUD,items,1\r\n\
        items_by_category,none,items,1\r\n\
        items_by_category,not known,items,1\r\n\
        items_by_language,DE,items,1\r\n\
        items_by_language,not known,items,2\r\n\
        items_by_source,SOURCE_VOLUNTARY,items,1\r\n\
        items_by_source,not known,items,2\r\n\
        items_by_detection,automated,items,1\r\n\
        items_by_detection,not known,items,2\r\n\
        items_by_decision,human,items,2\r\n\
        items_by_decision,\"human, copied by hash or author\",items,1\r\n\
        actions_by_ground,illegal content: restrict,actions,2\r\n\
        actions_by_ground,illegal content: warn_author,actions,2\r\n\
        actions_by_ground,none: restrict,actions,1\r\n\
        actions_by_ground,none: warn_author,actions,1\r\n\
        actions_by_ground,not known: restrict,actions,1\r\n\
        actions_by_ground,not known: warn_author,actions,1\r\n\
        appeals_received,,appeals,not known\r\n\
        appeals_upheld,,appeals,not known\r\n\
        appeals_reversed,,appeals,not known\r\n\
        appeals_median_days,,days,not known\r\n\
        time_to_report_by_priority,,hours,not known\r\n\
        reviewers_per_language,,reviewers,not known\r\n\
        error_indicators_of_automated_means,,share,not known\r\n";
    assert_eq!(table(&rows(), &rules(), &items), expected);
}

#[test]
fn without_the_platforms_files_their_groups_are_not_known() {
    let table = table(&rows(), &PlatformRules::default(), &BTreeMap::new());
    for measure in ["items_by_language", "items_by_source", "items_by_detection"] {
        assert!(
            table.contains(&format!("{measure},not known,items,3\r\n")),
            "{table}"
        );
    }
    assert!(table.contains("items_by_category,not known,items,2\r\n"));
    for private in ["SECRET", "98700", "i1", "d1"] {
        assert!(!table.contains(private), "{private}");
    }
}

fn reported(to: Authority, on: &str) -> Reported {
    Reported {
        to,
        on: Timestamp::parse(&format!("{on}T00:00:00Z")).unwrap(),
        reference: None,
    }
}

#[test]
fn a_desk_tells_how_long_its_reports_took_from_five_on() {
    let mut rows: Vec<DecisionRow> = (1..=8).map(|n| row(n, 3)).collect();
    rows[6].decision.escalate.as_mut().unwrap().priority = 1;
    rows[7].decision.escalate = None;
    // All of them on 2026-02-02. The first report counts, and one that is on the same day took no whole day.
    let days = [
        "2026-02-02",
        "2026-02-03",
        "2026-02-03",
        "2026-02-05",
        "2026-02-09",
        "2026-02-12",
        "2026-02-04",
        "2026-02-05",
    ];
    let report = |(row, day): (&DecisionRow, &&str)| {
        let later = reported(Authority::Uk, "2026-03-01");
        let of_it = vec![later, reported(Authority::Us, day)];
        (row.decision.decision_id.clone(), of_it)
    };
    let reports: BTreeMap<DecisionId, Vec<Reported>> = rows.iter().zip(&days).map(report).collect();
    let table = |reports: &BTreeMap<_, _>| {
        let others = RegulatorOthers::of_desk(&rows, &everything(), reports);
        let (rules, items) = (rules(), BTreeMap::new());
        let counts = RegulatorCounts::of_desk(&rows, &everything(), &rules, &items);
        of_measure(&csv(&counts.table(&others)), "time_to_report_by_priority")
    };
    assert_eq!(
        table(&reports),
        [
            "1: reports,reports,1",
            "1: median,hours,too few",
            "2: reports,reports,6",
            "2: median,hours,48",
            "none: reports,reports,1",
            "none: median,hours,too few",
        ]
    );
    // That none was written down says nothing of how many there were.
    assert_eq!(table(&BTreeMap::new()), [",hours,not known"]);
}

fn appeals(day: &str, [received, upheld, reversed]: [u64; 3], took_days: &[u32]) -> AppealDay {
    AppealDay {
        day: day.into(),
        queue_id: QueueId::new("q").unwrap(),
        received,
        upheld,
        reversed,
        took_days: took_days.to_vec(),
    }
}

fn of_team(others: &RegulatorOthers<'_>) -> String {
    let item = |id, policy, languages: &[&'static str], [reported, flagged, copied]: [bool; 3]| {
        RegulatorItem {
            id,
            policy,
            passed_on: false,
            copied,
            server: Some(ServerSaid {
                languages: languages.to_vec(),
                reported,
                flagged,
            }),
        }
    };
    let facts = ItemFacts {
        item_id: "i5".into(),
        content_date: "2026-02-01".into(),
        source_type: "SOURCE_TRUSTED_FLAGGER".into(),
        automated_detection: false,
        content_language: None,
        content_type: Vec::new(),
    };
    let items = [("i5".to_owned(), facts)].into();
    let rules = rules();
    let mut counts = RegulatorCounts::new(&rules, &items);
    counts.item(&item("i1", "spam", &["de", "de-AT"], [true, false, false]));
    counts.item(&item("i2", "spam", &["fr", "EN-gb"], [false, true, true]));
    counts.item(&item("i3", "", &[], [true, true, false]));
    counts.item(&item("i4", "other", &[], [false, false, false]));
    // What the platform says goes before what the server says, as far as it says something.
    counts.item(&item("i5", "spam", &["de"], [false, true, false]));
    counts.actions("spam", "remove", 2);
    counts.actions("spam", "warn_author", 1);
    counts.actions("", "allow", 1);
    counts.actions("other", "remove", 1);
    counts.actions("spam", "remove", 3);
    csv(&counts.table(others))
}

/// Frozen, as the table of one desk.
#[test]
fn the_table_of_a_team_is_frozen() {
    let days = [
        appeals("2026-02-01", [4, 2, 0], &[0, 9]),
        appeals("2026-02-02", [2, 1, 1], &[2, 3, 4]),
    ];
    let reviewers = [("", Some(7)), ("de", Some(12)), ("fo", None)].map(|(language, people)| {
        LanguageReviewers {
            language: language.into(),
            people,
        }
    });
    let detector = |name: &str, flagged, right| DetectorCount {
        day: "2026-02-01".into(),
        queue: "q".into(),
        detector: Detector {
            name: name.into(),
            version: "2".into(),
        },
        flagged,
        right,
    };
    let detectors = [
        detector("=d", 6, 5),
        detector("=d", 4, 3),
        detector("e", 4, 4),
    ];
    let others = RegulatorOthers {
        appeals: Some(&days),
        reviewers: Some(&reviewers),
        detectors: Some(&detectors),
        ..RegulatorOthers::default()
    };
    let expected = "measure,group,unit,value\r\n\
        items_by_category,STATEMENT_CATEGORY_SCAMS_AND_FRAUD,items,3\r\n\
        items_by_category,none,items,1\r\n\
        items_by_category,not known,items,1\r\n\
        items_by_language,DE,items,2\r\n\
        items_by_language,EN;FR,items,1\r\n\
        items_by_language,not known,items,2\r\n\
        items_by_source,SOURCE_TRUSTED_FLAGGER,items,1\r\n\
        items_by_source,notice,items,2\r\n\
        items_by_source,own means,items,2\r\n\
        items_by_detection,automated,items,1\r\n\
        items_by_detection,automated and human,items,1\r\n\
        items_by_detection,human,items,2\r\n\
        items_by_detection,not known,items,1\r\n\
        items_by_decision,human,items,4\r\n\
        items_by_decision,\"human, copied by hash or author\",items,1\r\n\
        actions_by_ground,illegal content: remove,actions,5\r\n\
        actions_by_ground,illegal content: warn_author,actions,1\r\n\
        actions_by_ground,none: allow,actions,1\r\n\
        actions_by_ground,not known: remove,actions,1\r\n\
        appeals_received,,appeals,6\r\n\
        appeals_upheld,,appeals,3\r\n\
        appeals_reversed,,appeals,1\r\n\
        appeals_median_days,,days,3\r\n\
        time_to_report_by_priority,,hours,not known\r\n\
        reviewers_per_language,DE,reviewers,12\r\n\
        reviewers_per_language,FO,reviewers,too few\r\n\
        reviewers_per_language,not known,reviewers,7\r\n\
        error_indicators_of_automated_means,'=d 2: flagged,decisions,10\r\n\
        error_indicators_of_automated_means,'=d 2: right,decisions,8\r\n\
        error_indicators_of_automated_means,'=d 2: precision,share,0.8\r\n";
    let table = of_team(&others);
    let (told, rest) = table.split_at(expected.len());
    assert_eq!(told, expected);
    assert_eq!(of_team(&others), table, "twice");
    let rest: Vec<&str> = rest.lines().collect();
    // The golden interval of 8 of 10; of fewer than five nothing but their number.
    assert!(
        rest[0].contains("'=d 2: precision, low\",share,0.49016"),
        "{rest:?}"
    );
    assert!(
        rest[1].contains("'=d 2: precision, high\",share,0.94331"),
        "{rest:?}"
    );
    let few = rest[2..].iter().map(|row| row.rsplit(',').next().unwrap());
    assert_eq!(
        few.collect::<Vec<_>>(),
        ["4", "too few", "too few", "too few", "too few"]
    );
}

#[test]
fn what_the_server_does_not_say_is_not_known_and_what_is_too_small_is_not_told() {
    let table = of_team(&RegulatorOthers::default());
    for row in [
        "appeals_received,,appeals,not known",
        "appeals_upheld,,appeals,not known",
        "appeals_reversed,,appeals,not known",
        "appeals_median_days,,days,not known",
        "reviewers_per_language,,reviewers,not known",
        "error_indicators_of_automated_means,,share,not known",
    ] {
        assert!(table.contains(row), "{row}: {table}");
    }
    // Nothing, and a little, is another matter than not known.
    let median = |days: &[AppealDay]| {
        let table = of_team(&RegulatorOthers {
            appeals: Some(days),
            detectors: Some(&[]),
            reviewers: Some(&[]),
            ..RegulatorOthers::default()
        });
        assert!(table.contains("reviewers_per_language,,reviewers,0"));
        assert!(table.contains("error_indicators_of_automated_means,,share,not defined"));
        of_measure(&table, "appeals_median_days").remove(0)
    };
    assert_eq!(median(&[]), ",days,not defined");
    let few = appeals("2026-02-01", [4, 4, 0], &[1; 4]);
    assert_eq!(median(std::slice::from_ref(&few)), ",days,too few");
    let one_more = appeals("2026-02-02", [0, 0, 0], &[1]);
    assert_eq!(median(&[few, one_more]), ",days,1");
}
