//! Prints what the tests of the fault matrix have seen last. Exit code 1: a cell is missing, or
//! something was lost or doubled.

use std::io::Write;
use std::process::ExitCode;

use scrim_processes::faults::{Row, Step, Victim, folder, senseless};

fn main() -> std::io::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let folder = folder()?;
    let (mut made, mut missing, mut lost, mut doubled) = (0, 0, 0, 0);
    writeln!(
        out,
        "{:8} {:16} {:>5} {:>6} {:>8} {:>8} {:>5} {:>7}  claims granted, returned, lapsed",
        "killed", "at", "said", "server", "platform", "exported", "lost", "doubled"
    )?;
    for victim in Victim::ALL {
        for step in Step::ALL {
            let (who, at) = (victim.name(), step.name());
            if let Some(why) = senseless(victim, *step) {
                writeln!(out, "{who:8} {at:16} no cell: {why}")?;
                continue;
            }
            let file = folder.join(format!("{who}-{at}.json"));
            let Some(row) = std::fs::read(file).ok().and_then(|text| {
                // A row of an older form counts as missing.
                serde_json::from_slice::<Row>(&text).ok()
            }) else {
                missing += 1;
                writeln!(out, "{who:8} {at:16} not run, or failed")?;
                continue;
            };
            (made, lost, doubled) = (made + 1, lost + row.lost, doubled + row.doubled);
            writeln!(
                out,
                "{who:8} {at:16} {:5} {:6} {:8} {:8} {:5} {:7}  {}, {}, {}",
                row.said,
                row.server,
                row.platform,
                row.exported,
                row.lost,
                row.doubled,
                row.granted,
                row.returned,
                row.lapsed
            )?;
        }
    }
    writeln!(
        out,
        "{made} cells, {missing} missing, {lost} lost, {doubled} doubled"
    )?;
    let good = missing == 0 && lost == 0 && doubled == 0;
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
