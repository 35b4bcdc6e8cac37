//! Samples as a folder that `scrim-server seed` and tests read.
//!
//! `items.jsonl` (one line per item), `media/*`, `policies.json`, `queues.json`.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use scrim_wire::protocol::IngestItem;
use serde::{Deserialize, Serialize};

use crate::{POLICIES_JSON, QUEUES_JSON, Sample, Settings, generate};

/// Why a folder of samples could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system refused. What was written before stays where it is.
    #[error(
        "the samples could not be written ({what}): {source}. Choose another folder with --out"
    )]
    Refused {
        /// Which part.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}

/// One line of `items.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// Queue and item.
    #[serde(flatten)]
    pub ingest: IngestItem,
    /// The media's files, in the order of `n`, with `/` and relative to the folder.
    pub files: Vec<String>,
    /// Smaller versions, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Option<String>>,
}

/// Writes the samples of `settings` below `folder`, which is made if it is missing. Files of the
/// same names are replaced, others are left alone. Returns the number of items.
///
/// # Errors
/// [`FolderError`] if the system refuses.
pub fn write_folder(settings: &Settings, folder: &Path) -> Result<usize, FolderError> {
    write_folder_with(settings, folder, |_| {})
}

/// As [`write_folder`]; after every item `progress` learns how many are written.
///
/// # Errors
/// [`FolderError`] if the system refuses.
pub fn write_folder_with(
    settings: &Settings,
    folder: &Path,
    progress: impl FnMut(usize),
) -> Result<usize, FolderError> {
    write_samples(generate(settings), folder, progress)
}

/// As [`write_folder_with`], for samples that are made already.
///
/// # Errors
/// [`FolderError`] if the system refuses.
pub fn write_samples(
    samples: impl IntoIterator<Item = Sample>,
    folder: &Path,
    mut progress: impl FnMut(usize),
) -> Result<usize, FolderError> {
    let refused = |what| move |source| FolderError::Refused { what, source };
    fs::create_dir_all(folder.join("media")).map_err(refused("media"))?;
    fs::write(folder.join("policies.json"), POLICIES_JSON).map_err(refused("policies.json"))?;
    fs::write(folder.join("queues.json"), QUEUES_JSON).map_err(refused("queues.json"))?;
    let lines = fs::File::create(folder.join("items.jsonl")).map_err(refused("items.jsonl"))?;
    let mut lines = BufWriter::new(lines);
    let mut written = 0;
    for sample in samples {
        let covers = sample.cover_names();
        let mut names = Vec::with_capacity(sample.files.len());
        for (name, bytes) in sample.files {
            fs::write(folder.join(&name), bytes).map_err(refused("media"))?;
            names.push(name);
        }
        for (name, bytes) in sample.covers.into_iter().flatten() {
            fs::write(folder.join(&name), bytes).map_err(refused("media"))?;
        }
        let line = Line {
            ingest: sample.ingest,
            files: names,
            covers,
        };
        serde_json::to_writer(&mut lines, &line)
            .map_err(std::io::Error::from)
            .and_then(|()| lines.write_all(b"\n"))
            .map_err(refused("items.jsonl"))?;
        written += 1;
        progress(written);
    }
    lines.flush().map_err(refused("items.jsonl"))?;
    Ok(written)
}
