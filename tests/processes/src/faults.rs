//! The matrix of faults: who is killed at which step from a claim to its receipt, and what has to be
//! true afterwards. `fault-table` prints what the tests of the matrix have seen.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Whom SIGKILL hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Victim {
    /// The agent's inside, with everything but Tauri.
    Agent,
    /// The real window of the real agent.
    Window,
    /// A decode worker.
    Worker,
    /// The queue server; it is started again on its database.
    Server,
}

impl Victim {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Window, Self::Worker, Self::Server];

    /// As the table and the tests call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Window => "window",
            Self::Worker => "worker",
            Self::Server => "server",
        }
    }
}

macro_rules! steps {
    ($($step:ident $name:ident $what:literal,)*) => {
        /// Where a decision is when somebody dies.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Step {
            $(#[doc = $what] $step,)*
        }

        impl Step {
            /// All of them, in the order in which a decision passes them.
            pub const ALL: &[Self] = &[$(Self::$step,)*];

            /// As the tests call it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$step => stringify!($name),)* }
            }
        }
    };
}

steps! {
    ClaimSent claim_sent "A claiming call is on its way; the server has not heard it.",
    ClaimAnswered claim_answered "The server has granted claims; its answer has not arrived.",
    CoverBeingMade cover_being_made "A worker makes the cover of a picture (for the window: it is fetched).",
    ItemOpen item_open "An item is open and covered.",
    RevealRecorded reveal_recorded "A look is on record; its picture is being made (for the window: at once after the key).",
    Revealed revealed "A picture is clear.",
    Deciding deciding "A decision was asked for and is not on record; the records are kept busy.",
    Held held "The decision is on record and can be taken back.",
    InFlight in_flight "The undo window is over; the server has not heard the decision.",
    Taken taken "The server has taken the decision; its receipt has not arrived.",
    Receipted receipted "The receipt is on record.",
    ReadBack read_back "An escalation has its receipt; the desk reads it back.",
    ReleaseSent release_sent "The shift ends; the server has not heard what is given back.",
    ReleaseTaken release_taken "The shift ends; the server has taken it back, and its answer has not arrived.",
}

/// Why there is no such cell; `None` if there is one.
#[must_use]
pub fn senseless(victim: Victim, step: Step) -> Option<&'static str> {
    match (victim, step) {
        (Victim::Worker, Step::ClaimSent | Step::ClaimAnswered) => {
            Some("nothing is decoded before a claim is answered")
        }
        (Victim::Worker, Step::ReleaseSent | Step::ReleaseTaken) => {
            Some("the end of a shift drops every medium, so no worker runs")
        }
        _ => None,
    }
}

/// What one cell came to, seen from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// [`Victim::name`].
    pub victim: String,
    /// [`Step::name`].
    pub step: String,
    /// Decisions that were said to be recorded.
    pub said: usize,
    /// Decisions that the server holds.
    pub server: usize,
    /// Outcomes for the platform.
    pub platform: usize,
    /// Decisions in `scrim export`.
    pub exported: usize,
    /// Said and not with the server, the platform and the export.
    pub lost: usize,
    /// More than once, or a second decision about one item.
    pub doubled: usize,
    /// Claims that the server granted.
    pub granted: usize,
    /// Claims that were given back.
    pub returned: usize,
    /// Claims that ended with their lease: granted in an answer that nobody got.
    pub lapsed: usize,
}

/// Where the tests leave their rows: beside the programs.
///
/// # Errors
/// The system does not say where this program is.
pub fn folder() -> std::io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let programs = own.ancestors().skip(1).find(|folder| {
        // Programs of tests are one folder below.
        !folder.ends_with("deps")
    });
    Ok(programs.map_or_else(PathBuf::new, |folder| folder.join("fault-matrix")))
}
