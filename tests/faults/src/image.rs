//! The files of a disk without a machine around them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::content::Content;

/// Files by their names, as whole contents. A copy costs next to nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Image {
    pub(crate) files: BTreeMap<String, Content>,
}

impl Image {
    /// Names of the files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// A file's bytes.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        Some(self.files.get(name)?.to_bytes())
    }

    /// A file's size in bytes.
    #[must_use]
    pub fn len(&self, name: &str) -> Option<usize> {
        Some(self.files.get(name)?.len())
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Puts a file there, in place of one with its name.
    pub fn put(&mut self, name: &str, bytes: &[u8]) {
        self.files
            .insert(name.to_owned(), Content::from_bytes(bytes));
    }

    /// Takes a file away.
    pub fn remove(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// Flips one bit of a file; bits are counted from the file's first byte and round its end.
    /// Nothing happens to a file that is empty or missing.
    pub fn flip(&mut self, name: &str, bit: u64) {
        if let Some(content) = self.files.get_mut(name) {
            flip(content, bit);
        }
    }

    /// Writes the files into a real folder, each under the last part of its name.
    ///
    /// # Errors
    /// What the real disk said.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for (name, content) in &self.files {
            let last = Path::new(name).file_name().unwrap_or(name.as_ref());
            std::fs::write(folder.join(last), content.to_bytes())?;
        }
        Ok(())
    }
}

pub(crate) fn flip(content: &mut Content, bit: u64) {
    if content.len() == 0 {
        return;
    }
    let at = (bit / 8) as usize % content.len();
    let mut byte = [0];
    content.read_at(at, &mut byte);
    content.write_at(at, &[byte[0] ^ (1 << (bit % 8))]);
}
