//! Who is signed in changes while the agent runs: at a sign-out, at the lock, at the terminal.

use std::collections::VecDeque;

use scrim_desk::{Event, Restored};
use scrim_wire::window::Secret;

use crate::runtime::Runtime;
use crate::source::{AssembleError, Found, PassphraseStands};

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
