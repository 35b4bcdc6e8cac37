//! What the documents point at is there: pages, headings, pictures; and no key is left out.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use egui::Key;
use scrim_window::actions::{Chord, TABLE};

/// Pictures are kept with the source: few, and small.
const PICTURE_BYTES_MAX: u64 = 150 * 1024;

fn repository() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap()
}

/// Every document that people read.
fn pages() -> Vec<PathBuf> {
    let root = repository();
    let mut pages = Vec::new();
    let mut folders = vec![
        root.join("docs"),
        root.join("packaging"),
        root.join("assets"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages.extend(["README.md", "CONTRIBUTING.md"].map(|name| root.join(name)));
    assert!(pages.len() > 20, "{pages:?}");
    pages
}

/// The text of a page without its blocks and spans of code.
fn prose(page: &Path) -> String {
    let text = std::fs::read_to_string(page).unwrap();
    let mut kept = String::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            // Between each second pair of backticks stands code.
            kept.extend(line.split('`').step_by(2));
            kept.push('\n');
        }
    }
    kept
}

/// What `](…)` of a page point at.
fn links(page: &Path) -> Vec<String> {
    let text = prose(page);
    let ends = text.split("](").skip(1);
    ends.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        .collect()
}

/// As a page's heading is pointed at.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().chars().flat_map(char::to_lowercase);
    let kept = letters.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_heading(page: &Path, wanted: &str) -> bool {
    let text = std::fs::read_to_string(page).unwrap();
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    headings.any(|line| anchor(line.trim_start_matches('#')) == wanted)
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        for link in links(&page) {
            if link.contains("://") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            let is_there = target.exists() && (heading.is_empty() || has_heading(&target, heading));
            if !is_there {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_picture_is_linked_small_and_a_picture() {
    let images = repository().join("docs/images");
    let linked: BTreeSet<String> = pages()
        .iter()
        .flat_map(|page| links(page))
        .filter_map(|link| Some(link.rsplit_once("images/")?.1.to_owned()))
        .collect();
    assert!(linked.len() > 10, "{linked:?}");
    let there: BTreeSet<String> = std::fs::read_dir(&images)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let differ: Vec<_> = there.symmetric_difference(&linked).collect();
    assert!(
        differ.is_empty(),
        "linked and not there, or there and not linked: {differ:?}; ./dev guide-pictures puts it right"
    );
    for name in there {
        let file = images.join(&name);
        let bytes = std::fs::metadata(&file).unwrap().len();
        assert!(bytes <= PICTURE_BYTES_MAX, "{name} has {bytes} bytes");
        let picture = image::open(&file).unwrap();
        assert!(picture.width() >= 640, "{name} is {} wide", picture.width());
    }
}

#[test]
fn every_journey_is_in_the_guide_for_qa() {
    let listed = Command::new(env!("CARGO_BIN_EXE_scrim-smoke"))
        .arg("--list")
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let guide = repository().join("docs/guide/qa.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let rows = listed.lines().filter_map(|line| line.split_once("  "));
    let missing: Vec<_> = rows
        .map(|(name, about)| format!("| {name} | {about} |"))
        .filter(|row| !guide.contains(row))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// As the guides write a key.
fn written(chord: Chord) -> String {
    let name = match chord.key {
        Key::Escape => "Esc",
        Key::Minus => "-",
        Key::Equals => "=",
        Key::Plus => "+",
        Key::Slash => "/",
        Key::Backslash => "\\",
        Key::Semicolon => ";",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Comma => ",",
        Key::Period => ".",
        Key::Questionmark => "?",
        Key::PageUp => "PgUp",
        Key::PageDown => "PgDn",
        key => key.name(),
    };
    let with = |held: bool, word: &'static str| if held { word } else { "" };
    format!(
        "{}{}{name}",
        with(chord.ctrl, "Ctrl+"),
        with(chord.shift, "Shift+")
    )
}

/// Keys that the guides give as a range or by what they are.
fn is_said_otherwise(chord: Chord) -> bool {
    let arrows = [
        Key::ArrowLeft,
        Key::ArrowRight,
        Key::ArrowUp,
        Key::ArrowDown,
    ];
    let digit = (Key::Num1 as u8..=Key::Num9 as u8).contains(&(chord.key as u8));
    digit || arrows.contains(&chord.key)
}

#[test]
fn every_key_of_the_window_is_in_a_guide() {
    let guides = repository().join("docs/guide");
    let text: String = std::fs::read_dir(guides)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let code: BTreeSet<&str> = text.split('`').collect();
    let keys = TABLE.iter().flat_map(|row| {
        let keys = row.keys.iter().chain(row.keys_left);
        keys.map(|chord| (row.id, *chord))
    });
    let missing: Vec<_> = keys
        .filter(|(_, chord)| !is_said_otherwise(*chord) && !code.contains(written(*chord).as_str()))
        .map(|(id, chord)| format!("{id}: {}", written(chord)))
        .collect();
    assert!(missing.is_empty(), "in no guide: {missing:?}");
}
