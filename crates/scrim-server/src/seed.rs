//! Filling a server from a folder of generated items.
//!
//! The folder holds `queues.json` (an array of `QueueInfo`), `policies.json` (a `PolicyTree`) and
//! `items.jsonl`: one `IngestItem` per line, with the field `files` naming its media inside the
//! folder, and `covers` smaller versions of them. Seeding the same folder again changes nothing.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use scrim_model::limits::{COVER_BYTES_MAX, MEDIA_MAX, MEDIUM_BYTES_MAX};
use scrim_model::{PolicyTree, Timestamp};
use scrim_wire::protocol::{IngestItem, QueueInfo};

use crate::error::ServerError;
use crate::limits::JSON_BYTES_MAX;
use crate::storage::{Filed, Storage};

/// What was seeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seeded {
    /// Queues in the folder.
    pub queues: usize,
    /// Policies in the tree.
    pub policies: usize,
    /// Items in the folder.
    pub items: usize,
}

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    ingest: IngestItem,
    #[serde(default)]
    files: Vec<PathBuf>,
    /// Smaller versions, in the same order; `null` where there is none.
    #[serde(default)]
    covers: Vec<Option<PathBuf>>,
}

/// Reads `folder` into `storage`.
///
/// # Errors
/// [`ServerError::Input`] names the file and line that cannot be used; what came before it stays.
pub fn seed(storage: &dyn Storage, folder: &Path, now: Timestamp) -> Result<Seeded, ServerError> {
    let queues: Vec<QueueInfo> = read_json(folder, "queues.json")?;
    for queue in &queues {
        storage.put_queue(queue)?;
    }
    let tree: PolicyTree = read_json(folder, "policies.json")?;
    storage.put_policies(&tree, now)?;
    let file = File::open(folder.join("items.jsonl"))
        .map_err(ServerError::io("opening items.jsonl of the folder"))?;
    let mut reader = BufReader::new(file);
    let mut items = 0;
    for number in 1.. {
        let mut line = Vec::new();
        reader
            .by_ref()
            .take(JSON_BYTES_MAX as u64)
            .read_until(b'\n', &mut line)
            .map_err(ServerError::io("reading items.jsonl of the folder"))?;
        if line.is_empty() {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        seed_line(storage, folder, &line, now).map_err(|error| match error {
            ServerError::Invalid { .. } | ServerError::TooLarge => ServerError::Input {
                what: "an item",
                place: format!("items.jsonl, line {number}: {error}"),
            },
            other => other,
        })?;
        items += 1;
    }
    Ok(Seeded {
        queues: queues.len(),
        policies: tree.policies.len(),
        items,
    })
}

fn seed_line(
    storage: &dyn Storage,
    folder: &Path,
    line: &[u8],
    now: Timestamp,
) -> Result<(), ServerError> {
    let Line {
        ingest,
        files,
        covers,
    } = crate::receive::from_json(line)?;
    if files.len().max(covers.len()) > MEDIA_MAX {
        return Err(ServerError::TooLarge);
    }
    let covers = covers.into_iter().chain(std::iter::repeat(None));
    let media = files.iter().zip(covers).map(|(file, cover)| {
        let cover = cover.map(|cover| read_medium(folder, &cover, COVER_BYTES_MAX));
        Ok(Filed {
            bytes: read_medium(folder, file, MEDIUM_BYTES_MAX)?,
            cover: cover.transpose()?,
        })
    });
    let media = media.collect::<Result<_, ServerError>>()?;
    storage.put_item(ingest, media, now).map(drop)
}

/// A file inside the folder; names that lead out of it are refused.
fn read_medium(folder: &Path, file: &Path, bytes_max: u64) -> Result<Vec<u8>, ServerError> {
    if !file
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return Err(ServerError::invalid(
            "files",
            "a name leads out of the folder",
        ));
    }
    read_file(&folder.join(file), bytes_max)
}

fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, ServerError> {
    json_file(&folder.join(name), name)
}

/// Reads one JSON file; `called` is what errors call it.
///
/// # Errors
/// [`ServerError::Input`] with the field that is wrong, [`ServerError::Io`].
pub fn json_file<T: DeserializeOwned>(path: &Path, called: &str) -> Result<T, ServerError> {
    let bytes = read_file(path, JSON_BYTES_MAX as u64)?;
    crate::receive::from_json(&bytes).map_err(|error| ServerError::Input {
        what: "a JSON file",
        place: format!("{called}: {error}"),
    })
}

fn read_file(path: &Path, bytes_max: u64) -> Result<Vec<u8>, ServerError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
        .map_err(ServerError::io("reading a file of the folder"))?;
    if bytes.len() as u64 > bytes_max {
        return Err(ServerError::TooLarge);
    }
    Ok(bytes)
}
