//! The report of a hundred thousand decisions, from a real store by the real program.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};
use scrim_model::{ActionKind, DecisionId, PolicyId, QueueId};
use scrim_runtime::records_key;
use scrim_store::Store;
use support::*;

const DECISIONS: u32 = 100_000;
/// All of the decisions, and all of it over.
const DAYS: [&str; 4] = ["--from", "2025-10-05", "--to", "2026-02-02"];
/// Four months of work, in milliseconds between two decisions.
const STEP_MS: i64 = 100_000;

/// Decisions up to `NOW`, of three queues, five policies and none, all severities.
fn with_many(folder: &Path) {
    let (profile, sign_in) = signed_in(folder, "http://127.0.0.1:9", "token");
    let key = records_key(&profile, &sign_in).unwrap();
    let (mut store, _) = Store::open(&profile.store_folder(&sign_in), &key, NOW).unwrap();
    for n in 0..DECISIONS {
        let mut made = decision(n);
        // SplitMix64's mixing, so that no column follows another.
        let mut dice = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        dice = (dice ^ (dice >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        dice ^= dice >> 27;
        made.decided_at = NOW.plus_ms(-STEP_MS * i64::from(DECISIONS - n));
        made.queue_id = QueueId::new(["=queue", "photos", "texts"][dice as usize % 3]).unwrap();
        let policy = (dice >> 8) % 6;
        if policy == 5 {
            made.policy_ids.clear();
            made.actions[0].kind = ActionKind::Allow;
        } else {
            made.policy_ids = vec![PolicyId::new(format!("policy-{policy}")).unwrap()];
        }
        made.severity = if (dice >> 16).is_multiple_of(60) {
            3
        } else {
            1
        };
        made.unsure = (dice >> 20).is_multiple_of(9);
        made.handle_ms = 500 + (dice >> 24) % 40_000;
        made.supersedes = (n > 0 && (dice >> 44).is_multiple_of(50))
            .then(|| DecisionId::new(format!("decision-{}", n - 1)).unwrap());
        made.reason = "SECRET note".to_owned();
        store
            .commit_decision(&made, false, &[], &mut || [7; 32])
            .unwrap();
    }
}

fn exported(folder: &Path, format: &str) -> String {
    let file = folder.join(format!("out.{format}"));
    let words = ["export", "stats", "--format", format, "-o"];
    let words = [&words[..], &[file.to_str().unwrap()], &DAYS].concat();
    let output = scrim(folder, &words, "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    std::fs::read_to_string(file).unwrap()
}

/// Name and number of every mark, or every line of a table.
fn values(node: Node<'_, '_>) -> BTreeMap<String, u64> {
    let named = node.descendants().filter_map(|n| {
        let (name, value) = (n.attribute("data-name")?, n.attribute("data-value")?);
        Some((name.to_owned(), value.parse().ok()?))
    });
    named.collect()
}

fn with_id<'a>(page: &'a Document<'_>, id: &str) -> Node<'a, 'a> {
    let mut all = page.descendants();
    all.find(|n| n.attribute("id") == Some(id)).unwrap()
}

#[test]
fn the_report_of_a_hundred_thousand_decisions_fetches_nothing_and_its_charts_are_the_csv() {
    // A commit waits for the disk, a hundred thousand times: in memory, where there is a file system of it.
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    let folder = folder.path();
    with_many(folder);
    let (html, csv) = (exported(folder, "html"), exported(folder, "csv"));
    for fetched in [
        "http:", "https:", "url(", "<script", "<link", "<img", "@import", " src=",
    ] {
        assert!(!html.contains(fetched), "{fetched}");
    }
    assert!(html.contains("default-src 'none'") && !html.contains("SECRET"));
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let page = Document::parse_with_options(&html, options).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let sums = |by: &str| {
        let mut sums = BTreeMap::<String, u64>::new();
        for row in &rows {
            let name = row[by].trim_start_matches('\'').to_owned();
            *sums.entry(name).or_default() += row["count"].parse::<u64>().unwrap();
        }
        sums
    };
    let counted: u64 = sums("day").values().sum();
    assert!((95_000..100_000).contains(&counted), "{counted}");
    for by in ["policy", "action", "queue"] {
        let chart = with_id(&page, &format!("by-{by}")).parent().unwrap();
        assert_eq!(values(chart), sums(by), "{by}");
        assert_eq!(
            values(with_id(&page, &format!("table-{by}"))),
            sums(by),
            "{by}"
        );
    }
    let days = values(with_id(&page, "over-time").parent().unwrap());
    assert!(days.len() > 100);
    let worked: BTreeMap<_, _> = days.into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(worked, sums("day"));
    assert_eq!(exported(folder, "html"), html);
}
