//! Hashes as they are written down: of bytes that are there, and of an export while it is written.

use std::io::Write;

use sha2::{Digest, Sha256};

/// The SHA-256 of a line or of what was written, in hex, as it stands in the log.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Passes bytes on and knows the hash of all of them: an export of millions of rows is never whole in memory.
pub struct Hashed<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
}

impl<'a> Hashed<'a> {
    /// On the way to `out`.
    #[must_use]
    pub fn new(out: &'a mut dyn Write) -> Self {
        let hash = Sha256::new();
        Self { out, hash }
    }

    /// The hash of what has gone through, as it stands in the log.
    #[must_use]
    pub fn sha256(self) -> String {
        hex(&self.hash.finalize())
    }
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
