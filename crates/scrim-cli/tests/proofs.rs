//! `docs/verify_chain.py`, run with this system's Python on packs that the console made: what a stranger finds is what
//! `scrim verify` finds.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use scrim_model::retention::RecordPart;
use scrim_store::{NewHold, Store};
use support::*;

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify_chain.py")
}

fn python(words: &[&Path]) -> Output {
    let mut python = Command::new("python3");
    // Nothing is left beside the script.
    python.env("PYTHONDONTWRITEBYTECODE", "1");
    python.args(words).output().unwrap()
}

fn stranger(pack: &Path) -> (i32, String) {
    let output = python(&[&script(), pack]);
    (code(&output), said(&output) + &complained(&output))
}

/// Five decisions; the second one has a receipt, and a hold after the others.
fn desk(folder: &Path) -> Store {
    let (mut store, _) = written(folder, 5);
    let id = decision(2).decision_id;
    store
        .outbox_in_flight(std::slice::from_ref(&id), None)
        .unwrap();
    store.outbox_accepted(&id, "receipt", NOW, false).unwrap();
    let hold = NewHold {
        on: Some(&id),
        reason: "Case 17/26",
        start: NOW,
        until: [(RecordPart::Words, None)].into(),
    };
    store.set_hold(&hold, NOW, [9; 32]).unwrap();
    store
        .commit_decision(&decision(6), false, &[], &mut || [7; 32])
        .unwrap();
    store
}

fn pack(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let pack = folder.join(name);
    let words = ["export", "evidence", "--decision", "decision-2", "-o"];
    let words = [&words[..], &[pack.to_str().unwrap()], more].concat();
    let output = scrim(folder, &words, "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    pack
}

#[test]
fn a_stranger_finds_a_pack_whole_and_reads_the_same_head_as_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    drop(desk(folder));
    let verified = said(&scrim(folder, &["verify"], ""));
    let head = verified
        .lines()
        .find_map(|line| line.strip_prefix("Head of the chain: "));
    // Without the whole chain it goes from the decision to the last entry about it, and no further.
    for (name, more, from, to) in [
        ("some", &[][..], 2, 7),
        ("whole", &["--whole-chain"][..], 1, 8),
    ] {
        let pack = pack(folder, name, more);
        let (code, told) = stranger(&pack);
        assert_eq!(code, 0, "{told}");
        let wanted =
            format!("Entries {from} to {to} are as they were written. The pack is about entry 2.");
        assert!(told.contains(&wanted), "{told}");
        assert!(told.contains(head.unwrap()), "{told}");
        assert!(told.contains("has 8 entries"), "{told}");
    }
    let script = std::fs::read_to_string(script()).unwrap();
    assert!(script.lines().count() < 60, "short enough to be read");
}

/// Changes one byte after the other in a copy and asks the script each time, in one process: a start of Python for each
/// of them would take minutes.
const EVERY_BYTE: &str = r##"
import importlib.util, pathlib, sys
script, pack = map(pathlib.Path, sys.argv[1:])
spec = importlib.util.spec_from_file_location("verify_chain", script)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
tried = 0
for path in sorted(pack.iterdir()):
    whole = path.read_bytes()
    starts = [0] + [at + 1 for at, byte in enumerate(whole) if byte == 10]
    for at in range(0, len(whole), 1 if path.name.startswith(("DRAFT-chain", "DRAFT-manifest")) else 5):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        line = sum(start <= at for start in starts) - 1
        # Lines of the chain begin with a remark; the first entry in it is 2.
        wanted = {f"Entry {1 + line} "} if path.name == "DRAFT-chain.txt" and line else {"Entry 2 "}
        # Without the last line's end that line is none; without the remark's, the first entry is gone with it.
        if path.name == "DRAFT-chain.txt" and at == len(whole) - 1:
            wanted = {"Entry 2 "}
        if path.name == "DRAFT-chain.txt" and at == starts[1] - 1:
            wanted = {"Entry 3 "}
        try:
            module.check(pack)
            sys.exit(f"{path.name}, byte {at}: not found")
        except SystemExit as told:
            if not any(str(told).startswith(start) for start in wanted):
                sys.exit(f"{path.name}, byte {at}: {told}, and not {wanted}")
        tried += 1
    path.write_bytes(whole)
module.check(pack)
print(tried)
"##;

#[test]
fn one_changed_byte_in_any_file_is_found_and_its_entry_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    drop(desk(folder));
    let pack = pack(folder, "pack", &[]);
    let driver = folder.join("every_byte.py");
    std::fs::write(&driver, EVERY_BYTE).unwrap();
    let output = python(&[&driver, &script(), &pack]);
    assert!(output.status.success(), "{}", complained(&output));
    let tried: u32 = said(&output).lines().last().unwrap().parse().unwrap();
    assert!(tried > 3_000, "{tried}");
    // The same from outside, with an exit code: a file that is missing, one that was added, one changed.
    let record = pack.join("DRAFT-record.json");
    let text = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, text.replace("\"severity\": 1", "\"severity\": 0")).unwrap();
    let (code, told) = stranger(&pack);
    assert_eq!(code, 1);
    assert!(
        told.contains("Entry 2 is not") && told.contains("DRAFT-record.json"),
        "{told}"
    );
    std::fs::remove_file(&record).unwrap();
    assert!(stranger(&pack).1.contains("DRAFT-record.json"));
    std::fs::write(&record, text).unwrap();
    std::fs::write(pack.join("more.txt"), "more").unwrap();
    let (code, told) = stranger(&pack);
    assert!(code == 1 && told.contains("more.txt"), "{told}");
}

#[test]
fn what_a_stranger_says_of_changed_records_is_what_the_desk_says() {
    for (n, changes) in [
        ["UPDATE journal SET header = replace(header, 'decision-3', 'decision-X') WHERE seq = 3"]
            .as_slice(),
        &["UPDATE journal SET hash = printf('%064d', 7) WHERE seq = 4"],
        &[
            "DELETE FROM parts WHERE seq = 3",
            "DELETE FROM outbox WHERE seq = 3",
            "DELETE FROM journal WHERE seq = 3",
        ],
    ]
    .into_iter()
    .enumerate()
    {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        drop(desk(folder));
        let books = tampered(folder);
        books.pragma_update(None, "foreign_keys", false).unwrap();
        for change in changes {
            assert!(books.execute(change, []).unwrap() > 0, "{change}");
        }
        drop(books);
        let output = scrim(folder, &["verify"], "");
        assert_eq!(code(&output), 1);
        let desk = said(&output).lines().next().unwrap().to_owned();
        let pack = pack(folder, "pack", &["--whole-chain"]);
        let (code, stranger) = stranger(&pack);
        assert_eq!(code, 1, "case {n}: {stranger}");
        // The desk names the decision as well.
        let desk = match (desk.find(" ("), desk.find(") ")) {
            (Some(from), Some(to)) => format!("{}{}", &desk[..from], &desk[to + 1..]),
            _ => desk,
        };
        assert_eq!(stranger.trim_end(), desk, "case {n}");
    }
}
