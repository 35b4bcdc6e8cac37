//! The managed file, through the reader that the agent uses at its start.
//!
//! Input: the file's bytes.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use scrim_model::settings::{Floors, Key, ManagedFound, Settings};
use scrim_runtime::Managed;

use super::settings_file::{in_force, same_again};
use super::{Shape, Target, class_of_text, folder_in_memory};

pub(super) const NAME: &str = "managed-file";
const WORDS: &[&str] = &[
    "[protection]",
    "protection",
    "[",
    "]",
    "=",
    ".",
    "\"",
    "'",
    "\"\"\"",
    "#",
    "{",
    "}",
    ",",
    "\\u202E",
    "\\U0010FFFF",
    "true",
    "false",
    "inf",
    "nan",
    "0x",
    "1_000",
    "-1",
    "9223372036854775808",
    "1979-05-27",
    "07:32:00",
    "[[protection]]",
    "break",
    "after_min",
    "cap",
    "clear_min_day",
    "cover",
    "blur",
    "style",
    "class",
    "opt_out",
    "strong",
    "grey",
    "off",
];

pub(super) struct ManagedFile {
    path: PathBuf,
    owner: u32,
    _folder: tempfile::TempDir,
}

impl ManagedFile {
    pub(super) fn new() -> Self {
        let folder = folder_in_memory();
        let made = std::fs::metadata(folder.path()).expect("the folder was just made");
        Self {
            path: folder.path().join("managed.toml"),
            owner: made.uid(),
            _folder: folder,
        }
    }
}

impl Target for ManagedFile {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Text { words: WORDS }
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        std::fs::write(&self.path, input).expect("the folder takes a file");
        let (floor, said) = match Managed::read(&self.path, self.owner).found {
            ManagedFound::Absent => panic!("the file is there"),
            ManagedFound::Read(floor) => (floor, String::new()),
            ManagedFound::Unusable { floor, why } => {
                assert!(
                    !why.is_empty() && why.len() < 4096,
                    "what is said is bounded"
                );
                (floor, why)
            }
        };
        same_again(&floor);
        let names: String = floor.keys().map(Key::name).collect();
        let floors = Floors {
            managed: floor,
            ..Floors::default()
        };
        in_force(&floors, &Settings::default());
        class_of_text(&format!("{said} {names}"))
    }
}
