//! Files that count only if their owner is trusted.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The bytes of a file that `owner` owns and nobody else can write; `None` if there is no file.
pub(crate) fn owned_bytes(
    path: &Path,
    owner: u32,
    bytes_max: u64,
) -> Result<Option<Vec<u8>>, String> {
    let opened = std::fs::OpenOptions::new()
        .read(true)
        // A link may lead to somebody else's file, and a pipe would wait.
        .custom_flags((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32)
        .open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(format!("it cannot be opened ({})", fault.kind())),
    };
    let facts = file.metadata().map_err(|fault| fault.kind().to_string())?;
    if !facts.is_file() {
        return Err("it is not a plain file".into());
    }
    if facts.uid() != owner || facts.mode() & 0o022 != 0 {
        return Err("it must belong to the administrator and nobody else may write it".into());
    }
    let mut bytes = Vec::new();
    (&mut file)
        .take(bytes_max + 1)
        .read_to_end(&mut bytes)
        .map_err(|fault| format!("it cannot be read ({})", fault.kind()))?;
    if bytes.len() as u64 > bytes_max {
        return Err(format!("it is larger than {bytes_max} bytes"));
    }
    Ok(Some(bytes))
}
