//! The lock: nothing is shown, nothing of media is in memory, until somebody comes back.

use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::{LockKey, MediumState, Secret};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;

impl Desk {
    /// Covers and wipes everything. What was begun stays in hand under the lock, what was not goes
    /// back to the queue.
    pub(crate) fn lock(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if !self.signed_in || self.lock.is_on() {
            return;
        }
        self.covered_all = false;
        self.put_down(now, fresh, out);
        self.lock.key = Some(self.lock_key());
        self.save_break(now, out);
        self.write_exposure(now, out);
    }

    /// What stands on the desk is covered and wiped. One's own begun item is kept, not what was
    /// looked at for a colleague, and nothing that was only waiting.
    pub(crate) fn put_down(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        self.cover(now, out);
        self.confirm = None;
        self.correcting = None;
        self.close_look(now, out);
        if self.hand.open.is_none() {
            self.go_on_with_begun();
        }
        let waiting = std::mem::take(&mut self.hand.next);
        self.return_items(fresh, now, waiting, ReleaseWhy::Returned, out);
        out.push(Effect::DropAll);
        if let Some(held) = &mut self.hand.open {
            held.media.fill(MediumState::NotLoaded);
        }
    }

    /// What was put down is taken up again.
    pub(crate) fn take_up(&mut self, now: Now, out: &mut Vec<Effect>) {
        self.active_at = Some(now);
        self.link.next_claim_awake_ms = now.awake_ms;
        if let Some(held) = self.hand.open.as_mut().filter(|held| held.load) {
            held.media.fill(MediumState::Unavailable);
        }
        self.retry_media(out);
    }

    /// Locks when nobody has been here for as long as the settings say. On a break and after a
    /// shift the desk is wiped already; there a lock is only of use with a passphrase.
    pub(crate) fn lock_when_left(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let alone_ms = now.boot_ms.saturating_sub(self.lock.seen_boot_ms);
        let of_use = self.lock.has_passphrase || (self.shift && !self.resting(now));
        if of_use && alone_ms >= self.protection.lock_after_ms {
            self.lock(now, fresh, out);
        }
    }

    /// Somebody wants to go on.
    pub(crate) fn unlock(&mut self, now: Now, typed: Option<Secret>, out: &mut Vec<Effect>) {
        match (self.lock.key, typed) {
            (Some(LockKey::Press), _) => self.unlocked(now, out),
            (Some(LockKey::Passphrase | LockKey::PassphraseAgain), Some(typed)) => {
                self.lock.key = Some(LockKey::Trying);
                out.push(Effect::TryPassphrase(typed));
            }
            _ => {}
        }
    }

    /// Whether what was typed was the passphrase.
    pub(crate) fn passphrase_tried(&mut self, now: Now, right: bool, out: &mut Vec<Effect>) {
        if self.lock.key != Some(LockKey::Trying) {
            return;
        }
        if right && self.signed_in {
            self.unlocked(now, out);
        } else {
            self.lock.key = Some(LockKey::PassphraseAgain);
        }
    }

    fn unlocked(&mut self, now: Now, out: &mut Vec<Effect>) {
        self.lock.key = None;
        self.lock.seen_boot_ms = now.boot_ms;
        if !self.resting(now) {
            self.take_up(now, out);
        }
    }

    pub(crate) fn lock_key(&self) -> LockKey {
        if self.lock.has_passphrase {
            LockKey::Passphrase
        } else {
            LockKey::Press
        }
    }
}
