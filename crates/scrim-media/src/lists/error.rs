//! What can be wrong with a list. None of the sentences holds a hash.

/// Why a list was not imported or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// A line that is no hash of the kind it names.
    #[error(
        "Line {line} is not a hash of its kind ({kind}: {digits} hexadecimal digits). Nothing was imported; correct the line and import the file again."
    )]
    BadLine {
        /// Counted from 1.
        line: u64,
        /// The kind.
        kind: &'static str,
        /// How many digits it has.
        digits: usize,
    },
    /// A line whose kind is none that Scrim compares.
    #[error(
        "Line {line} names no kind of hash that Scrim compares (sha256, sha1, md5, pdq). Nothing was imported; take such lines out and import the file again."
    )]
    UnknownKind {
        /// Counted from 1.
        line: u64,
    },
    /// A line in no form that is read.
    #[error(
        "Line {line} has no kind and hash. A line is \"sha256 HASH\", or the file is CSV with columns \"type\" and \"hash\". Nothing was imported."
    )]
    BadForm {
        /// Counted from 1.
        line: u64,
    },
    /// There is nothing in it.
    #[error("There is no hash in this file, so nothing was imported.")]
    Empty,
    /// Over a limit.
    #[error(
        "This list has more than 10 million hashes of one kind. Nothing was imported; split it."
    )]
    TooLarge,
    /// Not a name.
    #[error("A list\u{2019}s name has 1 to 100 bytes, without line breaks.")]
    BadName,
    /// It is not as it was written.
    #[error(
        "This imported list is damaged or of another version, so it is not used. Import it again."
    )]
    Damaged,
    /// Reading or writing failed.
    #[error("A hash list could not be read or written: {0}.")]
    Unreadable(#[from] std::io::Error),
}

impl ListError {
    /// A file that ends too early is damaged; anything else is the system's fault.
    pub(super) fn of_short(fault: std::io::Error) -> Self {
        match fault.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Unreadable(fault),
        }
    }
}
