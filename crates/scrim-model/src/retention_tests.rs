//! The rules as they stand, and the calendar under them.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn day(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}T00:00:00Z")).unwrap()
}

fn reported(to: Authority, on: &str) -> Reported {
    Reported {
        to,
        on: day(on),
        reference: None,
    }
}

fn last_days(part: RecordPart, known: &Known) -> Vec<(&'static str, String)> {
    let kept = kept(part, known).into_iter();
    kept.map(|kept| (kept.rule.id, kept.last_day)).collect()
}

#[test]
fn the_table_is_that_of_its_version() {
    let rows: Vec<_> = RULES
        .iter()
        .map(|rule| (rule.id, rule.months, rule.parts.len()))
        .collect();
    assert_eq!(TABLE_VERSION, 1, "a changed table has another version");
    assert_eq!(
        rows,
        [
            ("eu-complaint", 6, 2),
            ("us-report", 12, 2),
            ("uk-content", 12, 3),
            ("uk-reference", 60, 1),
        ]
    );
    assert!(RULES.iter().all(|rule| !rule.source.is_empty()));
}

#[test]
fn a_decision_is_kept_for_complaints_and_a_report_keeps_more() {
    let decided = Known {
        decided_at: Some(day("2026-02-02").plus_ms(3_600_000)),
        reports: Vec::new(),
    };
    let complaint = ("eu-complaint", "2026-08-02".to_owned());
    for part in [RecordPart::Judgement, RecordPart::Words] {
        assert_eq!(last_days(part, &decided), std::slice::from_ref(&complaint));
    }
    assert_eq!(last_days(RecordPart::Viewing, &decided), []);

    let both = Known {
        reports: vec![
            reported(Authority::Us, "2026-02-04"),
            reported(Authority::Uk, "2026-02-05"),
            reported(Authority::Us, "2026-03-01"),
        ],
        ..decided
    };
    assert_eq!(
        last_days(RecordPart::Judgement, &both),
        [
            complaint,
            ("us-report", "2027-03-01".to_owned()),
            ("uk-content", "2027-02-05".to_owned()),
            ("uk-reference", "2031-02-05".to_owned()),
        ],
        "the last of two reports counts"
    );
    let training = Known::default();
    assert_eq!(last_days(RecordPart::Judgement, &training), []);
}

#[test]
fn months_end_on_the_same_day_or_on_the_first_one_after_it() {
    for (from, months, to) in [
        ("2026-11-26", 12, "2027-11-26"),
        ("2026-11-26", 6, "2027-05-26"),
        ("2026-12-31", 6, "2027-07-01"),
        ("2026-08-31", 6, "2027-03-01"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 60, "2031-01-31"),
    ] {
        assert_eq!(months_later(from, months).as_deref(), Some(to), "{from}");
    }
    assert_eq!(months_later("9999-06-01", 12), None);
    assert_eq!(months_later("never", 12), None);
}

#[test]
fn the_last_day_is_inside() {
    let kept = kept(
        RecordPart::Words,
        &Known {
            decided_at: Some(day("2026-02-02")),
            reports: Vec::new(),
        },
    );
    let words = PartKept {
        part: RecordPart::Words,
        is_erased: false,
        kept,
        holds: Vec::new(),
    };
    assert_eq!(words.retain_until(), Some("2026-08-02"));
    let late = day("2026-08-02").plus_ms(DAY_MS - 1);
    assert!(matches!(words.block(late), Some(Block::Rule(_))));
    assert_eq!(words.block(day("2026-08-03")), None);
    assert_eq!(last_day_before(words.kept[0].until), "2026-08-02");
}

#[test]
fn a_hold_keeps_its_parts_until_it_ends_or_is_lifted_and_comes_before_any_rule() {
    let (start, end) = (day("2026-02-02"), day("2026-03-01"));
    let until = BTreeMap::from([(RecordPart::Words, Some(end)), (RecordPart::Viewing, None)]);
    let mut hold = Hold {
        id: "hold-1".to_owned(),
        on: None,
        reason: None,
        start,
        until,
        lifted: None,
    };
    assert!(hold.holds(RecordPart::Words, end.plus_ms(-1)));
    assert!(!hold.holds(RecordPart::Words, end));
    assert!(hold.holds(RecordPart::Viewing, Timestamp(i64::MAX)));
    assert!(
        hold.holds(RecordPart::Viewing, Timestamp(0)),
        "before it begins"
    );
    assert!(!hold.holds(RecordPart::Judgement, start));

    let known = Known {
        decided_at: None,
        reports: vec![reported(Authority::Us, "2026-02-04")],
    };
    let mut viewing = PartKept {
        part: RecordPart::Viewing,
        is_erased: false,
        kept: kept(RecordPart::Viewing, &known),
        holds: vec![hold.clone()],
    };
    assert!(matches!(viewing.block(start), Some(Block::Hold(_))));
    hold.lifted = Some(Lifted {
        at: end,
        reason: None,
    });
    assert!(!hold.is_in_force(start));
    viewing.holds = vec![hold];
    assert!(matches!(viewing.block(start), Some(Block::Rule(_))));
}
