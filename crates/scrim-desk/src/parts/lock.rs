//! The lock, and what is left of somebody who has signed out.

use scrim_wire::window::LockKey;

/// Whether the desk is locked.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    /// What it takes to go on; `None` while it is not locked.
    pub(crate) key: Option<LockKey>,
    /// A passphrase is set, and asked for.
    pub(crate) has_passphrase: bool,
    /// Boot clock of the last sign of somebody.
    pub(crate) seen_boot_ms: u64,
}

impl Lock {
    pub(crate) fn is_on(&self) -> bool {
        self.key.is_some()
    }
}

/// What may be said of somebody whose sign-in has ended: no name, no item, no list.
#[derive(Debug)]
pub(crate) struct Left {
    /// The server ended it.
    pub(crate) revoked: bool,
    /// Decisions without a receipt.
    pub(crate) waiting: u32,
    /// One of them, or an escalation that nobody has confirmed, is urgent.
    pub(crate) urgent: bool,
    /// Whom to call then, as told by the server.
    pub(crate) contacts: Vec<String>,
}
