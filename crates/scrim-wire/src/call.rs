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

impl std::fmt::Display for CallFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CallFailed::Unreachable { .. } => f.write_str(
                "The queue server does not answer. Everything decided is kept here and sent later.",
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
