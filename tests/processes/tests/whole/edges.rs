//! A worker that is missing, and what a full run leaves behind in logs and on disk.

use std::path::{Path, PathBuf};

use crate::support::{World, program};
use scrim_model::Kind;
use scrim_samples::Settings;
use serde_json::Value;

/// In everything that comes with an item: must be in no log and in no file of the desk.
const MARKER: &str = "MARKER-xyzzy";
/// In what the moderator writes: is recorded by design, and must be in no log.
const REASON: &str = "REASON-xyzzy";

fn pictures(count: usize) -> Settings {
    Settings {
        count,
        side_max: Some(48),
        with_broken: false,
        kinds: vec![Kind::Image],
        ..Default::default()
    }
}

#[test]
fn without_a_worker_items_say_so_and_can_be_decided() {
    let world = World::new(|folder| {
        scrim_samples::write_folder(&pictures(4), folder).unwrap();
    });
    let missing = world.folder.path().join("no-such-worker");
    let mut desk = world.desk_with(2, &missing, &[]);
    desk.until_all(2, &["Accepted"]);
    let rejected: Vec<_> = desk
        .said
        .iter()
        .filter(|line| line.contains(" rejected "))
        .collect();
    assert!(rejected.len() >= 2, "{:#?}", desk.said);
    for line in rejected {
        let reason = line.split_once(" rejected ").unwrap().1;
        assert!(reason.len() > 20, "a reason for people: {line}");
        assert!(!reason.contains("no-such-worker"), "a file name: {line}");
    }
    assert!(!desk.said.iter().any(|line| line.ends_with(" covered")));
    desk.stop();
    world.all_hold_the_same(2);
}

/// Samples with the marker in every text, name and file.
fn marked_samples(folder: &Path) {
    let settings = Settings {
        kinds: Vec::new(),
        with_broken: true,
        ..pictures(12)
    };
    scrim_samples::write_folder(&settings, folder).unwrap();
    let lines = std::fs::read_to_string(folder.join("items.jsonl")).unwrap();
    let marked = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        mark(&mut line["item"]);
        let mut files = line["files"].take();
        for (n, file) in files.as_array_mut().unwrap().iter_mut().enumerate() {
            let old = folder.join(file.as_str().unwrap());
            let new = format!(
                "media/{MARKER}-{}",
                old.file_name().unwrap().to_str().unwrap()
            );
            let mut bytes = std::fs::read(&old).unwrap();
            bytes.extend_from_slice(MARKER.as_bytes());
            // The server fills sizes and hashes in for what it is given.
            let medium = line["item"]["media"][n].as_object_mut().unwrap();
            medium.remove("sha256");
            medium.insert("bytes".into(), bytes.len().into());
            std::fs::write(folder.join(&new), bytes).unwrap();
            *file = Value::String(new);
        }
        line["files"] = files;
        line.to_string() + "\n"
    });
    let marked: String = marked.collect();
    std::fs::write(folder.join("items.jsonl"), marked).unwrap();
}

/// Puts the marker into each text of an item that no rule of the protocol fixes.
fn mark(item: &mut Value) {
    item["label"] = format!("{MARKER} label").into();
    item["classes"] = vec![format!("{MARKER}-class")].into();
    item["author"]["id"] = format!("{MARKER}-author").into();
    for list in ["reports", "texts", "context"] {
        for entry in item[list].as_array_mut().into_iter().flatten() {
            for (field, value) in entry.as_object_mut().unwrap() {
                if ["text", "body", "class", "role"].contains(&field.as_str()) {
                    *value = format!("{MARKER} {field}").into();
                } else if field == "flagged" || field == "translations" {
                    *value = Value::Array(Vec::new());
                }
            }
        }
    }
    if let Some(link) = item["link"].as_object_mut() {
        link.insert("domain".into(), format!("{MARKER}.example").into());
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

fn holds(file: &Path, text: &str) -> bool {
    has(file, text.as_bytes())
}

fn has(file: &Path, needle: &[u8]) -> bool {
    let bytes = std::fs::read(file).unwrap();
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// A piece out of the middle of each medium that the server was given.
fn pieces(samples: &Path) -> Vec<Vec<u8>> {
    let media = files_below(&samples.join("media")).into_iter();
    let pieces = media.filter_map(|file| {
        let bytes = std::fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes.get(middle..middle + 32).map(<[u8]>::to_vec)
    });
    pieces.collect()
}

#[test]
fn a_full_run_leaves_no_content_in_logs_or_on_disk() {
    let mut world = World::new(marked_samples);
    let worker = program("scrim-decode", "scrim-decode");
    let mut desk = world.desk_with(9, &worker, &["--reveal", "--note", REASON]);
    desk.until("nine decisions", |desk| desk.decisions().len() == 9);
    // Also what is said when the connection breaks in the middle.
    world.server.kill();
    desk.until("being offline", |desk| {
        desk.said.iter().any(|line| line == "link offline")
    });
    let address = world.server.start();
    world.road.lead_to(address);
    desk.reconnect();
    desk.until_all(9, &["Accepted"]);
    assert!(
        desk.said.iter().any(|line| line.starts_with("clear ")),
        "{:#?}",
        desk.said
    );
    let store = files_below(world.profile.folder());
    assert!(store.len() >= 3, "sign-in, lock and database: {store:?}");
    for file in &store {
        assert!(!holds(file, MARKER), "while running: {}", file.display());
    }
    desk.stop();
    world.all_hold_the_same(9);
    world.server.kill();

    let pieces = pieces(&world.folder.path().join("samples"));
    assert!(pieces.len() >= 4, "media were there");
    let own = world.folder.path().join("home");
    let logs = [world.folder.path().join("desk.err"), world.server.log()];
    for file in files_below(world.profile.folder())
        .into_iter()
        .chain(files_below(&own))
        .chain(logs)
    {
        assert!(!holds(&file, MARKER), "{}", file.display());
        let piece = pieces.iter().find(|piece| has(&file, piece));
        assert!(piece.is_none(), "media in {}", file.display());
    }
    let recorded = world.recorded();
    let has_reason = recorded.iter().any(|row| row.decision.reason == REASON);
    assert!(has_reason, "the reason is part of the record");
    for file in files_below(world.profile.folder()) {
        assert!(!holds(&file, REASON), "not encrypted: {}", file.display());
    }
    for log in [world.folder.path().join("desk.err"), world.server.log()] {
        assert!(
            !holds(&log, MARKER),
            "{}",
            std::fs::read_to_string(&log).unwrap()
        );
        assert!(
            !holds(&log, REASON),
            "{}",
            std::fs::read_to_string(&log).unwrap()
        );
    }
    assert!(
        holds(&world.folder.path().join("s.db"), MARKER),
        "the marker was really there"
    );
}
