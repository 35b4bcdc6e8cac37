//! The kept inputs: `corpus/TARGET` for what the readers do, `crashes/TARGET` for what they once fell over.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::limits::{CORPUS_BYTES_MAX, CORPUS_INPUT_BYTES_MAX};

/// Inputs in the folder `corpus` of `root`, in the order of their names.
///
/// # Errors
/// What the disk said.
pub fn kept_inputs(root: &Path, target: &str) -> io::Result<Vec<Vec<u8>>> {
    inputs(&root.join("corpus").join(target))
}

/// Inputs that a reader once fell over.
///
/// # Errors
/// What the disk said.
pub fn kept_crashes(root: &Path, target: &str) -> io::Result<Vec<Vec<u8>>> {
    inputs(&root.join("crashes").join(target))
}

fn inputs(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                paths.push(entry?.path());
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // What was said about an input lies beside it.
    paths.retain(|path| path.extension().is_none());
    paths.sort();
    paths.into_iter().map(fs::read).collect()
}

/// Writes an input that a reader fell over; the file's path.
pub(crate) fn keep_crash(root: &Path, target: &str, input: &[u8]) -> io::Result<PathBuf> {
    let folder = root.join("crashes").join(target);
    fs::create_dir_all(&folder)?;
    let path = folder.join(name_of(input));
    fs::write(&path, input)?;
    Ok(path)
}

/// Puts a small part of `pool` in the place of the target's corpus: the shortest inputs that each
/// do something that none before them does. How many.
pub(crate) fn keep_pool(root: &Path, target: &str, pool: &[Vec<u8>]) -> io::Result<usize> {
    let mut shortest: Vec<&Vec<u8>> = pool.iter().collect();
    shortest.sort_by_key(|input| (input.len(), (*input).clone()));
    let Some(mut engine) = Engine::new(target, 0) else {
        return Ok(0);
    };
    let folder = root.join("corpus").join(target);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (mut kept, mut bytes) = (0, 0);
    for input in shortest {
        let fits = input.len() <= CORPUS_INPUT_BYTES_MAX && bytes + input.len() <= CORPUS_BYTES_MAX;
        if fits && engine.new_class(input) {
            bytes += input.len();
            kept += 1;
            fs::write(folder.join(name_of(input)), input)?;
        }
    }
    Ok(kept)
}

/// A name that the content alone gives (FNV-1a).
fn name_of(input: &[u8]) -> String {
    format!("{:016x}", crate::targets::class(input))
}
