//! What is looked for where nothing of a medium may be, and looking for it in the memory of processes.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use memchr::memmem;
use scrim_model::Kind;
use scrim_samples::encode::Format;
use scrim_samples::pictures::{checkerboard_of, shapes};
use scrim_samples::{PictureFile, Sample, Settings, sample_of, write_samples};
use serde_json::Value;

/// Width and height of a picture: smaller than the screen, so that it is made clear pixel by pixel.
const SIZE: (u32, u32) = (1280, 960);
/// Width and height of a square of the board that no cover lets through.
const SQUARE: u32 = 16;
/// The pixels that are looked for: in the middle of a row, over the edges of some squares.
const RUN: std::ops::Range<usize> = 600..648;
/// How much of a mapping is read at a time.
const PIECE_BYTES: usize = 16 << 20;
const PAGE_BYTES: u64 = 4096;

/// Bytes that stand nowhere else, and what they are.
#[derive(Debug, Clone)]
pub(crate) struct Needle {
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
}

/// Writes `count` items of one picture each. A picture has fine structure that no cover has, and
/// every one is another one.
pub(crate) fn write_pictures(folder: &Path, count: u64) {
    let settings = Settings::default();
    let samples = (1..=count).map(|number| -> Sample {
        let (pixels, (width, height)) = (pixels(number), SIZE);
        let mut picture = checkerboard_of(width, height, SQUARE);
        for (pixel, drawn) in picture.pixels_mut().zip(pixels) {
            pixel.0 = drawn;
        }
        let file = PictureFile::new(Format::Png, &picture);
        sample_of(&settings, number, Kind::Image, vec![file])
    });
    write_samples(samples, folder, |_| {}).unwrap();
}

/// Bytes of a medium's file that stand nowhere else.
pub(crate) fn file(number: u64) -> Needle {
    let word = u8::try_from(number).unwrap();
    Needle {
        what: format!("file {number}"),
        bytes: (0..96_u8).map(|at| at.wrapping_mul(29) ^ word).collect(),
    }
}

/// Words of a report that stand nowhere else.
pub(crate) fn words(number: u64) -> Needle {
    Needle {
        what: format!("words {number}"),
        bytes: format!("the words number {number} of a report. ").into(),
    }
}

/// As [`write_pictures`], with a needle of their own in each file, so many times that it is in every piece of it,
/// and in the words of their reports.
pub(crate) fn write_marked(folder: &Path, count: u64) {
    write_pictures(folder, count);
    let path = folder.join("items.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let lines = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let number = number(line["item"]["id"].as_str().unwrap());
        let picture = folder.join(line["files"][0].as_str().unwrap());
        let mut bytes = std::fs::read(&picture).unwrap();
        bytes.extend(file(number).bytes.repeat(300));
        // The server fills sizes and hashes in for what it is given.
        let medium = line["item"]["media"][0].as_object_mut().unwrap();
        medium.remove("sha256");
        medium.insert("bytes".into(), bytes.len().into());
        std::fs::write(picture, bytes).unwrap();
        for report in line["item"]["reports"].as_array_mut().unwrap() {
            let words = String::from_utf8(words(number).bytes).unwrap();
            report["text"] = words.repeat(20).into();
        }
        line.to_string() + "\n"
    });
    let lines: String = lines.collect();
    std::fs::write(path, lines).unwrap();
}

/// The number of an item among the samples.
pub(crate) fn number(item: &str) -> u64 {
    item.rsplit('-').next().unwrap().parse().unwrap()
}

/// Shapes half over a board, each pixel a little off.
fn pixels(number: u64) -> impl Iterator<Item = [u8; 4]> {
    let (width, height) = SIZE;
    let board = checkerboard_of(width, height, SQUARE);
    let shapes = shapes(width, height, number);
    let pairs: Vec<_> = shapes
        .pixels()
        .copied()
        .zip(board.pixels().copied())
        .collect();
    pairs.into_iter().enumerate().map(|(at, (shape, square))| {
        // Of the place alone: never the same over a whole run.
        let off = |channel: usize| (at.wrapping_mul(2_654_435_761) >> (8 + 3 * channel)) & 7;
        let mixed = |channel: usize| {
            let midpoint = shape.0[channel].midpoint(square.0[channel]);
            midpoint ^ u8::try_from(off(channel)).unwrap()
        };
        [mixed(0), mixed(1), mixed(2), u8::MAX]
    })
}

/// A run of pixels of the picture with this number, in each form in which a program may have it.
pub(crate) fn decoded(number: u64) -> Vec<Needle> {
    let (width, height) = SIZE;
    let start = (width * height / 2) as usize;
    let run: Vec<_> = pixels(number)
        .skip(start + RUN.start)
        .take(RUN.len())
        .collect();
    let as_bytes = |form: &dyn Fn([u8; 4]) -> Vec<u8>| run.iter().copied().flat_map(form).collect();
    [
        ("RGBA", as_bytes(&|[r, g, b, a]| vec![r, g, b, a])),
        ("BGRA", as_bytes(&|[r, g, b, a]| vec![b, g, r, a])),
        ("RGB", as_bytes(&|[r, g, b, _]| vec![r, g, b])),
        (
            "grey, four bytes",
            as_bytes(&|pixel| [[luma(pixel); 3].as_slice(), &[u8::MAX]].concat()),
        ),
        ("grey", as_bytes(&|pixel| vec![luma(pixel)])),
    ]
    .map(|(form, bytes)| Needle {
        what: format!("picture {number} as {form}"),
        bytes,
    })
    .into()
}

/// ITU-R BT.709, as the window and covers have it.
fn luma([r, g, b, _]: [u8; 4]) -> u8 {
    let sum = 2126 * u32::from(r) + 7152 * u32::from(g) + 722 * u32::from(b);
    u8::try_from((sum + 5_000) / 10_000).unwrap()
}

/// Files and pixels of all of so many items.
pub(crate) fn all_media(count: u64) -> Vec<Needle> {
    let of = |number| [vec![file(number)], decoded(number)].concat();
    (1..=count).flat_map(of).collect()
}

/// Which of `needles` stand in the memory of process `pid`, and in what part of it.
pub(crate) fn found(pid: u32, needles: &[Needle]) -> BTreeSet<String> {
    found_if_it_lives(pid, needles).expect("the process lives")
}

/// The same; none if the process has ended, and its memory with it.
pub(crate) fn found_if_it_lives(pid: u32, needles: &[Needle]) -> Option<BTreeSet<String>> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let longest = needles.iter().map(|needle| needle.bytes.len()).max();
    let overlap = longest.unwrap() as u64 - 1;
    let mut bytes = vec![0; PIECE_BYTES];
    let mut found = BTreeSet::new();
    for line in maps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (from, to) = words[0].split_once('-').unwrap();
        let [mut at, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        while words[1].starts_with('r') && at < to {
            let wanted = bytes.len().min(usize::try_from(to - at).unwrap());
            // Some of the kernel's own pages, and what lies behind the end of a file, cannot be read.
            let read = memory.read_at(&mut bytes[..wanted], at).unwrap_or(0);
            for needle in needles {
                if memmem::find(&bytes[..read], &needle.bytes).is_some() {
                    let part = words.get(5).unwrap_or(&"memory of no name");
                    found.insert(format!("{} in {part}", needle.what));
                }
            }
            at += match read as u64 {
                0 => PAGE_BYTES,
                all if at + all == to => all,
                // What lies over the edge of two pieces is in the next one.
                part => part.saturating_sub(overlap).max(1),
            };
        }
    }
    Some(found)
}

/// The processes that `pid` has started and that live.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let lists = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("children")));
    // A thread that has ended by now has started nobody.
    let lists: String = lists.map(|list| list.unwrap_or_default() + " ").collect();
    lists
        .split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}
