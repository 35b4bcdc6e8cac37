//! Why an export was not written.

use std::io::ErrorKind;

use crate::statement::rule::Violation;

/// Texts name no path, item or person.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The target cannot be written.
    #[error(
        "The export was not written ({}). A file that was there before is unchanged, and no record was touched. Check the folder and the free space, then try again.",
        kind_in_words(*.kind)
    )]
    NotWritten {
        /// The system's class of error.
        kind: ErrorKind,
    },
    /// That an export is made cannot be written down, so it is not made.
    #[error(
        "The export was not made: that it is made could not be written down first ({}). No record was touched, and a file that was there before is unchanged. Check the free space and the rights of the profile's folder, then try again.",
        kind_in_words(*.kind)
    )]
    NotLogged {
        /// The system's class of error.
        kind: ErrorKind,
    },
    /// It would tell, beside another one, how long somebody took.
    #[error(
        "The export was not made: of some of its days there is one that names the reviewer, or, if this one names them, one that does not. Together the two would tell how long they took, so of a day there is only one kind. No record was touched, and a file that was there before is unchanged. `scrim exports` lists what was exported; choose other days."
    )]
    TellsBesideAName,
    /// The log's end cannot be sealed.
    #[error(
        "The log of exports was not sealed ({}). Its lines are as they were. Check the free space and the rights of the profile's folder; the next start tries again.",
        kind_in_words(*.kind)
    )]
    NotSealed {
        /// The system's class of error.
        kind: ErrorKind,
    },
    /// The log of exports cannot be read.
    #[error("The log of exports cannot be read ({}). Nothing was changed.", kind_in_words(*.kind))]
    LogUnreadable {
        /// The system's class of error.
        kind: ErrorKind,
    },
    /// A row cannot be put into the format.
    #[error(
        "The export was not written: a record cannot be put into this format. No record was touched."
    )]
    Row,
    /// A sheet has no room for so many.
    #[error(
        "The export was not written: a spreadsheet holds at most 1,048,575 rows. No record was touched. Choose fewer days, or --format csv."
    )]
    TooManyRows,
    /// A statement that the database would refuse.
    #[error(
        "The export was not written: a statement would be refused ({0}). No record was touched. Correct the files with the platform's rules and items."
    )]
    Statement(Violation),
    /// What was to be written cannot be read any further.
    #[error("The export was not written: what it is made of cannot be read to its end. {0}")]
    NotRead(String),
    /// Not a format.
    #[error("There is no such format. Use csv or jsonl.")]
    UnknownFormat,
    /// A folder is never written over.
    #[error(
        "The export was not written: there is something at that place already. It is unchanged, and no record was touched. Name a folder that is not there."
    )]
    AlreadyThere,
    /// Nothing but a file is written over.
    #[error(
        "The export was not written: what is at that place is no ordinary file (a folder, a device, a pipe or a link). It is unchanged, and no record was touched. Name a file, or leave -o out and send standard output there."
    )]
    NotAFile,
    /// The target is no file name.
    #[error("The export needs the name of a file.")]
    NoFileName,
}

/// The system's class of error, in words that people use.
#[must_use]
pub fn kind_in_words(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "the file or its folder is not there".to_owned(),
        other => other.to_string(),
    }
}

impl From<std::io::Error> for ReportError {
    fn from(error: std::io::Error) -> Self {
        Self::NotWritten { kind: error.kind() }
    }
}

impl From<csv::Error> for ReportError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            _ => Self::Row,
        }
    }
}

impl From<serde_json::Error> for ReportError {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(kind) => Self::NotWritten { kind },
            None => Self::Row,
        }
    }
}

impl From<rust_xlsxwriter::XlsxError> for ReportError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        match error {
            rust_xlsxwriter::XlsxError::IoError(error) => error.into(),
            _ => Self::Row,
        }
    }
}
