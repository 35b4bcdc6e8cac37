//! The readers of foreign bytes: how an input gets to each, and what must hold of what it lets pass.

mod apart;
mod links;
mod managed_file;
mod medium_hashes;
mod moving;
mod picture;
mod pixels_hash;
mod queue_wire;
mod server_requests;
mod settings_file;
mod window_link;
mod worker_link;

use std::path::Path;

/// What inputs of a target look like, so that changes reach behind its first check.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A line of words, one of `heads` or like it, then JSON.
    HeadAndJson {
        /// Lines that mean something.
        heads: &'static [&'static str],
    },
    /// JSON.
    Json,
    /// Lines of text with these words.
    Text {
        /// Words and signs that mean something.
        words: &'static [&'static str],
    },
    /// Any bytes.
    Bytes,
}

/// One reader.
pub trait Target {
    /// Its name on the command line and in the tree.
    fn name(&self) -> &'static str;
    /// What its inputs look like.
    fn shape(&self) -> Shape;
    /// Inputs that are made by code, because their form is a program's own.
    fn first_inputs(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }
    /// Reads `input`. Panics if something does not hold. The answer tells outcomes apart.
    fn run(&mut self, input: &[u8]) -> u64;
}

/// Every target.
pub const NAMES: [&str; 18] = [
    queue_wire::NAME,
    server_requests::NAME,
    window_link::NAME,
    worker_link::NAME,
    settings_file::NAME,
    managed_file::NAME,
    medium_hashes::NAME,
    pixels_hash::NAME,
    picture::NAMES[0],
    picture::NAMES[1],
    picture::NAMES[2],
    picture::NAMES[3],
    picture::NAMES[4],
    picture::NAMES[5],
    picture::NAMES[6],
    moving::NAMES[0],
    moving::NAMES[1],
    moving::NAMES[2],
];

/// The target called `name`.
#[must_use]
pub fn named(name: &str) -> Option<Box<dyn Target>> {
    Some(match name {
        queue_wire::NAME => Box::new(queue_wire::QueueWire::new()),
        server_requests::NAME => Box::new(server_requests::ServerRequests::new()),
        window_link::NAME => Box::new(window_link::WindowLink),
        worker_link::NAME => Box::new(worker_link::WorkerLink),
        settings_file::NAME => Box::new(settings_file::SettingsFile),
        managed_file::NAME => Box::new(managed_file::ManagedFile::new()),
        medium_hashes::NAME => Box::new(medium_hashes::MediumHashes),
        pixels_hash::NAME => Box::new(pixels_hash::PixelsHash),
        other => match moving::Moving::named(other) {
            Some(moving) => Box::new(moving),
            None => Box::new(picture::Picture::named(other)?),
        },
    })
}

/// A number for bytes that tell outcomes apart (FNV-1a).
pub(crate) fn class(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// As [`class`], for a text whose digits say nothing.
pub(crate) fn class_of_text(text: &str) -> u64 {
    let plain: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_digit())
        .take(80)
        .collect();
    class(&plain)
}

/// A folder on a disk of memory where there is one: inputs come by the thousand.
fn folder_in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.or_else(|_| tempfile::tempdir())
        .expect("a folder can be made")
}
