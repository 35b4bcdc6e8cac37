//! How a call to a queue server ends, whichever connector made it.

use scrim_model::{ClaimId, ItemId};

use crate::protocol::Claim;

/// Claims that came, and items that cannot be read.
#[derive(Debug, Clone, Default)]
pub struct ClaimsTaken {
    /// Checked claims, most urgent first.
    pub claims: Vec<Claim>,
    /// Claims whose items break the named limits, to be given back.
    pub refused: Vec<(ClaimId, ItemId)>,
    /// Rows of which not even the ids can be read.
    pub unreadable: u32,
}

/// Why a call to the queue server came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallFailed {
    /// No answer: no connection, time out, 5xx. `after_s` if the server asked for patience.
    Unreachable {
        /// Seconds that the server asked to wait.
        after_s: Option<u32>,
    },
    /// Something answers, but not as a server that may be believed. Nothing was sent to it.
    Untrusted {
        /// What is wrong.
        why: Untrusted,
    },
    /// The address is none that this desk may contact. Nobody was contacted.
    NotAllowed,
    /// The token is not (any longer) good.
    SignedOut,
    /// The server refuses this call for good.
    Refused {
        /// Closed code.
        code: String,
        /// For people, cut to a bounded length.
        message: String,
    },
    /// The answer breaks the protocol.
    Broken {
        /// What is wrong with it; names no content.
        what: String,
    },
}

/// Why a server is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    /// Nobody that is trusted has signed its certificate.
    Authority,
    /// Its certificate is for another name.
    Name,
    /// Its certificate is no longer good.
    Expired,
    /// Its certificate is not good yet.
    NotYet,
    /// Its key is none of those that are pinned.
    Pin,
    /// Its certificate cannot be used for something else.
    Certificate,
    /// This computer has no list of authorities.
    NoAuthorities,
    /// No protected connection could be agreed; perhaps it does not speak TLS.
    Handshake,
}

impl Untrusted {
    /// Locale-free id, for scripts.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Untrusted::Authority => "authority",
            Untrusted::Name => "name",
            Untrusted::Expired => "expired",
            Untrusted::NotYet => "not_yet",
            Untrusted::Pin => "pin",
            Untrusted::Certificate => "certificate",
            Untrusted::NoAuthorities => "no_authorities",
            Untrusted::Handshake => "handshake",
        }
    }
}

impl std::fmt::Display for Untrusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Untrusted::Authority => "nobody whom this computer trusts has signed it",
            Untrusted::Name => "it is for another address",
            Untrusted::Expired => "it is no longer valid, or this computer's clock is wrong",
            Untrusted::NotYet => "it is not valid yet, or this computer's clock is wrong",
            Untrusted::Pin => "its key is none of those that this desk was told to expect",
            Untrusted::Certificate => "it cannot be used",
            Untrusted::NoAuthorities => "this computer has no list of trusted authorities",
            Untrusted::Handshake => "no protected connection could be agreed",
        })
    }
}

impl std::fmt::Display for CallFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CallFailed::Unreachable { .. } => f.write_str(
                "The queue server does not answer. Everything decided is kept here and sent later.",
            ),
            CallFailed::Untrusted { why } => write!(
                f,
                "The server's certificate is not trusted: {why}. Nothing was sent to it, and everything decided is kept here; tell whoever looks after this computer."
            ),
            CallFailed::NotAllowed => f.write_str(
                "This desk may not contact that address. Nobody was contacted, and everything decided is kept here; tell whoever looks after this computer.",
            ),
            CallFailed::SignedOut => {
                f.write_str("The sign-in is not good any more. Sign in again; nothing is lost.")
            }
            // `message` is the server's own text: it is for the window alone, never for a log.
            CallFailed::Refused { code, .. } => {
                write!(
                    f,
                    "The queue server refuses this ({code}). Nothing is lost; tell whoever runs it."
                )
            }
            CallFailed::Broken { what } => {
                write!(
                    f,
                    "The queue server's answer cannot be used ({what}). Nothing is lost; tell whoever runs it."
                )
            }
        }
    }
}

impl std::error::Error for CallFailed {}
