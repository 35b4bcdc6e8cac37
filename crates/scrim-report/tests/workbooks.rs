//! Workbooks: the same table as CSV, and the same bytes each time.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::Timestamp;
use scrim_report::{
    DecisionRow, Format, Period, Selection, StatsTable, write_decisions, write_decisions_xlsx,
};
use support::*;

fn stats_table(rows: &[DecisionRow]) -> StatsTable {
    let always = Selection::of(Period {
        from: Timestamp(0),
        to: Timestamp(i64::MAX),
    });
    StatsTable::of(rows, &always, Timestamp(i64::MAX))
}

#[test]
fn two_workbooks_of_the_same_rows_are_the_same_bytes() {
    let rows = a_month(400);
    let decisions = |rows: &[DecisionRow]| {
        let mut out = Vec::new();
        write_decisions_xlsx(&mut out, rows).unwrap();
        out
    };
    let stats = |rows: &[DecisionRow]| {
        let mut out = Vec::new();
        stats_table(rows).write_xlsx(&mut out).unwrap();
        out
    };
    assert!(decisions(&rows) == decisions(&rows) && stats(&rows) == stats(&rows));
    assert!(decisions(&rows).starts_with(b"PK"));
}

/// Saves a workbook as CSV with LibreOffice and compares it with ours, cell by cell.
#[test]
fn libreoffice_makes_the_same_csv_of_a_workbook() {
    let mut rows = a_month(120);
    for (n, start) in [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "1e5",
        "007",
        "TRUE",
        "a,b",
        "\"q\"",
        "_x0041_",
        "2026-02-03",
    ]
    .into_iter()
    .enumerate()
    {
        rows[n].receipt = Some((start.to_owned(), NOW));
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, what: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        what(&mut out);
        std::fs::write(folder.path().join(name), &out).unwrap();
    };
    write("decisions.xlsx", &|out| {
        write_decisions_xlsx(out, &rows).unwrap()
    });
    write("stats.xlsx", &|out| {
        stats_table(&rows).write_xlsx(out).unwrap();
    });
    let mut ours = [Vec::new(), Vec::new()];
    write_decisions(&mut ours[0], Format::Csv, &rows).unwrap();
    stats_table(&rows).write(&mut ours[1], Format::Csv).unwrap();
    let status = std::process::Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            folder.path().join("profile").display()
        ))
        .args([
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false",
            "--outdir",
        ])
        .arg(folder.path())
        .args([
            folder.path().join("decisions.xlsx"),
            folder.path().join("stats.xlsx"),
        ])
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap_or_else(|_| {
            panic!("this test needs LibreOffice: apt-get install libreoffice-calc-nogui")
        });
    assert!(status.success());
    for (name, ours) in ["decisions.csv", "stats.csv"].into_iter().zip(ours) {
        let theirs = std::fs::read(folder.path().join(name)).unwrap();
        let cells = |bytes: &[u8]| -> Vec<Vec<String>> {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(bytes);
            reader.deserialize().map(Result::unwrap).collect()
        };
        let (ours, theirs) = (cells(&ours), cells(&theirs));
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            for (ours, theirs) in ours.iter().zip(theirs) {
                let number = |text: &String| text.parse::<f64>().ok();
                let are_close = number(ours)
                    .zip(number(theirs))
                    .is_some_and(|(a, b)| is_close(a, b));
                assert!(ours == theirs || are_close, "{name}: {ours} and {theirs}");
            }
        }
    }
}
