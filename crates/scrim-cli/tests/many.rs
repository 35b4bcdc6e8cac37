//! Exports of a hundred thousand decisions, from a real store by the real program.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use roxmltree::{Document, Node, ParsingOptions};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
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

/// A commit waits for the disk, a hundred thousand times: in memory, where there is a file system of it.
fn in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    folder.unwrap()
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

/// The words of an export of all of it.
fn words(what: &str) -> Vec<&str> {
    [&["export", what, "--format", "csv"][..], &DAYS].concat()
}

/// What an export shows on standard error where that is a terminal.
fn at_a_terminal(folder: &Path) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let end = rustix::fs::open(name, flags, Mode::empty()).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: 100,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&end, size).unwrap();
    let mut export = Command::new(env!("CARGO_BIN_EXE_scrim"))
        .env("TERM", "xterm")
        .arg("--profile")
        .arg(folder)
        .args(words("stats"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(end)
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    // Linux says that nobody has the other end any more with an error.
    let read = std::fs::File::from(terminal).read_to_end(&mut shown);
    assert_eq!(read.unwrap_err().raw_os_error(), Some(5), "EIO");
    assert!(export.wait().unwrap().success());
    String::from_utf8(shown).unwrap()
}

/// Numbers that stand right before `what`.
fn numbers(shown: &str, what: &str) -> Vec<u64> {
    let number = |before: &str| before.rsplit(' ').next()?.parse().ok();
    let mut parts: Vec<&str> = shown.split(what).collect();
    parts.pop();
    parts.into_iter().filter_map(number).collect()
}

fn is_shown_at_a_terminal_and_nowhere_else(folder: &Path) {
    let shown = at_a_terminal(folder);
    let (counts, parts) = (numbers(&shown, " decisions read"), numbers(&shown, " %"));
    assert!(
        !counts.is_empty() && counts.len() == parts.len(),
        "{shown:?}"
    );
    assert!(counts.is_sorted() && parts.is_sorted(), "{shown:?}");
    assert!(*parts.last().unwrap() <= 100 && *counts.last().unwrap() <= u64::from(DECISIONS));
    assert!(*parts.last().unwrap() > 0 && *counts.last().unwrap() > 0);
    assert!(shown.contains('\u{2588}'), "a bar: {shown:?}");
    // Taken away at the end: nothing stands on the last line.
    let last = shown.rsplit(['\r', '\n']).next().unwrap();
    assert!(!last.contains("decisions"), "{shown:?}");

    let output = scrim(folder, &words("stats"), "");
    assert_eq!((code(&output), complained(&output)), (0, String::new()));
}

/// One test, because it takes long to make so many decisions.
#[test]
fn exports_of_a_hundred_thousand_decisions_show_how_far_they_are_and_charts_are_the_csv() {
    let folder = in_memory();
    let folder = folder.path();
    with_many(folder);
    is_shown_at_a_terminal_and_nowhere_else(folder);
    fetches_nothing_and_has_the_charts_of_the_csv(folder);
}

fn fetches_nothing_and_has_the_charts_of_the_csv(folder: &Path) {
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
