//! Where records and connection of whoever is signed in come from.

use std::sync::Arc;

use scrim_queue::{OriginRefused, QueueServer};
use scrim_store::{Store, StoreError};
use scrim_wire::window::Secret;
use thiserror::Error;

use crate::keys::KeyError;
use crate::profile::ProfileError;

/// Why a desk cannot be put together.
#[derive(Debug, Error)]
pub enum AssembleError {
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The key of the records.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The records.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored server address.
    #[error(transparent)]
    Origin(#[from] OriginRefused),
}

/// What there is of a sign-in.
pub enum Found {
    /// Nobody is signed in.
    Nobody,
    /// Somebody is, and a passphrase stands before everything.
    Sealed,
    /// Somebody is.
    Open(Box<Opened>),
}

/// Records and connection of somebody who is signed in.
pub struct Opened {
    /// The sole writer's store.
    pub store: Store,
    /// The queue server.
    pub queue: Arc<dyn QueueServer>,
    /// A passphrase is set, and is asked for at every lock.
    pub has_passphrase: bool,
}

/// Where sign-ins come from. Blocking; called by the desk's thread, never while something is shown.
pub trait Source: Send {
    /// Opens what there is, with the passphrase if one was typed.
    ///
    /// # Errors
    /// [`AssembleError`]; nothing was changed.
    fn open(&mut self, typed: Option<&Secret>) -> Result<Found, AssembleError>;

    /// Whether another sign-in is there than the one that was opened last.
    fn has_changed(&self) -> bool;

    /// Whether this is the passphrase of the sign-in that is open.
    fn is_passphrase(&self, typed: &Secret) -> bool;

    /// Takes the token off the machine.
    ///
    /// # Errors
    /// [`AssembleError`]; the token may still be there.
    fn forget_token(&mut self) -> Result<(), AssembleError>;
}

/// How a passphrase stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PassphraseStands {
    /// There is none.
    #[default]
    Unset,
    /// There is one, and it was given.
    Set,
    /// There is one, and nothing can be opened before it is given.
    Sealed,
}
