//! Scrim's demo and test data: abstract pictures and harmless words, made from a seed.
//!
//! The same [`Settings`] give the same bytes on every machine and every day: no clock, no system
//! randomness, no floating point, no hash order.
//!
//! **Never:** people, photographs, imitations of harmful content, words that describe a scene,
//! addresses that belong to somebody. Pictures come from [`pictures`] and the words from
//! [`words`], and there is no other source.
//!
//! Called by tests, benches and the demo (`scrim-samples --out DIR`, then `scrim-server seed`).
//! Nothing that ships links it.

mod checkered;
pub mod encode;
mod files;
mod folder;
mod font;
mod items;
pub mod moving;
pub mod mutate;
pub mod pictures;
mod plan;
pub mod random;
pub mod stills;
#[cfg(test)]
mod tests;
mod texts;
pub mod words;

use scrim_model::{Kind, PolicyTree, Timestamp};
use scrim_wire::protocol::{IngestItem, QueueInfo};

pub use checkered::checkered;
pub use files::PictureFile;
pub use folder::{FolderError, Line, write_folder, write_folder_with, write_samples};
pub use font::write_sample_text;

/// The "now" of samples unless another one is given: 2026-03-02T09:00:00Z.
pub const NOW_DEFAULT: Timestamp = Timestamp(1_772_442_000_000);

/// Most samples in one run; their numbers have four digits or more.
pub const COUNT_MAX: usize = 100_000;

/// The policy tree, as text.
pub const POLICIES_JSON: &str = include_str!("../../../assets/policies.json");

/// The queues, as text: an array of [`QueueInfo`].
pub const QUEUES_JSON: &str = include_str!("../../../assets/queues.json");

/// What to make.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Chooses everything that is not fixed.
    pub seed: u64,
    /// How many items; at most [`COUNT_MAX`].
    pub count: usize,
    /// The instant that all times are counted from.
    pub now: Timestamp,
    /// Only these kinds; empty means every kind. Kinds that are never made give nothing.
    pub kinds: Vec<Kind>,
    /// Longest side of a picture, in pixels; small ones make tests fast.
    pub side_max: Option<u32>,
    /// Whether a few files are broken on purpose.
    pub with_broken: bool,
    /// Whether large pictures come with a smaller version.
    pub with_covers: bool,
}

impl Default for Settings {
    /// 300 items of every kind and size from seed 1.
    fn default() -> Self {
        Self {
            seed: 1,
            count: 300,
            now: NOW_DEFAULT,
            kinds: Vec::new(),
            side_max: None,
            with_broken: true,
            with_covers: false,
        }
    }
}

/// One item, as it is fed to a queue server.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Queue and item; the media's sizes and hashes are right.
    pub ingest: IngestItem,
    /// The media's files in the order of `n`: name (`media/0001-0.jpg`) and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Smaller versions, in the same order.
    pub covers: Vec<Option<(String, Vec<u8>)>>,
}

impl Sample {
    /// The smaller versions' files, in the order of `n`; empty if there are none.
    #[must_use]
    pub fn cover_names(&self) -> Vec<Option<String>> {
        if self.covers.iter().all(Option::is_none) {
            return Vec::new();
        }
        let name = |cover: &Option<(String, Vec<u8>)>| Some(cover.as_ref()?.0.clone());
        self.covers.iter().map(name).collect()
    }
}

/// The samples of `settings`, one at a time, so that only one item's media is in memory.
pub fn generate(settings: &Settings) -> impl Iterator<Item = Sample> + use<> {
    let settings = settings.clone();
    plan::plans(&settings)
        .take(settings.count.min(COUNT_MAX))
        .map(move |plan| {
            let files = files::files(&plan, &settings);
            items::sample(&plan, files, &settings)
        })
}

/// A sample of `kind` with exactly these pictures, at priority 2 and severity 2: for a test that
/// knows what must be on the screen. `number` (from 1) makes its id. A [`Kind::Link`]'s first
/// picture is its capture.
#[must_use]
pub fn sample_of(
    settings: &Settings,
    number: u64,
    kind: Kind,
    pictures: Vec<PictureFile>,
) -> Sample {
    let plan = plan::Plan {
        number,
        kind,
        priority: 2,
        severity: 2,
        special: plan::Special::Plain,
        lang: Some("en"),
        leads: false,
    };
    items::sample(&plan, pictures, settings)
}

/// The sample policy tree.
#[must_use]
pub fn policies() -> PolicyTree {
    serde_json::from_str(POLICIES_JSON).expect("the tree in assets/ is checked by a test")
}

/// The sample queues.
#[must_use]
pub fn queues() -> Vec<QueueInfo> {
    serde_json::from_str(QUEUES_JSON).expect("the queues in assets/ are checked by a test")
}
