//! Who is signed in: where records and connection come from, also while the agent runs.

use std::collections::VecDeque;
use std::sync::Arc;

use scrim_desk::{Event, Restored};
use scrim_queue::QueueServer;
use scrim_store::Store;
use scrim_wire::window::Secret;

use crate::assemble::AssembleError;
use crate::runtime::Runtime;

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

impl Runtime {
    /// Everything of the person who was here leaves memory.
    pub(crate) fn let_go(&mut self, forget_token: bool, events: &mut VecDeque<Event>) {
        self.shelf.drop_all();
        self.parts.store = None;
        self.parts.queue = None;
        self.desk_id = None;
        if !forget_token {
            return;
        }
        if let Some(source) = &mut self.parts.source
            && let Err(fault) = source.forget_token()
        {
            tracing::error!(%fault, "the token could not be removed");
            events.push_back(Event::StoreFailed {
                message: fault.to_string(),
            });
        }
    }

    /// Opens what there is now; not before every answer to whoever was here before has come, so
    /// that none of them reaches the next one.
    pub(crate) fn sign_in_again(&mut self, events: &mut VecDeque<Event>) {
        self.wants_sign_in = self.in_flight > 0;
        if !self.wants_sign_in {
            events.extend(self.opened(None));
        }
    }

    /// After a job has come back: a sign-in that waited for it.
    pub(crate) fn sign_in_if_wanted(&mut self) {
        if self.wants_sign_in && self.in_flight == 0 {
            self.wants_sign_in = false;
            if let Some(event) = self.opened(None) {
                self.step(event);
            }
        }
    }

    /// A passphrase was typed: for records that are sealed, or to lift the lock.
    pub(crate) fn try_passphrase(&mut self, typed: &Secret, events: &mut VecDeque<Event>) {
        let wrong = Event::PassphraseTried { right: false };
        let answer = match (&self.parts.source, &self.parts.store) {
            (None, _) => wrong,
            (Some(source), Some(_)) => Event::PassphraseTried {
                right: source.is_passphrase(typed),
            },
            (Some(_), None) => self.opened(Some(typed)).unwrap_or(wrong),
        };
        events.push_back(answer);
    }

    /// Somebody may have signed in or out at the terminal.
    pub(crate) fn look_for_sign_in(&mut self) {
        let source = self.parts.source.as_ref();
        if source.is_some_and(|source| source.has_changed()) {
            self.step(Event::SignInChanged);
        }
    }

    /// The first event of whoever is signed in now; `None` if a passphrase was not the right one.
    fn opened(&mut self, typed: Option<&Secret>) -> Option<Event> {
        let source = self.parts.source.as_mut()?;
        let failed = |fault: AssembleError| {
            tracing::error!(%fault, "nobody can be signed in");
            Event::StoreFailed {
                message: fault.to_string(),
            }
        };
        Some(match source.open(typed) {
            Err(fault) => failed(fault),
            Ok(Found::Nobody) => Event::Started(Box::default()),
            Ok(Found::Sealed) if typed.is_some() => return None,
            Ok(Found::Sealed) => Event::Started(Box::new(Restored {
                has_passphrase: true,
                sealed: true,
                ..Restored::default()
            })),
            Ok(Found::Open(opened)) => {
                self.parts.store = Some(opened.store);
                self.parts.queue = Some(opened.queue);
                self.parts.passphrase = if opened.has_passphrase {
                    PassphraseStands::Set
                } else {
                    PassphraseStands::Unset
                };
                self.restored()
            }
        })
    }
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
