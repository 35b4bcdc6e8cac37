//! Why a command could not be carried out.

use std::io::ErrorKind;

use scrim_media::{ListError, Rejection};
use scrim_queue::OriginRefused;
use scrim_report::{ReportError, kind_in_words};
use scrim_runtime::{ConnectError, KeyError, ProfileError};
use scrim_store::StoreError;
use scrim_wire::call::CallFailed;

use crate::limits::PLATFORM_FILE_BYTES_MAX;

/// Exit code of a command that was written wrongly.
pub(crate) const USAGE: u8 = 2;
/// The next ones are those of `sysexits.h`.
const BAD_DATA: u8 = 65;
const NO_INPUT: u8 = 66;
const NOT_AVAILABLE: u8 = 69;
const BUG: u8 = 70;
const IO: u8 = 74;
const NOT_ALLOWED: u8 = 77;

/// Every failure of the console. Texts say what happened, what was kept safe, and what to do; they
/// name no token, item or person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Whoever read the output has enough, as `head` does. Not said, and not a failure.
    #[error("the output is not read any more")]
    ReaderGone,
    #[error("{0}")]
    Usage(String),
    #[error("There is no profile in that folder. Nothing was changed. Check --profile.")]
    NoProfile,
    #[error(
        "This profile is not signed in to any queue server, so it has no records. Use `scrim sign-in URL`."
    )]
    NotSignedIn,
    #[error(transparent)]
    Origin(#[from] OriginRefused),
    #[error(
        "That place is among the profile's own files, the records themselves with them. Nothing was written and nothing was changed. Name another place for the file."
    )]
    AmongRecords,
    #[error(
        "There are no figures about a team here. Nothing was written. They are read while a lead has their view open in the window: open it once, then try again."
    )]
    NoTeam,
    #[error(
        "The copy of the team's decisions on this disk cannot be read. Nothing was written. The records are not in it and are not touched; the queue server has what it is made of. Open the team's view in the window: it is read anew."
    )]
    TeamCopy,
    #[error("The token is not one: {0} Nothing was contacted and nothing was changed.")]
    Token(&'static str),
    #[error("The passphrase cannot be used: {0} Nothing was changed.")]
    Passphrase(&'static str),
    #[error("Scrim is running with this profile. Nothing was changed. Quit it first.")]
    AgentRuns,
    #[error("Nothing was written. Say --yes, or answer \"yes\" at a terminal.")]
    NotConfirmed,
    #[error("Nothing was erased. Say --yes, or answer \"yes\" at a terminal.")]
    NotErased,
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("{0} The sign-in of this profile is as it was.")]
    Code(String),
    #[error(
        "This queue server names no identity issuer. Name one with --oidc ISSUER, or sign in with a token. Nothing was changed."
    )]
    NoOffer,
    #[error("{}", sign_in_text(.0))]
    SignIn(CallFailed),
    #[error("{}", asking_text(.0))]
    Asking(CallFailed),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    HashList(#[from] ListError),
    #[error("The sandboxed worker cannot be used: {}", .0.sentence())]
    Worker(Rejection),
    #[error("{program} is not beside this program. Install all parts of Scrim from one package.")]
    NotBeside { program: &'static str },
    #[error(
        "scrim-smoke is not beside this program, so no journey was run. Install the package scrim-smoke of the same version; in the source tree, ./dev smoke builds it first."
    )]
    NoSmoke,
    #[error(
        "There is no display here, so the window cannot open. Nothing was started. On a machine without one use `./dev demo`."
    )]
    NoDisplay,
    #[error("{program} {what}. {kept}")]
    Started {
        program: &'static str,
        what: String,
        kept: &'static str,
    },
    #[error(
        "The file of {what} is not as it should be at line {line}, column {column}. Nothing was written. What belongs there is in the guide for leads."
    )]
    PlatformFile {
        what: &'static str,
        line: usize,
        column: usize,
    },
    #[error(
        "The file of {what} is larger than {} GiB. Nothing was written. Leave out what this period does not need.",
        PLATFORM_FILE_BYTES_MAX >> 30
    )]
    PlatformFileTooLarge { what: &'static str },
    #[error("{}", unread_text(.what, *.kind))]
    PlatformFileUnread { what: &'static str, kind: ErrorKind },
    #[error("Failed while {doing} ({}). No record was touched.", kind_in_words(*.kind))]
    Io {
        doing: &'static str,
        kind: ErrorKind,
    },
}

fn sign_in_text(failed: &CallFailed) -> String {
    let what = match failed {
        CallFailed::Unreachable { .. } => {
            "The queue server does not answer at this address. Check the address and the connection."
                .to_owned()
        }
        CallFailed::Untrusted { why } => format!(
            "The certificate of the server at this address is not trusted: {why}. Nothing was sent to it."
        ),
        CallFailed::NotAllowed => {
            "This computer's managed file does not allow that address. Nobody was contacted."
                .to_owned()
        }
        CallFailed::SignedOut => {
            "The queue server does not take this token. Ask whoever runs it for a new one."
                .to_owned()
        }
        CallFailed::Refused { code, .. } if code.starts_with("http_") || code == "unknown" => {
            "There is a server at this address, but it is no queue server. Check the address."
                .to_owned()
        }
        CallFailed::Refused { code, message } => {
            format!("The queue server refuses ({code}): {message}")
        }
        CallFailed::Broken { what } => format!(
            "What answers at this address is no queue server that Scrim understands ({what}). Check the address."
        ),
    };
    format!("{what} The sign-in of this profile is as it was.")
}

fn unread_text(what: &str, kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => {
            format!("The file of {what} is not there. Nothing was written. Check its name.")
        }
        other => format!(
            "The file of {what} cannot be read ({other}). Nothing was written. Check its name and its rights."
        ),
    }
}

fn asking_text(failed: &CallFailed) -> String {
    match failed {
        CallFailed::Refused { code, .. } if code == "not_allowed" => {
            "The queue server tells this to leads only. Nothing was changed. Sign in with a token \
             that has the role lead, or ask whoever runs the server."
                .to_owned()
        }
        CallFailed::Refused { code, .. } if code.starts_with("http_") || code == "unknown" => {
            "This queue server does not have these figures. Nothing was changed. Ask whoever runs it."
                .to_owned()
        }
        CallFailed::Unreachable { .. } => {
            "The queue server does not answer. Nothing was changed. Check the connection with `scrim doctor`, then try again."
                .to_owned()
        }
        other => format!("{other} Nothing was changed."),
    }
}

impl From<KeyError> for CliError {
    fn from(fault: KeyError) -> Self {
        match fault {
            KeyError::Store(fault) => Self::Store(fault),
            KeyError::Profile(fault) => Self::Profile(fault),
            other => Self::Key(other),
        }
    }
}

impl CliError {
    /// Names what was being done when reading or writing failed.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Io {
            doing,
            kind: error.kind(),
        }
    }

    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Usage(_)
            | Self::Origin(_)
            | Self::Token(_)
            | Self::Passphrase(_)
            | Self::NotConfirmed
            | Self::NotErased
            | Self::Connect(ConnectError::Origin(_) | ConnectError::Trust(_)) => USAGE,
            Self::Key(
                KeyError::NeedsPassphrase
                | KeyError::WrongPassphrase
                | KeyError::KeptWorse { .. }
                | KeyError::NotMade(_)
                | KeyError::NotThere(_),
            )
            | Self::Connect(_) => NOT_ALLOWED,
            Self::HashList(ListError::Unreadable(_)) => IO,
            Self::HashList(_) | Self::PlatformFile { .. } | Self::PlatformFileTooLarge { .. } => {
                BAD_DATA
            }
            Self::AgentRuns => NOT_AVAILABLE,
            Self::Report(ReportError::TellsBesideAName) | Self::Store(StoreError::Kept(..)) => {
                NOT_ALLOWED
            }
            Self::Store(
                StoreError::UnknownDecision
                | StoreError::UnknownPart
                | StoreError::UnknownHold
                | StoreError::EmptyHold
                | StoreError::ReasonTooLong
                | StoreError::TooLarge,
            )
            | Self::AmongRecords => USAGE,
            Self::TeamCopy
            | Self::Store(StoreError::Damaged | StoreError::Unreadable)
            | Self::Key(KeyError::Gone) => 1,
            Self::NoProfile
            | Self::NotSignedIn
            | Self::NoTeam
            | Self::Store(StoreError::NoStore) => NO_INPUT,
            Self::SignIn(CallFailed::SignedOut) | Self::Asking(CallFailed::SignedOut) => {
                NOT_ALLOWED
            }
            Self::Asking(CallFailed::Refused { code, .. }) if code == "not_allowed" => NOT_ALLOWED,
            Self::Asking(_)
            | Self::SignIn(_)
            | Self::Code(_)
            | Self::NoOffer
            | Self::Worker(_)
            | Self::NotBeside { .. }
            | Self::NoSmoke
            | Self::NoDisplay => NOT_AVAILABLE,
            Self::Started { .. } => BUG,
            Self::Profile(_)
            | Self::Key(_)
            | Self::Store(_)
            | Self::Report(_)
            | Self::PlatformFileUnread { .. }
            | Self::Io { .. } => IO,
        }
    }
}
