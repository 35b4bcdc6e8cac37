//! Millions of a team's decisions: counts and exact medians by day, queue, policy and action, and a table of all of them.
//! The peers are other programs, so contenders take turns by lines: each line on standard input names what comes next.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;
use rusqlite::Connection;
use scrim_bench::{Outcome, say};
use scrim_model::stats::percentile_linear;
use scrim_model::team::{Due, ReviewKind, Standing, TeamGroup};
use scrim_model::{PolicyId, QueueId, Timestamp};
use scrim_report::{Format, TeamLines};
use scrim_store::{KEY_BYTES, Key, TEAM_FILE, TeamLine, TeamStore};
use scrim_wire::protocol::{HeldDecision, HeldDecisions, TeamFacts};
use serde::Serialize;
use serde_json::json;

const KEY: [u8; KEY_BYTES] = [0x5C; KEY_BYTES];
const DAY_MS: i64 = 86_400_000;
/// 2026-01-01.
const FIRST_DAY: i64 = 20_454;
/// Days that the decisions are spread over.
const DAYS: u64 = 365;
/// Decisions of one page.
const PAGE: u64 = 20_000;
const FROM: &str = "2026-01-01";
const TO: &str = "2026-12-31";

#[derive(Parser)]
struct Options {
    /// Folder for the databases and tables.
    #[arg(long)]
    folder: PathBuf,
    /// Decisions.
    #[arg(long, default_value_t = 5_000_000)]
    decisions: u64,
}

#[derive(Serialize)]
struct Figure {
    /// Milliseconds.
    took: f64,
    /// Groups, or bytes of the table.
    found: u64,
    /// Sum of all counts.
    count: u64,
    /// Sum of all medians.
    medians: f64,
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let key = Key::new(KEY);
    let mut store = TeamStore::open(&options.folder, &key)?;
    fill(&mut store, options.decisions)?;
    plain_copy(&options.folder)?;
    say(&options.decisions)?;
    for line in std::io::stdin().lock().lines() {
        let figure = match line?.as_str() {
            "groups" => groups(&options.folder, &key)?,
            "ready" => {
                store.make_ready()?;
                groups(&options.folder, &key)?
            }
            _ => table(&options.folder, &key)?,
        };
        say(&figure)?;
    }
    Ok(())
}

/// SplitMix64.
fn mixed(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn fill(store: &mut TeamStore, decisions: u64) -> Outcome<()> {
    let held: HeldDecision = serde_json::from_value(json!({
        "decision_id": "d", "item_id": "i", "item_version": 1, "queue_id": "q", "claim_id": "c", "fence": 1,
        "policy_version": 1, "policy_ids": [], "actions": [{"kind": "remove"}], "severity": 1, "unsure": false,
        "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0, "receipt": "r", "cursor": 1,
    }))?;
    let mut made = 0;
    while made < decisions {
        let last = (made + PAGE).min(decisions);
        let rows = (made..last).map(|n| row(&held, n));
        let page = HeldDecisions {
            decisions: rows.collect::<Outcome<_>>()?,
            next: last,
            ..HeldDecisions::default()
        };
        store.keep(&page)?;
        made = last;
    }
    Ok(())
}

fn row(like: &HeldDecision, n: u64) -> Outcome<HeldDecision> {
    let dice = mixed(n);
    let mut held = like.clone();
    let decision = &mut held.decision;
    decision.decision_id = scrim_model::DecisionId::new(format!("{dice:016x}{n:016x}"))?;
    decision.item_id = scrim_model::ItemId::new(format!("item-{n}"))?;
    decision.queue_id = QueueId::new(format!("queue-{}", dice % 4))?;
    decision.policy_ids = vec![PolicyId::new(format!("policy-{}", (dice >> 8) % 12))?];
    decision.severity = ((dice >> 16) % 3) as u8;
    decision.unsure = (dice >> 20).is_multiple_of(16);
    // In the order of time, as a server tells them.
    let day = FIRST_DAY + (n * DAYS / 5_000_000 % DAYS) as i64;
    decision.decided_at = Timestamp(day * DAY_MS);
    decision.handle_ms = 500 + (dice >> 24) % 60_000;
    held.cursor = n + 1;
    held.team = Some(TeamFacts {
        standing: Standing::Standing,
        review: ReviewKind::First,
        of: None,
        action_s: Some((dice >> 40) % 7_200),
        due: Some(Due::Met),
        languages: Vec::new(),
        reported: true,
        flagged_by: Vec::new(),
    });
    Ok(held)
}

/// The same database without encryption, which is what the peers can read.
fn plain_copy(folder: &Path) -> Outcome<()> {
    let file = folder.join(TEAM_FILE);
    let salt: Vec<u8> = std::fs::read(&file)?.into_iter().take(16).collect();
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|b| format!("{b:02x}")).collect() };
    let conn = Connection::open(&file)?;
    conn.pragma_update(None, "key", format!("x'{}{}'", hex(&KEY), hex(&salt)))?;
    let plain = folder.join("plain.db");
    conn.execute("ATTACH ?1 AS plain KEY ''", [plain.to_string_lossy()])?;
    conn.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))?;
    Ok(conn.execute_batch("DETACH plain")?)
}

fn groups(folder: &Path, key: &Key) -> Outcome<Figure> {
    let began = Instant::now();
    let store = TeamStore::open_read_only(folder, key)?;
    let groups = store.groups(FROM, TO, None)?;
    let median = |group: &TeamGroup| {
        let times: Vec<f64> = group.handle_ms.iter().map(|ms| f64::from(*ms)).collect();
        percentile_linear(&times, 50.0).unwrap_or_default()
    };
    let medians = groups.iter().map(median).sum();
    let took = began.elapsed().as_secs_f64() * 1_000.0;
    Ok(Figure {
        took,
        found: groups.len() as u64,
        count: groups.iter().map(|group| group.count).sum(),
        medians,
    })
}

fn table(folder: &Path, key: &Key) -> Outcome<Figure> {
    let file = folder.join("ours.csv");
    let began = Instant::now();
    let store = TeamStore::open_read_only(folder, key)?;
    let mut out = BufWriter::new(File::create(&file)?);
    let mut lines = TeamLines::begin(&mut out, Format::Csv)?;
    let (mut count, mut wrong) = (0, None);
    store.each(FROM, TO, None, |line: TeamLine<'_>| {
        count += 1;
        match lines.row(line.words(), line.severity, line.unsure) {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                wrong = Some(fault);
                ControlFlow::Break(())
            }
        }
    })?;
    wrong.map_or(Ok(()), Err)?;
    lines.end()?;
    out.flush()?;
    drop(out);
    let took = began.elapsed().as_secs_f64() * 1_000.0;
    Ok(Figure {
        took,
        found: file.metadata()?.len(),
        count,
        medians: 0.0,
    })
}
