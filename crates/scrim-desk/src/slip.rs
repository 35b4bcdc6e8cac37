//! Two neighbouring keys pressed together are a slip, not a decision.
//!
//! The window acts on the first key at once, so that no decision is ever late; when it sees the
//! second one, it says so, and what the first one decided is taken back here. That is always in
//! time: a decision is held for [`crate::limits::UNDO_MS`] before it is sent.

use scrim_wire::window::{Command, NoticeKey};

use crate::clock::Now;
use crate::desk::Desk;
use crate::effect::Effect;
use crate::parts::slip::Slip;

impl Desk {
    /// What stands when `command` comes.
    pub(crate) fn before_command(&mut self, command: &Command) -> Slip {
        match command {
            // The window says these by itself, too.
            Command::CoverAgain | Command::Colour(_) | Command::Note(_) => self.slip,
            _ => std::mem::take(&mut self.slip),
        }
    }

    /// A key that decides did something: a record is written, or it is asked for confirmation.
    pub(crate) fn may_be_slip(&mut self) {
        if self.recording.is_some() || self.confirm.is_some() || self.copies.applying.is_some() {
            self.slip = Slip::Possible;
        }
    }

    pub(crate) fn slipped(&mut self, now: Now, slip: Slip, out: &mut Vec<Effect>) {
        if slip == Slip::None {
            return;
        }
        if self.recording.is_some() || self.copies.applying.is_some() {
            self.slip = Slip::WhileRecording;
        } else {
            self.take_slip_back(now, out);
        }
    }

    /// The store has written, or not, what may have been a slip.
    pub(crate) fn recorded_a_slip(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.slip == Slip::WhileRecording {
            self.slip = Slip::None;
            self.copies.applying = None;
            self.take_slip_back(now, out);
        }
    }

    fn take_slip_back(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.confirm.take().is_none() {
            self.undo(now, out);
        }
        self.notice(NoticeKey::Slipped, "");
    }
}
