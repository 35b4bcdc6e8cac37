//! The end of a sign-in, by the person or by the server: nothing of theirs stays in memory.
//!
//! Records stay on the disk, encrypted. What was decided is sent when the same person signs in
//! again; what was in hand is given back then.

use scrim_model::breaks::BreakTimer;
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::Command;

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::event::Event;
use crate::parts::lock::Left;

/// How a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeaveWhy {
    /// The person signed out here.
    SignedOut,
    /// The server does not take the token any more.
    Revoked,
    /// Somebody signed in or out at the terminal.
    Changed,
}

impl Desk {
    /// Puts everything down, writes what must be kept, and begins anew as a desk that nobody is
    /// signed in at.
    pub(crate) fn leave(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        why: LeaveWhy,
        out: &mut Vec<Effect>,
    ) {
        if !self.signed_in {
            return;
        }
        self.put_down(now, fresh, out);
        let begun = self.hand.open.take().into_iter().collect();
        self.return_items(fresh, now, begun, ReleaseWhy::Returned, out);
        self.save_break(now, out);
        self.write_exposure(now, out);
        out.push(Effect::LetGo {
            forget_token: why == LeaveWhy::SignedOut,
        });
        let left = Left {
            revoked: why == LeaveWhy::Revoked,
            waiting: self.unconfirmed(),
            urgent: self.outbox.iter().any(|d| d.decision.is_urgent())
                || self.escalated.iter().any(|e| e.urgent && !e.told),
            contacts: self.duty_contacts(),
        };
        let (managed, revision) = (self.rules.managed.clone(), self.rules.revision + 1);
        *self = Self {
            revision: self.revision,
            window: self.window,
            window_crashed: self.window_crashed,
            accrued_awake_ms: now.awake_ms,
            left: Some(left),
            breaks: BreakTimer::restored(
                self.breaks.settings(),
                scrim_model::breaks::BreakSaved::default(),
                0,
                now.boot_ms,
            ),
            ..Self::new()
        };
        self.rules.managed = managed;
        self.rules.revision = revision;
        if why == LeaveWhy::Changed {
            out.push(Effect::SignInAgain);
        }
    }

    /// While nobody is signed in, only this is heard: late answers belong to who was here before.
    pub(crate) fn hears(&self, event: &Event) -> bool {
        self.signed_in
            || matches!(
                event,
                Event::Started(_)
                    | Event::Tick
                    | Event::Active
                    | Event::WindowOpened
                    | Event::WindowGone { .. }
                    | Event::StoreFailed { .. }
                    | Event::PassphraseTried { .. }
                    | Event::SignInChanged
                    | Event::Command(Command::Unlock(_) | Command::Reconnect)
            )
    }

    /// Looks whether somebody can be signed in now.
    pub(crate) fn sign_in_again(&mut self, out: &mut Vec<Effect>) {
        out.push(Effect::SignInAgain);
    }
}
