//! What is left of an item in the memory of a desk.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use scrim_model::Kind;
use scrim_samples::Settings;
use serde_json::Value;

use crate::support::{World, program};

/// Bytes of a medium that stand nowhere else.
fn needle(n: usize) -> Vec<u8> {
    let word = u8::try_from(n).unwrap();
    (0..96_u8).map(|at| at.wrapping_mul(29) ^ word).collect()
}

/// Words of a report that stand nowhere else.
fn words(n: usize) -> String {
    format!("the words number {n} of a report. ")
}

/// Pictures with a needle of their own each, so many times that it is in every piece of them.
fn with_needles(folder: &Path) {
    let settings = Settings {
        count: 6,
        side_max: Some(48),
        with_broken: false,
        kinds: vec![Kind::Image],
        ..Default::default()
    };
    scrim_samples::write_folder(&settings, folder).unwrap();
    let path = folder.join("items.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let lines = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let number = number(line["item"]["id"].as_str().unwrap());
        let needle = needle(number);
        for (m, file) in line["files"].as_array().unwrap().clone().iter().enumerate() {
            let file = folder.join(file.as_str().unwrap());
            let mut bytes = std::fs::read(&file).unwrap();
            bytes.extend(needle.repeat(300));
            // The server fills sizes and hashes in for what it is given.
            let medium = line["item"]["media"][m].as_object_mut().unwrap();
            medium.remove("sha256");
            medium.insert("bytes".into(), bytes.len().into());
            std::fs::write(file, bytes).unwrap();
        }
        for report in line["item"]["reports"].as_array_mut().unwrap() {
            report["text"] = words(number).repeat(20).into();
        }
        line.to_string() + "\n"
    });
    let lines: String = lines.collect();
    std::fs::write(path, lines).unwrap();
}

/// How often `needle` stands in the memory of process `pid`.
fn found(pid: u32, needle: &[u8]) -> usize {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut count = 0;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with('r') {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // The kernel's own pages cannot be read.
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        count += memchr::memmem::find_iter(&bytes, needle).count();
    }
    count
}

/// The number of an item among the samples.
fn number(item: &str) -> usize {
    item.rsplit('-').next().unwrap().parse().unwrap()
}

#[test]
fn nothing_of_a_decided_item_is_left_in_memory() {
    let world = World::new(with_needles);
    let worker = program("scrim-decode", "scrim-decode");
    let mut desk = world.desk_with(0, &worker, &["--told"]);
    desk.until("an open item and its cover", |desk| {
        desk.said_of("serving").count() > 0 && desk.said_of("medium").count() > 0
    });
    let item = desk.said_of("serving").next().unwrap().to_owned();
    let needles = [needle(number(&item)), words(number(&item)).into_bytes()];
    for needle in &needles {
        assert!(found(desk.id(), needle) > 0, "there while the item is");
    }
    desk.tell("reveal");
    desk.until("clear", |desk| desk.said_of("clear").count() > 0);
    desk.tell("decide");
    desk.until_all(1, &["Accepted"]);
    for needle in &needles {
        assert_eq!(found(desk.id(), needle), 0);
    }
    desk.stop();
}
