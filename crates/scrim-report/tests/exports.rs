//! The exports as contracts.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::{ErrorKind, Write};

use scrim_model::{ActionKind, DecisionAction, DecisionId, QueueId, Timestamp};
use scrim_report::{
    DECISION_COLUMNS, DecisionRow, Format, NAMED_COLUMNS, Period, ReportError, Selection,
    StatsTable, write_atomically, write_decisions, write_named_decisions,
};
use scrim_wire::window::SyncState;
use support::*;

fn decisions(format: Format, rows: &[DecisionRow]) -> String {
    let mut out = Vec::new();
    write_decisions(&mut out, format, rows).unwrap();
    String::from_utf8(out).unwrap()
}

/// Of all days, which are over.
fn stats_table(rows: &[DecisionRow]) -> StatsTable {
    let always = Selection::of(Period {
        from: Timestamp(0),
        to: Timestamp(i64::MAX),
    });
    StatsTable::of(rows, &always, Timestamp(i64::MAX))
}

fn stats(format: Format, rows: &[DecisionRow]) -> String {
    let mut out = Vec::new();
    stats_table(rows).write(&mut out, format).unwrap();
    String::from_utf8(out).unwrap()
}

/// Frozen: a changed line here is a broken contract with whoever reads these files.
#[test]
fn decisions_as_csv_are_frozen() {
    let mut bare = row(2, 3);
    bare.receipt = None;
    bare.state = SyncState::Held;
    bare.decision.escalate = None;
    bare.decision.media.clear();
    bare.decision.actions = vec![DecisionAction {
        kind: ActionKind::Allow,
        duration_s: None,
    }];
    bare.decision.policy_ids.clear();
    bare.decision.supersedes = Some(DecisionId::new("d1").unwrap());
    bare.decision.propagated_from = Some(DecisionId::new("d0").unwrap());
    let expected = "decision_id,item_id,item_version,queue_id,decided_at,skew_ms,policy_version,policy_ids,actions,durations_s,severity,unsure,escalate_to,escalate_priority,handle_ms,supersedes,state,receipt,receipt_at,awaiting_second,media_count,media_sha256,propagated_from,media_md5,media_sha1,media_pdq,media_pdq_quality,media_without_landlock\r\n\
        d1,i1,3,'=queue,2026-02-02T02:40:00.001Z,-12,2,spam;scam,restrict;warn_author,60;,2,false,lead,2,1500,,accepted,\"'+r,\"\"1\"\"\",2026-02-02T02:40:00.000Z,false,1,ab,,cd,ef,0000000000000000000000000000000000000000000000000000000000000000,77,true\r\n\
        d2,i2,3,'=queue,2026-02-02T02:40:00.002Z,-12,2,,allow,,3,true,,,,d1,held,,,false,0,,d0,,,,,\r\n";
    assert_eq!(decisions(Format::Csv, &[row(1, 2), bare]), expected);
}

#[test]
fn decisions_as_json_lines_are_frozen() {
    let expected = r#"{"decision_id":"d1","item_id":"i1","item_version":3,"queue_id":"=queue","decided_at":"2026-02-02T02:40:00.001Z","skew_ms":-12,"policy_version":2,"policy_ids":["spam","scam"],"actions":["restrict","warn_author"],"durations_s":[60,null],"severity":4,"unsure":false,"escalate_to":"lead","escalate_priority":2,"handle_ms":null,"supersedes":null,"state":"accepted","receipt":"+r,\"1\"","receipt_at":"2026-02-02T02:40:00.000Z","awaiting_second":false,"media_count":1,"media_sha256":["ab"],"propagated_from":null,"media_md5":["cd"],"media_sha1":["ef"],"media_pdq":["0000000000000000000000000000000000000000000000000000000000000000"],"media_pdq_quality":[77],"media_without_landlock":["true"]}"#;
    assert_eq!(
        decisions(Format::JsonLines, &[row(1, 4)]),
        format!("{expected}\n")
    );
}

#[test]
fn stats_are_frozen_and_small_and_grave_groups_have_no_times() {
    let in_queue = |n: u32, severity: u8, queue: &str| {
        let mut row = row(n, severity);
        row.decision.queue_id = QueueId::new(queue).unwrap();
        row
    };
    let mut all: Vec<DecisionRow> = (1..=5).map(|n| row(n, 2)).collect();
    all.extend((11..=14).map(|n| in_queue(n, 0, "few")));
    all.extend((21..=25).map(|n| in_queue(n, 2 + u8::from(n == 25), "grave")));
    let mut undone = in_queue(15, 0, "few");
    undone.undone = true;
    let mut withdrawn = row(31, 4);
    withdrawn.decision.supersedes = Some(DecisionId::new("d1").unwrap());
    withdrawn.state = SyncState::Withdrawn;
    let mut correction = in_queue(32, 0, "corrected");
    correction.decision.supersedes = Some(DecisionId::new("old").unwrap());
    let mut corrected = row(33, 4);
    corrected.decision.decision_id = DecisionId::new("old").unwrap();
    all.extend([undone, withdrawn, correction, corrected]);
    let expected = "day,queue,policy,action,count,handle_ms_median,handle_ms_p90\r\n\
        2026-02-02,'=queue,spam,restrict,5,3500,5100\r\n\
        2026-02-02,corrected,spam,restrict,1,too few,too few\r\n\
        2026-02-02,few,spam,restrict,4,too few,too few\r\n\
        2026-02-02,grave,spam,restrict,5,withheld,withheld\r\n";
    assert_eq!(stats(Format::Csv, &all), expected);
    let first = r#"{"day":"2026-02-02","queue":"=queue","policy":"spam","action":"restrict","count":5,"handle_ms_median":3500,"handle_ms_p90":5100}"#;
    assert_eq!(stats(Format::JsonLines, &all).lines().next(), Some(first));
    assert_eq!(stats(Format::JsonLines, &[]), "");
}

/// What stands at the server: it took the correction in place of the first, so that undoing it brings nothing back; what
/// it turned away it does not have, so that nothing is counted twice and nothing is replaced.
#[test]
fn decisions_count_as_they_stand_at_the_server() {
    let corrects = |n: u32, of: &str| {
        let mut row = row(n, 0);
        row.decision.supersedes = Some(DecisionId::new(of).unwrap());
        row
    };
    let counted = |rows: &[DecisionRow]| {
        let lines = stats(Format::JsonLines, rows);
        let count = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["count"]
                .as_u64()
                .unwrap()
        };
        lines.lines().map(count).sum::<u64>()
    };
    let mut undone = corrects(2, "d1");
    undone.undone = true;
    assert_eq!(counted(&[row(1, 0), undone]), 0);
    let mut refused = corrects(2, "d1");
    refused.state = SyncState::Parked;
    assert_eq!(counted(&[row(1, 0), refused.clone()]), 1);
    refused.decision.supersedes = None;
    assert_eq!(counted(&[refused, row(3, 0)]), 1, "decided anew");
    assert_eq!(counted(&[row(1, 0), corrects(2, "d1")]), 1);
}

#[test]
fn nothing_private_is_in_any_export_and_two_exports_are_the_same() {
    let rows: Vec<_> = (1..50).map(|n| row(n, (n % 5) as u8)).collect();
    for format in [Format::Csv, Format::JsonLines] {
        let (one, two) = (decisions(format, &rows), stats(format, &rows));
        for text in [&one, &two] {
            for private in ["SECRET", "98700", "yes", "full"] {
                assert!(!text.contains(private), "{private} in {text}");
            }
        }
        assert_eq!(decisions(format, &rows), one);
        assert_eq!(stats(format, &rows), two);
    }
    assert_eq!("csv".parse::<Format>().unwrap(), Format::Csv);
    assert!(matches!(
        "xlsx".parse::<Format>(),
        Err(ReportError::UnknownFormat)
    ));
}

/// A disk that takes `left` more bytes.
struct Full<'a> {
    left: usize,
    disk: &'a mut dyn Write,
}

impl Write for Full<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        let taken = self.disk.write(&bytes[..bytes.len().min(self.left)])?;
        self.left -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.disk.flush()
    }
}

#[test]
fn a_disk_that_fills_up_leaves_the_older_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.csv");
    let rows: Vec<_> = (0..2_000).map(|n| row(n, 1)).collect();
    for older in [None, Some("older")] {
        if let Some(older) = older {
            std::fs::write(&path, older).unwrap();
        }
        for left in [0, 1, 20_000] {
            let failed = write_atomically(&path, |disk| {
                write_decisions(&mut Full { left, disk }, Format::Csv, &rows)
            });
            let kind = ErrorKind::StorageFull;
            assert!(matches!(failed, Err(ReportError::NotWritten { kind: k }) if k == kind));
            assert_eq!(std::fs::read_to_string(&path).ok().as_deref(), older);
            let files = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(files, usize::from(older.is_some()));
        }
    }
}

#[test]
fn a_new_file_takes_the_place_of_the_older_one_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.csv");
    std::fs::write(&path, "older").unwrap();
    // What a killed export left behind does not stop the next one.
    std::fs::write(folder.path().join(".decisions.csv.1.part"), "cut off").unwrap();
    write_atomically(&path, |out| {
        write_decisions(out, Format::Csv, &[row(1, 1)])?;
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "older");
        Ok(())
    })
    .unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        decisions(Format::Csv, &[row(1, 1)])
    );
    let missing = write_atomically(&folder.path().join("no/such/file"), |_| Ok(()));
    assert!(matches!(
        missing,
        Err(ReportError::NotWritten {
            kind: ErrorKind::NotFound
        })
    ));
}

#[test]
fn beside_a_reviewer_stands_no_time_of_day_and_nothing_that_another_export_has_too() {
    let rows = [row(2, 2), row(1, 1)];
    let mut out = Vec::new();
    write_named_decisions(&mut out, Format::Csv, &rows, "=m1").unwrap();
    let text = String::from_utf8(out).unwrap();
    let header = text.lines().next().unwrap();
    assert_eq!(header, NAMED_COLUMNS.join(","));
    assert_eq!(NAMED_COLUMNS[..28], DECISION_COLUMNS);
    let severities: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            // Decision, item, its version, skew, doubt, active time, hashes.
            for empty in [0, 1, 2, 5, 11, 14, 21, 23, 24, 25, 26] {
                assert_eq!(cells[empty], "", "{}", NAMED_COLUMNS[empty]);
            }
            assert_eq!(cells[4], "2026-02-02");
            assert_eq!(cells[28], "'=m1", "guarded as any text");
            cells[10]
        })
        .collect();
    assert_eq!(severities, ["1", "2"], "not in the order of time");
}
