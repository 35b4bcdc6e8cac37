//! Why the store could not do what was asked.

use rusqlite::ErrorCode;
use scrim_model::retention::{Block, RecordPart, last_day_before};
use scrim_wire::window::SyncState;

use crate::limits::HOLD_REASON_CHARS_MAX;

/// Every failure of the store. After any of them the store holds what it held before the call:
/// each call is one transaction. Texts name no item, no person and no path.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There are records where a copy was to be written.
    #[error(
        "There are records in that folder already. Nothing was overwritten. Name a folder that is new or empty."
    )]
    BackupInTheWay,
    /// Another process writes this store.
    #[error(
        "This profile is already open in another Scrim on this computer. Nothing was changed. Close the other one, or use its window."
    )]
    InUse,
    /// There is no store in this folder.
    #[error(
        "There are no records here yet. Sign in once, or check that the profile is the right one."
    )]
    NoStore,
    /// The records are under another key.
    #[error(
        "These records belong to another key than the one that was found, so they cannot be opened. Nothing was changed and nothing was set aside. Bring back the key that belongs to them, or ask whoever looks after this computer."
    )]
    WrongKey,
    /// Written by a newer Scrim.
    #[error(
        "These records were written by a newer Scrim (format {found}; this one knows up to {known}). Nothing was changed. Install the newer version again."
    )]
    NewerVersion {
        /// Version of the database.
        found: i64,
        /// Newest version that this program can read.
        known: i64,
    },
    /// Not yet brought up to date, and opened only for reading.
    #[error(
        "These records were written by an older Scrim (format {found}) and are not brought up to date yet. Nothing was changed. Start Scrim once, then try again."
    )]
    OlderVersion {
        /// Version of the database.
        found: i64,
    },
    /// The disk is full.
    #[error(
        "The disk is full, so this was not recorded. Everything recorded before is safe. Free some space and try again."
    )]
    DiskFull,
    /// The files cannot be written or opened.
    #[error(
        "The records cannot be written (read-only disk or missing rights), so this was not recorded. Everything recorded before is safe. Ask whoever looks after this computer."
    )]
    NotWritable,
    /// A reader held the database for too long.
    #[error(
        "The records are busy, so this was not recorded. Everything recorded before is safe. Try again."
    )]
    Busy,
    /// The database's structure is broken.
    #[error(
        "The records on this disk are damaged. Nothing was deleted. Restart Scrim: it sets the damaged file aside and starts a new one."
    )]
    Damaged,
    /// Any other failure of the file system.
    #[error(
        "The disk failed while {doing} ({kind}). Everything recorded before is safe. Try again."
    )]
    Disk {
        /// What the store was at.
        doing: &'static str,
        /// The system's class of error.
        kind: std::io::ErrorKind,
    },
    /// Any other failure of SQLite.
    #[error(
        "The records could not be read or written (code {code}). Everything recorded before is safe. Restart Scrim."
    )]
    Sqlite {
        /// SQLite's extended result code.
        code: i32,
    },
    /// The decision is not in the journal.
    #[error("There is no such decision in these records.")]
    UnknownDecision,
    /// The reveal is not in the view log.
    #[error("There is no such reveal in these records.")]
    UnknownReveal,
    /// The same decision id came with another content, or the same reveal with another item.
    #[error("The same id was used for two different things. The first one was kept.")]
    IdReused,
    /// The outbox's table of states does not allow this.
    #[error("A decision that is {from:?} cannot become {to:?}. It was left as it is.")]
    NotAllowed {
        /// Where it stands.
        from: SyncState,
        /// What was asked.
        to: SyncState,
    },
    /// The decision may have reached the server, so it cannot be taken back here any more.
    #[error("The decision has been sent, so it can only be corrected by a new one.")]
    AlreadySent,
    /// A part that the entry does not have, or that is erased already.
    #[error("The entry has no such part.")]
    UnknownPart,
    /// Something keeps the part. Why a hold was set is not in the text, because somebody wrote it.
    #[error("{} Nothing was erased.", block_text(*.0, .1))]
    Kept(RecordPart, Box<Block>),
    /// The hold is not in the journal, or was lifted before.
    #[error("There is no such hold in force in these records. Nothing was changed.")]
    UnknownHold,
    /// A hold on nothing, or without a reason.
    #[error("A hold needs a reason and at least one part. Nothing was changed.")]
    EmptyHold,
    /// A reason of a hold, or of its end, that is too long.
    #[error(
        "The reason has more than {} characters. Nothing was changed. Give the reference of the case or order, and keep the rest where that is kept.",
        HOLD_REASON_CHARS_MAX
    )]
    ReasonTooLong,
    /// A number of 2^53 or more, which hashed content cannot hold.
    #[error(
        "A number from the queue server is too large to be recorded (2^53 or more), so the decision was not made."
    )]
    NumberTooLarge,
    /// More queues, policies and actions than there is room for ids of.
    #[error(
        "The queue server tells of more queues, policies and actions than the team's figures have room for, so the newest decisions were not added to them. The records of this desk are not affected. Ask whoever looks after the queue server."
    )]
    TooManyNames,
    /// A saved value or key is too large.
    #[error("A setting is too large to be kept.")]
    TooLarge,
    /// The exposure ledger does not fit together.
    #[error(
        "What was kept of today's exposure cannot be read, so the day counts as full until tomorrow. Decisions are not affected."
    )]
    ExposureUnreadable,
    /// Stored JSON does not read as what it should be.
    #[error("A stored entry cannot be read. Run `scrim verify` to find it. Nothing was changed.")]
    Unreadable,
}

fn block_text(part: RecordPart, block: &Block) -> String {
    match block {
        Block::Rule(kept) => format!(
            "This part is to be kept until {}, that day included ({}; {}).",
            kept.last_day, kept.rule.what, kept.rule.source
        ),
        Block::Hold(hold) => {
            let until = match hold.until.get(&part).copied().flatten() {
                Some(until) => format!("until {}, that day included", last_day_before(until)),
                None => "until it is lifted".to_owned(),
            };
            let since = hold.start.utc_day();
            format!(
                "This part is under a hold since {since}, {until} ({}).",
                hold.id
            )
        }
    }
}

/// What a caller may do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// The same call may succeed at once.
    RetryNow,
    /// The same call may succeed later.
    RetryLater,
    /// A person has to do something first.
    AskPerson,
    /// The caller is wrong.
    Bug,
}

impl StoreError {
    /// What may be done about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::Busy => Advice::RetryNow,
            Self::Disk { .. } | Self::Sqlite { .. } => Advice::RetryLater,
            Self::InUse
            | Self::BackupInTheWay
            | Self::NoStore
            | Self::WrongKey
            | Self::NewerVersion { .. }
            | Self::OlderVersion { .. }
            | Self::DiskFull
            | Self::NotWritable
            | Self::Damaged
            | Self::NumberTooLarge
            | Self::TooManyNames
            | Self::Unreadable
            | Self::Kept(..)
            | Self::UnknownHold
            | Self::EmptyHold
            | Self::ReasonTooLong
            | Self::ExposureUnreadable => Advice::AskPerson,
            Self::UnknownDecision
            | Self::UnknownReveal
            | Self::IdReused
            | Self::NotAllowed { .. }
            | Self::AlreadySent
            | Self::UnknownPart
            | Self::TooLarge => Advice::Bug,
        }
    }

    /// One entry is not to be had: its page or its content is no good. Others may be.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Unreadable | Self::Damaged => true,
            // SQLITE_IOERR and all that it is extended to: the disk itself refuses.
            Self::Sqlite { code } => code & 0xff == 10,
            _ => false,
        }
    }

    /// Names what was being done when the file system failed.
    pub(crate) fn disk(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable
            }
            kind => Self::Disk { doing, kind },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    /// Keeps the code and drops the text, which may hold a path.
    fn from(error: rusqlite::Error) -> Self {
        let Some(inner) = error.sqlite_error() else {
            // Anything else is a column of an unexpected type: the file, not the caller, is wrong.
            return Self::Unreadable;
        };
        match inner.code {
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                Self::NotWritable
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged,
            _ => Self::Sqlite {
                code: inner.extended_code,
            },
        }
    }
}
